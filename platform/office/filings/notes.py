"""Notes that a filing leaves for the next one of a template for its relation; that one shows them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, String, bindparam, select

from ...data import canonical
from ...plan import Model
from ..database.columns import among
from ..database.questions import Question, list_rows
from ..database.tables import notes
from .words import Seal


class NewNote(Model):
    """A note as a filing leaves it: by which command, for whose next filing, what it says, and for whom."""

    filing: str
    number: int
    relation: str
    template: str
    title: str
    text: str
    at: datetime
    audience: str | None = None


class Note(NewNote):
    """A note, with the filing that shows it once that was started."""

    shown_in: str | None


def leave_note(connection: Connection, new: NewNote, seal: Seal, open_sealed: Seal) -> None:
    """Leave a note, once per filing and command. Needs a writing connection.

    One that says the same as a note of this filing that nobody has seen yet is left out: the work went back.
    """
    there = [
        _read(dict(row), open_sealed) for row in connection.execute(_LEFT, {"of": new.filing}).mappings()
    ]
    said = (new.template, new.title, new.text)
    same = (one for one in there if one.shown_in is None and (one.template, one.title, one.text) == said)
    if any(one.number == new.number for one in there) or any(same):
        return
    values = new.model_dump() | seal_note(new.filing, new.number, new.title, new.text, seal)
    connection.execute(notes.insert().values(**values))


def seal_note(filing: str, number: int, title: str, text: str, seal: Seal) -> dict[str, Any]:
    """Return the columns of a note for what it says, which only the office's keys open."""
    words = canonical({"title": title, "text": text})
    return {"title": "", "text": "", "said": seal(words, _place(filing, number))}


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


def notes_in(connection: Connection, filing: str, open_sealed: Seal | None = None) -> tuple[Note, ...]:
    """Return the notes that a filing shows, the oldest first; without `open_sealed` not what they say.

    Raises KeyFileError and BrokenSealError when a note cannot be opened.
    """
    found = sorted(NOTES_IN.ask(connection, filing=filing), key=lambda row: (row.at, row.filing))
    return tuple(_read(row._asdict(), open_sealed) for row in found)


def _read(row: dict[str, Any], open_sealed: Seal | None) -> Note:
    said = row.pop("said")
    if said is not None and open_sealed is not None:
        row |= msgspec.json.decode(open_sealed(said, _place(row["filing"], row["number"])))
    return Note.model_validate(row)


def _place(filing: str, number: int) -> bytes:
    """Return what the seal of a note is bound to."""
    return f"note {filing} {number}".encode()


NOTES_IN = Question(
    select(notes).where(notes.c.shown_in == bindparam("filing", type_=String)), list_rows, "filing"
)
"""What `notes_in` reads, still sealed."""
_LEFT = select(notes).where(notes.c.filing == bindparam("of"))
