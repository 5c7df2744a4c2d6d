"""Recurrences: what starts by itself; pausing, resuming, skipping, moving and stopping it (R28)."""

from asyncio import to_thread
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection

from ...office.filings import recurrences as rows
from ...office.filings.recurrences import Recurrence, find_recurrence
from ...office.office_clock import office_now
from ...office.overviews.halted import say_start_waits
from ...office.overviews.recurring import tell_gone
from ...office.people import TeamMember, find_member, find_person
from ...office.plans import plan_in_force
from ...period import Period, in_words
from ...plan import Model
from ...recurrence import find_period_before
from ...runtime.client import LIMIT, NotRunning, Unknown
from ...runtime.recurrence_client import Answer, Change, change_recurrence, recurrence_of, row_of, terms_of
from ...runtime.starter import Starter
from ...suggest import ask_in_dutch, nearest
from ..desk import Desk
from ..filings.sending import report_fault
from ..results import RecurrenceLine, Refusal, recurrence_line
from ..unknown import refuse_other_than_member
from .later_starts import refuse_moves

__all__ = [
    "Change",
    "Changed",
    "Unknown",
    "begin",
    "change",
    "find_passed",
    "find_who_stopped",
    "list_recurrences",
    "read_recurrence",
    "refuse_start",
    "say_not_begun",
]

_FURTHEST = timedelta(days=366)


class Changed(Model):
    """The recurrence as the change left it; `repeated` when that happened before."""

    recurrence: RecurrenceLine
    repeated: bool


class Stopped(Model):
    """Who stopped something that had not begun, and when in office time."""

    who: str
    at: datetime


def list_recurrences(desk: Desk) -> tuple[RecurrenceLine, ...]:
    """Return all recurrences, by relation and template."""
    found = desk.read(lambda connection: tell_gone(connection, rows.list_recurrences(connection)))
    return tuple(map(recurrence_line, found))


def read_recurrence(desk: Desk, name: str) -> RecurrenceLine | Refusal:
    """Return a recurrence, or a single start on a later day, by its name. Raises DatabaseError."""
    found = _find(desk, name)
    if isinstance(found, Refusal):
        return found
    (told,) = desk.read(lambda connection: tell_gone(connection, [found]))
    return recurrence_line(told)


def find_who_stopped(desk: Desk, line: RecurrenceLine) -> Stopped | None:
    """Return who stopped what had not begun; None where it began, or goes on. Raises DatabaseError."""
    found = _find(desk, line.name) if line.status == "stopped" else None
    if not isinstance(found, Recurrence) or not (by := found.stopped_by) or found.stopped_at is None:
        return None
    person = desk.read(lambda connection: find_member(connection, by))
    return Stopped(who=person.name if person else by, at=found.stopped_at)


def find_passed(desk: Desk, name: str) -> Period | None:
    """Return the period that a recurrence passed over and can still go back to. Raises DatabaseError.

    That is the agreed one before its next, as long as nothing was started over it.
    """
    found = _find(desk, name)
    return (
        None if isinstance(found, Refusal) else desk.read(lambda connection: _find_passed(connection, found))
    )


async def change(
    desk: Desk,
    who: str,
    name: str,
    wanted: Change,
    act_id: str | None = None,
    *,
    start: date | None = None,
    seen: str | None = None,
    past_legal_day: bool = False,
) -> Changed | Refusal | Unknown:
    """Change a recurrence, named template/relation[/sub-number]; under its id it happens once.

    What is only planned can be stopped; for the rest it has to begin first.

    `start` is the day of set_start: from today on, before the period behind it starts, and where
    `past_legal_day` does not say otherwise not after the period's last day by law. `seen` is the period that
    was next when somebody looked. The same id for another change is refused.

    Raises ServerAwayError, DatabaseError and RPCError when something outside failed.
    """
    # In threads, as of sending: one loop carries the acts of all who use the pages.
    person = await desk.ask(lambda connection: _find_member(connection, who))
    if isinstance(person, Refusal):
        return person
    found = await to_thread(_find, desk, name)
    if isinstance(found, Refusal):
        return found
    if start is not None:
        move = _Move(found, start, past_legal_day)
        if refusal := await desk.ask(lambda connection: _refuse_move(connection, move)):
            return refusal
    if wanted == "unskip":
        seen = seen or found.next_period
        if seen == found.next_period and await desk.ask(lambda there: _find_passed(there, found)) is None:
            return _NOTHING_PASSED
    client, act = await desk.client(), act_id or uuid4().hex

    async def ask() -> Answer:
        return await change_recurrence(
            *(client, found.workflow_id, wanted, act, person.id),
            start=start,
            seen=seen,
            limit=desk.limit or LIMIT,
        )

    answer = await ask()
    stopped = (
        isinstance(answer, NotRunning)
        and wanted == "stop"
        and await to_thread(_stop, desk, found, person.id, act)
    )
    if stopped:  # a worker may have begun it in that moment
        answer = await ask()
    if isinstance(answer, Unknown):
        await to_thread(report_fault, desk, answer)
        return answer
    if isinstance(answer, Refusal):
        return answer
    if isinstance(answer, NotRunning) and stopped:
        return Changed(recurrence=recurrence_line(await to_thread(_read_again, desk, found)), repeated=False)
    if isinstance(answer, NotRunning):
        return _without_workflow(found, wanted)
    row = row_of(answer.recurrence)
    if answer.repeated or (wanted == "stop" and found.status == "stopped"):  # its workflow is about to end
        return Changed(recurrence=recurrence_line(row), repeated=True)
    if row.status == "stopped" and wanted != "stop":  # it has been stopped and is about to end
        return _STOPPED
    await desk.until(lambda connection: _is_saved(connection, row, wanted))
    return Changed(recurrence=recurrence_line(row), repeated=False)


def _stop(desk: Desk, found: Recurrence, who: str, act: str) -> bool:
    with desk.equipment.database.write() as connection:
        return rows.stop_planned(connection, found, who, act)


def _read_again(desk: Desk, found: Recurrence) -> Recurrence:
    """Return a recurrence as its row is by now."""
    key = (found.relation, found.template, found.sub_number)
    return desk.read(lambda connection: find_recurrence(connection, *key)) or found


def _is_saved(connection: Connection, row: Recurrence, wanted: Change) -> bool:
    """Say whether a change is in the row; what was starting as it came may have taken the row further."""
    saved = find_recurrence(connection, row.relation, row.template, row.sub_number)
    if saved is None or wanted not in ("pause", "resume", "stop"):
        return saved == row
    return saved.status == row.status


_STOPPED = Refusal(
    code="recurrence_stopped", text="Deze herhaling is gestopt. Wie verder wil, start een nieuwe."
)


_NOT_AGREED = Refusal(
    code="no_product",
    text="Dit kan niet beginnen: het product is met deze relatie niet meer afgesproken. Leg het weer vast "
    "bij de relatie, of stop deze start.",
)
_NOT_PUBLISHED = Refusal(
    code="no_plan",
    text="Dit kan niet beginnen: het werkproces is niet gepubliceerd. Vraag wie de werkprocessen beheert, of "
    "stop deze start.",
)


_NOTHING_PASSED = Refusal(
    code="nothing_passed",
    text="Er is geen overgeslagen periode om op terug te komen: over de periode ervoor is al iets gestart, "
    "of die is niet afgesproken. Start zo nodig met de hand.",
)


def _find_passed(connection: Connection, found: Recurrence) -> Period | None:
    if found.status == "stopped" or found.once:
        return None
    key, today = (found.template, found.relation, found.sub_number), office_now(connection).date()
    terms = terms_of(connection, *key, today)
    before = find_period_before(recurrence_of(found, terms)) if terms else None
    if before is None or rows.is_anything_over(connection, found, before.start, before.end):
        return None
    return before


def refuse_start(start: date, today: date) -> Refusal | None:
    """Refuse a day that has been, or lies so far ahead that the year was probably typed wrongly."""
    if start < today:
        return Refusal(code="start_passed", text=f"Kies een startdatum vanaf {in_words(today)}.")
    if start > today + _FURTHEST:
        return Refusal(code="start_too_far", text=f"{in_words(start)} is meer dan een jaar vooruit.")
    return None


async def begin(desk: Desk, who: str, name: str) -> Changed | Refusal:
    """Begin what is only planned, as its row has it; what runs already is `repeated`.

    Raises ServerAwayError, DatabaseError and RPCError when something outside failed; then repeat it.
    """
    person = await desk.ask(lambda connection: _find_member(connection, who))
    if isinstance(person, Refusal):
        return person
    found = await to_thread(_find, desk, name)
    if isinstance(found, Refusal):
        return found
    if found.status == "stopped":
        return _STOPPED
    if not found.begun:
        starter = Starter(desk.equipment, await desk.client())
        if await starter.begin_as_written(found) is None:
            if (await to_thread(_read_again, desk, found)).status == "stopped":
                return _STOPPED
            return await desk.ask(lambda connection: _find_why_not(connection, found)) or _NOT_AGREED
    told = recurrence_line(found.model_copy(update={"begun": True}))
    return Changed(recurrence=told, repeated=found.begun)


def say_not_begun(desk: Desk, line: RecurrenceLine) -> str:
    """Return in Dutch why a worker cannot begin what is planned; empty where it did not try long enough."""
    found = None if line.begun or line.status == "stopped" else _find(desk, line.name)
    if found is None or isinstance(found, Refusal):
        return ""
    if why := desk.read(lambda connection: _find_why_not(connection, found)):
        return why.text
    return desk.read(lambda connection: say_start_waits(connection, found.workflow_id))


def _find_why_not(connection: Connection, planned: Recurrence) -> Refusal | None:
    """Return why there are no terms for what is planned to begin by, or None where there are."""
    key, today = (planned.template, planned.relation, planned.sub_number), office_now(connection).date()
    if terms_of(connection, *key, today) is not None:
        return None
    published = plan_in_force(connection, planned.template, planned.relation)
    return _NOT_AGREED if published else _NOT_PUBLISHED


class _Move(NamedTuple):
    """What is moved, to which day, and whether that may lie after its last day by law."""

    row: Recurrence
    start: date
    past_legal_day: bool


def _refuse_move(connection: Connection, move: _Move) -> Refusal | None:
    today = office_now(connection).date()
    if refusal := refuse_start(move.start, today):
        return refusal
    if move.row.status == "stopped" or move.row.next_start == move.start:
        return None  # the same again, or told by its workflow
    refused = refuse_moves(connection, [move.row], move.start, today, past_legal_day=move.past_legal_day)
    return refused.get(move.row.workflow_id)


def _without_workflow(found: Recurrence, wanted: Change) -> Changed | Refusal:
    if found.status == "stopped" and wanted == "stop":
        return Changed(recurrence=recurrence_line(found), repeated=True)
    if found.status == "stopped":
        return _STOPPED
    text = "Deze herhaling is niet volledig gestart. Start die opnieuw zoals de eerste keer."
    return Refusal(code="recurrence_not_begun", text=text)


def _find_member(connection: Connection, who: str) -> TeamMember | Refusal:
    person = find_person(connection, who)
    if isinstance(person, TeamMember):
        return person
    return refuse_other_than_member(connection, who, person, "dit doen")


def _find(desk: Desk, name: str) -> Recurrence | Refusal:
    template, _, rest = name.removeprefix("recurrence/").partition("/")
    relation, *sub_number = rest.split("/")
    found = None
    if len(sub_number) <= 1:
        found = desk.read(lambda connection: find_recurrence(connection, relation, template, *sub_number))
    if found is None:
        number = relation or name  # people type the number alone, or a period behind it
        theirs = desk.read(lambda connection: rows.list_recurrences(connection, relation=number))
        names = [recurrence_line(one).name for one in theirs]
        near = names[0] if len(names) == 1 else nearest(name, names)
        meant = f" {ask_in_dutch(name, near)}" if near else ""
        text = f"Herhaling '{name}' bestaat niet. Schrijf werkproces/relatie of werkproces/relatie/subnummer."
        text += meant
        return Refusal(code="no_recurrence", text=text, see=None if near else "recurrences")
    return found
