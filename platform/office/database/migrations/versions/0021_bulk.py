"""Bulk runs: what was shown before anything was done, and the outcome of each line."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0021"
down_revision = "0020"

MOMENT = sa.DateTime()
JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "bulk_runs",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False, comment="of the form that asked for it"),
        sa.Column("asked", JSON, nullable=False, comment="action and values; never which relations"),
        sa.Column("said", sa.LargeBinary(), comment="the reason that was typed, sealed"),
        sa.Column("who", sa.String(), nullable=False, comment="id of a team member"),
        sa.Column("worked_out_under", JSON, nullable=False, comment="digests of what was published then"),
        sa.Column("day", sa.Date(), nullable=False, comment="the office's day on which it was shown"),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("status", sa.String(), nullable=False, server_default="shown"),
        sa.Column("confirmed_at", MOMENT),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("number", name="pk_bulk_runs"),
        sa.UniqueConstraint("id", name="uq_bulk_runs_id"),
        sa.CheckConstraint(
            "status IN ('shown', 'running', 'paused', 'cancelled', 'done')", name=op.f("ck_bulk_runs_status")
        ),
    )
    running = sa.text("status = 'running'")
    op.create_index(
        "ix_bulk_runs_running", "bulk_runs", ["number"], sqlite_where=running, postgresql_where=running
    )
    op.create_table(
        "bulk_lines",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False, comment="as it was asked for, known or not"),
        sa.Column("product", sa.String()),
        sa.Column("sub_number", sa.String(), nullable=False),
        sa.Column("filing", sa.String(), comment="the workflow id of what is acted on or would be started"),
        sa.Column(
            "item", sa.String(), nullable=False, server_default="", comment="the phase or role of an act"
        ),
        sa.Column("foreseen", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="what would happen, or why not"),
        sa.Column("seen", sa.String(), nullable=False, comment="the digest of all that was shown of it"),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("said", sa.Text(), nullable=False, server_default="", comment="the outcome"),
        sa.PrimaryKeyConstraint("run", "number", name="pk_bulk_lines"),
        sa.ForeignKeyConstraint(["run"], ["bulk_runs.number"], name="fk_bulk_lines_run"),
        sa.CheckConstraint(
            "foreseen IN ('ready', 'already', 'not_ready')", name=op.f("ck_bulk_lines_foreseen")
        ),
        sa.CheckConstraint(
            "status IN ('left', 'open', 'begun', 'done', 'already', 'changed', 'refused', 'unknown',"
            " 'cancelled')",
            name=op.f("ck_bulk_lines_status"),
        ),
    )
    op.create_index("ix_bulk_lines_run_status", "bulk_lines", ["run", "status"])
