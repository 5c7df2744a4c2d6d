"""Closed filings of an office with all that happened to them, as a file that can leave it.

It names nobody and says nothing freely: `what_if/redacting.py` has what is kept. Filings have invented ids
that only the office can trace back.
"""

import gzip
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeVar

import msgspec
from sqlalchemy import Connection

from ...data import Struct, canonical, digest_of, read, replace, write_schema
from ...filing.events import AnyEvent, Calendars, Start
from ...filing.redacting import Redactor
from ...keys.ring import KeyFileError
from ...keys.sealing import BrokenSealError
from ...office.filings.filing import ClosedRow, list_closed
from ...office.filings.records import read_events
from ...office.office_clock import office_now
from ...office.plans import list_plans, read_plan_texts
from ...plan import Plan, load_plan
from ...runtime.rebuilding import read_event
from ...what_if.closed import ClosedFiling
from ...what_if.redacting import UntellableError, redact_events
from ..desk import Desk
from ..progress import Progress, show_nothing
from .what_runs import invent_id

VERSION = 1
PACKED = b"\x1f\x8b"
"""What a file begins with that is compressed."""

F = TypeVar("F", ClosedFiling, msgspec.Raw)


class ClosedSnapshot(Struct):
    """What a file holds: closed filings, and what they ran under. `on` is the office's day.

    `since` is the first day of which filings are told that ended; plans are as they were published, by
    digest. `digest` is that of all the rest, so that a file that was edited is known.
    """

    kind: Literal["kantoor_closed_filings"]
    version: int
    digest: str
    on: date
    since: date | None
    plans: dict[str, msgspec.Raw]
    calendars: tuple[Calendars, ...]
    filings: tuple[ClosedFiling, ...]


class _Unread(Struct):
    """A file whose filings are read where they are compared."""

    kind: Literal["kantoor_closed_filings"]
    version: int
    digest: str
    on: date
    since: date | None = None
    plans: dict[str, msgspec.Raw]
    calendars: tuple[Calendars, ...]
    filings: tuple[msgspec.Raw, ...]


@dataclass(frozen=True)
class ClosedFilings:
    """Closed filings by template, each as a struct or as it is in its file."""

    on: date
    since: date | None
    plans: dict[str, Plan]
    calendars: tuple[Calendars, ...]
    filings: dict[str, tuple[ClosedFiling | msgspec.Raw, ...]]


class ClosedFilingsError(Exception):
    """A file does not hold closed filings that this version reads; the message names nothing of it."""


def make_closed_snapshot(
    desk: Desk, since: date | None = None, progress: Progress = show_nothing, *, packed: bool = False
) -> bytes:
    """Return the closed filings of the office as the file that leaves it. Raises DatabaseError."""
    return write_closed_snapshot(_collect(desk, since, progress), packed=packed)


def read_closed(desk: Desk, since: date | None = None, progress: Progress = show_nothing) -> ClosedFilings:
    """Return the closed filings of the office, as a file would have them. Raises DatabaseError."""
    made = _collect(desk, since, progress)
    plans = {name: load_plan(bytes(raw).decode()) for name, raw in made.plans.items()}
    return _sort(made.on, since, plans, made.calendars, [(one.template, one) for one in made.filings])


def read_closed_snapshot(content: bytes) -> ClosedFilings:
    """Read a file, its filings as they are. Raises ClosedFilingsError."""
    try:
        text = gzip.decompress(content) if content.startswith(PACKED) else content
        version = msgspec.json.decode(text, type=_Head).version
        if version != VERSION:
            raise ClosedFilingsError(f"it is of version {version}, and this kantoor reads version {VERSION}")
        made = read(text, _Unread)
        if _digest(made.on, made.since, made.plans, made.calendars, made.filings) != made.digest:
            raise ClosedFilingsError("it was edited: its content is not the one that its digest names")
        plans = {name: _load_plan(name, bytes(raw)) for name, raw in made.plans.items()}
        filings = [(msgspec.json.decode(one, type=_Named).template, one) for one in made.filings]
    except (msgspec.MsgspecError, OSError, EOFError, UnicodeDecodeError):
        raise ClosedFilingsError("it is not a file of closed filings") from None
    return _sort(made.on, made.since, plans, made.calendars, filings)


def make_schema() -> str:
    """Return the JSON Schema of a file."""
    return write_schema(ClosedSnapshot, "Closed filings")


class _Head(msgspec.Struct):
    kind: Literal["kantoor_closed_filings"]
    version: int


class _Named(msgspec.Struct):
    template: str


def _load_plan(name: str, content: bytes) -> Plan:
    if digest_of(content) != name:
        raise ClosedFilingsError("a plan in it is not the one that its digest names")
    return load_plan(content.decode())


def _sort(
    on: date,
    since: date | None,
    plans: dict[str, Plan],
    calendars: tuple[Calendars, ...],
    filings: Sequence[tuple[str, F]],
) -> ClosedFilings:
    found: dict[str, list[ClosedFiling | msgspec.Raw]] = {}
    for template, one in filings:
        found.setdefault(template, []).append(one)
    by_template = {name: tuple(them) for name, them in found.items()}
    return ClosedFilings(on, since, plans, calendars, by_template)


def _digest(
    on: date,
    since: date | None,
    plans: dict[str, msgspec.Raw],
    calendars: tuple[Calendars, ...],
    filings: Sequence[msgspec.Raw],
) -> str:
    """Return the digest of what a file holds; that of a plan names it already."""
    head = canonical([on, since, sorted(plans), calendars])
    return digest_of(head + b"".join(b"\n" + bytes(one) for one in filings))


# --- what the office knows ----------------------------------------------------------------------------------


def _collect(desk: Desk, since: date | None, progress: Progress) -> ClosedSnapshot:
    return desk.read(lambda connection: _read(connection, desk, since, progress))


def _read(connection: Connection, desk: Desk, since: date | None, progress: Progress) -> ClosedSnapshot:
    rows = list_closed(connection, since)
    texts = read_plan_texts(connection, {row.plan for row in rows})
    plans = {name: load_plan(text) for name, text in texts.items()}
    published = [(one.template, one.plan) for one in list_plans(connection)]
    redactors = {
        name: Redactor(plan, [one for template, one in published if template == plan.template])
        for name, plan in plans.items()
    }
    calendars: dict[Calendars, int] = {}
    filings = []
    for place, row in enumerate(rows):
        progress("collecting", place, len(rows))
        told = _tell(connection, desk, row, redactors)
        if since is None or not told.events or told.events[-1].at.date() >= since:
            filings.append(number_calendars(told, calendars))
    return put_together(office_now(connection).date(), since, texts, filings, tuple(calendars))


def put_together(
    on: date,
    since: date | None,
    plans: Mapping[str, str],
    filings: Sequence[ClosedFiling],
    calendars: tuple[Calendars, ...],
) -> ClosedSnapshot:
    """Return what a file holds, under its digest; `plans` are texts as they were published, by digest."""
    kept = {name: msgspec.Raw(text.encode()) for name, text in plans.items()}
    written = [msgspec.Raw(msgspec.json.encode(one, order="sorted")) for one in filings]
    return ClosedSnapshot(
        kind="kantoor_closed_filings",
        version=VERSION,
        digest=_digest(on, since, kept, calendars, written),
        on=on,
        since=since,
        plans=kept,
        calendars=calendars,
        filings=tuple(filings),
    )


def write_closed_snapshot(made: ClosedSnapshot, *, packed: bool = False) -> bytes:
    """Return the content of a file, or where it is `packed` compressed."""
    content = msgspec.json.encode(made, order="sorted") + b"\n"
    return gzip.compress(content, 6, mtime=0) if packed else content


def _tell(connection: Connection, desk: Desk, row: ClosedRow, redactors: dict[str, Redactor]) -> ClosedFiling:
    bare = ClosedFiling(id=invent_id(desk, row.id), template=row.template, plan=row.plan)
    redactor = redactors.get(row.plan)
    if redactor is None:
        return replace(bare, problem="no_plan")
    try:
        return redact_events(redactor, bare, tuple(_read_events(connection, desk, row)))
    except UntellableError as error:
        return replace(bare, problem=error.problem)
    except (KeyFileError, BrokenSealError, msgspec.MsgspecError):
        return replace(bare, problem="unreadable")


def _read_events(connection: Connection, desk: Desk, row: ClosedRow) -> Iterator[AnyEvent]:
    recorded = read_events(connection, row.id, desk.equipment.document_ring.open_sealed)
    if [one.sequence for one in recorded] != list(range(1, row.recorded + 1)):
        raise UntellableError("incomplete")
    yield from (read_event(one.event) for one in recorded)


def number_calendars(filing: ClosedFiling, calendars: dict[Calendars, int]) -> ClosedFiling:
    """Return a filing whose calendars are told by their place among those of the file."""
    start = filing.events[0] if filing.events else None
    if not isinstance(start, Start):
        return filing
    place = calendars.setdefault(start.calendars, len(calendars))
    return replace(
        filing, calendars=place, events=(replace(start, calendars=Calendars()), *filing.events[1:])
    )


if __name__ == "__main__":
    import sys

    sys.stdout.write(make_schema())
