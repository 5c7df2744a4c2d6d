"""A plan has beside it where each of its parts is written in the definitions."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add where the parts of plans are written; of those that were published before nobody knows."""
    comment = "where its parts are written, as plan.Written; null where nobody knows"
    op.add_column("plans", sa.Column("written", sa.Text, comment=comment))
