"""What a phase promises: who works when, what they must do, and how it is left."""

from typing import Any

from ...plan import Checkpoint, DayAwaited, Outcome, Phase, Plan, WaitFor
from ..calendar import say_day
from ..comparing import Two, find_renamed
from ..documents import number_stages
from ..outgoing import Outgoing
from ..saying import join, name, quote
from .base import (
    Rule,
    Told,
    change_set,
    items,
    say_qualification,
    say_role,
    swap,
    swap_condition,
    switch,
)
from .dates import move
from .handing_on import (
    class_of_begin,
    class_of_block,
    class_of_four_eyes,
    class_of_order,
    class_of_phase,
    class_of_qualification,
    class_of_role,
    class_of_target,
    class_of_way,
)
from .titles import class_of_name, swap_title

_KINDS = {
    "work": "work of the office",
    "offer": "an offer to the client",
    "deliver": "a delivery",
    "wait": "a wait",
}


def _say_phase(told: Told) -> str:
    phase: Phase = told.item
    kind = _KINDS[phase.block.kind]
    role = say_role(told, phase.role)
    where = _say_place(told.root, phase)
    if told.kind == "added":
        endless = _say_endless(told.root, phase)
        return f"There is a new phase {quote(phase.title)}, {kind} by {role}, {where}{endless}"
    return f"The phase {quote(phase.title)}, {kind} by {role}, {where}, is gone: nobody does it any more"


def _say_endless(plan: Any, phase: Phase) -> str:
    """Say of a wait that no day ends that what goes out after it may never do."""
    wait = phase.block
    if not isinstance(wait, WaitFor) or (wait.chase and wait.chase.give_up):
        return ""
    out = Outgoing(plan).find_after(phase)
    if out is None or any(isinstance(one, DayAwaited) for one in wait.awaited):
        return ""
    return f"; no day ends the wait, and {quote(out.title)} comes only after it"


def _say_phases(told: Told) -> str:
    if told.kind == "moved":
        beside = _list_beside(told)
        if beside:
            return f"Phases that run side by side are listed in another order, and begin as before: {beside}"
    said = items("phase", "", _say_phase, _say_phase)(told)
    if told.kind != "renamed" or told.after.is_same_work(told.before):
        return said
    return f"{said}; for those that are moved, `was: [{told.before.id}]` beside it says that it is that phase"


def _list_beside(told: Told) -> str:
    """Return the phases that run side by side in their new order, where nothing else of the order differs."""
    sides = []
    for plan, ids, named in zip(
        told.roots, (told.before, told.after), (told.difference.meant, told.after), strict=True
    ):
        stages: dict[int, list[str]] = {}
        places = number_stages(plan)
        for one, name_now in zip(ids, named, strict=True):
            stages.setdefault(places[one], []).append(name_now)
        sides.append(list(stages.values()))
    old, new = sides
    if [{*one} for one in old] != [{*one} for one in new]:
        return ""
    moved = [one for was, now in zip(old, new, strict=True) if was != now for one in now]
    return join(name(told.roots.after, "phases", one) for one in moved)


def _say_place(plan: Plan, phase: Phase) -> str:
    beside = _list_side_by_side(plan, phase)
    if beside:
        return f"beside {_name_all(beside)}"
    place = next(number for number, one in enumerate(plan.phases) if one is phase or one.id == phase.id)
    if place:
        return f"after {quote(plan.phases[place - 1].title)}"
    return f"before {quote(plan.phases[1].title)}" if len(plan.phases) > 1 else "the only one"


def _list_side_by_side(plan: Plan, phase: Phase) -> list[Phase]:
    """Return the phases that run beside another."""
    return [one for one in plan.phases if phase.group and one.group == phase.group and one.id != phase.id]


def _name_all(phases: list[Phase]) -> str:
    return join(quote(one.title) for one in phases)


def _say_group(told: Told) -> str:
    two = told.find_two(Phase)
    assert two is not None
    old, new = (_list_side_by_side(plan, one) for plan, one in zip(told.roots, two, strict=True))
    renamed = find_renamed(*told.roots).get("phases", {})
    had = {renamed.get(one.id, one.id) for one in told.roots.before.phases}
    have = {one.id for one in told.roots.after.phases}
    if not new:
        is_gone = bool(old) and all(renamed.get(one.id, one.id) not in have for one in old)
        why = ", which is gone" if is_gone else ": one waits for the other"
        return f"{told.phase} no longer runs beside {_name_all(old) or 'another phase'}{why}"
    if not old:
        is_new = all(one.id not in had for one in new)
        why = "which is new" if is_new else "without waiting for it"
        return f"{told.phase} now runs beside {_name_all(new)}, {why}"
    return f"{told.phase} runs beside {_name_all(new)} instead of {_name_all(old)}"


def _say_block(told: Told) -> str:
    old, new = told.before, told.after
    if old is None or new is None:
        return f"{told.phase} is {_KINDS[(old or new).kind]}"
    return f"{told.phase} is now {_KINDS[new.kind]}: it is no longer {_KINDS[old.kind]}"


def _say_role(told: Told) -> str:
    if told.kind == "changed":
        return f"{told.phase} is done by {say_role(told, told.after, told.new)} instead of {told.old}"
    return f"{told.phase} {f'is done by {told.new}' if told.kind == 'added' else f'was done by {told.old}'}"


def _say_checkpoint(told: Told) -> str:
    checkpoint: Checkpoint = told.item
    must = "mandatory " if checkpoint.required else ""
    if told.kind == "added":
        return f"{told.phase} has a new {must}checkpoint {quote(checkpoint.title)}"
    return f"{told.phase} no longer has the {must}checkpoint {quote(checkpoint.title)}"


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


def _say_was(told: Told) -> str:
    """Say it by titles and ids, as titles can be the same; phases of plans before that have an id alone."""
    old, new = told.before or (), told.after or ()
    titles = {one.id: f"{quote(one.title)} ({one.id})" for one in told.roots.before.phases}
    said = [
        f"{verb} {join(titles.get(one, quote(one)) for one in found)}"
        for verb, found in (
            ("now is what was", [one for one in new if one not in old]),
            ("no longer is what was", [one for one in old if one not in new]),
        )
        if found
    ]
    here = f"{told.phase} ({told.find(Phase).id})"
    return f"For a filing that is moved, {here} {join(said) or 'names what it was in another order'}"


def _say_begin(told: Told) -> str:
    """Say when a phase can begin, and on which day what is delivered after it can leave at the earliest."""
    said = move("{phase}", "begins", "{phase} no longer waits until {old}")(told)
    two = told.find_two(Phase)
    if told.calendar is None or two is None or told.kind == "removed" or told.before == told.after:
        return said
    delivery: Phase | None = (
        two.after if two.after.deliver else Outgoing(told.roots.after).find_after(two.after)
    )
    owed = {one.id for one in told.roots.after.deadlines if one.law}
    if delivery is None or delivery.deliver is None or delivery.deliver.deadline not in owed:
        return said
    return f"{said}{_say_soonest(told, delivery, delivery.deliver.deadline)}"


def _say_soonest(told: Told, delivery: Phase, deadline: str | None) -> str:
    """Return the first period in which a delivery is newly too late, or else that in which it is later."""
    assert told.calendar is not None
    assert deadline is not None
    known = told.calendar.list_begins(Two(delivery.id, delivery.id), deadline)
    late = [one for one in known if one.after > one.last and not (one.before and one.before > one.last)]
    later = [one for one in known if one.before is None or one.after > one.before]
    for one in (late or later)[:1]:
        last = f"{say_day(one.last)} (for {one.period})"
        begins = f"; {quote(delivery.title)} can then begin on {say_day(one.after)} at the earliest"
        return (
            f"{begins}, {'after its last day by law,' if late else 'of which the last day by law is'} {last}"
        )
    return ""


RULES = (
    Rule(
        Plan,
        "phases",
        class_of_phase,
        "staff",
        "what is done, in which order",
        _say_phases,
    ),
    Rule(
        Phase,
        "title",
        class_of_name,
        "staff",
        "how the phase is called",
        swap_title("The phase {old} is called {new}"),
    ),
    Rule(
        Phase,
        "was",
        "flow",
        "staff",
        "which phases of the older plan it is for a filing that is moved",
        _say_was,
    ),
    Rule(
        Phase,
        "role",
        class_of_role,
        "staff",
        "who does the phase",
        _say_role,
    ),
    Rule(Phase, "group", class_of_order, "staff", "which phases run side by side", _say_group),
    Rule(
        Phase,
        "qualification",
        class_of_qualification,
        "staff",
        "which title whoever does it must have",
        say_qualification("Whoever does {phase}"),
    ),
    Rule(
        Phase,
        "condition",
        class_of_phase,
        "staff",
        "for whom the phase is done at all",
        swap_condition(
            "{phase} is done only when {new} instead of when {old}",
            "{phase} is now done only when {new}; else it is passed over",
            "{phase} is now always done, not only when {old}",
        ),
    ),
    Rule(
        Phase,
        "not_before",
        class_of_begin,
        "staff",
        "the day on which the phase can begin",
        _say_begin,
    ),
    Rule(
        Phase,
        "due",
        class_of_target,
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
        class_of_name,
        "staff",
        "what the checkpoint says",
        swap_title("A checkpoint of {phase} says {new} instead of {old}"),
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
        class_of_four_eyes,
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
        class_of_way,
        "staff",
        "in which ways it can end",
        items("outcome", " of {phase}", _say_outcome, _say_outcome),
    ),
    Rule(
        Outcome,
        "title",
        class_of_name,
        "staff",
        "how the outcome is called",
        swap_title("In {phase} the outcome {old} is called {new}"),
    ),
    Rule(
        Outcome,
        "condition",
        class_of_way,
        "staff",
        "when it can be chosen",
        swap_condition(
            "In {phase} the outcome {owner} can be chosen when {new} instead of when {old}",
            "In {phase} the outcome {owner} can now be chosen only when {new}",
            "In {phase} the outcome {owner} can now always be chosen, not only when {old}",
        ),
    ),
    Rule(Outcome, "then", class_of_way, "staff", "where it leads", _say_target),
    Rule(Outcome, "end", class_of_way, "staff", "whether it ends the filing", _say_target),
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
    Rule(Phase, "block", class_of_block, "staff", "what the phase is for", _say_block),
)
