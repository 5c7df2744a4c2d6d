"""Automations of a phase: on entering, on completing, or at a date while it is active (R7)."""

from collections.abc import Iterator
from datetime import date

from ..data import replace
from ..plan import Automation, Phase
from .construct import Construct, Order, Wait
from .issuing import issue
from .requests import make_request
from .state import PhaseState
from .tasks import make_task
from .turn import Reader, Turn


class Automations(Construct):
    """What a phase does by itself."""

    def begin(self, turn: Turn, phase: Phase) -> None:
        """Run what the phase does on being entered."""
        _run_at(turn, phase, "entered")

    def finish(self, turn: Turn, phase: Phase) -> None:
        """Run what the phase does on being completed."""
        _run_at(turn, phase, "completed")

    def dates(self, reader: Reader) -> Iterator[Wait]:
        """Yield the days of the dated automations that are still to run in this round, as a move kept them.

        A message dated before the phase was entered, or on that day, is left out: what the phase says on
        entering has just gone out, and a client who was started late gets no reminders of it in the same
        minute. One whose day passed while the filing was held is left out too.
        """
        for phase in reader.active_phases():
            state = reader.phase_state(phase.id)
            for automation in phase.automations:
                if isinstance(automation.at, str) or state is None or automation.id in state.fired:
                    continue
                day = _find_kept(state, automation) or reader.rules.target_day(automation.at)
                too_late = automation.send and day and is_too_late(reader, state, day)
                if day and not too_late and _applies(reader, phase, automation):
                    yield Wait(day, Order.AUTOMATION, phase.id, automation.id)

    def fire(self, turn: Turn, phase: Phase, wait: Wait) -> None:
        """Run one dated automation and remember that it ran in this round."""
        state = turn.phase_state(phase.id)
        if state is not None:
            turn.put_phase(replace(state, fired=tuple(sorted((*state.fired, wait.key)))))
            _run(turn, phase, next(a for a in phase.automations if a.id == wait.key))


def _find_kept(state: PhaseState, automation: Automation) -> date | None:
    return next((kept.on for kept in state.kept if kept.automation == automation.id), None)


def is_too_late(reader: Reader, state: PhaseState, day: date) -> bool:
    """Say whether a message is left out: dated before its phase began, or in a time in which it was held."""
    before = state.entered is not None and day <= state.entered.date()
    return before or any(h.ended and h.since.date() <= day < h.ended.date() for h in reader.case.holds)


def _run_at(turn: Turn, phase: Phase, moment: str) -> None:
    for automation in phase.automations:
        if automation.at == moment and _applies(turn, phase, automation):
            _run(turn, phase, automation)


def _applies(reader: Reader, phase: Phase, automation: Automation) -> bool:
    return is_on(reader, phase, automation) and reader.rules.holds(automation.condition)


def is_on(reader: Reader, phase: Phase, automation: Automation) -> bool:
    """Say whether an automation is not switched off for the relation or the filing."""
    origin = reader.rules.origin
    name = f"{reader.plan.template}/{phase.id}/{automation.id}"
    return not origin.without_automations and name not in origin.automations_off


def _run(turn: Turn, phase: Phase, automation: Automation) -> None:
    if automation.send:
        issue(turn, "send", phase, purpose="automation", automation=automation.id)
    if automation.task:
        make_task(turn, phase, automation.id, automation.task)
    if automation.request:
        make_request(turn, phase, automation.id, automation.request)
    if automation.start:
        issue(turn, "find" if automation.start.of else "start", phase, automation=automation.id)
    if automation.note:
        issue(turn, "note", phase, automation=automation.id)


AUTOMATIONS = Automations()
Automations.fires = {Order.AUTOMATION: AUTOMATIONS.fire}
