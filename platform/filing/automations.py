"""Automations of a phase: on entering, on completing, or at a date while it is active (R7)."""

from collections.abc import Collection
from datetime import date

from ..plan import Automation, CreateTask, Phase, Plan
from .commands import Send
from .conditions import holds
from .dates import target_day
from .events import SYSTEM
from .state import TaskState
from .turn import Turn, phase_state, put


def fire_at(turn: Turn, phase: Phase, moment: str) -> None:
    """Run the automations of a moment: 'entered' or 'completed'."""
    for automation in phase.automations:
        if automation.at == moment and applies(turn, phase, automation):
            _run(turn, phase, automation)


def applies(turn: Turn, phase: Phase, automation: Automation) -> bool:
    """Say whether an automation is on: not switched off for the relation or the filing, its `if` holding."""
    origin = turn.state.origin
    name = f"{turn.plan.template}/{phase.id}/{automation.id}"
    off = origin.without_automations or name in origin.automations_off
    return not off and holds(automation.condition, turn.values)


def dated(turn: Turn, phase: Phase) -> list[tuple[date, str]]:
    """Return the days and ids of the dated automations that are still to run in this round.

    A message dated before the phase was entered, or on that day, is left out: what the phase says on entering
    has just gone out, and a client who was started late gets no reminders of it in the same minute.
    """
    state = phase_state(turn.state, phase.id)
    found = []
    for automation in phase.automations:
        if isinstance(automation.at, str) or automation.id in state.fired:
            continue
        day = target_day(turn.plan, turn.state.origin, automation.at)
        too_late = automation.send and state.entered and day <= state.entered.date()
        if not too_late and applies(turn, phase, automation):
            found.append((day, automation.id))
    return found


def fire_dated(turn: Turn, phase: Phase, automation_id: str) -> None:
    """Run one dated automation and remember that it ran in this round."""
    state = phase_state(turn.state, phase.id)
    turn.put_phase(state, fired=tuple(sorted((*state.fired, automation_id))))
    _run(turn, phase, next(a for a in phase.automations if a.id == automation_id))


def lapse_tasks(turn: Turn, phases: Collection[str]) -> None:
    """Take back the open tasks of phases that are left: there is nothing to do about them any more."""
    for task in turn.state.tasks:
        if task.phase in phases and task.done is None:
            turn.set(tasks=tuple(t for t in turn.state.tasks if t.id != task.id))
            definition = task_of(turn.plan, task)
            title = definition.title if definition else task.id
            turn.tell("task_lapsed", SYSTEM.id, task.phase, task=task.id, title=title)


def task_of(plan: Plan, task: TaskState) -> CreateTask | None:
    """Return what the plan says of a task; None when a newer plan no longer has its automation."""
    phase = next((p for p in plan.phases if p.id == task.phase), None)
    automations = phase.automations if phase else ()
    return next((a.task for a in automations if a.id == task.automation), None)


def _run(turn: Turn, phase: Phase, automation: Automation) -> None:
    if automation.send:
        send = automation.send
        turn.command(Send, phase.id, message=send.message, purpose="automation", to=send.to)
    if automation.task:
        made_in = phase_state(turn.state, phase.id).round
        task = TaskState(
            id=f"{phase.id}.{automation.id}.{made_in}",
            phase=phase.id,
            automation=automation.id,
            made=turn.now,
        )
        turn.set(tasks=put(turn.state.tasks, task, lambda t: t.id))
        turn.tell("task_made", SYSTEM.id, phase.id, task=task.id, title=automation.task.title)
