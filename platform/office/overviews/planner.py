"""The planner (R18): the grid of relations by period of a product, with what each filing stands at."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection

from ...period import Period
from ...plan import Model, Planner
from ..filings.filing import Filing, list_filings
from ..relations.relation import all_relations


class Cell(Model):
    """What one filing stands at, with the earliest open deadline."""

    filing: str
    state: Planner
    due: date | None


class PlannerRow(Model):
    """One relation, template and sub-number; cells by period, of which the last filing counts."""

    relation: str
    name: str
    template: str
    sub_number: str
    cells: dict[str, Cell]


class PlannerGrid(Model):
    """The grid; `periods` are the columns in order."""

    product: str
    periods: tuple[str, ...]
    rows: tuple[PlannerRow, ...]


def planner(connection: Connection, product: str, on: date, year: int | None = None) -> PlannerGrid:
    """Return the grid of a product as it is today; of periods that begin in a year, or of all.

    te_laat follows from today and the earliest open deadline, so it needs no record to become so. A filing
    that was cancelled is nothing that was done: its cell stays empty.
    """
    found = [
        filing
        for filing in list_filings(connection, product=product)
        if year is None or Period.parse(filing.period).start.year == year
    ]
    names = {relation.number: relation.name for relation in all_relations(connection)}
    grouped: dict[tuple[str, str, str], list[Filing]] = {}
    for filing in found:
        grouped.setdefault((filing.relation, filing.template, filing.sub_number), []).append(filing)
    return PlannerGrid(
        product=product,
        periods=_columns(filing.period for filing in found),
        rows=tuple(
            PlannerRow(
                relation=relation,
                name=names[relation],
                template=template,
                sub_number=sub_number,
                cells=_cells(filings, on),
            )
            for (relation, template, sub_number), filings in sorted(grouped.items())
        ),
    )


def _columns(periods: Iterable[str]) -> tuple[str, ...]:
    parsed = (Period.parse(period) for period in set(periods))
    return tuple(period.code for period in sorted(parsed, key=lambda p: (p.end, -p.start.toordinal())))


def _cells(filings: Iterable[Filing], on: date) -> dict[str, Cell]:
    """Return the cells by period; the filings come by sequence, so the last one stays."""
    return {
        filing.period: Cell(filing=filing.id, state=filing.shown(on), due=filing.due)
        for filing in filings
        if filing.ended != "cancelled"
    }
