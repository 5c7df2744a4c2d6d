"""Which relations may have a period that nothing covers: found by counting, so that the others need no look.

Nearly all relations have an unbroken row of filings up to where their recurrence goes on. The database proves
that of each by itself: there are as many filings of the agreed frequency as fit between those two moments.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    distinct,
    false,
    func,
    select,
    true,
    union_all,
)

from ...period import LOOSE, PeriodKind
from ...plan import Plan
from ..alarms import NOT_BEGUN
from ..database.columns import among_given, among_numbers
from ..database.questions import Question, list_rows
from ..database.tables import (
    BEGINNING,
    RECURRENCE_ID,
    alarms,
    filings,
    recurrences,
    relation_products,
    relation_roles,
    relations,
)


def find_doubtful(
    connection: Connection, plans: Mapping[str, Plan], on: date, numbers: Collection[str] | None = None
) -> list[str]:
    """Return the relations, of all or of those given, of which counting does not prove every period covered.

    Those periods are meant whose start has come by a day.

    `plans` has the plan of each product.
    """
    products = sorted(plans)
    if numbers is None:
        return pick_doubtful(OF_ALL.ask(connection, products=products, on=on), plans)
    return pick_doubtful(_OF_SOME.ask(connection, products=products, numbers=list(numbers), on=on), plans)


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
    return _read_year(text) * 12 + cast(func.substr(text, 6, 2), Integer)


def _read_year(text: ColumnElement[str]) -> ColumnElement[int]:
    return cast(func.substr(text, 1, 4), Integer)


def _month_of(day: ColumnElement[Any]) -> ColumnElement[int]:
    return _count_months(cast(day, String))


def _first_month_of(code: ColumnElement[str], frequency: ColumnElement[str]) -> ColumnElement[int]:
    """Return the first month of a period of this frequency, by its code."""
    month = case(
        (frequency == "month", cast(func.substr(code, 6, 2), Integer)),
        (frequency == "quarter", cast(func.substr(code, 7, 1), Integer) * 3 - 2),
        else_=1,
    )
    return _read_year(code) * 12 + month


def _when_of(
    code: ColumnElement[str], frequency: ColumnElement[str], so: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Return that something is so of a period of a frequency: 2026-01, 2026-Q1 or 2026; of others it is not.

    PostgreSQL would look through an index for what is not inside, again for every relation.
    """
    sixth = func.substr(code, 6, 1)
    return case(
        (frequency == "month", (func.length(code) == 7) & (sixth < "2") & so),
        (frequency == "quarter", (sixth == "Q") & so),
        (frequency == "year", (func.length(code) == 4) & so),
        else_=false(),
    )


_not_begun = union_all(
    select(filings.c.relation)
    .join(alarms, alarms.c.filing == filings.c.id)
    .where(alarms.c.kind == NOT_BEGUN),
    select(recurrences.c.relation)
    .join(alarms, alarms.c.filing == RECURRENCE_ID)
    .where(~recurrences.c.begun, alarms.c.kind == NOT_BEGUN)
    .correlate(None),
)


def _select_doubtful(*whose: ColumnElement[bool]) -> Select[Any]:
    """Return the statement for relations: what they take of `products` and is not proved to be covered.

    What is agreed must have filings up to where its recurrence goes on or its last day, what comes first.
    Where it is agreed from or until another day than the first or last of a period, more filings are asked
    than there can be: that is looked at. So is what waits for a later day while the period after it begins
    within a month: that may have had to start.
    """
    taken, filed, next = relation_products.c, filings.c, recurrences.c
    goes_on = and_(
        next.relation == taken.relation,
        next.product == taken.product,
        next.sub_number == taken.sub_number,
        next.status == "running",
        ~next.once,
        _when_of(next.next_period, taken.frequency, true()),
    )
    filings_of = (
        filed.relation == taken.relation,
        filed.product == taken.product,
        filed.sub_number == taken.sub_number,
    )
    around = (relation_products, recurrences)
    # Codes of one kind are in the order of their days.
    before = next.next_period.is_(None) | (filed.period < next.next_period)
    count = select(func.count(distinct(filed.first_day))).where(
        *filings_of,
        filed.first_day >= taken.since,
        _when_of(filed.period, taken.frequency, before),
        taken.until.is_(None) | (filed.first_day <= taken.until),
    )
    first = select(func.min(filed.first_day)).where(*filings_of).correlate(*around).scalar_subquery()
    begin = case((taken.since == BEGINNING, _month_of(first)), else_=_month_of(taken.since))
    going_on, after = _first_month_of(next.next_period, taken.frequency), _month_of(taken.until) + 1
    end = case(
        (taken.until.is_(None), going_on),
        (next.next_period.is_(None) | (after < going_on), after),
        else_=going_on,
    )
    months = case((taken.frequency == "month", 1), (taken.frequency == "quarter", 3), else_=12)
    suffice = count.correlate(*around).scalar_subquery() * months >= end - begin
    on = bindparam("on", type_=Date)
    waits = (next.next_start > on) & (going_on + months <= _month_of(on) + 1)
    return (
        select(taken.relation, taken.product, taken.frequency)
        .select_from(relation_products.outerjoin(recurrences, goes_on))
        .join(relations, relations.c.number == taken.relation)
        .where(
            relations.c.status != "prospect",
            among_given(taken.product, "products"),
            # Nothing is proved where something is unknown, or where what was planned does not begin.
            ~func.coalesce(suffice & ~waits, false()) | taken.relation.in_(_not_begun),
            *whose,
        )
    )


_theirs = select(relation_roles.c.relation).where(among_given(relation_roles.c.member, "members"))
OF_ALL = Question(_select_doubtful(), list_rows, "products", "on")
"""Of every relation what it takes of `products` and is not proved to be covered."""
OF_MEMBERS = Question(
    _select_doubtful(relation_products.c.relation.in_(_theirs)), list_rows, "products", "members", "on"
)
"""The same of the relations at which one of `members` has a role."""
OF_MEMBERS_AND_SOME = Question(
    _select_doubtful(relation_products.c.relation.in_(_theirs) | among_numbers(relation_products.c.relation)),
    list_rows,
    "products",
    "members",
    "numbers",
    "on",
)
"""The same of those, and of the relations with these `numbers`."""
_OF_SOME = Question(
    _select_doubtful(among_numbers(relation_products.c.relation)), list_rows, "products", "numbers", "on"
)
