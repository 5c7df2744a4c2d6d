"""Open work that was reassigned to one person."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Add the person."""
    op.add_column("work", sa.Column("person", sa.String(), nullable=True))
