"""Four eyes (vier ogen): whoever did the work does not check it, unless a named role makes an exception (R9).

An exception is for one person, in one round of a phase, given by another who holds the role that the phase
names for it, with a reason; by outside eyes: who did none of that work and stands in for nobody who did.
"""

from .construct import Construct
from .events import Waive
from .outcome import Refusal
from .permissions import acted_in_checked, does_work_of, find_waiver
from .state import Waiver
from .turn import Reader, Turn, put


class FourEyes(Construct):
    """Exceptions to four eyes."""


def waive(turn: Turn, act: Waive) -> Refusal | None:
    """Let a person complete a phase although they acted in one that it checks."""
    phase = turn.active_phase(act.phase)
    if isinstance(phase, Refusal):
        return phase
    role = phase.four_eyes_exception
    if role is None:
        text = f"De fase '{phase.title}' kent geen uitzondering op vier ogen."
        return Refusal(code="no_exception", text=text)
    if act.by.kind != "team" or not does_work_of(turn, role, act.by):
        title = turn.rules.role(role).title
        text = f"Een uitzondering op vier ogen geeft alleen wie de rol {title} heeft voor deze relatie."
        return Refusal(code="wrong_role", text=text)
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor de uitzondering op vier ogen.")
    if act.person == act.by.id:
        text = "Een uitzondering voor uzelf geeft een ander; vraag een collega met deze rol."
        return Refusal(code="for_oneself", text=text)
    if not acted_in_checked(turn, phase, act.person):
        text = f"Deze medewerker kan de fase '{phase.title}' zonder uitzondering afronden."
        return Refusal(code="not_barred", text=text)
    if find_waiver(turn, phase, act.person):
        return Refusal(code="already_waived", text="Deze uitzondering is al gegeven.")
    given = Waiver(
        phase=phase.id,
        person=act.person,
        round=turn.round_of(phase.id),
        by=act.by.id,
        at=turn.now,
        reason=act.reason.strip(),
    )
    turn.set(waivers=put(turn.case.waivers, given, lambda one: (one.phase, one.person)))
    told = {"title": phase.title, "contact": act.person, "reason": given.reason}
    turn.tell("four_eyes_waived", act.by.id, phase.id, **told)
    return None


def refuse_inside_eyes(reader: Reader, act: Waive) -> Refusal | None:
    """Refuse an exception by who did part of the work, or stands in for who did (new_acts.py)."""
    phase = reader.plan.phase(act.phase)
    places = (act.by.id, *(place.person for place in (*act.by.instead_of, *act.by.stands_in)))
    own = [title for person in places for title in acted_in_checked(reader, phase, person)]
    if not own:
        return None
    text = (
        f"Vier ogen: u, of de collega die u vervangt, heeft zelf aan '{own[0]}' gewerkt. Een uitzondering "
        "geeft iemand die daar niet aan heeft gewerkt."
    )
    return Refusal(code="inside_eyes", text=text)


FOUR_EYES = FourEyes()
FourEyes.acts = {"waive": waive}
