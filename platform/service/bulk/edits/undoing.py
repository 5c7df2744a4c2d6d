"""Undoing a bulk run that edited relations: the old values again, where nobody changed them since."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ....filing.outcome import Refusal
from ....office.bulk import find_run
from ....office.database.columns import among
from ....office.database.tables import filings, relation_products, relation_roles, relations
from ....office.exchange import Edit, Entry
from ....office.relations.changes import RelationChange, list_changed, list_changes_since
from ....plan import Office
from ...relations.editing.history import tell
from ...relations.editing.sheets import LABELS, as_typed
from ..asking import EDITS, Asked
from . import fields
from .drafting import Draft, Place
from .products import enter_last_day, read_taken
from .roles import draft_each

_NO_FIELD = "Dit gegeven heeft kantoor niet meer."
_BEGUN = "Over dit product is al iets gestart. Beëindig het met een laatste dag."


class Undoing:
    """Giving relations what they had before a bulk run."""

    def complete(self, place: Place, asked: Asked) -> Asked | Refusal:
        """Return what is asked; refuse a run that is not there, edits nothing or changed nothing."""
        run = find_run(place.connection, asked.run)
        if run is None:
            return Refusal(code="no_run", text=f"Er is geen bulkactie met nummer {asked.run}.")
        if run.asked["action"] not in EDITS or run.status != "done":
            text = "Alleen een uitgevoerde bulkactie die gegevens van relaties wijzigde, kan terug."
            return Refusal(code="not_undone", text=text)
        if not list_changed(place.connection, asked.run):
            return Refusal(code="nothing_changed", text=f"Bulkactie {asked.run} heeft niets gewijzigd.")
        return asked

    def draft(self, place: Place, asked: Asked, numbers: Collection[str]) -> Mapping[str, Draft]:
        """Return the edit of each relation, and what of it is left as somebody made it since."""
        ours, later = list_changes_since(place.connection, asked.run, numbers)
        since = _Since(later)
        kept = [since.find(one) for one in ours]
        back = [one for one, other in zip(ours, kept, strict=True) if other is None]
        drafts = _draft_back(place, back, numbers)
        notes = _tell_kept(place.connection, place.office, [one for one in kept if one is not None])
        return {number: _add_note(drafts[number], notes.get(number, "")) for number in numbers}


class _Since:
    """What was changed after a run, by what it is of."""

    def __init__(self, later: Sequence[RelationChange]) -> None:
        self._last: dict[tuple[str, str, str, str], RelationChange] = {}
        self._of: dict[tuple[str, str], list[RelationChange]] = {}
        for one in later:
            self._of.setdefault((one.relation, one.kind), []).append(one)
            for column in _list_columns(one):
                self._last[one.relation, one.kind, one.subject, column] = one

    def find(self, change: RelationChange) -> RelationChange | None:
        """Return the last later change of the same columns, or None; taking away is of every column.

        A record that was new would be taken away as a whole: there any later change counts.
        """
        if change.before is None:
            same_kind = reversed(self._of.get((change.relation, change.kind), []))
            return next((one for one in same_kind if _rests_on(one, change)), None)
        columns = (*_list_columns(change), _WHOLE)
        found = (self._last.get((change.relation, change.kind, change.subject, one)) for one in columns)
        return next((one for one in found if one is not None), None)


_WHOLE = ""
"""Stands for the record itself among columns."""


def _rests_on(later: RelationChange, added: RelationChange) -> bool:
    """Say whether a later change is of a record that was added, or of a stretch that follows on it."""
    if added.kind != relation_products.name:
        return later.subject == added.subject
    *of_later, since = _read_key(later)
    *of_added, first = _read_key(added)
    return of_later == of_added and since >= first


def _list_columns(change: RelationChange) -> Iterator[str]:
    if change.before is None or change.after is None:
        yield _WHOLE
    yield from {**(change.before or {}), **(change.after or {})}


def _draft_back(
    place: Place, changes: Sequence[RelationChange], numbers: Collection[str]
) -> dict[str, Draft]:
    """Return by relation the edit that takes changes back; without any there is none."""
    entries: dict[str, list[Entry]] = {number: [] for number in numbers}
    removed: dict[str, list[tuple[Any, tuple[Any, ...]]]] = {number: [] for number in numbers}
    roles: dict[str, dict[str, str]] = {number: {} for number in numbers}
    wrong: dict[str, str] = {}
    titles = {**LABELS, **fields.name_fields(place.office)}
    products = _Products(place.connection, changes)
    for one in changes:
        before = one.before or {}
        if one.kind == relation_roles.name:
            roles[one.relation][one.subject] = str(before.get("member", ""))
        elif one.kind == relations.name:
            if not {*before} <= titles.keys():
                wrong[one.relation] = _NO_FIELD
            cells = {name: " ".join(as_typed(value)) for name, value in before.items()}
            entries[one.relation].append(Entry(fields.FILE, {"number": one.relation, **cells}, titles))
        elif one.before is None and products.is_begun(one):
            wrong[one.relation] = _BEGUN
        elif one.before is None:
            removed[one.relation].append((relation_products, (one.relation, *_read_key(one))))
        else:
            entries[one.relation].extend(products.enter_before(one))
    given = draft_each(place, {number: wanted for number, wanted in roles.items() if wanted})
    drafts = {}
    for number in numbers:
        draft = given.get(number, Draft(Edit(number)))
        if number in wrong:
            draft = Draft(None, wrong[number])
        elif draft.edit:
            both = [*draft.edit.entries, *entries[number]]
            draft = Draft(replace(draft.edit, entries=both, removed=removed[number]))
        drafts[number] = draft
    return drafts


class _Products:
    """Agreements that a run changed, as they are now."""

    def __init__(self, connection: Connection, changes: Sequence[RelationChange]) -> None:
        ours = [one for one in changes if one.kind == relation_products.name]
        numbers = {one.relation for one in ours}
        self._taken = {
            (one.relation, one.product, one.sub_number, one.days.first): one
            for product in {_read_key(one)[0] for one in ours}
            for some in read_taken(connection, numbers, product).values()
            for one in some
        }
        key = (filings.c.relation, filings.c.product, filings.c.sub_number, filings.c.last_day)
        running = select(*key).where(among(filings.c.relation, numbers))
        running = running.where(filings.c.ended.is_distinct_from("cancelled"))
        self._running = [tuple(row) for row in connection.execute(running)] if ours else []

    def is_begun(self, change: RelationChange) -> bool:
        """Say whether anything was started of a stretch that was added."""
        product, sub_number, since = _read_key(change)
        about = (change.relation, product, sub_number)
        return any(row[:3] == about and row[3] >= since for row in self._running)

    def enter_before(self, change: RelationChange) -> Iterator[Entry]:
        """Yield the entry that gives a stretch the last day it had."""
        taken = self._taken.get((change.relation, *_read_key(change)))
        until = (change.before or {}).get("until")
        if taken:
            yield enter_last_day(taken, date.fromisoformat(until) if until else None)


def _read_key(change: RelationChange) -> tuple[str, str, date]:
    """Return the product, sub-number and first day that a change is about."""
    product, sub_number, since = change.subject.split("/")
    return product, sub_number, date.fromisoformat(since)


def _tell_kept(connection: Connection, office: Office, changes: Sequence[RelationChange]) -> dict[str, str]:
    """Return by relation which of its records stay as somebody made them since, and who."""
    told: dict[str, str] = {}
    for change, said in zip(changes, tell(connection, office, changes), strict=True):
        by = f" door {said.who}" if said.who else ""
        sentence = f"Blijft zoals het is: {said.what}, sindsdien gewijzigd{by} ({', '.join(said.lines)})."
        if sentence not in told.get(change.relation, ""):
            told[change.relation] = f"{told.get(change.relation, '')} {sentence}".strip()
    return told


def _add_note(draft: Draft, note: str) -> Draft:
    """Return a draft with what stays as it is; an edit of nothing more is none."""
    if draft.edit and not (draft.edit.entries or draft.edit.removed):
        return Draft(None, note or "Hier valt niets terug te draaien.")
    return draft._replace(text=" ".join(part for part in (draft.text, note) if part))
