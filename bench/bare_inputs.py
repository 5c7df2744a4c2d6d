"""What goes in and out of the hand-written return: its start, the activities' inputs, what is recorded."""

from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import msgspec
from temporalio.common import SearchAttributeUpdate

from kantoor.clock import Clock
from kantoor.compiler.compilation import compile_definitions
from kantoor.data import Struct, replace
from kantoor.filing.commands import Deliver, Follow, Resolve, Send
from kantoor.filing.events import Calendars
from kantoor.filing.state import Origin
from kantoor.plan import Plan, To
from kantoor.runtime.inputs import (
    Answer,
    DeliverInput,
    FollowInput,
    ResolveInput,
    SendInput,
    Timing,
)
from kantoor.runtime.search_attributes import DUE, PHASE

from . import bare_rules as rules
from .material import TEMPLATE
from .office import DEFINITIONS

QUEUE, RECORDS = "bare", "bare-records"
"""Task queues of the hand-written return's worker."""

TITLE = "Aangifte btw"

Found = tuple[str, date | None]
"""The phase and the open deadline that a return can be found by."""


class Stamped(Struct):
    """One step that is still to be recorded: the event as plain JSON, and what it led to.

    `digest` is the case's after it; an entry is what, phase and facts.
    """

    sequence: int
    digest: str
    at: datetime
    event: dict[str, Any]
    entries: list[tuple[str, str, dict[str, str]]] = msgspec.field(default_factory=list)


class BareCarried(Struct):
    """What a run hands to the next one when it continues as new."""

    latest: datetime
    case: rules.Case
    outbox: tuple[Stamped, ...] = ()


class BareInput(Struct):
    """What a return starts or goes on with."""

    origin: Origin
    clock: Clock
    timing: Timing
    carried: BareCarried | None = None


class BareRecord(Struct):
    """Every step since the last record, and the case after the last of them."""

    workflow_id: str
    steps: tuple[Stamped, ...]
    case: msgspec.Raw


@cache
def texts() -> Plan:
    """Return what a hand-written workflow has as constants: the texts of messages, the office, its roles."""
    return compile_definitions(DEFINITIONS).plans[TEMPLATE]


def asked(
    origin: Origin, case: rules.Case, command: dict[str, Any], at: datetime
) -> tuple[str, SendInput | ResolveInput | DeliverInput | FollowInput, type[Answer]]:
    """Return the activity of a command, and its input; nobody outside needs the days off."""
    plain = {"number": command["number"], "phase": command["phase"]}
    known: dict[str, Any] = {"workflow_id": origin.filing.workflow_id, "origin": _lean(origin), "at": at}
    if command["kind"] == "send":
        to = To(kind="role", name=command["role"]) if "role" in command else None
        send = Send(
            **plain,
            message=command["message"],
            purpose=command["purpose"],
            to=to,
            contacts=tuple(command.get("contacts", ())),
            sender=command.get("sender"),
        )
        known |= {"message": texts().message(command["message"]), "office": texts().office, "title": TITLE}
        known |= {"due": rules.deadline(case), "offered_as": case.way, "roles": texts().roles}
        return (
            "send_message",
            SendInput(command=send, role=rules.BY_ID[command["phase"]].role, **known),
            Answer,
        )
    if command["kind"] == "resolve":
        return "resolve_offer", ResolveInput(command=Resolve(**plain), **known), Answer
    facts = {key: value for key, value in command.items() if key not in ("kind", "number", "phase", "over")}
    if command["kind"] == "deliver":
        deliver = Deliver(**plain, **facts)
        return "deliver", DeliverInput(command=deliver, report="omzetbelasting", **known), Answer
    return "follow", FollowInput(command=Follow(**plain, **facts), **known), Answer


def _lean(origin: Origin) -> Origin:
    return replace(origin, calendars=Calendars())


def found_by(case: rules.Case) -> Found:
    """Return what a return is found by now."""
    open_phase = "" if case.ended or case.phase < 0 else rules.PHASES[case.phase].id
    return open_phase, None if case.ended or case.filed else rules.deadline(case)


def upserts(before: Found | None, found: Found) -> list[SearchAttributeUpdate[Any]]:
    """Return the search attributes that have changed."""
    (phase, due), changed = found, list[SearchAttributeUpdate[Any]]()
    if before is None or before[0] != phase:
        changed.append(PHASE.value_set([phase] if phase else []))
    if before is None or before[1] != due:
        moment = datetime(due.year, due.month, due.day, tzinfo=UTC) if due else None
        changed.append(DUE.value_set(moment) if moment else DUE.value_unset())
    return changed
