"""What is stopped before it began says who stopped it and when: no workflow has that in its history."""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    """Add them; of what was stopped before nobody knows any more."""
    said = "of what had not begun: who stopped it"
    op.add_column("recurrences", sa.Column("stopped_by", sa.String, comment=said))
    op.add_column("recurrences", sa.Column("stopped_at", sa.DateTime))
    op.add_column(
        "recurrences", sa.Column("stopped_act", sa.String, comment="id of the form that stopped it")
    )
