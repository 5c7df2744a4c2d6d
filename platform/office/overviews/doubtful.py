"""Which relations may have a period that nothing covers: found by counting, so that the others need no look.

Nearly all relations have an unbroken row of filings up to where their recurrence goes on. The database proves
that of each by itself: there are as many filings of the agreed frequency as fit between those two moments.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    case,
    cast,
    distinct,
    exists,
    false,
    func,
    select,
)

from ...period import LOOSE, PeriodKind
from ...plan import Plan
from ..database.columns import among_given, among_numbers
from ..database.questions import Question, list_rows
from ..database.tables import (
    BEGINNING,
    filings,
    recurrences,
    relation_products,
    relation_roles,
    relations,
)


def find_doubtful(
    connection: Connection, plans: Mapping[str, Plan], numbers: Collection[str] | None = None
) -> list[str]:
    """Return the relations, of all or of those given, of which counting does not prove every period covered.

    `plans` has the plan of each product.
    """
    products = sorted(plans)
    if numbers is None:
        return pick_doubtful(OF_ALL.ask(connection, products=products), plans)
    return pick_doubtful(_OF_SOME.ask(connection, products=products, numbers=list(numbers)), plans)


def pick_doubtful(rows: Iterable[tuple[str, str, PeriodKind]], plans: Mapping[str, Plan]) -> list[str]:
    """Return the relations of rows in which a plan covers what is agreed, in order."""
    found = {
        relation
        for relation, product, frequency in rows
        if frequency not in LOOSE and plans[product].period in ("by_product", frequency)
    }
    return sorted(found)


def _count_months(text: ColumnElement[str]) -> ColumnElement[int]:
    """Return how many months there were up to one, from a text that begins like 2026-01."""
    return cast(func.substr(text, 1, 4), Integer) * 12 + cast(func.substr(text, 6, 2), Integer)


def _month_of(day: ColumnElement[Any]) -> ColumnElement[int]:
    return _count_months(cast(day, String))


def _first_month_of(code: ColumnElement[str]) -> ColumnElement[int]:
    """Return the first month of a period, by its code."""
    year, quarter = func.substr(code, 1, 4), func.substr(code, 7, 1)
    month = case(
        (_kind_of(code) == "month", func.substr(code, 6, 2)),
        (_kind_of(code) == "year", "1"),
        else_=case((quarter == "1", "1"), (quarter == "2", "4"), (quarter == "3", "7"), else_="10"),
    )
    return cast(year, Integer) * 12 + cast(month, Integer)


def _kind_of(code: ColumnElement[str]) -> ColumnElement[str]:
    """Return month, quarter or year: 2026-01, 2026-Q1 or 2026; empty for others, which are not counted."""
    sixth = func.substr(code, 6, 1)
    month = (func.length(code) == 7) & sixth.in_(("0", "1"))
    return case((sixth == "", "year"), (sixth == "Q", "quarter"), (month, "month"), else_="")


def _select_doubtful() -> Select[Any]:
    """Return the statement for all relations: what they take of `products` and is not proved to be covered.

    Where it is agreed from or until another day than the first or last of a period, more filings are asked
    than there can be: that is looked at.
    """
    taken, filed, next = relation_products.c, filings.c, recurrences.c
    filings_of = (
        filed.relation == taken.relation,
        filed.product == taken.product,
        filed.sub_number == taken.sub_number,
    )
    around = (relation_products, recurrences)
    first = select(func.min(filed.first_day)).where(*filings_of).correlate(*around).scalar_subquery()
    begin = case((taken.since == BEGINNING, _month_of(first)), else_=_month_of(taken.since))
    months = case((taken.frequency == "month", 1), (taken.frequency == "quarter", 3), else_=12)

    def suffice(end: ColumnElement[int], before: ColumnElement[bool]) -> ColumnElement[bool]:
        count = select(func.count(distinct(filed.first_day))).where(
            *filings_of, filed.first_day >= taken.since, before, _kind_of(filed.period) == taken.frequency
        )
        return count.correlate(*around).scalar_subquery() * months >= end - begin

    goes_on = exists().where(
        next.relation == taken.relation,
        next.product == taken.product,
        next.sub_number == taken.sub_number,
        next.status == "running",
        ~next.once,
        # Codes of one kind are in the order of their days.
        _kind_of(next.next_period) == taken.frequency,
        suffice(_first_month_of(next.next_period), filed.period < next.next_period),
    )
    ended = taken.until.is_not(None) & suffice(_month_of(taken.until) + 1, filed.first_day <= taken.until)
    return (
        select(taken.relation, taken.product, taken.frequency)
        .join(relations, relations.c.number == taken.relation)
        .where(
            relations.c.status != "prospect",
            among_given(taken.product, "products"),
            # Nothing is proved where something is unknown.
            ~func.coalesce(goes_on | ended, false()),
        )
    )


_DOUBTFUL = _select_doubtful()
_theirs = select(relation_roles.c.relation).where(among_given(relation_roles.c.member, "members"))
OF_ALL = Question(_DOUBTFUL, list_rows, "products")
"""Of every relation what it takes of `products` and is not proved to be covered."""
OF_MEMBERS = Question(
    _DOUBTFUL.where(relation_products.c.relation.in_(_theirs)), list_rows, "products", "members"
)
"""The same of the relations at which one of `members` has a role."""
_OF_SOME = Question(
    _DOUBTFUL.where(among_numbers(relation_products.c.relation)), list_rows, "products", "numbers"
)
