"""What a phase promises: who works when, what they must do, how it is left, what clients are put before."""

from typing import Any

from ...plan import (
    Automation,
    Chase,
    Checkpoint,
    CreateTask,
    DayAwaited,
    Deliver,
    FilingAwaited,
    LeaveNote,
    NoticeAwaited,
    Offer,
    Outcome,
    Phase,
    Plan,
    Request,
    SendMessage,
    StartFiling,
    WaitFor,
    Work,
)
from ..saying import WAYS, join, name, quote, say_condition, say_rule
from . import chasing
from .base import (
    Rule,
    Told,
    change_set,
    choose,
    expand,
    items,
    say_automation,
    say_doing,
    say_qualification,
    swap,
    switch,
)
from .dates import move, say_move

_KINDS = {
    "work": "work of the office",
    "offer": "an offer to the client",
    "deliver": "a delivery",
    "wait": "a wait",
}
_PROOFS = {"tick": "ticked", "code": "done with a code as proof", "document": "done with a document as proof"}
_PERIODS = {"same": "the same period", "previous": "the period before", "next": "the next period"}
_PAY = {
    "now": "is asked to pay at once|was asked to pay at once",
    "after_assessment": "is told to pay after the assessment|was told to pay after the assessment",
    "nothing": "is told nothing of paying|was told nothing of it",
}
_FORWARD = {
    "automatic": "goes out by itself|went out by itself",
    "by_hand": "waits until somebody releases it|waited until somebody released it",
}


def _reader(told: Told) -> str:
    return told.reader


def _of_item(told: Told) -> str:
    part = told.item.send or told.item.task or told.item.request
    return "clients" if part is not None and part.to.kind != "role" else "staff"


def _to_class(told: Told) -> str:
    kinds = {one.kind for one in (told.before, told.after) if one is not None}
    return "staffing" if kinds == {"role"} else "flow"


# --- phases -----------------------------------------------------------------------------------------------


def _say_phase(told: Told) -> str:
    phase: Phase = told.item
    kind = _KINDS[phase.block.kind]
    role = name(told.root, "roles", phase.role)
    where = _say_place(told.root, phase)
    if told.kind == "added":
        return f"There is a new phase {quote(phase.title)}, {kind} by {role}, {where}"
    return f"The phase {quote(phase.title)}, {kind} by {role}, {where}, is gone: nobody does it any more"


def _say_place(plan: Plan, phase: Phase) -> str:
    place = next(number for number, one in enumerate(plan.phases) if one is phase or one.id == phase.id)
    if place:
        return f"after {quote(plan.phases[place - 1].title)}"
    return f"before {quote(plan.phases[1].title)}" if len(plan.phases) > 1 else "the only one"


def _say_group(told: Told) -> str:
    def beside(plan: Any, group: str | None, phase: Phase) -> str:
        others = [
            quote(one.title) for one in plan.phases if group and one.group == group and one.id != phase.id
        ]
        return join(others)

    two = told.find_two(Phase)
    assert two is not None
    old, new = (
        beside(told.roots.before, told.before, two.before),
        beside(told.roots.after, told.after, two.after),
    )
    if told.after is None or not new:
        return f"{told.phase} no longer runs beside {old or 'another phase'}: one waits for the other"
    if told.before is None or not old:
        return f"{told.phase} now runs beside {new}, without waiting for it"
    return f"{told.phase} runs beside {new} instead of {old}"


def _say_block(told: Told) -> str:
    old, new = told.before, told.after
    if old is None or new is None:
        return f"{told.phase} is {_KINDS[(old or new).kind]}"
    return f"{told.phase} is now {_KINDS[new.kind]}: it is no longer {_KINDS[old.kind]}"


def _block_class(told: Told) -> str:
    legal = any(isinstance(one, Offer | Deliver) for one in (told.before, told.after))
    return "legal" if legal else "flow"


# --- checkpoints and automations --------------------------------------------------------------------------


def _say_checkpoint(told: Told) -> str:
    checkpoint: Checkpoint = told.item
    must = "mandatory " if checkpoint.required else ""
    if told.kind == "added":
        return f"{told.phase} has a new {must}checkpoint {quote(checkpoint.title)}"
    return f"{told.phase} no longer has the {must}checkpoint {quote(checkpoint.title)}"


def _say_automation(told: Told) -> str:
    one: Automation = told.item
    verb, what, to = say_doing(told.root, one)
    when = _say_at(told.root, one.at)
    only = f", if {quote(say_condition(one.condition))}" if one.condition is not None else ""
    how = "now" if told.kind == "added" else "no longer"
    return f"{told.phase} {how} {verb} {what}{to}, {when}{only}"


def _say_at(plan: Any, at: Any) -> str:
    if isinstance(at, str):
        return f"when the phase is {at}"
    return say_rule(plan, at)


def _say_at_change(told: Told) -> str:
    from .dates import find_days

    lead = f"{told.does[:1].upper()}{told.does[1:]} in {told.phase} comes"
    if told.kind != "changed":
        return f"{lead} {_say_at(told.root, told.after or told.before)}"
    old, new = _say_at(told.roots.before, told.before), _say_at(told.roots.after, told.after)
    return f"{lead} {say_move(find_days(told), old, new)}"


def _say_content(told: Told) -> str:
    """Say that an automation does something else, or something besides."""
    one = told.find(Automation)
    if told.kind == "changed":
        return f"An automation of {told.phase} does something else: {told.new} instead of {told.old}"
    verb = "now also does" if told.kind == "added" else "no longer does"
    part = Automation(id=one.id, at="entered", **{told.difference.field: told.item})
    return f"An automation of {told.phase} {verb} this: {say_automation(told.root, part)}"


# --- outcomes and waits -----------------------------------------------------------------------------------


def _say_outcome(told: Told) -> str:
    one: Outcome = told.item
    leads = _say_leads(told.root, one)
    if told.kind == "added":
        return f"{told.phase} can now end with {quote(one.title)}, which leads {leads}"
    return f"{told.phase} can no longer end with {quote(one.title)}, which led {leads}"


def _say_leads(plan: Any, one: Outcome) -> str:
    if one.end:
        return f"to the end {name(plan, 'ends', one.end)}"
    return f"to {name(plan, 'phases', one.then)}" if one.then else "on to the next phase"


def _say_target(told: Told) -> str:
    two = told.find_two(Outcome)
    assert two is not None
    old, new = _say_leads(told.roots.before, two.before), _say_leads(told.roots.after, two.after)
    if old == new:
        return f"In {told.phase} the outcome {told.owner} leads {new}"
    return f"In {told.phase} the outcome {told.owner} leads {new} instead of {old}"


def say_awaited(plan: Any, one: Any) -> str:
    """Return what is waited for."""
    match one:
        case NoticeAwaited():
            return f"the notice {quote(one.notice)}"
        case FilingAwaited():
            phase = f", until {quote(one.phase)} of it is done" if one.phase else ""
            return f"the filing of {quote(one.template)} for {_PERIODS[one.period]}{phase}"
        case _:
            return f"the day that is {say_rule(plan, one.on)}"


def _say_awaited(told: Told) -> str:
    one = told.item
    verb = "now also goes on by" if told.kind == "added" else "no longer goes on by"
    more = ""
    if isinstance(one, NoticeAwaited) and one.fact:
        more = f", whose day is recorded as {name(told.root, 'facts', one.fact)}"
    elif isinstance(one, FilingAwaited) and one.optional:
        more = ", where there is one"
    return f"{told.phase} {verb} {say_awaited(told.root, one)}{more}"


def _say_chase(told: Told) -> str:
    """Say that somebody is chased now, or no longer, by what the chase does."""
    says = {rule.field: rule.say for rule in chasing.RULES if rule.owner is Chase}
    said = (says[one.field](Told(one, told.calendar)) for one in expand(told.difference))
    return "; ".join(said) or f"{told.about} is chased"


RULES = (
    Rule(
        Plan,
        "phases",
        "flow",
        "staff",
        "what is done, in which order",
        items("phase", "", _say_phase, _say_phase),
    ),
    Rule(
        Phase, "title", "wording", "staff", "how the phase is called", swap("The phase {old} is called {new}")
    ),
    Rule(
        Phase,
        "role",
        "staffing",
        "staff",
        "who does the phase",
        swap(
            "{phase} is done by {new} instead of {old}",
            "{phase} is done by {new}",
            "{phase} was done by {old}",
        ),
    ),
    Rule(Phase, "group", "flow", "staff", "which phases run side by side", _say_group),
    Rule(
        Phase,
        "qualification",
        "staffing",
        "staff",
        "which title whoever does it must have",
        say_qualification("Whoever does {phase}"),
    ),
    Rule(
        Phase,
        "condition",
        "flow",
        "staff",
        "for whom the phase is done at all",
        swap(
            "{phase} is done only when {new} instead of when {old}",
            "{phase} is now done only when {new}; else it is passed over",
            "{phase} is now always done, not only when {old}",
        ),
    ),
    Rule(
        Phase,
        "not_before",
        "timing",
        "staff",
        "the day on which the phase can begin",
        move("{phase}", "begins", "{phase} no longer waits until {old}"),
    ),
    Rule(
        Phase,
        "due",
        "timing",
        "staff",
        "the day by which it should be done",
        move("{phase}", "is due", "{phase} no longer has a target date; it was {old}"),
    ),
    Rule(
        Phase,
        "checkpoints",
        "flow",
        "staff",
        "what is ticked in the phase",
        items("checkpoint", " of {phase}", _say_checkpoint, _say_checkpoint),
    ),
    Rule(
        Checkpoint,
        "title",
        "wording",
        "staff",
        "what the checkpoint says",
        swap("A checkpoint of {phase} says {new} instead of {old}"),
    ),
    Rule(
        Checkpoint,
        "required",
        "flow",
        "staff",
        "whether the phase can be completed without it",
        switch(
            "The checkpoint {owner} of {phase} is now mandatory: the phase cannot be completed without it",
            "The checkpoint {owner} of {phase} is no longer mandatory",
        ),
    ),
    Rule(
        Checkpoint,
        "condition",
        "flow",
        "staff",
        "for whom it is ticked",
        swap(
            "The checkpoint {owner} of {phase} applies when {new} instead of when {old}",
            "The checkpoint {owner} of {phase} now applies only when {new}",
            "The checkpoint {owner} of {phase} now always applies, not only when {old}",
        ),
    ),
    Rule(
        Phase,
        "automations",
        "flow",
        _of_item,
        "what happens by itself",
        items("automation", " of {phase}", _say_automation, _say_automation),
    ),
    Rule(Automation, "at", "timing", _reader, "when it happens", _say_at_change),
    Rule(
        Automation,
        "condition",
        "flow",
        _reader,
        "for whom it happens",
        swap(
            "In {phase} {does} comes only when {new} instead of when {old}",
            "In {phase} {does} now comes only when {new}",
            "In {phase} {does} now always comes, not only when {old}",
        ),
    ),
    *(
        Rule(Automation, part, "flow", _reader, "what it does", _say_content)
        for part in ("send", "task", "request", "start", "note")
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
        "wording",
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
        "flow",
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
        "timing",
        "staff",
        "for which period",
        choose("{phase} starts the other filing for", _PERIODS),
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
        switch(
            "{phase} now waits until {does} is answered in full",
            "{phase} no longer waits until {does} is answered in full",
        ),
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
    Rule(
        Phase,
        "reviews",
        "legal",
        "staff",
        "which documents somebody approves of within the office",
        change_set("{phase} ", "now reviews [come]", "no longer reviews [go]"),
    ),
    Rule(
        Phase,
        "signs",
        "legal",
        "staff",
        "which documents are signed within the office",
        change_set("Whoever completes {phase} ", "now signs [come]", "no longer signs [go]"),
    ),
    Rule(
        Phase,
        "four_eyes",
        "legal",
        "staff",
        "whose own work nobody checks here",
        change_set(
            "{phase} ",
            "may no longer be done by whoever worked on [come]",
            "may now be done by whoever worked on [go]",
        ),
    ),
    Rule(
        Phase,
        "four_eyes_exception",
        "staffing",
        "staff",
        "who may let somebody check their own work",
        swap(
            "An exception to four eyes in {phase} is made by {new} instead of {old}",
            "An exception to four eyes in {phase} can now be made by {new}",
            "An exception to four eyes in {phase} can no longer be made; {old} could",
        ),
    ),
    Rule(
        Phase,
        "back_to",
        "flow",
        "staff",
        "where the work goes when it is sent back",
        swap(
            "From {phase} the work is sent back to {new} instead of {old}",
            "From {phase} the work can now be sent back to {new}",
            "From {phase} the work can no longer be sent back to {old}",
        ),
    ),
    Rule(
        Phase,
        "outcomes",
        "flow",
        "staff",
        "in which ways it can end",
        items("outcome", " of {phase}", _say_outcome, _say_outcome),
    ),
    Rule(
        Outcome,
        "title",
        "wording",
        "staff",
        "how the outcome is called",
        swap("In {phase} the outcome {old} is called {new}"),
    ),
    Rule(
        Outcome,
        "condition",
        "flow",
        "staff",
        "when it can be chosen",
        swap(
            "In {phase} the outcome {owner} can be chosen when {new} instead of when {old}",
            "In {phase} the outcome {owner} can now be chosen only when {new}",
            "In {phase} the outcome {owner} can now always be chosen, not only when {old}",
        ),
    ),
    Rule(Outcome, "then", "flow", "staff", "where it leads", _say_target),
    Rule(Outcome, "end", "flow", "staff", "whether it ends the filing", _say_target),
    Rule(
        Outcome,
        "note",
        "flow",
        "staff",
        "what it leaves for the next filing",
        swap(
            "In {phase} the outcome {owner} leaves another note: {new} instead of {old}",
            "In {phase} the outcome {owner} now leaves a note: {new}",
            "In {phase} the outcome {owner} no longer leaves a note: {old}",
        ),
    ),
    Rule(Phase, "block", _block_class, "staff", "what the phase is for", _say_block),
    # an offer
    Rule(
        Offer,
        "documents",
        "legal",
        "clients",
        "what is put before the client",
        change_set("In {phase} clients ", "are now offered [come]", "are no longer offered [go]"),
    ),
    Rule(
        Offer,
        "on_behalf_of",
        "staffing",
        "clients",
        "in whose name it is offered",
        swap(
            "{phase} is in the name of {new} instead of {old}",
            "It is in the name of {new}",
            "It was in the name of {old}",
        ),
    ),
    Rule(
        Offer,
        "forward",
        "flow",
        "clients",
        "whether somebody looks before it goes out",
        choose("The offer in {phase}", _FORWARD, verbs=True),
    ),
    Rule(
        Offer,
        "offer_as",
        "legal",
        "clients",
        "whether the client has to agree, and how",
        choose("In {phase} clients get the documents", WAYS),
    ),
    Rule(
        Offer,
        "to",
        "legal",
        "clients",
        "who decides",
        swap(
            "{phase} is decided on by {new} instead of by {old}",
            "It is decided on by {new}",
            "It was decided on by {old}",
        ),
    ),
    Rule(
        Offer,
        "message",
        "flow",
        "clients",
        "with which message it comes",
        swap(
            "Clients get {phase} with the message {new} instead of {old}",
            "It comes with the message {new}",
            "It came with the message {old}",
        ),
    ),
    Rule(
        Offer,
        "pay",
        "legal",
        "clients",
        "what the client is told of paying",
        choose("With {phase} the client", _PAY, verbs=True),
    ),
    Rule(
        Offer,
        "may_end",
        "flow",
        "clients",
        "whether the filing can end without an answer",
        swap(
            "Without an answer in {phase} the filing can be ended as {new} instead of {old}",
            "Without an answer in {phase} the filing can now be ended as {new}",
            "Without an answer in {phase} the filing can no longer be ended as {old}",
        ),
    ),
    # a delivery
    Rule(
        Deliver,
        "document",
        "legal",
        "authority",
        "what is delivered",
        swap("{phase} delivers {new} instead of {old}", "It delivers {new}", "It delivered {old}"),
    ),
    Rule(
        Deliver,
        "deadline",
        "legal",
        "authority",
        "by when it is delivered",
        swap(
            "{phase} has to meet the deadline {new} instead of {old}",
            "{phase} now has to meet the deadline {new}",
            "{phase} no longer has to meet the deadline {old}",
        ),
    ),
    Rule(
        Deliver,
        "on_behalf_of",
        "staffing",
        "authority",
        "in whose name it is delivered",
        swap(
            "{phase} delivers in the name of {new} instead of {old}",
            "It delivers in the name of {new}",
            "It delivered in the name of {old}",
        ),
    ),
    Rule(
        Deliver,
        "pay",
        "legal",
        "clients",
        "what the client is told of paying",
        choose("With {phase} the client", _PAY, verbs=True),
    ),
    Rule(
        Deliver,
        "by_hand",
        "legal",
        "authority",
        "whether kantoor delivers or a person",
        switch(
            "{phase} is now done by hand: somebody delivers and records it with proof",
            "{phase} is now delivered by kantoor, no longer by hand",
        ),
    ),
    # a wait
    Rule(
        WaitFor,
        "awaited",
        "flow",
        "staff",
        "what is waited for",
        items("wait", " of {phase}", _say_awaited, _say_awaited),
    ),
    Rule(
        NoticeAwaited,
        "notice",
        "flow",
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
        "flow",
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
        "flow",
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
        "timing",
        "staff",
        "of which period",
        choose("{phase} waits for the other filing of", _PERIODS),
    ),
    Rule(
        FilingAwaited,
        "phase",
        "flow",
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
        "flow",
        "staff",
        "whether it waits where there is no such filing",
        switch(
            "{phase} now goes on where the client has no such filing",
            "{phase} now also waits where the client has no such filing",
        ),
    ),
    Rule(
        DayAwaited, "on", "timing", "staff", "the day that is waited for", move("The wait of {phase}", "ends")
    ),
    *(
        Rule(
            owner,
            "chase",
            "flow",
            _reader,
            "how whoever is waited for is chased",
            _say_chase,
        )
        for owner in (Automation, Work, Offer, Deliver, WaitFor)
    ),
)
