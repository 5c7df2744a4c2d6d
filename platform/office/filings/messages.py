"""Messages that were sent, or may have been: those go out at most once more, and then say so."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, or_, select

from ...plan import Model
from ..database.questions import Question
from ..database.tables import messages


class NewMessage(Model):
    """A message to one reader; `number` is the Send command's, `at` office time, `address` the reader's."""

    filing: str
    number: int
    recipient: str
    message: str
    purpose: str
    message_id: str
    address: str
    language: str
    subject: str
    body: str
    at: datetime


class Message(NewMessage):
    """A message as it is known now; `sent_at` is real time, None while it is not known to be sent.

    `unsure` when a mail server may have it without having said so; `put_off_since` is the real time at which
    one first asked to try later.
    """

    sent_at: datetime | None
    repeated: bool
    unsure: bool
    put_off_since: datetime | None


def begin_message(connection: Connection, new: NewMessage) -> Message:
    """Write a message down before it is sent, or return the one that this command has for this reader.

    One with `sent_at` is not sent again. One that may have been sent, by this command or by an earlier one
    that somebody retried, comes back with `repeated`: it goes out once more and says so, word for word the
    same. Where its reader has another address by now it goes there, as it is written for that address.
    """
    there = find_message(connection, new.filing, new.number, new.recipient)
    if there is None:
        repeated = _has_unsure_copy(connection, new)
        connection.execute(messages.insert().values(**new.model_dump(), repeated=repeated, unsure=True))
    elif there.sent_at is None and there.unsure and there.address == new.address:
        _update(connection, there, {"repeated": True})
    elif there.sent_at is None:
        _update(connection, there, {**new.model_dump(), "repeated": there.unsure, "unsure": True})
    return _get_message(connection, new)


def find_message(connection: Connection, filing: str, number: int, recipient: str) -> Message | None:
    """Return the message that a command has for a reader, or None."""
    found = (m for m in messages_of(connection, filing, number) if m.recipient == recipient)
    return next(found, None)


def was_told(connection: Connection, new: NewMessage) -> bool:
    """Say whether a reader got the same words about a filing that day already, by another command."""
    same = (messages.c[name] == getattr(new, name) for name in ("filing", "recipient", "subject", "body"))
    query = select(messages.c.at).where(
        *same, messages.c.number != new.number, messages.c.sent_at.is_not(None)
    )
    return any(at.date() == new.at.date() for at in connection.execute(query).scalars())


def message_sent(connection: Connection, message: NewMessage, at: datetime) -> Message:
    """The mail server took it, at this moment of real time."""
    _update(connection, message, {"sent_at": at, "unsure": False, "put_off_since": None})
    return _get_message(connection, message)


def message_not_taken(connection: Connection, message: Message) -> None:
    """The mail server surely did not take this attempt: the next one repeats nothing, unless this one did."""
    if not message.repeated:
        _update(connection, message, {"unsure": False})


def put_off_message(connection: Connection, message: NewMessage, at: datetime) -> datetime:
    """The mail server asks to try later; return since when it does, in real time."""
    there = _get_message(connection, message)
    if there.put_off_since is None:
        _update(connection, message, {"put_off_since": at})
    return there.put_off_since or at


def forget_put_off(connection: Connection, filing: str, number: int) -> None:
    """Begin to count again since when readers of a command are put off: its mail server is unavailable."""
    same = (messages.c.filing == filing, messages.c.number == number)
    connection.execute(messages.update().where(*same).values(put_off_since=None))


def find_unsent(
    connection: Connection, filing: str, number: int, message: str, purpose: str
) -> list[Message]:
    """Return what no mail server took of a command, and of earlier ones that it repeats, as a retry does.

    What a server may have without having said so is not among it.
    """
    query = select(messages).where(
        messages.c.filing == filing,
        or_(
            messages.c.number == number,
            and_(
                messages.c.number < number,
                messages.c.message == message,
                messages.c.purpose == purpose,
            ),
        ),
        messages.c.sent_at.is_(None),
        messages.c.unsure.is_(False),
    )
    return [_message(row) for row in connection.execute(query).mappings()]


def drop_messages(connection: Connection, dropped: Iterable[Message]) -> None:
    """Forget messages that will not be sent any more: they were withdrawn, or went by another command."""
    for one in dropped:
        same = (messages.c[name] == getattr(one, name) for name in ("filing", "number", "recipient"))
        connection.execute(
            messages.delete().where(*same, messages.c.sent_at.is_(None), messages.c.unsure.is_(False))
        )


def messages_of(connection: Connection, filing: str, number: int | None = None) -> tuple[Message, ...]:
    """Return the messages of a filing, or of one of its commands, in order."""
    query = select(messages).where(messages.c.filing == filing)
    if number is not None:
        query = query.where(messages.c.number == number)
    rows = connection.execute(query.order_by(messages.c.number, messages.c.recipient)).mappings()
    return tuple(_message(row) for row in rows)


def _read_unsent(rows: Iterable[Any]) -> list[Message]:
    found = (Message.model_validate(row._asdict()) for row in rows)
    return sorted(found, key=lambda one: (one.at, one.filing))


UNSENT = Question(
    select(messages)
    .where(messages.c.sent_at.is_(None))
    .order_by(messages.c.at, messages.c.filing)
    .limit(bindparam("most")),
    _read_unsent,
    "most",
)
"""The messages that are not known to be sent, `most` of them, the oldest first."""


def _update(connection: Connection, message: NewMessage, values: dict[str, Any]) -> None:
    connection.execute(
        messages.update()
        .where(
            messages.c.filing == message.filing,
            messages.c.number == message.number,
            messages.c.recipient == message.recipient,
        )
        .values(**values)
    )


def _get_message(connection: Connection, message: NewMessage) -> Message:
    found = find_message(connection, message.filing, message.number, message.recipient)
    assert found is not None
    return found


def _has_unsure_copy(connection: Connection, new: NewMessage) -> bool:
    """Say whether the same message to the same reader may have gone out by an earlier command."""
    same = ("filing", "recipient", "message", "purpose")
    query = select(messages.c.number).where(
        messages.c.unsure,
        messages.c.number < new.number,
        *(messages.c[name] == getattr(new, name) for name in same),
    )
    return connection.execute(query).first() is not None


def _message(row: RowMapping) -> Message:
    return Message.model_validate(dict(row))
