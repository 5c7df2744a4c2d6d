"""Who somebody is and what he may do: team members, contacts, roles per relation, authority (R2, R57)."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, Select, select

from ..plan import Model, Role
from ..rights import DECIDING, RIGHTS, Right
from .database.tables import (
    ANY_PRODUCT,
    authorities,
    contacts,
    relation_contacts,
    relation_roles,
    standing_authorities,
    team,
)
from .emails import comparable
from .plans import active_office


class TeamMember(Model):
    """Somebody who works at the office."""

    id: str
    name: str
    email: str
    phone: str
    qualifications: tuple[str, ...]
    active: bool


class Contact(Model):
    """Somebody at one or more relations; without an e-mail address nothing can be sent to him."""

    id: str
    name: str
    salutation: str
    email: str | None
    language: str


class RelationContact(Contact):
    """A contact at one relation, with his functions there."""

    relation: str
    functions: tuple[str, ...]
    primary: bool


class Authority(Model):
    """What a contact may do about a product of a relation on a day, and what of it only with another."""

    may: tuple[Right, ...] = ()
    jointly: tuple[Right, ...] = ()


def find_person(connection: Connection, who: str) -> TeamMember | Contact | None:
    """Return who has this id or e-mail address, or None; a member who left is not found."""
    member = (
        connection.execute(select(team).where((team.c.id == who) | (team.c.email == comparable(who))))
        .mappings()
        .first()
    )
    if member is not None:
        found = TeamMember.model_validate(dict(member))
        return found if found.active else None
    contact = (
        connection.execute(
            select(contacts).where((contacts.c.id == who) | (contacts.c.email == comparable(who)))
        )
        .mappings()
        .first()
    )
    return None if contact is None else Contact.model_validate(dict(contact))


def find_member(connection: Connection, member: str) -> TeamMember | None:
    """Return the team member with this id, also one who left, or None."""
    row = connection.execute(select(team).where(team.c.id == member)).mappings().first()
    return None if row is None else TeamMember.model_validate(dict(row))


def all_members(connection: Connection) -> tuple[TeamMember, ...]:
    """Return the team, also who left, by id."""
    rows = connection.execute(select(team).order_by(team.c.id)).mappings()
    return tuple(TeamMember.model_validate(dict(row)) for row in rows)


def find_contact(connection: Connection, contact: str) -> Contact | None:
    """Return the contact with this id, or None."""
    row = connection.execute(select(contacts).where(contacts.c.id == contact)).mappings().first()
    return None if row is None else Contact.model_validate(dict(row))


def contacts_of(connection: Connection, relation: str) -> tuple[RelationContact, ...]:
    """Return the contacts of a relation, by id."""
    query = _CONTACTS.where(relation_contacts.c.relation == relation).order_by(contacts.c.id)
    rows = connection.execute(query).mappings()
    return tuple(RelationContact.model_validate(dict(row)) for row in rows)


def relations_of(connection: Connection, contact: str) -> tuple[str, ...]:
    """Return the numbers of the relations that a contact serves."""
    query = select(relation_contacts.c.relation).where(relation_contacts.c.contact == contact)
    return tuple(sorted(connection.execute(query).scalars()))


def filled_roles(connection: Connection, relation: str) -> dict[str, str]:
    """Return who has which role of a relation, by role; roles of members who left count as unfilled."""
    query = (
        select(relation_roles.c.role, relation_roles.c.member)
        .join(team, team.c.id == relation_roles.c.member)
        .where(relation_roles.c.relation == relation, team.c.active)
    )
    return {row.role: row.member for row in connection.execute(query)}


def holder_of(filled: dict[str, str], role: str, roles: tuple[Role, ...]) -> str | None:
    """Return who does the work of a role: its member, else the one of its fallback, and so on, or None."""
    return next((filled[name] for name in _chain(role, roles) if name in filled), None)


def holders(
    connection: Connection, relation: str, role: str, roles: tuple[Role, ...]
) -> tuple[TeamMember, ...]:
    """Return who does the work of a role for a relation, fallback included; empty when nobody does."""
    holder = holder_of(filled_roles(connection, relation), role, roles)
    member = find_member(connection, holder) if holder else None
    return () if member is None else (member,)


def roles_of(connection: Connection, member: str, relation: str, roles: tuple[Role, ...]) -> tuple[str, ...]:
    """Return the roles that a member has for a relation, with the unfilled ones that fall back to him."""
    filled = filled_roles(connection, relation)
    known = {role.id for role in roles}
    own = (role for role, holder in filled.items() if holder == member and role not in known)
    return tuple(sorted({*own, *(r for r in known if holder_of(filled, r, roles) == member)}))


def authority_of(connection: Connection, contact: str, relation: str, product: str, on: date) -> Authority:
    """Return what a contact may do about a product of a relation on a day.

    By what is recorded for him; a function gives authority by itself only where the office says so (R57).
    `jointly` are the deciding rights that no record gives him alone.
    """
    query = select(authorities.c.may, authorities.c.jointly).where(
        authorities.c.contact == contact,
        authorities.c.relation == relation,
        authorities.c.product.in_((product, ANY_PRODUCT)),
        authorities.c.since <= on,
        authorities.c.until.is_(None) | (authorities.c.until >= on),
    )
    given = [(frozenset(may), frozenset(jointly)) for may, jointly in connection.execute(query)]
    if _function_suffices(connection, contact, relation):
        given.append((frozenset(RIGHTS), frozenset()))
    may = frozenset[str]().union(*(rights for rights, _ in given))
    if may:
        may |= {"see"}  # who may answer or decide must be able to read it
    alone = frozenset[str]().union(*(rights - jointly for rights, jointly in given))
    return Authority(
        may=tuple(right for right in RIGHTS if right in may),
        jointly=tuple(right for right in DECIDING if right in may - alone),
    )


def standing_until(connection: Connection, relation: str, product: str, on: date) -> date | None:
    """Return the last day of a standing authority to deliver after informing, or None when none holds."""
    query = select(standing_authorities.c.until).where(
        standing_authorities.c.relation == relation,
        standing_authorities.c.product.in_((product, ANY_PRODUCT)),
        standing_authorities.c.since <= on,
        standing_authorities.c.until >= on,
    )
    return max(connection.execute(query).scalars(), default=None)


def _function_suffices(connection: Connection, contact: str, relation: str) -> bool:
    office = active_office(connection)
    if office is None or not office.function_gives_authority:
        return False
    at = next((c for c in contacts_of(connection, relation) if c.id == contact), None)
    return at is not None and bool({*at.functions} & {*office.function_gives_authority})


def _chain(role: str, roles: tuple[Role, ...]) -> Iterator[str]:
    """Yield a role and its fallbacks in turn; a circle ends where it began."""
    fallbacks = {known.id: known.fallback for known in roles}
    seen: set[str] = set()
    name: str | None = role
    while name is not None and name not in seen:
        seen.add(name)
        yield name
        name = fallbacks.get(name)


_CONTACTS: Select[*tuple[object, ...]] = select(
    *contacts.c, relation_contacts.c.relation, relation_contacts.c.functions, relation_contacts.c.primary
).join(contacts, contacts.c.id == relation_contacts.c.contact)
