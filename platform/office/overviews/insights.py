"""Relation insights (R29): what a filter finds, what each takes, who works for it and what it lacks."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select

from ...data import ListLine
from ...filters import ANY, Filter, Term
from ...identifiers import mask_number
from ...plan import Model
from ..database.columns import among, among_numbers
from ..database.tables import OPEN, filings, relations
from ..relations.demands import Needs
from ..relations.readiness import Missing
from ..relations.relation import RelationProduct, RelationStatus
from ..relations.snapshot import RelationFacts, read_products, read_roles
from .filtering import compile_filter, list_lacks
from .lacking import Lacks, find_lacks_of

AT_ONCE = 500
"""Relations of which what lacks is worked out together, where a filter asks for it."""

Part = Literal["products", "roles", "open_filings", "lacks"]
PARTS: tuple[Part, ...] = get_args(Part)
"""What a line can have besides the relation itself: each is read by statements of its own."""

Sort = Literal["number", "name", "status", "legal_form"]


class RelationLine(ListLine):
    """A relation as lists show it, its number masked; `missing` covers all templates that it can start.

    `advice` is what those templates advise, and stops nothing. `uncovered` are the agreed periods without a
    filing or planned start, each with why (Dutch). A part that was not asked for is empty.
    """

    number: str
    name: str
    legal_form: str | None
    status: RelationStatus
    ob_number: str
    products: tuple[RelationProduct, ...]
    roles: dict[str, str]
    sbr_enabled: bool
    open_filings: int
    missing: tuple[Missing, ...] = ()
    advice: tuple[Missing, ...] = ()
    uncovered: tuple[str, ...] = ()


class Page(Model):
    """A part of a list: at most `size` relations in this order, after the one with number `after`.

    `among` are the numbers of those that it is about; None for all.
    """

    among: frozenset[str] | None = None
    size: int | None = None
    after: str | None = None
    sort: Sort = "number"


def list_relations(
    connection: Connection,
    wanted: Filter,
    on: date,
    needs: Needs,
    page: Page | None = None,
    parts: Collection[Part] = PARTS,
) -> tuple[RelationLine, ...]:
    """Return the relations that a filter finds on a day, with these parts of each.

    `needs` says which identity each report needs. What a page costs: `find_numbers`.
    """
    lacks, page = "lacks" in parts, page or Page()
    found = _find(connection, wanted, on, needs, page, lacks=lacks)
    numbers = list(found) if wanted.terms or page != Page() else None  # of all without naming them
    if lacks and not list_lacks(wanted):
        known = find_lacks_of(connection, numbers, on, needs)
        found = {number: _Found(one.facts, known.get(number, _NOTHING)) for number, one in found.items()}
    products = read_products(connection, numbers) if "products" in parts else {}
    roles = read_roles(connection, numbers) if "roles" in parts else {}
    opened = _open_filings(connection, numbers) if "open_filings" in parts else {}
    return tuple(
        RelationLine(
            number=number,
            name=facts.name,
            legal_form=facts.legal_form,
            status=facts.status,
            ob_number=mask_number(facts.ob_number),
            products=tuple(products.get(number, ())),
            roles=roles.get(number, {}),
            sbr_enabled=facts.sbr_enabled,
            open_filings=opened.get(number, 0),
            missing=lacking.missing,
            advice=lacking.advice,
            uncovered=lacking.uncovered,
        )
        for number, (facts, lacking) in found.items()
    )


def find_numbers(
    connection: Connection, wanted: Filter, on: date, needs: Needs, page: Page | None = None
) -> tuple[str, ...]:
    """Return the numbers of the relations that a filter finds, in order.

    The database finds them all by itself, unless the filter asks what lacks: then so many relations at a time
    are read whole and looked at, until the page is full. A page costs what it passes over; all of them, the
    whole office.
    """
    return tuple(_find(connection, wanted, on, needs, page or Page(), lacks=False))


_NOTHING = Lacks()


class _Found(NamedTuple):
    """A relation that a filter finds, with what it lacks as far as that was worked out."""

    facts: RelationFacts
    lacks: Lacks = _NOTHING


def _find(
    connection: Connection, wanted: Filter, on: date, needs: Needs, page: Page, *, lacks: bool
) -> dict[str, _Found]:
    """Return the relations of a page by number; `lacks` asks for all they lack where some has to be known."""
    asked = list_lacks(wanted)
    if not asked:
        return {one.number: _Found(one) for one in _select(connection, wanted, on, page)}
    kinds = {term.field for term in asked}
    missing, uncovered = lacks or bool(kinds & {"missing", "advice"}), lacks or "covered" in kinds
    found: dict[str, _Found] = {}
    part = page.model_copy(update={"size": AT_ONCE})
    while some := _select(connection, wanted, on, part):
        numbers = [one.number for one in some]
        known = find_lacks_of(connection, numbers, on, needs, missing=missing, uncovered=uncovered)
        for one in some:
            lacking = known.get(one.number, _NOTHING)
            if all(_holds(term, lacking) != term.negated for term in asked):
                found[one.number] = _Found(one, lacking)
                if len(found) == page.size:
                    return found
        if len(some) < AT_ONCE:
            break
        part = part.model_copy(update={"after": numbers[-1]})
    return found


def _holds(term: Term, lacks: Lacks) -> bool:
    if term.field == "covered":
        return ("no" if lacks.uncovered else "yes") in term.values
    codes = {one.code for one in (lacks.advice if term.field == "advice" else lacks.missing)}
    return bool(codes) if ANY in term.values else not codes.isdisjoint(term.values)


def _select(connection: Connection, wanted: Filter, on: date, page: Page) -> list[RelationFacts]:
    number, key = relations.c.number, _SORTS[page.sort]
    query = _FACTS.where(*compile_filter(wanted, on)).order_by(key(relations), number)
    if page.after is not None:
        query = query.where(_comes_after(key, page.after))
    if page.among is not None:
        query = query.where(among(number, page.among))
    return [RelationFacts(*row) for row in connection.execute(query.limit(page.size))]


def _comes_after(key: Callable[[FromClause], ColumnElement[Any]], last: str) -> ColumnElement[bool]:
    """Return that a relation comes after another, of which only the number is known: no address has names.

    Where that one was removed nobody knows where it was: every other comes after it, unless by number.
    """
    if key is _SORTS["number"]:
        return relations.c.number > last
    other, here = relations.alias("last"), key(relations)
    there = select(key(other)).where(other.c.number == last)
    then = there.scalar_subquery()
    return or_(here > then, and_(here == then, relations.c.number > last), ~there.exists())


_FACTS = select(*(relations.c[name] for name in RelationFacts.__struct_fields__))
_SORTS: dict[Sort, Callable[[FromClause], ColumnElement[Any]]] = {
    "number": lambda table: table.c.number,
    "name": lambda table: func.lower(table.c.name),
    "status": lambda table: table.c.status,
    "legal_form": lambda table: func.coalesce(table.c.legal_form, ""),
}


def _open_filings(connection: Connection, numbers: list[str] | None) -> dict[str, int]:
    result = (
        connection.execute(_OPEN_OF_ALL)
        if numbers is None
        else connection.execute(_OPEN_OF_SOME, {"numbers": numbers})
    )
    return {row[0]: row[1] for row in result.all()}


_OPEN_OF_ALL = select(filings.c.relation, func.count()).where(OPEN).group_by(filings.c.relation)
_OPEN_OF_SOME = _OPEN_OF_ALL.where(among_numbers(filings.c.relation))
