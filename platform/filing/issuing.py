"""Commands from what they are about: plan and case say what is in one, now and when it is issued again.

So the state holds nothing of the plan but ids: a command that is issued again by a new run, or tried
again by a person, says what the plan and the case say then.
"""

from typing import Any

from ..data import replace
from ..plan import Automation, FilingAwaited, LeaveNote, Phase, To, WaitFor
from ..plan import StartFiling as StartOther
from .commands import (
    AnyCommand,
    CommandKind,
    Deliver,
    FindLinked,
    Follow,
    Purpose,
    Resolve,
    Send,
    StartFiling,
    Watch,
)
from .commands import LeaveNote as LeaveNoteCommand
from .documents import own_documents
from .state import Lookup, OfferState, Pending
from .turn import Reader, Turn


def issue(
    turn: Turn,
    what: CommandKind,
    phase: Phase,
    *,
    purpose: Purpose | None = None,
    automation: str | None = None,
    awaited: str | None = None,
    outcome: str | None = None,
    reached: tuple[str, ...] = (),
    of: str | None = None,
) -> None:
    """Ask for a command to be carried out, under the next number; nothing where the plan has none of it.

    Whom a message has `reached` does not get it. `of` is the linked relation whose filing it is about.
    """
    pending = Pending(
        number=turn.next_number,
        what=what,
        phase=phase.id,
        purpose=purpose,
        automation=automation,
        awaited=awaited,
        outcome=outcome,
        reached=reached,
        of=of,
    )
    ask_for(turn, _keep_readers(turn, phase, pending) if turn.state.format == 1 else pending)


def ask_for(turn: Turn, pending: Pending) -> None:
    """Ask for a command under its number, by which it is done once; nothing where the plan has none of it."""
    command = command_of(turn, pending)
    if command is not None:
        turn.last_number = max(turn.last_number, pending.number)
        turn.ask(command)
        turn.in_flight = (*turn.in_flight, pending)


def reissue(reader: Reader, pending: Pending, *, also_withdrawn: bool = False) -> AnyCommand | None:
    """Return a command on its way as a new run issues it again; None when it is no longer needed.

    A withdrawn message, lookup or watch is not asked for again, unless it is a message of a phase whose
    completion ended the filing: the end withdrew it, and its reader still has to get it. `also_withdrawn` is
    for runs that format 1 began: it issued everything, and what a run did stays as it was.
    """
    phase = reader.rules.find_phase(pending.phase)
    closing = phase is not None and is_ended_by(reader, phase)
    wanted = also_withdrawn or (closing and pending.purpose == "automation")
    if pending.withdrawn and pending.is_revocable and not wanted:
        return None
    return command_of(reader, pending)


def command_of(reader: Reader, pending: Pending) -> AnyCommand | None:
    """Return what a command says as plan and case stand; None where they no longer have what it is about."""
    phase = reader.rules.find_phase(pending.phase)
    if phase is None:
        return None
    number = pending.number
    if pending.what == "send":
        return _send(reader, phase, pending)
    if pending.what == "resolve":
        return (
            Resolve(number=number, phase=phase.id, own=own_documents(reader, phase)) if phase.offer else None
        )
    if pending.what == "watch":
        return _watch(phase, pending)
    if pending.what == "start":
        return _start(phase, pending)
    if pending.what == "find":
        return _find(phase, pending)
    if pending.what == "note":
        return _leave_note(phase, pending)
    delivery = reader.delivery_state(phase.id)
    if delivery is None:
        return None
    if pending.what == "deliver":
        return Deliver(
            number=number,
            phase=phase.id,
            document=delivery.document,
            hash=delivery.hash,
            attempt=delivery.attempt,
            standing=delivery.standing,
        )
    return Follow(
        number=number,
        phase=phase.id,
        reference=delivery.reference or "",
        attempt=delivery.attempt,
        delivery=delivery.number,
    )


def is_ended_by(reader: Reader, phase: Phase) -> bool:
    """Say whether the filing ended because a phase was completed: with all others, or at a named end."""
    ended, state = reader.case.ended, reader.phase_state(phase.id)
    if ended is None or ended.how == "completed":
        return ended is not None
    return (
        ended.how == "end" and state is not None and state.status == "completed" and state.ended == ended.at
    )


def awaited_key(block: WaitFor, awaited: FilingAwaited) -> str:
    """Return what names an awaited filing within its phase: its template and period, and whose it is.

    Where the phase awaits several of these, until different phases of theirs, the phase names it too.
    """
    key = _name_awaited(awaited)
    same = [a for a in block.awaited if isinstance(a, FilingAwaited) and _name_awaited(a) == key]
    return f"{key}/{awaited.phase or ''}" if len(same) > 1 else key


def _name_awaited(awaited: FilingAwaited) -> str:
    whose = f"{awaited.of}/" if awaited.of else ""
    return f"{awaited.template}/{whose}{awaited.period}"


def note_of(phase: Phase, pending: Pending) -> LeaveNote | None:
    """Return the note that a command leaves, of an automation or an outcome, as the plan says now."""
    automation = next((a for a in phase.automations if a.id == pending.automation), None)
    outcome = next((o for o in phase.outcomes if o.id == pending.outcome), None)
    return (automation.note if automation else None) or (outcome.note if outcome else None)


def is_of_offer(pending: Pending, phase: Phase) -> bool:
    """Say whether a command belongs to the offer of a phase: its lookup, its message, its reminders."""
    if pending.phase != phase.id or phase.offer is None or pending.automation is not None:
        return False
    return pending.what == "resolve" or pending.purpose in ("offer", "reminder")


def is_current(reader: Reader, pending: Pending) -> bool:
    """Say whether what a command is about still stands, so that its result may change it.

    Numbers grow: what belongs to an earlier offer or delivery of its phase has a lower number than the
    command that began the one of now.
    """
    phase = reader.rules.find_phase(pending.phase)
    if phase is None or pending.withdrawn:
        return False
    if is_of_offer(pending, phase):
        offer = reader.offer_state(phase.id)
        return offer is not None and offer.outcome is None and pending.number >= offer.number
    if pending.what in ("deliver", "follow"):
        delivery = reader.delivery_state(phase.id)
        return delivery is not None and pending.number >= delivery.number
    return True


def message_of(phase: Phase, pending: Pending) -> str | None:
    """Return the message that a command of a phase sends, as the plan says now; None where it says none."""
    automation = _automation(phase, pending)
    if pending.automation is not None and automation is None:
        return None
    request = automation.request if automation else None
    if pending.purpose == "automation":
        send = automation.send if automation else None
        return send.message if send else request.message if request else None
    chase = automation.chase if automation else phase.chase
    if pending.purpose == "escalation":
        return chase.escalate.message if chase and chase.escalate else None
    own = chase.remind.message if pending.purpose == "reminder" and chase and chase.remind else None
    if automation:
        return own or (request.message if request else None)
    return own or (phase.offer.message if phase.offer else None)


def _automation(phase: Phase, pending: Pending) -> Automation | None:
    """Return the automation that a message is of: that sends it, or whose request or task it is about."""
    return next((a for a in phase.automations if a.id == pending.automation), None)


def awaited_of(phase: Phase, pending: Pending) -> FilingAwaited | None:
    """Return the filing that a command watches, as the plan says now; None where it says none."""
    block = phase.block
    if not isinstance(block, WaitFor):
        return None
    filings = (a for a in block.awaited if isinstance(a, FilingAwaited))
    return next((a for a in filings if awaited_key(block, a) == pending.awaited), None)


def started_by(phase: Phase, pending: Pending) -> StartOther | None:
    """Return the filing that a command starts, as the plan says now; None where it says none."""
    automation = next((a for a in phase.automations if a.id == pending.automation), None)
    return automation.start if automation else None


def _watch(phase: Phase, pending: Pending) -> Watch | None:
    wanted = awaited_of(phase, pending)
    if wanted is None or (wanted.of is None) != (pending.of is None):
        return None
    return Watch(
        number=pending.number,
        phase=phase.id,
        template=wanted.template,
        period=wanted.period,
        until=wanted.phase,
        optional=wanted.optional,
        relation=pending.of,
    )


def _start(phase: Phase, pending: Pending) -> StartFiling | None:
    start = started_by(phase, pending)
    if start is None or (start.of is None) != (pending.of is None):
        return None
    return StartFiling(
        number=pending.number,
        phase=phase.id,
        template=start.template,
        period=start.period,
        relation=pending.of,
    )


def _find(phase: Phase, pending: Pending) -> FindLinked | None:
    asked = started_by(phase, pending) if pending.automation else awaited_of(phase, pending)
    if asked is None or asked.of is None:
        return None
    return FindLinked(number=pending.number, phase=phase.id, link=asked.of, optional=asked.optional)


def _leave_note(phase: Phase, pending: Pending) -> LeaveNoteCommand | None:
    note = note_of(phase, pending)
    if note is None:
        return None
    return LeaveNoteCommand(
        number=pending.number, phase=phase.id, template=note.template, message=note.message
    )


def _send(reader: Reader, phase: Phase, pending: Pending) -> Send | None:
    message = message_of(phase, pending)
    readers = _readers(reader, phase, pending)
    if message is None or reader.rules.find_message(message) is None or readers is None:
        return None
    return Send(
        number=pending.number,
        phase=phase.id,
        message=message,
        purpose=pending.purpose or "automation",
        automation=pending.automation,
        reached=pending.reached,
        **readers,
    )


def _readers(reader: Reader, phase: Phase, pending: Pending) -> dict[str, Any] | None:
    """Return whom a message goes to: as the plan names them, or those whom an offer has resolved."""
    if pending.contacts is not None:
        return {"contacts": pending.contacts, "sender": pending.sender}
    automation = _automation(phase, pending)
    if pending.purpose == "escalation":
        chase = automation.chase if automation else phase.chase
        escalate = chase.escalate if chase else None
        return {"to": To(kind="role", name=escalate.role)} if escalate else None
    if pending.purpose == "automation" or automation:
        return {"to": to} if automation and (to := _addressee(automation)) else None
    if phase.offer is None:
        return {"to": To(kind="role", name=phase.role)}
    offer = reader.offer_state(phase.id)
    if offer is None or offer.lookup is None:
        return None
    contacts = _readers_of_offer(offer, offer.lookup, pending)
    return {"contacts": contacts, "sender": offer.lookup.sender} if contacts else None


def _addressee(automation: Automation) -> To | None:
    """Return whom the messages of an automation are for: of its own, or of what it asks."""
    about = automation.send or automation.request or automation.task
    return about.to if about else None


def _readers_of_offer(offer: OfferState, lookup: Lookup, pending: Pending) -> tuple[str, ...]:
    """Return whom an offer's message goes to; a reminder goes to those who have not answered."""
    answered = {d.contact for d in offer.decisions} if pending.purpose == "reminder" else set()
    return tuple(r.contact for r in lookup.recipients if r.contact not in answered)


def _keep_readers(turn: Turn, phase: Phase, pending: Pending) -> Pending:
    """Fix now whom an offer's message goes to, be it nobody, as format 1 did."""
    offer = turn.offer_state(phase.id)
    if pending.purpose not in ("offer", "reminder") or offer is None or offer.lookup is None:
        return pending
    contacts = _readers_of_offer(offer, offer.lookup, pending)
    return replace(pending, contacts=contacts, sender=offer.lookup.sender)
