"""Lists over the whole office are found in order, counted and picked from an index."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add indexes of filings by due date, state and plan; that of decisions becomes one of rejections."""
    still = sa.text("status <> 'afgesloten'")
    op.create_index(
        "ix_filings_open_state",
        "filings",
        ["planner", "due"],
        sqlite_where=still,
        postgresql_where=still,
    )
    op.create_index("ix_filings_open_plan", "filings", ["plan"], sqlite_where=still, postgresql_where=still)
    op.create_index(
        "ix_filings_by_due",
        "filings",
        [sa.text("(due IS NULL)"), "due", "relation", "id"],
    )
    op.create_index(
        "ix_timeline_rejected",
        "timeline",
        ["filing"],
        sqlite_where=sa.text("what = 'decided' AND json_extract(data, '$.answer') = 'reject'"),
        postgresql_where=sa.text("what = 'decided' AND data ->> 'answer' = 'reject'"),
    )
    op.drop_index("ix_timeline_decided", "timeline")
