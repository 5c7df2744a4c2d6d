"""Attempts are counted by keyed marks, and a link that was asked for remembers where somebody was going."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Forget attempts that were counted by digests without a key: addresses could be guessed from them."""
    op.execute("DELETE FROM attempts")
    op.add_column(
        "sign_in_links",
        sa.Column("path", sa.String(), comment="where somebody was going who asked for it"),
    )
