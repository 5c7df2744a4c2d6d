"""What starts by itself says whether its workflow has begun: a worker begins what did not."""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    """Add it; what is there counts as begun, and what of it does not run is an alarm already."""
    said = "the server took its workflow; until then it is only a row"
    begun = sa.Column("begun", sa.Boolean, nullable=False, server_default=sa.true(), comment=said)
    op.add_column("recurrences", begun)
    only = sa.text("NOT begun")
    op.create_index(
        "ix_recurrences_not_begun", "recurrences", ["relation"], sqlite_where=only, postgresql_where=only
    )
