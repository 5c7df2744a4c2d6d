"""What the office holds of its relations at one moment, read with a few statements however many they are.

Readiness, insights, starts and who an offer goes to are worked out from it, for one relation as for all.
It is plain data that the collector of garbage leaves alone, for there may be hundreds of thousands of rows.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    String,
    exists,
    func,
    select,
    union,
)

from ...plan import Office
from ..database.columns import among_numbers
from ..database.tables import (
    authorities,
    contacts,
    dossier,
    dossier_documents,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
    team,
)
from ..office_clock import office_now
from ..people import GivenRights, StandingAuthority
from ..plans import active_office
from ..presence import read_day
from .relation import WORKED_FOR, RelationProduct, RelationStatus, read_product
from .taxpayers import BASE_OF_OB_NUMBER, NUMBERS, Taker, base_of, group_by_number

T = TypeVar("T")

_AT_ONCE = 1000


class RelationFacts(msgspec.Struct, frozen=True, gc=False):
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
    ideal_enabled: bool | None = None
    """None where a snapshot that left the office does not tell."""

    @property
    def natural_person(self) -> bool:
        """Say whether its tax number is a BSN."""
        return self.kind == "natural_person"


class ContactFacts(msgspec.Struct, frozen=True, gc=False):
    """A contact at one relation."""

    id: str
    name: str
    email: str | None
    functions: tuple[str, ...]
    primary: bool


class MemberFacts(msgspec.Struct, frozen=True, gc=False):
    """What is asked of somebody who works at the office, or did.

    `qualifications` hold on the snapshot's day; of the `undated` no dates were known.
    """

    name: str
    qualifications: tuple[str, ...]
    undated: tuple[str, ...]
    phone: str
    initials: str
    prefix: str
    surname: str


class Held(msgspec.Struct, frozen=True):
    """What the office holds of one relation; `named` are the roles that somebody has who is still here.

    `roles` says who does their work on the snapshot's day.
    """

    relation: RelationFacts
    products: Sequence[RelationProduct]
    roles: Mapping[str, str]
    named: Mapping[str, str]
    contacts: Sequence[ContactFacts]
    rights: Sequence[GivenRights]
    standing: Sequence[StandingAuthority]
    dossier: frozenset[str] | None = None
    """The kinds of documents in the dossier; None where a snapshot that left the office does not tell."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The office's definitions (None before the first deploy), its team by id, its relations by number.

    The team has the titles, and the relations the stand-ins, of one day.

    `sharing` has by field and number who has a number in common: also relations that were not asked for.
    """

    office: Office | None
    team: dict[str, MemberFacts]
    held: dict[str, Held]
    sharing: Mapping[tuple[str, str], Sequence[Taker]]

    def sharers_of(self, relation: str) -> tuple[Taker, ...]:
        """Return who has a number in common with a relation, itself included; nobody if it is unknown."""
        held = self.held.get(relation)
        if held is None:
            return ()
        keys = ((field, getattr(held.relation, field)) for field in NUMBERS)
        groups = (self.sharing.get((field, base_of(field, number)), ()) for field, number in keys if number)
        found = {taker.number: taker for group in groups for taker in group}
        return tuple({relation: _taker(held.relation, held.products), **found}.values())


def read_products(
    connection: Connection, numbers: Collection[str] | None = None
) -> dict[str, list[RelationProduct]]:
    """Read what relations take, by number."""
    return _by_relation((row[0], read_product(row._mapping)) for row in _read(connection, numbers, _PRODUCTS))


def read_roles(connection: Connection, numbers: Collection[str] | None = None) -> dict[str, dict[str, str]]:
    """Read which roles of relations somebody has who is still here, by number."""
    roles: dict[str, dict[str, str]] = {}
    for number, role, member in _read(connection, numbers, _ROLES):
        roles.setdefault(number, {})[role] = member
    return roles


def load_snapshot(
    connection: Connection, numbers: Collection[str] | None = None, on: date | None = None
) -> Snapshot:
    """Read all relations, or those with these numbers, in the order of their numbers.

    As they are on a day; by default today, by the office's clock.
    """
    day = read_day(connection, on or office_now(connection).date())
    read = partial(_read, connection, numbers)
    products, roles = read_products(connection, numbers), read_roles(connection, numbers)
    people = _by_relation(
        (number, ContactFacts(id, name, email, tuple(functions), primary))
        for number, id, name, email, functions, primary in read(_CONTACTS)
    )
    rights = _by_relation(
        (number, GivenRights(contact, product, since, until, tuple(may), tuple(jointly)))
        for number, contact, product, since, until, may, jointly in read(_RIGHTS)
    )
    standing = _by_relation((row[0], StandingAuthority(*row[1:])) for row in read(_STANDING))
    held = {
        number: Held(
            relation=RelationFacts(number, *facts),
            products=products.get(number, ()),
            roles=day.fill(roles.get(number, {})),
            named=roles.get(number, {}),
            contacts=people.get(number, ()),
            rights=rights.get(number, ()),
            standing=standing.get(number, ()),
            dossier=_read_kinds(kinds, sent=sent),
        )
        for number, *facts, kinds, sent in read(_RELATIONS)
    }
    members = {
        id: MemberFacts(name, day.find_titles(id, titles), tuple(titles), *more)
        for id, name, titles, *more in connection.execute(_TEAM).all()
    }
    others = () if numbers is None else _read_sharers(connection, numbers)
    return Snapshot(active_office(connection), members, held, share_numbers(held.values(), others))


def share_numbers(
    held: Iterable[Held], others: Iterable[Taker] = ()
) -> Mapping[tuple[str, str], Sequence[Taker]]:
    """Return by field and number who of these relations and others have it in common."""
    own = [_taker(one.relation, one.products) for one in held]
    return group_by_number(sorted([*own, *others], key=attrgetter("number")))


def _taker(relation: RelationFacts, products: Sequence[RelationProduct]) -> Taker:
    return Taker(relation.number, relation.name, relation.status in WORKED_FOR, relation, products)


def _read_sharers(connection: Connection, numbers: Collection[str]) -> list[Taker]:
    """Return the relations beside these that have a number in common with one of them."""
    given = {"numbers": list(numbers)}
    rows = connection.execute(_SHARERS, given).all()
    found = {row.number: RelationFacts(*row) for row in rows}
    if not found:
        return []
    products = read_products(connection, [*found])
    return [_taker(relation, products.get(number, ())) for number, relation in found.items()]


class _Query(NamedTuple):
    """A query of rows of all relations, and of those with some numbers."""

    of_all: Select[Any]
    of_some: Select[Any]


def _query(query: Select[Any], number: ColumnElement[str]) -> _Query:
    return _Query(query, query.where(among_numbers(number)))


def _read(
    connection: Connection, numbers: Collection[str] | None, query: _Query
) -> Iterator[Row[*tuple[Any, ...]]]:
    """Yield a query's rows of the wanted relations, not all at once: they are many, and soon done with."""
    if numbers is None:
        result = connection.execute(query.of_all)
    else:
        result = connection.execute(query.of_some, {"numbers": list(numbers)})
    for rows in result.partitions(_AT_ONCE):
        yield from rows


def _by_relation(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = {}
    for number, one in pairs:
        if (there := grouped.get(number)) is None:
            grouped[number] = [one]
        else:
            there.append(one)
    return grouped


def _read_kinds(kinds: str | None, *, sent: bool) -> frozenset[str]:
    """Return which kinds of documents a dossier has; what clients sent when they were asked is of no kind."""
    return frozenset([*(kinds or "").split(","), *(["other"] if sent else [])]) - {""}


_KINDS = (
    select(func.aggregate_strings(dossier_documents.c.kind, ","))
    .where(dossier_documents.c.relation == relations.c.number)
    .scalar_subquery()
)
_SENT = exists().where(dossier.c.relation == relations.c.number)
_RELATIONS = _query(
    select(*(relations.c[name] for name in RelationFacts.__struct_fields__), _KINDS, _SENT).order_by(
        relations.c.number
    ),
    relations.c.number,
)


def _select_sharers(field: str) -> Select[Any]:
    """Return the statement for who beside the relations in `numbers` has a number of one of them."""
    own = relations.alias("own")
    number, other = own.c[field], relations.c[field]
    query = select(*(relations.c[name] for name in RelationFacts.__struct_fields__))
    if field == "ob_number":  # those with the same base lie together
        base = func.substr(number, 1, BASE_OF_OB_NUMBER, type_=String)
        query = query.join(own, (other >= base) & (other < base + _AFTER_SUFFIXES))
        query = query.where(number.is_not(None), among_numbers(own.c.number))
    else:
        known = select(number).where(number.is_not(None), among_numbers(own.c.number))
        query = query.where(other.in_(known))
    return query.where(~among_numbers(relations.c.number))


_AFTER_SUFFIXES = "C"
"""An OB number goes on after its base with B and two digits."""
_SHARERS = union(*(_select_sharers(field) for field in NUMBERS))


_PRODUCTS = _query(
    select(relation_products).order_by(*relation_products.primary_key.columns),
    relation_products.c.relation,
)
_ROLES = _query(
    select(relation_roles.c.relation, relation_roles.c.role, relation_roles.c.member)
    .join(team, team.c.id == relation_roles.c.member)
    .where(team.c.active),
    relation_roles.c.relation,
)
_CONTACTS = _query(
    select(
        relation_contacts.c.relation,
        *(contacts.c.id, contacts.c.name, contacts.c.email),
        *(relation_contacts.c.functions, relation_contacts.c.primary),
    )
    .join(contacts, contacts.c.id == relation_contacts.c.contact)
    .order_by(relation_contacts.c.relation, contacts.c.id),
    relation_contacts.c.relation,
)
_RIGHTS = _query(
    select(
        authorities.c.relation,
        *(authorities.c.contact, authorities.c.product, authorities.c.since, authorities.c.until),
        *(authorities.c.may, authorities.c.jointly),
    ),
    authorities.c.relation,
)
_STANDING = _query(
    select(
        standing_authorities.c.relation,
        *(standing_authorities.c.product, standing_authorities.c.since, standing_authorities.c.until),
    ),
    standing_authorities.c.relation,
)
_TEAM = select(
    *(team.c.id, team.c.name, team.c.qualifications),
    *(team.c.phone, team.c.initials, team.c.prefix, team.c.surname),
)
