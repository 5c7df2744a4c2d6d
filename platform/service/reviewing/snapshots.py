"""A snapshot of what runs in an office, as a file that can leave it: it names nobody and says nothing freely.

What is kept of states and relations is on the allow-lists of `filing/redacting.py` and
`office/relations/redacting.py`. Filings and relations have invented ids that only the office can trace back.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import msgspec

from ...data import Struct, digest_of, read, replace, write_schema
from ...filing.events import Calendars
from ...filing.redacting import Redacted, Redactor
from ...filing_names import short_name
from ...office.filings.filing import list_ids
from ...office.plans import PublishedPlan, list_plans, read_plan_texts
from ...office.relations.redacting import (
    RedactedNeeds,
    RedactedRelations,
    redact_relations,
    restore_snapshot,
)
from ...office.relations.relation import all_relations
from ...plan import Model, Plan, load_plan
from ...sbr.registry import REPORTS
from ..desk import Desk
from .what_runs import Problem, RunningFiling, WhatRuns, invent_id, read_what_runs

VERSION = 1


class SnapshotFiling(Struct):
    """One filing: its invented id, plan by digest and redacted state, whose calendars are told by number."""

    id: str
    template: str
    plan: str
    calendars: int | None = None
    redacted: Redacted | None = None
    problem: Problem | None = None


class OfficeSnapshot(Struct):
    """What a file holds. `on` is the office's day; plans are as they were published, by digest.

    `written` is the day on the wall on which it was made: a practice office has days of its own.
    `recurring` are relations, by invented id, with a template that starts by itself there.
    """

    kind: Literal["kantoor_snapshot"]
    version: int
    on: date
    plans: dict[str, msgspec.Raw]
    calendars: tuple[Calendars, ...]
    filings: tuple[SnapshotFiling, ...]
    relations: RedactedRelations
    recurring: tuple[tuple[str, str], ...]
    written: date | None = None


class SnapshotError(Exception):
    """A file is not a snapshot that this version reads; the message says why, and names nothing of it."""


class Named(Model):
    """What an invented id stands for, in the office that made it: a filing or a relation."""

    kind: Literal["filing", "relation"]
    name: str


def make_snapshot(desk: Desk) -> bytes:
    """Return what runs in the office as the file that leaves it. Raises DatabaseError."""
    runs = read_what_runs(desk)
    texts = desk.read(lambda connection: read_plan_texts(connection, runs.plans))
    published = desk.read(list_plans)
    made = redact(desk, runs, {name: msgspec.Raw(text.encode()) for name, text in texts.items()}, published)
    return msgspec.json.encode(made, order="sorted") + b"\n"


def redact(
    desk: Desk, runs: WhatRuns, plans: dict[str, msgspec.Raw], published: Sequence[PublishedPlan]
) -> OfficeSnapshot:
    """Return what runs without what could name somebody."""
    calendars: dict[Calendars, int] = {}
    redactors = {
        name: Redactor(plan, [one.plan for one in published if one.template == plan.template])
        for name, plan in runs.plans.items()
    }
    return OfficeSnapshot(
        kind="kantoor_snapshot",
        version=VERSION,
        on=runs.on,
        plans=plans,
        filings=tuple(_redact_filings(runs, redactors, calendars)),
        calendars=tuple(calendars),
        relations=redact_relations(runs.relations, runs.needs, runs.invent),
        recurring=tuple(sorted((runs.invent(number), name) for number, name in runs.recurring)),
        written=date.today(),
    )


def _redact_filings(
    runs: WhatRuns, redactors: dict[str, Redactor], calendars: dict[Calendars, int]
) -> Iterator[SnapshotFiling]:
    for one in runs.filings:
        bare = SnapshotFiling(id=one.id, template=one.template, plan=one.plan, problem=one.problem)
        if one.redacted is None:
            yield bare
            continue
        redacted = redactors[one.plan].redact(one.redacted.state)
        state = redacted.state
        place = calendars.setdefault(state.origin.calendars, len(calendars))
        without = replace(state, origin=replace(state.origin, calendars=Calendars()))
        yield replace(bare, redacted=replace(redacted, state=without), calendars=place)


def read_snapshot(content: bytes) -> WhatRuns:
    """Read a snapshot. Raises SnapshotError."""
    try:
        version = msgspec.json.decode(content, type=_Head).version
        if version != VERSION:
            raise SnapshotError(f"it is of version {version}, and this kantoor reads version {VERSION}")
        made = read(content, OfficeSnapshot)
        plans = {name: _load_plan(name, bytes(raw)) for name, raw in made.plans.items()}
        filings = tuple(_restore(one, made.calendars, plans) for one in made.filings)
    except msgspec.MsgspecError:
        raise SnapshotError("it is not a snapshot of an office") from None
    return WhatRuns(
        on=made.on,
        written=made.written,
        redacted=True,
        plans=plans,
        filings=filings,
        relations=restore_snapshot(made.relations),
        recurring=frozenset(made.recurring),
        needs=RedactedNeeds(REPORTS.identity_needs(), made.relations.undeliverable),
    )


class _Head(msgspec.Struct):
    kind: Literal["kantoor_snapshot"]
    version: int


def _load_plan(name: str, content: bytes) -> Plan:
    if digest_of(content) != name:
        raise SnapshotError("a plan in it is not the one that its digest names")
    return load_plan(content.decode())


def _restore(one: SnapshotFiling, calendars: tuple[Calendars, ...], plans: dict[str, Plan]) -> RunningFiling:
    redacted, problem = one.redacted, one.problem
    if redacted is not None:
        if one.plan not in plans:
            redacted, problem = None, "no_plan"
        elif one.calendars is not None and one.calendars < len(calendars):
            state = redacted.state
            origin = replace(state.origin, calendars=calendars[one.calendars])
            redacted = replace(redacted, state=replace(state, origin=origin))
    return RunningFiling(one.id, None, one.template, one.plan, redacted, problem)


def find_named(desk: Desk, id: str) -> Named | None:
    """Return what an invented id stands for in this office, or None. Raises DatabaseError."""
    for name in desk.read(list_ids):
        if invent_id(desk, name) == id:
            return Named(kind="filing", name=short_name(name))
    for relation in desk.read(all_relations):
        if invent_id(desk, f"relation/{relation.number}") == id:
            return Named(kind="relation", name=relation.number)
    return None


def make_schema() -> str:
    """Return the JSON Schema of a snapshot."""
    return write_schema(OfficeSnapshot, "Snapshot")


if __name__ == "__main__":
    import sys

    sys.stdout.write(make_schema())
