"""Carrying out edits of many relations: tried first and undone, then written where nothing is another now."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from ....filing.outcome import Refusal
from ....office.bulk import Foreseen, Line, Outcome, Run
from ....office.database.columns import among
from ....office.database.tables import ONE_SUB_NUMBER, relations
from ....office.exchange import Rules, Weighed, edit_many
from ....office.office_clock import office_now
from ....office.plans import active_office
from ....office.presence_changes import Author
from ....office.relations.changes import RelationChange
from ....plan import Office
from ...desk import Desk
from ...relations.editing.history import tell
from ...relations.identities import check_relation_identity
from ...unknown import NOT_DEPLOYED
from ..asking import Asked
from ..kinds import CHANGED, Judged, come_to, make_line
from ..unmet import add_unmet
from .drafting import Draft, Drafting, Place

MOST = 2000
"""So many relations are edited at once: everybody else who writes waits meanwhile (docs/measured.md)."""
_TOO_MANY = Refusal(
    code="too_many",
    text="Zo veel wijzigingen tegelijk houden de anderen op: kies er hooguit 2.000, en doe de rest daarna.",
)
NOBODY = Refusal(code="nobody", text="Er is geen relatie met een van deze nummers.")


class Editing:
    """A kind of edit of many relations, a line each."""

    def __init__(self, drafting: Drafting) -> None:
        self._drafting = drafting

    def complete(self, connection: Connection, asked: Asked) -> Asked | Refusal:
        """Return what is asked with titles, or what of it lacks or cannot be read."""
        office = active_office(connection)
        if office is None:
            return NOT_DEPLOYED
        return self._drafting.complete(Place(connection, office, office_now(connection).date()), asked)

    def choose(
        self, desk: Desk, connection: Connection, who: str, asked: Asked, numbers: tuple[str, ...]
    ) -> list[Judged] | Refusal:
        """Return a line for each relation: what would change and what that costs, or why not."""
        if len(numbers) > MOST:
            return _TOO_MANY
        author = Author(who, office_now(connection))
        with connection.begin_nested() as attempt:
            found = self._edit(desk, connection, author, asked, _find_known(connection, numbers))
            attempt.rollback()
        return add_unmet(connection, numbers, [*found.values()], "") or NOBODY

    def write(
        self, desk: Desk, connection: Connection, run: Run, asked: Asked, lines: Sequence[Line]
    ) -> list[Outcome]:
        """Write those of these lines that are as they were shown; return what became of each."""
        changed: dict[int, str] = {}
        same = lines
        while same:  # what one line comes to can hang on another that is left out: until all are as shown
            with connection.begin_nested() as attempt:
                judged = self._write(desk, connection, run, asked, same)
                others = {
                    line.number: one.line.text
                    for line, one in zip(same, judged, strict=True)
                    if one.line.seen != line.seen
                }
                if others:
                    attempt.rollback()
            if not others:
                break
            changed |= others
            same = [line for line in same if line.number not in others]
        return [
            come_to(line, "changed", CHANGED.format(changed[line.number]))
            if line.number in changed
            else come_to(line, "done", "")
            for line in lines
        ]

    def _write(
        self, desk: Desk, connection: Connection, run: Run, asked: Asked, lines: Sequence[Line]
    ) -> list[Judged]:
        """Write lines, and return what each came to."""
        known = _find_known(connection, [line.relation for line in lines])
        author = Author(run.who, office_now(connection), run.number)
        found = self._edit(desk, connection, author, asked, known)
        gone = (_make(line.relation, "not_ready", "is er niet meer") for line in lines)
        return [found.get(line.relation, none) for line, none in zip(lines, gone, strict=True)]

    def _edit(
        self, desk: Desk, connection: Connection, author: Author, asked: Asked, numbers: Sequence[str]
    ) -> dict[str, Judged]:
        """Edit relations; return by relation what that came to."""
        office = active_office(connection)
        assert office is not None  # what is asked was completed by it
        drafts = self._drafting.draft(Place(connection, office, author.at.date()), asked, numbers)
        rules = Rules(office, check_relation_identity, desk.equipment.reports.identity_needs())
        edits = {number: draft.edit for number, draft in drafts.items() if draft.edit}
        weighed = edit_many(connection, edits, rules, author)
        told = _tell(connection, office, weighed.values())
        return {
            number: _judge(number, draft, weighed.get(number), told.get(number, ""))
            for number, draft in drafts.items()
        }


def _find_known(connection: Connection, numbers: Sequence[str]) -> list[str]:
    """Return those of these numbers that are of relations, in their order."""
    query = select(relations.c.number).where(among(relations.c.number, numbers))
    known = {*connection.execute(query).scalars()}
    return [number for number in numbers if number in known]


def _tell(connection: Connection, office: Office, weighed: Iterable[Weighed]) -> dict[str, str]:
    """Return by relation what changes, in words."""
    changes = [change for one in weighed for change in one.changes]
    told: dict[str, list[str]] = {}
    for change, said in zip(changes, tell(connection, office, changes), strict=True):
        lines = ", ".join(said.lines)
        about = lines if change.kind == relations.name else f"{said.what}{f' ({lines})' if lines else ''}"
        told.setdefault(change.relation, []).append(about)
    return {number: "; ".join(some) for number, some in told.items()}


def _judge(number: str, draft: Draft, weighed: Weighed | None, told: str) -> Judged:
    if weighed is None:
        return _make(number, draft.foreseen, draft.text)
    if weighed.mistakes:
        return _make(number, "not_ready", " ".join(weighed.mistakes))
    if not weighed.changes:
        return _make(number, "already", draft.text or "is al zo")
    costs = f"Let op: {'; '.join(one.removesuffix('.') for one in weighed.losses)}." if weighed.losses else ""
    text = " ".join(part for part in (f"{told}.", costs, draft.text) if part)
    return _make(number, "ready", text, [_compare(change) for change in weighed.changes])


def _compare(change: RelationChange) -> list[object]:
    """Return what of a change must be the same when it is written."""
    return [change.kind, change.subject, change.before, change.after]


def _make(number: str, foreseen: Foreseen, text: str, about: object = None) -> Judged:
    return Judged(make_line(number, foreseen, text, sub_number=ONE_SUB_NUMBER, about=about))
