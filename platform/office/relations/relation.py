"""Relations with their identity, switches and products, and the snapshot that a filing lives by (R25)."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from pydantic import Field
from sqlalchemy import Connection, RowMapping, String, bindparam, func, or_, select

from ...data import ListLine
from ...period import Period, PeriodKind
from ...plan import Model, Office, Scalar, Way
from ..database.columns import among_numbers
from ..database.questions import Question
from ..database.tables import BEGINNING, ONE_SUB_NUMBER, relation_products, relations

Kind = Literal["organisation", "natural_person"]


def is_natural_person(kind: str) -> bool:
    """Say whether a relation of this kind is a natural person or a sole trader: its tax number is a BSN."""
    return kind == "natural_person"


RelationStatus = Literal[
    "prospect", "active", "leaving", "left", "deceased", "bankrupt", "in_liquidation", "emigrated"
]

WORKED_FOR: tuple[RelationStatus, ...] = ("active", "leaving")
"""Statuses in which filings start; in every other one they stop."""


class Relation(Model):
    """A relation; `number` is the office's own. `fields` are the office's own, by id.

    `automations_off` are ids of automations that this relation does not want (R7).
    """

    number: str
    name: str
    kind: Kind
    legal_form: str | None = None
    ob_number: str | None = None
    rsin: str | None = None
    bsn: str | None = None
    btw_id: str | None = None
    kvk: str | None = None
    sbr_enabled: bool = False
    ideal_enabled: bool = False
    status: RelationStatus = "active"
    status_since: date | None = None
    language: str = "nl"
    automations_off: tuple[str, ...] = ()
    fields: dict[str, Scalar] = Field(default_factory=dict)
    group: str | None = None
    """The name of the group (relatiegroep) that it is in, such as a family with its companies."""

    @property
    def natural_person(self) -> bool:
        """Say whether it is a natural person or a sole trader: its tax number is a BSN."""
        return is_natural_person(self.kind)


class RelationProduct(ListLine):
    """A product as agreed with a relation over a stretch of days, `sub_number` '-' where it has one.

    What changes by date has a stretch for each: those of one product and sub-number have no day in common.
    `since` is the first day of the first period that is done here, None where nobody wrote it down; `until`
    the last day. `way` and `recipient` ('primary_contact' or a function) override the template's SBR
    settings (R15).
    """

    relation: str
    product: str
    sub_number: str = ONE_SUB_NUMBER
    frequency: PeriodKind
    since: date | None = None
    until: date | None = None
    foreign: bool = False
    kor: bool = False
    fiscal_unit: bool = False
    way: Way | None = None
    recipient: str | None = None

    def covers(self, period: Period) -> bool:
        """Say whether the period is of the agreed kind, from the first one here until the last day."""
        if period.kind != self.frequency or (self.until is not None and period.start > self.until):
            return False
        return self.since is None or period.start >= self.since

    @property
    def days(self) -> "Days":
        """Return the days over which it is agreed."""
        return Days(self.since or BEGINNING, self.until)

    @property
    def first_period(self) -> Period | None:
        """Return the first period that is done here, where it is known."""
        return Period.holding(self.frequency, self.since, self.since) if self.since else None


class Days(NamedTuple):
    """A stretch of days; None is without end."""

    first: date
    last: date | None = None

    def common(self, other: "Days") -> "Days | None":
        """Return the days that two stretches have in common, or None."""
        ends = [last for last in (self.last, other.last) if last is not None]
        both = Days(max(self.first, other.first), min(ends, default=None))
        return both if both.last is None or both.first <= both.last else None


def find_relation(connection: Connection, number: str) -> Relation | None:
    """Return the relation with this number, or None."""
    return RELATION.ask(connection, relation=number)


def all_relations(connection: Connection, numbers: Collection[str] | None = None) -> tuple[Relation, ...]:
    """Return all relations, or those with these numbers, by number."""
    if numbers is None:
        return tuple(_read_relation(row) for row in connection.execute(_RELATIONS).mappings())
    return RELATIONS.ask(connection, numbers=list(numbers))


def all_numbers(connection: Connection) -> list[str]:
    """Return the numbers of all relations, in order."""
    return list(connection.execute(select(relations.c.number).order_by(relations.c.number)).scalars())


def find_named(connection: Connection, texts: Collection[str], most: int) -> dict[str, list[str]]:
    """Return by text the numbers of the relations, in order, in whose name it is, whatever its case.

    Where texts are in more than `most` names together nothing is told of any.
    """
    if not texts:
        return {}
    looked_for = {text: text.strip().lower() for text in texts}
    name = func.lower(relations.c.name)
    named = or_(*(name.contains(one, autoescape=True) for one in {*looked_for.values()}))
    query = select(relations.c.number, name).where(named).order_by(relations.c.number).limit(most + 1)
    rows = connection.execute(query).all()
    if len(rows) > most:
        return {}
    return {text: [number for number, said in rows if one in said] for text, one in looked_for.items()}


def products_of(
    connection: Connection, relation: str | None = None, product: str | None = None
) -> tuple[RelationProduct, ...]:
    """Return what relations take, of one relation or one product if given, by relation and product."""
    query = SELECT_PRODUCTS.order_by(*relation_products.primary_key.columns)
    if relation is not None:
        query = query.where(relation_products.c.relation == relation)
    if product is not None:
        query = query.where(relation_products.c.product == product)
    return tuple(read_product(row) for row in connection.execute(query).all())


SELECT_PRODUCTS = select(*(relation_products.c[name] for name in RelationProduct.__struct_fields__))
"""The statement of products that were agreed, with all that `read_product` reads, in its order."""


def read_product(row: Iterable[Any]) -> RelationProduct:
    """Return a row as a product that was agreed."""
    relation, product, sub_number, frequency, since, until, foreign, kor, fiscal_unit, way, recipient = row
    return RelationProduct(
        relation=relation,
        product=product,
        sub_number=sub_number,
        frequency=frequency,
        since=None if since == BEGINNING else since,
        until=until,
        foreign=foreign,
        kor=kor,
        fiscal_unit=fiscal_unit,
        way=way,
        recipient=recipient,
    )


def takers_of(connection: Connection, product: str, frequency: PeriodKind) -> list[str]:
    """Return the numbers of the relations that take a product this often."""
    query = select(relation_products.c.relation).where(
        relation_products.c.product == product, relation_products.c.frequency == frequency
    )
    return list(connection.execute(query.distinct().order_by(relation_products.c.relation)).scalars())


def stretches_of(taken: Sequence[RelationProduct], sub_number: str) -> tuple[RelationProduct, ...]:
    """Return all stretches of the product that a relation takes under a sub-number, the first first.

    A relation that takes exactly one product gets that one, also when no sub-number is named.
    """
    named = [one for one in taken if one.sub_number == sub_number]
    if not named and sub_number == ONE_SUB_NUMBER and len({(p.product, p.sub_number) for p in taken}) == 1:
        named = [*taken]
    found = (one for one in named if one.product == named[0].product)
    return tuple(sorted(found, key=lambda one: one.days.first))


def pick_product(taken: Sequence[RelationProduct], sub_number: str, day: date) -> RelationProduct | None:
    """Return the product that a relation takes under a sub-number, as it is agreed on a day, or None.

    On a day on which it is not taken it is as it was agreed last before that day, else as it will be first.
    """
    stretches = stretches_of(taken, sub_number)
    begun = [one for one in stretches if one.days.first <= day]
    return begun[-1] if begun else next(iter(stretches), None)


def relation_values(relation: Relation, office: Office) -> dict[str, Scalar]:
    """Return the snapshot of a relation for the start of a filing: what conditions and texts may name.

    No identifying number is in it. A field of the office's own that was never filled in is None.
    """
    own = {field.id: relation.fields.get(field.id) for field in office.fields}
    return own | {
        "number": relation.number,
        "name": relation.name,
        "legal_form": relation.legal_form or "",
        "natural_person": relation.natural_person,
    }


def product_values(taken: RelationProduct, office: Office) -> dict[str, Scalar]:
    """Return the snapshot of a relation's product for the start of a filing."""
    title = next((p.title for p in office.products if p.id == taken.product), taken.product)
    return {
        "id": taken.product,
        "title": title,
        "frequency": taken.frequency,
        "sub_number": taken.sub_number,
        "foreign": taken.foreign,
        "kor": taken.kor,
        "fiscal_unit": taken.fiscal_unit,
    }


def _read_relation(row: RowMapping | dict[str, Any]) -> Relation:
    return Relation.model_validate(dict(row))


_RELATIONS = select(relations).order_by(relations.c.number)
RELATION = Question(
    select(relations).where(relations.c.number == bindparam("relation", type_=String)),
    lambda rows: next((_read_relation(row._asdict()) for row in rows), None),
    "relation",
)
"""What `find_relation` returns."""
RELATIONS = Question(
    select(relations).where(among_numbers(relations.c.number)),
    lambda rows: tuple(sorted((_read_relation(row._asdict()) for row in rows), key=lambda one: one.number)),
    "numbers",
)
"""What `all_relations` returns of those with some numbers."""
