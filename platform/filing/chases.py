"""Chasing (herinneren en escaleren): one shape for whatever waits for somebody.

Reminders count from the day the wait began and stop at the escalation; a reminder that was missed while
nothing ran is not made up for, so nobody gets three at once.
"""

from datetime import date, timedelta

from ..plan import Chase, Phase, To
from .commands import Send
from .dates import has_come, target_day
from .events import SYSTEM
from .permissions import role_title
from .turn import Turn, offer_state, phase_state


def chase_of(phase: Phase) -> Chase | None:
    """Return how a phase chases: an offer its client, a work phase its own role."""
    return phase.offer.chase if phase.offer else phase.chase


def escalation_day(turn: Turn, phase: Phase) -> date | None:
    """Return the day on which an active phase escalates, or None when it does not or did."""
    chase = chase_of(phase)
    if chase is None or chase.escalate is None or phase_state(turn.state, phase.id).escalated:
        return None
    return target_day(turn.plan, turn.state.origin, chase.escalate.on)


def reminder_day(turn: Turn, phase: Phase) -> date | None:
    """Return the day of the next reminder, or None when there is none any more (or not yet)."""
    chase = chase_of(phase)
    began = _waiting_since(turn, phase)
    state = phase_state(turn.state, phase.id)
    if chase is None or chase.remind is None or began is None or state.escalated:
        return None
    if state.reminders >= chase.remind.at_most:
        return None
    escalation = escalation_day(turn, phase)
    if escalation and has_come(turn.state.origin, escalation, turn.now):
        return None
    return began + timedelta(days=chase.remind.every_days * (state.reminders + 1))


def remind(turn: Turn, phase: Phase) -> None:
    """Send a reminder; it counts for all that were due by now."""
    chase = chase_of(phase)
    began = _waiting_since(turn, phase)
    if chase is None or chase.remind is None or began is None:
        return
    state = phase_state(turn.state, phase.id)
    due = (turn.now.date() - began).days // chase.remind.every_days
    number = min(max(due, state.reminders + 1), chase.remind.at_most)
    turn.put_phase(state, reminders=number)
    turn.tell("reminded", SYSTEM.id, phase.id, title=phase.title, number=str(number))
    _send_reminder(turn, phase, chase.remind.message)


def escalate(turn: Turn, phase: Phase) -> None:
    """Let another role share the work from now on."""
    chase = chase_of(phase)
    if chase is None or chase.escalate is None:
        return
    turn.put_phase(phase_state(turn.state, phase.id), escalated=True)
    role = chase.escalate.role
    title = role_title(turn.plan, role)
    turn.tell("escalated", SYSTEM.id, phase.id, title=phase.title, role=role, role_title=title)
    if chase.escalate.message:
        to = To(kind="role", name=role)
        turn.command(Send, phase.id, message=chase.escalate.message, purpose="escalation", to=to)


def _waiting_since(turn: Turn, phase: Phase) -> date | None:
    """Return the day since which somebody is waited for: an offer is waited for once it is sent."""
    if phase.offer:
        offer = offer_state(turn.state, phase.id)
        waiting = offer is not None and offer.outcome is None and offer.way != "information"
        return offer.sent.date() if offer and offer.sent and waiting else None
    entered = phase_state(turn.state, phase.id).entered
    return entered.date() if entered else None


def _send_reminder(turn: Turn, phase: Phase, message: str | None) -> None:
    if phase.offer is None:
        to = To(kind="role", name=phase.role)
        if message:
            turn.command(Send, phase.id, message=message, purpose="reminder", to=to)
        return
    offer = offer_state(turn.state, phase.id)
    if offer:
        answered = {decision.contact for decision in offer.decisions}
        contacts = tuple(r.contact for r in offer.recipients if r.contact not in answered)
        turn.command(
            Send,
            phase.id,
            message=message or phase.offer.message,
            purpose="reminder",
            contacts=contacts,
            sender=offer.sender,
        )
