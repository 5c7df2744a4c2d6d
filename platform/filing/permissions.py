"""Who may act in a phase: the holder of its role, with the title it demands, and not his own checker."""

from ..plan import Phase, Plan
from .events import Actor
from .outcome import Refusal
from .turn import Turn, phase_state


def role_title(plan: Plan, role: str) -> str:
    """Return a role's title as people read it."""
    return plan.role(role).title


def responsible_roles(turn: Turn, phase: Phase) -> tuple[str, ...]:
    """Return the roles that may act in a phase now: its own, and after escalation the one it went to."""
    chase = phase.offer.chase if phase.offer else phase.chase
    if phase_state(turn.state, phase.id).escalated and chase and chase.escalate:
        return tuple(dict.fromkeys((phase.role, chase.escalate.role)))
    return (phase.role,)


def refuse_role(turn: Turn, phase: Phase, actor: Actor) -> Refusal | None:
    """Refuse whoever does not hold a responsible role, or lacks the qualification that is demanded."""
    roles = responsible_roles(turn, phase)
    held = [role for role in roles if role in actor.roles]
    if actor.kind != "team" or not held:
        titles = " of ".join(role_title(turn.plan, role) for role in roles)
        text = f"De fase '{phase.title}' is werk van de rol {titles}; die rol heeft u niet voor deze relatie."
        return Refusal(code="wrong_role", text=text)
    demands = (phase.qualification, *(turn.plan.role(role).qualification for role in held[:1]))
    lacking = next((d for d in demands if d and not set(d) & set(actor.qualifications)), None)
    if lacking is None:
        return None
    text = f"De fase '{phase.title}' vraagt de titel {' of '.join(lacking)}."
    return Refusal(code="unqualified", text=text)


def refuse_four_eyes(turn: Turn, phase: Phase, actor: Actor) -> Refusal | None:
    """Refuse whoever did anything, in whatever round, in a phase that this one checks (R9)."""
    own = [
        turn.plan.phase(c.phase).title
        for c in turn.state.contributions
        if c.person == actor.id and c.phase in phase.four_eyes
    ]
    if not own:
        return None
    text = f"Vier ogen: u werkte zelf aan '{own[0]}'. Laat een collega de fase '{phase.title}' afronden."
    return Refusal(code="four_eyes", text=text)
