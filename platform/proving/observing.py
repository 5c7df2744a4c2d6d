"""What can be seen of a filing: what a step tells and asks of the world, and what people see of a state.

Two machines behave alike where this is the same in every state. Plans come here without their texts.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..data import replace
from ..filing.commands import AnyCommand, Deliver, Resolve, Send
from ..filing.outcome import Step
from ..filing.requests import find_request
from ..filing.state import State
from ..filing.turn import Reader
from ..filing.view import View, view
from ..filing.waits import waits
from ..plan import Plan


class OfStep(NamedTuple):
    """What a step tells on the timeline, and what it asks of the world with what that reads of the plan."""

    entries: tuple[Any, ...]
    commands: tuple[tuple[AnyCommand, Any], ...]


class OfState(NamedTuple):
    """What people see of a state, what comes on which day, and what can be answered and recorded.

    Of phases and documents only what is at hand: what is to come is seen when it has come.
    """

    view: View
    coming: tuple[Any, ...]
    asked: tuple[Any, ...]


def observe_step(plan: Plan, step: Step) -> OfStep:
    """Return what can be seen of a step."""
    commands = tuple((one, _read_by_world(plan, one)) for one in step.commands)
    return OfStep(step.entries, commands)


def _read_by_world(plan: Plan, command: AnyCommand) -> Any:
    """Return what the shell reads of the plan when it carries a command out."""
    if isinstance(command, Send):
        message = next((one for one in plan.messages if one.id == command.message), None)
        channels = message.channels if message else ()
        offer = plan.phase(command.phase).offer
        return (channels, offer.pay, offer.on_behalf_of) if offer else channels
    if isinstance(command, Resolve):
        offer = plan.phase(command.phase).offer
        return offer and (offer.to, offer.offer_as, offer.on_behalf_of, offer.pay)
    if isinstance(command, Deliver):
        document = plan.document(command.document)
        block = plan.phase(command.phase).deliver
        return block and (document.report, block.on_behalf_of, block.deadline, block.pay)
    return None


def observe_state(plan: Plan, state: State) -> OfState:
    """Return what can be seen of a state."""
    reader = Reader(plan, state)
    seen = view(plan, state)
    at_hand = tuple(phase for phase in seen.phases if phase.status == "active")
    made = {name for phase in at_hand for name in phase.documents}
    shown = replace(
        seen,
        phases=at_hand,
        documents=tuple(one for one in seen.documents if one.shown or one.id in made),
        facts=tuple(f for f in seen.facts if f.at or any(one.id in f.set_in for one in at_hand)),
    )
    return OfState(shown, tuple(sorted(waits(reader))), tuple(_list_asked(reader)))


def _list_asked(reader: Reader) -> Iterator[Any]:
    """Yield the form of each request and the values of each fact that people can give now."""
    for request in reader.case.requests:
        asked = find_request(reader, request) if reader.is_active(request.phase) else None
        if asked:
            yield request.id, tuple(replace(field, condition=None) for field in asked.form.fields)
    for fact in reader.plan.facts:
        if any(reader.is_active(phase) for phase in fact.set_in):
            yield fact.id, fact.options
