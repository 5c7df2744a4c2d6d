"""What the office holds of its relations at one moment, read with a few statements however many they are.

Readiness, insights, starts and who an offer goes to are worked out from it, for one relation as for all.
It is plain data that the collector of garbage leaves alone, for there may be hundreds of thousands of rows.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Select, String, exists, false, func, select, union

from ...plan import Office
from ..database.columns import among_numbers
from ..database.questions import Question, ask_at_once, list_rows
from ..database.tables import (
    BEGINNING,
    authorities,
    contacts,
    dossier,
    dossier_documents,
    filings,
    recurrences,
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
from ..presence import PRESENCE
from .links import BOTH_SIDES, LinkedDays, group_days
from .relation import (
    SELECT_PRODUCTS,
    WORKED_FOR,
    RelationProduct,
    RelationStatus,
    is_natural_person,
    read_product,
)
from .taxpayers import BASE_OF_OB_NUMBER, NUMBERS, Taker, base_of, group_by_number

T = TypeVar("T")
SENT = "sent"
"""Stands among the kinds of a dossier for what clients sent when they were asked, which is of no kind."""


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
        return is_natural_person(self.kind)


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
    """The kinds of documents in the dossier, and `SENT` where clients sent any.

    None where a snapshot that left the office does not tell.
    """
    links: Sequence[LinkedDays] | None = None
    """Which links it has and when; None where a snapshot that left the office does not tell."""


class Planned(msgspec.Struct, frozen=True, gc=False):
    """What starts by itself for a relation, once or again and again, paused or not: next over a period."""

    template: str
    sub_number: str
    period: str
    day: date


class Upcoming(msgspec.Struct, frozen=True):
    """What the office knows of when filings of a relation start.

    `filed` has by template and sub-number the last day over which anything was filed, where nothing is
    planned.
    """

    planned: Sequence[Planned] = ()
    filed: Mapping[tuple[str, str], date] = msgspec.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The office's definitions (None before the first deploy), its team by id, its relations by number.

    The team has the titles, and the relations the stand-ins, of one day.

    `sharing` has by field and number who has a number in common: also relations that were not asked for.
    `upcoming` says of relations when their filings start, as far as that was asked for.
    """

    office: Office | None
    team: dict[str, MemberFacts]
    held: dict[str, Held]
    sharing: Mapping[tuple[str, str], Sequence[Taker]]
    upcoming: Mapping[str, Upcoming] = field(default_factory=dict)
    team_on: Callable[[date], dict[str, MemberFacts]] | None = field(default=None, compare=False)
    """The team with the titles of another day; None where no other is known."""

    def as_of(self, day: date) -> "Snapshot":
        """Return the same with the titles of a day; stand-ins stay as they were."""
        return self if self.team_on is None else replace(self, team=self.team_on(day))

    def sharers_of(self, relation: str) -> tuple[Taker, ...]:
        """Return who has a number in common with a relation, itself included; nobody if it is unknown."""
        held = self.held.get(relation)
        if held is None:
            return ()
        keys = ((field, getattr(held.relation, field)) for field in NUMBERS)
        groups = (self.sharing.get((field, base_of(field, number)), ()) for field, number in keys if number)
        found = {taker.number: taker for group in groups for taker in group}
        return tuple({relation: _taker(held.relation, held.products), **found}.values())


def load_snapshot(
    connection: Connection,
    numbers: Collection[str] | None = None,
    on: date | None = None,
    *,
    upcoming: bool = False,
) -> Snapshot:
    """Read all relations, or those with these numbers, in the order of their numbers.

    As they are on a day; by default today, by the office's clock. Those with some numbers are read at once.
    When filings start is read where `upcoming` says so.
    """
    on = on or office_now(connection).date()
    presence, members, facts, products, roles, people, rights, standing, links, others, *starts = ask_of(
        connection,
        numbers,
        _PRESENCE,
        _TEAM,
        _RELATIONS,
        PRODUCTS,
        ROLES,
        _CONTACTS,
        _RIGHTS,
        _STANDING,
        _LINKS,
        _SHARERS,
        *((_PLANNED, _FILED) if upcoming else ()),
        day=on,
    )
    day = presence.on(on)
    held = {
        one.number: Held(
            relation=one,
            products=products.get(one.number, ()),
            roles=day.fill(roles.get(one.number, {})),
            named=roles.get(one.number, {}),
            contacts=people.get(one.number, ()),
            rights=rights.get(one.number, ()),
            standing=standing.get(one.number, ()),
            dossier=kinds,
            links=links.get(one.number, ()),
        )
        for one, kinds in facts
    }

    @cache
    def team_on(then: date) -> dict[str, MemberFacts]:
        there = day if then == on else presence.on(then)
        return {
            id: MemberFacts(name, there.find_titles(id, titles), tuple(titles), *more)
            for id, name, titles, *more in members
        }

    beside = [one.number for one in others]
    theirs = PRODUCTS.of_some.ask(connection, numbers=beside) if beside else {}
    takers = [_taker(one, theirs.get(one.number, ())) for one in others]
    return Snapshot(
        active_office(connection),
        team_on(on),
        held,
        share_numbers(held.values(), takers),
        _join_upcoming(*starts) if starts else {},
        team_on,
    )


def share_numbers(
    held: Iterable[Held], others: Iterable[Taker] = ()
) -> Mapping[tuple[str, str], Sequence[Taker]]:
    """Return by field and number who of these relations and others have it in common."""
    own = [_taker(one.relation, one.products) for one in held]
    return group_by_number(sorted([*own, *others], key=attrgetter("number")))


def _taker(relation: RelationFacts, products: Sequence[RelationProduct]) -> Taker:
    return Taker(relation.number, relation.name, relation.status in WORKED_FOR, relation, products)


class Query(NamedTuple):
    """A question about all relations, and about those with some numbers."""

    of_all: Question[Any]
    of_some: Question[Any]


def ask_of(
    connection: Connection, numbers: Collection[str] | None, *queries: Query, **given: object
) -> Sequence[Any]:
    """Return the answers of queries about the wanted relations.

    About some with one statement; about all one by one, for their rows are many and each is soon done with.
    """
    if numbers is None:
        return [one.of_all.ask(connection, **given) for one in queries]
    return ask_at_once(connection, *(one.of_some for one in queries), numbers=list(numbers), **given)


def make_query(query: Select[Any], number: ColumnElement[str], read: Callable[[Iterable[Any]], Any]) -> Query:
    """Return the query of a statement whose rows are of a relation each, that with this `number`."""
    return Query(Question(query, read), Question(query.where(among_numbers(number)), read, "numbers"))


def _by_relation(pairs: Iterable[tuple[str, T]]) -> dict[str, list[T]]:
    grouped: dict[str, list[T]] = {}
    for number, one in pairs:
        if (there := grouped.get(number)) is None:
            grouped[number] = [one]
        else:
            there.append(one)
    return grouped


def _read_relations(rows: Iterable[Any]) -> list[tuple[RelationFacts, frozenset[str]]]:
    found = [(RelationFacts(*facts), _read_kinds(kinds, sent=sent)) for *facts, kinds, sent in rows]
    return sorted(found, key=lambda one: one[0].number)


def _read_kinds(kinds: str | None, *, sent: bool) -> frozenset[str]:
    """Return which kinds of documents a dossier has, and whether clients sent any."""
    return frozenset([*(kinds or "").split(","), *([SENT] if sent else [])]) - {""}


def _read_facts(rows: Iterable[Any]) -> list[RelationFacts]:
    return sorted((RelationFacts(*row) for row in rows), key=attrgetter("number"))


def _read_products(rows: Iterable[Any]) -> dict[str, list[RelationProduct]]:
    found = _by_relation((one.relation, one) for one in map(read_product, rows))
    for some in found.values():
        some.sort(key=lambda one: (one.product, one.sub_number, one.days.first))
    return found


def _read_roles(rows: Iterable[Any]) -> dict[str, dict[str, str]]:
    roles: dict[str, dict[str, str]] = {}
    for number, role, member in rows:
        roles.setdefault(number, {})[role] = member
    return roles


def _read_contacts(rows: Iterable[Any]) -> dict[str, list[ContactFacts]]:
    found = _by_relation(
        (number, ContactFacts(id, name, email, tuple(functions), primary))
        for number, id, name, email, functions, primary in rows
    )
    for some in found.values():
        some.sort(key=attrgetter("id"))
    return found


def _read_rights(rows: Iterable[Any]) -> dict[str, list[GivenRights]]:
    return _by_relation(
        (number, GivenRights(contact, product, since, until, tuple(may), tuple(jointly)))
        for number, contact, product, since, until, may, jointly in rows
    )


def _read_standing(rows: Iterable[Any]) -> dict[str, list[StandingAuthority]]:
    return _by_relation((row[0], StandingAuthority(*row[1:])) for row in rows)


def _read_planned(rows: Iterable[Any]) -> dict[str, list[Planned]]:
    found = _by_relation((number, Planned(*planned)) for number, *planned in rows)
    for some in found.values():
        some.sort(key=lambda one: (one.template, one.sub_number))
    return found


def _read_filed(rows: Iterable[Any]) -> dict[str, dict[tuple[str, str], date]]:
    found: dict[str, dict[tuple[str, str], date]] = {}
    for number, template, sub_number, day in rows:
        found.setdefault(number, {})[template, sub_number] = day
    return found


def _join_upcoming(
    planned: Mapping[str, Sequence[Planned]], filed: Mapping[str, Mapping[tuple[str, str], date]]
) -> dict[str, Upcoming]:
    return {
        number: Upcoming(planned.get(number, ()), filed.get(number, {}))
        for number in planned.keys() | filed.keys()
    }


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
_SHARERS = Query(
    Question(select(relations.c.number).where(false()), list_rows),  # beside all there is nobody
    Question(union(*(_select_sharers(field) for field in NUMBERS)), _read_facts, "numbers"),
)
_KINDS = (
    select(func.aggregate_strings(dossier_documents.c.kind, ","))
    .where(dossier_documents.c.relation == relations.c.number)
    .scalar_subquery()
)
_HAS_SENT = exists().where(dossier.c.relation == relations.c.number)
_RELATIONS = make_query(
    select(
        *(relations.c[name] for name in RelationFacts.__struct_fields__),
        *(_KINDS.label("kinds"), _HAS_SENT.label("sent")),
    ),
    relations.c.number,
    _read_relations,
)
PRODUCTS = make_query(SELECT_PRODUCTS, relation_products.c.relation, _read_products)
"""What relations take, by number."""
ROLES = make_query(
    select(relation_roles.c.relation, relation_roles.c.role, relation_roles.c.member)
    .join(team, team.c.id == relation_roles.c.member)
    .where(team.c.active),
    relation_roles.c.relation,
    _read_roles,
)
"""Which roles of relations somebody has who is still here, by number."""
_CONTACTS = make_query(
    select(
        relation_contacts.c.relation,
        *(contacts.c.id, contacts.c.name, contacts.c.email),
        *(relation_contacts.c.functions, relation_contacts.c.primary),
    ).join(contacts, contacts.c.id == relation_contacts.c.contact),
    relation_contacts.c.relation,
    _read_contacts,
)
_RIGHTS = make_query(
    select(
        authorities.c.relation,
        *(authorities.c.contact, authorities.c.product, authorities.c.since, authorities.c.until),
        *(authorities.c.may, authorities.c.jointly),
    ),
    authorities.c.relation,
    _read_rights,
)
_STANDING = make_query(
    select(
        standing_authorities.c.relation,
        *(standing_authorities.c.product, standing_authorities.c.since, standing_authorities.c.until),
    ),
    standing_authorities.c.relation,
    _read_standing,
)
_LINKS = make_query(select(BOTH_SIDES), BOTH_SIDES.c.number, group_days)
_goes_on = recurrences.c.status != "stopped"
_PLANNED = make_query(
    select(
        recurrences.c.relation,
        *(recurrences.c.template, recurrences.c.sub_number),
        *(recurrences.c.next_period, recurrences.c.next_start),
    ).where(_goes_on),
    recurrences.c.relation,
    _read_planned,
)
_FILED = make_query(
    select(
        *(filings.c.relation, filings.c.template, filings.c.sub_number),
        func.max(filings.c.last_day).label("last_day"),
    )
    .where(
        filings.c.last_day > BEGINNING,
        ~exists().where(
            recurrences.c.relation == filings.c.relation,
            recurrences.c.template == filings.c.template,
            recurrences.c.sub_number == filings.c.sub_number,
            _goes_on,
        ),
    )
    .group_by(filings.c.relation, filings.c.template, filings.c.sub_number),
    filings.c.relation,
    _read_filed,
)
_PRESENCE = Query(PRESENCE, PRESENCE)
_TEAM_FACTS = Question(
    select(
        *(team.c.id, team.c.name, team.c.qualifications),
        *(team.c.phone, team.c.initials, team.c.prefix, team.c.surname),
    ),
    list_rows,
)
_TEAM = Query(_TEAM_FACTS, _TEAM_FACTS)
