"""Tables of bulk runs: what was shown before anything was done, and the outcome of each line (R30)."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    text,
)

from ..columns import Json, OfficeTime, metadata

bulk_runs = Table(
    "bulk_runs",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True, comment="of the form that asked for it"),
    Column("asked", Json, nullable=False, comment="action and values; never which relations"),
    Column("said", LargeBinary, comment="the reason that was typed, sealed"),
    Column("who", String, nullable=False, comment="id of a team member"),
    Column("worked_out_under", Json, nullable=False, comment="digests of what was published then"),
    Column("day", Date, nullable=False, comment="the office's day on which it was shown"),
    Column("made_at", OfficeTime, nullable=False),
    Column("status", String, nullable=False, server_default="shown"),
    Column("confirmed_at", OfficeTime),
    Column("ended_at", OfficeTime),
    CheckConstraint("status IN ('shown', 'running', 'paused', 'cancelled', 'done')", name="status"),
)
_running = text("status = 'running'")
Index("ix_bulk_runs_running", bulk_runs.c.number, sqlite_where=_running, postgresql_where=_running)

bulk_lines = Table(
    "bulk_lines",
    metadata,
    Column("run", ForeignKey("bulk_runs.number"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("relation", String, nullable=False, comment="as it was asked for, known or not"),
    Column("product", String),
    Column("sub_number", String, nullable=False),
    Column("filing", String, comment="the workflow id of what is acted on or would be started"),
    Column("item", String, nullable=False, server_default="", comment="the phase or role of an act"),
    Column("foreseen", String, nullable=False),
    Column("text", Text, nullable=False, comment="what would happen, or why not"),
    Column("seen", String, nullable=False, comment="the digest of all that was shown of it"),
    Column("status", String, nullable=False),
    Column("said", Text, nullable=False, server_default="", comment="the outcome"),
    PrimaryKeyConstraint("run", "number"),
    Index("ix_bulk_lines_run_status", "run", "status"),
    CheckConstraint("foreseen IN ('ready', 'already', 'not_ready')", name="foreseen"),
    CheckConstraint(
        "status IN ('left', 'open', 'begun', 'done', 'already', 'changed', 'refused', 'unknown',"
        " 'cancelled')",
        name="status",
    ),
)

bulk_steps = Table(
    "bulk_steps",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("run", ForeignKey("bulk_runs.number"), nullable=False),
    Column("did", String, nullable=False),
    Column("who", String, nullable=False, comment="id of a team member"),
    Column("at", OfficeTime, nullable=False),
    Index("ix_bulk_steps_run", "run"),
    CheckConstraint("did IN ('confirmed', 'paused', 'resumed', 'cancelled')", name="did"),
)
