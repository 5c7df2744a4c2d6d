"""What the office holds of its relations at one moment, read with a few statements however many they are.

Readiness, insights, starts and who an offer goes to are worked out from it, for one relation as for all.
Relations and contacts are plain structures here: a model of 20,000 relations costs more than reading them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, select

from ...plan import Office
from ..database.columns import among
from ..database.tables import (
    authorities,
    contacts,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
    team,
)
from ..people import GivenRights, StandingAuthority, TeamMember
from ..plans import active_office
from .relation import RelationProduct, RelationStatus


class RelationFacts(msgspec.Struct, frozen=True):
    """What is asked of a relation that is one of many."""

    number: str
    name: str
    kind: str
    legal_form: str | None
    ob_number: str | None
    rsin: str | None
    bsn: str | None
    btw_id: str | None
    kvk: str | None
    sbr_enabled: bool
    status: RelationStatus

    @property
    def natural_person(self) -> bool:
        """Say whether its tax number is a BSN."""
        return self.kind == "natural_person"


class ContactFacts(msgspec.Struct, frozen=True):
    """A contact at one relation."""

    id: str
    name: str
    email: str | None
    functions: tuple[str, ...]
    primary: bool


class Held(msgspec.Struct):
    """What the office holds of one relation; `roles` are those that somebody has who is still here."""

    relation: RelationFacts
    products: list[RelationProduct] = []
    roles: dict[str, str] = {}
    contacts: list[ContactFacts] = []
    rights: list[GivenRights] = []
    standing: list[StandingAuthority] = []


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The office's definitions (None before the first deploy), its team by id, its relations by number."""

    office: Office | None
    team: dict[str, TeamMember]
    held: dict[str, Held]


def load_snapshot(connection: Connection, numbers: Collection[str] | None = None) -> Snapshot:
    """Read all relations, or those with these numbers, in the order of their numbers."""
    read = _Reader(connection, numbers)
    held = {row[0]: Held(RelationFacts(*row)) for row in read.rows(_RELATIONS, relations.c.number)}
    for row in read.rows(_PRODUCTS, relation_products.c.relation):
        held[row.relation].products.append(RelationProduct.model_validate(row._asdict()))
    for relation, role, member in read.rows(_ROLES, relation_roles.c.relation):
        held[relation].roles[role] = member
    for relation, id, name, email, functions, primary in read.rows(_CONTACTS, relation_contacts.c.relation):
        held[relation].contacts.append(ContactFacts(id, name, email, tuple(functions), primary))
    for relation, contact, product, since, until, may, jointly in read.rows(_RIGHTS, authorities.c.relation):
        given = GivenRights(contact, product, since, until, tuple(may), tuple(jointly))
        held[relation].rights.append(given)
    for relation, *standing in read.rows(_STANDING, standing_authorities.c.relation):
        held[relation].standing.append(StandingAuthority(*standing))
    members = (TeamMember.model_validate(row._asdict()) for row in connection.execute(select(team)))
    return Snapshot(active_office(connection), {member.id: member for member in members}, held)


@dataclass(frozen=True, slots=True)
class _Reader:
    connection: Connection
    numbers: Collection[str] | None

    def rows(self, query: Select[Any], number: ColumnElement[str]) -> Sequence[Row[*tuple[Any, ...]]]:
        """Return a query's rows of the wanted relations."""
        if self.numbers is not None:
            query = query.where(among(number, self.numbers))
        return self.connection.execute(query).all()


_RELATIONS = select(*(relations.c[name] for name in RelationFacts.__struct_fields__)).order_by(
    relations.c.number
)
_PRODUCTS = select(relation_products).order_by(
    relation_products.c.relation, relation_products.c.product, relation_products.c.sub_number
)
_ROLES = (
    select(relation_roles.c.relation, relation_roles.c.role, relation_roles.c.member)
    .join(team, team.c.id == relation_roles.c.member)
    .where(team.c.active)
)
_CONTACTS = (
    select(
        relation_contacts.c.relation,
        *(contacts.c.id, contacts.c.name, contacts.c.email),
        *(relation_contacts.c.functions, relation_contacts.c.primary),
    )
    .join(contacts, contacts.c.id == relation_contacts.c.contact)
    .order_by(relation_contacts.c.relation, contacts.c.id)
)
_RIGHTS = select(
    authorities.c.relation,
    *(authorities.c.contact, authorities.c.product, authorities.c.since, authorities.c.until),
    *(authorities.c.may, authorities.c.jointly),
)
_STANDING = select(
    standing_authorities.c.relation,
    *(standing_authorities.c.product, standing_authorities.c.since, standing_authorities.c.until),
)
