"""What runs in an office: the state of every filing that has not ended, and the relations it is for."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

import msgspec
from sqlalchemy import Connection

from ...filing.construct import WorkItem
from ...filing.format_1 import read_state
from ...filing.redacting import Redacted
from ...office.filings.records import Recorded, UnreadableStateError, open_state, read_running
from ...office.filings.recurrences import list_recurrences
from ...office.office_clock import office_now
from ...office.people import all_members, list_doers, named_by_relation
from ...office.plans import plans_by_digest
from ...office.presence import OnDay, read_day
from ...office.relations.demands import Needs
from ...office.relations.snapshot import Snapshot, load_snapshot
from ...plan import Plan
from ..desk import Desk

Problem = Literal["not_begun", "unreadable", "no_plan"]
"""Why nothing can be said of a filing: no state yet, or one that cannot be read, or no plan of it."""


class RunningFiling(NamedTuple):
    """One filing: its invented id, its workflow id where the office itself is asked, and its plan by digest.

    `redacted` is its state, as it is or without what could name somebody; None where there is a `problem`.
    """

    id: str
    filing: str | None
    template: str
    plan: str
    redacted: Redacted | None
    problem: Problem | None = None

    @property
    def relation(self) -> str | None:
        """Return whose it is, by number, where the office itself is asked."""
        return None if self.filing is None else self.filing.split("/")[2]


@dataclass(frozen=True)
class Team:
    """Who does the work of an office on a day: members by relation and role in `named`, by id in `names`."""

    day: OnDay
    named: dict[str, dict[str, str]]
    names: dict[str, str]

    def name_doers(self, relation: str, plan: Plan, item: WorkItem) -> tuple[str, ...]:
        """Return the names of the colleagues who have open work of a relation: by roles, or given to them."""
        named = self.named.get(relation, {})
        found = {one for role in item.roles for one, _ in list_doers(self.day, named, role, plan.roles)}
        if item.person:
            found |= {*self.day.list_doers(item.person, plan.phase(item.phase).role)}
        return tuple(sorted(self.names[one] for one in found if one in self.names))


@dataclass(frozen=True)
class WhatRuns:
    """What runs, and the relations by which starts are judged; `recurring` are relation and template.

    `relations` are named by number, or by invented ids where what runs was `redacted`; `invent` returns the
    invented id by such a name. `starting` are those whose starts are judged, None for all. `team` is None
    where nobody is to be named. `written` is the day on the wall on which a snapshot was made, if it says so.
    """

    on: date
    redacted: bool
    plans: dict[str, Plan]
    filings: tuple[RunningFiling, ...]
    relations: Snapshot
    recurring: frozenset[tuple[str, str]]
    needs: Needs
    invent: Callable[[str], str] = str
    starting: frozenset[str] | None = None
    team: Team | None = None
    written: date | None = None

    def keep(self, wanted: Callable[[RunningFiling], bool]) -> "WhatRuns":
        """Return the same with these of its filings alone."""
        return replace(self, filings=tuple(filter(wanted, self.filings)))

    def judge_starts_of(self, relations: Iterable[str]) -> "WhatRuns":
        """Return the same where starts are judged of these relations alone."""
        return replace(self, starting=frozenset(relations))

    def starts(self, relation: str) -> bool:
        """Say whether a relation's starts are judged."""
        return self.starting is None or relation in self.starting


def read_what_runs(desk: Desk, templates: Collection[str] | None = None) -> WhatRuns:
    """Read what runs of some templates, or of all. Raises DatabaseError."""
    return desk.read(lambda connection: _read(connection, desk, templates))


def _read(connection: Connection, desk: Desk, templates: Collection[str] | None) -> WhatRuns:
    on = office_now(connection).date()
    recorded = list(read_running(connection, templates))
    plans = plans_by_digest(connection, {one.plan for one in recorded})
    return WhatRuns(
        on=on,
        redacted=False,
        plans=plans,
        filings=tuple(_read_states(desk, recorded, plans)),
        relations=load_snapshot(connection, None, on, upcoming=True),
        recurring=frozenset(
            (one.relation, one.template) for one in list_recurrences(connection) if one.status != "stopped"
        ),
        needs=desk.equipment.reports.identity_needs(),
        invent=lambda number: invent_id(desk, f"relation/{number}"),
        team=Team(
            read_day(connection, on),
            named_by_relation(connection),
            {one.id: one.name for one in all_members(connection)},
        ),
    )


def _read_states(
    desk: Desk, recorded: Collection[Recorded], plans: dict[str, Plan]
) -> Iterator[RunningFiling]:
    for one in recorded:
        found = _read_state(desk, one, plans.get(one.plan))
        yield RunningFiling(
            id=invent_id(desk, one.filing),
            filing=one.filing,
            template=one.filing.split("/")[1],
            plan=one.plan,
            redacted=None if isinstance(found, str) else found,
            problem=found if isinstance(found, str) else None,
        )


def _read_state(desk: Desk, one: Recorded, plan: Plan | None) -> Redacted | Problem:
    if plan is None:
        return "no_plan"
    try:
        content = open_state(one, desk.equipment.document_ring.open_sealed)
        return "not_begun" if content is None else Redacted(state=read_state(plan, content))
    except (UnreadableStateError, msgspec.MsgspecError):
        return "unreadable"


def invent_id(desk: Desk, name: str) -> str:
    """Return by what a filing or relation is named outside the office: nobody else can trace it back."""
    return desk.equipment.document_ring.invent_name(name)
