"""Which relations may have a period that nothing covers: found by counting, so that the others need no look.

Nearly all relations have an unbroken row of filings up to where their recurrence goes on. One row of the
database says so of each: how many filings of the agreed frequency there are, from which day to which.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, case, distinct, func, select

from ...days import apply_date_rule
from ...period import Period, PeriodKind
from ...plan import Office, Plan
from ..calendars import calendars
from ..database.columns import among_given
from ..database.tables import BEGINNING, filings, recurrences, relation_products, relations

_YEAR = timedelta(days=366)


class DueCalendar:
    """The periods whose start has come by a plan, since a day: worked out once for all relations."""

    def __init__(self, office: Office, first: date, on: date) -> None:
        self._first = first
        self._on = on
        self._closed = calendars(office.closing_days, first - _YEAR, on + _YEAR).office
        self._known: dict[tuple[str, PeriodKind], list[tuple[Period, date]]] = {}

    def periods(self, plan: Plan, kind: PeriodKind) -> list[tuple[Period, date]]:
        """Return them in order, each with the day on which it should have started."""
        key = (plan.template, kind)
        if key not in self._known:
            self._known[key] = self._find(plan, kind)
        return self._known[key]

    def _find(self, plan: Plan, kind: PeriodKind) -> list[tuple[Period, date]]:
        found: list[tuple[Period, date]] = []
        period = Period.holding(kind, self._first)
        while period.start <= self._on + _YEAR:
            anchor = period.start if plan.created.anchor == "period.start" else period.end
            start = apply_date_rule(plan.created, anchor, self._closed)
            if start <= self._on:
                found.append((period, start))
            period = period.next()
        return found


class _Days(NamedTuple):
    """First and last days of periods, in order."""

    first: list[date]
    last: list[date]


def find_doubtful(
    connection: Connection,
    office: Office,
    plans: Mapping[str, Plan],
    on: date,
    numbers: Collection[str] | None = None,
) -> list[str]:
    """Return the relations, of all or of those given, of which counting does not prove every period covered.

    `plans` has the plan of each product.
    """
    if numbers is None:
        rows = connection.execute(_ALL).all()
    else:
        rows = connection.execute(_SOME, {"numbers": list(numbers)}).all()
    known = [day for row in rows for day in (row.since, row.first) if day is not None and day > BEGINNING]
    calendar = DueCalendar(office, min([*known, on - _YEAR]), on)
    days: dict[tuple[str, str], _Days] = {}
    proved, doubtful = set[tuple[Any, ...]](), dict[tuple[Any, ...], str]()
    for row in rows:
        plan = plans.get(row.product)
        if plan is None or row.status == "prospect" or plan.period not in ("by_product", row.frequency):
            continue
        at = (plan.template, row.frequency)
        if at not in days:
            periods = calendar.periods(plan, row.frequency)
            days[at] = _Days([one.start for one, _ in periods], [one.end for one, _ in periods])
        key = (row.relation, row.product, row.sub_number, row.since)
        if _is_proved(row, days[at]):
            proved.add(key)
        else:
            doubtful[key] = row.relation
    return sorted({relation for key, relation in doubtful.items() if key not in proved})


def _is_proved(row: Row[Any], days: _Days) -> bool:
    """Say whether filings cover every period of a stretch up to the one that starts by itself next."""
    since = row.since if row.since > BEGINNING else row.first
    if row.next_period is None or since is None:
        return False
    begin, end = bisect_left(days.first, since), bisect_left(days.first, _first_day_of(row.next_period))
    if row.until is not None:
        end = min(end, bisect_right(days.first, row.until))
    if begin >= end:
        return True
    if row.first is None:
        return False
    one, other = bisect_left(days.first, row.first), bisect_left(days.last, row.last)
    unbroken = row.filed == other - one + 1 and other < len(days.last)
    known = unbroken and days.first[one] == row.first and days.last[other] == row.last
    return known and one <= begin and other >= end - 1


def _first_day_of(code: str) -> date:
    """Return the first day of a period by its code, without making the period: there are many."""
    year, _, part = code.partition("-")
    month = 3 * int(part[1:]) - 2 if part[:1] == "Q" else int(part or 1)
    return date(int(year), month, 1)


def _select_rows(numbers: str | None = None) -> Select[Any]:
    """Return the statement, of all relations or of those given as the parameter of this name."""
    kind = case(
        (func.length(filings.c.period) == 4, "year"),
        (filings.c.period.like("%Q%"), "quarter"),
        else_="month",
    )
    filed = select(
        *(filings.c.relation, filings.c.product, filings.c.sub_number, kind.label("kind")),
        func.min(filings.c.first_day).label("first"),
        func.max(filings.c.last_day).label("last"),
        func.count(distinct(filings.c.first_day)).label("filed"),
    ).group_by(filings.c.relation, filings.c.product, filings.c.sub_number, kind)
    if numbers is not None:
        filed = filed.where(among_given(filings.c.relation, numbers))
    of = filed.subquery("filed")
    taken = relation_products.c
    query = (
        select(
            *(taken.relation, taken.product, taken.sub_number, taken.frequency, taken.since, taken.until),
            *(relations.c.status, recurrences.c.next_period, of.c.first, of.c.last, of.c.filed),
        )
        .select_from(relation_products)
        .join(relations, relations.c.number == taken.relation)
        .outerjoin(
            recurrences,
            (recurrences.c.relation == taken.relation)
            & (recurrences.c.product == taken.product)
            & (recurrences.c.sub_number == taken.sub_number)
            & (recurrences.c.status == "running")
            & ~recurrences.c.once,
        )
        .outerjoin(
            of,
            (of.c.relation == taken.relation)
            & (of.c.product == taken.product)
            & (of.c.sub_number == taken.sub_number)
            & (of.c.kind == taken.frequency),
        )
    )
    return query if numbers is None else query.where(among_given(taken.relation, numbers))


_ALL = _select_rows()
_SOME = _select_rows("numbers")
