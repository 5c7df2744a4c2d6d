"""Ways: how a filing can come to a phase, and so what is certain to have happened by then.

A filing goes from stage to stage: a phase is completed, or skipped because its condition does not hold; an
outcome, or a wait that is given up, passes over what lies between; a review, a rejection or a refusal leads
back to `back_to`, which may lie among what was passed over. Every check that asks what has happened asks
here, so that none forgets one of these.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from ..plan import Expression
from ..plan import Logic as Joined
from ..reasoning import judge, possible
from .definitions import Definitions
from .diagnostics import Related
from .expressions import list_names
from .language.phases import Phase
from .language.workflow import Fact, Workflow
from .logic import Logic
from .steps import Step, Steps
from .walks import Jump, passed_over

MAX_WAYS = 32
"""Whole ways to a phase that are looked at for one question."""
MAX_STEPS, MAX_ASKED = 50_000, 400
"""Steps and whole ways that are looked at for all questions about a template. Of more nothing is claimed."""


class Way(NamedTuple):
    """A way to a phase on which none of some phases is completed."""

    jumps: tuple[Jump, ...]
    skipped: tuple[Phase, ...]
    """Those of them that are skipped because their condition does not hold."""

    def over(self, template: Workflow, phases: Collection[Phase]) -> Jump | None:
        """Return the jump that passes over one of some phases; None where they are skipped."""
        return next((jump for jump in self.jumps if _is_over(template, jump, phases)), None)

    def explain(self, template: Workflow, phases: Collection[Phase]) -> list[Related]:
        """Return where some phases are passed over and skipped on this way."""
        over = [jump for jump in self.jumps if _is_over(template, jump, phases)]
        skipped = [one for one in self.skipped if one.condition is not None]
        return [
            *(Related("passes over it", jump.owner.place("then")) for jump in over),
            *(Related("can be skipped", one.place("if")) for one in skipped),
        ]


def _can_change(expression: Expression) -> bool:
    """Say whether an expression hangs on what is recorded or answered, and so may hold later on."""
    return bool(list_names(expression, "facts") or list_names(expression, "answers"))


def _is_over(template: Workflow, jump: Jump, phases: Collection[Phase]) -> bool:
    between = passed_over(template, jump)
    return any(one is phase for one in between for phase in phases)


def find_ways(definitions: Definitions, template: Workflow) -> "Ways":
    """Return the ways through a template; its steps are worked out once for all checks."""
    logic = Logic(definitions, template)
    return Ways(definitions.keep(("steps", id(template)), lambda: Steps(template, logic)))


class Ways:
    """The ways through a template."""

    def __init__(self, steps: Steps) -> None:
        self.template = steps.template
        self.logic = steps.logic
        self._steps = steps
        self._steps_left, self._asked_left = MAX_STEPS, MAX_ASKED

    def may_follow(self, phase: Phase, other: Phase) -> bool:
        """Say whether a phase can come after another that was completed, without going back."""
        stages, steps, done = self.template.stage_of, self._steps, self._steps.holds(other)
        place = stages[phase.id]
        return any(
            step.to == place or steps.onward[step.to] >> place & 1
            for step in steps.list_forward(stages[other.id], [other])
            if possible((*done, *step.given), self.logic.values)
        )

    # --- what is certain ----------------------------------------------------------------------------------

    def find_without(
        self,
        phase: Phase,
        done: Sequence[Phase],
        also: Sequence[Expression] = (),
        recorded: Collection[str] = (),
    ) -> Way | None:
        """Return a way to a phase on which none of `done` is completed; None where there is none.

        `also` holds on that way too. Facts that are `recorded`, by their dotted names, have a value.
        """
        place = self.template.stage_of.get(phase.id)
        if place is None or (not also and self._is_certain(place, done)):
            return None
        return self._search(phase, done, also, recorded)[0]

    def is_never(self, phase: Phase, also: Sequence[Expression] = ()) -> bool:
        """Say whether no filing comes to a phase, or none where `also` holds; never by mere lack of time.

        What facts and answers decided on the way is left out: they may be corrected since.
        """
        way, every = self._search(phase, (), also, (), fixed=True)
        return way is None and every

    def is_led_to(self, phase: Phase) -> bool:
        """Say whether the stages lead to a phase, conditions aside."""
        place = self.template.stage_of.get(phase.id, 0)
        return place == 0 or bool(self._steps.onward[0] >> place & 1)

    def _search(
        self,
        phase: Phase,
        done: Sequence[Phase],
        also: Sequence[Expression],
        recorded: Collection[str],
        *,
        fixed: bool = False,
    ) -> tuple[Way | None, bool]:
        """Return the first way that is possible, and whether every way was looked at and judged."""
        place = self.template.stage_of[phase.id]
        if self._steps.is_straight:
            return self._search_straight(phase, done, also, recorded)
        ways, stack, every = MAX_WAYS, [_Way(0)], True
        while stack and ways and self._steps_left and self._asked_left:
            way = stack.pop()
            self._steps_left -= 1
            if way.here == place and way.only in (None, phase):
                ways, self._asked_left = ways - 1, self._asked_left - 1
                given = [one for one in way.given if not (fixed and _can_change(one))]
                verdict = judge([*given, *also, *self._steps.holds(phase)], self.logic.values, recorded)
                if verdict:
                    return Way(way.jumps, way.skipped), False
                every = every and verdict is False
                continue
            of_stage = [one for one in self._active(way) if any(one is other for other in done)]
            stack += [way.go_on(step, of_stage) for step in self._list_steps(way, of_stage)]
        return None, every and not stack

    def _search_straight(
        self, phase: Phase, done: Sequence[Phase], also: Sequence[Expression], recorded: Collection[str]
    ) -> tuple[Way | None, bool]:
        """Return the only way to a phase, where it is possible, and whether that could be judged."""
        place = self.template.stage_of
        skipped = tuple(one for one in done if place[one.id] < place[phase.id])
        if any(one.condition is None for one in skipped):
            return None, True
        given = [Joined(by="not", of=self._steps.holds(one)) for one in skipped]
        verdict = judge([*given, *also, *self._steps.holds(phase)], self.logic.values, recorded)
        return (Way((), skipped) if verdict else None), verdict is False

    def is_certain(self, phase: Phase, done: Sequence[Phase], recorded: Collection[str] = ()) -> bool:
        """Say whether one of `done` has been completed whenever a phase begins."""
        return bool(done) and not self.find_without(phase, done, recorded=recorded)

    def demanding(self, fact: Fact, phase: Phase, *, own: bool = False) -> list[Phase]:
        """Return the phases before a phase, or up to it, that are not completed without a fact.

        The first of `set_in` that is part of the filing demands it, when it is work: nobody waits for a fact
        to complete an offer, a delivery or a wait. One beside such a phase does not demand it either.
        """
        if fact.optional:
            return []
        place, beside = self.template.stage_of, set[int]()
        here, work = place.get(phase.id, 0), list[Phase]()
        for number in sorted({self._steps.order[name] for name in fact.phases if name in self._steps.order}):
            one = self.template.phases[number]
            if one.offer or one.deliver or one.wait:
                beside.add(place[one.id])
            elif place[one.id] not in beside and (place[one.id] < here or (own and one.id == phase.id)):
                work.append(one)
        return work

    def facts_before(self, phase: Phase, names: Collection[str], *, own: bool = False) -> set[str]:
        """Return which of some facts are certain to be recorded when a phase begins, or is completed."""
        known, recorded = set[str](), set[str]()
        for fact in (one for one in self.template.facts if one.id in names):
            demanding = self.demanding(fact, phase, own=own)
            if any(one is phase for one in demanding) or self.is_certain(phase, demanding, recorded):
                known.add(fact.id)
                recorded.add(f"facts.{fact.id}")
        return known

    # --- what is possible ---------------------------------------------------------------------------------

    def can_precede(self, first: Phase, then: Phase) -> bool:
        """Say whether a phase can have been active before another one begins, in one filing.

        Of a phase that no filing comes to, which is reported as such, only the order counts.
        """
        place = self.template.stage_of
        if first.id not in place or then.id not in place:
            return True
        if not self.is_led_to(then):
            return place[first.id] < place[then.id]
        forward = self._steps.onward[place[first.id]] >> place[then.id] & 1
        return bool(forward) and self.logic.possible(*(one for one in (first, then) if self._is_fixed(one)))

    def _is_fixed(self, phase: Phase) -> bool:
        """Say whether a phase's condition keeps its answer: it reads no fact or answer, which come later."""
        return not any(group in (phase.condition or "") for group in ("facts", "answers"))

    # --- the steps ----------------------------------------------------------------------------------------

    def _is_certain(self, place: int, done: Sequence[Phase]) -> bool:
        """Say whether one of `done` always comes before a stage: without condition, and never passed over."""
        stages = self.template.stage_of
        return any(
            one.condition is None and stages[one.id] < place and stages[one.id] not in self._steps.over
            for one in done
        )

    def _active(self, way: "_Way") -> Sequence[Phase]:
        return [way.only] if way.only else self.template.groups[way.here]

    def _list_steps(self, way: "_Way", of_stage: Sequence[Phase]) -> Iterator[Step]:
        """Yield the steps from a stage without completing some phases of it; the next stage last."""
        yield from (step for step in self._steps.back[way.here] if not way.has_been(step.to))
        if any(one.condition is None for one in of_stage):
            return
        skipped = tuple(Joined(by="not", of=self._steps.holds(one)) for one in of_stage)
        forward = (
            self._steps.list_forward(way.here, [way.only]) if way.only else self._steps.forward[way.here]
        )
        for step in forward:
            left = step.jump is not None and any(step.jump.phase is one for one in of_stage)
            if step.to < len(self.template.groups) and not left:
                yield step._replace(given=(*skipped, *step.given))


class _Way(NamedTuple):
    """A way as far as it has been gone: where it is, and how it came there."""

    here: int
    only: Phase | None = None
    given: tuple[Expression, ...] = ()
    jumps: tuple[Jump, ...] = ()
    skipped: tuple[Phase, ...] = ()
    before: "_Way | None" = None

    def go_on(self, step: Step, skipped: Sequence[Phase]) -> "_Way":
        return _Way(
            step.to,
            step.only,
            (*self.given, *step.given) if step.given else self.given,
            (*self.jumps, step.jump) if step.jump else self.jumps,
            (*self.skipped, *skipped) if skipped and not step.only else self.skipped,
            self,
        )

    def has_been(self, place: int) -> bool:
        """Say whether the way has led by a stage."""
        way: _Way | None = self
        while way is not None and way.here != place:
            way = way.before
        return way is not None
