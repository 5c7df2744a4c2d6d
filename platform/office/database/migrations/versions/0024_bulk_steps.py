"""Who confirmed, paused, resumed and cancelled a bulk run, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Add the table; of older runs nobody knows more than who made them and when they were confirmed."""
    op.create_table(
        "bulk_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("did", sa.String(), nullable=False),
        sa.Column("who", sa.String(), nullable=False, comment="id of a team member"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_bulk_steps"),
        sa.ForeignKeyConstraint(["run"], ["bulk_runs.number"], name="fk_bulk_steps_run"),
        sa.CheckConstraint(
            "did IN ('confirmed', 'paused', 'resumed', 'cancelled')", name=op.f("ck_bulk_steps_did")
        ),
    )
    op.create_index("ix_bulk_steps_run", "bulk_steps", ["run"])
