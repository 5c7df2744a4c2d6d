"""Reassigning (overdragen): within this filing the work of a role is one person's, whoever holds the role."""

from .construct import Construct
from .events import Actor, Reassign
from .outcome import Refusal
from .permissions import acted_in_checked, find_waiver
from .state import Assigned
from .turn import Reader, Turn, put
from .whole_filing import refuse_other


class Reassigning(Construct):
    """Whose work a role's is in this filing."""


def reassign(turn: Turn, act: Reassign) -> Refusal | None:
    """Give the work of a role to a person who holds it here or has the title it asks for, or give it back."""
    if all(role.id != act.role for role in turn.plan.roles):
        names = ", ".join(f"{role.id} ('{role.title}')" for role in turn.plan.roles)
        return Refusal(code="unknown_role", text=f"Rol '{act.role}' bestaat niet. Kies uit: {names}.")
    title = turn.rules.role(act.role).title
    if not act.reason.strip():
        return Refusal(code="reason_missing", text="Geef een reden voor het overdragen.")
    refusal = refuse_other(turn, act.by, "werk overdragen")
    if refusal:
        return refusal
    now = turn.assigned_to(act.role)
    if now == (act.person.id if act.person else None):
        text = f"Het werk van de rol {title} is al zo verdeeld; er valt niets over te dragen."
        return Refusal(code="assignment_unchanged", text=text)
    refusal = _refuse_person(turn, act, title)
    if refusal:
        return refusal
    rest = tuple(one for one in turn.case.assigned if one.role != act.role)
    told = {"role_title": title, "reason": act.reason.strip()}
    if act.person is None:
        turn.set(assigned=rest)
        turn.tell("assigned_back", act.by.id, **told)
    else:
        assigned = Assigned(role=act.role, person=act.person.id)
        turn.set(assigned=put(rest, assigned, lambda one: one.role))
        turn.tell("reassigned", act.by.id, contact=act.person.id, **told)
    return None


def list_barred(reader: Reader, role: str, person: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what of a role's work somebody cannot complete here, since they did what it checks (R9).

    Each with the titles of what they did; what is behind is left out.
    """
    found = []
    for phase in (one for one in reader.plan.phases if one.role == role):
        state = reader.phase_state(phase.id)
        own = acted_in_checked(reader, phase, person)
        if own and (state is None or state.status == "active") and not find_waiver(reader, phase, person):
            did = (reader.rules.phase(name).title for name in phase.four_eyes)
            found.append((phase.title, tuple(title for title in did if title in own)))
    return tuple(found)


def find_lacking_title(reader: Reader, role: str, person: Actor) -> tuple[str, ...] | None:
    """Return the titles of which a colleague needs one for the work of a role here and has none, or None.

    Who holds the role is not asked.
    """
    if role in person.roles:
        return None
    demands = (
        reader.rules.role(role).qualification,
        *(phase.qualification for phase in reader.plan.phases if phase.role == role),
    )
    return next((one for one in demands if one and not set(one) & set(person.qualifications)), None)


def _refuse_person(reader: Reader, act: Reassign, title: str) -> Refusal | None:
    person = act.person
    if person is None or act.role in person.roles:
        return None
    if person.kind != "team":
        text = "Werk kan alleen aan een medewerker worden overgedragen."
        return Refusal(code="not_a_colleague", text=text)
    lacking = find_lacking_title(reader, act.role, person)
    if lacking is None:
        return None
    text = f"Voor het werk van de rol {title} is de titel {' of '.join(lacking)} nodig."
    return Refusal(code="unqualified", text=text)


REASSIGNING = Reassigning()
Reassigning.acts = {"reassign": reassign}
