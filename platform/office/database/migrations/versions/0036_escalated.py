"""Open work has the day on which it was escalated: lists say so."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    """Add the day; that of older work is worked out by the worker's first round."""
    op.add_column("work", sa.Column("escalated", sa.Date, comment="the day on which others were brought in"))
