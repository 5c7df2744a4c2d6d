"""Indexes from which lists are answered: whose work it is, what is filed, who else has a number."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Add the indexes; two of them hold all that the ones which they replace held."""
    op.drop_index("ix_relation_roles_member", "relation_roles")
    op.create_index(
        "ix_relation_roles_member_relation_role", "relation_roles", ["member", "relation", "role"]
    )
    op.drop_index("ix_filings_relation", "filings")
    op.create_index(
        "ix_filings_covered",
        "filings",
        ["relation", "product", "sub_number", "first_day", "last_day", "period"],
    )
    for number in ("ob_number", "rsin", "bsn", "btw_id", "kvk"):
        known = sa.text(f"{number} IS NOT NULL")
        op.create_index(
            f"ix_relations_{number}", "relations", [number], sqlite_where=known, postgresql_where=known
        )
