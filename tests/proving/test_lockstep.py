"""Two machines in lockstep: what is said to behave alike does, and what parts goes the way that is shown."""

from collections.abc import Callable
from random import Random

import pytest

from kantoor.data import replace
from kantoor.exploring.moves import Mover
from kantoor.exploring.telling_apart import Telling
from kantoor.filing.outcome import Refusal
from kantoor.filing.step import step
from kantoor.filing.turn import Reader
from kantoor.plan import (
    Automation,
    Chase,
    Checkpoint,
    DateRule,
    Logic,
    Phase,
    Plan,
    Remind,
    SendMessage,
    To,
    WhenClosed,
)
from kantoor.proving.lockstep import compare_machines, take
from kantoor.proving.newly import find_newly
from kantoor.proving.observing import observe_state, observe_step
from kantoor.proving.unasked import take_unasked
from tests.policies.random_plans import make_plan, start_of


def change_phase(plan: Plan, place: int, **changes: object) -> Plan:
    phases = list(plan.phases)
    phases[place] = replace(phases[place], **changes)
    return replace(plan, phases=tuple(phases))


def deny_twice(plan: Plan) -> Plan:
    """Write the condition of a last phase that has one as not not of it: it decides the same."""
    condition = plan.phases[-1].condition
    if condition is None:
        return plan
    return change_phase(plan, -1, condition=Logic(by="not", of=(Logic(by="not", of=(condition,)),)))


def unread(plan: Plan) -> Plan:
    """Change what others read, and no step: when it is created, what follows when it has closed."""
    return replace(
        plan,
        created=replace(plan.created, days=-9),
        when_closed=WhenClosed(close_chat=False),
        products=("iets",),
    )


def add_checkpoint(plan: Plan) -> Plan:
    points = (*plan.phases[0].checkpoints, Checkpoint(id="nieuw", title="Nieuw", required=True))
    return change_phase(plan, 0, checkpoints=points)


def ask_others(plan: Plan, to: To) -> Plan:
    automations = (
        replace(one, task=replace(one.task, to=to)) if one.task else one for one in plan.phases[0].automations
    )
    return change_phase(plan, 0, automations=tuple(automations))


def offer_to(plan: Plan, to: To) -> Plan:
    offers = (place for place, phase in enumerate(plan.phases) if phase.offer)
    place = next(offers, None)
    return (
        plan if place is None else change_phase(plan, place, block=replace(plan.phases[place].block, to=to))
    )


OTHER = {"ene": "andere", "andere": "ene"}
CHANGES: dict[str, Callable[[Plan], Plan]] = {
    "deny twice": deny_twice,
    "unread": unread,
    "a checkpoint more": add_checkpoint,
    "no checkpoints": lambda plan: change_phase(plan, 0, checkpoints=()),
    "another role": lambda plan: change_phase(plan, 1, role=OTHER[plan.phases[1].role]),
    "no four eyes": lambda plan: change_phase(plan, 1, four_eyes=()),
    "no way back": lambda plan: change_phase(plan, 1, back_to=None),
    "tasks for another": lambda plan: ask_others(plan, To(kind="role", name="andere")),
    "an offer to others": lambda plan: offer_to(plan, To(kind="function", name="directeur")),
    "another target": lambda plan: change_phase(plan, 0, due=replace(plan.phases[0].due, days=3)),
}


def walk_at_random(before: Plan, after: Plan, chance: Random, most: int = 40) -> bool:
    """Go one way at random, by all moves that there are; say whether both machines do the same on it."""
    movers = [Mover(plan, Telling(plan), reduced=False) for plan in (before, after)]
    states = [step(plan, None, start_of(before)).state for plan in (before, after)]  # type: ignore[union-attr]
    for _ in range(most):
        readers = (Reader(plan, state) for plan, state in zip((before, after), states, strict=True))
        moves = [
            move
            for mover, reader in zip(movers, readers, strict=True)
            for move in mover.list_moves(reader, frozenset())
        ]
        if not moves:
            break
        event = chance.choice(moves).event
        taken = [take(plan, state, event) for plan, state in zip((before, after), states, strict=True)]
        if isinstance(taken[0], Refusal) != isinstance(taken[1], Refusal):
            return False
        if isinstance(taken[0], Refusal):
            continue
        if observe_step(before, taken[0]) != observe_step(after, taken[1]):
            return False
        states = [one.state for one in taken]
        if observe_state(before, states[0]) != observe_state(after, states[1]):
            return False
    return True


@pytest.mark.parametrize("seed", [5, 11])
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_said_to_behave_alike_does_so_on_ways_that_were_not_reduced(change: str, seed: int) -> None:
    before = make_plan(seed)
    after = CHANGES[change](before)
    found = compare_machines(before, after, (start_of(before),), 3_000)
    assert found.exhausted or found.parting
    if found.alike:
        assert all(walk_at_random(before, after, Random(way)) for way in range(15))
    else:
        assert found.parting is not None
        assert found.parting.length == len(found.parting.events) - 1


@pytest.mark.parametrize("change", ["deny twice", "unread"])
def test_what_decides_the_same_and_what_no_step_reads_behaves_alike(change: str) -> None:
    before = next(plan for plan in map(make_plan, range(50)) if plan.phases[-1].condition is not None)
    after = CHANGES[change](before)
    assert after != before
    found = compare_machines(before, after, (start_of(before),), 5_000)
    assert found.alike
    assert not find_newly(before, after, (start_of(before),), 5_000).newly


def test_a_walk_that_stopped_is_not_alike() -> None:
    plan = make_plan(2)
    found = compare_machines(plan, unread(plan), (start_of(plan),), 5)
    assert (found.parting, found.exhausted, found.alike) == (None, False, False)


def test_a_mandatory_checkpoint_less_lets_somebody_complete_sooner_and_one_more_lets_nobody() -> None:
    plan = make_plan(2)
    more = add_checkpoint(plan)
    newly = find_newly(more, plan, (start_of(plan),), 5_000).newly
    assert "complete" in {one.act.kind for one in newly}
    assert all(one.refusal is not None for one in newly if one.act.kind == "complete")
    stricter = find_newly(plan, more, (start_of(plan),), 5_000)
    assert {one.act.kind for one in stricter.newly} <= {"check"}  # that can be ticked is all
    assert stricter.exhausted


def change_what_is_unasked(plan: Plan, chance: Random) -> Plan:
    """Return a plan with other targets, reminders and messages by themselves."""

    def change(phase: Phase) -> Phase:
        at = chance.choice(("entered", DateRule(anchor="period.end", days=chance.choice((1, 3, 7)))))
        message = Automation(id="los", at=at, send=SendMessage(message="bericht", to=To()))
        automations = tuple(replace(one, chase=remind(one.chase)) for one in phase.automations)
        return replace(
            phase,
            due=chance.choice((None, DateRule(anchor="period.end", days=chance.choice((2, 6))))),
            automations=(*automations, message) if chance.random() < 0.5 else automations,
            block=replace(phase.block, chase=remind(phase.chase)),
        )

    def remind(chase: Chase | None) -> Chase | None:
        found = replace(chase or Chase(), remind=chance.choice((None, Remind(every_days=2, at_most=2))))
        return None if found == Chase() else found

    return replace(plan, phases=tuple(map(change, plan.phases)))


@pytest.mark.parametrize("seed", [3, 5, 8, 13])
def test_of_targets_reminders_and_messages_a_walk_finds_nothing_that_somebody_can_newly_do(seed: int) -> None:
    before = make_plan(seed)
    after = change_what_is_unasked(before, Random(seed))
    assert before != after
    assert take_unasked(before, after) == after
    found = find_newly(before, after, (start_of(before),), 6_000)
    assert (found.newly, found.exhausted) == ([], True)


def test_a_target_from_which_a_date_counts_is_not_taken_for_one_that_no_act_hangs_on() -> None:
    plan = make_plan(2)
    counted = DateRule(anchor=f"targets.{plan.phases[0].id}", days=1)
    before = change_phase(plan, 1, not_before=counted)
    after = change_phase(before, 0, due=DateRule(anchor="period.end", days=1))
    assert take_unasked(before, after).phases[0].due == before.phases[0].due
