"""Steps: how a filing can go from one stage of a template to another.

What follows from the template alone, whatever is asked of the ways through it (`ways`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from ..plan import Expression
from ..plan import Logic as Joined
from .language.phases import Outcome, Phase
from .language.workflow import Workflow
from .logic import Logic
from .walks import Jump, end_of, jumps


class Step(NamedTuple):
    """From one stage to another: what must hold, and how. `only` is the phase that is redone, going back."""

    to: int
    given: tuple[Expression, ...] = ()
    jump: Jump | None = None
    only: Phase | None = None


class Steps:
    """The steps between the stages of a template: what follows from it alone, whatever is asked."""

    def __init__(self, template: Workflow, logic: Logic) -> None:
        self.template = template
        self.logic = logic

    @cached_property
    def is_straight(self) -> bool:
        """Whether there is one way through the template, whatever holds."""
        onward = all(any(step.jump is None and not step.given for step in steps) for steps in self.forward)
        return onward and not self.over

    @cached_property
    def order(self) -> dict[str, int]:
        """The places of the phases in the template, by id."""
        return {phase.id: number for number, phase in enumerate(self.template.phases)}

    @cached_property
    def onward(self) -> list[int]:
        """The stages that can come after each, as bits."""
        count = len(self.template.groups)
        onward = [0] * (count + 1)
        for here in reversed(range(count)):
            for step in self.forward[here]:
                onward[here] |= 1 << step.to | onward[step.to]
        return onward

    @cached_property
    def over(self) -> set[int]:
        """The stages that a jump passes over."""
        stages = self.template.stage_of
        begin, end = Counter[int](), Counter[int]()
        for jump in jumps(self.template):
            if jump.then in stages and stages.get(jump.phase.id, len(stages)) + 1 < stages[jump.then]:
                begin[stages[jump.phase.id] + 1] += 1
                end[stages[jump.then]] += 1
        open_at = accumulate(begin[n] - end[n] for n in range(len(self.template.groups)))
        return {place for place, over in enumerate(open_at) if over}

    def holds(self, *owners: Phase | Outcome) -> tuple[Expression, ...]:
        """Return the conditions of what has one."""
        conditions = [self.logic.condition(owner) for owner in owners]
        return tuple(condition for condition in conditions if condition is not None)

    @cached_property
    def forward(self) -> list[list[Step]]:
        """The steps forward from each stage, the skipping of its phases and ends aside."""
        return [list(self.list_forward(here, stage)) for here, stage in enumerate(self.template.groups)]

    @cached_property
    def back(self) -> list[list[Step]]:
        """The steps back from each stage to a phase that may have been passed over."""
        stages, known = self.template.stage_of, {one.id: one for one in self.template.phases}
        return [
            [
                Step(stages[one.back_to], self.holds(one), only=known[one.back_to])
                for one in stage
                if one.back_to in known and stages[one.back_to] < here and stages[one.back_to] in self.over
            ]
            for here, stage in enumerate(self.template.groups)
        ]

    def list_forward(self, here: int, stage: Sequence[Phase]) -> Iterator[Step]:
        """Yield the steps forward from some phases of a stage, as `forward` has those from all of them."""
        leaving = [
            jump
            for jump in jumps(self.template, stage)
            if self.template.stage_of.get(jump.then, 0) > here + 1
        ]
        for jump in leaving:
            owners = (jump.owner,) if isinstance(jump.owner, Outcome) else ()
            given = self.holds(jump.phase, *owners)
            yield Step(self.template.stage_of[jump.then], given, jump)
        away = {id(jump.owner) for jump in leaving}
        given = ()
        for phase in stage:
            goes_on = self._goes_on(phase, away)
            if goes_on is None:
                return
            given += goes_on
        yield Step(here + 1, given)

    def _goes_on(self, phase: Phase, away: set[int]) -> tuple[Expression, ...] | None:
        """Return when the next stage follows on a phase; None where it never does."""
        onward = [one for one in phase.outcomes if id(one) not in away and end_of(one.then) is None]
        held = self.holds(phase)
        skipped = tuple(Joined(by="not", of=(one,)) for one in held)
        if not phase.outcomes:
            return ()
        if any(one.condition is None for one in onward):
            return ()
        ways = (*skipped, *(self._join((*held, *self.holds(one))) for one in onward))
        return (Joined(by="or", of=ways),) if ways else None

    @staticmethod
    def _join(parts: tuple[Expression, ...]) -> Expression:
        return parts[0] if len(parts) == 1 else Joined(by="and", of=parts)
