"""Dates, conditions, people and names of a plan in English words, for who reviews a change."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ..context import VARIABLES
from ..data import Scalar, Struct, replace
from ..plan import (
    Absolute,
    Compare,
    DateRule,
    Expression,
    ListOf,
    LiteralValue,
    Logic,
    Name,
    Office,
    Plan,
    To,
)

PERIODS = {
    "by_product": "the period agreed with the client",
    "month": "a month",
    "quarter": "a quarter",
    "half_year": "half a year",
    "year": "a year",
    "four_weeks": "four weeks",
    "book_year": "a book year",
    "range": "a range of days",
    "none": "no period",
}
MOVES = {
    "never": "stays on its day, also when that is a weekend or holiday|stayed on its day",
    "next_workday": "moves to the next working day|moved to the next working day",
    "previous_workday": "moves to the last working day before it|moved to the last working day before it",
}
WAYS = {"approval": "for approval", "signature": "for signature", "information": "for information only"}
_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "in": "in"}
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}


def quote(text: object) -> str:
    """Return a title or id between quotes, on one line."""
    return f"‘{' '.join(str(text).split())}’"


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 day, 3 days, none."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def join(words: Iterable[str], last: str = "and") -> str:
    """Return words as a sentence lists them."""
    listed = list(words)
    if len(listed) < 2:
        return "".join(listed)
    return f"{', '.join(listed[:-1])} {last} {listed[-1]}"


def name(plan: Plan | Office, kind: str, item: str | None) -> str:
    """Return the title of an item of a list of the plan, quoted; its id where it has none."""
    for one in getattr(plan, kind, ()):
        if getattr(one, "id", None) == item:
            return quote(one.title)
    return quote(item)


# --- people -----------------------------------------------------------------------------------------------


def say_to(plan: Plan | Office, to: To) -> str:
    """Return whom something is for: the primary contact, whoever is directeur, the role ‘Fiscaal’."""
    if to.kind == "role":
        return name(plan, "roles", to.name)
    if to.kind == "function":
        who = f"those who are {quote(to.name)} at the client"
        ways = {
            "one": f"one of {who}",
            "all": f"all {who}, together",
            "each": f"each of {who}, for their own",
        }
        return ways[to.decide]
    return "the client’s primary contact"


# --- dates ------------------------------------------------------------------------------------------------


def say_rule(plan: Plan | Office, rule: DateRule) -> str:
    """Return when a rule says: 12 working days before ‘Indienen en betalen’."""
    anchor = _say_anchor(plan, rule.anchor)
    text = ""
    if rule.day is not None:
        text = f"on {_say_day(rule.day)} of {_say_month(rule, anchor)}"
    elif rule.months:
        text = _count_from(rule.months, "month", anchor)
    counts = ((rule.weeks, "week"), (rule.days, "day"), (rule.workdays, "working day"))
    for number, noun in counts:
        if not number:
            continue
        if text:
            text += f" and then {count(abs(number), noun)} {'later' if number > 0 else 'earlier'}"
        else:
            text = _count_from(number, noun, anchor)
    return text or f"on the day of {anchor}"


def say_moment(plan: Plan | Office, at: DateRule | str) -> str:
    """Return when something happens by itself: when its phase is entered, or by a rule."""
    return f"when the phase is {at}" if isinstance(at, str) else say_rule(plan, at)


def say_rules(old: str, new: str) -> str:
    """Return two rules in words as new instead of old, what they have in common once."""
    mine, theirs = _COUNTED.fullmatch(old), _COUNTED.fullmatch(new)
    if mine and theirs and (mine[2], mine[3]) == (theirs[2], theirs[3]):
        return f"{theirs[1]} instead of {mine[1]} {mine[2]}s {mine[3]}"
    lead, rest = old.partition(" of the month")[::2]
    other, tail = new.partition(" of the month")[::2]
    if rest and rest == tail:
        return f"{other} instead of {lead} of the month{rest}"
    return f"{new} instead of {old}"


_COUNTED = re.compile(r"(\d+) (month|week|day|working day)s? (.*)")


def _say_day(day: object) -> str:
    if day == "last":
        return "the last day"
    return f"the {day}{_ORDINALS.get(day if isinstance(day, int) else 0, 'th')}"


def _say_month(rule: DateRule, anchor: str) -> str:
    if rule.months == 1 and rule.anchor == "period.end":
        return "the month after the period"
    if not rule.months:
        return f"the month of {anchor}"
    return f"the month that is {_count_from(rule.months, 'month', anchor)}"


def _count_from(number: int, noun: str, anchor: str) -> str:
    return f"{count(abs(number), noun)} {'after' if number > 0 else 'before'} {anchor}"


def _say_anchor(plan: Plan | Office, anchor: str) -> str:
    group, _, item = anchor.partition(".")
    match group, item:
        case "period", "year_end":
            return "the end of the calendar year"
        case "period", point:
            return f"the {point} of the period"
        case "filing", _:
            return "the start of the filing"
        case "deadlines", _:
            return f"the deadline {name(plan, 'deadlines', item)}"
        case "facts", _:
            return f"the recorded {name(plan, 'facts', item)}"
        case "targets", _:
            return f"the target date of {name(plan, 'phases', item)}"
        case _:
            return f"the end of {name(plan, 'phases', item)}"


# --- conditions -------------------------------------------------------------------------------------------


def say_condition(plan: Plan | Office, part: Expression) -> str:
    """Return a condition as the language writes it: recorded amounts in euros, answered ones in cents."""
    return _write(_put_in_euros(plan, part))


def _put_in_euros(plan: Plan | Office, part: Expression) -> Any:
    """Return a condition with what a recorded amount is compared with in euros; a plan has it in cents."""
    match part:
        case Logic(of=of):
            return replace(part, of=tuple(_put_in_euros(plan, one) for one in of))
        case Compare(left=left, right=right) if _is_money(plan, left):
            return replace(part, right=_divide(right))
        case Compare(left=left, right=right) if _is_money(plan, right):
            return replace(part, left=_divide(left))
    return part


def _is_money(plan: Plan | Office, part: Expression) -> bool:
    while isinstance(part, Absolute):
        part = part.of
    if not isinstance(part, Name):
        return False
    group, last = part.path[0], part.path[-1]
    amounts = (one.id for one in getattr(plan, "facts", ()) if one.type == "money")
    return group == "facts" and last in amounts  # an amount that is answered is written in cents


def _divide(part: Expression) -> Any:
    match part:
        case LiteralValue(value=int() as cents) if not isinstance(cents, bool) and cents % 100 == 0:
            return LiteralValue(value=cents // 100)
        case ListOf(items=items):
            return ListOf(items=tuple(map(_divide, items)))
    return part


def _write(part: Expression) -> str:
    match part:
        case Logic(by="not", of=(inner,)):
            return f"not {_inner(inner)}"
        case Logic(by=by, of=of):
            return f" {by} ".join(map(_inner, of))
        case Compare(by=by, left=left, right=right):
            return f"{_inner(left)} {_SIGNS[by]} {_inner(right)}"
        case Name(path=path):
            return ".".join(path)
        case LiteralValue(value=value):
            return _say_literal(value)
        case ListOf(items=items):
            return f"[{', '.join(map(_write, items))}]"
        case Absolute(of=of):
            return f"{_inner(of)}|abs"


def _inner(part: Expression) -> str:
    said = _write(part)
    return f"({said})" if isinstance(part, Logic | Compare) else said


def _say_literal(value: Scalar) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
    return f"'{value}'"


# --- what a value is --------------------------------------------------------------------------------------


def show(plan: Plan | Office, value: Any, kind: str | None = None) -> str:
    """Return a value as a sentence has it; `kind` is the list of the plan that its ids are of."""
    match value:
        case None:
            return "nothing"
        case bool():
            return "yes" if value else "no"
        case DateRule():
            return say_rule(plan, value)
        case To():
            return say_to(plan, value)
        case tuple():
            return join(show(plan, item, kind) for item in value) or "nothing"
        case str() if kind:
            return name(plan, kind, value)
        case int():
            return str(value)
        case str():
            return quote(value)
    if isinstance(value, Expression.__args__):  # type: ignore[attr-defined]
        return f"{quote(say_condition(plan, value))}{_explain(plan, value)}"
    title = getattr(value, "title", None) or getattr(value, "id", None)
    return quote(title) if title else "; ".join(_list_fields(plan, value))


def _explain(plan: Plan | Office, condition: Expression) -> str:
    """Return what the names of a condition mean, in brackets."""
    known = {path: _find_meaning(plan, path) for path in dict.fromkeys(list_names(condition))}
    said = [f"{'.'.join(path)}: {meaning}" for path, meaning in known.items() if meaning]
    return f" ({'; '.join(said)})" if said else ""


def _find_meaning(plan: Plan | Office, path: tuple[str, ...]) -> str:
    group, last = path[0], path[-1]
    if group == "facts":
        return next((quote(one.title) for one in getattr(plan, "facts", ()) if one.id == last), "")
    if group == "answers":
        fields = (field for form in getattr(plan, "forms", ()) for field in form.fields)
        return next((quote(one.title) for one in fields if one.id == last), "")
    variable = VARIABLES.get(group, {}).get(last)
    return variable.meaning if variable else ""


def list_names(part: object) -> Iterator[tuple[str, ...]]:
    """Yield the paths of the variables that a condition names."""
    if isinstance(part, Name):
        yield part.path
    elif isinstance(part, Struct):
        for field in part.__struct_fields__:
            yield from list_names(getattr(part, field))
    elif isinstance(part, tuple):
        for item in part:
            yield from list_names(item)


def _list_fields(plan: Plan | Office, value: Any) -> Iterator[str]:
    for field in getattr(value, "__struct_fields__", ()):
        inside = getattr(value, field)
        if inside not in (None, ()):
            yield f"{field.replace('_', ' ')} {show(plan, inside)}"
    if not hasattr(value, "__struct_fields__"):
        yield str(value)
