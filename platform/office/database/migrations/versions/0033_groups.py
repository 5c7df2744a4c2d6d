"""Relations belong to a named group (relatiegroep), such as a family with its companies."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Add the group of a relation; nobody has one yet."""
    op.add_column("relations", sa.Column("group", sa.String))
