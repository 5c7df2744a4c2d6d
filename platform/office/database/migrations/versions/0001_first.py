"""The first schema: relations and people, plans, filings and everything that happens to them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0001"
down_revision = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")


def upgrade() -> None:
    """Create everything."""
    _alarms()
    _clock()
    _contacts()
    _documents()
    _keys()
    _office_definitions()
    _plans()
    _relations()
    _team()
    _filings()
    _recurrences()
    _relation_contacts()
    _relation_products()
    _relation_roles()
    _standing_authorities()
    _authorities()
    _acts()
    _deliveries()
    _messages()
    _steps()
    _timeline()
    _work()
    for table in ("timeline", "steps"):
        _append_only(table)


def _alarms() -> None:
    op.create_table(
        "alarms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarms")),
        sa.UniqueConstraint("kind", "filing", "detail", name=op.f("uq_alarms_kind_filing_detail")),
    )


def _clock() -> None:
    op.create_table(
        "clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("json", JSON, nullable=False),
        sa.Column(
            "office_time",
            sa.DateTime(),
            nullable=True,
            comment="the last that was written: where a crash goes on",
        ),
        sa.CheckConstraint("id = 1", name=op.f("ck_clock_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )


def _contacts() -> None:
    op.create_table(
        "contacts",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("salutation", sa.String(), server_default="", nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("language", sa.String(), server_default="nl", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contacts")),
        sa.UniqueConstraint("email", name=op.f("uq_contacts_email")),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_documents")),
        comment="what the encrypted store holds; the bytes lie on disk under their hash",
    )


def _keys() -> None:
    op.create_table(
        "keys",
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("first_used_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("purpose", "id", name=op.f("pk_keys")),
        comment="by which keys the office encrypts; the keys themselves lie in their folder",
    )


def _office_definitions() -> None:
    op.create_table(
        "office_definitions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("json", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_office_definitions")),
    )
    op.create_index(
        "ix_office_definitions_one_active",
        "office_definitions",
        ["active"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )


def _plans() -> None:
    op.create_table(
        "plans",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("json", sa.Text(), nullable=False),
        sa.Column("revision", sa.String(), server_default="", nullable=False),
        sa.Column("author", sa.String(), server_default="", nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_plans")),
    )
    op.create_index(
        "ix_plans_one_active",
        "plans",
        ["template"],
        unique=True,
        sqlite_where=sa.text("active"),
        postgresql_where=sa.text("active"),
    )
    op.create_index(op.f("ix_plans_template"), "plans", ["template"], unique=False)


def _relations() -> None:
    op.create_table(
        "relations",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("legal_form", sa.String(), nullable=True),
        sa.Column("ob_number", sa.String(), nullable=True),
        sa.Column("rsin", sa.String(), nullable=True),
        sa.Column("bsn", sa.String(), nullable=True),
        sa.Column("btw_id", sa.String(), nullable=True),
        sa.Column("kvk", sa.String(), nullable=True),
        sa.Column("sbr_enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("ideal_enabled", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.String(), server_default="active", nullable=False),
        sa.Column("status_since", sa.Date(), nullable=True),
        sa.Column("language", sa.String(), server_default="nl", nullable=False),
        sa.Column("automations_off", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("fields", JSON, server_default=sa.text("'{}'"), nullable=False),
        sa.CheckConstraint("kind IN ('organisation', 'natural_person')", name=op.f("ck_relations_kind")),
        sa.CheckConstraint(
            "status IN ('prospect', 'active', 'leaving', 'left', 'deceased', 'bankrupt',"
            " 'in_liquidation', 'emigrated')",
            name=op.f("ck_relations_status"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_relations")),
    )


def _team() -> None:
    op.create_table(
        "team",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("phone", sa.String(), server_default="", nullable=False),
        sa.Column("qualifications", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team")),
        sa.UniqueConstraint("email", name=op.f("uq_team_email")),
    )


def _filings() -> None:
    op.create_table(
        "filings",
        sa.Column("id", sa.String(), nullable=False, comment="the workflow id"),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("sub_number", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("title", sa.String(), server_default="", nullable=False),
        sa.Column("start_date", sa.Date(), nullable=False),
        sa.Column("again_reason", sa.String(), server_default="", nullable=False),
        sa.Column("without_automations", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.String(), server_default="gepland", nullable=False),
        sa.Column("planner", sa.String(), server_default="gepland", nullable=False),
        sa.Column("phases", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("recorded", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state_digest", sa.String(), server_default="", nullable=False),
        sa.Column("view", JSON, nullable=True),
        sa.Column("ended", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("ended IN ('completed', 'end', 'cancelled')", name=op.f("ck_filings_ended")),
        sa.CheckConstraint(
            "planner IN ('gepland', 'loopt', 'bij_klant', 'ingediend', 'klaar', 'te_laat')",
            name=op.f("ck_filings_planner"),
        ),
        sa.CheckConstraint("status IN ('gepland', 'loopt', 'afgesloten')", name=op.f("ck_filings_status")),
        sa.ForeignKeyConstraint(["plan"], ["plans.digest"], name=op.f("fk_filings_plan")),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name=op.f("fk_filings_relation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_filings")),
        sa.UniqueConstraint(
            "template",
            "relation",
            "period",
            "sub_number",
            "sequence",
            name=op.f("uq_filings_template_relation_period_sub_number_sequence"),
        ),
    )
    op.create_index(op.f("ix_filings_due"), "filings", ["due"], unique=False)
    op.create_index(op.f("ix_filings_relation"), "filings", ["relation"], unique=False)


def _recurrences() -> None:
    op.create_table(
        "recurrences",
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("sub_number", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("next_period", sa.String(), nullable=False),
        sa.Column("next_start", sa.Date(), nullable=False),
        sa.Column("once", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("without_automations", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("status", sa.String(), server_default="running", nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("status IN ('running', 'paused', 'stopped')", name=op.f("ck_recurrences_status")),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name=op.f("fk_recurrences_relation")),
        sa.PrimaryKeyConstraint("relation", "template", "sub_number", name=op.f("pk_recurrences")),
    )


def _relation_contacts() -> None:
    op.create_table(
        "relation_contacts",
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("functions", JSON, server_default=sa.text("'[]'"), nullable=False),
        sa.Column("primary", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name=op.f("fk_relation_contacts_contact")),
        sa.ForeignKeyConstraint(
            ["relation"], ["relations.number"], name=op.f("fk_relation_contacts_relation")
        ),
        sa.PrimaryKeyConstraint("relation", "contact", name=op.f("pk_relation_contacts")),
    )
    op.create_index(
        "ix_relation_contacts_one_primary",
        "relation_contacts",
        ["relation"],
        unique=True,
        sqlite_where=sa.text('"primary"'),
        postgresql_where=sa.text('"primary"'),
    )


def _relation_products() -> None:
    op.create_table(
        "relation_products",
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("sub_number", sa.String(), server_default="-", nullable=False),
        sa.Column("frequency", sa.String(), nullable=False),
        sa.Column("first_period", sa.String(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("foreign", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("kor", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("fiscal_unit", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("way", sa.String(), nullable=True),
        sa.Column("recipient", sa.String(), nullable=True),
        sa.CheckConstraint(
            "way IN ('approval', 'signature', 'information')", name=op.f("ck_relation_products_way")
        ),
        sa.ForeignKeyConstraint(
            ["relation"], ["relations.number"], name=op.f("fk_relation_products_relation")
        ),
        sa.PrimaryKeyConstraint("relation", "product", "sub_number", name=op.f("pk_relation_products")),
    )
    op.create_index(op.f("ix_relation_products_product"), "relation_products", ["product"], unique=False)


def _relation_roles() -> None:
    op.create_table(
        "relation_roles",
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("member", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["member"], ["team.id"], name=op.f("fk_relation_roles_member")),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name=op.f("fk_relation_roles_relation")),
        sa.PrimaryKeyConstraint("relation", "role", name=op.f("pk_relation_roles")),
    )
    op.create_index(op.f("ix_relation_roles_member"), "relation_roles", ["member"], unique=False)


def _standing_authorities() -> None:
    op.create_table(
        "standing_authorities",
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("product", sa.String(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("proof", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["relation"], ["relations.number"], name=op.f("fk_standing_authorities_relation")
        ),
        sa.PrimaryKeyConstraint("relation", "product", "since", name=op.f("pk_standing_authorities")),
    )


def _authorities() -> None:
    op.create_table(
        "authorities",
        sa.Column("contact", sa.String(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("product", sa.String(), server_default="*", nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("may", JSON, nullable=False),
        sa.Column("jointly", JSON, server_default="[]", nullable=False),
        sa.Column("proof", sa.String(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["relation", "contact"],
            ["relation_contacts.relation", "relation_contacts.contact"],
            name=op.f("fk_authorities_relation_contact"),
        ),
        sa.PrimaryKeyConstraint("contact", "relation", "product", "since", name=op.f("pk_authorities")),
    )


def _acts() -> None:
    op.create_table(
        "acts",
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False, comment="digest of what the person asked for"),
        sa.Column("act", JSON, nullable=False, comment="as it was sent"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name=op.f("fk_acts_filing")),
        sa.PrimaryKeyConstraint("filing", "id", name=op.f("pk_acts")),
        comment="what people sent, so that repeating it says the same",
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the Deliver command"),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column(
            "identity_digest",
            sa.String(),
            nullable=False,
            comment="of whose return it is, as the gateway lists it",
        ),
        sa.Column("message_kind", sa.String(), nullable=False, comment="berichtsoort"),
        sa.Column("document", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("aanleverkenmerk", sa.String(), nullable=False),
        sa.Column("kenmerk", sa.String(), nullable=True),
        sa.Column("status", sa.String(), server_default="sending", nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column(
            "receipt", sa.String(), nullable=True, comment="hash of the raw answer in the document store"
        ),
        sa.Column("begun_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False, comment="the gateway refuses it afterwards"),
        sa.Column(
            "listed",
            JSON,
            server_default=sa.text("'[]'"),
            nullable=False,
            comment="kenmerken the gateway had before it was sent",
        ),
        sa.Column("taken_at", sa.DateTime(), nullable=True),
        sa.Column("judged_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "status IN ('sending', 'unknown', 'taken', 'accepted', 'refused', 'failed')",
            name=op.f("ck_deliveries_status"),
        ),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name=op.f("fk_deliveries_filing")),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name=op.f("fk_deliveries_relation")),
        sa.PrimaryKeyConstraint("filing", "number", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("aanleverkenmerk", name=op.f("uq_deliveries_aanleverkenmerk")),
        sa.UniqueConstraint("kenmerk", name=op.f("uq_deliveries_kenmerk")),
    )
    op.create_index(
        "ix_deliveries_one_unanswered",
        "deliveries",
        ["identity_digest", "message_kind"],
        unique=True,
        sqlite_where=sa.text("status IN ('sending', 'unknown')"),
        postgresql_where=sa.text("status IN ('sending', 'unknown')"),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the Send command"),
        sa.Column("recipient", sa.String(), nullable=False, comment="id of a contact or team member"),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("repeated", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name=op.f("fk_messages_filing")),
        sa.PrimaryKeyConstraint("filing", "number", "recipient", name=op.f("pk_messages")),
        sa.UniqueConstraint("message_id", name=op.f("uq_messages_message_id")),
    )


def _steps() -> None:
    op.create_table(
        "steps",
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False, comment="digest of state digest and entries"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name=op.f("fk_steps_filing")),
        sa.PrimaryKeyConstraint("filing", "sequence", name=op.f("pk_steps")),
        comment="one row a recorded step: what makes recording idempotent",
    )


def _timeline() -> None:
    op.create_table(
        "timeline",
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=True),
        sa.Column("data", JSON, nullable=False),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name=op.f("fk_timeline_filing")),
        sa.PrimaryKeyConstraint("filing", "sequence", "index", name=op.f("pk_timeline")),
    )


def _work() -> None:
    op.create_table(
        "work",
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("item", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("roles", JSON, nullable=False),
        sa.Column("contacts", JSON, nullable=False),
        sa.Column("client", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("missing", JSON, nullable=False),
        sa.Column("proof", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name=op.f("fk_work_filing")),
        sa.PrimaryKeyConstraint("filing", "position", name=op.f("pk_work")),
    )


def _append_only(table: str) -> None:
    """Let nobody change or remove what was recorded (R45)."""
    if op.get_bind().dialect.name == "postgresql":
        _append_only_postgresql(table)
    else:
        _append_only_sqlite(table)


def _append_only_postgresql(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{table} is append-only'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_append_only()"
    )


def _append_only_sqlite(table: str) -> None:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    for act in ("UPDATE", "DELETE"):
        op.execute(f"CREATE TRIGGER {table}_no_{act.lower()} BEFORE {act} ON {table} {refuse}")
    # INSERT OR REPLACE removes the old row without the trigger for DELETE.
    key = ("filing", "sequence", "index") if table == "timeline" else ("filing", "sequence")
    same = " AND ".join(f'"{column}" = NEW."{column}"' for column in key)
    op.execute(
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "  # noqa: S608  fixed names
        f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same}) {refuse}"
    )
