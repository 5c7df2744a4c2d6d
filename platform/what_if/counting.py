"""What came of one course of a filing, in numbers: what was late, reminders, whose work, its end."""

from collections import Counter as Counts
from datetime import date, timedelta

from ..data import Struct
from ..filing.commands import Send
from ..filing.deadlines import deadline_status
from ..filing.outcome import Step
from ..filing.state import State
from ..filing.turn import Reader
from ..plan import Deliver, Phase, Plan, Work

BEGIN, MADE, RELEASED = "phase_entered", "task_made", "offer_released"
REMINDED, ESCALATED = "reminded", ("escalated", "escalated_asked")


class Late(Struct):
    """A day that was not kept: the deadline, or as `phase:<id>` the phase with its target date.

    `law` for a deadline of the law; `days` is how late the last of it was done, None where it never was.
    """

    of: str
    law: bool
    days: int | None


class Tally(Struct):
    """One course in numbers. Reminders and escalations are by phase, items of work by role, messages by id.

    `ended` is completed, cancelled, the id of a named end, or empty where it did not end.
    """

    ended: str
    on: date | None
    late: tuple[Late, ...]
    reminders: dict[str, int]
    escalations: dict[str, int]
    items: dict[str, int]
    messages: dict[str, int]
    rounds: dict[str, int]

    def is_late(self, law: bool) -> bool:
        """Say whether a day of the law was not kept, or one of the office's own."""
        return any(one.law == law for one in self.late)


class Counter:
    """Counts what the steps of a course do."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.phases = {phase.id: phase for phase in plan.phases}
        self.reminders: Counts[str] = Counts()
        self.escalations: Counts[str] = Counts()
        self.items: Counts[str] = Counts()
        self.messages: Counts[str] = Counts()

    def take(self, taken: Step) -> None:
        """Count a step."""
        self.messages.update(one.message for one in taken.commands if isinstance(one, Send))
        for entry in taken.entries:
            phase = self.phases.get(entry.phase or "")
            if phase is None:
                continue
            if entry.what == REMINDED:
                self.reminders[phase.id] += 1
            elif entry.what in ESCALATED:
                self.escalations[phase.id] += 1
                self.items[entry.data["role"]] += 1
            elif (entry.what == BEGIN and _is_work(phase)) or (
                entry.what == RELEASED and phase.offer and phase.offer.forward == "by_hand"
            ):
                self.items[phase.role] += 1
            elif entry.what == MADE:
                role = _find_role(phase, entry.data["task"])
                self.items.update([role] if role else [])

    def tell(self, state: State) -> Tally:
        """Return the numbers of a course that came so far."""
        ended = state.case.ended
        return Tally(
            ended="" if ended is None else ended.end or ended.how,
            on=ended.at.date() if ended else None,
            late=tuple(_list_late(self.plan, state)),
            reminders=dict(self.reminders),
            escalations=dict(self.escalations),
            items=dict(self.items),
            messages=dict(self.messages),
            rounds=dict(state.case.rounds),
        )


def _is_work(phase: Phase) -> bool:
    """Say whether a phase is something that its role does."""
    return isinstance(phase.block, Work) or (isinstance(phase.block, Deliver) and phase.block.by_hand)


def _find_role(phase: Phase, task: str) -> str | None:
    """Return the role that a task of a phase was given to; None for one of the client."""
    automation = next((one for one in phase.automations if one.id == task.split(".")[1]), None)
    to = automation.task.to if automation and automation.task else None
    return to.name if to and to.kind == "role" else None


def _list_late(plan: Plan, state: State) -> list[Late]:
    reader = Reader(plan, state)
    found = []
    for deadline in plan.deadlines:
        day = reader.rules.deadline_day(deadline.id)
        status = deadline_status(reader, deadline.id)
        if day and status in ("missed", "met_late"):
            done = _find_done(reader, deadline.id) if status == "met_late" else None
            days = _count(day, done) if done else None
            found.append(Late(of=deadline.id, law=bool(deadline.law), days=days))
    for phase in plan.phases:
        state_of = reader.phase_state(phase.id)
        due = reader.rules.target_day(phase.due) if phase.due and state_of and state_of.entered else None
        if due and state_of and state_of.ended and state_of.ended.date() > due:
            late = Late(of=f"phase:{phase.id}", law=False, days=_count(due, state_of.ended.date()))
            found.append(late)
    return found


def _find_done(reader: Reader, deadline: str) -> date | None:
    """Return the day on which the last thing was done for a deadline."""
    days = []
    for phase in reader.rules.phases_meeting(deadline):
        state, delivery = reader.phase_state(phase.id), reader.delivery_state(phase.id)
        if delivery and delivery.on:
            days.append(delivery.on)
        elif state and state.entered and state.ended:
            days.append(state.ended.date())
    return max(days, default=None)


def _count(due: date, done: date) -> int:
    return max((done - due) // timedelta(days=1), 0)
