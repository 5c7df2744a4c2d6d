"""When the office was last backed up."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add the column."""
    comment = "the moment of the latest backup, as far as this database knows"
    op.add_column("office", sa.Column("backed_up_at", sa.DateTime(), comment=comment))
