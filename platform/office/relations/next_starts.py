"""The day on which what a relation takes starts next: what it lacks is judged as of that day (R26).

This is the one home of that day. Where something is planned it is that day; else it follows from the plan, of
the first agreed period after the last that was filed; `overviews/uncovered.py` tells of gaps before that. A
start that could have been made before is of today.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection

from ...data import ListLine
from ...period import LOOSE, Period, PeriodKind
from ...plan import ClosingDays, DateRule, Plan
from ...recurrence import Stretch, Terms, find_period_from, start_day
from ..calendars import calendars
from ..plans import InForce
from .demands import Demands, Needs
from .readiness import Missing, find_advice, find_missing
from .relation import Days, RelationProduct, pick_product, stretches_of
from .snapshot import Held, Snapshot, Upcoming, load_snapshot

_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)
_TWO_YEARS = 2 * _YEAR
_NOTHING = Upcoming()


class NextStart(NamedTuple):
    """What starts next: on which day, of which product as agreed, over which period.

    Without a product of whatever the relation takes of the plan on that day; without a period nobody knows
    it yet, since somebody chooses it.
    """

    day: date
    taken: RelationProduct | None = None
    period: Period | None = None


class JudgedStart(ListLine):
    """What a relation lacks for a next start, and what is advised; `title` is the template's.

    `period` is written as in commands; empty where nobody knows it yet.
    """

    template: str
    title: str
    day: date
    sub_number: str = ""
    period: str = ""
    missing: tuple[Missing, ...] = ()
    advice: tuple[Missing, ...] = ()

    @property
    def period_words(self) -> str:
        """Return the period as people say it; empty where nobody knows it yet."""
        return Period.parse(self.period).words if self.period else ""


def judge_next_starts(
    snapshot: Snapshot, demands: Demands, relation: str, today: date
) -> tuple[JudgedStart, ...]:
    """Return what a relation lacks for each next start of a plan, each judged as of its own day.

    There is always one: of a relation that takes nothing of the plan that is told, as of today.
    """
    return tuple(
        JudgedStart(
            template=demands.template,
            title=demands.plan.title,
            day=one.day,
            sub_number=one.taken.sub_number if one.taken else "",
            period=one.period.code if one.period else "",
            missing=find_missing(
                (then := snapshot.as_of(one.day)),
                demands,
                relation,
                one.day,
                one.taken,
                Days(one.period.start, one.period.end) if one.period else None,
            ),
            advice=find_advice(then, demands, relation, one.day, one.taken),
        )
        for one in list_next_starts(snapshot, demands, relation, today)
    )


def find_missing_of(
    connection: Connection,
    in_force: InForce,
    needs: Needs,
    today: date,
    numbers: Collection[str] | None = None,
) -> dict[tuple[str, str], tuple[Missing, ...]]:
    """Return what relations (all, or those given) lack for what starts next, by relation and template."""
    snapshot = load_snapshot(connection, numbers, today, upcoming=True)
    demands = {one.digest: Demands(one.plan, needs) for one in in_force.list_all()}
    return {
        (number, one.template): list_missing(judge_next_starts(snapshot, demands[one.digest], number, today))
        for number in (snapshot.held if numbers is None else numbers)
        for one in in_force.list_for(number)
    }


def list_missing(judged: Sequence[JudgedStart]) -> tuple[Missing, ...]:
    """Return what is missing for any of these starts, each thing once."""
    return tuple(dict.fromkeys(missing for one in judged for missing in one.missing))


def list_advice(judged: Sequence[JudgedStart]) -> tuple[Missing, ...]:
    """Return what is advised for any of these starts, each thing once."""
    return tuple(dict.fromkeys(advice for one in judged for advice in one.advice))


def list_next_starts(
    snapshot: Snapshot, demands: Demands, relation: str, today: date
) -> tuple[NextStart, ...]:
    """Return what of a plan starts next for a relation, one for each product that it takes of it.

    That is what is planned, else the first period after the last one that was filed, or today: a gap before
    it is passed over, and is what `overviews/uncovered.py` tells.
    """
    held = snapshot.held.get(relation)
    if held is None:
        return (NextStart(today),)
    agreed = [one for one in held.products if one.product in demands.products]
    found = dict(_find_starts(snapshot, demands.plan, held, agreed, today))
    return tuple(found.values()) or (NextStart(today),)


def _find_starts(
    snapshot: Snapshot, plan: Plan, held: Held, agreed: Sequence[RelationProduct], today: date
) -> Iterator[tuple[tuple[str, str], NextStart]]:
    """Yield the next starts, each with the product and sub-number that it is about."""
    upcoming = snapshot.upcoming.get(held.relation.number, _NOTHING)
    done = set[tuple[str, str]]()
    for one in upcoming.planned:
        if one.template == plan.template:
            period, day = Period.parse(one.period), max(one.day, today)
            taken = pick_product(agreed, one.sub_number, period.start)
            key = (taken.product, taken.sub_number) if taken else ("", one.sub_number)
            done.add(key)
            # What is not agreed over its period is judged by what is agreed on the day, if anything.
            yield key, NextStart(day, *((taken, period) if taken and taken.covers(period) else ()))
    for key in dict.fromkeys((one.product, one.sub_number) for one in agreed):
        if key not in done:
            product, sub_number = key
            stretches = stretches_of([one for one in agreed if one.product == product], sub_number)
            filed = upcoming.filed.get((plan.template, sub_number))
            start = _find_by_rule(snapshot, plan, stretches, filed, today)
            if start is not None:
                yield key, start


def _find_by_rule(
    snapshot: Snapshot,
    plan: Plan,
    stretches: Sequence[RelationProduct],
    filed: date | None,
    today: date,
) -> NextStart | None:
    """Return when the first period after what was `filed` starts, by the plan; None where none does."""
    first = stretches[0]
    kind = first.frequency
    follows = plan.start == "at_creation" and kind not in LOOSE and plan.period in ("by_product", kind)
    if follows and snapshot.office is not None:
        begin = filed + _DAY if filed else first.since or Period.holding(kind, today).start
        terms = tuple((one.frequency, one.since, one.until) for one in stretches)
        closing = snapshot.office.closing_days
        found = _find_period(plan.created, closing, terms, begin, filed and begin, today)
        if found is not None:
            period, day = found
            taken = pick_product(stretches, first.sub_number, period.start)
            return NextStart(max(day, today), taken, period)
    on = [one for one in stretches if one.until is None or one.until >= today]
    return NextStart(max(today, on[0].since or today), on[0]) if on else None


@lru_cache(maxsize=4096)
def _find_period(
    created: DateRule,
    closing: ClosingDays,
    agreed: tuple[tuple[PeriodKind, date | None, date | None], ...],
    begin: date,
    begun: date | None,
    today: date,
) -> tuple[Period, date] | None:
    """Return the first agreed period from a day, and the day on which the plan starts it; None where none is.

    Kept: an office asks the same of most of its relations.
    """
    stretches = tuple(Stretch(kind=kind, first=first, last=last) for kind, first, last in agreed)
    closed = calendars(closing, today - _YEAR, today + _TWO_YEARS).office
    terms = Terms.model_construct(created=created, closed=closed, opening_hour=0, stretches=stretches)
    period = find_period_from(terms, begin, begun)
    return None if period is None else (period, start_day(terms, period))
