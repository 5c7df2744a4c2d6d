"""What goes out and is reached by fewer filings than it was, as no way leads to it for the others.

That it is passed over where it was reached, by its own condition or a way past it, is told elsewhere.
"""

from collections.abc import Iterator

from ..plan import Expression, Plan
from ..reasoning import judge
from .cases import Cases, add_condition, to_condition
from .narrowing import SOME, When, both, either, is_narrower, say_narrower
from .outgoing import list_goals
from .reaching import Ways
from .references import Renamed, rename
from .saying import name


def find_missing(before: Plan, after: Plan, renamed: Renamed) -> Iterator[tuple[str, str]]:
    """Yield where, and a sentence, for each phase by which something goes out and that fewer filings get to.

    One that filings get to only by what is lost is not told again, nor one that comes behind what fewer get
    to, in the cases in which they did.
    """
    ways_before, ways = Ways(before), Ways(after)
    fewer: dict[str, When] = {}
    lost: list[str] = []
    for goal in list_goals(before):
        now = renamed.get("phases", {}).get(goal.id, goal.id)
        could, was = ways_before.find_cases(lost, goal.id)
        if not could or now not in ways.places:
            continue
        can, becomes = ways.find_cases((), now)
        own = after.phase(now).condition
        if not can or (becomes is not None and judge((to_condition(becomes), own), {}) is False):
            lost += [goal.id] if goal.condition is None else []  # others pass it over, and go on
            yield f"phases.{now}", f"No filing gets to {name(after, 'phases', now)} any more"
            continue
        if was is None or becomes is None:
            if _loses_way(ways_before, ways, goal.id, renamed):
                said = f"may now get to {name(after, 'phases', now)} only {SOME}"
                yield f"phases.{now}", f"A filing {said}; whether that is less often could not be judged"
            continue
        behind = (when for one, when in fewer.items() if not ways_before.find_cases((one,), goal.id)[0])
        old, given = _mean(was, renamed), both(*behind, own)
        if is_narrower(old, to_condition(becomes), given) is not False:
            less = say_narrower(after, _add(rename(was, renamed), own), _add(becomes, own))
            yield f"phases.{now}", f"A filing can now get to {name(after, 'phases', now)} {less}"
            fewer[goal.id] = to_condition(becomes)


def _add(cases: tuple[tuple[Expression, ...], ...], own: When) -> When:
    """Return cases with the condition of a phase itself, without those in which that never holds."""
    more = add_condition(cases, own)
    possible = [one for one in more or () if judge(one, {}) is not False]
    return to_condition(tuple(possible)) if possible else both(to_condition(cases), own)


def _mean(cases: Cases, renamed: Renamed) -> When:
    """Return cases of before as a condition by the ids of after."""
    assert cases is not None
    return rename(to_condition(cases), renamed)  # type: ignore[no-any-return]


def _loses_way(before: Ways, after: Ways, goal: str, renamed: Renamed) -> bool:
    """Say whether a stage on the way to a phase is left for it less often, where its cases are too many."""
    named = renamed.get("phases", {})
    used = list(before.list_used((), goal))
    still = list(after.list_used((), named.get(goal, goal)))
    for place in {step.start for step in used}:
        now = {after.places.get(named.get(one.id, one.id)) for one in before.stages[place]} - {None}
        left = [step.condition for step in still if step.start in now]
        gone = [
            condition
            for condition in (rename(step.condition, renamed) for step in used if step.start == place)
            if condition not in left
        ]
        if now and gone and (not left or is_narrower(either(gone), either(left)) is not False):
            return True
    return False
