"""Offers whose recipients may have changed: whoever changes people marks them, a worker looks."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the mark."""
    comment = "who its open offers go to may have changed, and nobody has looked yet"
    op.add_column(
        "filings",
        sa.Column("offers_stale", sa.Boolean(), nullable=False, server_default=sa.false(), comment=comment),
    )
    where = sa.text("offers_stale")
    op.create_index("ix_filings_offers_stale", "filings", ["id"], sqlite_where=where, postgresql_where=where)
