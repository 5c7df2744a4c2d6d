"""Whether a start is one that somebody can have meant, by the template's own rules.

A year that was typed wrongly starts work that nobody sees again, or plans it for decades. What is unusual but
meant is done all the same when that is said.
"""

from datetime import date, timedelta
from typing import Literal, NamedTuple

from ...days import apply_date_rule
from ...filing.outcome import Refusal, gather_refusals
from ...filing.rules import Rules
from ...filing.state import Origin
from ...period import LOOSE, Period, in_words
from ...plan import Plan
from ..far_days import refuse_far_day

_YEAR = timedelta(days=366)


def refuse_unusual(plan: Plan, period: Period, start: date | None, today: date) -> Refusal | None:
    """Return why a period or a start date is outside what the template's rules make likely, or None.

    A period is at most one ahead of the day on which it starts. It starts from the day of its own rule on, at
    most a year from now.
    """
    begins = min(max(start or today, today), today + _YEAR)
    ahead = f"{period.words.capitalize()} ligt meer dan één periode vooruit."
    far = refuse_far_start(start, today)
    follows = far and period.kind == "none"  # such a period is the day itself
    return gather_refusals(
        far or _refuse_early(plan, period, start, today),
        not follows and period.start > _furthest(period, begins) and _refuse(ahead, "period"),
    )


def refuse_far_start(start: date | None, today: date) -> Refusal | None:
    """Return why a start date is more than a year off, or None: so of every template and period."""
    far = refuse_far_day(start, today)
    return far and _refuse(far.text, "start_date")


def _refuse_early(plan: Plan, period: Period, start: date | None, today: date) -> Refusal | None:
    first = find_created(plan, period) or period.start
    if start is None or start == today or start >= first:
        return None
    when = "nu" if start < today else "eerder"
    text = (
        f"Deze opdracht start normaal niet vóór {in_words(first)}; met de startdatum {in_words(start)} start "
        f"die {when}."
    )
    return _refuse(text, "start_date")


class Late(NamedTuple):
    """A start that comes too late, with the last day that its filing would have."""

    last: date
    refusal: Refusal


def may_be_late(period: Period, start: date | None, today: date) -> bool:
    """Say whether `find_late` may find something, whatever the rules of the filing are."""
    return _is_late(period.end, start, today)


def find_late(plan: Plan, origin: Origin, start: date | None, today: date) -> Late | None:
    """Return why the last deadline of what would start with this makes its period or start date unlikely.

    It was missed by less than a year, and the start is before it. A deadline that counts from the start says
    nothing of it.
    """
    rules, period = Rules(plan, origin), origin.period
    bound = [
        deadline.id
        for deadline in rules.deadlines()
        if next(one for one in deadline.due if rules.holds(one.condition)).rule.anchor != "filing.start"
    ]
    last = max((period.end, *(day for name in bound if (day := rules.deadline_day(name)))))
    if not _is_late(last, start, today):
        return None
    field: Literal["start_date", "period"] = "start_date"
    text = (
        f"De startdatum {in_words(start)} ligt na de termijn van {period.words}: {in_words(last)}."
        if start
        else ""
    )
    if last + _YEAR < today:
        field = "period"
        text = f"De termijn van {period.words} was {in_words(last)}, meer dan een jaar geleden."
    return Late(last, _refuse(text, field))


def _is_late(last: date, start: date | None, today: date) -> bool:
    return last + _YEAR < today or bool(start and start > last)


def _refuse(text: str, field: Literal["start_date", "period"]) -> Refusal:
    return Refusal(code="unusual", text=text, field=field)


def _furthest(period: Period, begins: date) -> date:
    """Return the last day on which a period of its kind begins that is at most one ahead of a day."""
    if period.kind in LOOSE:
        return begins + _YEAR
    return Period.holding(period.kind, begins, period.start).next().end


def find_created(plan: Plan, period: Period) -> date | None:
    """Return the day on which a plan creates a filing over a period, None where it hangs on the start."""
    rule = plan.created
    anchor = {
        "period.start": period.start,
        "period.end": period.end,
        "period.year_end": date(period.end.year, 12, 31),
    }.get(rule.anchor)
    return anchor and apply_date_rule(rule, anchor, ())
