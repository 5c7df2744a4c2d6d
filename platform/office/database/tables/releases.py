"""Tables of releases: what was published for whom, and what people remarked on a pilot."""

from sqlalchemy import (
    Boolean,
    Column,
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

deploys = Table(
    "deploys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", OfficeTime, nullable=False),
    Column("revision", String, nullable=False, server_default=""),
    Column("author", String, nullable=False, server_default=""),
    Column(
        "changes",
        Json,
        nullable=False,
        comment="the plans that changed, by template: digest, or null where it was withdrawn",
    ),
    Column("office", String, nullable=False, comment="the digest of the office's definitions"),
    Column("without_scenarios", Text, comment="why scenarios were not run; null where they were"),
    Column("review", Text, comment="the kept review that it carried out, as JSON that names nobody"),
    Column("kind", String, nullable=False, server_default="deploy", comment="of what kind it is"),
    Column("before", Json, comment="as changes: what was in force before; null where nobody wrote it down"),
    Column("office_before", String, comment="the digest of the office's definitions before"),
    Column("reason", Text, nullable=False, server_default="", comment="why, of a promote or rollback"),
    Column("undoes", Integer, comment="the row that a rollback takes back"),
    comment="what was deployed: one row for each deploy that changed something",
)

pilots = Table(
    "pilots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("template", String, nullable=False),
    Column("digest", ForeignKey("plans.digest"), nullable=False, comment="the plan on pilot"),
    Column("before", ForeignKey("plans.digest"), nullable=False, comment="the plan of everyone else"),
    Column("deploy", ForeignKey("deploys.id"), nullable=False, comment="how it was published"),
    Column("ended", ForeignKey("deploys.id"), comment="the promote or rollback that ended it"),
    comment="plans that are in force for some relations: while it has not ended",
)
_RUNNING = text("ended IS NULL")
Index(
    "ix_pilots_one_running", pilots.c.template, unique=True, sqlite_where=_RUNNING, postgresql_where=_RUNNING
)

pilot_relations = Table(
    "pilot_relations",
    metadata,
    Column("pilot", ForeignKey("pilots.id"), nullable=False),
    Column("relation", String, nullable=False, comment="its number, also once it was removed"),
    PrimaryKeyConstraint("pilot", "relation"),
)

pilot_remarks = Table(
    "pilot_remarks",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True, comment="random: of the form that it was written in"),
    Column("pilot", ForeignKey("pilots.id"), nullable=False, index=True),
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("at", OfficeTime, nullable=False),
    Column("by", String, nullable=False, comment="id of a team member or contact"),
    Column("of_client", Boolean, nullable=False, comment="whether a client wrote it"),
    Column("said", LargeBinary, nullable=False, comment="sealed: what they wrote"),
)
