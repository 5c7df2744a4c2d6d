"""Notes that a filing leaves for the next one of a template for its relation; that one shows them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, and_, or_, select

from ...plan import Model
from ..database.columns import among
from ..database.tables import notes


class NewNote(Model):
    """A note as a filing leaves it: by which command, for whose next filing, and what it says."""

    filing: str
    number: int
    relation: str
    template: str
    title: str
    text: str
    at: datetime


class Note(NewNote):
    """A note, with the filing that shows it once that was started."""

    shown_in: str | None


def leave_note(connection: Connection, new: NewNote) -> None:
    """Leave a note, once per filing and command. Needs a writing connection.

    One that says the same as a note of this filing that nobody has seen yet is left out: the work went back.
    """
    command = notes.c.number == new.number
    said = (notes.c.template == new.template, notes.c.title == new.title, notes.c.text == new.text)
    same = or_(command, and_(*said, notes.c.shown_in.is_(None)))
    query = select(notes.c.number).where(notes.c.filing == new.filing, same)
    if connection.execute(query).first() is None:
        connection.execute(notes.insert().values(**new.model_dump()))


def hand_over_notes(connection: Connection, started: Iterable[tuple[str, str, str]]) -> None:
    """Give filings that are started (relation, template, workflow id) the notes that were left for them.

    Of several of one template the first gets them. Needs a writing connection, that of their rows.
    """
    first: dict[tuple[str, str], str] = {}
    for relation, template, id in started:
        first.setdefault((relation, template), id)
    relations = {relation for relation, _ in first}
    waiting = select(notes.c.relation, notes.c.template).distinct()
    waiting = waiting.where(notes.c.shown_in.is_(None), among(notes.c.relation, relations))
    for relation, template in connection.execute(waiting).all():
        next_one = first.get((relation, template))
        if next_one is not None:
            mine = (notes.c.relation == relation, notes.c.template == template, notes.c.shown_in.is_(None))
            connection.execute(notes.update().where(*mine).values(shown_in=next_one))


def notes_in(connection: Connection, filing: str) -> tuple[Note, ...]:
    """Return the notes that a filing shows, the oldest first."""
    query = select(notes).where(notes.c.shown_in == filing).order_by(notes.c.at, notes.c.filing)
    return tuple(Note.model_validate(dict(row)) for row in connection.execute(query).mappings())
