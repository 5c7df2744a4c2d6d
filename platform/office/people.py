"""Who somebody is and what they may do: team members, contacts, roles per relation, authority (R2, R57)."""

from collections.abc import Collection, Container, Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, String, bindparam, select

from ..data import Struct
from ..emails import comparable
from ..plan import Model, Office, Role
from ..rights import DECIDING, RIGHTS, Right
from .database.columns import among_numbers
from .database.moments import once_a_moment
from .database.questions import Question
from .database.tables import (
    ANY_PRODUCT,
    authorities,
    contacts,
    relation_contacts,
    relation_roles,
    standing_authorities,
    team,
)
from .plans import active_office
from .presence import OnDay, read_day


class TeamMember(Model):
    """Somebody who works at the office; the parts of the name are empty where nobody wrote them down."""

    id: str
    name: str
    email: str
    phone: str
    qualifications: tuple[str, ...]
    active: bool
    initials: str = ""
    prefix: str = ""
    surname: str = ""


class Contact(Model):
    """Somebody at one or more relations; without an e-mail address nothing can be sent to them."""

    id: str
    name: str
    salutation: str
    email: str | None
    language: str
    phone: str = ""


class RelationContact(Contact):
    """A contact at one relation, with their functions there."""

    relation: str
    functions: tuple[str, ...]
    primary: bool


class Authority(Model):
    """What a contact may do about a product of a relation on a day, and what of it only with another."""

    may: tuple[Right, ...] = ()
    jointly: tuple[Right, ...] = ()


class GivenRights(msgspec.Struct, frozen=True, gc=False):
    """What is recorded that a contact may do about a product (or any, `*`), from one day to another."""

    contact: str
    product: str
    since: date
    until: date | None
    may: tuple[Right, ...]
    jointly: tuple[Right, ...]


class StandingAuthority(msgspec.Struct, frozen=True, gc=False):
    """A standing authority to deliver a product (or any, `*`) after informing; both days count."""

    product: str
    since: date
    until: date


@once_a_moment
def find_person(connection: Connection, who: str) -> TeamMember | Contact | None:
    """Return who has this id or e-mail address, or None; a member who left is not found.

    No id is a team member's and a contact's too (`exchange.persons`). An address can be: that of a colleague
    who is a client is the colleague's, until they leave, and the contact is found by their id.
    """
    member = (
        connection.execute(select(team).where((team.c.id == who) | (team.c.email == comparable(who))))
        .mappings()
        .first()
    )
    if member is not None and member["active"]:
        return TeamMember.model_validate(dict(member))
    contact = (
        connection.execute(
            select(contacts).where((contacts.c.id == who) | (contacts.c.email == comparable(who)))
        )
        .mappings()
        .first()
    )
    return None if contact is None else Contact.model_validate(dict(contact))


def find_ids_by_name(connection: Connection, name: str) -> tuple[str, ...]:
    """Return the ids of the team members and contacts who have this name, whatever its case; in order."""
    wanted = " ".join(name.split()).casefold()
    known = select(team.c.id, team.c.name).where(team.c.active)
    rows = connection.execute(known.union_all(select(contacts.c.id, contacts.c.name))).all()
    return tuple(sorted(row.id for row in rows if " ".join(row.name.split()).casefold() == wanted))


@once_a_moment
def find_member(connection: Connection, member: str) -> TeamMember | None:
    """Return the team member with this id, also one who left, or None."""
    row = connection.execute(select(team).where(team.c.id == member)).mappings().first()
    return None if row is None else TeamMember.model_validate(dict(row))


def all_members(connection: Connection) -> tuple[TeamMember, ...]:
    """Return the team, also who left, by id."""
    return MEMBERS.ask(connection)


def _read_members(rows: Iterable[Any]) -> tuple[TeamMember, ...]:
    found = (TeamMember.model_validate(row._asdict()) for row in rows)
    return tuple(sorted(found, key=lambda one: one.id))


MEMBERS = Question(select(team), _read_members)
"""What `all_members` returns."""


def ids_of_members(connection: Connection) -> list[str]:
    """Return the ids of the team members who work here now, in order."""
    query = select(team.c.id).where(team.c.active).order_by(team.c.id)
    return list(connection.execute(query).scalars())


def ids_of_contacts(connection: Connection) -> list[str]:
    """Return the ids of all contacts, in order."""
    return list(connection.execute(select(contacts.c.id).order_by(contacts.c.id)).scalars())


def find_contact(connection: Connection, contact: str) -> Contact | None:
    """Return the contact with this id, or None."""
    row = connection.execute(select(contacts).where(contacts.c.id == contact)).mappings().first()
    return None if row is None else Contact.model_validate(dict(row))


def contacts_of(connection: Connection, relation: str) -> tuple[RelationContact, ...]:
    """Return the contacts of a relation, by id."""
    return CONTACTS_OF.ask(connection, relation=relation)


def _read_contacts(rows: Iterable[Any]) -> tuple[RelationContact, ...]:
    found = (RelationContact.model_validate(row._asdict()) for row in rows)
    return tuple(sorted(found, key=lambda one: one.id))


def relations_of(connection: Connection, contact: str) -> tuple[str, ...]:
    """Return the numbers of the relations that a contact serves."""
    return RELATIONS_OF.ask(connection, contact=contact)


def named_roles(connection: Connection, relation: str) -> dict[str, str]:
    """Return who has which role of a relation, by role; roles of members who left count as unfilled."""
    found = NAMED_MEMBERS.ask(connection, relation=relation)
    return {role: member.id for role, member in found.items()}


def _read_named(rows: Iterable[Any]) -> dict[str, TeamMember]:
    found = [row._asdict() for row in rows]
    return {row.pop("role"): TeamMember.model_validate(row) for row in found}


def named_by_relation(
    connection: Connection, numbers: Collection[str] | None = None
) -> dict[str, dict[str, str]]:
    """Return who has which role, by relation and role, of all relations or these, as `named_roles` does."""
    if numbers is None:
        rows = connection.execute(_FILLED).all()
    else:
        rows = connection.execute(_FILLED_OF_SOME, {"numbers": list(numbers)}).all()
    filled: dict[str, dict[str, str]] = {}
    for relation, role, member in rows:
        filled.setdefault(relation, {})[role] = member
    return filled


def holder_of(filled: Mapping[str, str], role: str, roles: tuple[Role, ...]) -> str | None:
    """Return who does the work of a role: its member, else the one of its fallback, and so on, or None."""
    return find_first_holder(filled, chain_of(role, roles))


def find_first_holder(filled: Mapping[str, str], chain: Iterable[str]) -> str | None:
    """Return who holds the first filled role of a chain, or None; `filled` has the members by role."""
    for name in chain:
        if name in filled:
            return filled[name]
    return None


Given = Mapping[str, str | None]
"""To whom the work of roles was reassigned in one filing, by role; None where they left."""

NOBODY_GIVEN: Given = MappingProxyType({})


def find_given(view: Mapping[str, Any] | None, here: Container[str]) -> Given:
    """Return to whom work was reassigned in a filing, by its view; `here` are who work here."""
    found = (view or {}).get("assigned") or ()
    return {one["role"]: one["person"] if one["person"] in here else None for one in found}


def list_doers(
    day: OnDay,
    named: Mapping[str, str],
    role: str,
    roles: tuple[Role, ...],
    given: Given = NOBODY_GIVEN,
) -> tuple[tuple[str, str], ...]:
    """Return who may do the work of a role on a day, each with who was given the role in which they do it.

    Whoever was given it and their stand-in, else those of its fallback, and so on; `named` has the members.
    In a filing in which it was reassigned (`given`) it is that person's and their stand-in's alone.
    """
    if role in given:
        person = given[role]
        return tuple((one, person) for one in day.list_doers(person, role)) if person else ()
    for name in chain_of(role, roles):
        if name in named and (doers := day.list_doers(named[name], name)):
            return tuple((one, named[name]) for one in doers)
    return ()


def find_spoken_to(
    day: OnDay,
    named: Mapping[str, str],
    role: str,
    roles: tuple[Role, ...],
    given: Given = NOBODY_GIVEN,
) -> str | None:
    """Return who is spoken to for a role on a day: who does its work first, else who has it and is absent.

    Where it was reassigned in a filing (`given`) to somebody who left, it is who has the role; None: nobody.
    """
    person = given.get(role)
    if person:
        return day.find_doer(person, role) or person
    return holder_of(day.fill(named), role, roles) or holder_of(named, role, roles)


def chain_of(role: str, roles: tuple[Role, ...]) -> tuple[str, ...]:
    """Return a role and its fallbacks in turn; a circle ends where it began."""
    fallbacks = {known.id: known.fallback for known in roles}
    chain: list[str] = []
    name: str | None = role
    while name is not None and name not in chain:
        chain.append(name)
        name = fallbacks.get(name)
    return tuple(chain)


def find_holder(
    connection: Connection,
    relation: str,
    role: str,
    roles: tuple[Role, ...],
    on: date,
    assigned: Mapping[str, str],
) -> TeamMember | None:
    """Return who is spoken to for a role in a filing of a relation on a day (`find_spoken_to`).

    `assigned` has to whom the filing reassigned the work of roles.
    """
    named = named_roles(connection, relation)
    person = find_member(connection, assigned[role]) if role in assigned else None
    given = {role: person.id} if person and person.active else NOBODY_GIVEN
    holder = find_spoken_to(read_day(connection, on), named, role, roles, given)
    if holder is None:
        return None
    known = {one.id: one for one in NAMED_MEMBERS.ask(connection, relation=relation).values()}
    return known.get(holder) or find_member(connection, holder)


class Place(Struct):
    """What a member may do at a relation on a day: their roles, and the titles that hold.

    `instead_of` are those of the roles that are a colleague's, in whose place they act (role, colleague);
    `stands_in` whose work they do in which role wherever it was given to that colleague by name.
    """

    roles: tuple[str, ...]
    titles: tuple[str, ...]
    instead_of: tuple[tuple[str, str], ...] = ()
    stands_in: tuple[tuple[str, str], ...] = ()


def find_place(
    connection: Connection, member: TeamMember, relation: str, roles: tuple[Role, ...], on: date
) -> Place:
    """Return what a member may do at a relation on a day; see `judge_place`."""
    return judge_place(named_roles(connection, relation), read_day(connection, on), member, roles)


def judge_place(named: Mapping[str, str], day: OnDay, member: TeamMember, roles: tuple[Role, ...]) -> Place:
    """Return what a member may do where these members were given these roles, unfilled fallbacks included."""
    known = {role.id for role in roles}
    whose = {
        role: given
        for role in known | named.keys()
        for doer, given in list_doers(day, named, role, roles)
        if doer == member.id
    }
    return Place(
        roles=tuple(sorted(whose)),
        titles=day.find_titles(member.id, member.qualifications),
        instead_of=tuple((role, given) for role, given in sorted(whose.items()) if given != member.id),
        stands_in=tuple(
            (role, colleague)
            for role in sorted(known)
            for colleague in day.list_covered(member.id)[1:]
            if member.id in day.list_doers(colleague, role)
        ),
    )


def roles_of(
    connection: Connection, member: str, relation: str, roles: tuple[Role, ...], on: date
) -> tuple[str, ...]:
    """Return the roles whose work a member does at a relation on a day, fallbacks to them included."""
    known = find_member(connection, member)
    return find_place(connection, known, relation, roles, on).roles if known else ()


@once_a_moment
def authority_of(connection: Connection, contact: str, relation: str, product: str, on: date) -> Authority:
    """Return what a contact may do about a product of a relation on a day (see `judge_authority`)."""
    given = RIGHTS_OF.ask(connection, contact=contact, relation=relation)
    office = active_office(connection)
    functions: tuple[str, ...] = ()
    if office and office.function_gives_authority:
        at = next((c for c in contacts_of(connection, relation) if c.id == contact), None)
        functions = at.functions if at else ()
    return judge_authority(given, product, on, by_function=gives_authority(office, functions))


def rights_given_to(connection: Connection, contact: str) -> dict[str, list[GivenRights]]:
    """Return what is recorded that a contact may do, by relation."""
    columns = authorities.c
    query = select(
        columns.relation,
        *(columns.contact, columns.product, columns.since, columns.until, columns.may, columns.jointly),
    ).where(columns.contact == contact)
    given: dict[str, list[GivenRights]] = {}
    for relation, *row in connection.execute(query):
        given.setdefault(relation, []).append(_given_rights(row))
    return given


def rights_at(connection: Connection, relation: str) -> dict[str, list[GivenRights]]:
    """Return what is recorded that the contacts of a relation may do, by contact."""
    columns = authorities.c
    query = select(
        columns.contact, columns.product, columns.since, columns.until, columns.may, columns.jointly
    ).where(columns.relation == relation)
    given: dict[str, list[GivenRights]] = {}
    for row in connection.execute(query):
        given.setdefault(row.contact, []).append(_given_rights(row))
    return given


def functions_of(connection: Connection, contact: str) -> dict[str, tuple[str, ...]]:
    """Return the functions of a contact, by relation."""
    columns = relation_contacts.c
    query = select(columns.relation, columns.functions).where(columns.contact == contact)
    return {relation: tuple(functions) for relation, functions in connection.execute(query)}


def judge_authority(given: Iterable[GivenRights], product: str, on: date, *, by_function: bool) -> Authority:
    """Return what a contact may do about a product on a day, by what is recorded for them.

    A function gives authority by itself only where the office says so (R57, `gives_authority`). `jointly`
    are the deciding rights that no record gives them alone.
    """
    recorded = [
        (rights.may, rights.jointly)
        for rights in given
        if rights.product in (product, ANY_PRODUCT)
        and rights.since <= on
        and (rights.until is None or on <= rights.until)
    ]
    if by_function:
        recorded.append((RIGHTS, ()))
    return _add_up(tuple(recorded))


@lru_cache(maxsize=512)
def _add_up(recorded: tuple[tuple[tuple[Right, ...], tuple[Right, ...]], ...]) -> Authority:
    """Return what records give together; an office of thousands of contacts has few different ones."""
    may = {right for rights, _ in recorded for right in rights}
    alone = {right for rights, jointly in recorded for right in rights if right not in jointly}
    if may:
        may.add("see")  # who may answer or decide must be able to read it
    return Authority(
        may=tuple(right for right in RIGHTS if right in may),
        jointly=tuple(right for right in DECIDING if right in may - alone),
    )


def gives_authority(office: Office | None, functions: Iterable[str]) -> bool:
    """Say whether a contact with these functions may do anything by one of them, as the office says (R57)."""
    given = office.function_gives_authority if office else ()
    return bool(given) and any(name in given for name in functions)


def standing_until(connection: Connection, relation: str, product: str, on: date) -> date | None:
    """Return the last day of a standing authority to deliver after informing, or None when none holds."""
    columns = standing_authorities.c
    query = select(columns.product, columns.since, columns.until).where(columns.relation == relation)
    return last_standing_day((StandingAuthority(*row) for row in connection.execute(query)), product, on)


def last_standing_day(given: Iterable[StandingAuthority], product: str, on: date) -> date | None:
    """Return the last day of those that hold for a product on a day, or None when none does."""
    holding = (s for s in given if s.product in (product, ANY_PRODUCT) and s.since <= on <= s.until)
    return max((one.until for one in holding), default=None)


def _given_rights(row: Iterable[Any]) -> GivenRights:
    contact, product, since, until, may, jointly = row
    return GivenRights(contact, product, since, until, tuple(may), tuple(jointly))


_relation, _contact = bindparam("relation", type_=String), bindparam("contact", type_=String)
_CONTACTS: Select[Any] = select(
    *contacts.c, relation_contacts.c.relation, relation_contacts.c.functions, relation_contacts.c.primary
).join(contacts, contacts.c.id == relation_contacts.c.contact)
CONTACTS_OF = Question(_CONTACTS.where(relation_contacts.c.relation == _relation), _read_contacts, "relation")
"""What `contacts_of` returns."""
RELATIONS_OF = Question(
    select(relation_contacts.c.relation).where(relation_contacts.c.contact == _contact),
    lambda rows: tuple(sorted(row.relation for row in rows)),
    "contact",
)
"""What `relations_of` returns."""
NAMED_MEMBERS = Question(
    select(relation_roles.c.role, *team.c)
    .join(team, team.c.id == relation_roles.c.member)
    .where(relation_roles.c.relation == _relation, team.c.active),
    _read_named,
    "relation",
)
"""Who has which role of a relation: what `named_roles` and `holders` judge by."""
RIGHTS_OF = Question(
    select(
        *(authorities.c.contact, authorities.c.product, authorities.c.since, authorities.c.until),
        *(authorities.c.may, authorities.c.jointly),
    ).where(authorities.c.contact == _contact, authorities.c.relation == _relation),
    lambda rows: [_given_rights(row) for row in rows],
    "contact",
    "relation",
)
"""What is recorded that a contact may do at a relation: what `authority_of` judges by."""

_FILLED = (
    select(relation_roles.c.relation, relation_roles.c.role, relation_roles.c.member)
    .join(team, team.c.id == relation_roles.c.member)
    .where(team.c.active)
)
_FILLED_OF_SOME = _FILLED.where(among_numbers(relation_roles.c.relation))
