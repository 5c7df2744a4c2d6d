"""A date rule and a deadline of a plan in Dutch words."""

from collections.abc import Iterator
from datetime import date

from ..days import apply_date_rule
from ..period import MONTH_NAMES
from ..plan import DateRule, Deadline, Expression, Logic, Plan
from ..words import count_of
from .conditions import say_condition

_SAMPLE_YEARS = (2027, 2028, 2029, 2100)
"""Years with and without 29 February, to see whether a rule gives the same day in every year."""

_PERIOD = {
    "month": "de maand",
    "quarter": "het kwartaal",
    "half_year": "het halfjaar",
    "year": "het jaar",
    "four_weeks": "de vier weken",
    "book_year": "het boekjaar",
    "range": "het tijdvak",
    "none": "de dag van de start",
    "by_product": "de periode",
}

_MOVES = {
    "next_workday": "valt dat niet op een werkdag, dan de eerste werkdag erna",
    "previous_workday": "valt dat niet op een werkdag, dan de laatste werkdag ervoor",
}


def say_rule(plan: Plan, rule: DateRule, known: tuple[Expression, ...] | None = None) -> str:
    """Return when a rule says: '12 werkdagen vóór ‘Indienen en betalen’', '30 april in het jaar erna'.

    Where the phase that it counts from can be skipped, that is said; `known` is what holds where it counts.
    """
    fixed = _find_day_of_year(plan, rule)
    if fixed:
        return fixed
    skipped = ", of nadat die fase is overgeslagen" if _can_be_skipped(plan, rule, known) else ""
    if rule.day is not None or rule.months:
        return _say_month(plan, rule) + skipped
    return _say_count(plan, rule) + skipped


def _can_be_skipped(plan: Plan, rule: DateRule, known: tuple[Expression, ...] | None) -> bool:
    """Say whether a rule counts from a phase that is skipped in some of the filings in which it counts."""
    group, _, name = rule.anchor.partition(".")
    if known is None or group != "phases":
        return False
    return not {*list_parts(plan.phase(name).condition)} <= {*known}


def list_parts(condition: Expression | None) -> tuple[Expression, ...]:
    """Return the conditions all of which hold where this one does."""
    if condition is None:
        return ()
    return condition.of if isinstance(condition, Logic) and condition.by == "and" else (condition,)


def _find_day_of_year(plan: Plan, rule: DateRule) -> str | None:
    """Return the day of the year that a rule always gives, where the period is a year."""
    group, _, point = rule.anchor.partition(".")
    if plan.period != "year" or group != "period" or rule.workdays:
        return None
    month, day = (1, 1) if point == "start" else (12, 31)
    days = [(apply_date_rule(rule, date(year, month, day), ()), year) for year in _SAMPLE_YEARS]
    found = {(on.day, on.month, on.year - year) for on, year in days}
    if len(found) != 1:
        return None
    number, month, later = found.pop()
    return f"{number} {MONTH_NAMES[month - 1]}{_say_years(later)}"


def _say_years(later: int) -> str:
    if later == 0:
        return " van het jaar zelf"
    if abs(later) == 1:
        return " in het jaar erna" if later > 0 else " in het jaar ervoor"
    return f" in het {abs(later)}e jaar {'erna' if later > 0 else 'ervoor'}"


def _say_month(plan: Plan, rule: DateRule) -> str:
    """Return what a rule with months or a day of the month says."""
    group, _, point = rule.anchor.partition(".")
    if rule.day is None:
        text = _count_from(rule.months, "maand", "maanden", _say_anchor(plan, rule.anchor))
    elif group == "period" and point in ("start", "end"):
        text = f"{_say_day(rule.day)} van {_name_month(plan, point, rule.months)}"
    elif rule.months:
        counted = _count_from(rule.months, "maand", "maanden", _say_anchor(plan, rule.anchor))
        text = f"{_say_day(rule.day)} van de maand {counted}"
    else:
        text = f"{_say_day(rule.day)} van de maand van {_say_anchor(plan, rule.anchor)}"
    rest = list(_list_counts(rule))
    return text + "".join(
        f", {'en dan' if count > 0 else 'min'} {count_of(abs(count), one, more)}" for count, one, more in rest
    )


def _name_month(plan: Plan, point: str, months: int) -> str:
    period = _PERIOD[plan.period]
    if months == 0 and plan.period == "month":
        return "de maand zelf"
    if months == 0:
        return f"de {'eerste' if point == 'start' else 'laatste'} maand van {period}"
    after = months > 0
    if (point == "end") != after:
        counted = _count_from(months, "maand", "maanden", f"{_say_point(point)} van {period}")
        return f"de maand {counted}"
    which = "maand" if abs(months) == 1 else f"{abs(months)}e maand"
    if plan.period == "month":
        return f"de {which} {'erna' if after else 'ervoor'}"
    return f"de {which} {'na' if after else 'vóór'} {period}"


def _say_day(day: object) -> str:
    return "de laatste dag" if day == "last" else f"de {day}e"


def _say_count(plan: Plan, rule: DateRule) -> str:
    """Return what a rule says that counts weeks, days or working days."""
    anchor = _say_anchor(plan, rule.anchor)
    counts = list(_list_counts(rule))
    if not counts:
        return f"op {anchor}" if anchor.startswith(("31", "de ", "het ")) else f"op de dag van {anchor}"
    if rule.anchor == "period.end" and (rule.weeks, rule.workdays, rule.days) == (0, 0, 1):
        return f"de eerste dag na {_PERIOD[plan.period]}"
    if rule.anchor == "period.start" and (rule.weeks, rule.workdays, rule.days) == (0, 0, -1):
        return f"de laatste dag vóór {_PERIOD[plan.period]}"
    first, *rest = counts
    text = _count_from(*first, anchor)
    return text + "".join(
        f", en dan {count_of(abs(count), one, more)} {'verder' if count > 0 else 'terug'}"
        for count, one, more in rest
    )


def _list_counts(rule: DateRule) -> Iterator[tuple[int, str, str]]:
    counts = ((rule.weeks, "week", "weken"), (rule.days, "dag", "dagen"))
    yield from (one for one in (*counts, (rule.workdays, "werkdag", "werkdagen")) if one[0])


def _count_from(count: int, one: str, more: str, anchor: str) -> str:
    return f"{count_of(abs(count), one, more)} {'na' if count > 0 else 'vóór'} {anchor}"


def _say_anchor(plan: Plan, anchor: str) -> str:
    group, _, name = anchor.partition(".")
    match group, name:
        case "period", "year_end":
            return "31 december"
        case "period", point:
            return f"{_say_point(point)} van {_PERIOD[plan.period]}"
        case "filing", _:
            return "de start"
        case "deadlines", _:
            return f"‘{plan.deadline(name).title}’"
        case "facts", _:
            return f"‘{next(fact.title for fact in plan.facts if fact.id == name)}’"
        case _:
            return f"‘{plan.phase(name).title}’"


def _say_point(point: str) -> str:
    return "het begin" if point == "start" else "het einde"


def say_due(plan: Plan, deadline: Deadline) -> list[str]:
    """Return the last day of a deadline, an alternative a line: '30 april … als …', and the last 'anders'."""
    lines = []
    for choice in deadline.due:
        for_all = deadline.condition is None and choice.condition is None
        when = say_rule(plan, choice.rule, () if for_all else None)
        if choice.condition is not None:
            lines.append(f"{when}, als {say_condition(plan, choice.condition)}")
        else:
            lines.append(f"anders {when}" if lines else when)
    if deadline.latest:
        lines.append(f"in elk geval uiterlijk {say_rule(plan, deadline.latest)}")
    if deadline.moves in _MOVES:
        lines.append(_MOVES[deadline.moves])
    return lines
