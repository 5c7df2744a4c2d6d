"""One relation on one page: identity, contacts and authority, roles, products, filings, what is missing."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from sqlalchemy import Connection, select

from ...plan import Model, Office, RelationField, Role, Scalar
from ..database.tables import standing_authorities
from ..filings.filing import Filing, list_filings
from ..filings.recurrences import Recurrence, list_recurrences
from ..people import (
    Authority,
    RelationContact,
    contacts_of,
    gives_authority,
    holder_of,
    judge_authority,
)
from ..presence import OnDay, read_day
from ..relations.demands import Needs
from ..relations.links import RelationLink, list_links
from ..relations.next_starts import JudgedStart
from ..relations.readiness import Missing
from ..relations.relation import Relation, RelationProduct, find_relation
from ..relations.snapshot import Held, Snapshot, load_snapshot
from .lacking import demands_in_force, judge_lacks, uncovered_by_relation
from .recurring import tell_gone

FieldType = Literal["text", "number", "yes_no", "date"]


class ContactLine(Model):
    """A contact of the relation, with what they may do today about each product that it takes."""

    contact: RelationContact
    authority: dict[str, Authority]


class RoleLine(Model):
    """A role: who has it, or to whom its work falls; None where it is on nobody's list.

    `stand_in` does the work of who has it on the page's day; `absent` says that they are not here.
    """

    role: str
    title: str
    member: str | None
    fallen_to: str | None
    stand_in: str | None = None
    absent: bool = False


class FieldLine(Model):
    """A field of the office's own; `value` is None where it was never filled in, a date is ISO text."""

    id: str
    title: str
    type: FieldType
    value: Scalar


class StandingLine(Model):
    """A standing authority to deliver after informing; `holds` says whether it does on the page's day."""

    product: str
    since: date
    until: date
    proof: str
    holds: bool


class RelationPage(Model):
    """Everything about a relation on a day; `planned` is what starts by itself, paused or not.

    What is missing and advised is so for what starts next, as of the day on which it does.
    """

    relation: Relation
    fields: tuple[FieldLine, ...]
    contacts: tuple[ContactLine, ...]
    standing: tuple[StandingLine, ...]
    roles: tuple[RoleLine, ...]
    products: tuple[RelationProduct, ...]
    filings: tuple[Filing, ...]
    planned: tuple[Recurrence, ...]
    missing: tuple[Missing, ...]
    advice: tuple[Missing, ...]
    starts: tuple[JudgedStart, ...]
    uncovered: tuple[str, ...]
    links: tuple[RelationLink, ...] = ()


def relation_page(connection: Connection, number: str, on: date, needs: Needs) -> RelationPage | None:
    """Return what is known of a relation today, or None when there is no such relation.

    `needs` says which identity each report needs.
    """
    relation = find_relation(connection, number)
    if relation is None:
        return None
    snapshot = load_snapshot(connection, [number], on, upcoming=True)
    held, office = snapshot.held[number], snapshot.office
    uncovered = uncovered_by_relation(connection, on, [number]).get(number, ())
    lacks = judge_lacks(snapshot, demands_in_force(connection, needs)(number), held, on, uncovered)
    return RelationPage(
        relation=relation,
        fields=list_fields(relation, office),
        contacts=tuple(
            ContactLine(contact=c, authority=_authority(snapshot, held, c, on))
            for c in contacts_of(connection, number)
        ),
        standing=list_standing(connection, number, on),
        roles=list_roles(held.named, read_day(connection, on), office.roles if office else ()),
        products=tuple(held.products),
        filings=list_filings(connection, relation=number),
        planned=tell_gone(
            connection, [r for r in list_recurrences(connection, relation=number) if r.status != "stopped"]
        ),
        missing=lacks.missing,
        advice=lacks.advice,
        starts=lacks.starts,
        uncovered=uncovered,
        links=list_links(connection, number),
    )


def list_fields(relation: Relation, office: Office | None) -> tuple[FieldLine, ...]:
    """Return the fields that the office declares, then those that it did once and that are still filled."""
    declared = office.fields if office else ()
    others = sorted(relation.fields.keys() - {field.id for field in declared})
    known = [*declared, *(RelationField(id=name, title=name, type="text") for name in others)]
    return tuple(
        FieldLine(id=field.id, title=field.title, type=field.type, value=relation.fields.get(field.id))
        for field in known
    )


def list_standing(connection: Connection, number: str, on: date) -> tuple[StandingLine, ...]:
    """Return the standing authorities that a relation gave, those that are over included."""
    columns = standing_authorities.c
    query = select(columns.product, columns.since, columns.until, columns.proof).where(
        columns.relation == number
    )
    return tuple(
        StandingLine(**row, holds=row["since"] <= on <= row["until"])
        for row in connection.execute(query.order_by(columns.product, columns.since)).mappings()
    )


def _authority(snapshot: Snapshot, held: Held, contact: RelationContact, on: date) -> dict[str, Authority]:
    given = [rights for rights in held.rights if rights.contact == contact.id]
    by_function = gives_authority(snapshot.office, contact.functions)
    names = sorted({product.product for product in held.products})
    return {name: judge_authority(given, name, on, by_function=by_function) for name in names}


def list_roles(named: Mapping[str, str], day: OnDay, roles: tuple[Role, ...]) -> tuple[RoleLine, ...]:
    """Return who has each of these roles at a relation, and who does its work on a day; `named` by role."""
    filled = day.fill(named)
    return tuple(_role(named, filled, day, role, roles) for role in roles)


def _role(
    named: Mapping[str, str], filled: Mapping[str, str], day: OnDay, role: Role, roles: tuple[Role, ...]
) -> RoleLine:
    member = named.get(role.id)
    doers = day.list_doers(member, role.id) if member else ()
    return RoleLine(
        role=role.id,
        title=role.title,
        member=member,
        fallen_to=None if doers else holder_of(filled, role.id, roles),
        stand_in=next((one for one in doers if one != member), None),
        absent=member is not None and member not in doers,
    )
