"""A relation as colleagues read it, a part at a time: each part reads only what it shows."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import TypeVar

from sqlalchemy import Connection

from ...audience import CLIENT, OFFICE
from ...filing.view import read_view
from ...office.filings.deliveries import find_receipts
from ...office.filings.dossier import DossierLine, list_dossier
from ...office.filings.filing import list_filings
from ...office.filings.recurrences import list_recurrences
from ...office.overviews.acceptance import Acceptance, find_acceptance
from ...office.overviews.lacking import Lacks, find_lacks_of
from ...office.overviews.recurring import tell_gone
from ...office.overviews.relation_page import list_fields, list_roles, list_standing
from ...office.people import (
    GivenRights,
    all_members,
    contacts_of,
    gives_authority,
    judge_authority,
    named_roles,
    rights_at,
)
from ...office.plans import active_office, find_plans, plans_in_force
from ...office.presence import read_day
from ...office.relations.links import RelationLink, list_links
from ...office.relations.readiness import Missing
from ...office.relations.relation import find_relation, products_of
from ...office.visits.number_views import NumberView, list_number_views, record_number_view
from ...period import Period
from ...plan import Model
from ...rights import Right
from ..access import Visitor
from ..desk import Desk
from ..paging import Leaf, turn_to
from ..results import (
    ContactLine,
    FieldLine,
    JudgedStart,
    RecurrenceLine,
    Refusal,
    Relation,
    RelationProduct,
    RoleLine,
    StandingLine,
    recurrence_line,
)
from .dossier import Sort, narrow
from .relations import hide_numbers

__all__ = [
    "Agreed",
    "DossierPart",
    "Identity",
    "People",
    "Planned",
    "Ready",
    "Roles",
    "Sort",
    "read_agreed",
    "read_dossier",
    "read_identity",
    "read_people",
    "read_planned",
    "read_ready",
    "read_relation",
    "read_roles",
]

MOST_VIEWS = 10
SIZE = 100
"""Lines of a dossier on a page, and of what was delivered."""
T = TypeVar("T", bound=Model)

NO_RELATION = Refusal(code="no_relation", text="Deze relatie is er niet.")


class Identity(Model):
    """Who a relation is; its numbers are masked unless they were asked for, `views` says who did."""

    relation: Relation
    numbers: bool
    fields: tuple[FieldLine, ...]
    views: tuple[NumberView, ...]
    links: tuple[RelationLink, ...]


class RightsLine(Model):
    """What is recorded that a contact may do about a product ('*' is every one), with both days.

    `jointly` is what of it they may only together with another.
    """

    product: str
    since: date
    until: date | None
    may: tuple[Right, ...]
    jointly: tuple[Right, ...]


class People(Model):
    """The contacts of a relation and what each may do today; `products` are the titles of what it takes.

    `given` has by contact what is recorded that they may do, and `titles` all products.
    """

    relation: Relation
    contacts: tuple[ContactLine, ...]
    products: dict[str, str]
    given: dict[str, tuple[RightsLine, ...]]
    titles: dict[str, str]


class Agreed(Model):
    """What a relation takes, and what of it starts by itself; `pilots` are the titles of plans on pilot."""

    relation: Relation
    products: tuple[RelationProduct, ...]
    titles: dict[str, str]
    templates: dict[str, str]
    planned: tuple[RecurrenceLine, ...]
    standing: tuple[StandingLine, ...]
    today: date
    pilots: tuple[str, ...]


class Planned(Model):
    """What of a relation starts by itself, again and again or once."""

    relation: Relation
    lines: tuple[RecurrenceLine, ...]


class Roles(Model):
    """Who has which role, and who does its work today; `names` by id."""

    relation: Relation
    roles: tuple[RoleLine, ...]
    names: dict[str, str]


class DeliveredLine(Model):
    """What was delivered in a filing: it lies there, and `read` and `receipt` say what else does."""

    filing: str
    years: tuple[int, ...]
    """Those that its period is about."""
    document: str
    title: str
    read: bool
    receipt: bool


class DossierPart(Model):
    """A page of the documents of a relation that were asked for, of `total`; `titles` are those of templates.

    `items` has what was asked, by filing and item, as the client was asked for it.
    """

    relation: Relation
    lines: tuple[DossierLine, ...]
    own_leaf: Leaf
    """Of what was asked for; the latest comes first."""
    total: int
    years: tuple[int, ...]
    sort: Sort | None
    year: int | None
    names: dict[str, str]
    titles: dict[str, str]
    items: dict[tuple[str, str], str]
    delivered: tuple[DeliveredLine, ...]
    """A page, the latest filing first: these are documents of filings, and none of the dossier's own."""
    delivered_total: int
    """Whatever was asked for."""
    leaf: Leaf
    """Of what was delivered."""


class Ready(Model):
    """What stands in the way of what the relation takes, and which agreed periods nothing covers (Dutch).

    `starts` are the next ones of what it takes, each judged as of the day on which it starts, the first one
    first. `anybody` says that it has contacts, `takes` that it takes a product. `same` names who else has one
    of its numbers. `acceptance` says of a prospect how accepting it as a client stands.
    """

    relation: Relation
    starts: tuple[JudgedStart, ...]
    uncovered: tuple[str, ...]
    anybody: bool
    takes: bool
    same: tuple[Missing, ...] = ()
    acceptance: Acceptance | None = None


def read_relation(desk: Desk, number: str) -> Relation | Refusal:
    """Return a relation itself, its numbers masked. Raises DatabaseError."""
    found = desk.read(lambda connection: find_relation(connection, number))
    return hide_numbers(found) if found else NO_RELATION


def read_identity(desk: Desk, visitor: Visitor, number: str, *, numbers: bool = False) -> Identity | Refusal:
    """Return who a relation is; that its numbers were asked for is written down. Raises DatabaseError."""
    if numbers:
        with desk.equipment.database.write() as connection:
            if find_relation(connection, number) is None:
                return NO_RELATION
            record_number_view(connection, number, visitor.id, datetime.now(UTC))

    def ask(connection: Connection, relation: Relation) -> Identity:
        return Identity(
            relation=relation if numbers else hide_numbers(relation),
            numbers=numbers,
            fields=list_fields(relation, active_office(connection)),
            views=list_number_views(connection, number, MOST_VIEWS),
            links=list_links(connection, number),
        )

    return _read(desk, number, ask)


def read_people(desk: Desk, number: str, today: date) -> People | Refusal:
    """Return the contacts of a relation. Raises DatabaseError."""

    def ask(connection: Connection, relation: Relation) -> People:
        office, rights = active_office(connection), rights_at(connection, number)
        titles = {one.id: one.title for one in office.products} if office else {}
        taken = dict.fromkeys(one.product for one in products_of(connection, number))
        return People(
            relation=hide_numbers(relation),
            contacts=tuple(
                ContactLine(
                    contact=one,
                    authority={
                        name: judge_authority(
                            rights.get(one.id, ()),
                            name,
                            today,
                            by_function=gives_authority(office, one.functions),
                        )
                        for name in taken
                    },
                )
                for one in contacts_of(connection, number)
            ),
            products={name: titles.get(name, name) for name in taken},
            given={contact: tuple(map(_list_right, some)) for contact, some in rights.items()},
            titles=titles,
        )

    return _read(desk, number, ask)


def _list_right(given: GivenRights) -> RightsLine:
    return RightsLine(
        product=given.product, since=given.since, until=given.until, may=given.may, jointly=given.jointly
    )


def read_agreed(desk: Desk, number: str, today: date) -> Agreed | Refusal:
    """Return what a relation takes, and what of it starts by itself. Raises DatabaseError."""

    def ask(connection: Connection, relation: Relation) -> Agreed:
        office = active_office(connection)
        recurrences = tell_gone(connection, list_recurrences(connection, relation=number))
        in_force = plans_in_force(connection)
        pilots = sorted(one.plan.title for (_, at), one in in_force.pilots.items() if at == number)
        return Agreed(
            relation=hide_numbers(relation),
            products=products_of(connection, number),
            titles={one.id: one.title for one in office.products} if office else {},
            templates={one.template: one.plan.title for one in in_force.list_for(number)},
            planned=tuple(recurrence_line(one) for one in recurrences if one.status != "stopped"),
            standing=list_standing(connection, number, today),
            today=today,
            pilots=tuple(pilots),
        )

    return _read(desk, number, ask)


def read_planned(desk: Desk, number: str) -> Planned | Refusal:
    """Return what of a relation starts by itself. Raises DatabaseError."""

    def ask(connection: Connection, relation: Relation) -> Planned:
        found = tell_gone(connection, list_recurrences(connection, relation=number))
        lines = tuple(recurrence_line(one) for one in found if one.status != "stopped")
        return Planned(relation=hide_numbers(relation), lines=lines)

    return _read(desk, number, ask)


def read_roles(desk: Desk, number: str, today: date) -> Roles | Refusal:
    """Return who has which role at a relation. Raises DatabaseError."""

    def ask(connection: Connection, relation: Relation) -> Roles:
        office, day = active_office(connection), read_day(connection, today)
        return Roles(
            relation=hide_numbers(relation),
            roles=list_roles(named_roles(connection, number), day, office.roles if office else ()),
            names={one.id: one.name for one in all_members(connection)},
        )

    return _read(desk, number, ask)


def read_dossier(
    desk: Desk,
    number: str,
    sort: Sort | None = None,
    year: int | None = None,
    page: int = 1,
    own_page: int = 1,
) -> DossierPart | Refusal:
    """Return a page (`own_page`) of the documents of a relation: of all, or those of a sort and about a year.

    Of what was delivered it has one page too (`page`), over that year; it is of no sort.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection, relation: Relation) -> DossierPart:
        delivered = tuple(_list_delivered(connection, number))
        chosen = () if sort else tuple(one for one in delivered if year is None or year in one.years)
        leaf = turn_to(page, len(chosen), SIZE)
        every = list_dossier(connection, number, desk.equipment.document_ring.open_sealed)
        about = (*(one.years for one in delivered), *(one.years for one in every))
        asked = narrow(every, sort, year)
        own_leaf = turn_to(own_page, len(asked), SIZE)
        lines = asked[own_leaf.skip : own_leaf.skip + SIZE]
        return DossierPart(
            relation=hide_numbers(relation),
            lines=lines,
            own_leaf=own_leaf,
            total=len(every),
            years=tuple(sorted({year for years in about for year in years}, reverse=True)),
            sort=sort,
            year=year,
            names={
                **{one.id: one.name for one in contacts_of(connection, number)},
                **{one.id: one.name for one in all_members(connection)},
            },
            titles={one.template: one.plan.title for one in plans_in_force(connection).list_for(number)},
            items=_title_items(connection, number, lines),
            delivered=chosen[leaf.skip : leaf.skip + SIZE],
            delivered_total=len(delivered),
            leaf=leaf,
        )

    return _read(desk, number, ask)


def _list_delivered(connection: Connection, number: str) -> Iterator[DeliveredLine]:
    """Yield what was delivered for a relation, the latest filing first."""
    rows = [row for row in list_filings(connection, relation=number) if row.view]
    if not rows:
        return
    plans = find_plans(connection, {row.plan for row in rows}, ()).by_digest
    receipts = find_receipts(connection, number)
    for row in sorted(rows, key=lambda one: (one.start_date, one.id), reverse=True):
        seen = read_view(row.view)
        done = {phase.id for phase in seen.phases if phase.status == "completed"}
        delivered = {one.deliver.document for one in plans[row.plan].phases if one.deliver and one.id in done}
        for document in seen.documents:
            if document.id in delivered and document.shown and document.audience in (None, CLIENT, OFFICE):
                yield DeliveredLine(
                    filing=row.id,
                    years=Period.parse(row.period).years,
                    document=document.id,
                    title=document.title,
                    read=document.shown.rendering is not None,
                    receipt=row.id in receipts,
                )


def _title_items(
    connection: Connection, number: str, lines: Iterable[DossierLine]
) -> dict[tuple[str, str], str]:
    """Return what clients were asked for, by filing and item, as the plan of the filing has it."""
    sent = {(line.filing, line.item) for line in lines if line.filing}
    if not sent:
        return {}
    plan_of = {one.id: one.plan for one in list_filings(connection, relation=number)}
    plans = find_plans(connection, {plan_of[filing] for filing, _ in sent}, ()).by_digest
    return {
        (filing, item): field.title
        for filing, item in sent
        for form in plans[plan_of[filing]].forms
        for field in form.fields
        if field.id == item
    }


def read_ready(desk: Desk, number: str, today: date) -> Ready | Refusal:
    """Return what is missing of a relation for what it takes. Raises DatabaseError."""

    def ask(connection: Connection, relation: Relation) -> Ready:
        needs = desk.equipment.reports.identity_needs()
        lacks = find_lacks_of(connection, [number], today, needs).get(number, Lacks())
        return Ready(
            relation=hide_numbers(relation),
            starts=tuple(sorted(lacks.starts, key=lambda one: (one.day, one.title))),
            uncovered=lacks.uncovered,
            anybody=bool(contacts_of(connection, number)),
            takes=bool(products_of(connection, number)),
            same=lacks.same,
            acceptance=find_acceptance(connection, number) if relation.status == "prospect" else None,
        )

    return _read(desk, number, ask)


def _read(desk: Desk, number: str, ask: Callable[[Connection, Relation], T]) -> T | Refusal:
    def look(connection: Connection) -> T | Refusal:
        relation = find_relation(connection, number)
        return ask(connection, relation) if relation else NO_RELATION

    return desk.read(look)
