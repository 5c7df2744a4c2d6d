"""What a contact and colleagues write each other about one filing."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

_UNREAD = sa.text("read_at IS NULL")


def upgrade() -> None:
    """Add the table."""
    op.create_table(
        "chat_lines",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("filing", sa.String(), nullable=False),
        sa.Column("contact", sa.String(), nullable=False, comment="whose chat it is"),
        sa.Column("by", sa.String(), nullable=False, comment="who wrote it: the contact, or a team member"),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=False, comment="sealed"),
        sa.Column(
            "act", sa.String(), nullable=False, comment="id of its form: what is sent twice is written once"
        ),
        sa.Column("read_at", sa.DateTime(), comment="when the other side said that it is read, or answered"),
        sa.Column("read_by", sa.String()),
        sa.Column("mail", sa.String(), nullable=False, comment="of the mail that says that it waits"),
        sa.Column("tried_at", sa.DateTime(), comment="when that mail was last tried"),
        sa.PrimaryKeyConstraint("number", name="pk_chat_lines"),
        sa.ForeignKeyConstraint(["filing"], ["filings.id"], name="fk_chat_lines_filing"),
        sa.ForeignKeyConstraint(["contact"], ["contacts.id"], name="fk_chat_lines_contact"),
        sa.UniqueConstraint("filing", "contact", "act", name="uq_chat_lines_filing_contact_act"),
        sa.CheckConstraint("mail IN ('none', 'due', 'late', 'sent')", name=op.f("ck_chat_lines_mail")),
    )
    op.create_index(
        "ix_chat_lines_unread",
        "chat_lines",
        ["contact"],
        sqlite_where=_UNREAD,
        postgresql_where=_UNREAD,
    )
