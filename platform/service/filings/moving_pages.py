"""A move of a filing to the plan in force, as a page shows it before it is asked for (R40)."""

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...filing.view import MovingView, view
from ...office.office_clock import office_now
from ...office.people import all_members
from ...office.plans import plan_by_digest, plan_in_force
from ...office.relations.relation import find_relation
from ...period import Period
from ...plan import Model
from ...runtime.activities.latest_state import read_many_latest
from ..access import Visitor, may_for
from ..desk import Desk
from ..plan_standing import PlanStanding, compare_plans
from .cases import find_by_name
from .move_verdicts import MoveLine, MoveWish, judge_filing, say_waits
from .moving import NOT_MANAGER, NOT_STARTED


class MovePage(Model):
    """A move of a filing to the plan in force, shown before it is asked for.

    `line` is the verdict, with the mark by which it is asked for where it can be, now or later; None where
    the filing runs on that plan, or none is in force. `moving` is a move that waits or was dropped, asked by
    `asked_by`, and `waits` what keeps it, in Dutch.
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


def read_move(desk: Desk, visitor: Visitor, name: str) -> MovePage | Refusal:
    """Return what moving a filing to the plan in force would do, as it was last recorded.

    Who asks has the right beheer. Raises DatabaseError.
    """
    return desk.read(lambda connection: _read(connection, desk, visitor, name))


def _read(connection: Connection, desk: Desk, visitor: Visitor, name: str) -> MovePage | Refusal:
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
    line = None
    if target and plans.another:
        now = office_now(connection)
        line = judge_filing(filing, plan, state, target, MoveWish(), now, when_safe=True)
    moving = view(plan, state).moving
    names = {one.id: one.name for one in all_members(connection)} if moving else {}
    return MovePage(
        name=name,
        title=filing.title,
        period=Period.parse(filing.period).words,
        relation=filing.relation,
        relation_name=relation.name if relation else filing.relation,
        plans=plans,
        line=line,
        moving=moving,
        asked_by=names.get(moving.by, moving.by) if moving else "",
        waits=say_waits(connection, plan, state),
    )
