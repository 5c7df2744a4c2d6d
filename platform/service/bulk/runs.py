"""Bulk runs as people ask for them: shown first, confirmed with the number shown, then carried out."""

from asyncio import to_thread
from collections.abc import Callable, Sequence
from typing import Literal

from sqlalchemy import Connection

from ...filing.outcome import Refusal, gather_refusals
from ...office import bulk as rows
from ...office.bulk import NewRun, Run, Status
from ...office.office_clock import office_now
from ...office.people import TeamMember, find_person
from ...office.plans import read_published
from ...runtime import bulk_client
from ...words import count_of
from ..desk import Desk
from ..unknown import refuse_other_than_member
from .actions import ACTIONS, WRITING
from .asking import Asked
from .keeping import make_id, open_asked, seal_asked
from .reading import find_void, refuse_unknown
from .selecting import NOTHING, Chosen, select_relations
from .writing import write_all

_NOT_YOURS = Refusal(
    code="not_yours",
    text="Alleen wie de proef maakte, kan die bevestigen: die geldt voor wat diegene mag.",
)
_HOLDS = Refusal(code="still_holds", text="Deze proef geldt nog: bevestig die, of begin een nieuwe.")


def prepare(
    desk: Desk,
    who: str,
    asked: Asked,
    chosen: Chosen,
    act_id: str | None = None,
    refuse: Callable[[Sequence[rows.NewLine]], Refusal | None] = lambda lines: None,
) -> int | Refusal:
    """Work out a bulk run for what was chosen and keep it; return its number. Nothing is done yet.

    `refuse` says why its lines may not be kept, and reads the moment of which they are: what is confirmed
    later is done as they say, or not at all. The same again under one `act_id` is the run that was kept
    first. Raises DatabaseError.
    """
    id = make_id(act_id, asked, chosen)
    numbers = select_relations(desk, chosen)
    kind = ACTIONS[asked.action]

    def work_out(connection: Connection) -> _Made:
        person, there = find_person(connection, who), rows.find_run_by_id(connection, id)
        if not isinstance(person, TeamMember):
            return refuse_other_than_member(connection, who, person, "dit doen")
        if there:
            return there
        meant = kind.complete(connection, asked)
        if isinstance(meant, Refusal) or isinstance(numbers, Refusal):
            return gather_refusals(numbers, meant) or NOTHING
        found = kind.choose(desk, connection, person.id, meant, numbers)
        if isinstance(found, Refusal):
            return found
        lines = [one.line for one in found]
        if refusal := refuse(lines):
            return refusal
        now = office_now(connection)
        new = NewRun(
            id=id,
            who=person.id,
            worked_out_under=read_published(connection),
            day=now.date(),
            made_at=now,
            **seal_asked(desk, meant, id),
        )
        return new, lines

    if asked.action in WRITING and not isinstance(
        numbers, Refusal
    ):  # tried by writing, and undone: so it takes a turn among those who write
        with desk.equipment.database.write() as connection:
            return _keep(connection, work_out(connection))
    with desk.one_moment():
        made = desk.read(work_out)
    if isinstance(made, Refusal | Run):
        return made if isinstance(made, Refusal) else made.number
    with desk.equipment.database.write() as connection:
        return _keep(connection, made)


def find_wrong(desk: Desk, asked: Asked | None, chosen: Chosen) -> Refusal | None:
    """Return what is wrong besides with a run that cannot be worked out yet. Raises DatabaseError."""
    meant = asked and desk.read(lambda connection: ACTIONS[asked.action].complete(connection, asked))
    return gather_refusals(meant, select_relations(desk, chosen))


def prepare_undo(desk: Desk, who: str, number: int, act_id: str | None = None) -> int | Refusal:
    """Work out a bulk run that takes back what another changed of relations. Raises DatabaseError."""
    return prepare(desk, who, Asked(action="undo", run=number), Chosen(run=number), act_id)


def prepare_again(desk: Desk, who: str, number: int, act_id: str | None = None) -> int | Refusal:
    """Work out once more what was asked in a run that no longer holds, for the same relations.

    Only for who made it: it is what they may do. Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> tuple[Run, list[str]] | Refusal:
        run, person = rows.find_run(connection, number), find_person(connection, who)
        if run is None:
            return refuse_unknown(number)
        if person is None or person.id != run.who:
            return _NOT_YOURS
        if find_void(run, read_published(connection), office_now(connection).date()) is None:
            return _HOLDS
        return run, [line.relation for line in rows.list_lines(connection, number)]

    found = desk.read(ask)
    if isinstance(found, Refusal):
        return found
    run, numbers = found
    asked = open_asked(desk, run)
    chosen = Chosen(run=asked.run) if asked.action == "undo" else Chosen(numbers=" ".join(numbers))
    return prepare(desk, who, asked, chosen, act_id)


_Made = tuple[NewRun, Sequence[rows.NewLine]] | Run | Refusal


def _keep(connection: Connection, made: _Made) -> int | Refusal:
    if isinstance(made, Refusal):
        return made
    return made.number if isinstance(made, Run) else rows.create_run(connection, *made).number


async def confirm(desk: Desk, who: str, number: int, count: int) -> Refusal | None:
    """Have a run carried out; `count` repeats how many lines it said that it would do. Safe to repeat.

    Edits of relations are written before it returns, and need no Temporal server. Raises ServerAwayError,
    RPCError and DatabaseError.
    """

    def change(connection: Connection, person: str) -> Refusal | None:
        refusal = _refuse_confirming(connection, who, number, count)
        if refusal is None:
            now = office_now(connection)
            if rows.change_status(connection, number, ["shown"], "running", confirmed_at=now):
                rows.keep_step(connection, number, "confirmed", person, now)
        return refusal

    def write_now(connection: Connection, person: str) -> Refusal | None:
        refusal = _refuse_confirming(connection, who, number, count)
        if refusal is None:
            write_all(desk, connection, number)
        return refusal

    def find(connection: Connection) -> Run | Refusal | None:
        return _refuse_confirming(connection, who, number, count) or rows.find_run(connection, number)

    # In threads, as of sending: one loop carries the acts of all who use the pages.
    run = await desk.ask(find)
    if isinstance(run, Refusal):
        return run
    if run and run.asked["action"] in WRITING:
        return await to_thread(_write, desk, who, write_now)
    client = await desk.client()
    refusal = await to_thread(_write, desk, who, change)
    if refusal:
        return refusal
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

    def change(connection: Connection, person: str) -> Refusal | None:
        found = rows.find_run(connection, number)
        if found is None:
            return refuse_unknown(number)
        again = rows.count_lines(connection, [number])[number].get(("ready", "unknown"), 0)
        if not (found.status in ("paused", "running") or (found.status == "done" and again)):
            return Refusal(code="not_paused", text="Er valt niets te hervatten.")
        rows.set_lines(connection, number, ["unknown"], "begun")
        rows.change_status(connection, number, ("paused", "done"), "running")
        if again or found.status != "running":
            rows.keep_step(connection, number, "resumed", person, office_now(connection))
        return None

    refusal = await to_thread(_write, desk, who, change)
    if refusal is None:
        await bulk_client.go_on(desk.equipment, client, number)
    return refusal


def cancel(desk: Desk, who: str, number: int) -> Refusal | None:
    """End a run: what is begun is finished, and nothing more is done. Raises DatabaseError."""
    over = Refusal(code="run_over", text="Deze bulkactie is al klaar.")
    return _change(desk, who, number, ("shown", "running", "paused"), "cancelled", over)


def _change(
    desk: Desk,
    who: str,
    number: int,
    known: tuple[Status, ...],
    new: Literal["paused", "cancelled"],
    otherwise: Refusal,
) -> Refusal | None:
    def change(connection: Connection, person: str) -> Refusal | None:
        found = rows.find_run(connection, number)
        if found is None:
            return refuse_unknown(number)
        if found.status == new:
            return None
        now = office_now(connection)
        moments = {"ended_at": now} if new == "cancelled" else {}
        if not rows.change_status(connection, number, known, new, **moments):
            return otherwise
        rows.keep_step(connection, number, new, person, now)
        if new == "cancelled":
            rows.set_lines(connection, number, ["open"], "cancelled")
        return None

    return _write(desk, who, change)


def _write(desk: Desk, who: str, change: Callable[[Connection, str], Refusal | None]) -> Refusal | None:
    """Change a run in one transaction, as a member by their id: any may stop what another began."""
    with desk.equipment.database.write() as connection:
        person = find_person(connection, who)
        if not isinstance(person, TeamMember):
            return refuse_other_than_member(connection, who, person, "dit doen")
        return change(connection, person.id)


def _refuse_confirming(connection: Connection, who: str, number: int, count: int) -> Refusal | None:
    """Return why a run cannot be confirmed; None where it can, or was by the same person."""
    run, person = rows.find_run(connection, number), find_person(connection, who)
    if run is None:
        return refuse_unknown(number)
    if person is None or person.id != run.who:
        return _NOT_YOURS
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
    return find_void(run, read_published(connection), office_now(connection).date())
