"""What clients decided is found without reading every timeline."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add an index of the decisions."""
    decided = sa.text("what = 'decided'")
    op.create_index(
        "ix_timeline_decided", "timeline", ["filing"], sqlite_where=decided, postgresql_where=decided
    )
