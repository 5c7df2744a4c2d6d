"""Automations of a phase: on entering, on completing, or at a date while it is active (R7)."""

from datetime import date

from ..plan import Automation, Phase
from .commands import Send
from .conditions import holds
from .dates import target_day
from .events import SYSTEM
from .state import PhaseState, State, TaskState
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
    """Return the days and ids of the dated automations that are still to run in this round."""
    fired = phase_state(turn.state, phase.id).fired
    return [
        (target_day(turn.plan, turn.state.origin, automation.at), automation.id)
        for automation in phase.automations
        if not isinstance(automation.at, str)
        and automation.id not in fired
        and applies(turn, phase, automation)
    ]


def fire_dated(turn: Turn, phase: Phase, automation_id: str) -> None:
    """Run one dated automation and remember that it ran in this round."""
    state = phase_state(turn.state, phase.id)
    turn.put_phase(state, fired=tuple(sorted((*state.fired, automation_id))))
    _run(turn, phase, next(a for a in phase.automations if a.id == automation_id))


def open_tasks(state: State, phase: PhaseState) -> list[TaskState]:
    """Return the tasks of a phase that are not done."""
    return [task for task in state.tasks if task.phase == phase.id and task.done is None]


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
