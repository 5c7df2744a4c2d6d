"""What chasing promises: when whoever is waited for is reminded, who is brought in, when waiting ends."""

from ...plan import Automation, Chase, Deliver, Escalate, GiveUp, Offer, Phase, Remind, WaitFor, Work
from ..reaching import WAIT
from ..saying import count, join, name, quote, say_rule
from ..ways_past import list_past
from .base import Rule, Told, expand, fill, swap
from .dates import move, say_escalation
from .handing_on import class_of_chase, class_of_giving_up, class_of_giving_up_day, class_of_way


def _reader(told: Told) -> str:
    return told.reader


def _get(told: Told) -> str:
    return "get" if told.who == "Clients" else "gets"


def _say_days(told: Told) -> str:
    about = told.about
    if told.kind != "changed":
        number = told.after or told.before
        then = f"every {count(number, 'day')}" if number > 1 else "every day"
        return f"{told.who} {_get(told)} a reminder of {about} {then}"
    return (
        f"{told.who} {_get(told)} the first reminder of {about} after {count(told.after, 'day')} instead of "
        f"{told.before}, and the next ones as far apart"
    )


def _say_most(told: Told) -> str:
    def most(number: int | None) -> str:
        return "reminders as long as it lasts" if number is None else f"at most {count(number, 'reminder')}"

    if told.kind == "added" and told.find_two(Remind).before is told.find_two(Remind).after:  # type: ignore[union-attr]
        return f"{told.who} {_get(told)} {most(told.after)} of {told.about}"
    was = most(told.before) if told.before is None or told.after is None else f"{told.before}"
    return f"{told.who} {_get(told)} {most(told.after)} of {told.about} instead of {was}"


def _say_remind(told: Told) -> str:
    remind: Remind = told.item
    every = f"every {count(remind.every_days, 'day')}" if remind.every_days > 1 else "every day"
    most = f", at most {remind.at_most} times" if remind.at_most else ""
    if told.kind == "added":
        return f"{told.who} {_get(told)} reminders of {told.about} now: {every}{most}"
    return f"{told.who} no longer {_get(told)} reminders of {told.about}; they came {every}{most}"


def _say_escalate(told: Told) -> str:
    escalate: Escalate = told.item
    role, when = name(told.root, "roles", escalate.role), say_rule(told.root, escalate.on)
    verb = "is now brought in" if told.kind == "added" else "is no longer brought in"
    return f"{role} {verb} on {told.about} {when}"


def _say_give_up(told: Told) -> str:
    give_up: GiveUp = told.item
    when, leads = say_rule(told.root, give_up.on), _say_leads(told, give_up)
    if told.kind == "added":
        return f"{told.waiting} now ends {when}, and then {leads}"
    return f"{told.waiting} no longer ends: before, it did {when}, and then {leads}"


def _say_leads(told: Told, one: GiveUp, *, later: bool = True) -> str:
    root = told.roots.after if later else told.roots.before
    if one.end:
        return f"the filing ends as {name(root, 'ends', one.end)}"
    return f"{name(root, 'phases', one.then)} comes next" if one.then else "the next phase comes"


def _say_day(told: Told) -> str:
    """Say when waiting ends, what comes then, and what is passed over by it."""
    said = move("{waiting}", "ends")(told)
    two, phase, plan = told.find_two(GiveUp), told.find(Phase), told.roots.after
    if told.kind != "changed" or two is None or told.find(Automation) is not None:
        return said
    over = [
        quote(one.over.title)
        for one in list_past(plan)
        if one.start.id == phase.id and one.id == WAIT and one.over.id != phase.id
    ]
    past = f", past {join([*over[:_MOST], *([f'{len(over) - _MOST} more'] if len(over) > _MOST else [])])}"
    return f"{said}; then {_say_leads(told, two.after)}{past if over else ''}"


def _say_then(told: Told) -> str:
    two = told.find_two(GiveUp)
    assert two is not None
    old, new = _say_leads(told, two.before, later=False), _say_leads(told, two.after)
    return fill("{waiting} ends, and then ", told) + (new if old == new else f"{new}; before, {old}")


def _say_chase(told: Told) -> str:
    """Say that somebody is chased now, or no longer, by what the chase does."""
    says = {rule.field: rule.say for rule in RULES if rule.owner is Chase}
    said = (
        says[one.field](Told(one, told.calendar, told.roles))
        for one in expand(told.difference)
        if one.owner is Chase
    )
    return "; ".join(said) or f"{told.about} is chased"


_MOST = 3
"""So many of the phases that are passed over are named."""
_CHASED = "how whoever is waited for is chased"

RULES: tuple[Rule, ...] = (
    Rule(Chase, "remind", "timing", _reader, "whether there are reminders", _say_remind),
    Rule(Chase, "escalate", "staffing", "staff", "whether somebody else is brought in", _say_escalate),
    Rule(Chase, "give_up", class_of_giving_up, _reader, "whether waiting ends", _say_give_up),
    Rule(Remind, "every_days", "timing", _reader, "how many days lie between reminders", _say_days),
    Rule(Remind, "at_most", "timing", _reader, "how many reminders there are", _say_most),
    Rule(
        Remind,
        "message",
        "flow",
        _reader,
        "which message reminds",
        swap(
            "{who} {are} reminded of {about} with the message {new} instead of {old}",
            "Reminders of {about} now come with a message of their own, {new}",
            "Reminders of {about} repeat the first message instead of {old}",
        ),
    ),
    Rule(Escalate, "on", "timing", "staff", "when somebody else is brought in", say_escalation),
    Rule(
        Escalate,
        "role",
        "staffing",
        "staff",
        "who is brought in",
        swap(
            "When {about} takes too long, {new} is brought in instead of {old}",
            "{new} is brought in",
            "{old} was brought in",
        ),
    ),
    Rule(
        Escalate,
        "message",
        "flow",
        "staff",
        "how whoever is brought in hears of it",
        swap(
            "Whoever is brought in on {about} gets the message {new} instead of {old}",
            "Whoever is brought in on {about} now gets the message {new}",
            "Whoever is brought in on {about} no longer gets the message {old}",
        ),
    ),
    Rule(GiveUp, "on", class_of_giving_up_day, _reader, "when waiting ends", _say_day),
    Rule(GiveUp, "then", class_of_way, _reader, "what comes when waiting ends", _say_then),
    Rule(GiveUp, "end", class_of_way, _reader, "whether the filing ends with the wait", _say_then),
    Rule(WaitFor, "chase", class_of_chase, _reader, _CHASED, _say_chase),
    *(
        Rule(owner, "chase", "flow", _reader, _CHASED, _say_chase)
        for owner in (Automation, Work, Offer, Deliver)
    ),
)
