"""Giving the work of a role in a filing to a colleague: what whoever gives it should know."""

from collections.abc import Sequence

from sqlalchemy import Connection

from ...filing.checkpoints import refuse_own_eyes
from ...filing.events import Check
from ...filing.outcome import Refusal
from ...filing.reassigning import list_barred
from ...filing.turn import Reader
from ...office.people import chain_of, find_first_holder, find_member, find_person, named_roles
from ..desk import Desk
from .cases import Case
from .states import read_state_of

ALREADY_THEIRS = Refusal(
    code="assignment_unchanged", text="Dit werk is al van deze medewerker; er valt niets over te dragen."
)


def is_same_person(connection: Connection, one: str, other: str) -> bool:
    """Say whether two names, ids or e-mail addresses are of one person."""
    first, second = find_person(connection, one), find_person(connection, other)
    return first is not None and second is not None and first.id == second.id


def judge_giving(
    connection: Connection, desk: Desk, case: Case, role: str, person: str
) -> tuple[str, ...] | Refusal:
    """Refuse to give somebody what is theirs already; else tell what four eyes keep them from (R9).

    Raises UnreadableStateError.
    """
    found = read_state_of(connection, desk, case.filing)
    if found is None:
        return ()
    reader, member = Reader(*found), find_member(connection, person)
    if reader.assigned_to(role) is None:
        named = named_roles(connection, case.filing.relation)
        if find_first_holder(named, chain_of(role, case.plan.roles)) == person:
            return ALREADY_THEIRS
    return tell_barred(list_barred(reader, role, person), member.name if member else person)


def judge_tick(connection: Connection, desk: Desk, case: Case, phase: str) -> Refusal | None:
    """Refuse that somebody ticks a point of a phase that four eyes keep them from completing (R9).

    Raises UnreadableStateError.
    """
    found = read_state_of(connection, desk, case.filing)
    if found is None:
        return None
    act = Check(at=case.now, id="asked", by=case.actor, phase=phase, checkpoint="")
    return refuse_own_eyes(Reader(*found), act)


def tell_barred(barred: Sequence[tuple[str, str]], name: str) -> tuple[str, ...]:
    """Return in Dutch what somebody cannot complete: by title, with what they did themselves."""
    return tuple(
        f"Vier ogen: {name} heeft zelf aan '{did}' gewerkt en mag '{phase}' niet afronden."
        for phase, did in barred
    )
