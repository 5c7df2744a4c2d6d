"""Acts on the filing as a whole: notes, and cancelling it."""

from .audiences import refuse_audience
from .construct import Construct, End
from .deliveries import refuse_accepted, refuse_under_way
from .events import Actor, Cancel, Note
from .outcome import Refusal
from .permissions import does_work_of
from .turn import Reader, Turn


class WholeFiling(Construct):
    """What concerns no phase."""


def write_note(turn: Turn, act: Note) -> Refusal | None:
    """Write a note on the timeline."""
    if not act.text.strip():
        return Refusal(code="empty_note", text="De notitie is leeg.")
    refusal = refuse_audience(turn, act.audience)
    if refusal:
        return refusal
    turn.tell("noted", act.by.id, audience=act.audience, text=act.text.strip())
    return None


def cancel(turn: Turn, act: Cancel) -> Refusal | End:
    """Cancel the filing, with a reason, by the role of an active phase or the one it is sent on behalf of."""
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor het annuleren.")
    every = [phase.id for phase in turn.plan.phases]
    refusal = refuse_under_way(turn, every) or refuse_accepted(turn, every)
    if refusal:
        return refusal
    refusal = refuse_other(turn, act.by, "annuleren")
    if refusal:
        return refusal
    return End("cancelled", act.by.id, act.reason.strip())


def refuse_other(reader: Reader, actor: Actor, verb: str) -> Refusal | None:
    """Refuse a person who may not do this (a Dutch verb) to the filing as a whole."""
    roles = roles_over_all(reader)
    if actor.kind == "team" and any(r in actor.roles or does_work_of(reader, r, actor) for r in roles):
        return None
    text = f"Alleen wie de rol van de lopende fase heeft, of de rol die aanbiedt aan de klant, kan {verb}."
    return Refusal(code="wrong_role", text=text)


def roles_over_all(reader: Reader) -> set[str]:
    """Return the roles that may cancel, hold, resume and reassign now."""
    active = {phase.role for phase in reader.active_phases()}
    waiting = {p.role for p in reader.plan.phases} if not active else set()
    return active | waiting | {p.offer.on_behalf_of for p in reader.plan.phases if p.offer}


WHOLE_FILING = WholeFiling()
WholeFiling.acts = {"note": write_note, "cancel": cancel}
