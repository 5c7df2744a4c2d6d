"""What a contact and colleagues write each other about one filing: sealed rows, and which are unread.

A line is unread until the other side says that it has read it, or answers. Of the unread lines of one side
the first alone is told of by mail.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, String, bindparam, func, or_, select

from ...plan import Model
from ..database.questions import Question
from ..database.tables import chat_lines
from .words import Seal

Mail = Literal["none", "due", "late", "sent"]
"""Of the mail that says that a line waits: none, to go out, tried in vain and to be tried again, sent."""

WAITS = (
    (timedelta(minutes=10), timedelta(minutes=1)),
    (timedelta(hours=2), timedelta(minutes=10)),
)
"""Of a line that is not older than so long: how long after a mail could not be sent it is tried again."""
LONGEST_WAIT = timedelta(hours=1)
"""How long that is for older lines; a day without a mail server is some forty tries."""

of_client = chat_lines.c.by == chat_lines.c.contact
"""The contact wrote it, and not the office."""
unread = chat_lines.c.read_at.is_(None)


class NewChatLine(Model):
    """What somebody writes in the chat with a contact; `at` is office time, `act` the id of its form."""

    filing: str
    contact: str
    by: str
    at: datetime
    text: str
    act: str


class ChatLine(NewChatLine):
    """A line as it is kept; `read_at` is office time."""

    number: int
    read_at: datetime | None
    mail: Mail

    @property
    def of_client(self) -> bool:
        """Say whether the contact wrote it."""
        return self.by == self.contact


class ChatCount(Model):
    """How many lines a filing's chat with a contact has, and how many of the contact's nobody has read."""

    contact: str
    lines: int
    unread: int


def find_writers_since(connection: Connection, filing: str, contact: str, seen: int) -> set[str]:
    """Return who wrote in a filing's chat with a contact after the line with this number."""
    query = select(chat_lines.c.by).where(*_is_of(filing, contact), chat_lines.c.number > seen)
    return set(connection.execute(query).scalars())


def write_line(connection: Connection, new: NewChatLine, seal: Seal, *, seen: int, mailed: bool) -> None:
    """Write a line; what the other side wrote, up to the line `seen` last, is read by it.

    Needs a writing connection.

    Where `mailed`, a mail is due, unless the other side has something of this side to read already.
    """
    side = of_client if new.by == new.contact else ~of_client
    waits = select(chat_lines.c.number).where(*_is_of(new.filing, new.contact), unread, side).limit(1)
    mail: Mail = "due" if mailed and connection.execute(waits).first() is None else "none"
    mark_read(connection, new.filing, new.contact, new.by, seen, new.at)
    connection.execute(
        chat_lines.insert().values(
            **new.model_dump(exclude={"text"}),
            said=seal(new.text.encode(), _place(new.filing, new.contact, new.act)),
            mail=mail,
        )
    )


def mark_read(connection: Connection, filing: str, contact: str, who: str, last: int, at: datetime) -> None:
    """Mark what the other side wrote as read by somebody at a moment of office time.

    `last` is the last line that they saw. Needs a writing connection.
    """
    theirs = ~of_client if who == contact else of_client
    seen = chat_lines.c.number <= last
    change = chat_lines.update().where(*_is_of(filing, contact), unread, theirs, seen)
    connection.execute(change.values(read_at=at, read_by=who))


def list_lines(
    connection: Connection, filing: str, open_sealed: Seal, contact: str | None = None
) -> tuple[ChatLine, ...]:
    """Return the lines of a filing's chats, or of the one with a contact, the oldest first.

    Raises KeyFileError and BrokenSealError.
    """
    of = [chat_lines.c.filing == filing] if contact is None else _is_of(filing, contact)
    query = select(chat_lines).where(*of).order_by(chat_lines.c.number)
    return tuple(_read(dict(row), open_sealed) for row in connection.execute(query).mappings())


def find_line(
    connection: Connection, filing: str, contact: str, act: str, open_sealed: Seal
) -> ChatLine | None:
    """Return the line that a form wrote, or None. Raises KeyFileError and BrokenSealError."""
    query = select(chat_lines).where(*_is_of(filing, contact), chat_lines.c.act == act)
    row = connection.execute(query).mappings().first()
    return None if row is None else _read(dict(row), open_sealed)


def count_lines(connection: Connection, filing: str) -> tuple[ChatCount, ...]:
    """Return how many lines the chats of a filing have, by contact; none where nobody wrote."""
    return CHAT_COUNTS.ask(connection, filing=filing)


def _read_counts(rows: Iterable[Any]) -> tuple[ChatCount, ...]:
    counts = (ChatCount(contact=row.contact, lines=row.lines, unread=row.unread) for row in rows)
    return tuple(sorted(counts, key=lambda one: one.contact))


CHAT_COUNTS = Question(
    select(
        chat_lines.c.contact,
        func.count().label("lines"),
        func.count().filter(unread, of_client).label("unread"),
    )
    .where(chat_lines.c.filing == bindparam("filing", type_=String))
    .group_by(chat_lines.c.contact),
    _read_counts,
    "filing",
)
"""What `count_lines` returns."""


def has_unread(connection: Connection, filing: str, contact: str) -> bool:
    """Say whether a filing's chat has something that its contact has not read."""
    return HAS_UNREAD.ask(connection, filing=filing, contact=contact)


HAS_UNREAD: Question[bool] = Question(
    select(chat_lines.c.number)
    .where(
        chat_lines.c.filing == bindparam("filing", type_=String),
        chat_lines.c.contact == bindparam("contact", type_=String),
        *(unread, ~of_client),
    )
    .limit(1),
    lambda rows: any(True for _ in rows),
    "filing",
    "contact",
)
"""What `has_unread` returns."""


class DueMail(Model):
    """A line that is unread and of which a mail has to go out."""

    number: int
    filing: str
    contact: str
    by: str
    mail: Mail


def list_due_mails(
    connection: Connection, now: datetime, office_now: datetime, most: int
) -> tuple[DueMail, ...]:
    """Return lines whose mail has to go out now, the oldest first; one that was tried waits, see `WAITS`.

    `now` is real time, for the tries; `office_now` tells how old a line is.
    """
    columns = (chat_lines.c[name] for name in DueMail.model_fields)
    query = (
        select(*columns).where(unread, *_is_due(now, office_now)).order_by(chat_lines.c.number).limit(most)
    )
    return tuple(DueMail.model_validate(dict(row)) for row in connection.execute(query).mappings())


def claim_mail(connection: Connection, number: int, now: datetime, office_now: datetime) -> bool:
    """Say that a mail is tried now; False where it was tried just now, or need not go out any more.

    Moments are those of `list_due_mails`. Needs a writing connection.
    """
    change = chat_lines.update().where(chat_lines.c.number == number, unread, *_is_due(now, office_now))
    return connection.execute(change.values(tried_at=now)).rowcount == 1


def note_mail(connection: Connection, number: int, mail: Mail) -> None:
    """Note what became of the mail of a line. Needs a writing connection."""
    connection.execute(chat_lines.update().where(chat_lines.c.number == number).values(mail=mail))


def _is_due(now: datetime, office_now: datetime) -> Collection[ColumnElement[bool]]:
    written, tried = chat_lines.c.at, chat_lines.c.tried_at
    soon = ((written > office_now - age) & (tried <= now - wait) for age, wait in WAITS)
    again = or_(tried.is_(None), tried <= now - LONGEST_WAIT, *soon)
    return chat_lines.c.mail.in_(("due", "late")), again


def _is_of(filing: str, contact: str) -> Collection[ColumnElement[bool]]:
    return chat_lines.c.filing == filing, chat_lines.c.contact == contact


def _read(row: dict[str, object], open_sealed: Seal) -> ChatLine:
    said, place = row.pop("said"), _place(str(row["filing"]), str(row["contact"]), str(row["act"]))
    assert isinstance(said, bytes)
    facts = {name: row[name] for name in ChatLine.model_fields if name != "text"}
    return ChatLine.model_validate({**facts, "text": open_sealed(said, place).decode()})


def _place(filing: str, contact: str, act: str) -> bytes:
    """Return what the seal of a line is bound to."""
    return f"chat {filing} {contact} {act}".encode()
