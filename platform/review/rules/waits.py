"""What a phase waits for."""

from typing import Any

from ...plan import DayAwaited, FilingAwaited, NoticeAwaited, WaitFor
from ..saying import name, quote, say_rule
from .base import PERIODS, WHOSE, Rule, Told, choose, items, say_whose, swap, switch
from .dates import move
from .handing_on import class_of_notice_day, class_of_wait


def _say_one(plan: Any, one: Any) -> str:
    """Return what is waited for."""
    match one:
        case NoticeAwaited():
            return f"the notice {quote(one.notice)}"
        case FilingAwaited():
            phase = f", until {quote(one.phase)} of it is done" if one.phase else ""
            return f"the filing of {quote(one.template)}{say_whose(one.of)} for {PERIODS[one.period]}{phase}"
        case _:
            return f"the day that is {say_rule(plan, one.on)}"


def _say_verb(told: Told) -> str:
    """Return how it goes on by what is new or gone: 'also' only where it went on by something else before."""
    if told.kind == "removed":
        return "no longer goes on by"
    wait = told.find_two(WaitFor)
    assert wait is not None
    if wait.before is wait.after:
        return "goes on by"
    return "now also goes on by" if len(wait.after.awaited) > 1 else "now goes on by"


def __say_one(told: Told) -> str:
    one = told.item
    verb = _say_verb(told)
    more = ""
    if isinstance(one, NoticeAwaited) and one.fact:
        more = f", whose day is recorded as {name(told.root, 'facts', one.fact)}"
    elif isinstance(one, FilingAwaited) and one.optional:
        more = ", where there is one"
    return f"{told.phase} {verb} {_say_one(told.root, one)}{more}"


RULES = (
    Rule(
        WaitFor,
        "awaited",
        class_of_wait("flow"),
        "staff",
        "what is waited for",
        items("wait", " of {phase}", __say_one, __say_one),
    ),
    Rule(
        NoticeAwaited,
        "notice",
        class_of_wait("flow"),
        "staff",
        "which notice is waited for",
        swap(
            "{phase} waits for the notice {new} instead of {old}",
            "It waits for the notice {new}",
            "It waited for the notice {old}",
        ),
    ),
    Rule(
        NoticeAwaited,
        "fact",
        class_of_notice_day,
        "staff",
        "which fact takes the day of the notice",
        swap(
            "In {phase} the day of the notice is recorded as {new} instead of {old}",
            "In {phase} the day of the notice is now recorded as {new}",
            "In {phase} the day of the notice is no longer recorded as {old}",
        ),
    ),
    Rule(
        FilingAwaited,
        "template",
        class_of_wait("flow"),
        "staff",
        "which filing is waited for",
        swap(
            "{phase} waits for the filing of {new} instead of {old}",
            "It waits for the filing of {new}",
            "It waited for the filing of {old}",
        ),
    ),
    Rule(
        FilingAwaited,
        "period",
        class_of_wait("timing"),
        "staff",
        "of which period",
        choose("{phase} waits for the other filing of", PERIODS),
    ),
    Rule(
        FilingAwaited,
        "phase",
        class_of_wait("flow"),
        "staff",
        "how far the other filing has to be",
        swap(
            "{phase} waits until the other filing is past {new} instead of {old}",
            "{phase} now waits only until the other filing is past {new}",
            "{phase} now waits until the other filing has ended, not only until it is past {old}",
        ),
    ),
    Rule(
        FilingAwaited,
        "optional",
        class_of_wait("flow"),
        "staff",
        "whether it waits where there is no such filing",
        switch(
            "{phase} now goes on where the client has no such filing",
            "{phase} now also waits where the client has no such filing",
        ),
    ),
    Rule(
        FilingAwaited,
        "of",
        class_of_wait("flow"),
        "staff",
        "whose filing is waited for",
        choose("{phase} waits for the filing of", WHOSE),
    ),
    Rule(
        DayAwaited,
        "on",
        class_of_wait("timing"),
        "staff",
        "the day that is waited for",
        move("The wait of {phase}", "ends"),
    ),
)
