"""What an automation promises: what happens by itself, when and for whom; and who is chased."""

from ...plan import Automation, CreateTask, LeaveNote, Phase, Request, SendMessage, StartFiling
from ..saying import quote, say_condition, say_moment
from .base import (
    PERIODS,
    WHOSE,
    Rule,
    Told,
    choose,
    fill,
    items,
    say_automation,
    say_doing,
    swap,
    swap_condition,
    switch,
)
from .dates import find_days, say_move
from .handing_on import class_of_automation, class_of_moment
from .naming import class_of_title

_PROOFS = {"tick": "ticked", "code": "done with a code as proof", "document": "done with a document as proof"}


_ONLY_ACTIVE = ", and not where the phase is done before that day"


def _reader(told: Told) -> str:
    return told.reader


def _of_item(told: Told) -> str:
    if told.kind == "moved":
        return "staff"  # in which order they come is of no matter to clients
    part = told.item.send or told.item.task or told.item.request
    return "clients" if part is not None and part.to.kind != "role" else "staff"


def _to_class(told: Told) -> str:
    kinds = {one.kind for one in (told.before, told.after) if one is not None}
    return "staffing" if kinds == {"role"} else "flow"


def _say_automation(told: Told) -> str:
    one: Automation = told.item
    verb, what, to = say_doing(told.root, one)
    when = say_moment(told.root, one.at)
    only = f", if {quote(say_condition(told.root, one.condition))}" if one.condition is not None else ""
    how = "now" if told.kind == "added" else "no longer"
    return f"{told.phase} {how} {verb} {what}{to}, {when}{only}"


def _say_at_change(told: Told) -> str:
    lead = f"{told.does[:1].upper()}{told.does[1:]} in {told.phase} comes"
    if told.kind != "changed":
        return f"{lead} {say_moment(told.root, told.after or told.before)}"
    old, new = say_moment(told.roots.before, told.before), say_moment(told.roots.after, told.after)
    only = "" if isinstance(told.after, str) or not isinstance(told.before, str) else _ONLY_ACTIVE
    return f"{lead} {say_move(find_days(told), old, new)}{only}"


def _say_content(told: Told) -> str:
    """Say that an automation does something else, or something besides."""
    one = told.find(Automation)
    if told.kind == "changed":
        return f"An automation of {told.phase} does something else: {told.new} instead of {told.old}"
    verb = "now also does" if told.kind == "added" else "no longer does"
    part = Automation(id=one.id, at="entered", **{told.difference.field: told.item})
    return f"An automation of {told.phase} {verb} this: {say_automation(told.root, part)}"


def _say_required(told: Told) -> str:
    if told.kind == "added":
        verb = "waits" if told.after else "does not wait"
        return fill(f"{{phase}} {verb} until {{does}} is answered in full", told)
    verb = "now waits" if told.after else "no longer waits"
    return fill(f"{{phase}} {verb} until {{does}} is answered in full", told)


RULES = (
    Rule(
        Phase,
        "automations",
        class_of_automation,
        _of_item,
        "what happens by itself",
        items("automation", " of {phase}", _say_automation, _say_automation),
    ),
    Rule(Automation, "at", class_of_moment, _reader, "when it happens", _say_at_change),
    Rule(
        Automation,
        "condition",
        class_of_automation,
        _reader,
        "for whom it happens",
        swap_condition(
            "In {phase} {does} comes only when {new} instead of when {old}",
            "In {phase} {does} now comes only when {new}",
            "In {phase} {does} now always comes, not only when {old}",
        ),
    ),
    Rule(Automation, "start", "legal", _reader, "what it does", _say_content),
    *(
        Rule(Automation, part, "flow", _reader, "what it does", _say_content)
        for part in ("send", "task", "request", "note")
    ),
    Rule(
        SendMessage,
        "message",
        "flow",
        _reader,
        "which message is sent",
        swap(
            "{who} get the message {new} instead of {old} in {phase}",
            "The message is {new}",
            "The message was {old}",
        ),
    ),
    Rule(
        SendMessage,
        "to",
        _to_class,
        _reader,
        "who gets the message",
        swap("In {phase} {does} goes to {new} instead of to {old}", "It goes to {new}", "It went to {old}"),
    ),
    Rule(
        CreateTask,
        "title",
        class_of_title,
        _reader,
        "what the task says",
        swap("A task in {phase} says {new} instead of {old}"),
    ),
    Rule(
        CreateTask,
        "to",
        _to_class,
        _reader,
        "who does the task",
        swap("In {phase} {does} is for {new} instead of for {old}", "It is for {new}", "It was for {old}"),
    ),
    Rule(
        CreateTask,
        "proof",
        "flow",
        _reader,
        "what shows that it is done",
        choose("In {phase} {does} is", _PROOFS),
    ),
    Rule(
        StartFiling,
        "template",
        "legal",
        "staff",
        "which other filing is started",
        swap(
            "{phase} starts a filing of {new} instead of {old}",
            "It starts a filing of {new}",
            "It started a filing of {old}",
        ),
    ),
    Rule(
        StartFiling,
        "period",
        "legal",
        "staff",
        "for which period",
        choose("{phase} starts the other filing for", PERIODS),
    ),
    Rule(
        StartFiling,
        "of",
        "legal",
        "staff",
        "for whom the other filing is",
        choose("{phase} starts the other filing of", WHOSE),
    ),
    Rule(
        StartFiling,
        "optional",
        "legal",
        "staff",
        "whether it stands still where nobody is linked",
        switch(
            "{phase} now goes on where there is nobody to start the other filing for",
            "{phase} now stands still where there is nobody to start the other filing for",
        ),
    ),
    Rule(
        LeaveNote,
        "template",
        "flow",
        "staff",
        "who gets the note",
        swap(
            "The note of {phase} is for the next filing of {new} instead of {old}",
            "The note is for the next filing of {new}",
            "The note was for the next filing of {old}",
        ),
    ),
    Rule(
        LeaveNote,
        "message",
        "flow",
        "staff",
        "what the note says",
        swap("The note of {phase} is {new} instead of {old}", "The note is {new}", "The note was {old}"),
    ),
    Rule(
        Request,
        "form",
        "flow",
        _reader,
        "what is asked",
        swap(
            "{phase} asks with the form {new} instead of {old}",
            "It asks with the form {new}",
            "It asked with the form {old}",
        ),
    ),
    Rule(
        Request,
        "to",
        _to_class,
        _reader,
        "who is asked",
        swap("In {phase} {does} goes to {new} instead of to {old}", "It goes to {new}", "It went to {old}"),
    ),
    Rule(
        Request,
        "required",
        "flow",
        _reader,
        "whether work waits for the answers",
        _say_required,
    ),
    Rule(
        Request,
        "message",
        "flow",
        _reader,
        "how the client hears that something is asked",
        swap(
            "In {phase} {does} is announced with the message {new} instead of {old}",
            "In {phase} {does} is now announced with the message {new}",
            "In {phase} {does} is no longer announced; the message was {old}",
        ),
    ),
)
