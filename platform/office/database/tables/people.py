"""Tables of relations, contacts with their authority, team members, roles and products (R2, R25, R57)."""

from datetime import date

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    String,
    Table,
    false,
    text,
    true,
)

from ....filing_names import ONE_SUB_NUMBER as ONE_SUB_NUMBER
from ..columns import Json, OfficeTime, metadata

ANY_PRODUCT = "*"
"""In an authority: for every product of the relation."""

BEGINNING = date.min
"""The first day of what was agreed before anybody wrote down when."""

relations = Table(
    "relations",
    metadata,
    Column("number", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("legal_form", String),
    Column("ob_number", String),
    Column("rsin", String),
    Column("bsn", String),
    Column("btw_id", String),
    Column("kvk", String),
    Column("sbr_enabled", Boolean, nullable=False, server_default=false()),
    Column("ideal_enabled", Boolean, nullable=False, server_default=false()),
    Column("status", String, nullable=False, server_default="active"),
    Column("status_since", Date),
    Column("language", String, nullable=False, server_default="nl"),
    Column("automations_off", Json, nullable=False, server_default=text("'[]'")),
    Column("fields", Json, nullable=False, server_default=text("'{}'")),
    Column("group", String),
    CheckConstraint("kind IN ('organisation', 'natural_person')", name="kind"),
    CheckConstraint(
        "status IN ('prospect', 'active', 'leaving', 'left', 'deceased', 'bankrupt', 'in_liquidation',"
        " 'emigrated')",
        name="status",
    ),
)
for _number in ("ob_number", "rsin", "bsn", "btw_id", "kvk"):
    # A number that few relations have is asked for as well: those without it are left out.
    _known = text(f"{_number} IS NOT NULL")
    Index(f"ix_relations_{_number}", relations.c[_number], sqlite_where=_known, postgresql_where=_known)

contacts = Table(
    "contacts",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("salutation", String, nullable=False, server_default=""),
    Column("email", String, unique=True),
    Column("language", String, nullable=False, server_default="nl"),
    Column("phone", String, nullable=False, server_default=""),
)

relation_contacts = Table(
    "relation_contacts",
    metadata,
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("contact", ForeignKey("contacts.id"), nullable=False, index=True),
    Column("functions", Json, nullable=False, server_default=text("'[]'")),
    Column("primary", Boolean, nullable=False, server_default=false()),
    PrimaryKeyConstraint("relation", "contact"),
)
Index(
    "ix_relation_contacts_one_primary",
    relation_contacts.c.relation,
    unique=True,
    sqlite_where=text('"primary"'),
    postgresql_where=text('"primary"'),
)

authorities = Table(
    "authorities",
    metadata,
    Column("contact", String, nullable=False),
    Column("relation", String, nullable=False, index=True),
    Column("product", String, nullable=False, server_default=ANY_PRODUCT),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("may", Json, nullable=False),
    Column("jointly", Json, nullable=False, server_default="[]"),
    Column("proof", String, nullable=False, server_default=""),
    PrimaryKeyConstraint("contact", "relation", "product", "since"),
    ForeignKeyConstraint(
        ["relation", "contact"], ["relation_contacts.relation", "relation_contacts.contact"]
    ),
)

standing_authorities = Table(
    "standing_authorities",
    metadata,
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("product", String, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Column("proof", String, nullable=False),
    PrimaryKeyConstraint("relation", "product", "since"),
)

team = Table(
    "team",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False, unique=True),
    Column("phone", String, nullable=False, server_default=""),
    Column("qualifications", Json, nullable=False, server_default=text("'[]'")),
    Column("active", Boolean, nullable=False, server_default=true()),
    Column("initials", String, nullable=False, server_default=""),
    Column("prefix", String, nullable=False, server_default=""),
    Column("surname", String, nullable=False, server_default=""),
)

absences = Table(
    "absences",
    metadata,
    Column("member", ForeignKey("team.id"), nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, comment="the last day; until further notice where it is not known"),
    PrimaryKeyConstraint("member", "since"),
    comment="when team members are absent",
)

stand_ins = Table(
    "stand_ins",
    metadata,
    Column("member", ForeignKey("team.id"), nullable=False),
    Column("role", String, nullable=False, server_default="*", comment="of the member; * is every role"),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("stand_in", ForeignKey("team.id"), nullable=False),
    PrimaryKeyConstraint("member", "role", "since"),
    comment="who does the work of a team member on these days",
)

qualifications = Table(
    "qualifications",
    metadata,
    Column("member", ForeignKey("team.id"), nullable=False),
    Column("qualification", String, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    PrimaryKeyConstraint("member", "qualification", "since"),
    comment="titles with dates; one without a row here goes by the column of the team",
)

process_teams = Table(
    "process_teams",
    metadata,
    Column("process_team", String, nullable=False, comment="its name"),
    Column("role", String, nullable=False),
    Column("member", ForeignKey("team.id"), nullable=False),
    PrimaryKeyConstraint("process_team", "role"),
    comment="who fills which role where a relation is given to a process team",
)

presence_changes = Table(
    "presence_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("member", ForeignKey("team.id"), nullable=False, index=True),
    Column("kind", String, nullable=False, comment="the table of what was changed"),
    Column("before", Json, comment="as it was; null where it is new"),
    Column("after", Json, comment="as it is; null where it was removed"),
    Column("by", ForeignKey("team.id"), comment="who changed it; null for an import of files"),
    Column("at", OfficeTime, nullable=False),
    comment="who changed absences, stand-ins and titles, and when",
)

relation_roles = Table(
    "relation_roles",
    metadata,
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("role", String, nullable=False),
    Column("member", ForeignKey("team.id"), nullable=False),
    PrimaryKeyConstraint("relation", "role"),
    Index("ix_relation_roles_member_relation_role", "member", "relation", "role"),
)

relation_products = Table(
    "relation_products",
    metadata,
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("product", String, nullable=False, index=True),
    Column("sub_number", String, nullable=False, server_default=ONE_SUB_NUMBER),
    Column("since", Date, nullable=False, server_default=BEGINNING.isoformat()),
    Column("until", Date),
    Column("frequency", String, nullable=False),
    Column("foreign", Boolean, nullable=False, server_default=false()),
    Column("kor", Boolean, nullable=False, server_default=false()),
    Column("fiscal_unit", Boolean, nullable=False, server_default=false()),
    Column("way", String),
    Column("recipient", String),
    PrimaryKeyConstraint("relation", "product", "sub_number", "since"),
    CheckConstraint("way IN ('approval', 'signature', 'information')", name="way"),
)

relation_links = Table(
    "relation_links",
    metadata,
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("link", String, nullable=False, comment="what the other relation is to this one"),
    Column("other", ForeignKey("relations.number"), nullable=False, index=True),
    Column("since", Date, nullable=False),
    Column("until", Date, comment="the last day; until further notice where it is not known"),
    PrimaryKeyConstraint("relation", "link", "other", "since"),
    CheckConstraint("link IN ('partner', 'household', 'holding', 'unit_head', 'owner')", name="link"),
    comment="what relations are to each other; each link once, told from one side",
)

relation_changes = Table(
    "relation_changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("relation", ForeignKey("relations.number"), nullable=False, index=True),
    Column("kind", String, nullable=False, comment="the table of what was changed"),
    Column("subject", String, nullable=False, comment="its key besides the relation, as a path"),
    Column("before", Json, comment="what changed, as it was; null where it is new"),
    Column("after", Json, comment="what changed, as it is; null where it was taken away"),
    Column("by", ForeignKey("team.id"), comment="who changed it; null for an import of files"),
    Column("at", OfficeTime, nullable=False),
    Column("run", ForeignKey("bulk_runs.number"), comment="the bulk run in which it was changed"),
    comment="who changed what of a relation, and when; identifying numbers are masked",
)
_in_bulk = text("run IS NOT NULL")
Index(
    "ix_relation_changes_run",
    relation_changes.c.run,
    sqlite_where=_in_bulk,
    postgresql_where=_in_bulk,
)
