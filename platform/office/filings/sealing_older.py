"""Sealing what people wrote before migration 0014, when it was kept in the clear: once, filing by filing.

A migration has no keys: it only notes that there is something (`unsealed`). Whoever opens the office with its
keys does the work, in short transactions; what was interrupted goes on where it was.
"""

from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Connection, bindparam, delete, func, select, update

from ..database.engine import Database
from ..database.errors import DatabaseError
from ..database.tables import acts, filings, notes, timeline, unsealed, work
from .notes import seal_note
from .sent_acts import seal_act
from .words import Seal, entry_place, leave_words_out, seal_words

BATCH = 20
"""So many filings in one transaction, for which every other writer waits."""

Told = Callable[[int, int], None]
"""Gets how many filings are done, and of how many."""


def seal_older(database: Database, seal: Seal, told: Told) -> None:
    """Seal what is still in the clear, and write the tables again so that no trace of it is left there.

    Nothing is done where nothing is left. Several processes may do so at once. Where the database cannot be
    written again now, the next opening does it. Raises DatabaseError.
    """
    with database.read() as connection:
        if connection.execute(_LEFT).first() is None:
            return
        total = connection.execute(select(func.count()).select_from(filings)).scalar_one()
        before = connection.execute(_DONE).scalar_one()
    told(before, total)
    while done := _seal_batch(database, seal):
        before = min(before + done, total)
        told(before, total)
    with suppress(DatabaseError):
        database.rewrite([table.name for table in (timeline, notes, acts, filings, work)])
        with database.write() as connection:
            connection.execute(delete(unsealed))


def _seal_batch(database: Database, seal: Seal) -> int:
    """Seal the next filings; return how many, 0 when all are done."""
    with database.write() as connection:
        after = connection.execute(_LEFT).scalar_one_or_none()
        if after is None:
            return 0
        query = select(filings.c.id, filings.c.view).where(filings.c.id > after)
        rows = connection.execute(query.order_by(filings.c.id).limit(BATCH)).all()
        for id, view in rows:
            _seal_entries(connection, id, seal)
            _seal_notes(connection, id, seal)
            _seal_acts(connection, id, seal)
            if view is not None and (kept := leave_words_out(view)) != view:
                connection.execute(update(filings).where(filings.c.id == id).values(view=kept))
            held = (work.c.filing == id) & (work.c.kind == "held")
            connection.execute(update(work).where(held).values(missing=[]))
        if rows:
            connection.execute(update(unsealed).values(after=rows[-1].id))
        return len(rows)


def _seal_entries(connection: Connection, filing: str, seal: Seal) -> None:
    query = select(timeline.c.sequence, timeline.c.index, timeline.c.data)
    rows = connection.execute(query.where(timeline.c.filing == filing, timeline.c.said.is_(None))).all()
    changes = []
    for sequence, index, data in rows:
        columns = seal_words(data, entry_place(filing, sequence, index), seal)
        if columns["said"] is not None:
            changes.append({"of": filing, "number": sequence, "place": index, **columns})
    if changes:
        connection.execute(_ENTRY, changes)


def _seal_notes(connection: Connection, filing: str, seal: Seal) -> None:
    query = select(notes.c.number, notes.c.title, notes.c.text)
    for number, title, text in connection.execute(
        query.where(notes.c.filing == filing, notes.c.said.is_(None))
    ).all():
        same = (notes.c.filing == filing, notes.c.number == number)
        connection.execute(update(notes).where(*same).values(**seal_note(filing, number, title, text, seal)))


def _seal_acts(connection: Connection, filing: str, seal: Seal) -> None:
    for id, act in connection.execute(select(acts.c.id, acts.c.act).where(acts.c.filing == filing)).all():
        if "sealed" not in act:
            same = (acts.c.filing == filing, acts.c.id == id)
            connection.execute(update(acts).where(*same).values(act=seal_act(filing, id, act, seal)))


_LEFT = select(unsealed.c.after)
_DONE = select(func.count()).select_from(filings).where(filings.c.id <= _LEFT.scalar_subquery())
_ENTRY = (
    update(timeline)
    .where(
        timeline.c.filing == bindparam("of"),
        timeline.c.sequence == bindparam("number"),
        timeline.c.index == bindparam("place"),
    )
    .values(data=bindparam("data"), said=bindparam("said"))
)
