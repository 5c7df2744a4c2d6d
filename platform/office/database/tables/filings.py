"""Tables of published plans, filings, their work and timeline, deliveries, messages and documents."""

import secrets

from sqlalchemy import (
    Boolean,
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
    UniqueConstraint,
    false,
    literal,
    text,
    true,
)

from ..columns import Json, OfficeTime, RealTime, metadata


def make_key() -> str:
    """Return a random key for a filing, of 22 characters: nobody finds one by trying."""
    return secrets.token_urlsafe(16)


plans = Table(
    "plans",
    metadata,
    Column("digest", String, primary_key=True),
    Column("template", String, nullable=False, index=True),
    Column("json", Text, nullable=False),
    Column("revision", String, nullable=False, server_default=""),
    Column("author", String, nullable=False, server_default=""),
    Column("published_at", RealTime, nullable=False),
    Column("active", Boolean, nullable=False, server_default=false()),
    Column("written", Text, comment="where its parts are written, as plan.Written; null where nobody knows"),
)
Index(
    "ix_plans_one_active",
    plans.c.template,
    unique=True,
    sqlite_where=text("active"),
    postgresql_where=text("active"),
)

office_definitions = Table(
    "office_definitions",
    metadata,
    Column("digest", String, primary_key=True),
    Column("json", Text, nullable=False),
    Column("published_at", RealTime, nullable=False),
    Column("active", Boolean, nullable=False, server_default=false()),
)
Index(
    "ix_office_definitions_one_active",
    office_definitions.c.active,
    unique=True,
    sqlite_where=text("active"),
    postgresql_where=text("active"),
)

filings = Table(
    "filings",
    metadata,
    Column("id", String, primary_key=True, comment="the workflow id"),
    Column(
        "key",
        String,
        nullable=False,
        server_default="",
        index=True,
        default=make_key,
        comment="random: what a client's address bar shows",
    ),
    Column("template", String, nullable=False),
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("period", String, nullable=False),
    Column("sub_number", String, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("product", String, nullable=False),
    Column("plan", ForeignKey("plans.digest"), nullable=False),
    Column("title", String, nullable=False, server_default=""),
    Column("start_date", Date, nullable=False),
    Column("again_reason", String, nullable=False, server_default=""),
    Column(
        "again_of",
        Json,
        nullable=False,
        server_default=text("'[]'"),
        comment="the filings over these days that there were, the first first: what the reason is about",
    ),
    Column(
        "reports",
        Json,
        nullable=False,
        server_default=text("'[]'"),
        comment="of the documents that its plan delivers",
    ),
    Column("first_day", Date, nullable=False, server_default="0001-01-01", comment="of the period"),
    Column("last_day", Date, nullable=False, server_default="0001-01-01", comment="of the period"),
    Column("without_automations", Boolean, nullable=False, server_default=false()),
    Column(
        "offers_stale",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="who its open offers go to may have changed, and nobody has looked yet",
    ),
    Column("status", String, nullable=False, server_default="gepland"),
    Column("planner", String, nullable=False, server_default="gepland"),
    Column("phases", Json, nullable=False, server_default=text("'[]'")),
    Column("due", Date, index=True),
    Column("recorded", Integer, nullable=False, server_default="0"),
    Column("state_digest", String, nullable=False, server_default=""),
    Column("view", Json),
    Column("ended", String),
    Column("ended_at", OfficeTime),
    UniqueConstraint("template", "relation", "period", "sub_number", "sequence"),
    Index("ix_filings_product_period", "product", "period"),
    Index(
        "ix_filings_covered",
        *("relation", "product", "sub_number", "first_day", "last_day", "period"),
    ),
    CheckConstraint("status IN ('gepland', 'loopt', 'afgesloten')", name="status"),
    CheckConstraint(
        "planner IN ('gepland', 'loopt', 'bij_klant', 'ingediend', 'klaar', 'te_laat')", name="planner"
    ),
    CheckConstraint("ended IN ('completed', 'end', 'cancelled')", name="ended"),
)

OPEN = text("filings.status <> 'afgesloten'")
"""A filing is open: written out, since an index of part of the rows serves no condition with a parameter.

As text: what has a type gets ` = 1` after it on SQLite, and then the index serves it neither.
"""
_open = text("status <> 'afgesloten'")
# With the phases beside it: they are counted for all that is open, and a row has a view of kilobytes.
Index(
    "ix_filings_open",
    filings.c.relation,
    filings.c.phases,
    sqlite_where=_open,
    postgresql_where=_open,
)
Index("ix_filings_open_state", filings.c.planner, filings.c.due, sqlite_where=_open, postgresql_where=_open)
Index("ix_filings_open_plan", filings.c.plan, sqlite_where=_open, postgresql_where=_open)
Index("ix_filings_by_due", filings.c.due.is_(None), filings.c.due, filings.c.relation, filings.c.id)
_offers_stale = text("offers_stale")
Index("ix_filings_offers_stale", filings.c.id, sqlite_where=_offers_stale, postgresql_where=_offers_stale)

work = Table(
    "work",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("item", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("title", String, nullable=False),
    Column("roles", Json, nullable=False),
    Column("contacts", Json, nullable=False),
    Column("client", Boolean, nullable=False, server_default=false()),
    Column("person", String),
    Column("due", Date),
    Column("missing", Json, nullable=False),
    Column("proof", String),
    Column("escalated", Date, comment="the day on which others were brought in"),
    PrimaryKeyConstraint("filing", "position"),
)
_given = text("person IS NOT NULL")
Index("ix_work_given", work.c.person, sqlite_where=_given, postgresql_where=_given)

timeline = Table(
    "timeline",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("index", Integer, nullable=False),
    Column("at", OfficeTime, nullable=False),
    Column("by", String, nullable=False),
    Column("what", String, nullable=False),
    Column("phase", String),
    Column("data", Json, nullable=False),
    Column("said", LargeBinary, comment="sealed: of the data what somebody wrote freely, and values"),
    Column("audience", String, comment="for whom it is; the office where there is none"),
    Column("recorded_at", RealTime, nullable=False),
    PrimaryKeyConstraint("filing", "sequence", "index"),
)
Index(
    "ix_timeline_rejected",
    timeline.c.filing,
    sqlite_where=text("what = 'decided' AND json_extract(data, '$.answer') = 'reject'"),
    postgresql_where=text("what = 'decided' AND data ->> 'answer' = 'reject'"),
)

unsealed = Table(
    "unsealed",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("after", String, nullable=False, comment="the filing up to which all is sealed"),
    CheckConstraint("id = 1", name="single"),
    comment="a row while what people wrote before version 0014 is being sealed",
)

links = Table(
    "links",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("other", ForeignKey("filings.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("number", Integer, comment="of the command that made it, where one did"),
    PrimaryKeyConstraint("filing", "other", "kind"),
    CheckConstraint("kind IN ('started', 'corrects', 'waits_for')", name="kind"),
    comment="what a filing has to do with another: it started it, corrects it, or waits for it",
)

notes = Table(
    "notes",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False, comment="which left it"),
    Column("number", Integer, nullable=False, comment="of the command that left it"),
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("template", String, nullable=False, comment="whose next filing it is for"),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("said", LargeBinary, comment="sealed: title and text"),
    Column("audience", String, comment="for whom it is; the office where there is none"),
    Column("at", OfficeTime, nullable=False),
    Column("shown_in", ForeignKey("filings.id"), index=True, comment="the next filing, once it was started"),
    PrimaryKeyConstraint("filing", "number"),
)
_not_shown = text("shown_in IS NULL")
Index("ix_notes_open", notes.c.relation, sqlite_where=_not_shown, postgresql_where=_not_shown)

notices = Table(
    "notices",
    metadata,
    Column("id", String, primary_key=True, comment="digest of relation, kind and document"),
    Column("relation", ForeignKey("relations.number"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("date", Date, nullable=False, comment="of the notice itself"),
    Column("reference", LargeBinary, comment="sealed: the authority's, which may hold a BSN"),
    Column("document", String, nullable=False, comment="hash of the notice in the document store"),
    Column("by", String, nullable=False, comment="who put it in"),
    Column("at", OfficeTime, nullable=False),
    Column("filing", ForeignKey("filings.id"), comment="which it is for, where that is known"),
    Column("taken_at", OfficeTime, comment="when that filing took it"),
    comment="what authorities sent, and which filing went on by it",
)
_not_taken = text("taken_at IS NULL")
Index("ix_notices_open", notices.c.id, sqlite_where=_not_taken, postgresql_where=_not_taken)

steps = Table(
    "steps",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("event", LargeBinary, comment="the event itself, sealed"),
    Column("digest", String, nullable=False, comment="of the state after it"),
    Column("content", String, nullable=False, comment="digest of event and state digest"),
    PrimaryKeyConstraint("filing", "sequence"),
    comment="one row a recorded step: what makes recording idempotent",
)

states = Table(
    "states",
    metadata,
    Column("filing", ForeignKey("filings.id"), primary_key=True),
    Column("state", LargeBinary, nullable=False, comment="the machine's state after the last step, sealed"),
    comment="beside the filing's row, since lists read rows and never states",
)

acts = Table(
    "acts",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("id", String, nullable=False),
    Column("asked", String, nullable=False, comment="digest of what the person asked for"),
    Column("act", Json, nullable=False, comment="as it was sent"),
    PrimaryKeyConstraint("filing", "id"),
    comment="what people sent, so that repeating it says the same",
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("number", Integer, nullable=False, comment="of the Deliver command"),
    Column("attempt", Integer, nullable=False),
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column(
        "identity_digest", String, nullable=False, comment="of whose return it is, as the gateway lists it"
    ),
    Column("message_kind", String, nullable=False, comment="berichtsoort"),
    Column("document", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("aanleverkenmerk", String, nullable=False, unique=True),
    Column("kenmerk", String, unique=True),
    Column("status", String, nullable=False, server_default="sending"),
    Column("code", String),
    Column("text", Text),
    Column("receipt", String, comment="hash of the raw answer in the document store"),
    Column(
        "proof", String, comment="hash of what a person gave as proof of the judgement that they recorded"
    ),
    Column("begun_at", RealTime, nullable=False),
    Column("expires_at", RealTime, nullable=False, comment="the gateway refuses it afterwards"),
    Column("sent_again_at", RealTime, comment="when it was last sent again; else it was sent at begun_at"),
    Column("sendings", Integer, nullable=False, server_default="1", comment="how often it was sent"),
    Column("said", Text, comment="what the other side last said of it, unsigned"),
    Column(
        "listed",
        Json,
        nullable=False,
        server_default=text("'[]'"),
        comment="kenmerken the gateway had before it was sent",
    ),
    Column("taken_at", RealTime),
    Column("judged_at", RealTime),
    PrimaryKeyConstraint("filing", "number"),
    CheckConstraint(
        "status IN ('sending', 'unknown', 'taken', 'accepted', 'refused', 'failed')", name="status"
    ),
)
Index("ix_deliveries_identity", deliveries.c.identity_digest)
_unanswered = text("status IN ('sending', 'unknown')")
Index(
    "ix_deliveries_one_unanswered",
    deliveries.c.identity_digest,
    deliveries.c.message_kind,
    unique=True,
    sqlite_where=_unanswered,
    postgresql_where=_unanswered,
)

messages = Table(
    "messages",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("number", Integer, nullable=False, comment="of the Send command"),
    Column("recipient", String, nullable=False, comment="id of a contact or team member"),
    Column("message", String, nullable=False),
    Column("purpose", String, nullable=False),
    Column("message_id", String, nullable=False, unique=True),
    Column("address", String, nullable=False),
    Column("language", String, nullable=False),
    Column("subject", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("at", OfficeTime, nullable=False),
    Column("sent_at", RealTime),
    Column("repeated", Boolean, nullable=False, server_default=false()),
    Column(
        "unsure",
        Boolean,
        nullable=False,
        server_default=true(),
        comment="a mail server may have taken it without saying so",
    ),
    Column("put_off_since", RealTime, comment="since when the mail server asks to try later"),
    PrimaryKeyConstraint("filing", "number", "recipient"),
)

documents = Table(
    "documents",
    metadata,
    Column("hash", String, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("media_type", String, nullable=False),
    Column("added_at", RealTime, nullable=False),
    comment="what the encrypted store holds; the bytes lie on disk under their hash",
)

keys = Table(
    "keys",
    metadata,
    Column("purpose", String, nullable=False),
    Column("id", String, nullable=False),
    Column("first_used_at", RealTime, nullable=False),
    PrimaryKeyConstraint("purpose", "id"),
    comment="by which keys the office encrypts; the keys themselves lie in their folder",
)

alarms = Table(
    "alarms",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("filing", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("at", RealTime, nullable=False),
    UniqueConstraint("kind", "filing", "detail"),
)

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("json", Json, nullable=False),
    Column("office_time", OfficeTime, comment="the last that was written: where a crash goes on"),
    CheckConstraint("id = 1", name="single"),
)

office = Table(
    "office",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String, nullable=False, comment="random: what tells this office from others"),
    Column("restored_from", RealTime, comment="the moment of the earliest backup from which it was put back"),
    Column(
        "backed_up_at", RealTime, comment="the moment of the latest backup, as far as this database knows"
    ),
    Column(
        "views_by",
        String,
        comment="digest of the code by which the views of open filings were last worked out",
    ),
    CheckConstraint("id = 1", name="single"),
)

programs = Table(
    "programs",
    metadata,
    Column("name", String, primary_key=True),
    Column("answered_at", RealTime, comment="when it last answered, or looked"),
    Column("silent_since", RealTime, comment="when it first did not answer since"),
    comment="when the programs of the office, and those outside, were last heard of",
)

recurrences = Table(
    "recurrences",
    metadata,
    Column("relation", ForeignKey("relations.number"), nullable=False),
    Column("template", String, nullable=False),
    Column("sub_number", String, nullable=False),
    Column("product", String, nullable=False),
    Column("next_period", String, nullable=False),
    Column("next_start", Date, nullable=False),
    Column("once", Boolean, nullable=False, server_default=false()),
    Column("without_automations", Boolean, nullable=False, server_default=false()),
    Column("status", String, nullable=False, server_default="running"),
    Column("problem", Text, nullable=False, server_default=""),
    Column(
        "stale",
        Boolean,
        nullable=False,
        server_default=false(),
        comment="what it starts by has changed, and its workflow was not told yet",
    ),
    Column(
        "begun",
        Boolean,
        nullable=False,
        server_default=true(),
        comment="the server took its workflow; until then it is only a row",
    ),
    Column("stopped_by", String, comment="of what had not begun: who stopped it"),
    Column("stopped_at", OfficeTime),
    Column("stopped_act", String, comment="id of the form that stopped it"),
    PrimaryKeyConstraint("relation", "template", "sub_number"),
    CheckConstraint("status IN ('running', 'paused', 'stopped')", name="status"),
)

RECURRENCE_ID = (
    literal("recurrence/")
    + recurrences.c.template
    + "/"
    + recurrences.c.relation
    + "/"
    + recurrences.c.sub_number
)
"""The workflow id of a recurrence, as `Recurrence.workflow_id` has it."""

STUCK = text("recurrences.status = 'running' AND recurrences.problem <> ''")
"""A recurrence should have started a filing and could not (written out as OPEN is)."""
_stale = text("stale")
Index("ix_recurrences_stale", recurrences.c.relation, sqlite_where=_stale, postgresql_where=_stale)
_planned = text("NOT begun")
Index("ix_recurrences_not_begun", recurrences.c.relation, sqlite_where=_planned, postgresql_where=_planned)
_stuck = text("status = 'running' AND problem <> ''")
Index("ix_recurrences_stuck", recurrences.c.relation, sqlite_where=_stuck, postgresql_where=_stuck)

dossier = Table(
    "dossier",
    metadata,
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("sequence", Integer, nullable=False, comment="of the step in which it was given"),
    Column("index", Integer, nullable=False),
    Column("relation", ForeignKey("relations.number"), nullable=False, index=True),
    Column("request", String, nullable=False),
    Column("item", String, nullable=False),
    Column("hash", String, nullable=False, comment="of the document in the store"),
    Column("media_type", String, nullable=False),
    Column("name", LargeBinary, nullable=False, comment="of the file, sealed"),
    Column("audience", String, comment="for whom it is; the office where there is none"),
    Column("at", OfficeTime, nullable=False),
    Column("by", String, nullable=False),
    PrimaryKeyConstraint("filing", "sequence", "index"),
)
"""Documents that clients gave when they were asked, by relation; written with the steps of filings."""
