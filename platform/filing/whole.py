"""Acts on the filing as a whole: notes, and cancelling it."""

from .deliveries import refuse_accepted, refuse_under_way
from .events import Cancel, Note
from .outcome import Refusal
from .phases import end
from .state import Ended
from .turn import Turn, is_active


def note(turn: Turn, act: Note) -> Refusal | None:
    """Write a note on the timeline."""
    if not act.text.strip():
        return Refusal(code="empty_note", text="De notitie is leeg.")
    turn.tell("noted", act.by.id, text=act.text.strip())
    return None


def cancel(turn: Turn, act: Cancel) -> Refusal | None:
    """Cancel the filing, with a reason, by the role of an active phase or the one it is sent on behalf of."""
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor het annuleren.")
    every = [phase.id for phase in turn.plan.phases]
    refusal = refuse_under_way(turn.state) or refuse_accepted(turn.state, every)
    if refusal:
        return refusal
    if act.by.kind != "team" or not _may_cancel(turn) & set(act.by.roles):
        text = "Annuleren is aan de rol van de lopende fase, of aan wie namens het kantoor verzendt."
        return Refusal(code="wrong_role", text=text)
    end(turn, Ended(how="cancelled", at=turn.now, by=act.by.id), act.reason.strip())
    return None


def _may_cancel(turn: Turn) -> set[str]:
    active = {p.role for p in turn.plan.phases if is_active(turn.state, p.id)}
    waiting = {p.role for p in turn.plan.phases} if not active else set()
    return active | waiting | {p.offer.on_behalf_of for p in turn.plan.phases if p.offer}
