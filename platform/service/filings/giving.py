"""Giving the work of a role in a filing to a colleague: what whoever gives it should know."""

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection

from ...filing.checkpoints import refuse_own_eyes
from ...filing.events import Actor, Check
from ...filing.outcome import Refusal
from ...filing.reassigning import find_lacking_title, list_barred
from ...filing.turn import Reader
from ...office.people import (
    TeamMember,
    chain_of,
    find_first_holder,
    find_member,
    find_person,
    named_roles,
)
from ...office.presence import OnDay
from ...plan import Phase
from ...words import join_in_dutch, quote_in_dutch, say_own_check
from ..desk import Desk
from .cases import Case, make_actor
from .states import read_state_of

ALREADY_THEIRS = Refusal(
    code="assignment_unchanged", text="Dit werk is al van deze medewerker; er valt niets over te dragen."
)


def is_same_person(connection: Connection, one: str, other: str) -> bool:
    """Say whether two names, ids or e-mail addresses are of one person."""
    first, second = find_person(connection, one), find_person(connection, other)
    return first is not None and second is not None and first.id == second.id


def judge_giving(
    connection: Connection, desk: Desk, case: Case, role: str, actor: Actor
) -> tuple[str, ...] | Refusal:
    """Refuse to give somebody what is theirs already; else tell what four eyes then keep them from (R9).

    Of who lacks a title that the work asks for nothing is told: the machine refuses them.
    Raises UnreadableStateError.
    """
    found = read_state_of(connection, desk, case.filing)
    if found is None:
        return ()
    reader, person = Reader(*found), actor.id
    if find_lacking_title(reader, role, actor):
        return ()
    member = find_member(connection, person)
    named = named_roles(connection, case.filing.relation)
    if reader.assigned_to(role) is None and _find_doer(reader, named, role) == person:
        return ALREADY_THEIRS
    return tell_own_eyes(reader, named, role, person, member.name if member else person)


def judge_tick(connection: Connection, desk: Desk, case: Case, phase: str) -> Refusal | None:
    """Refuse that somebody ticks a point of a phase that four eyes keep them from completing (R9).

    Raises UnreadableStateError.
    """
    found = read_state_of(connection, desk, case.filing)
    if found is None:
        return None
    act = Check(at=case.now, id="asked", by=case.actor, phase=phase, checkpoint="")
    return refuse_own_eyes(Reader(*found), act)


def tell_own_eyes(
    reader: Reader, named: Mapping[str, str], role: str, person: str, name: str
) -> tuple[str, ...]:
    """Return in Dutch what four eyes keep somebody from where they get the work of a role in a filing.

    They cannot complete what checks their own work: what they did, and what they are to do. `named` are the
    holders of roles at the relation, `name` is that of the person.
    """
    barred = list_barred(reader, role, person)
    did = [
        f"Vier ogen: {name} heeft zelf aan {quote_in_dutch(works)} gewerkt en mag '{phase}' niet afronden."
        for phase, works in barred
    ]
    known = {phase for phase, _ in barred}
    both = dict[str, list[str]]()
    for phase in reader.plan.phases:
        for work in map(reader.plan.phase, phase.four_eyes):
            both_roles = {phase.role, work.role}
            if role not in both_roles or len(both_roles) == 1:
                continue
            (other,) = both_roles - {role}
            if _find_doer(reader, named, other) != person:
                continue
            if _is_ahead(reader, phase) and _is_ahead(reader, work) and phase.title not in known:
                both.setdefault(phase.title, []).append(work.title)
    will = (f"{say_own_check(phase, works, name)}." for phase, works in both.items())
    return (*did, *will)


def list_cannot(
    reader: Reader, named: Mapping[str, str], day: OnDay, team: Iterable[TeamMember]
) -> tuple[str, ...]:
    """Return in Dutch who cannot have the work of which role in a filing, or not all of it.

    Of work that is ahead. A title that it asks for is told with those who have it.
    """
    found = [(one, make_actor(named, day, one, reader.plan)) for one in team if one.active]
    here = {one.id: (one.name, actor) for one, actor in found if isinstance(actor, Actor)}
    roles = [
        role
        for role in reader.plan.roles
        if any(one.role == role.id and _is_ahead(reader, one) for one in reader.plan.phases)
    ]
    doers = {role.id: _find_doer(reader, named, role.id) for role in reader.plan.roles}
    # Of all others nothing is known that four eyes could keep them from.
    busy = {*doers.values(), *(one.person for one in reader.case.contributions)}
    away = [one.name for one, actor in found if not isinstance(actor, Actor)]
    told = [f"Vandaag afwezig: {join_in_dutch(away)}."] if away else []
    for role in roles:
        lacking = {id: find_lacking_title(reader, role.id, actor) for id, (_, actor) in here.items()}
        titles = next(filter(None, lacking.values()), None)
        if titles:
            fitting = [name for id, (name, _) in here.items() if not lacking[id]]
            said = f"en kan alleen aan {join_in_dutch(fitting)}" if fitting else "en die heeft nu niemand"
            told.append(f"{role.title} vraagt de titel {' of '.join(titles)} {said}.")
        for id in (one for one in here if one in busy and one != doers[role.id] and not lacking[one]):
            told += tell_own_eyes(reader, named, role.id, id, here[id][0])
    return tuple(dict.fromkeys(told))


def _is_ahead(reader: Reader, phase: Phase) -> bool:
    """Say whether a phase is active or to come."""
    state = reader.phase_state(phase.id)
    return state is None or state.status == "active"


def _find_doer(reader: Reader, named: Mapping[str, str], role: str) -> str | None:
    """Return whose the work of a role is in a filing: given there, or at the relation; None for nobody."""
    return reader.assigned_to(role) or find_first_holder(named, chain_of(role, reader.plan.roles))
