"""Sending one act to a filing: looked up, filled in, kept under its id, sent, and recorded.

An act is kept before it is sent, so that repeating it by its id sends the very same (which phase, which
version of a document) and is answered with the first answer, whatever happened since.
"""

import hashlib
from asyncio import to_thread
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection

from ...data import canonical, convert, replace
from ...filing.events import Act, Attach, Move, MoveWhenSafe, Shown, TaskDone, Waive
from ...filing.outcome import ACT_ID_USED, Refusal
from ...filing.step import ENDED
from ...office.alarms import raise_alarm
from ...office.filings.filing import find_filing
from ...office.filings.records import read_events
from ...office.filings.sent_acts import SentAct, find_act, forget_act, keep_act, open_act, seal_act
from ...office.people import find_holder, find_member
from ...office.plans import plan_by_digest
from ...office.presence import read_day
from ...plan import Model
from ...runtime import client as filings
from ...runtime.acts import write_act
from ...runtime.catching_up import CatchingUp
from ...runtime.client import NotRunning, Unknown
from ...runtime.rebuilding import read_event
from ...sbr.header import hash_content
from ..desk import Desk
from .cases import Case, look_up

__all__ = ["Done", "Facts", "NotRunning", "Outcome", "Request", "Unknown", "send"]

Facts = dict[str, Any]


class Done(Model):
    """The act was taken. `recorded` is False when lists and timeline follow in a moment.

    `warnings` are what whoever acted should know of it (Dutch sentences).
    """

    filing: str
    act: str
    sequence: int
    repeated: bool
    recorded: bool
    warnings: tuple[str, ...] = ()


Outcome = Done | Refusal | NotRunning | Unknown


class Request(Model):
    """What a person wants: of which kind, under which id, and in their own words (`asked`)."""

    kind: type[Act]
    who: str
    filing: str
    id: str
    asked: Facts


async def send(
    desk: Desk, wanted: Request, fill_in: Callable[[Case], Facts | Refusal]
) -> tuple[Act | None, Outcome]:
    """Send an act; return it as it was sent, if it was, and the outcome.

    `fill_in` gives what the act says; it is not asked when the act was sent before. Raises ServerAwayError,
    DatabaseError, DocumentError and RPCError when something outside failed.
    """
    # In threads: one loop carries the acts of all who use the pages, and none waits for another's disk.
    case = await desk.ask(lambda connection: look_up(connection, wanted.who, wanted.filing))
    if isinstance(case, Refusal):
        return None, case
    sent = await to_thread(_find_sent, desk, case, wanted)
    made = await to_thread(_make_act, case, wanted, fill_in) if sent is None else sent
    if isinstance(made, Refusal):
        return None, made
    client = await desk.client()
    act = await to_thread(_keep, desk, case, wanted, made)
    if isinstance(act, Refusal):
        return None, act
    limit = desk.limit or filings.LIMIT
    answer = await filings.act(client, case.filing.id, act, limit, _find_newer(desk, act))
    known = answer == ACT_ID_USED and sent is None
    if known:
        # The filing knows an act that this database does not: it was put back, and is caught up with first.
        await CatchingUp(desk.equipment, client).catch_up(case.filing.id)
        taken = await to_thread(_restore_taken, desk, case, wanted, act)
        if taken is not None:
            act, answer = taken, await filings.act(client, case.filing.id, taken, limit)
    if isinstance(answer, Unknown):
        await to_thread(report_fault, desk, answer)
        return act, answer
    if isinstance(answer, Refusal):
        return act, await to_thread(_free_id, desk, act, answer, case)
    if isinstance(answer, NotRunning):
        return act, await to_thread(_say_ended, desk, answer)
    sequence = answer.sequence
    return act, Done(
        filing=case.filing.id,
        act=act.id,
        sequence=sequence,
        # Temporal gives the first answer again as it was; a new act's number is past what was recorded.
        repeated=answer.repeated or known or sequence <= case.filing.recorded,
        recorded=await desk.until(lambda connection: _is_recorded(connection, case.filing.id, sequence)),
    )


def _find_newer(desk: Desk, act: Act) -> str | None:
    """Return the plan that a move goes to, as it was published."""
    if not isinstance(act, Move | MoveWhenSafe):
        return None
    published = desk.read(lambda connection: plan_by_digest(connection, act.plan))
    return published.text if published else None


def report_fault(desk: Desk, unknown: Unknown) -> None:
    """Raise an alarm, once, where a workflow does not answer because its workflow task failed."""
    fault = unknown.fault
    if fault is None:
        return
    text = f"it is blocked: its workflow task failed at event {fault.event} ({fault.cause}, {fault.error})"
    with desk.equipment.database.write() as connection:
        raise_alarm(connection, "workflow_task_failed", unknown.workflow_id, str(fault.event), text)


def _make_act(case: Case, wanted: Request, fill_in: Callable[[Case], Facts | Refusal]) -> Act | Refusal:
    if case.filing.status == "afgesloten":
        return ENDED
    facts = fill_in(case)
    if isinstance(facts, Refusal):
        return facts
    return wanted.kind(at=case.now, id=wanted.id, by=case.actor, **facts)


def _find_sent(desk: Desk, case: Case, wanted: Request) -> Act | Refusal | None:
    """Return the act that was sent under this id, or None; another one under it is refused."""
    sent = desk.read(lambda connection: find_act(connection, case.filing.id, wanted.id))
    return None if sent is None else _restore(desk, case, wanted, sent)


def _keep(desk: Desk, case: Case, wanted: Request, act: Act) -> Act | Refusal:
    row = _seal(desk, case, wanted, act)
    with desk.equipment.database.write() as connection:
        sent = keep_act(connection, row)
    return act if sent == row else _restore(desk, case, wanted, sent)


def _seal(desk: Desk, case: Case, wanted: Request, act: Act) -> SentAct:
    sealed = seal_act(case.filing.id, act.id, write_act(act), desk.equipment.document_ring.seal)
    return SentAct(filing=case.filing.id, id=act.id, asked=_digest(case, wanted), act=sealed)


def _restore(desk: Desk, case: Case, wanted: Request, sent: SentAct) -> Act | Refusal:
    """Return an act as it was sent, by the same person with what they may do today."""
    if sent.asked != _digest(case, wanted):
        return ACT_ID_USED
    said = open_act(sent, desk.equipment.document_ring.open_sealed)
    kept: Act = convert({**said, "at": case.now, "by": case.actor}, wanted.kind)
    return kept


def _restore_taken(desk: Desk, case: Case, wanted: Request, made: Act) -> Act | None:
    """Keep an act again as the filing recorded it, and return it; None where that is not the one `made`."""
    opened = desk.equipment.document_ring.open_sealed
    recorded = desk.read(lambda connection: read_events(connection, case.filing.id, opened))
    events = (read_event(one.event) for one in recorded)
    taken = next((one for one in events if isinstance(one, Act) and one.id == wanted.id), None)
    if taken is None or not _is_asked(desk, wanted, made, taken):
        return None
    act = replace(taken, at=case.now, by=case.actor)
    with desk.equipment.database.write() as connection:
        forget_act(connection, case.filing.id, act.id)
        keep_act(connection, _seal(desk, case, wanted, act))
    return act


def _is_asked(desk: Desk, wanted: Request, made: Act, taken: Act) -> bool:
    """Say whether an act that the filing took is the one that was made now of the same words.

    What was left open may be filled in otherwise by now; what was said, and what a return says, may not.
    """
    if type(made) is not type(taken) or made.by.id != taken.by.id:
        return False
    if isinstance(made, Attach) and isinstance(taken, Attach) and not _is_same(desk, made.shown, taken.shown):
        return False
    said = [name for name, value in wanted.asked.items() if value is not None and hasattr(made, name)]
    return all(getattr(made, name) == getattr(taken, name) for name in said)


def _is_same(desk: Desk, one: Shown, other: Shown) -> bool:
    """Say whether two documents are the same bytes, or returns that say the same at another moment."""
    if one.document != other.document or one.rendering is None or other.rendering is None:
        return one == other
    store = desk.equipment.documents
    return hash_content(store.get(one.hash)) == hash_content(store.get(other.hash))


def _digest(case: Case, wanted: Request) -> str:
    said = {"kind": wanted.kind.__name__, "by": case.actor.id, "asked": wanted.asked}
    return hashlib.sha256(canonical(said)).hexdigest()


def _free_id(desk: Desk, act: Act, answer: Refusal, case: Case) -> Refusal:
    """Free the id of an act that was refused; return why."""
    with desk.equipment.database.write() as connection:
        forget_act(connection, case.filing.id, act.id)
    return desk.read(lambda connection: _add_holders(connection, case, _list_work(case, act), answer))


def _say_ended(desk: Desk, answer: NotRunning) -> Refusal | NotRunning:
    """Say of a filing without a workflow that it has ended, as it mostly has.

    The act stays kept: it may have been taken before the workflow was lost, and a repeat must send the same.
    """
    found = desk.read(lambda connection: find_filing(connection, answer.workflow_id))
    return ENDED if found and found.status == "afgesloten" else answer


_NOBODYS = "Niemand heeft die rol bij deze relatie."


class _Work(NamedTuple):
    """Work of a role, or of the person to whom it was reassigned in this filing."""

    role: str
    person: str | None = None


_THEIRS = ("wrong_role", "reassigned")
"""Refusals of what is somebody else's work."""


def add_holder(connection: Connection, case: Case, phase: str, refusal: Refusal) -> Refusal:
    """Say to a colleague who was refused for it whose the work of a phase is."""
    role = case.plan.phase(phase).role
    return _add_holders(connection, case, [_Work(role, case.view.given.get(role))], refusal)


def _add_holders(connection: Connection, case: Case, works: list[_Work], refusal: Refusal) -> Refusal:
    """Say to a colleague whose work it is; the machine knows roles, and not who has them."""
    if refusal.code not in _THEIRS or case.actor.kind != "team":
        return refusal
    found = dict.fromkeys(_say_whose(connection, case, work) for work in works)
    sentences = [one for one in found if one != _NOBODYS] or [*found]
    return Refusal(code=refusal.code, text=" ".join((refusal.text, *sentences)))


def _list_work(case: Case, act: Act) -> list[_Work]:
    """Return the work that an act is part of; of one on the whole filing that of every active phase."""
    if isinstance(act, TaskDone):
        tasks = [item for item in case.view.work if item.kind == "task" and item.id == act.task]
        return [
            one
            for item in tasks
            for one in ([_Work("", item.person)] if item.person else map(_Work, item.roles))
        ]
    if isinstance(act, Waive):
        role = case.plan.phase(act.phase).four_eyes_exception
        return [_Work(role, case.view.given.get(role))] if role else []
    phase = getattr(act, "phase", None)
    if isinstance(act, Attach):
        made = (one.made_in for one in case.plan.documents if one.id == act.shown.document)
        phase = next(made, None)
    phases = [phase] if phase else [one.id for one in case.view.phases if one.status == "active"]
    roles = [case.plan.phase(name).role for name in phases]
    return [_Work(role, case.view.given.get(role)) for role in roles]


def _say_whose(connection: Connection, case: Case, work: _Work) -> str:
    """Say whose work it is today."""
    today = case.now.date()
    person = find_member(connection, work.person) if work.person else None
    if person is not None:
        return f"Dit werk is overgedragen aan {person.name}."
    at, roles = case.filing.relation, case.plan.roles
    found = find_holder(connection, at, work.role, roles, today, case.view.given) if work.role else None
    if found is None:
        return _NOBODYS
    if found.id not in read_day(connection, today).absent:
        return f"Dit werk is van {found.name}."
    return f"Dit werk is van {found.name}, die afwezig is, en niemand neemt waar."


def _is_recorded(connection: Connection, filing: str, sequence: int) -> bool:
    found = find_filing(connection, filing)
    return found is not None and found.recorded >= sequence
