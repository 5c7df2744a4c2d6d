"""Work phases: completing them, sending them back, and what stands in the way."""

from ..plan import Phase
from .checkpoints import open_required
from .deliveries import refuse_accepted, refuse_under_way
from .documents import missing as missing_documents
from .documents import review
from .events import Back, Complete
from .outcome import Refusal
from .permissions import refuse_four_eyes, refuse_role
from .phases import done_again, finish, send_back
from .turn import Turn, active_phase, phase_state


def obstacles(turn: Turn, phase: Phase) -> list[str]:
    """Say in Dutch what is missing before a phase can be completed, by the id that an act names and title."""
    state = phase_state(turn.state, phase.id)
    open_points = [f"controlepunt {c.id} ('{c.title}')" for c in open_required(phase, state, turn.values)]
    return open_points + [f"document {d.id} ('{d.title}')" for d in missing_documents(turn, phase)]


def complete(turn: Turn, act: Complete) -> Refusal | None:
    """Complete a work phase whose checkpoints and documents are there, by somebody who may."""
    phase = active_phase(turn, act.phase)
    if isinstance(phase, Refusal):
        return phase
    if phase.offer or phase.deliver:
        text = f"De fase '{phase.title}' rondt zichzelf af, na het besluit van de klant of de ontvanger."
        return Refusal(code="not_by_hand", text=text)
    refusal = refuse_role(turn, phase, act.by) or refuse_four_eyes(turn, phase, act.by)
    if refusal:
        return refusal
    missing = obstacles(turn, phase)
    if missing:
        text = f"De fase '{phase.title}' is nog niet klaar: {', '.join(missing)}."
        return Refusal(code="not_ready", text=text)
    refusal = review(turn, phase, act)
    if refusal:
        return refusal
    turn.contributed(phase.id, act.by)
    finish(turn, phase, act.by.id)
    return None


def back(turn: Turn, act: Back) -> Refusal | None:
    """Send the work back to where the phase says, with a reason."""
    phase = active_phase(turn, act.phase)
    if isinstance(phase, Refusal):
        return phase
    refusal = refuse_role(turn, phase, act.by) or _refuse_back(turn, phase, act)
    if refusal:
        return refusal
    turn.contributed(phase.id, act.by)
    send_back(turn, phase, act.by.id, act.reason.strip())
    return None


def _refuse_back(turn: Turn, phase: Phase, act: Back) -> Refusal | None:
    if phase.back_to is None:
        text = f"Vanuit de fase '{phase.title}' kan het werk niet terug."
        return Refusal(code="no_way_back", text=text)
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor het terugsturen.")
    again = done_again(turn.plan, phase)
    return refuse_under_way(turn.state) or refuse_accepted(turn.state, again)
