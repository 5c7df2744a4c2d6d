"""What settles a delivery: when and how often it was sent, and what the other side last said of it.

Deliveries of before were sent at `begun_at`, as far as anybody knows once.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns."""
    again = "when it was last sent again; else it was sent at begun_at"
    op.add_column("deliveries", sa.Column("sent_again_at", sa.DateTime(), comment=again))
    op.add_column(
        "deliveries",
        sa.Column(
            "sendings", sa.Integer(), nullable=False, server_default="1", comment="how often it was sent"
        ),
    )
    said = "what the other side last said of it, unsigned"
    op.add_column("deliveries", sa.Column("said", sa.Text(), comment=said))
