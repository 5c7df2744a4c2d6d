"""Date rules, evaluated from plan, period and calendars; nothing computed is stored.

Statutory deadlines count on the law's calendar, targets and waits on the office's (DESIGN 3).
"""

from datetime import date, datetime, time

from ..days import counted, moved
from ..plan import DateRule, Deadline, Plan
from .conditions import holds, values_of
from .state import Origin


def deadline_day(plan: Plan, origin: Origin, deadline: Deadline) -> date:
    """Return the day of a deadline: the first alternative whose condition holds, moved as it says."""
    values = values_of(plan, origin)
    rule = next(choice.rule for choice in deadline.due if holds(choice.condition, values))
    closed = _deadline_calendar(origin, deadline)
    return moved(counted(rule, _anchor(plan, origin, rule), closed), deadline.moves, closed)


def earliest_day(plan: Plan, origin: Origin, deadline: Deadline) -> date | None:
    """Return the first day on which the authority takes the message, or None when there is no such day."""
    rule = deadline.earliest
    if rule is None:
        return None
    return counted(rule, _anchor(plan, origin, rule), _deadline_calendar(origin, deadline))


def target_day(plan: Plan, origin: Origin, rule: DateRule) -> date:
    """Return the day of a target or wait, on the office's calendar."""
    return counted(rule, _anchor(plan, origin, rule), origin.calendars.office)


def opening(origin: Origin, day: date) -> datetime:
    """Return the moment (office time) at which what waits for `day` happens: the office's opening hour."""
    return datetime.combine(day, time(origin.opening_hour))


def has_come(origin: Origin, day: date | None, now: datetime) -> bool:
    """Say whether a waiting day has come; no day is always there."""
    return day is None or opening(origin, day) <= now


def _deadline_calendar(origin: Origin, deadline: Deadline) -> tuple[date, ...]:
    return origin.calendars.law if deadline.law else origin.calendars.office


def _anchor(plan: Plan, origin: Origin, rule: DateRule) -> date:
    match rule.anchor.split("."):
        case ["period", "start"]:
            return origin.period.start
        case ["period", "end"]:
            return origin.period.end
        case ["filing", "start"]:
            return origin.start_date
        case ["deadlines", name]:
            return deadline_day(plan, origin, plan.deadline(name))
        case _:
            raise ValueError(f"unknown anchor {rule.anchor}")
