"""In which bulk run a relation was changed."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Add the column; what was changed before was changed in none."""
    with op.batch_alter_table("relation_changes") as table:
        table.add_column(
            sa.Column("run", sa.Integer(), nullable=True, comment="the bulk run in which it was changed")
        )
        table.create_foreign_key("fk_relation_changes_run", "bulk_runs", ["run"], ["number"])
    running = sa.text("run IS NOT NULL")
    op.create_index(
        "ix_relation_changes_run", "relation_changes", ["run"], sqlite_where=running, postgresql_where=running
    )
