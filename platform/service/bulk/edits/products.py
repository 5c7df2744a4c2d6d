"""Adding a product to many relations, and ending one: changing an agreement is done on a relation's page."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection

from ....filing.outcome import Refusal, gather_refusals
from ....office.database.columns import among
from ....office.database.tables import ONE_SUB_NUMBER, relation_products
from ....office.exchange import Edit, Entry, find_unreadable
from ....office.relations.relation import SELECT_PRODUCTS, RelationProduct, read_product
from ....period import in_words
from ...relations.editing.sheets import LABELS
from ..asking import Asked
from .drafting import Draft, Place, find_named

FILE = "products.csv"


class Adding:
    """Adding a product that a relation does not take."""

    def complete(self, place: Place, asked: Asked) -> Asked | Refusal:
        """Return what is asked with the product's title; refuse a frequency that the product has not."""
        named = _name_product(place, asked)
        frequency = Refusal(code="no_frequency", text="Kies de frequentie.")
        period = Refusal(code="no_period", text="Kies de eerste periode.")
        lacks = gather_refusals(named, asked.frequency or frequency, asked.period or period)
        if lacks or isinstance(named, Refusal):
            return lacks or named
        asked = named
        mistakes = find_unreadable(_enter("0", asked), place.office)
        if mistakes:
            return Refusal(code="not_read", text=mistakes[0].text)
        return asked

    def draft(self, place: Place, asked: Asked, numbers: Collection[str]) -> Mapping[str, Draft]:
        """Return the edit of each relation that does not take it."""
        taken = read_taken(place.connection, numbers, asked.product)
        sub_number = asked.sub_number or ONE_SUB_NUMBER
        drafts = {}
        for number in numbers:
            same = [one for one in taken.get(number, ()) if one.sub_number == sub_number]
            if any(one.until is None or one.until >= place.today for one in same):
                drafts[number] = Draft(None, "neemt dit product al af", "already")
            else:
                adds = (relation_products, "product")
                drafts[number] = Draft(Edit(number, [_enter(number, asked)], adds=adds))
        return drafts


class Ending:
    """Ending a product on its last day, under all its sub-numbers."""

    def complete(self, place: Place, asked: Asked) -> Asked | Refusal:
        """Return what is asked with the product's title."""
        named = _name_product(place, asked)
        return (
            gather_refusals(asked.until or Refusal(code="no_day", text="Kies de laatste dag."), named)
            or named
        )

    def draft(self, place: Place, asked: Asked, numbers: Collection[str]) -> Mapping[str, Draft]:
        """Return the edit of each relation that takes it."""
        assert asked.until is not None
        taken = read_taken(place.connection, numbers, asked.product)
        return {number: _end(number, taken.get(number, ()), asked.until) for number in numbers}


def read_taken(
    connection: Connection, numbers: Collection[str], product: str
) -> dict[str, list[RelationProduct]]:
    """Return by relation what is agreed of a product, the first stretch first."""
    query = SELECT_PRODUCTS.where(
        relation_products.c.product == product, among(relation_products.c.relation, numbers)
    )
    found: dict[str, list[RelationProduct]] = {}
    rows = connection.execute(query.order_by(*relation_products.primary_key.columns)).all()
    for one in map(read_product, rows):
        found.setdefault(one.relation, []).append(one)
    return found


def enter_last_day(taken: RelationProduct, until: date | None) -> Entry:
    """Return the entry that gives a stretch of a product another last day."""
    cells = {
        "relation": taken.relation,
        "product": taken.product,
        "sub_number": taken.sub_number,
        "first_period": taken.first_period.code if taken.first_period else "",
        "until": until.isoformat() if until else "",
    }
    return Entry(FILE, cells, LABELS)


def _name_product(place: Place, asked: Asked) -> Asked | Refusal:
    titles = {one.id: one.title for one in place.office.products}
    product = find_named(titles, asked.product)
    if product is None:
        return Refusal(code="no_product", text=f"Kies een product: {', '.join(titles.values())}.")
    return asked.model_copy(update={"product": product, "title": titles[product]})


def _enter(number: str, asked: Asked) -> Entry:
    cells = {
        "relation": number,
        "product": asked.product,
        "sub_number": asked.sub_number,
        "frequency": asked.frequency,
        "first_period": asked.period,
    }
    return Entry(FILE, cells, LABELS)


def _end(number: str, stretches: Sequence[RelationProduct], until: date) -> Draft:
    last = {one.sub_number: one for one in stretches}
    open_ones = [one for one in last.values() if one.until is None or one.until > until]
    if not last:
        return Draft(None, "neemt dit product niet af")
    if not open_ones:
        ends = max(one.until for one in last.values() if one.until)
        return Draft(None, f"eindigt al op {in_words(ends)}", "already")
    later = [one for one in open_ones if one.since and one.since > until]
    if later and len([one for one in stretches if one.sub_number == later[0].sub_number]) > 1:
        since = in_words(later[0].days.first)
        return Draft(None, f"Vanaf {since} is het anders afgesproken; wijzig dat bij de relatie.")
    return Draft(Edit(number, [enter_last_day(one, until) for one in open_ones]))
