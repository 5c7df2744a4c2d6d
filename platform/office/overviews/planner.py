"""The planner (R18): the grid of relations by period of a product, with the state of each filing."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    cast,
    exists,
    func,
    or_,
    select,
    union,
)

from ...data import ListLine, replace
from ...period import Period
from ...plan import Planner
from ..database.columns import among
from ..database.tables import OPEN, filings, recurrences, relation_products, relations, work
from ..filings.filing import How, compute_planner_state
from ..filings.standing import BY_PLACE, STANDINGS, Standing
from ..relations.relation import WORKED_FOR
from .browsing import match_relation

_AT_ONCE = 1000


class Cell(ListLine):
    """The state of one filing, with the earliest open deadline; `before` are earlier ones over the period.

    Of a planned start it is the recurrence's workflow id, and the state is planned.
    """

    filing: str
    state: Planner
    due: date | None
    before: tuple["Cell", ...] = ()
    standing: Standing = ""
    """What it waits for, where it does not go on."""
    ended: How | None = None
    """How it ended; a cancelled filing is shown where nothing else is over its period."""


class PlannerRow(ListLine):
    """One relation, template and sub-number; cells by period, each of its last filing and those before it."""

    relation: str
    name: str
    template: str
    sub_number: str
    cells: dict[str, Cell]


class PlannerGrid(ListLine):
    """The grid; `periods` are the columns in order."""

    product: str
    periods: tuple[str, ...]
    rows: tuple[PlannerRow, ...]


def planner(
    connection: Connection,
    product: str,
    on: date,
    year: int | None = None,
    period: Period | None = None,
    numbers: Collection[str] | None = None,
) -> PlannerGrid:
    """Return the grid of a product as it is today; of one period, of those that begin in a year, or of all.

    With `numbers` of these relations alone.

    te_laat follows from today and the earliest open deadline, so it needs no record to become so. A filing
    that was cancelled gives way to any other over its period. What starts by itself is planned.
    """
    query = _FILINGS.where(filings.c.product == product)
    if period is not None:
        query = query.where(filings.c.period == period.code)
    if year is not None:  # every period is written with its year first
        query = query.where(filings.c.period >= str(year), filings.c.period < str(year + 1))
    if numbers is not None:
        query = query.where(among(filings.c.relation, numbers))
    standings = _read_standings(connection, query)
    rows: list[PlannerRow] = []
    periods: set[str] = set()
    cells: dict[str, Cell] = {}
    before: tuple[str, ...] = ()
    ordered = True  # a database may sort letters in another way
    # A row's filings follow each other, by sequence: the last filing over a period stays.
    for relation, name, template, sub_number, code, id, state, due, ended in chain.from_iterable(
        connection.execute(query).partitions(_AT_ONCE)
    ):
        key = (relation, template, sub_number)
        if key != before:
            ordered = ordered and before < key
            before, cells = key, {}
            rows.append(
                PlannerRow(
                    relation=relation, name=name, template=template, sub_number=sub_number, cells=cells
                )
            )
        periods.add(code)
        earlier = cells.get(code)
        if earlier and earlier.ended == "cancelled":
            earlier = None
        if ended != "cancelled" or not earlier:
            cells[code] = Cell(
                filing=id,
                state=compute_planner_state(state, ended, due, on),
                due=due,
                before=(*earlier.before, replace(earlier, before=())) if earlier else (),
                standing=standings.get(id, ""),
                ended=ended,
            )
    if _add_planned(connection, rows, periods, product, year, period, numbers) or not ordered:
        rows.sort(key=attrgetter("relation", "template", "sub_number"))
    return PlannerGrid(product=product, periods=_columns(periods), rows=tuple(rows))


def _read_standings(connection: Connection, query: Select[Any]) -> dict[str, Standing]:
    """Return what those of the filings that are asked for wait for that do not go on."""
    asked = query.with_only_columns(filings.c.id).where(OPEN).order_by(None)
    rows = connection.execute(STANDINGS.where(work.c.filing.in_(asked)))
    return {row.filing: BY_PLACE[row.place] for row in rows if BY_PLACE[row.place]}


def find_planner_relations(
    connection: Connection, product: str, year: int, word: str, skip: int = 0, most: int | None = None
) -> tuple[list[str], int]:
    """Return the numbers of the relations in the grid of a product and year, some at a time, and of how many.

    With a `word` those whose name holds it or whose number begins with it; one letter is what a name begins
    with. Beyond the last there are none, of none.
    """
    query = _select_relations(product, year, word).add_columns(func.count().over())
    rows = connection.execute(query.order_by(relations.c.number).offset(skip).limit(most)).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0


def list_planner_years(connection: Connection, product: str) -> tuple[int, ...]:
    """Return the years in which periods of a product begin that have a filing or are planned, in order."""
    years = _walk_years(product)
    planned = func.substr(recurrences.c.next_period, 1, 4)
    query = union(
        select(func.substr(years.c.period, 1, 4)).where(years.c.period.is_not(None)),
        select(planned).where(recurrences.c.product == product, recurrences.c.status == "running"),
    )
    return tuple(sorted(int(one) for one in connection.execute(query).scalars()))


def is_agreed_in(connection: Connection, product: str, year: int) -> bool:
    """Say whether some relation that is worked for takes a product in a year."""
    joined = relation_products.c.relation == relations.c.number
    taken = exists().where(*_list_terms(product, year), joined, relations.c.status.in_(WORKED_FOR))
    return bool(connection.execute(select(taken)).scalar_one())


def _walk_years(product: str) -> CTE:
    """Return the first period of each year with a filing of a product, as far as there is one.

    From year to year by the index of periods: to look at all filings takes ten thousand times as many steps.
    """
    period, here = filings.c.period, filings.c.product == product
    years = select(func.min(period).label("period")).where(here).cte("years", recursive=True)
    next_year = cast(cast(func.substr(years.c.period, 1, 4), Integer) + 1, String)
    following = select(func.min(period)).where(here, period >= next_year).scalar_subquery()
    return years.union_all(select(following).where(years.c.period.is_not(None)))


def _select_relations(product: str, year: int, word: str) -> Select[Any]:
    number, first, after = relations.c.number, str(year), str(year + 1)
    filed = exists().where(
        *(filings.c.relation == number, filings.c.product == product),
        *(filings.c.period >= first, filings.c.period < after),
    )
    planned = exists().where(
        *(recurrences.c.relation == number, recurrences.c.product == product),
        *(recurrences.c.next_period >= first, recurrences.c.next_period < after),
        recurrences.c.status == "running",
    )
    agreed = exists().where(*_list_terms(product, year), relation_products.c.relation == number)
    worked_for = relations.c.status.in_(WORKED_FOR)
    return select(number).where(filed | planned | (agreed & worked_for), *match_relation(word))


def _list_terms(product: str, year: int | None) -> tuple[ColumnElement[bool], ...]:
    """Return the conditions that a product is agreed, on some day of a year where one is given."""
    days = relation_products.c
    if year is None:
        return (days.product == product,)
    return (
        days.product == product,
        days.since <= date(year, 12, 31),
        or_(days.until.is_(None), days.until >= date(year, 1, 1)),
    )


def add_agreed(
    connection: Connection,
    grid: PlannerGrid,
    template: str,
    year: int | None = None,
    numbers: Collection[str] | None = None,
) -> PlannerGrid:
    """Return the grid with a row for whoever takes the product and has nothing started or planned yet.

    `template` is what would start for them.
    """
    query = (
        select(relation_products.c.relation, relations.c.name, relation_products.c.sub_number)
        .join(relations, relations.c.number == relation_products.c.relation)
        .where(*_list_terms(grid.product, year), relations.c.status.in_(WORKED_FOR))
        .distinct()
    )
    if numbers is not None:
        query = query.where(among(relation_products.c.relation, numbers))
    there = {(row.relation, row.sub_number) for row in grid.rows}
    added = tuple(
        PlannerRow(relation=relation, name=name, template=template, sub_number=sub_number, cells={})
        for relation, name, sub_number in connection.execute(query)
        if (relation, sub_number) not in there
    )
    rows = sorted((*grid.rows, *added), key=attrgetter("relation", "template", "sub_number"))
    return replace(grid, rows=tuple(rows))


def _add_planned(
    connection: Connection,
    rows: list[PlannerRow],
    periods: set[str],
    product: str,
    year: int | None,
    period: Period | None,
    numbers: Collection[str] | None,
) -> bool:
    """Add what starts by itself next to the rows and columns; say whether that made new rows, at the end."""
    query = _PLANNED.where(recurrences.c.product == product)
    if period is not None:
        query = query.where(recurrences.c.next_period == period.code)
    if numbers is not None:
        query = query.where(among(recurrences.c.relation, numbers))
    found = connection.execute(query).all()
    if not found:
        return False
    count = len(rows)
    by_key = {(row.relation, row.template, row.sub_number): row for row in rows}
    for relation, name, template, sub_number, code in found:
        if year is not None and not code.startswith(f"{year}"):
            continue
        key = (relation, template, sub_number)
        if key not in by_key:
            facts = {"relation": relation, "name": name, "template": template, "sub_number": sub_number}
            by_key[key] = PlannerRow(**facts, cells={})
            rows.append(by_key[key])
        periods.add(code)
        planned = Cell(filing=f"recurrence/{template}/{relation}/{sub_number}", state="gepland", due=None)
        there = by_key[key].cells.get(code)
        if there is None or there.ended == "cancelled":
            by_key[key].cells[code] = planned
    return len(rows) > count


def _columns(periods: Iterable[str]) -> tuple[str, ...]:
    parsed = (Period.parse(period) for period in periods)
    return tuple(period.code for period in sorted(parsed, key=lambda p: (p.end, -p.start.toordinal())))


_PLANNED = (
    select(
        *(recurrences.c.relation, relations.c.name, recurrences.c.template, recurrences.c.sub_number),
        recurrences.c.next_period,
    )
    .join(relations, relations.c.number == recurrences.c.relation)
    .where(recurrences.c.status == "running")
)
_FILINGS = (
    select(
        *(filings.c.relation, relations.c.name, filings.c.template, filings.c.sub_number, filings.c.period),
        *(filings.c.id, filings.c.planner, filings.c.due, filings.c.ended),
    )
    .join(relations, relations.c.number == filings.c.relation)
    .order_by(filings.c.relation, filings.c.template, filings.c.sub_number, filings.c.sequence)
)
