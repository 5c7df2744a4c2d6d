"""Bulk runs as people look at them: what was shown, how far they are, what became of each line."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...office import bulk as rows
from ...office.bulk import Foreseen, Line, LineStatus, Run, Status, Step
from ...office.office_clock import office_now
from ...office.people import all_members
from ...office.plans import active_office, active_plans, read_published
from ...period import Period, say_over
from ...plan import Model
from ...words import FREQUENCY_WORDS
from ..desk import Desk
from ..paging import Leaf, turn_to
from ..relations.editing.roles import read_process_teams
from .asking import Asked, describe
from .edits.fields import name_fields
from .keeping import open_asked

SIZE = 100
RUN_SIZE = 30

DEPLOYED = Refusal(
    code="void_deployed",
    text="Sinds deze proef is er gepubliceerd: wat u zag, geldt niet meer. Maak de proef opnieuw.",
)
DAY_OVER = Refusal(
    code="void_day", text="Deze proef is van een andere dag en geldt niet meer. Maak de proef opnieuw."
)


class Summary(Model):
    """A bulk run at a glance; `title` says what it does, `void` why it can no longer be confirmed.

    `foreseen` and `outcomes` count lines: what was shown, and what became of those that could be done.
    """

    number: int
    asked: Asked
    title: str
    who: str
    who_name: str
    day: date
    made_at: datetime
    status: Status
    ended_at: datetime | None
    void: str
    total: int
    foreseen: dict[Foreseen, int]
    outcomes: dict[LineStatus, int]

    @property
    def ready(self) -> int:
        """Return how many lines could be done when it was shown: the number that is confirmed."""
        return self.foreseen.get("ready", 0)

    @property
    def stage(self) -> Status | Literal["nothing", "void"]:
        """Return how it stands: its status, or that it was shown and has nothing to confirm, or no longer."""
        if self.void:
            return "void"
        return "nothing" if self.status == "shown" and not self.ready else self.status

    @property
    def done(self) -> int:
        """Return how many of those were done."""
        return self.outcomes.get("done", 0)

    @property
    def settled(self) -> int:
        """Return how many of those were taken in hand, and came to something: not what was cancelled."""
        waiting: tuple[LineStatus, ...] = ("open", "begun", "cancelled")
        return self.ready - sum(self.outcomes.get(one, 0) for one in waiting)


FILING = "filing/"
"""How the workflow id of a filing begins."""


class RunPage(Model):
    """A bulk run with a page of its lines."""

    run: Summary
    leaf: Leaf
    lines: tuple[Line, ...]
    filings: dict[int, str]
    """What the lines' filings are about, in words, by the numbers of the lines."""
    steps: tuple[Step, ...] = ()
    """What people did to it, in order."""


class RunList(Model):
    """A page of the bulk runs, the last first."""

    leaf: Leaf
    runs: tuple[Summary, ...]


class Choices(Model):
    """What can be chosen for a bulk run: titles and names, by id.

    Work is given to who is here; it is taken over from any of the `members`, also from who left.
    """

    templates: dict[str, str]
    members: dict[str, str]
    here: dict[str, str]
    fields: dict[str, str]
    roles: dict[str, str]
    process_teams: dict[str, str]
    products: dict[str, str]
    frequencies: dict[str, str]


def list_runs(desk: Desk, page: int = 1) -> RunList:
    """Return a page of the bulk runs. Raises DatabaseError, KeyFileError and BrokenSealError."""

    def ask(connection: Connection) -> RunList:
        leaf = turn_to(page, rows.count_runs(connection), RUN_SIZE)
        found = rows.list_runs(connection, leaf.skip, leaf.size)
        return RunList(leaf=leaf, runs=tuple(_summarize(desk, connection, found)))

    return desk.read(ask)


def read_run(
    desk: Desk, number: int, page: int = 1, *, foreseen: Foreseen | None = None, status: str = ""
) -> RunPage | Refusal:
    """Return a run with a page of its lines: all, those foreseen so, or those that came to one status.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> RunPage | Refusal:
        found = rows.find_run(connection, number)
        if found is None:
            return refuse_unknown(number)
        (run,) = _summarize(desk, connection, [found])
        statuses = [one for one in run.outcomes if one == status]
        counted = (
            run.outcomes[statuses[0]] if statuses else run.foreseen.get(foreseen, 0) if foreseen else None
        )
        leaf = turn_to(page, run.total if counted is None else counted, SIZE)
        lines = rows.list_lines(
            connection,
            number,
            foreseen=None if statuses else foreseen,
            statuses=statuses or None,
            skip=leaf.skip,
            most=SIZE,
        )
        steps = rows.list_steps(connection, number)
        filings = _name_filings(connection, lines)
        return RunPage(run=run, leaf=leaf, lines=tuple(lines), steps=steps, filings=filings)

    return desk.read(ask)


def _name_filings(connection: Connection, lines: Sequence[Line]) -> dict[int, str]:
    """Return by line what its filing, or the one that it would start, is about: Aangifte btw over mei."""
    of_filing = {one.number: one.filing for one in lines if one.filing and one.filing.startswith(FILING)}
    titles = {one.template: one.plan.title for one in active_plans(connection)} if of_filing else {}
    named: dict[int, str] = {}
    for number, filing in of_filing.items():
        template, _, period, *_ = filing.removeprefix(FILING).split("/")
        named[number] = f"{titles.get(template, template)} {say_over(Period.parse(period).words)}"
    return named


def read_lines(desk: Desk, number: int) -> tuple[Line, ...] | Refusal:
    """Return all lines of a run. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[Line, ...] | Refusal:
        if rows.find_run(connection, number) is None:
            return refuse_unknown(number)
        return tuple(rows.list_lines(connection, number))

    return desk.read(ask)


def read_choices(desk: Desk) -> Choices:
    """Return what can be chosen. Raises DatabaseError."""

    def ask(connection: Connection) -> Choices:
        office = active_office(connection)
        products, members = office.products if office else (), all_members(connection)
        often = dict.fromkeys(kind for one in products for kind in one.frequencies)
        return Choices(
            templates={one.template: one.plan.title for one in active_plans(connection)},
            members={one.id: one.name for one in members},
            here={one.id: one.name for one in members if one.active},
            fields=name_fields(office) if office else {},
            roles={one.id: one.title for one in office.roles} if office else {},
            process_teams={name: name for name in read_process_teams(connection)},
            products={one.id: one.title for one in products},
            frequencies={str(kind): f"per {FREQUENCY_WORDS[kind]}" for kind in often},
        )

    return desk.read(ask)


def refuse_unknown(number: int) -> Refusal:
    """Return the refusal of a run that is not there."""
    return Refusal(code="no_run", text=f"Er is geen bulkactie met nummer {number}.")


def find_void(run: Run, published: dict[str, str], today: date) -> Refusal | None:
    """Return why a run that is not confirmed yet no longer holds."""
    if run.status != "shown":
        return None
    if run.worked_out_under != published:
        return DEPLOYED
    return DAY_OVER if run.day != today else None


def _summarize(desk: Desk, connection: Connection, found: Sequence[Run]) -> Iterator[Summary]:
    """Yield runs at a glance, with as many statements for one as for a page of them."""
    counted = rows.count_lines(connection, [run.number for run in found])
    names = {one.id: one.name for one in all_members(connection)}
    published, today = read_published(connection), office_now(connection).date()
    for run in found:
        asked, counts = open_asked(desk, run), counted[run.number]
        void = find_void(run, published, today)
        foreseen: dict[Foreseen, int] = {}
        outcomes: dict[LineStatus, int] = {}
        for (shown, status), many in counts.items():
            foreseen[shown] = foreseen.get(shown, 0) + many
            if shown == "ready":
                outcomes[status] = outcomes.get(status, 0) + many
        yield Summary(
            number=run.number,
            asked=asked,
            title=describe(asked, names),
            who=run.who,
            who_name=run.who_name or run.who,
            day=run.day,
            made_at=run.made_at,
            status=run.status,
            ended_at=run.ended_at,
            void=void.text if void else "",
            total=sum(counts.values()),
            foreseen=foreseen,
            outcomes=outcomes,
        )
