"""The phases of open filings are counted from an index."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Put the phases into the index of open filings, beside the relation."""
    still = sa.text("status <> 'afgesloten'")
    op.drop_index("ix_filings_open", "filings")
    op.create_index(
        "ix_filings_open",
        "filings",
        ["relation", "phases"],
        sqlite_where=still,
        postgresql_where=still,
    )
