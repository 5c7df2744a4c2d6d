"""Moving filings that run to another plan of their template, one or many: the verdict, and the move (R40)."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection
from temporalio.service import RPCError

from ..filing.events import Move
from ..filing.moving import fill_in_phases
from ..filing.outcome import Refusal
from ..filing.previewing import preview, refuse_verdict
from ..filing.saying_moves import say_effects
from ..filing.state import State
from ..office.database.errors import DatabaseError
from ..office.filings.filing import Filing, list_filings
from ..office.office_clock import office_now
from ..office.people import TeamMember, find_person
from ..office.plans import PublishedPlan, plans_by_digest, plans_in_force
from ..office.visits.managers import is_manager
from ..plan import Model, Plan
from ..runtime.activities.latest_state import read_many_latest
from ..runtime.connecting import ServerAwayError
from .cases import Case, find_by_name
from .desk import Desk
from .move_verdicts import (
    ACTIVE,
    MoveLine,
    MoveReason,
    MoveWish,
    find_plan_by_start,
    find_target,
    judge_filing,
    make_unreadable,
    mark_move,
    mark_moves,
    narrow_wish,
)
from .progress import Progress, show_nothing
from .sending import Done, Facts, Outcome, Request, send
from .unknown import refuse_other_than_member, refuse_template

AT_ONCE = 8
READ_AT_ONCE = 200
"""Filings whose states are opened together."""

NOT_STARTED = Refusal(code="not_started", text="Deze opdracht is gepland en nog niet gestart.")

CHANGED = Refusal(
    code="move_changed",
    text="Er is iets veranderd sinds is bekeken wat het verplaatsen doet; er is niets gedaan.",
)


class Carried(Model):
    """The outcome of a move, and what it did or was refused to do, a Dutch sentence an effect."""

    outcome: Outcome
    effects: tuple[str, ...] = ()


def preview_move(desk: Desk, name: str, wish: MoveWish) -> MoveLine | Refusal:
    """Return what a move would do to a filing as it was last recorded. Raises DatabaseError."""

    def ask(connection: Connection) -> MoveLine | Refusal:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return filing
        target = find_target(connection, filing.template, wish.to, filing.relation)
        if isinstance(target, Refusal):
            return target
        known = read_many_latest(connection, [filing.id], desk.equipment.document_ring.open_sealed)
        if filing.id not in known:
            return NOT_STARTED
        return judge_filing(filing, *known[filing.id], target, wish, office_now(connection))

    return desk.read(ask)


async def move_filing(
    desk: Desk, who: str, name: str, wish: MoveWish, mark: str, act_id: str | None = None
) -> Carried:
    """Move a filing as `preview_move` showed it, which gave the `mark`; what would be otherwise is refused.

    `who` (id or e-mail address) has the right beheer. Repeated with its `act_id` it happens once; see `send`
    for what is raised.
    """
    refusal = desk.read(lambda connection: refuse_mover(connection, who))
    if refusal:
        return Carried(outcome=refusal)

    def fill_in(case: Case) -> Facts | Refusal:
        def ask(connection: Connection) -> Facts | Refusal:
            target = find_target(connection, case.filing.template, wish.to, case.filing.relation)
            if isinstance(target, Refusal):
                return target
            known = read_many_latest(connection, [case.filing.id], desk.equipment.document_ring.open_sealed)
            return _fill_in(known.get(case.filing.id), case.filing, target, wish, mark, case.now)

        return desk.read(ask)

    asked = wish.model_dump(mode="json")
    request = Request(kind=Move, who=who, filing=name, id=act_id or uuid4().hex, asked=asked)
    act, outcome = await send(desk, request, fill_in)
    return Carried(outcome=outcome, effects=_say_told(desk, act) if isinstance(act, Move) else ())


async def move_filings(
    desk: Desk,
    who: str | None,
    template: str,
    wish: MoveWish,
    *,
    mark: str = "",
    origin: str | None = None,
    progress: Progress = show_nothing,
) -> tuple[MoveLine, ...] | Refusal:
    """Move every filing of a template that runs, each wholly or not at all.

    Without `who` only say what would happen; `mark` is what `mark_moves` makes of that. `origin` takes those
    alone that are on the plan that begins with this digest. Where something outside fails while one is moved,
    its line says so, and after another look the rest can be moved. Raises ServerAwayError and DatabaseError
    before anything was done.
    """
    refusal = desk.read(lambda connection: refuse_mover(connection, who)) if who is not None else None
    if refusal:
        return refusal
    found = desk.read(lambda connection: _judge_all(connection, desk, template, wish, origin))
    if isinstance(found, Refusal) or who is None:
        return found
    if mark != mark_moves(found):
        return CHANGED
    await desk.client()  # without a server that is said once, not of every filing
    slots, done, mover = asyncio.Semaphore(AT_ONCE), 0, who
    total = sum(line.verdict == "moves" for line in found)

    async def one(line: MoveLine) -> MoveLine:
        nonlocal done
        if line.verdict != "moves":
            return line
        async with slots:
            choices = {"without": line.without, "dropped": line.dropped, "kept": line.kept}
            there = wish.model_copy(update={"to": line.to_plan} | choices)
            try:
                moved = _with_outcome(
                    line, (await move_filing(desk, mover, line.name, there, line.mark)).outcome
                )
            except (DatabaseError, RPCError, ServerAwayError):
                moved = _make_unknown(line)
        done += 1
        progress("moving", done, total)
        return moved

    return tuple(await asyncio.gather(*map(one, found)))


def refuse_mover(connection: Connection, who: str) -> Refusal | None:
    """Return why somebody may not move filings: it takes the right beheer, as publishing takes the server."""
    person = find_person(connection, who)
    if not isinstance(person, TeamMember):
        return refuse_other_than_member(connection, who, person, "opdrachten verplaatsen")
    if is_manager(connection, person.id):
        return None
    text = "Opdrachten verplaatsen mag alleen een medewerker met het recht beheer."
    return Refusal(code="not_manager", text=text)


def _judge_all(
    connection: Connection, desk: Desk, template: str, wish: MoveWish, origin: str | None
) -> tuple[MoveLine, ...] | Refusal:
    targets = _find_targets(connection, template, wish.to)
    starts = None if origin is None else _find_targets(connection, template, origin)
    for refusal in (targets, starts):
        if isinstance(refusal, Refusal):
            return refusal
    assert not isinstance(targets, Refusal)
    assert not isinstance(starts, Refusal)
    running = [
        one
        for one in list_filings(connection, template=template, status="loopt")
        if starts is None or one.plan == starts(one.relation).digest
    ]
    now, open_sealed = office_now(connection), desk.equipment.document_ring.open_sealed
    lines = []
    for first in range(0, len(running), READ_AT_ONCE):
        some = running[first : first + READ_AT_ONCE]
        known = read_many_latest(connection, [one.id for one in some], open_sealed)
        for one in some:
            target = targets(one.relation)
            if one.id not in known:
                lines.append(make_unreadable(one, target))
                continue
            narrowed = narrow_wish(*known[one.id], target, wish)
            lines.append(judge_filing(one, *known[one.id], target, narrowed, now))
    return tuple(sorted(lines, key=lambda line: line.name))


def _find_targets(connection: Connection, template: str, to: str) -> Callable[[str], PublishedPlan] | Refusal:
    """Return what says to which plan a filing of a relation would go."""
    if to != ACTIVE:
        there = find_plan_by_start(connection, template, to)
        return there if isinstance(there, Refusal) else lambda relation: there
    in_force = plans_in_force(connection)
    usual = in_force.find(template, "")
    if usual is None:
        return refuse_template(connection, template)
    return lambda relation: in_force.pilots.get((template, relation), usual)


def _fill_in(
    known: tuple[Plan, State] | None,
    filing: Filing,
    target: PublishedPlan,
    wish: MoveWish,
    mark: str,
    now: datetime,
) -> Facts | Refusal:
    """Return what the act says, told included; or the verdict as a refusal, without asking the filing."""
    if known is None:
        return NOT_STARTED
    plan, state = known
    mapping = fill_in_phases(plan, target.plan, wish.mapping)
    found = preview(plan, target.plan, state, mapping, now)
    refusal = refuse_verdict(plan, target.plan, found.verdict)
    if refusal:
        return refusal
    if mark != mark_move(filing, target, mapping, found.effects):
        return CHANGED
    plans = {"before": filing.plan, "plan": target.digest}
    return {**plans, "mapping": mapping, "told": found.effects, "reason": wish.reason}


def _say_told(desk: Desk, act: Move) -> tuple[str, ...]:
    plans = desk.read(lambda connection: plans_by_digest(connection, {act.before, act.plan}))
    return say_effects(plans[act.before], plans[act.plan], act.told)


def _with_outcome(line: MoveLine, outcome: Outcome) -> MoveLine:
    if isinstance(outcome, Done):
        return line.model_copy(update={"verdict": "moved"})
    if isinstance(outcome, Refusal):
        reason = MoveReason(code=outcome.code, text=outcome.text, phase=None, item=None)
        return line.model_copy(update={"verdict": "refused", "reasons": (reason,), "effects": ()})
    return _make_unknown(line)


def _make_unknown(line: MoveLine) -> MoveLine:
    text = "Onbekend of deze opdracht is verplaatst. Bekijk het opnieuw; er wordt niets dubbel gedaan."
    reason = MoveReason(code="unknown", text=text, phase=None, item=None)
    return line.model_copy(update={"verdict": "unknown", "reasons": (reason,), "effects": ()})
