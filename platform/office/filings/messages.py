"""Messages that were sent, or were about to be when a worker died: at most once more, and then marked."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from ...plan import Model
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
    """A message as it is known now; `sent_at` is real time, None while it is not known to be sent."""

    sent_at: datetime | None
    repeated: bool


def begin_message(connection: Connection, new: NewMessage) -> Message:
    """Write a message down before it is sent, or return the one that this command has for this reader.

    One with `sent_at` is not sent again. One without was begun by somebody who may have sent it: it comes
    back with `repeated`, goes out once more and says so.
    """
    there = _find(connection, new.filing, new.number, new.recipient)
    if there is None:
        connection.execute(messages.insert().values(**new.model_dump()))
        return _get_message(connection, new)
    if there.sent_at is None and not there.repeated:
        _update(connection, there, {"repeated": True})
        return _get_message(connection, new)
    return there


def message_sent(connection: Connection, message: NewMessage, at: datetime) -> Message:
    """The mail server took it, at this moment of real time."""
    _update(connection, message, {"sent_at": at})
    return _get_message(connection, message)


def drop_unsent_message(connection: Connection, message: Message) -> None:
    """The mail server surely did not take this attempt: the next one repeats nothing, unless this one did."""
    if not message.repeated:
        same = (messages.c.filing == message.filing, messages.c.number == message.number)
        connection.execute(messages.delete().where(*same, messages.c.recipient == message.recipient))


def messages_of(connection: Connection, filing: str, number: int | None = None) -> tuple[Message, ...]:
    """Return the messages of a filing, or of one of its commands, in order."""
    query = select(messages).where(messages.c.filing == filing)
    if number is not None:
        query = query.where(messages.c.number == number)
    rows = connection.execute(query.order_by(messages.c.number, messages.c.recipient)).mappings()
    return tuple(_message(row) for row in rows)


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


def _find(connection: Connection, filing: str, number: int, recipient: str) -> Message | None:
    found = (m for m in messages_of(connection, filing, number) if m.recipient == recipient)
    return next(found, None)


def _get_message(connection: Connection, message: NewMessage) -> Message:
    found = _find(connection, message.filing, message.number, message.recipient)
    assert found is not None
    return found


def _message(row: RowMapping) -> Message:
    return Message.model_validate(dict(row))
