"""A move of a filing to the plan in force, as a page shows it before it is asked for (R40)."""

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...filing.view import MovingView, view
from ...office.office_clock import office_now
from ...office.people import all_members
from ...office.plans import plan_by_digest, plan_in_force
from ...office.relations.relation import find_relation
from ...period import Period
from ...plan import Model, Plan
from ...runtime.activities.latest_state import read_many_latest
from ..access import Visitor, may_for
from ..desk import Desk
from ..plan_standing import PlanStanding, compare_plans
from .cases import find_by_name
from .in_hand import list_in_hand
from .move_verdicts import MoveLine, MoveReason, MoveWish, judge_filing, point_to, say_waits
from .moving import NOT_MANAGER, NOT_STARTED

WITHOUT = ("safeguard_gone", "document_gone")
MENDED_BY_A_CHOICE = (
    *WITHOUT,
    *("phase_gone", "order_changed", "safeguard_missed", "fact_missed", "document_missed", "not_back"),
    *("block_changed", "request_missed", "delivery_not_begun", "watched_otherwise", "between_merged"),
    "mapping_unknown",
)
"""Reasons that are taken away by a phase to go back to, by which phase it is now, or by doing without."""


class MoveChoices(Model):
    """What somebody can choose where a move cannot be done as it is, each with its title.

    `gone` are phases of the older plan of which it is to be said which they are in the newer, or none;
    `phases` those of the newer plan, and `without` what the office can do without.
    """

    gone: tuple[tuple[str, str], ...]
    phases: tuple[tuple[str, str], ...]
    without: tuple[tuple[str, str], ...]


class MovePage(Model):
    """A move of a filing to the plan in force, shown before it is asked for.

    `line` is the verdict, with the mark by which it is asked for where it can be, now or later; None where
    the filing runs on that plan, or none is in force. `moving` is a move that waits or was dropped, asked by
    `asked_by`, and `waits` what keeps it, in Dutch. `in_hand` are the phases in which the client has an
    offer.
    """

    name: str
    title: str
    period: str
    relation: str
    relation_name: str
    plans: PlanStanding
    line: MoveLine | None
    moving: MovingView | None
    asked_by: str
    waits: tuple[str, ...]
    choices: MoveChoices | None = None
    in_hand: tuple[str, ...] = ()


def read_move(desk: Desk, visitor: Visitor, name: str, wish: MoveWish) -> MovePage | Refusal:
    """Return what moving a filing to the plan in force would do, as it was last recorded and is wished.

    Who asks has the right beheer. Raises DatabaseError.
    """
    return desk.read(lambda connection: _read(connection, desk, visitor, name, wish))


def _read(
    connection: Connection, desk: Desk, visitor: Visitor, name: str, wish: MoveWish
) -> MovePage | Refusal:
    filing = find_by_name(connection, name)
    if isinstance(filing, Refusal):
        return filing
    relation = find_relation(connection, filing.relation)
    if not may_for(connection, visitor, "manage", relation):
        return NOT_MANAGER
    known = read_many_latest(connection, [filing.id], desk.equipment.document_ring.open_sealed)
    current = plan_by_digest(connection, filing.plan)
    if filing.id not in known or current is None:
        return NOT_STARTED
    plan, state = known[filing.id]
    target = plan_in_force(connection, filing.template, filing.relation)
    plans = compare_plans(current, target)
    line = choices = None
    if target and plans.another:
        now = office_now(connection)
        line = judge_filing(filing, plan, state, target, wish, now, when_safe=True)
        choices = _list_choices(plan, target.plan, line, wish)
        if choices:
            line = line.model_copy(update={"reasons": tuple(map(_point_to_choice, line.reasons))})
    moving = view(plan, state).moving
    names = {one.id: one.name for one in all_members(connection)} if moving else {}
    return MovePage(
        name=name,
        title=filing.title,
        period=Period.parse(filing.period).words,
        relation=filing.relation,
        relation_name=relation.name if relation else filing.relation,
        plans=plans,
        in_hand=list_in_hand(plan, view(plan, state)),
        line=line,
        moving=moving,
        asked_by=names.get(moving.by, moving.by) if moving else "",
        waits=say_waits(connection, plan, state),
        choices=choices,
    )


def _point_to_choice(reason: MoveReason) -> MoveReason:
    """Return a reason that names no id: what the office does without is ticked on the page."""
    return reason.model_copy(update={"text": point_to(reason.text, "vink dat dan hieronder aan.")})


def _list_choices(plan: Plan, newer: Plan, line: MoveLine, wish: MoveWish) -> MoveChoices | None:
    """Return what can be chosen where that may help, or was chosen already; None where nothing does."""
    helps = any(one.code in MENDED_BY_A_CHOICE for one in line.reasons)
    chosen = bool(wish.phases or wish.back_to or wish.without)
    if not chosen and not (helps and line.verdict == "cannot"):
        return None
    titles = {phase.id: phase.title for phase in plan.phases}
    gone = {one.phase for one in line.reasons if one.code == "phase_gone" and one.phase}
    lost = {
        one.item: one.text.partition(" Ziet het kantoor")[0]
        for one in line.reasons
        if one.code in WITHOUT and one.item
    }
    return MoveChoices(
        gone=tuple((name, titles.get(name, name)) for name in (*wish.phases, *sorted(gone - {*wish.phases}))),
        phases=tuple((phase.id, phase.title) for phase in newer.phases),
        without=(*((name, name) for name in wish.without if name not in lost), *lost.items()),
    )
