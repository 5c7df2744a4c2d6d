"""Open work has the day on which it was escalated: lists say so."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Add the day; of work that was escalated before it is told as soon as a worker looks (decision 169)."""
    op.add_column("work", sa.Column("escalated", sa.Date, comment="the day on which others were brought in"))
