"""Every event is kept, and the latest state beside the filing's row; both sealed.

Steps that were recorded before have no event.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("steps", sa.Column("event", sa.LargeBinary()))
    op.create_table(
        "states",
        sa.Column("filing", sa.String(), sa.ForeignKey("filings.id"), primary_key=True),
        sa.Column("state", sa.LargeBinary(), nullable=False),
    )
