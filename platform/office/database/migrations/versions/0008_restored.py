"""Since when an office that was put back from a backup may lack what it did."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Add the column."""
    comment = "the moment of the earliest backup from which it was put back"
    op.add_column("office", sa.Column("restored_from", sa.DateTime(), comment=comment))
