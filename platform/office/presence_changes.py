"""Writing absence, stand-ins and titles: every change leaves a line of who made it, and when (R2)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Literal, NamedTuple

from sqlalchemy import Connection, Table, select

from ..plan import Model
from .database.tables import absences, presence_changes, qualifications, stand_ins
from .presence import StandsIn, Stretch, Title, list_away, read_presence

Kind = Literal["absences", "stand_ins", "qualifications"]
"""What was changed, by the name of its table."""

_TABLES: dict[Kind, Table] = {
    "absences": absences,
    "stand_ins": stand_ins,
    "qualifications": qualifications,
}
_DAY = timedelta(days=1)


class Author(NamedTuple):
    """Who changes something, and when in office time; `id` is None where an import of files does.

    `run` is the number of the bulk run in which they do, if any.
    """

    id: str | None
    at: datetime
    run: int | None = None


class Dates(Model):
    """What is kept of an absence, a stand-in (`role`, `stand_in`) or a title (`qualification`)."""

    since: date
    until: date | None = None
    role: str | None = None
    stand_in: str | None = None
    qualification: str | None = None


class Change(Model):
    """One change of a member: by whom (None: an import) and when, and how it was; None where it was not."""

    member: str
    kind: Kind
    before: Dates | None
    after: Dates | None
    by: str | None
    at: datetime


class Ended(NamedTuple):
    """What ended since a member was back early: the absence, and the stand-ins for it, as they were."""

    absence: Stretch
    stand_ins: tuple[StandsIn, ...]


def note_absence(connection: Connection, member: str, days: Stretch, author: Author) -> None:
    """Write that a member is absent, or until when instead. Needs a writing connection."""
    _put(connection, "absences", {"member": member, "since": days.since}, {"until": days.until}, author)


def note_stand_in(connection: Connection, one: StandsIn, author: Author) -> None:
    """Write who the stand-in is, or until when instead. Needs a writing connection."""
    key = {"member": one.member, "role": one.role, "since": one.days.since}
    _put(connection, "stand_ins", key, {"until": one.days.until, "stand_in": one.stand_in}, author)


def note_title(connection: Connection, one: Title, author: Author) -> None:
    """Write from when a title holds, or until when instead. Needs a writing connection."""
    key = {"member": one.member, "qualification": one.title, "since": one.days.since}
    _put(connection, "qualifications", key, {"until": one.days.until}, author)


def end_absence(connection: Connection, member: str, back: date, author: Author) -> Ended | None:
    """End the absence that holds on the day a member is back, and the stand-ins for it: the day before.

    Later leave stays, and so do stand-ins that reach beyond the absence. Return what was ended, as it was;
    None where the member is not absent that day. Needs a writing connection.
    """
    absent, others = list_away(read_presence(connection, back), member)
    ended = next((days for days in absent if days.holds(back)), None)
    if ended is None:
        return None
    theirs = [one for one in others if ended.contains(one.days)]
    # A row that began that day is kept, with no day left in it: it tells what held until then.
    last = back - _DAY
    note_absence(connection, member, ended._replace(until=last), author)
    for one in theirs:
        note_stand_in(connection, one._replace(days=one.days._replace(until=last)), author)
    return Ended(ended, tuple(theirs))


def find_ended(connection: Connection, member: str, back: date, by: str | None) -> Ended | None:
    """Return what `end_absence` ended since a member was back that day; None unless that was the last change.

    Somebody else's doing is none of `by`.
    """
    changes = [one for one in list_changes(connection, member) if one.before and one.after]
    places = [place for place, one in enumerate(changes) if one.kind == "absences"]
    last, *since = changes[places[-1] :] if places else (None,)
    if last is None or last.by != by or not (_ends(last, back) and _days_before(last).holds(back)):
        return None
    theirs = [one for one in since if one.kind == "stand_ins" and one.at == last.at and _ends(one, back)]
    return Ended(_days_before(last), tuple(_stands_in_before(one) for one in theirs))


def _ends(change: Change, back: date) -> bool:
    """Say whether a change had something end the day before a member is back."""
    return change.after is not None and change.after.until == back - _DAY


def _days_before(change: Change) -> Stretch:
    assert change.before is not None
    return Stretch(change.before.since, change.before.until)


def _stands_in_before(change: Change) -> StandsIn:
    assert change.before is not None
    role, colleague = change.before.role, change.before.stand_in
    assert role is not None
    assert colleague is not None
    return StandsIn(change.member, role, colleague, _days_before(change))


def note_change(
    connection: Connection,
    kind: Kind,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    author: Author,
) -> None:
    """Write down a change of a row, from what it was to what it is. Needs a writing connection."""
    member = (after or before or {})["member"]
    values = {
        "member": member,
        "kind": kind,
        "before": _write_dates(before),
        "after": _write_dates(after),
        "by": author.id,
        "at": author.at,
    }
    connection.execute(presence_changes.insert().values(**values))


def list_changes(connection: Connection, member: str) -> tuple[Change, ...]:
    """Return what was changed of a member, the first change first."""
    query = select(presence_changes).where(presence_changes.c.member == member)
    rows = connection.execute(query.order_by(presence_changes.c.id)).mappings()
    return tuple(Change.model_validate({k: v for k, v in row.items() if k != "id"}) for row in rows)


def _put(
    connection: Connection, kind: Kind, key: dict[str, Any], values: dict[str, Any], author: Author
) -> None:
    table = _TABLES[kind]
    same = [table.c[column] == value for column, value in key.items()]
    row = connection.execute(select(table).where(*same)).mappings().first()
    before, after = None if row is None else dict(row), {**key, **values}
    if before == after:
        return
    if before is None:
        connection.execute(table.insert().values(**after))
    else:
        connection.execute(table.update().where(*same).values(**values))
    note_change(connection, kind, before, after, author)


def _write_dates(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    dates = Dates.model_validate({name: value for name, value in row.items() if name != "member"})
    return dates.model_dump(mode="json", exclude_none=True)
