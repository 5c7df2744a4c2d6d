"""One closed filing by two plans: what is other by the new one, or why that cannot be said."""

import logging
import traceback
from collections.abc import Mapping
from typing import Literal

from ..data import ListLine, replace
from ..filing.redacting import Named, Redacted, list_open_values
from ..filing.rules import ByIdentity
from ..plan import Plan
from .closed import ClosedFiling
from .counting import Tally
from .course import Course, UnreadableCourseError, read_course
from .replaying import Misfit, NeverAtRestError, Replay, replay

_log = logging.getLogger(__name__)

Fate = Literal["compared", "stopped", "otherwise", "not_reproduced", "inconclusive"]
"""What becomes of a filing: it ends as it did, it no longer ends, it ends in another way.

Or nothing can be said of it: by its own plan it does not come out as it happened, or something is not known.
"""


class Compared(ListLine):
    """One filing by both plans. `why` is a stable code where nothing can be said; `stands` where it stops.

    Of an act that fits neither plan nothing is told. `reproduced` says whether the check of the method held.
    """

    id: str
    period: str
    fate: Fate
    why: str = ""
    reproduced: bool = False
    before: Tally | None = None
    after: Tally | None = None
    misfits: tuple[Misfit, ...] = ()
    assumed: tuple[tuple[str, str], ...] = ()
    stands: tuple[str, ...] = ()


def compare(filing: ClosedFiling, own: Mapping[str, Plan], before: Plan, after: Plan) -> Compared:
    """Run a closed filing by two plans and compare. `own` are the plans that filings ran on, by digest.

    A fault of ours in one keeps the others from nothing, and is told without its content.
    """
    try:
        return _compare(filing, own, before, after)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        kind = type(error).__name__
        _log.error("filing %s is not compared: %s in %s:%s", filing.id, kind, place.name, place.lineno)
        return _say_nothing(filing, "fault")


def _compare(filing: ClosedFiling, own: Mapping[str, Plan], before: Plan, after: Plan) -> Compared:
    plan = own.get(filing.plan)
    if filing.problem or plan is None:
        return _say_nothing(filing, filing.problem or "no_plan")
    try:
        course = read_course(plan, filing.events)
    except UnreadableCourseError:
        return _say_nothing(filing, "otherwise")
    bare = Compared(id=filing.id, period=course.start.period.code, fate="inconclusive")
    if course.state.case.ended is None:
        return replace(bare, why="not_ended")
    if _hangs_on_unknown(filing, course, plan, (before, after)):
        return replace(bare, why="not_told")
    try:
        again = replay(plan, course, plan)
        if again.case != course.state.case or again.tally != course.tally:
            return replace(bare, fate="not_reproduced", why="not_reproduced")
        bare = replace(bare, reproduced=True)
        old = again if plan is before else replay(before, course, plan)
        new = replay(after, course, plan)
    except NeverAtRestError:
        return replace(bare, why="never_at_rest")
    return _judge(bare, old, new)


def _judge(bare: Compared, old: Replay, new: Replay) -> Compared:
    if not old.tally.ended:
        return replace(bare, why="base_stops")
    if not new.tally.ended and new.unknown:
        return replace(bare, why="asks_unknown")
    fate: Fate = "compared" if new.tally.ended == old.tally.ended else "otherwise"
    misfits = [one for one in new.misfits if one not in old.misfits]
    if not new.tally.ended:
        fate = "stopped"
        misfits = [one for one in misfits if one.why != "not_reached"]
    assumed = list(new.assumed)
    for one in old.assumed:
        if one in assumed:
            assumed.remove(one)
    return replace(
        bare,
        fate=fate,
        before=old.tally,
        after=new.tally,
        misfits=tuple(misfits),
        assumed=tuple(assumed),
        stands=new.stands,
    )


def _say_nothing(filing: ClosedFiling, why: str) -> Compared:
    return Compared(id=filing.id, period="", fate="inconclusive", why=why)


def _hangs_on_unknown(filing: ClosedFiling, course: Course, own: Plan, plans: tuple[Plan, Plan]) -> bool:
    """Say whether a condition of the plans asks for what is not told of a filing."""
    told = Redacted(state=course.state, replaced=filing.replaced, withheld=filing.withheld)
    asked = _conditions_of(own)
    return any(any(list_open_values(told, asked, _conditions_of(one))) for one in plans if one is not own)


_NAMED = ByIdentity(64)


def _conditions_of(plan: Plan) -> Named:
    return _NAMED.get((plan,), lambda: Named(plan))
