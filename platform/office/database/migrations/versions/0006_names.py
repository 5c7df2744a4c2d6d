"""A team member's name in the parts that an instance has; empty is read from the whole name."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns."""
    for name in ("initials", "prefix", "surname"):
        op.add_column("team", sa.Column(name, sa.String(), nullable=False, server_default=""))
