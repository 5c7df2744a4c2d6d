"""What filings have to do with each other, notes for the next one, and notices of authorities."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "links",
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("other", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), comment="of the command that made it, where one did"),
        sa.PrimaryKeyConstraint("filing", "other", "kind", name="pk_links"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name="fk_links_filing"),
        sa.ForeignKeyConstraint(["other"], ["filings.id"], name="fk_links_other"),
        sa.CheckConstraint("kind IN ('started', 'corrects', 'waits_for')", name=op.f("ck_links_kind")),
        comment="what a filing has to do with another: it started it, corrects it, or waits for it",
    )
    op.create_index("ix_links_other", "links", ["other"])
    op.create_table(
        "notes",
        sa.Column("filing", sa.String(), nullable=False, comment="which left it"),
        sa.Column("number", sa.Integer(), nullable=False, comment="of the command that left it"),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False, comment="whose next filing it is for"),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("shown_in", sa.String(), comment="the next filing, once it was started"),
        sa.PrimaryKeyConstraint("filing", "number", name="pk_notes"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name="fk_notes_filing"),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name="fk_notes_relation"),
        sa.ForeignKeyConstraint(["shown_in"], ["filings.id"], name="fk_notes_shown_in"),
    )
    op.create_index("ix_notes_shown_in", "notes", ["shown_in"])
    where = sa.text("shown_in IS NULL")
    op.create_index("ix_notes_open", "notes", ["relation"], sqlite_where=where, postgresql_where=where)
    op.create_table(
        "notices",
        sa.Column("id", sa.String(), nullable=False, comment="digest of relation, kind and document"),
        sa.Column("relation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("date", sa.Date(), nullable=False, comment="of the notice itself"),
        sa.Column("reference", sa.LargeBinary(), comment="sealed: the authority's, which may hold a BSN"),
        sa.Column(
            "document", sa.String(), nullable=False, comment="hash of the notice in the document store"
        ),
        sa.Column("by", sa.String(), nullable=False, comment="who put it in"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("filing", sa.String(), comment="which it is for, where that is known"),
        sa.Column("taken_at", sa.DateTime(), comment="when that filing took it"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        sa.ForeignKeyConstraint(["relation"], ["relations.number"], name="fk_notices_relation"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name="fk_notices_filing"),
        comment="what authorities sent, and which filing went on by it",
    )
    op.create_index("ix_notices_relation", "notices", ["relation"])
    where = sa.text("taken_at IS NULL")
    op.create_index("ix_notices_open", "notices", ["id"], sqlite_where=where, postgresql_where=where)
