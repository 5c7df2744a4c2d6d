"""Bulk runs as people ask for them: shown first, confirmed with the number shown, then carried out."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...office import bulk as rows
from ...office.bulk import Foreseen, Line, LineStatus, NewRun, Run, Status
from ...office.office_clock import office_now
from ...office.people import TeamMember, all_members, find_person
from ...office.plans import active_plan, active_plans, read_published
from ...plan import Model
from ...runtime import bulk_client
from ...words import count_of
from ..desk import Desk
from ..paging import Leaf, turn_to
from ..unknown import refuse_other_than_member
from .actions import ACTIONS
from .asking import Asked, describe
from .keeping import make_id, open_asked, seal_asked
from .selecting import Chosen, select_relations

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
    def settled(self) -> int:
        """Return how many of those have come to something."""
        return self.ready - self.outcomes.get("open", 0) - self.outcomes.get("begun", 0)


class RunPage(Model):
    """A bulk run with a page of its lines."""

    run: Summary
    leaf: Leaf
    lines: tuple[Line, ...]


class RunList(Model):
    """A page of the bulk runs, the last first."""

    leaf: Leaf
    runs: tuple[Summary, ...]


class Choices(Model):
    """What can be chosen for a bulk run: titles of templates and colleagues by id."""

    templates: dict[str, str]
    members: dict[str, str]


def prepare(desk: Desk, who: str, asked: Asked, chosen: Chosen, act_id: str | None = None) -> int | Refusal:
    """Work out a bulk run for what was chosen and keep it; return its number. Nothing is done yet.

    The same again under one `act_id` is the run that was kept first. Raises DatabaseError.
    """
    id = make_id(act_id, asked, chosen)
    numbers = select_relations(desk, chosen)
    if isinstance(numbers, Refusal):
        return numbers
    refusal = _refuse_asked(asked)
    if refusal:
        return refusal

    def work_out(connection: Connection) -> tuple[NewRun, Sequence[rows.NewLine]] | Run | Refusal:
        person, there = find_person(connection, who), rows.find_run_by_id(connection, id)
        if not isinstance(person, TeamMember):
            return refuse_other_than_member(connection, who, person, "dit doen")
        if there:
            return there
        found = ACTIONS[asked.action].choose(desk, connection, person.id, asked, numbers)
        if isinstance(found, Refusal):
            return found
        now, plan = office_now(connection), active_plan(connection, asked.template)
        kept: dict[str, Any] = {"title": plan.plan.title if plan else asked.template}
        if asked.action == "start":
            kept["start_date"] = asked.start_date or now.date()
        new = NewRun(
            id=id,
            who=person.id,
            worked_out_under=read_published(connection),
            day=now.date(),
            made_at=now,
            **seal_asked(desk, asked.model_copy(update=kept), id),
        )
        return new, [one.line for one in found]

    made = desk.read(work_out)
    if isinstance(made, Refusal):
        return made
    if isinstance(made, Run):
        return made.number
    with desk.equipment.database.write() as connection:
        return rows.create_run(connection, *made).number


def _refuse_asked(asked: Asked) -> Refusal | None:
    """Return what lacks of what is asked."""
    if asked.action == "start" and not (asked.template and asked.period):
        return Refusal(code="no_template", text="Kies een werkproces en een periode om te starten.")
    if asked.action in ("hold", "reassign") and not asked.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden.")
    if asked.action == "reassign" and not (asked.person and asked.to):
        return Refusal(code="nobody_to", text="Kies van wie het werk is, en wie het krijgt.")
    return None


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
            return _no_run(number)
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
        return RunPage(run=run, leaf=leaf, lines=tuple(lines))

    return desk.read(ask)


def read_lines(desk: Desk, number: int) -> tuple[Line, ...] | Refusal:
    """Return all lines of a run. Raises DatabaseError."""

    def ask(connection: Connection) -> tuple[Line, ...] | Refusal:
        if rows.find_run(connection, number) is None:
            return _no_run(number)
        return tuple(rows.list_lines(connection, number))

    return desk.read(ask)


def read_choices(desk: Desk) -> Choices:
    """Return what can be chosen. Raises DatabaseError."""

    def ask(connection: Connection) -> Choices:
        return Choices(
            templates={one.template: one.plan.title for one in active_plans(connection)},
            members={one.id: one.name for one in all_members(connection)},
        )

    return desk.read(ask)


async def confirm(desk: Desk, who: str, number: int, count: int) -> Refusal | None:
    """Have a run carried out; `count` repeats how many lines it said that it would do. Safe to repeat.

    Raises ServerAwayError, RPCError and DatabaseError.
    """
    refusal = desk.read(lambda connection: _refuse_confirming(connection, who, number, count))
    if refusal:
        return refusal
    client = await desk.client()
    with desk.equipment.database.write() as connection:
        refusal = _refuse_confirming(connection, who, number, count)
        if refusal:
            return refusal
        rows.change_status(connection, number, ["shown"], "running", confirmed_at=office_now(connection))
    await bulk_client.go_on(desk.equipment, client, number)
    return None


def pause(desk: Desk, who: str, number: int) -> Refusal | None:
    """Let what is begun be finished, and begin no more until it is resumed. Raises DatabaseError."""
    text = "Deze bulkactie loopt niet."
    return _change(desk, who, number, ("running",), "paused", Refusal(code="not_running", text=text))


async def resume(desk: Desk, who: str, number: int) -> Refusal | None:
    """Go on with a run that was paused, or try again what nobody knows of. Safe to repeat.

    Raises ServerAwayError, RPCError and DatabaseError.
    """
    client = await desk.client()

    def change(connection: Connection) -> Refusal | None:
        found = rows.find_run(connection, number)
        if found is None:
            return _no_run(number)
        again = rows.count_lines(connection, [number])[number].get(("ready", "unknown"), 0)
        if not (found.status in ("paused", "running") or (found.status == "done" and again)):
            return Refusal(code="not_paused", text="Er valt niets te hervatten.")
        rows.set_lines(connection, number, ["unknown"], "begun")
        rows.change_status(connection, number, ("paused", "done"), "running")
        return None

    refusal = _write(desk, who, change)
    if refusal is None:
        await bulk_client.go_on(desk.equipment, client, number)
    return refusal


def cancel(desk: Desk, who: str, number: int) -> Refusal | None:
    """End a run: what is begun is finished, and nothing more is done. Raises DatabaseError."""
    over = Refusal(code="run_over", text="Deze bulkactie is al klaar.")
    return _change(desk, who, number, ("shown", "running", "paused"), "cancelled", over)


def _change(
    desk: Desk, who: str, number: int, known: tuple[Status, ...], new: Status, otherwise: Refusal
) -> Refusal | None:
    def change(connection: Connection) -> Refusal | None:
        found = rows.find_run(connection, number)
        if found is None:
            return _no_run(number)
        if found.status == new:
            return None
        moments = {"ended_at": office_now(connection)} if new == "cancelled" else {}
        if not rows.change_status(connection, number, known, new, **moments):
            return otherwise
        if new == "cancelled":
            rows.set_lines(connection, number, ["open"], "cancelled")
        return None

    return _write(desk, who, change)


def _write(desk: Desk, who: str, change: Callable[[Connection], Refusal | None]) -> Refusal | None:
    """Change a run in one transaction: any colleague may stop or go on with what another began."""
    with desk.equipment.database.write() as connection:
        person = find_person(connection, who)
        if not isinstance(person, TeamMember):
            return refuse_other_than_member(connection, who, person, "dit doen")
        return change(connection)


def _no_run(number: int) -> Refusal:
    return Refusal(code="no_run", text=f"Er is geen bulkactie met nummer {number}.")


def _refuse_confirming(connection: Connection, who: str, number: int, count: int) -> Refusal | None:
    """Return why a run cannot be confirmed; None where it can, or was by the same person."""
    run, person = rows.find_run(connection, number), find_person(connection, who)
    if run is None:
        return _no_run(number)
    if person is None or person.id != run.who:
        text = "Alleen wie de proef maakte, kan die bevestigen: die geldt voor wat diegene mag."
        return Refusal(code="not_yours", text=text)
    if run.status == "cancelled":
        return Refusal(code="run_over", text="Deze bulkactie is geannuleerd.")
    if run.status != "shown":
        return None
    counted = rows.count_lines(connection, [number])[number]
    ready = sum(many for (foreseen, _), many in counted.items() if foreseen == "ready")
    if ready == 0:
        return Refusal(code="nothing_to_do", text="Er is niets dat kan worden gedaan.")
    if ready != count:
        lines = count_of(ready, "regel", "regels")
        text = f"Dit gaat over {lines}, en u bevestigde een ander aantal. Typ het aantal dat u ziet."
        return Refusal(code="other_number", text=text)
    return _find_void(run, read_published(connection), office_now(connection).date())


def _find_void(run: Run, published: dict[str, str], today: date) -> Refusal | None:
    """Return why a run that is not confirmed yet no longer holds."""
    if run.status != "shown":
        return None
    if run.worked_out_under != published:
        return DEPLOYED
    return DAY_OVER if run.day != today else None


def _summarize(desk: Desk, connection: Connection, found: Sequence[Run]) -> Iterator[Summary]:
    """Yield runs at a glance, with as many statements for one as for a page of them."""
    counted = rows.count_lines(connection, [run.number for run in found])
    published, today = read_published(connection), office_now(connection).date()
    for run in found:
        asked, counts = open_asked(desk, run), counted[run.number]
        void = _find_void(run, published, today)
        foreseen: dict[Foreseen, int] = {}
        outcomes: dict[LineStatus, int] = {}
        for (shown, status), many in counts.items():
            foreseen[shown] = foreseen.get(shown, 0) + many
            if shown == "ready":
                outcomes[status] = outcomes.get(status, 0) + many
        yield Summary(
            number=run.number,
            asked=asked,
            title=describe(asked),
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
