"""Indexes for reading an office of thousands of relations: work, planner, lists of relations."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the indexes."""
    op.create_index("ix_relation_contacts_contact", "relation_contacts", ["contact"])
    op.create_index("ix_authorities_relation", "authorities", ["relation"])
    op.create_index("ix_filings_product_period", "filings", ["product", "period"])
    _partial("ix_filings_open", "filings", "status <> 'afgesloten'")
    _partial("ix_recurrences_stuck", "recurrences", "status = 'running' AND problem <> ''")


def _partial(name: str, table: str, where: str) -> None:
    """Index the relations of some of a table's rows."""
    condition = sa.text(where)
    op.create_index(name, table, ["relation"], sqlite_where=condition, postgresql_where=condition)
