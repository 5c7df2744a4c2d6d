"""Moving a filing that runs to another plan of its template: the verdict, and the move (R40)."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection

from ...data import replace
from ...filing.events import Move, MoveWhenSafe, WithdrawMove
from ...filing.moving import Later, fill_in_phases
from ...filing.outcome import Refusal
from ...filing.previewing import preview, refuse_verdict
from ...filing.saying_moves import say_effects
from ...filing.state import State
from ...office.filings.filing import Filing
from ...office.office_clock import office_now
from ...office.people import TeamMember, find_person
from ...office.plans import PublishedPlan, plans_by_digest
from ...office.visits.managers import is_manager
from ...plan import Model, Plan
from ...runtime.activities.latest_state import read_many_latest
from ..desk import Desk
from ..unknown import refuse_other_than_member, refuse_person
from .cases import Case, find_by_name
from .choices import say_why
from .move_verdicts import (
    MoveLine,
    MoveWish,
    find_target,
    judge_filing,
    mark_move,
)
from .sending import Facts, Outcome, Request, send

NOT_STARTED = Refusal(code="not_started", text="Deze opdracht is gepland en nog niet gestart.")

CHANGED = Refusal(
    code="move_changed",
    text="Er is iets veranderd sinds is bekeken wat het verplaatsen doet; er is niets gedaan.",
)

NOT_MANAGER = Refusal(
    code="not_manager", text="Opdrachten verplaatsen mag alleen een medewerker met het recht beheer."
)


class Carried(Model):
    """The outcome of a move, and what it did or was refused to do, a Dutch sentence an effect."""

    outcome: Outcome
    effects: tuple[str, ...] = ()


def preview_move(
    desk: Desk, name: str, wish: MoveWish, who: str | None = None, *, when_safe: bool = False
) -> MoveLine | Refusal:
    """Return what a move would do to a filing as it was last recorded. Raises DatabaseError.

    Nobody has to ask it; `who` is refused where it is nobody.
    """

    def ask(connection: Connection) -> MoveLine | Refusal:
        if who is not None and find_person(connection, who) is None:
            return refuse_person(connection, who, colleague=True)
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return filing
        target = find_target(connection, filing.template, wish.to, filing.relation)
        if isinstance(target, Refusal):
            return target
        known = read_many_latest(connection, [filing.id], desk.equipment.document_ring.open_sealed)
        if filing.id not in known:
            return NOT_STARTED
        return judge_filing(
            filing, *known[filing.id], target, wish, office_now(connection), when_safe=when_safe
        )

    return desk.read(ask)


async def move_filing(
    desk: Desk,
    who: str,
    name: str,
    wish: MoveWish,
    mark: str,
    act_id: str | None = None,
    *,
    when_safe: bool = False,
) -> Carried:
    """Move a filing as `preview_move` showed it, which gave the `mark`; what would be otherwise is refused.

    With `when_safe` the filing does it by itself, at its next safe point.
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
            return _fill_in(
                known.get(case.filing.id), case.filing, target, wish, mark, case.now, when_safe=when_safe
            )

        return desk.read(ask)

    asked = wish.model_dump(mode="json")
    kind = MoveWhenSafe if when_safe else Move
    request = Request(kind=kind, who=who, filing=name, id=act_id or uuid4().hex, asked=asked)
    act, outcome = await send(desk, request, fill_in)
    told = _say_told(desk, act) if isinstance(act, Move | MoveWhenSafe) else ()
    return Carried(outcome=outcome, effects=told)


async def withdraw_move(desk: Desk, who: str, name: str, act_id: str | None = None) -> Outcome:
    """Take back a move of a filing that waits until it is safe, or that was dropped.

    `who` (id or e-mail address) has the right beheer; see `send` for what is raised.
    """
    refusal = desk.read(lambda connection: refuse_mover(connection, who))
    if refusal:
        return refusal
    request = Request(kind=WithdrawMove, who=who, filing=name, id=act_id or uuid4().hex, asked={})
    _, outcome = await send(desk, request, lambda case: {})
    return outcome


def refuse_mover(connection: Connection, who: str) -> Refusal | None:
    """Return why somebody may not move filings: it takes the right beheer, as publishing takes the server."""
    person = find_person(connection, who)
    if not isinstance(person, TeamMember):
        return refuse_other_than_member(connection, who, person, "opdrachten verplaatsen")
    if is_manager(connection, person.id):
        return None
    return NOT_MANAGER


def _fill_in(
    known: tuple[Plan, State] | None,
    filing: Filing,
    target: PublishedPlan,
    wish: MoveWish,
    mark: str,
    now: datetime,
    *,
    when_safe: bool,
) -> Facts | Refusal:
    """Return what the act says, told included; or the verdict as a refusal, without asking the filing."""
    if known is None:
        return NOT_STARTED
    plan, state = known
    mapping = fill_in_phases(plan, target.plan, wish.mapping)
    found = preview(plan, target.plan, state, mapping, now, later=when_safe)
    refusal = refuse_verdict(plan, target.plan, found.verdict)
    if refusal and not (when_safe and isinstance(found.verdict, Later)):
        why = say_why(plan, target.plan, state, mapping, found.verdict)
        return replace(refusal, text=" ".join(dict.fromkeys(why)))
    if mark != mark_move(filing, target, mapping, found.effects):
        return CHANGED
    plans = {"before": filing.plan, "plan": target.digest}
    facts = {**plans, "mapping": mapping, "told": found.effects, "reason": wish.reason}
    return facts | {"tells_left_out": True} if when_safe else facts


def _say_told(desk: Desk, act: Move | MoveWhenSafe) -> tuple[str, ...]:
    plans = desk.read(lambda connection: plans_by_digest(connection, {act.before, act.plan}))
    return say_effects(plans[act.before], plans[act.plan], act.told)
