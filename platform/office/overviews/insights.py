"""Relation insights (R29): what a filter finds, what each takes, who works for it and what it lacks."""

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import date
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import ColumnElement, Connection, FromClause, and_, func, or_, select

from ...data import ListLine
from ...filters import ANY, Filter, Term
from ...identifiers import mask_number
from ...plan import Model
from ..database.columns import among
from ..database.tables import OPEN, filings, relations
from ..relations.demands import Needs
from ..relations.next_starts import JudgedStart
from ..relations.readiness import Missing
from ..relations.relation import RelationProduct, RelationStatus
from ..relations.snapshot import PRODUCTS, ROLES, Query, ask_of, make_query
from .filtering import Condition, compile_filter, list_lacks
from .lacking import Lacks, find_lacks_of, uncovered_by_relation
from .perhaps_lacking import match_perhaps_lacking

AT_ONCE, MORE = 500, 6
"""Relations of which what lacks is worked out together at first, where a filter asks for it.

Each next time so many times as many: a page is never made of many statements.
"""

Part = Literal["products", "roles", "open_filings", "lacks"]
PARTS: tuple[Part, ...] = get_args(Part)
"""What a line can have besides the relation itself: each is read by statements of its own."""

Sort = Literal["number", "name", "status", "legal_form"]


class RelationLine(ListLine):
    """A relation as lists show it, its number masked; `missing` covers all templates that it can start.

    It is so for what starts next, as of the day on which it does: `starts`. `advice` is what those templates
    advise, or `same` tells, and stops nothing. `uncovered` are the agreed periods without a
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
    group: str = ""
    missing: tuple[Missing, ...] = ()
    advice: tuple[Missing, ...] = ()
    uncovered: tuple[str, ...] = ()
    starts: tuple[JudgedStart, ...] = ()
    same: tuple[Missing, ...] = ()


class _Listed(NamedTuple):
    """What a line has of the relation's own row."""

    number: str
    name: str
    legal_form: str | None
    status: RelationStatus
    ob_number: str | None
    sbr_enabled: bool
    group: str | None


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
    facts = _find(connection, wanted, on, needs, page)
    every = not wanted.terms and page == Page()
    numbers = None if every else [one.number for one in facts]
    lacking = find_lacks_of(connection, numbers, on, needs) if lacks else {}
    asked = {part: query for part, query in _READ.items() if part in parts}
    # few and simple: each by itself costs less than one statement for all of them
    read = {part: ask_of(connection, numbers, query)[0] for part, query in asked.items()}
    products, roles, opened = (read.get(part, {}) for part in _READ)
    return tuple(
        RelationLine(
            number=one.number,
            name=one.name,
            legal_form=one.legal_form,
            status=one.status,
            ob_number=mask_number(one.ob_number),
            products=tuple(products.get(one.number, ())),
            roles=roles.get(one.number, {}),
            sbr_enabled=one.sbr_enabled,
            group=one.group or "",
            open_filings=opened.get(one.number, 0),
            **(_tell(lacking[one.number]) if one.number in lacking else {}),
        )
        for one in facts
    )


def _tell(lacks: Lacks) -> dict[str, Any]:
    return {
        "missing": lacks.missing,
        "advice": lacks.advice,
        "uncovered": lacks.uncovered,
        "starts": lacks.starts,
        "same": lacks.same,
    }


def find_numbers(
    connection: Connection, wanted: Filter, on: date, needs: Needs, page: Page | None = None
) -> tuple[str, ...]:
    """Return the numbers of the relations that a filter finds, in order.

    The database finds them all by itself, unless the filter asks what is missing or advised: then relations
    are read whole and looked at, some and then ever more, until the page is full. Those of which their own
    row says that they cannot lack it are passed over.
    """
    return tuple(one.number for one in _find(connection, wanted, on, needs, page or Page()))


_NOTHING = Lacks()


def _find(connection: Connection, wanted: Filter, on: date, needs: Needs, page: Page) -> list[_Listed]:
    """Return the relations of a page."""
    lacks = list_lacks(wanted)
    judged = [term for term in lacks if term.field != "covered"]
    conditions = [
        *compile_filter(wanted, on),
        *_match_covered(connection, [term for term in lacks if term.field == "covered"], on, page),
        *match_perhaps_lacking(judged),
    ]
    if not judged:
        return _select(connection, conditions, page)
    found: list[_Listed] = []
    part = page.model_copy(update={"size": AT_ONCE})
    while some := _select(connection, conditions, part):
        numbers = [one.number for one in some]
        known = find_lacks_of(connection, numbers, on, needs, uncovered=False)
        found += (
            one
            for one in some
            if all(_holds(term, known.get(one.number, _NOTHING)) != term.negated for term in judged)
        )
        if len(some) < (part.size or 0) or (page.size is not None and len(found) >= page.size):
            break
        part = part.model_copy(update={"after": numbers[-1], "size": (part.size or 0) * MORE})
    return found[: page.size]


def _match_covered(
    connection: Connection, terms: Collection[Term], on: date, page: Page
) -> Iterator[ColumnElement[bool]]:
    """Yield what terms ask of whether all periods are covered: where some are not is found at once."""
    if not terms:
        return
    without = among(relations.c.number, [*uncovered_by_relation(connection, on, page.among)])
    for term in terms:
        yield without if ("no" in term.values) != term.negated else ~without


def _holds(term: Term, lacks: Lacks) -> bool:
    codes = {one.code for one in (lacks.advice if term.field == "advice" else lacks.missing)}
    return bool(codes) if ANY in term.values else not codes.isdisjoint(term.values)


def _select(connection: Connection, conditions: Iterable[Condition], page: Page) -> list[_Listed]:
    number, key = relations.c.number, _SORTS[page.sort]
    query = _FACTS.where(*conditions).order_by(key(relations), number)
    if page.after is not None:
        query = query.where(_comes_after(key, page.after))
    if page.among is not None:
        query = query.where(among(number, page.among))
    return [_Listed(*row) for row in connection.execute(query.limit(page.size)).all()]


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


_FACTS = select(*(relations.c[name] for name in _Listed._fields))
_SORTS: dict[Sort, Callable[[FromClause], ColumnElement[Any]]] = {
    "number": lambda table: table.c.number,
    "name": lambda table: func.lower(table.c.name),
    "status": lambda table: table.c.status,
    "legal_form": lambda table: func.coalesce(table.c.legal_form, ""),
}


_OPEN_FILINGS = make_query(
    select(filings.c.relation, func.count()).where(OPEN).group_by(filings.c.relation),
    filings.c.relation,
    lambda rows: {row[0]: row[1] for row in rows},
)
_READ: dict[Part, Query] = {"products": PRODUCTS, "roles": ROLES, "open_filings": _OPEN_FILINGS}
"""What the parts of a line are read by, but for what lacks: that is worked out."""
