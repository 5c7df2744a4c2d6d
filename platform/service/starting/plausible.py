"""Whether a start is one that somebody can have meant, by the template's own rules.

A year that was typed wrongly starts work that nobody sees again, or plans it for decades. What is unusual but
meant is done all the same when that is said.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from ...days import apply_date_rule
from ...filing.outcome import Refusal
from ...period import LOOSE, Period, in_words
from ...plan import DateRule, Plan

_YEAR = timedelta(days=366)


def refuse_unusual(plan: Plan, period: Period, start: date | None, today: date) -> Refusal | None:
    """Return why a period or a start date is outside what the template's rules make likely, or None.

    A period is at most one ahead of the day on which it starts, and its last deadline was missed by less than
    a year. It starts from the day of its own rule on, at most a year from now, and before that deadline.
    """
    first = min(_day(plan.created, period) or period.start, today)
    last = max((*_deadlines(plan, period), period.end))
    begins = min(max(start or today, today), today + _YEAR)
    text = ""
    if start and start < first:
        text = f"Deze opdracht kan op zijn vroegst op {in_words(first)} starten."
    elif period.start > _furthest(period, begins):
        text = f"{period.words.capitalize()} ligt meer dan één periode vooruit."
    elif last + _YEAR < today:
        text = f"De termijn van {period.words} was {in_words(last)}, meer dan een jaar geleden."
    elif start and start > last:
        text = f"De startdatum {in_words(start)} ligt na de termijn van {period.words}: {in_words(last)}."
    return Refusal(code="unusual", text=text) if text else None


def _furthest(period: Period, begins: date) -> date:
    """Return the last day on which a period of its kind begins that is at most one ahead of a day."""
    if period.kind in LOOSE:
        return begins + _YEAR
    return Period.holding(period.kind, begins, period.start).next().end


def _deadlines(plan: Plan, period: Period) -> Iterator[date]:
    """Yield each day that a deadline can have, as far as the period alone decides it."""
    for deadline in plan.deadlines:
        latest = _day(deadline.latest, period) if deadline.latest else None
        for choice in deadline.due:
            day = min((day for day in (_day(choice.rule, period), latest) if day), default=None)
            if day is not None:
                yield day


def _day(rule: DateRule, period: Period) -> date | None:
    anchor = {
        "period.start": period.start,
        "period.end": period.end,
        "period.year_end": date(period.end.year, 12, 31),
    }.get(rule.anchor)
    return anchor and apply_date_rule(rule, anchor, ())
