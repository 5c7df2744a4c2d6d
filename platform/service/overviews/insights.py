"""Relations found by a filter as people type it (R29): counted, listed in pages, picked for an act."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from ...data import replace
from ...filters import NOTHING, Filter, FilterError, Reading, Term, find_field, read_filter, read_terms
from ...office.office_clock import office_now
from ...office.overviews import insights
from ...office.overviews.facets import Counts, Facet, count_relations, leave_out
from ...office.overviews.filter_names import find_names
from ...office.overviews.insights import PARTS, Page, Part, RelationLine, Sort
from ...office.people import all_members
from ...office.plans import active_office
from ...period import LOOSE
from ...plan import Model
from ...words import FREQUENCY_WORDS, say_id, say_legal_form
from ..desk import Desk
from ..results import Refusal
from .browsing import identifies_somebody

__all__ = [
    "PARTS",
    "Counts",
    "Facet",
    "FilterRefusal",
    "Insights",
    "Part",
    "RelationLine",
    "Sort",
    "find_private",
    "leave_out",
    "list_examples",
    "list_relations",
    "name_in_words",
    "pick_relations",
    "read_insights",
]

SIZE = 100


class FilterRefusal(Refusal):
    """A filter that cannot be read: `at` is the character at which it goes wrong, `length` how many."""

    at: int
    length: int


def list_examples(desk: Desk) -> tuple[str, ...]:
    """Return filters that this office could ask, with its own products and roles. Raises DatabaseError."""
    office = desk.read(active_office)
    found = ["uiterlijk<vandaag -status:vertrokken", "mist:e-mailadres,bevoegdheid", "gedekt:nee"]
    if office and office.roles:
        found.insert(0, f"rol.{office.roles[0].id}:niemand")
    if office and office.products:
        product = office.products[0]
        words = [FREQUENCY_WORDS[one] for one in product.frequencies if one not in LOOSE]
        often = [one for one in words if " " not in one]
        found.insert(0, f"product:{product.id} {f'frequentie:{often[-1]} ' if often else ''}sbr:uit")
    return tuple(found)


def pick_relations(desk: Desk, filter_text: str, on: date | None = None) -> tuple[str, ...] | Refusal:
    """Return the numbers of all relations that a filter finds on a day (by default today), in order.

    A filter that cannot be read is a FilterRefusal; without terms it finds everything. Raises DatabaseError.
    """

    def ask(connection: Connection) -> tuple[str, ...] | Refusal:
        wanted = read_known(connection, filter_text)
        if isinstance(wanted, FilterRefusal):
            return wanted
        day = on or office_now(connection).date()
        return insights.find_numbers(connection, wanted.filter, day, desk.equipment.reports.identity_needs())

    return desk.read(ask)


class Insights(Model):
    """A page of the relations that a filter finds; `more` says that others follow.

    `typed` is the filter with the names that were typed, term by term, where `filter` has ids.

    `counts` are None where the filter asks what lacks, since that takes reading them all. `names` has by
    field of the filter and value what people call it, where they call it otherwise.
    """

    filter: Filter
    typed: Filter
    lines: tuple[RelationLine, ...]
    more: bool
    counts: Counts | None
    names: dict[str, dict[str, str]]


def read_insights(
    desk: Desk,
    filter_text: str,
    on: date,
    *,
    after: str | None,
    sort: Sort,
    parts: Collection[Part],
    whole: bool = False,
) -> Insights | FilterRefusal:
    """Return a page of the relations that a filter finds, after the one with a number, with these parts.

    Counted by every field where the `whole` is asked, else by those that take little. A filter that cannot be
    read is a FilterRefusal. Raises DatabaseError.
    """

    def ask(connection: Connection) -> Insights | FilterRefusal:
        reading = read_known(connection, filter_text)
        if isinstance(reading, FilterRefusal):
            return reading
        wanted, needs = reading.filter, desk.equipment.reports.identity_needs()
        page = Page(size=SIZE + 1, after=after, sort=sort)
        found = insights.list_relations(connection, wanted, on, needs, page, parts)
        counts = count_relations(connection, wanted, on, whole=whole)
        return Insights(
            filter=wanted,
            typed=read_terms(filter_text)[0].filter,
            lines=found[:SIZE],
            more=len(found) > SIZE,
            counts=counts,
            names=_name_values(connection, counts),
        )

    return desk.read(ask)


def find_private(filter_text: str) -> str:
    """Return the first text in a filter that tells who somebody is; empty where it has none.

    A number that was typed with spaces is several words: each value is judged with the words behind it too.
    """
    reading = read_filter(filter_text)
    if isinstance(reading, FilterError):
        return ""
    free = [term for term in reading.filter.terms if (field := find_field(term.field)) and field.free]
    texts = [text for term in free for text in (term.key, *term.values)]
    single = [term for term in free if len(term.values) == 1]  # after a comma comes another number
    texts += [_join_numbers(term, single[at:]) for at, term in enumerate(single, 1)]
    return next((text for text in texts if identifies_somebody(text)), "")


def _join_numbers(term: Term, behind: Sequence[Term]) -> str:
    """Return what has digits of a term and the words behind it, wherever: a link may take terms out."""
    words = (one.values[0] for one in (term, *behind) if one is term or one.field == "word")
    return " ".join(word for word in words if any(sign.isdigit() for sign in word))


def list_relations(
    desk: Desk,
    filter_text: str,
    on: date | None = None,
    sort: Sort = "number",
    parts: Collection[Part] = PARTS,
    among: Collection[str] | None = None,
) -> tuple[RelationLine, ...] | FilterRefusal:
    """Return all relations that a filter finds on a day (by default today), with these parts of each.

    `among` are the numbers of those that are asked about; None for all. Raises DatabaseError.
    """

    def ask(connection: Connection) -> tuple[RelationLine, ...] | FilterRefusal:
        wanted = read_known(connection, filter_text)
        if isinstance(wanted, FilterRefusal):
            return wanted
        day, needs = on or office_now(connection).date(), desk.equipment.reports.identity_needs()
        page = Page(sort=sort, among=None if among is None else frozenset(among))
        return insights.list_relations(connection, wanted.filter, day, needs, page, parts)

    return desk.read(ask)


def _name_values(connection: Connection, counts: Counts | None) -> dict[str, dict[str, str]]:
    """Return what people call the products, colleagues, legal forms and phases that are counted."""
    facets = counts.facets if counts else {}
    names: dict[str, dict[str, str]] = {
        field: {one.value: say(one.value) for one in facets.get(field, ()) if one.value != NOTHING}
        for field, say in (("legal_form", say_legal_form), ("phase", say_id))
    }
    if "product" in facets:
        names["product"] = _title_products(connection)
    if "member" in facets:
        names["member"] = {one.id: one.name for one in all_members(connection)}
    return names


def _title_products(connection: Connection) -> dict[str, str]:
    office = active_office(connection)
    return {one.id: one.title for one in office.products} if office else {}


def name_in_words(
    desk: Desk, lines: Iterable[RelationLine], parts: Collection[Part]
) -> tuple[RelationLine, ...]:
    """Return lines with products, roles and who has them as people call them, and not as ids.

    Of these parts. Raises DatabaseError.
    """

    def ask(connection: Connection) -> tuple[RelationLine, ...]:
        office, products = active_office(connection), _title_products(connection)
        roles = {one.id: one.title for one in office.roles} if office else {}
        names = {one.id: one.name for one in all_members(connection)} if "roles" in parts else {}
        return tuple(
            replace(
                line,
                products=tuple(
                    replace(one, product=products.get(one.product, one.product)) for one in line.products
                ),
                roles={roles.get(role, role): names.get(who, who) for role, who in line.roles.items()},
            )
            for line in lines
        )

    return desk.read(ask)


def read_known(connection: Connection, text: str) -> Reading | FilterRefusal:
    """Read a filter, with ids for the names in it; return all that is wrong where something is."""
    read, unread = read_terms(text)
    reading, unknown = find_names(connection, read)
    wrong = sorted((*unread, *unknown), key=lambda one: one.at)
    return _refuse(wrong[0], tuple(map(_refuse, wrong[1:]))) if wrong else reading


def _refuse(wrong: FilterError, others: tuple[FilterRefusal, ...] = ()) -> FilterRefusal:
    return FilterRefusal(code=wrong.code, text=wrong.text, at=wrong.at, length=wrong.length, others=others)
