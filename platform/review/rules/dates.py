"""Dates: how a change of one is said, with the days of the coming year."""

from typing import Any

from ...plan import Deadline, DueChoice, Escalate
from ..calendar import Day, alone, say_day, say_first, say_shift
from ..comparing import Two
from ..saying import MOVES, name, quote, say_condition, say_rule, say_rules
from .base import Say, Told, choose, fill, holds_alike


def find_days(told: Told) -> tuple[Day, ...]:
    """Return the days that a change of a date moves, in the periods of the coming year where it does."""
    calendar = told.calendar
    if calendar is None:
        return ()
    deadlines = _find_deadlines(told)
    choices = told.find_two(DueChoice)
    field = told.difference.field
    if deadlines and choices:
        sides = [
            alone(deadline, next(n for n, one in enumerate(deadline.due) if one is choice))
            if deadline and any(one is choice for one in deadline.due)
            else None
            for deadline, choice in zip(deadlines, choices, strict=True)
        ]
        return calendar.list_last_days(Two(*sides))
    if deadlines and field == "earliest":
        return calendar.list_first_days(deadlines)
    if deadlines:
        return calendar.list_last_days(deadlines)
    return calendar.list_days(_as_rule(told.before), _as_rule(told.after))


def _find_deadlines(told: Told) -> Two | None:
    """Return the deadline around a difference in each plan; None in the plan that has it not, or not yet."""
    two = told.find_two(Deadline)
    if two is None:
        return None
    sides = (
        deadline if any(deadline is one for one in plan.deadlines) else None
        for plan, deadline in zip(told.roots, two, strict=True)
    )
    return Two(*sides)


def _as_rule(value: Any) -> Any:
    return value if hasattr(value, "anchor") else None


def move(lead: str, verb: str = "falls", gone: str = "") -> Say:
    """Return what says that a date moves: '‘Controle’ is due 3 days earlier: 28 becomes 25 January 2027'.

    `lead` is what has the date, `verb` what it does then. `gone` is said where it has no date any more.
    """

    def say(told: Told) -> str:
        days = find_days(told)
        what, does = fill(lead, told), fill(verb, told)
        if told.kind == "added":
            return f"{what} {_with(does, 'now')} {say_rule(told.roots.after, told.after)}{_say_only(days)}"
        if told.kind == "removed":
            words = say_rule(told.roots.before, told.before)
            left = fill(gone, told).replace("until on ", "until ")
            return left if gone else f"{what} {_with(does, 'no longer')} {words}{_say_only(days)}"
        old, new = say_rule(told.roots.before, told.before), say_rule(told.roots.after, told.after)
        return f"{what} {does} {say_move(days, old, new)}"

    return say


def _with(verb: str, word: str) -> str:
    """Return a verb with a word of time where English has it."""
    return f"is {word} {verb[3:]}" if verb.startswith("is ") else f"{word} {verb}"


def say_move(days: tuple[Day, ...], old: str, new: str) -> str:
    """Return how a date moves, with both rules in words."""
    shift, first = say_shift(days), say_first(days)
    rules = say_rules(old, new)
    if shift:
        return f"{shift}: {first}; {rules}"
    known = [one.period for one in days if one.before and one.after]
    if not known:
        return rules
    every = 1 < len(known) == len(days)
    where = "in every period of the coming year" if every else f"for {known[0]}"
    return f"{rules}, which is the same day {where}"


def _say_only(days: tuple[Day, ...]) -> str:
    day = next((one.before or one.after for one in days), None)
    return f", such as {say_day(day)}" if day else ""


def say_due_choice(told: Told) -> str:
    """Say the last day of an alternative that was added, removed or moved."""
    title = quote(told.find(Deadline).title)
    if told.kind == "moved":
        return _say_reordered(told, title)
    choice: DueChoice = told.item
    when = (
        f"when {quote(say_condition(told.root, choice.condition))}"
        if choice.condition
        else "when nothing else holds"
    )
    verb = "now also" if told.kind == "added" else "no longer"
    return f"The deadline {title} {verb} falls {say_rule(told.root, choice.rule)} {when}"


def _say_reordered(told: Told, title: str) -> str:
    said = f"The alternatives of the deadline {title} are tried in another order, so another may hold first"
    deadlines = told.find_two(Deadline)
    found = told.calendar.find_reordered_day(deadlines) if told.calendar and deadlines else None
    if not found:
        return said
    whom, day = found
    when = f"when {quote(say_condition(told.root, whom))} it falls" if whom else "it falls"
    shift, first = say_shift((day,)), say_first((day,))
    return f"{said}; {when} {shift}: {first}" if shift else f"{said}; {when} on another day"


def say_due_condition(told: Told) -> str:
    """Say for whom an alternative is the last day; of the same written in another way that it is the same."""
    choice, title = told.find(DueChoice), quote(told.find(Deadline).title)
    lead = f"The deadline {title} falls {say_rule(told.root, choice.rule)}"
    old, new = told.before, told.after
    if old is None or new is None:
        return (
            f"{lead} now only when {told.new}" if old is None else f"{lead} always, not only when {told.old}"
        )
    same = ", which holds for the same clients" if holds_alike(told) else ""
    return f"{lead} when {told.new} instead of when {told.old}{same}"


def say_due_rule(told: Told) -> str:
    """Say how the last day of an alternative moves."""
    title = quote(told.find(Deadline).title)
    choice = told.find(DueChoice)
    when = f", when {quote(say_condition(told.root, choice.condition))}," if choice.condition else ""
    return move(f"The deadline {_plain(title)}{_plain(when)}")(told)


def say_escalation(told: Told) -> str:
    """Say when somebody else is brought in."""
    escalate: Escalate = told.find(Escalate)
    two = told.find_two(Escalate)
    same = two is None or two.before.role == two.after.role  # else it is told of itself who it is
    role = name(told.root, "roles", escalate.role) if same else "Somebody"
    return move(f"{_plain(role)}", f"is brought in on {_plain(told.about)}")(told)


def _plain(text: str) -> str:
    """Return a text as part of a sentence that is filled in."""
    return text.replace("{", "{{").replace("}", "}}")


def say_moves(lead: str) -> Say:
    """Return what says how a weekend or holiday moves a day, with the first day for which that matters."""
    said = choose(lead, MOVES, verbs=True)

    def say(told: Told) -> str:
        first = say_first(find_days(told)) if told.kind == "changed" else ""
        return f"{said(told)}{f': {first}' if first else ''}"

    return say
