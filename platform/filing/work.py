"""Work phases: completing them, sending them back, and what stands in the way."""

from collections.abc import Iterator

from ..plan import Deliver, Phase, WaitFor, Work
from .construct import Back, Construct, Forward, WorkItem
from .deliveries import refuse_ending_beside, refuse_going_back
from .documents import review_and_sign
from .events import Back as BackAct
from .events import Complete
from .obstacles import obstacles
from .outcome import Refusal
from .permissions import refuse_four_eyes, refuse_role, responsible_roles
from .phase_outcomes import choose_outcome
from .turn import Reader, Turn
from .waiting import say_awaited


class WorkPhases(Construct):
    """Phases that a team member completes."""

    def work_items(self, reader: Reader) -> Iterator[WorkItem]:
        """Yield the active phases of work, with what is missing."""
        for phase in reader.active_phases():
            if isinstance(phase.block, Work):
                yield WorkItem(
                    kind="phase",
                    id=phase.id,
                    phase=phase.id,
                    title=phase.title,
                    roles=responsible_roles(reader, phase),
                    due=reader.rules.target_day(phase.due) if phase.due else None,
                    missing=tuple(obstacles(reader, phase)),
                )


def complete(turn: Turn, act: Complete) -> Refusal | Forward:
    """Complete a work phase that lacks no checkpoint and no document, by a person who may complete it."""
    phase = turn.active_phase(act.phase)
    if isinstance(phase, Refusal):
        return phase
    if isinstance(phase.block, WaitFor):
        text = (
            f"De fase '{phase.title}' wacht op {say_awaited(turn, phase.block)} en wordt vanzelf afgerond "
            "zodra dat er is. Leg een bericht dat u hebt ontvangen vast."
        )
        return Refusal(code="not_by_hand", text=text)
    if isinstance(phase.block, Deliver) and phase.block.by_hand:
        text = (
            f"De fase '{phase.title}' is afgerond zodra het indienen is vastgelegd. "
            "Leg vast dat er is ingediend, met de dag en het bewijs."
        )
        return Refusal(code="not_by_hand", text=text)
    if not isinstance(phase.block, Work):
        text = (
            f"De fase '{phase.title}' wordt vanzelf afgerond zodra de klant heeft geantwoord "
            "of de ontvangende dienst de aangifte heeft geaccepteerd."
        )
        return Refusal(code="not_by_hand", text=text)
    refusal = refuse_role(turn, phase, act.by) or refuse_four_eyes(turn, phase, act.by)
    if refusal:
        return refusal
    missing = obstacles(turn, phase)
    if missing:
        text = f"De fase '{phase.title}' kan nog niet worden afgerond. Nog te doen: {', '.join(missing)}."
        return Refusal(code="not_ready", text=text)
    outcome = choose_outcome(turn, phase, act.outcome)
    if isinstance(outcome, Refusal):
        return outcome
    ending = refuse_ending_beside(turn) if outcome and outcome.end else None
    refusal = ending or review_and_sign(turn, phase, act)
    if refusal:
        return refusal
    turn.add_contribution(phase.id, act.by)
    if outcome is None:
        return Forward(phase, act.by.id)
    return Forward(phase, act.by.id, outcome.id, outcome.then, outcome.end)


def send_back(turn: Turn, act: BackAct) -> Refusal | Back:
    """Send the work back to where the phase says, with a reason."""
    phase = turn.active_phase(act.phase)
    if isinstance(phase, Refusal):
        return phase
    refusal = refuse_role(turn, phase, act.by) or _refuse_back(turn, phase, act)
    if refusal:
        return refusal
    turn.add_contribution(phase.id, act.by)
    return Back(phase, act.by.id, act.reason.strip())


def _refuse_back(turn: Turn, phase: Phase, act: BackAct) -> Refusal | None:
    if phase.back_to is None:
        text = f"Vanuit de fase '{phase.title}' kan het werk niet worden teruggestuurd."
        return Refusal(code="no_way_back", text=text)
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor het terugsturen.")
    return refuse_going_back(turn, phase)


WORK = WorkPhases()
WorkPhases.acts = {"complete": complete, "back": send_back}
