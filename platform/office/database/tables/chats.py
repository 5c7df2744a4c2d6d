"""The table of chats: what a contact and colleagues write each other about one filing."""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
    text,
)

from ..columns import OfficeTime, RealTime, metadata

chat_lines = Table(
    "chat_lines",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("filing", ForeignKey("filings.id"), nullable=False),
    Column("contact", ForeignKey("contacts.id"), nullable=False, comment="whose chat it is"),
    Column("by", String, nullable=False, comment="who wrote it: the contact, or a team member"),
    Column("at", OfficeTime, nullable=False),
    Column("said", LargeBinary, nullable=False, comment="sealed"),
    Column("act", String, nullable=False, comment="id of its form: what is sent twice is written once"),
    Column("read_at", OfficeTime, comment="when the other side said that it is read, or answered"),
    Column("read_by", String),
    Column("mail", String, nullable=False, comment="of the mail that says that it waits"),
    Column("tried_at", RealTime, comment="when that mail was last tried"),
    UniqueConstraint("filing", "contact", "act"),
    CheckConstraint("mail IN ('none', 'due', 'late', 'sent')", name="mail"),
)
_unread = text("read_at IS NULL")
Index("ix_chat_lines_unread", chat_lines.c.contact, sqlite_where=_unread, postgresql_where=_unread)
