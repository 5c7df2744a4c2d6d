"""What the language can say, and people and the world can send, is said and sent in a recorded history.

So a change of what the machine makes of any of it is noticed when the histories are replayed.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Literal, get_args, get_origin

from msgspec import NODEFAULT, structs
from temporalio.client import WorkflowHistory

from kantoor.data import Struct
from kantoor.filing.events import AnyEvent
from kantoor.linked import Link
from kantoor.period import PeriodKind
from kantoor.plan import Plan, load_plan
from kantoor.plan_parts import get_types
from kantoor.runtime.commands import RECORD
from kantoor.runtime.inputs import FilingInput, RecordInput

from .test_replay import FILES, PLAIN, read

CONSTRUCTS = [file for file in FILES if file.parent.name == "constructs"]
LINKS = {link for link in get_args(Link) if link not in ("business", "partner")}
KINDS = {kind for kind in get_args(PeriodKind) if kind != "month"}

UNSAID = {
    # where the machine does the same with each, one or two are tried
    *(f"{start}.of: {link}" for start in ("StartFiling", "FilingAwaited") for link in LINKS),
    *("StartFiling.period: next", "FilingAwaited.period: next"),
    *(f"Plan.period: {kind}" for kind in (*KINDS, "month")),
    "Deadline.latest_moves: previous_workday",
    # no workflow code reads these
    *(f"End.planner: {shown}" for shown in ("bij_klant", "gepland", "ingediend", "loopt")),
    "Plan.start: on_date",
    "Plan.format: 1",  # histories of its own
    "FactDefinition.closes_with_phase",  # a refusal, which no history holds
}
"""What a plan can say and that of no history does."""

UNSENT = {
    *(f"Period.kind: {kind}" for kind in KINDS),
    *("Resolved.way: approval", "Resolved.way: information"),
    *("Move.reason", "MoveWhenSafe.reason", "Mapping.dropped", "Effect.what: command"),
    *("MoveDropped.code: cannot", "MoveDropped.code: stays"),
    *("Sent.repeated", "Withdrawn.reached", "Failed.over", "Failed.reached", "Failed.repeated"),
    *("Delivered.sent", "Judged.proof", "Failed.code", "Failed.proof"),
}
"""What an event can have and none of a history does; tests of the machine have it."""


def list_kinds(hint: Any) -> Iterator[type[Struct]]:
    """Yield the structs that a type can hold, each once."""
    waiting, seen = [hint], set[Any]()
    while waiting:
        kind = waiting.pop()
        if isinstance(kind, type) and issubclass(kind, Struct) and kind not in seen:
            seen.add(kind)
            yield kind
            waiting += get_types(kind).values()
        waiting += get_args(kind) if get_origin(kind) is not Literal else ()


def list_words(hint: Any) -> Iterator[Any]:
    """Yield the words of a field that takes one of these alone."""
    if get_origin(hint) is Literal:
        yield from get_args(hint)
    elif get_origin(hint) is not tuple:
        for inside in get_args(hint):
            yield from list_words(inside)


def list_possible(hint: Any) -> set[str]:
    """Return what a type can have: its fields, by name, and the words of those that take few."""
    return {
        said
        for kind in list_kinds(hint)
        for name, of in get_types(kind).items()
        for field in (f"{kind.__name__}.{name}",)
        for said in (field, *(f"{field}: {word}" for word in list_words(of)))
    }


def find_said(part: Any) -> Iterator[str]:
    """Yield what data has: each field that is not as it is when left out, and each word."""
    if isinstance(part, dict):
        part = tuple(part.values())
    if isinstance(part, tuple | list):
        for inside in part:
            yield from find_said(inside)
    if not isinstance(part, Struct):
        return
    for field in structs.fields(type(part)):
        value, name = getattr(part, field.name), f"{type(part).__name__}.{field.name}"
        is_given = value not in ({}, ()) if field.default is NODEFAULT else value != field.default
        if is_given:
            yield name
        if isinstance(value, str | int):
            yield f"{name}: {value}"
        yield from find_said(value)


@cache
def read_recorded() -> tuple[frozenset[str], frozenset[str]]:
    """Return what the plans and the events of the histories have."""
    histories = [read(file) for file in CONSTRUCTS]
    plans = {text for history in histories for text in list_plans(history)}
    events = (event for history in histories for event in list_events(history))
    return (
        frozenset(said for text in plans for said in find_said(load_plan(text))),
        frozenset(find_said([*events])),
    )


def list_plans(history: WorkflowHistory) -> Iterable[str]:
    """Return the plans on which a filing began and to which it moved."""
    read_payloads = PLAIN.payload_converter.from_payloads
    begun = history.events[0].workflow_execution_started_event_attributes
    (input,) = read_payloads(begun.input.payloads, [FilingInput])
    texts = [input.plan]
    for event in history.events:
        update = event.workflow_execution_update_accepted_event_attributes.accepted_request
        texts += read_payloads(update.input.args.payloads)[1:]
    return texts


def list_events(history: WorkflowHistory) -> Iterator[AnyEvent]:
    """Yield the events that a history recorded."""
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name == RECORD:
            (recorded,) = PLAIN.payload_converter.from_payloads(scheduled.input.payloads, [RecordInput])
            yield from (step.event for step in recorded.steps if step.event)


def test_whatever_the_language_can_say_is_said_by_the_plan_of_a_history() -> None:
    """A new key or word of the language needs a story in `stories.py`, or its reason in `UNSAID`."""
    plans, _ = read_recorded()
    assert list_possible(Plan) - plans == UNSAID


def test_whatever_people_and_the_world_can_send_is_sent_in_a_history() -> None:
    _, events = read_recorded()
    assert list_possible(AnyEvent) - events == UNSENT
