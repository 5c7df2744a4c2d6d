"""Whether a phase that has not begun will be part of the filing, by its condition and the ways to it."""

from collections.abc import Iterator
from typing import Literal

from ..plan import Expression, FilingAwaited, Phase, WaitFor
from .conditions import can_hold
from .facts import find_fact
from .turn import Reader

Coming = Literal["yes", "perhaps", "no"]
"""Perhaps: it may come once a fact is recorded, an answer given, an outcome chosen, or a wait over."""


def judge_coming(reader: Reader) -> dict[str, Coming]:
    """Return whether each phase that is pending comes; what was recorded or answered may be corrected still.

    That a filing may reach an end before a phase is told of none: it could be told of nearly all.
    """
    stages = reader.rules.stages
    place = {phase.id: at for at, stage in enumerate(stages) for phase in stage}
    coming: dict[str, Coming] = {}
    here = next((place[phase.id] for phase in reader.current_stage()), len(stages))
    reached, passed = {here}, set[int]()
    for at, stage in enumerate(stages):
        for phase in stage:
            if reader.status(phase.id) == "pending":
                judged = _judge(reader, phase)
                if at > here and judged == "yes" and at in passed:
                    judged = "perhaps"
                coming[phase.id] = judged if at <= here or at in reached else "no"
        if at in reached:
            later = {place.get(to, at + 1) if to else at + 1 for to in _list_ways(reader, stage, coming)}
            reached |= later
            passed.update(range(at + 1, max(later)))
    return coming


def _list_ways(reader: Reader, stage: tuple[Phase, ...], coming: dict[str, Coming]) -> Iterator[str | None]:
    """Yield the phases at which a filing can go on after a stage; None is the next."""
    goes_on = len(stage) > 1
    for phase in stage:
        comes = coming.get(phase.id, "yes" if reader.is_active(phase.id) else "no")
        onward = [one for one in phase.outcomes if not one.end and may_hold(reader, one.condition)]
        goes_on = goes_on or comes != "yes" or not onward
        if comes != "no":
            yield from (one.then for one in onward)
            if phase.chase and phase.chase.give_up:
                yield phase.chase.give_up.then
    if goes_on:
        yield None


def _judge(reader: Reader, phase: Phase) -> Coming:
    if not may_hold(reader, phase.condition):
        return "no"
    return "yes" if reader.rules.holds(phase.condition) and not _may_be_needless(phase) else "perhaps"


def _may_be_needless(phase: Phase) -> bool:
    """Say whether a phase waits for what this relation may not have, and then is over at once."""
    awaited = phase.block.awaited if isinstance(phase.block, WaitFor) else ()
    return any(isinstance(one, FilingAwaited) and (one.optional or one.of) for one in awaited)


def may_hold(reader: Reader, condition: Expression | None) -> bool:
    """Say whether a condition holds here, or may yet, by what is still to be recorded or answered."""
    if condition is None or reader.rules.holds(condition):
        return True
    over = {one.id for one in reader.plan.phases if reader.status(one.id) in ("completed", "skipped")}

    def is_open(path: tuple[str, ...]) -> bool:
        group, name = path
        if group == "facts":
            fact = reader.rules.find_fact(name)
            return fact is not None and find_fact(reader, name) is None and not over.issuperset(fact.set_in)
        return group == "answers" and name not in reader.rules.values["answers"]

    return can_hold(condition, reader.rules.values, is_open)
