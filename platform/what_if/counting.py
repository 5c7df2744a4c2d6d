"""What came of one course of a filing, in numbers: what was late, reminders, whose work, its end."""

from collections import Counter as Counts
from collections.abc import Iterator
from datetime import date

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
    """A day that was not kept: a deadline, of the `law` or not, or as `phase:<id>` a target date."""

    of: str
    law: bool


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


def _list_late(plan: Plan, state: State) -> Iterator[Late]:
    reader = Reader(plan, state)
    for deadline in plan.deadlines:
        known = reader.rules.deadline_day(deadline.id) is not None
        if known and deadline_status(reader, deadline.id) in ("missed", "met_late"):
            yield Late(of=deadline.id, law=bool(deadline.law))
    for phase in plan.phases:
        reached = reader.phase_state(phase.id)
        due = reader.rules.target_day(phase.due) if phase.due and reached and reached.entered else None
        if due and reached and reached.ended and reached.ended.date() > due:
            yield Late(of=f"phase:{phase.id}", law=False)
