"""Comparing what a caller said about who acted with what the office gave them."""

from datetime import date

from sqlalchemy import Connection

from ...plan import Model, Role
from ..people import Place, authority_of, find_member, judge_place, named_roles
from ..presence import read_day, read_day_of_return


class Instead(Model):
    """In whose place somebody acts, in which role."""

    role: str
    person: str


class ActorRecord(Model):
    """Who acted and what the caller said they might do, on a day in office time."""

    kind: str
    id: str
    roles: tuple[str, ...] = ()
    qualifications: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    jointly: tuple[str, ...] = ()
    instead_of: tuple[Instead, ...] = ()
    stands_in: tuple[Instead, ...] = ()


def find_false(
    connection: Connection,
    actor: ActorRecord,
    relation: str,
    product: str,
    roles: tuple[Role, ...],
    on: date,
) -> list[str]:
    """Return the roles, qualifications and rights that somebody acted with and the office did not give them.

    `roles` are those of the filing's plan; `on` is the day of the act in office time.
    """
    if actor.kind == "team":
        return _false_of_member(connection, actor, relation, roles, on)
    if actor.kind == "contact":
        return _false_of_contact(connection, actor, relation, product, on)
    return []


def _false_of_member(
    connection: Connection, actor: ActorRecord, relation: str, roles: tuple[Role, ...], on: date
) -> list[str]:
    member = find_member(connection, actor.id)
    if member is None or not member.active:
        return ["a place in the team"]
    named = named_roles(connection, relation)
    false = _false_at(judge_place(named, read_day(connection, on), member, roles), actor)
    if not false:
        return []
    # Whom they stood in for may have come back that day, after they acted.
    before = judge_place(named, read_day_of_return(connection, on), member, roles)
    return false if _false_at(before, actor) else []


def _false_at(place: Place, actor: ActorRecord) -> list[str]:
    places = {*place.instead_of, *place.stands_in}
    said = {(one.role, one.person) for one in (*actor.instead_of, *actor.stands_in)}
    return [
        *sorted({*actor.roles} - {*place.roles}),
        *sorted({*actor.qualifications} - {*place.titles}),
        *(f"the place of {person} as {role}" for role, person in sorted(said - places)),
    ]


def _false_of_contact(
    connection: Connection, actor: ActorRecord, relation: str, product: str, on: date
) -> list[str]:
    authority = authority_of(connection, actor.id, relation, product, on)
    alone = {*actor.may} & {*authority.jointly} - {*actor.jointly}
    return sorted({*actor.may} - {*authority.may}) + [f"{right} alone" for right in sorted(alone)]
