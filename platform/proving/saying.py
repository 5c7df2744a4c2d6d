"""A way to a difference in words: its steps as policies tell theirs, and how it is on either side.

Both plans come here with the same texts (`review.blanking.dress`), so that what is said differently differs.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ..filing.commands import AnyCommand, Deliver, Resolve, Send
from ..filing.construct import Order, Wait
from ..filing.events import AnyEvent, Start
from ..filing.outcome import Refusal, Step
from ..filing.state import State
from ..filing.step import step
from ..plan import Plan
from ..policies.paths import Line, describe_start, name_people, name_versions, say_entries, say_move
from ..review.proof import ProofStep, Way
from ..review.saying import join, name, quote, say_to
from .lockstep import Parting, take
from .newly import Ability
from .observing import OfState, observe_state, observe_step
from .people import Permissions, list_roles, list_titles

MOST_SAID = 5
"""Sentences on one side of a difference; what is more follows from the same change."""
WAYS = {"approval": "for approval", "signature": "for signature", "information": "for information"}
PAY = {
    "now": "to be paid at once",
    "after_assessment": "to be paid after the assessment",
    "nothing": "with nothing said of paying",
}
COMING = {
    Order.ENTER: "the phase {} can begin",
    Order.AUTOMATION: "something happens by itself in {}",
    Order.AWAITED: "the day that {} waits for",
    Order.GIVE_UP: "{} waits no longer",
    Order.ESCALATE: "somebody else is brought in for {}",
    Order.REMIND: "a reminder in {}",
    Order.DELIVER: "the first day of delivering in {}",
    Order.MISSED: "a deadline of {} is missed",
    Order.RESUME: "the filing is resumed",
    Order.UNOPPOSED: "nobody has objected in {}",
}
WORK = {
    "phase": "to complete",
    "release": "to let go out",
    "escalated": "brought in for",
    "decide": "to decide on",
    "deliver": "to deliver by hand",
    "task": "to do",
    "request": "to answer",
    "received": "to look at",
    "received_late": "to look at, come in late",
    "wait": "waited for",
    "stalled": "stands still",
    "held": "held",
}


POSSIBLE = "this is possible"


class _Last(NamedTuple):
    """The last step on one machine: the plan, the state before it, what that gave, and names of versions."""

    plan: Plan
    before: State | None
    taken: Step | Refusal
    versions: dict[str, str]


def tell_parting(before: Plan, after: Plan, parting: Parting) -> Way:
    """Return the way to where two machines part."""
    events = parting.events
    sides = [_replay(plan, events) for plan in (before, after)]
    lines = [_list_lines(side, parting, events[-1], sides) for side in sides]
    mine = [line for line in lines[0] if line not in lines[1]]
    theirs = [line for line in lines[1] if line not in lines[0]]
    if not mine and not theirs:
        first = next((n for n, (a, b) in enumerate(zip(*lines, strict=False)) if a != b), None)
        mine, theirs = ([f"first: {side[first]}"] if first is not None else [] for side in lines)
    shown = after if not isinstance(sides[1].taken, Refusal) else before
    return _make(shown, parting.names, events, mine, theirs)


def tell_ability(before: Plan, after: Plan, ability: Ability) -> Way:
    """Return the way to what somebody can newly do; before, it is refused, or to others."""
    refused = ability.refusal.text if ability.refusal else "other roles could, and this one could not"
    return _make(after, ability.names, ability.events, [refused], [POSSIBLE])


def say_ability(plan: Plan, ability: Ability) -> str:
    """Return what somebody can newly do as a sentence: the holder of ‘Accountant’ can complete ‘Controle’."""
    act = ability.act
    if act.by.kind == "contact":
        who = "The client"
    else:
        roles = []
        for one in ability.roles:
            role, _, title = one.partition(" ")
            roles.append(name(plan, "roles", role) + (f" ({title})" if title else ""))
        who = f"Who has the role {join(roles, 'or')}" if roles else "Somebody"
    return f"{who} can now {say_act(plan, act)}."


_ACTS = {
    "complete": "complete {phase}",
    "check": "tick ‘{item}’ in {phase}",
    "uncheck": "untick ‘{item}’ in {phase}",
    "attach": "attach {document}",
    "back": "send the work back from {phase}",
    "release": "let the offer of {phase} go out",
    "approve": "approve the offer of {phase}",
    "sign": "sign the offer of {phase}",
    "reject": "reject the offer of {phase}",
    "not_deliver": "end {phase} without an answer",
    "record_delivery": "record the delivery of {phase}",
    "record_fact": "record {fact}",
    "task_done": "do a task",
    "answer": "answer what is asked",
    "accept_item": "accept an answer",
    "send_back_item": "send back an answer",
    "not_applicable": "set aside what is asked",
    "cancel": "cancel the filing",
    "hold": "hold the filing",
    "resume": "resume the filing",
    "reassign": "give the work of a role to a colleague",
    "waive": "make an exception to four eyes in {phase}",
    "retry": "have what stands still in {phase} tried again",
}


def say_act(plan: Plan, act: object) -> str:
    """Return an act as a verb with what it is about."""
    kind = getattr(act, "answer", None) if getattr(act, "kind", "") == "decide" else getattr(act, "kind", "")
    phase, checkpoint = getattr(act, "phase", None), getattr(act, "checkpoint", None)
    points = [p for one in plan.phases if one.id == phase for p in one.checkpoints if p.id == checkpoint]
    shown = getattr(act, "shown", None)
    said = _ACTS.get(str(kind), str(kind)).format(
        phase=name(plan, "phases", phase),
        item=points[0].title if points else checkpoint,
        document=name(plan, "documents", shown.document if shown else None),
        fact=name(plan, "facts", getattr(act, "fact", None)),
    )
    outcome = getattr(act, "outcome", None)
    titles = [o.title for one in plan.phases if one.id == phase for o in one.outcomes if o.id == outcome]
    return f"{said} with {quote(titles[0])}" if titles else said


# --- steps --------------------------------------------------------------------------------------------------


def _make(
    plan: Plan, names: tuple[str, ...], events: tuple[AnyEvent, ...], before: list[str], after: list[str]
) -> Way:
    start = events[0]
    assert isinstance(start, Start)
    return Way(
        filing=describe_start(start),
        steps=tuple(_list_steps(plan, names, events)),
        before=tuple(before[:MOST_SAID]),
        after=tuple(after[:MOST_SAID]),
    )


def _list_steps(plan: Plan, names: tuple[str, ...], events: tuple[AnyEvent, ...]) -> Iterator[ProofStep]:
    state: State | None = None
    people, versions = name_people(plan), name_versions(events)
    for number, event in enumerate(events):
        taken = step(plan, None, event) if state is None else take(plan, state, event)
        if isinstance(taken, Refusal):
            continue  # what the world answered the other machine alone
        said = say_entries(taken, people, versions, first=number == 0)
        move = "start" if number == 0 else names[number - 1]
        line = Line(number, event.at.date(), move, said)
        yield ProofStep(number=number, day=line.day, move=move, text=say_move(plan, line, event))
        state = taken.state


def _replay(plan: Plan, events: tuple[AnyEvent, ...]) -> _Last:
    state: State | None = None
    for event in events[:-1]:
        taken = step(plan, None, event) if state is None else take(plan, state, event)
        assert not isinstance(taken, Refusal), taken.text
        state = taken.state
    last = events[-1]
    taken = step(plan, None, last) if state is None else take(plan, state, last)
    return _Last(plan, state, taken, name_versions(events))


# --- how it is on one side ---------------------------------------------------------------------------------


def _list_lines(side: _Last, parting: Parting, event: AnyEvent, sides: list[_Last]) -> list[str]:
    if isinstance(side.taken, Refusal):
        return [f"this is refused: {side.taken.text}"]
    if parting.where == "who":
        roles, titles = list_roles(*(one.plan for one in sides)), list_titles(*(one.plan for one in sides))
        assert side.before is not None
        may = Permissions(side.plan, roles, titles).list_roles(side.before, event)  # type: ignore[arg-type]
        named = [_say_role(side.plan, one) for one in sorted(may)]
        return [f"this can be done by {join(named, 'or') or 'nobody'}"]
    if any(isinstance(one.taken, Refusal) for one in sides):
        return [POSSIBLE]
    if parting.where == "step":
        return list(_list_of_step(side.plan, side.taken, side.versions))
    return list(_list_of_state(side.plan, observe_state(side.plan, side.taken.state)))


def _say_role(plan: Plan, one: str) -> str:
    role, _, title = one.partition(" ")
    return name(plan, "roles", role) + (f" with the title {title}" if title else "")


def _list_of_step(plan: Plan, taken: Step, versions: dict[str, str]) -> Iterator[str]:
    seen = observe_step(plan, taken)
    yield from say_entries(taken, name_people(plan), versions, first=True)
    for command, read in seen.commands:
        yield _say_command(plan, command, read)


def _say_command(plan: Plan, command: AnyCommand, read: object) -> str:
    phase = name(plan, "phases", command.phase)
    if isinstance(command, Send):
        to = f" to {say_to(plan, command.to)}" if command.to else ""
        return f"the message {name(plan, 'messages', command.message)} goes out{to} ({phase})"
    if isinstance(command, Resolve):
        offer = plan.phase(command.phase).offer
        said = f", {WAYS[offer.offer_as]}, to {say_to(plan, offer.to)}" if offer else ""
        sender = f", in the name of {name(plan, 'roles', offer.on_behalf_of)}" if offer else ""
        pay = f", {PAY[offer.pay]}" if offer else ""
        return f"{phase} is prepared for the client{said}{sender}{pay}"
    if isinstance(command, Deliver):
        deliver = plan.phase(command.phase).deliver
        sender = f" in the name of {name(plan, 'roles', deliver.on_behalf_of)}" if deliver else ""
        sender += f", {PAY[deliver.pay]}" if deliver else ""
        return f"{name(plan, 'documents', command.document)} is delivered{sender}"
    return f"{command.kind}: {phase} {read or ''} {getattr(command, 'template', '')}".strip()


def _list_of_state(plan: Plan, seen: OfState) -> Iterator[str]:
    view = seen.view
    for phase in view.phases:
        title = quote(phase.title)
        yield f"{title} is at work, for {name(plan, 'roles', phase.role)}"
        if phase.due:
            yield f"{title} should be done by {phase.due.isoformat()}"
        for point in phase.checkpoints:
            must = "has to be ticked" if point.required else "can be ticked"
            yield f"{quote(point.title)} of {title} {must}"
        for what, shown in (("reviews", phase.reviews), ("signs", phase.signs)):
            yield from (f"{title} {what} {name(plan, 'documents', one.document)}" for one in shown)
        yield from (f"{title} makes {name(plan, 'documents', one)}" for one in phase.documents)
        yield from (f"{title} can end as {quote(one.title)}" for one in phase.outcomes)
    for deadline in view.deadlines:
        law = f" ({deadline.law})" if deadline.law else ""
        due = deadline.due.isoformat() if deadline.due else "a day that is not known"
        yield f"the deadline {quote(deadline.title)}{law} is {due}"
        if deadline.earliest:
            yield f"{quote(deadline.title)}: delivered from {deadline.earliest.isoformat()}"
    for item in view.work:
        who = [name(plan, "roles", role) for role in item.roles] or (["the client"] if item.client else [])
        day = f", by {item.due.isoformat()}" if item.due else ""
        yield f"{WORK[item.kind]}: {quote(item.title)}, for {join(who, 'or') or 'the client'}{day}"
        yield from (f"{quote(item.title)}: {one}" for one in item.missing)
    for coming in seen.coming:
        yield _say_coming(plan, coming)
    for offer in view.offers:
        yield f"the offer of {name(plan, 'phases', offer.phase)}: {offer.way}, {offer.status}"
    for document in view.documents:
        said = f" as {document.report}" if document.report else ""
        yield f"{quote(document.title)} is made in {name(plan, 'phases', document.phase)}{said}"
    for fact in view.facts:
        yield f"{quote(fact.title)} ({fact.type}{', optional' if fact.optional else ''}): {fact.text}"
    for _, fields in seen.asked:
        for one in fields:
            required = getattr(one, "required", None)
            need = "required" if required else "optional"
            kind = f" ({one.kind}, {need})" if required is not None else ""
            bounds = [
                f"{key} {getattr(one, key)}"
                for key in ("least", "most", "pattern")
                if getattr(one, key, None) is not None
            ]
            yield f"{quote(one.title)}{kind} can be given{': ' if bounds else ''}{', '.join(bounds)}"
    if view.ended:
        yield f"the filing has ended: {view.end_title or view.ended}"
    yield f"the planner shows {view.planner}"


def _say_coming(plan: Plan, wait: Wait) -> str:
    phase = name(plan, "phases", wait.phase) if wait.phase else "the filing"
    return f"on {wait.on.isoformat()}: {COMING[Order(wait.order)].format(phase)}"
