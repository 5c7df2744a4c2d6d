"""Periods of agreed products that nothing covers: no filing, no planned start, and why not (R64)."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select

from ...days import apply_date_rule
from ...period import LOOSE, Period, PeriodKind, in_words
from ...plan import DateRule, Office, Plan
from ...words import RELATION_STATUS_WORDS
from ..alarms import NOT_BEGUN
from ..calendars import calendars
from ..database.columns import OfficeTime, among_numbers
from ..database.questions import Question, ask_at_once
from ..database.tables import (
    BEGINNING,
    RECURRENCE_ID,
    alarms,
    filings,
    recurrences,
    relation_changes,
    relation_products,
    relations,
)
from ..plans import InForce, PublishedPlan, active_office, active_plans, plans_in_force
from ..relations.relation import SELECT_PRODUCTS, WORKED_FOR, RelationProduct, read_product
from .doubtful import find_doubtful

_NOTHING_STARTS = "Er is geen opdracht en geen herhaling."
_NOT_BEGUN = "De opdracht is gepland, maar begint niet."
_RECURRENCE_NOT_BEGUN = "De herhaling is gepland, maar begint niet."
_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)


class Uncovered(NamedTuple):
    """A period whose start has come: `start` is the day on which its filing should have started."""

    relation: str
    relation_name: str
    sub_number: str
    plan: Plan
    period: Period
    start: date
    why: str


class _Stretch(NamedTuple):
    """Days that something covers."""

    first: date
    last: date


class _Filed(NamedTuple):
    """The days of a product's filings: of those that began or will, and of those that do not begin."""

    begun: set[_Stretch]
    not_begun: set[_Stretch]


class _Starts(NamedTuple):
    """What starts by itself for a relation's product."""

    next: Period
    start: date
    once: bool
    status: str
    problem: str
    not_begun: bool

    def plans(self, period: Period, on: date) -> bool:
        """Say whether a period is to be started, now or later; not one that waits for the start before it.

        The period should have started by a day, its own `on` or before that. What does not begin is planned
        for its own day all the same, until that has come.
        """
        if self.status != "running":
            return False
        if self.not_begun:
            return period == self.next and self.start > on
        return period == self.next or (not self.once and period.start > self.next.start and self.start <= on)

    def say_why(self, period: Period) -> str:
        """Say in Dutch why a period is not to be started; a single start is about its own period alone."""
        if self.once and period != self.next:
            return _NOTHING_STARTS
        if self.not_begun:
            return _NOT_BEGUN if self.once else _RECURRENCE_NOT_BEGUN
        if self.status == "running" and period.start > self.next.start and not self.once:
            return f"De herhaling wacht: {self.next.words} start pas op {in_words(self.start)}."
        planned = "geplande start" if self.once else "herhaling"
        if self.status == "paused":
            return f"De {planned} is gepauzeerd."
        if self.status == "stopped":
            return f"De {planned} is {'geannuleerd' if self.once else 'gestopt'}. {self.problem}".strip()
        return f"De herhaling gaat verder met {self.next.words}."


_NOTHING = _Filed(set(), set())
_Key = tuple[str, str, str]
"""Relation, product and sub-number."""


def find_uncovered(
    connection: Connection, on: date, numbers: Collection[str] | None = None
) -> list[Uncovered]:
    """Return the periods of products that relations take (all, or those given) which nothing covers.

    Only those whose start has come by the plan. A filing that was cancelled covers its period: whoever did
    so gave a reason. What was planned and does not begin covers nothing. Where nobody wrote down since
    when a product is taken, it counts from its first filing or planned start, else from the day on which it
    was agreed here. A prospect takes nothing yet.
    """
    office, plans = active_office(connection), plans_by_product(connection)
    if office is None or not plans:
        return []
    in_force = plans_in_force(connection)
    on_pilot = {one for one in in_force.on_pilot if numbers is None or one in numbers}
    doubtful = sorted({*find_doubtful(connection, plans, on, numbers), *on_pilot})
    return look_at(connection, on, office, in_force, doubtful) if doubtful else []


def look_at(
    connection: Connection,
    on: date,
    office: Office,
    in_force: InForce,
    numbers: Collection[str],
) -> list[Uncovered]:
    """Return the uncovered periods of these relations, each of them looked at, by its own plans."""
    everyones = _sort_by_product(in_force.everyone)
    theirs = {one: _sort_by_product(in_force.list_for(one)) for one in in_force.on_pilot}
    questions = (_TAKEN, _COVERED, _STARTING, _WRITTEN)
    taken, covered, starts, written = ask_at_once(connection, *questions, numbers=list(numbers))
    due = _DuePeriods(office, on, taken, covered)
    found: list[Uncovered] = []
    for product, name, status in taken:
        plan = theirs.get(product.relation, everyones).get(product.product)
        if plan is None or status == "prospect" or plan.period not in ("by_product", product.frequency):
            continue
        if product.frequency in LOOSE:
            continue
        key = _key_of(product)
        filed, row = covered.get(key, _NOTHING), starts.get(key)
        stretches = filed.begun | filed.not_begun
        for period, start in due.periods(
            plan,
            product,
            _since(product, stretches, row, min(on, written.get(key, on))),
            _find_first(product, stretches, row),
        ):
            if not (_is_covered(period, filed.begun) or (row and row.plans(period, on))):
                waits = _Stretch(period.start, period.end) in filed.not_begun
                why = _NOT_BEGUN if waits else _say_why(status, row, period)
                day = row.start if row and row.not_begun and period == row.next else start
                found.append(Uncovered(key[0], name, key[2], plan, period, day, why))
    return found


class _DuePeriods:
    """The periods whose start has come, from the first day that anything is known of: one list for all."""

    def __init__(
        self,
        office: Office,
        on: date,
        taken: Iterable[tuple[RelationProduct, str, str]],
        covered: Mapping[_Key, _Filed],
    ) -> None:
        known = [one.since for one, _, _ in taken if one.since]
        filed = (stretch.first for one in covered.values() for some in one for stretch in some)
        self._first = min([*known, *(day for day in filed if day > BEGINNING), on - _YEAR])
        self._on = on
        self._closed = calendars(office.closing_days, self._first - _YEAR, on + _YEAR).office
        self._known: dict[tuple[DateRule, PeriodKind, int], list[tuple[Period, date]]] = {}

    def periods(
        self, plan: Plan, product: RelationProduct, since: date, begun: date | None
    ) -> Iterator[tuple[Period, date]]:
        """Yield the periods of a stretch since a day, with the day on which each should have started.

        `begun` is a day on which a book year began.
        """
        key = (plan.created, product.frequency, begun.month if begun else 1)
        if key not in self._known:
            self._known[key] = [*self._find(plan, product.frequency, begun)]
        known = self._known[key]
        for period, start in known[bisect_left(known, since, key=lambda one: one[0].start) :]:
            if product.until is not None and period.start > product.until:
                return
            yield period, start

    def _find(self, plan: Plan, kind: PeriodKind, begun: date | None) -> Iterator[tuple[Period, date]]:
        period = Period.holding(kind, self._first, begun)
        while period.start <= self._on + _YEAR:
            anchor = period.start if plan.created.anchor == "period.start" else period.end
            start = apply_date_rule(plan.created, anchor, self._closed)
            if start <= self._on:
                yield period, start
            period = period.next()


def plans_by_product(connection: Connection) -> dict[str, Plan]:
    """Return the plan by which each product is done for everyone who is in no pilot."""
    return _sort_by_product(active_plans(connection))


def _sort_by_product(published: Iterable[PublishedPlan]) -> dict[str, Plan]:
    """Return the plan that each product is done by; one that is started by hand where there is no other."""
    plans = sorted(
        (one.plan for one in published),
        key=lambda plan: (plan.start == "by_hand", plan.template),
        reverse=True,
    )
    return {product: plan for plan in plans for product in plan.products}


def _read_taken(rows: Iterable[Any]) -> list[tuple[RelationProduct, str, str]]:
    """Return what relations take, with their name and status."""
    found = [(read_product(taken), name, status) for *taken, name, status in rows]
    return sorted(found, key=lambda one: (*_key_of(one[0]), one[0].days.first))


def _key_of(product: RelationProduct) -> _Key:
    return product.relation, product.product, product.sub_number


def _read_covered(rows: Iterable[Any]) -> dict[_Key, _Filed]:
    found: dict[_Key, _Filed] = {}
    for relation, product, sub_number, first, last, alarmed in rows:
        filed = found.setdefault((relation, product, sub_number), _Filed(set(), set()))
        (filed.not_begun if alarmed else filed.begun).add(_Stretch(first, last))
    return found


def _read_starts(rows: Iterable[Any]) -> dict[_Key, _Starts]:
    """Return what starts by itself; of several templates for one product the one that runs."""
    in_order = sorted(rows, key=lambda row: (row.status == "running", row.template))
    return {
        (row.relation, row.product, row.sub_number): _Starts(
            Period.parse(row.next_period), row.next_start, row.once, row.status, row.problem, row.alarmed
        )
        for row in in_order
    }


def _read_written(rows: Iterable[Any]) -> dict[_Key, date]:
    """Return by product since which nobody said the day on which it was written down."""
    found: dict[_Key, date] = {}
    for relation, subject, at in rows:
        product, sub_number, _ = subject.rsplit("/", 2)
        found[relation, product, sub_number] = at.date()
    return found


def _since(
    product: RelationProduct, stretches: Collection[_Stretch], row: _Starts | None, written: date
) -> date:
    if product.since is not None:
        return product.since
    known = [stretch.first for stretch in stretches] + ([row.next.start] if row else [])
    return min(known, default=Period.holding(product.frequency, written).start)


def _find_first(
    product: RelationProduct, stretches: Collection[_Stretch], row: _Starts | None
) -> date | None:
    """Return a day on which a book year begins: of what starts next, else after the last filing."""
    if product.frequency != "book_year":
        return None
    if row and row.next.kind == "book_year":
        return row.next.start
    return max((last + _DAY for _, last in stretches), default=product.since)


def _is_covered(period: Period, stretches: Collection[_Stretch]) -> bool:
    """Say whether stretches leave no day of a period out."""
    if _Stretch(period.start, period.end) in stretches:
        return True
    day = period.start
    for first, last in sorted(stretches):
        if first <= day <= last:
            day = last + _DAY
    return day > period.end


def _say_why(status: str, row: _Starts | None, period: Period) -> str:
    if status not in WORKED_FOR:
        word = RELATION_STATUS_WORDS[status]
        return f"De relatie is {word}. Beëindig het product of start alsnog."
    return row.say_why(period) if row else _NOTHING_STARTS


_TAKEN = Question(
    SELECT_PRODUCTS.add_columns(relations.c.name, relations.c.status)
    .join(relations, relations.c.number == relation_products.c.relation)
    .where(among_numbers(relation_products.c.relation)),
    _read_taken,
    "numbers",
)
_COVERED = Question(
    select(
        *(filings.c.relation, filings.c.product, filings.c.sub_number),
        *(filings.c.first_day, filings.c.last_day),
        filings.c.id.in_(select(alarms.c.filing).where(alarms.c.kind == NOT_BEGUN)),
    ).where(among_numbers(filings.c.relation)),
    _read_covered,
    "numbers",
)
_WRITTEN = Question(
    select(
        relation_changes.c.relation,
        relation_changes.c.subject,
        func.min(relation_changes.c.at, type_=OfficeTime).label("at"),
    )
    .where(
        among_numbers(relation_changes.c.relation),
        relation_changes.c.kind == relation_products.name,
        relation_changes.c.subject.endswith(f"/{BEGINNING.isoformat()}"),
    )
    .group_by(relation_changes.c.relation, relation_changes.c.subject),
    _read_written,
    "numbers",
)
_not_begun = ~recurrences.c.begun & RECURRENCE_ID.in_(
    select(alarms.c.filing).where(alarms.c.kind == NOT_BEGUN)
)
_STARTING = Question(
    select(
        *(recurrences.c.relation, recurrences.c.template, recurrences.c.product, recurrences.c.sub_number),
        *(
            recurrences.c.next_period,
            recurrences.c.next_start,
            recurrences.c.once,
            recurrences.c.status,
            recurrences.c.problem,
            _not_begun.label("alarmed"),
        ),
    ).where(among_numbers(recurrences.c.relation)),
    _read_starts,
    "numbers",
)
