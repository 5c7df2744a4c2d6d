"""Who may act in a phase: holders of its role, with its title, and nobody who checks their own work."""

from collections.abc import Iterable

from ..plan import Chase, Offer, Phase, WaitFor
from .events import Actor, StandIn
from .outcome import Refusal
from .state import Waiver
from .turn import Reader


def chase_subject(phase: Phase) -> str:
    """Return what is waited for in a phase: an answer to its offer, what comes from outside, its own work."""
    if isinstance(phase.block, Offer):
        return f"offer:{phase.id}"
    return f"{'wait' if isinstance(phase.block, WaitFor) else 'phase'}:{phase.id}"


def request_subject(request: str) -> str:
    """Return what is waited for with a request."""
    return f"request:{request}"


def task_subject(task: str) -> str:
    """Return what is waited for with a task."""
    return f"task:{task}"


def responsible_roles(reader: Reader, phase: Phase) -> tuple[str, ...]:
    """Return the roles that may act in a phase now: its own, and after escalation the one it went to."""
    return tuple(dict.fromkeys((phase.role, *escalated_to(reader, chase_subject(phase), phase.chase))))


def escalated_to(reader: Reader, subject: str, chase: Chase | None) -> tuple[str, ...]:
    """Return the role to which a chase has escalated, if it has."""
    if chase and chase.escalate and reader.chased_for(subject).escalated:
        return (chase.escalate.role,)
    return ()


def does_work_of(reader: Reader, role: str, actor: Actor) -> bool:
    """Say whether somebody does the work of a role here: to whom it was reassigned, else who holds it.

    In either's place, on the days of their absence, whoever stands in for them.
    """
    person = reader.assigned_to(role)
    if person is None:
        return role in actor.roles
    return person == actor.id or StandIn(role=role, person=person) in actor.stands_in


def find_absent(reader: Reader, roles: Iterable[str], actor: Actor) -> str | None:
    """Return in whose place somebody does the work of one of these roles; None where one is their own."""
    found = [_find_replaced(reader, role, actor) for role in roles if does_work_of(reader, role, actor)]
    return found[0] if found and None not in found else None


def _find_replaced(reader: Reader, role: str, actor: Actor) -> str | None:
    person = reader.assigned_to(role)
    if person is not None:
        return None if person == actor.id else person
    return next((one.person for one in actor.instead_of if one.role == role), None)


def refuse_role(reader: Reader, phase: Phase, actor: Actor, also: tuple[str, ...] = ()) -> Refusal | None:
    """Refuse a person who does not hold a responsible role, or lacks the qualification that is demanded.

    `also` are roles that may act too, in what is asked of them beside the phase.
    """
    roles = tuple(dict.fromkeys((*responsible_roles(reader, phase), *also)))
    held = [role for role in roles if does_work_of(reader, role, actor)]
    if not held and any(role in actor.roles for role in roles):
        text = f"Het werk in de fase '{phase.title}' is in deze opdracht overgedragen aan een collega."
        return Refusal(code="reassigned", text=text)
    if actor.kind != "team" or not held:
        titles = " of ".join(reader.rules.role(role).title for role in roles)
        text = f"De fase '{phase.title}' hoort bij de rol {titles}. Die rol heeft u niet voor deze relatie."
        return Refusal(code="wrong_role", text=text)
    demands = (phase.qualification, *(reader.rules.role(role).qualification for role in held[:1]))
    lacking = next((d for d in demands if d and not set(d) & set(actor.qualifications)), None)
    if lacking is None:
        return None
    text = f"Voor de fase '{phase.title}' is de titel {' of '.join(lacking)} nodig."
    return Refusal(code="unqualified", text=text)


def refuse_four_eyes(reader: Reader, phase: Phase, actor: Actor) -> Refusal | None:
    """Refuse whoever did anything, in whatever round, in a phase that this one checks (R9)."""
    own = acted_in_checked(reader, phase, actor.id)
    if not own or find_waiver(reader, phase, actor.id):
        return None
    text = (
        f"Vier ogen: u hebt zelf aan '{own[0]}' gewerkt. Laat een collega de fase '{phase.title}' afronden."
    )
    if phase.four_eyes_exception:
        title = reader.rules.role(phase.four_eyes_exception).title
        text += f" Wie de rol {title} heeft, kan een uitzondering geven."
    return Refusal(code="four_eyes", text=text)


def acted_in_checked(reader: Reader, phase: Phase, person: str) -> tuple[str, ...]:
    """Return the titles of the phases that this one checks and in which somebody did anything."""
    acted = (c.phase for c in reader.case.contributions if c.person == person)
    return tuple(reader.rules.phase(name).title for name in acted if name in phase.four_eyes)


def find_waiver(reader: Reader, phase: Phase, person: str) -> Waiver | None:
    """Return the exception by which somebody may complete a phase in this round, or None."""
    given = (w for w in reader.case.waivers if w.phase == phase.id and w.person == person)
    return next((w for w in given if w.round == reader.round_of(phase.id)), None)
