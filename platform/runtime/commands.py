"""Which activity carries out which command, with what it needs to know of plan and state."""

from datetime import date, datetime
from typing import Any, assert_never

from ..data import replace
from ..filing.commands import (
    AnyCommand,
    Deliver,
    FindLinked,
    Follow,
    LeaveNote,
    Resolve,
    Send,
    StartFiling,
    Watch,
)
from ..filing.deadlines import last_due
from ..filing.events import Calendars
from ..filing.facts import find_fact
from ..filing.informing import last_day_to_object
from ..filing.state import State
from ..filing.turn import Reader
from ..plan import Plan, Way
from .inputs import (
    Asked,
    DeliverInput,
    FactInput,
    FindInput,
    FollowInput,
    NoteInput,
    ResolveInput,
    SendInput,
    StartInput,
    WatchInput,
)

SEND, RESOLVE, DELIVER, FOLLOW, RECORD = "send_message", "resolve_offer", "deliver", "follow", "record"
WATCH, START, NOTE, FIND = "watch_filing", "start_filing", "leave_note", "find_linked"
CARRY_OUT = "carry_out_lines"
"""Names of activities, as histories hold them: never changed."""

_OWN_QUEUES = {SEND: "mail", DELIVER: "deliveries", FOLLOW: "following", CARRY_OUT: "bulk"}
"""By activity the end of its task queue's name, where it has one of its own."""


def activity_for(
    plan: Plan, state: State, command: AnyCommand, at: datetime, digest: str | None = None
) -> tuple[str, Asked]:
    """Return the activity's name and its input.

    `digest` names the plan where an activity reads it itself: the office's row may still name an earlier one.
    """
    origin = replace(state.origin, calendars=Calendars())
    known: dict[str, Any] = {"workflow_id": origin.filing.workflow_id, "origin": origin, "at": at}
    match command:
        case Send():
            reader, phase = Reader(plan, state), plan.phase(command.phase)
            return SEND, SendInput(
                command=command,
                message=plan.message(command.message),
                office=plan.office,
                title=plan.title,
                due=last_due(reader),
                offered_as=_last_way(reader),
                object_until=_last_day_to_object(reader, command, at),
                sent_back=_is_sent_back(reader, command),
                role=phase.role,
                roles=plan.roles,
                facts=_list_facts(reader),
                assigned=state.case.assigned,
                on_behalf_of=phase.offer.on_behalf_of if phase.offer else None,
                **known,
            )
        case Resolve():
            return RESOLVE, ResolveInput(command=command, plan=digest, **known)
        case Deliver():
            report = plan.document(command.document).report
            if report is None:
                raise LookupError(f"document '{command.document}' has no report to deliver")
            return DELIVER, DeliverInput(command=command, report=report, **known)
        case Follow():
            return FOLLOW, FollowInput(command=command, **known)
        case Watch():
            return WATCH, WatchInput(command=command, **known)
        case StartFiling():
            return START, StartInput(command=command, **known)
        case FindLinked():
            return FIND, FindInput(command=command, **known)
        case LeaveNote():
            reader = Reader(plan, state)
            return NOTE, NoteInput(
                command=command,
                message=plan.message(command.message),
                office=plan.office,
                title=plan.title,
                due=last_due(reader),
                role=plan.phase(command.phase).role,
                roles=plan.roles,
                facts=_list_facts(reader),
                assigned=state.case.assigned,
                **known,
            )
        case _:
            assert_never(command)


def queue_of(task_queue: str, name: str) -> str:
    """Return the task queue of an activity: its own where it waits for what is outside, else the common."""
    own = _OWN_QUEUES.get(name)
    return f"{task_queue}-{own}" if own else task_queue


def _list_facts(reader: Reader) -> tuple[FactInput, ...]:
    """Return the facts that a text may name, with what is recorded of them."""
    return tuple(
        FactInput(definition=fact, value=recorded.value if recorded else None)
        for fact in reader.plan.facts
        for recorded in (find_fact(reader, fact.id),)
    )


def _last_day_to_object(reader: Reader, command: Send, at: datetime) -> date | None:
    """Return until when who is informed by an offer's message can object; None for all other messages."""
    phase = reader.rules.phase(command.phase)
    if command.purpose != "offer" or reader.offered_as(phase.id) != "information":
        return None
    return last_day_to_object(reader, phase, at.date())


def _is_sent_back(reader: Reader, command: Send) -> bool:
    """Say whether something was sent back of the last request by the automation that a message is about."""
    about = (command.phase, command.automation)
    asked = [one for one in reader.case.requests if (one.phase, one.automation) == about]
    return any(item.status == "sent_back" for one in asked[-1:] for item in one.items)


def _last_way(reader: Reader) -> Way | None:
    """Return how the client was last offered something, or None before that."""
    last = max(reader.case.offers, key=lambda offer: offer.number, default=None)
    return reader.offered_as(last.phase) if last else None
