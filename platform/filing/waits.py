"""Dates that a filing waits for, derived from plan and state; a tick fires those that have come."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from ..days import DAY
from ..plan import Phase, Plan
from .automations import dated, fire_dated
from .chases import escalate, escalation_day, remind, reminder_day
from .dates import deadline_day, has_come, opening, target_day
from .deliveries import begin, delivery_day, idle
from .events import SYSTEM
from .progress import entering
from .state import State
from .turn import Turn, is_active, phase_state


class Wait(NamedTuple):
    """Something happens on a day, at the office's opening hour."""

    on: date
    order: int
    """Among things of one day: entering, automations, escalation, reminders, delivery, missed deadline."""
    phase: str
    key: str = ""


ENTER, AUTOMATION, ESCALATE, REMIND, DELIVER, MISSED = range(6)


def next_wake(plan: Plan, state: State) -> datetime | None:
    """Return the office time of the earliest waiting date, or None when nothing waits for a date."""
    first = min(waits(Turn(plan, state, datetime.min)), default=None)
    return opening(state.origin, first.on) if first else None


def waits(turn: Turn) -> list[Wait]:
    """Return everything that waits for a date, in the order in which it happens."""
    if turn.state.ended:
        return []
    found = [*_entering(turn), *_missed(turn)]
    for phase in turn.plan.phases:
        if is_active(turn.state, phase.id):
            found.extend(_of_phase(turn, phase))
    return sorted(found)


def tick(turn: Turn) -> bool:
    """Fire the first date that has come; say whether there was one. Entering is progress's own."""
    for wait in waits(turn):
        if wait.order != ENTER and has_come(turn.state.origin, wait.on, turn.now):
            _FIRE[wait.order](turn, wait)
            return True
    return False


def _entering(turn: Turn) -> Iterator[Wait]:
    for phase in entering(turn):
        if phase.not_before:
            yield Wait(target_day(turn.plan, turn.state.origin, phase.not_before), ENTER, phase.id)


def _of_phase(turn: Turn, phase: Phase) -> Iterator[Wait]:
    for day, automation in dated(turn, phase):
        yield Wait(day, AUTOMATION, phase.id, automation)
    escalation = escalation_day(turn, phase)
    if escalation:
        yield Wait(escalation, ESCALATE, phase.id)
    reminder = reminder_day(turn, phase)
    if reminder:
        yield Wait(reminder, REMIND, phase.id)
    earliest = delivery_day(turn, phase)
    if earliest and idle(turn, phase):
        yield Wait(earliest, DELIVER, phase.id)


def _missed(turn: Turn) -> Iterator[Wait]:
    """A deadline ends at midnight; it was missed when the next day begins without the delivery."""
    for phase in turn.plan.phases:
        if phase.deliver is None or phase.deliver.deadline in turn.state.missed:
            continue
        if phase_state(turn.state, phase.id).status in ("completed", "skipped"):
            continue
        deadline = turn.plan.deadline(phase.deliver.deadline)
        day = deadline_day(turn.plan, turn.state.origin, deadline)
        yield Wait(day + DAY, MISSED, phase.id, deadline.id)


def _fire_automation(turn: Turn, wait: Wait) -> None:
    fire_dated(turn, turn.plan.phase(wait.phase), wait.key)


def _fire_escalation(turn: Turn, wait: Wait) -> None:
    escalate(turn, turn.plan.phase(wait.phase))


def _fire_reminder(turn: Turn, wait: Wait) -> None:
    remind(turn, turn.plan.phase(wait.phase))


def _fire_delivery(turn: Turn, wait: Wait) -> None:
    phase = turn.plan.phase(wait.phase)
    if phase.deliver:
        begin(turn, phase, phase.deliver)


def _fire_missed(turn: Turn, wait: Wait) -> None:
    turn.set(missed=tuple(sorted({*turn.state.missed, wait.key})))
    deadline = turn.plan.deadline(wait.key)
    due = (wait.on - DAY).isoformat()
    turn.tell("deadline_missed", SYSTEM.id, wait.phase, title=deadline.title, due=due)


_FIRE: dict[int, Callable[[Turn, Wait], None]] = {
    AUTOMATION: _fire_automation,
    ESCALATE: _fire_escalation,
    REMIND: _fire_reminder,
    DELIVER: _fire_delivery,
    MISSED: _fire_missed,
}
