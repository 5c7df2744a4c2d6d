"""Format 1 of the machine's data: how it was hashed, and reading a state that was written in it.

Every default stood in its bytes, and the state held what can be derived. Filings that were started then go on
in today's shape and keep the digests they would have had, so that their records and histories stay provable.
Nothing here grows: what came after format 1 is not part of these bytes.
"""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from ..data import Struct, canonical, convert, replace
from ..period import Period
from ..plan import Phase, Plan, To
from . import commands, events
from .events import Act, Actor, Calendars, FilingKey, ResolvedContact, Shown
from .issuing import command_of, is_current
from .mapping import Effect, Mapping
from .offers import problem_of
from .permissions import chase_subject
from .state import (
    Answered,
    Contribution,
    Decision,
    DeliveryState,
    DocumentState,
    Ended,
    OfferState,
    Origin,
    Pending,
    Review,
    Stall,
    State,
    TaskState,
    Tick,
)
from .turn import Reader

Plain = dict[str, Any]

_FIELDS: dict[type[Struct], tuple[str, ...]] = {
    Period: ("kind", "start", "end"),
    To: ("kind", "name", "decide"),
    FilingKey: ("template", "relation", "period", "sub_number", "sequence"),
    Calendars: ("office", "law", "bank"),
    Origin: (
        *("filing", "period", "start_date", "relation", "product", "calendars", "opening_hour"),
        *("automations_off", "without_automations"),
    ),
    Tick: ("checkpoint", "by", "at"),
    Review: ("phase", "by", "hash"),
    Shown: ("document", "hash", "rendering"),
    DocumentState: ("id", "shown", "by", "at", "reviews"),
    ResolvedContact: ("contact", "may", "jointly"),
    Decision: ("contact", "answer", "jointly", "at", "recorded_by", "proof"),
    OfferState: ("phase", "round", "number", "documents", "sent", "decisions", "outcome"),
    DeliveryState: (
        *("phase", "attempt", "document", "hash", "status", "number", "reference", "code"),
        "text",
    ),
    TaskState: ("id", "phase", "automation", "made", "done", "done_by", "proof"),
    Contribution: ("phase", "person"),
    Stall: ("error", "at", "over"),
    Ended: ("how", "end", "at", "by"),
    Answered: ("id", "digest", "sequence"),
    commands.Send: (
        *("number", "phase", "message", "purpose", "to", "contacts", "reached"),
        "sender",
    ),
    commands.Resolve: ("number", "phase"),
    commands.Deliver: ("number", "phase", "document", "hash", "attempt", "standing"),
    commands.Follow: ("number", "phase", "reference", "attempt", "delivery"),
    events.Check: ("id", "phase", "checkpoint"),
    events.Uncheck: ("id", "phase", "checkpoint"),
    events.Complete: ("id", "phase", "documents"),
    events.Back: ("id", "phase", "reason"),
    events.Attach: ("id", "shown", "remarks"),
    events.Release: ("id", "phase"),
    events.Decide: ("id", "phase", "answer", "documents", "reason", "contact", "proof"),
    events.TaskDone: ("id", "task", "proof"),
    events.Note: ("id", "text"),
    events.Cancel: ("id", "reason"),
    events.Retry: ("id", "phase"),
}
"""What format 1 had of each struct. All of it stood in its bytes, also what had its default."""
_LATER_FIELDS: dict[type[Struct], tuple[str, ...]] = {
    Actor: ("kind", "id", "roles", "qualifications", "may", "jointly", "instead_of", "stands_in"),
    events.StandIn: ("role", "person"),
    events.Enclosure: ("hash", "name", "media_type"),
    events.RecordDelivery: ("id", "phase", "on", "proof", "reference"),
    events.RecordFact: ("id", "phase", "fact", "value", "reason"),
    events.AnswerRequest: ("id", "request", "values", "item", "documents", "contact", "proof"),
    events.AcceptItem: ("id", "request", "item"),
    events.SendBackItem: ("id", "request", "reason", "item"),
    events.NotApplicable: ("id", "request", "item", "reason"),
    events.Hold: ("id", "reason", "until"),
    events.Resume: ("id",),
    events.Reassign: ("id", "role", "person", "reason"),
    events.Waive: ("id", "phase", "person", "reason"),
    events.ResolveAgain: ("id", "phase"),
    events.Notice: ("id", "phase", "notice", "on", "reference", "document", "reason"),
    events.Move: ("id", "before", "plan", "mapping", "told", "reason"),
    Mapping: ("phases", "back_to", "without", "dropped", "kept"),
    Effect: ("what", "code", "phase", "item", "before", "after"),
    commands.Watch: ("number", "phase", "template", "period", "until", "optional"),
    commands.StartFiling: ("number", "phase", "template", "period"),
    commands.LeaveNote: ("number", "phase", "template", "message"),
    commands.FindLinked: ("number", "phase", "link", "optional"),
}
"""What came later and was hashed in filings of format 1 with its defaults spelt out."""
_ALL_FIELDS = _FIELDS | _LATER_FIELDS


def act_in_format_1(act: Act) -> Plain:
    """Return what was hashed of an act: what it says and who does it."""
    fields: Plain = _write(act)
    if fields.get("contact"):
        fields["contact"] = _without(fields["contact"], "instead_of", "stands_in")
    return fields | {"by": act.by.id}


def state_in_format_1(plan: Plan, state: State) -> Plain:
    """Return what was hashed of a state."""
    reader, case, journal = Reader(plan, state), state.case, state.journal
    return {
        "version": 1,
        "origin": _write(state.origin),
        "sequence": journal.sequence,
        "last_number": journal.last_number,
        "phases": [_phase(reader, name) for name in sorted({*case.rounds, *(p.id for p in case.phases)})],
        "documents": _write(case.documents),
        "offers": [_offer(reader, offer) for offer in case.offers],
        "deliveries": _write(case.deliveries),
        "tasks": _write(case.tasks),
        "facts": {},
        "contributions": _write(case.contributions),
        "missed": sorted({told.deadline for told in case.told}),
        "in_flight": [_command(reader, pending) for pending in journal.in_flight],
        "stalls": [_write(stall) | {"command": _command(reader, stall.pending)} for stall in case.stalls],
        "answered": _write(journal.answered),
        "ended": _write(case.ended),
    }


def is_of_format_1(content: bytes) -> bool:
    """Say whether a state was written in format 1."""
    data = msgspec.json.decode(content)
    return isinstance(data, dict) and "version" in data


def read_state(plan: Plan, content: bytes) -> State:
    """Read a state from its JSON, in whichever format it was written. Raises msgspec.ValidationError."""
    data = msgspec.json.decode(content)
    if isinstance(data, dict) and "version" in data:
        return _withdraw(plan, convert(_from_format_1(plan, data), State))
    return convert(data, State)


# --- writing ------------------------------------------------------------------------------------------------


def _write(value: Any) -> Any:
    """Return plain data with what format 1 had of every struct, defaults spelt out.

    A struct that neither table has came later still: of that, defaults are left out.
    """
    if isinstance(value, Struct):
        kind = next((kind for kind in type(value).__mro__ if kind in _ALL_FIELDS), None)
        if kind is None:
            return msgspec.json.decode(canonical(value))
        tag = {"kind": value.__struct_config__.tag} if value.__struct_config__.tag else {}
        return tag | {name: _write(getattr(value, name)) for name in _ALL_FIELDS[kind]}
    if isinstance(value, (tuple, list)):
        return [_write(item) for item in value]
    if isinstance(value, dict):
        return {key: _write(item) for key, item in value.items()}
    return msgspec.to_builtins(value)


def _without(data: Plain, *names: str) -> Plain:
    return {name: value for name, value in data.items() if name not in names}


def _phase(reader: Reader, name: str) -> Plain:
    state, phase = reader.phase_state(name), reader.rules.phase(name)
    chased = reader.chased_for(chase_subject(phase))
    return {
        "id": name,
        "status": reader.status(name),
        "round": reader.round_of(name),
        "entered": _write(state.entered) if state else None,
        "ended": _write(state.ended) if state else None,
        "ticks": _write(state.ticks) if state else [],
        "fired": _write(state.fired) if state else [],
        "reminders": len(chased.reminded),
        "escalated": chased.escalated is not None,
    }


def _offer(reader: Reader, offer: OfferState) -> Plain:
    lookup, phase = offer.lookup, reader.rules.phase(offer.phase)
    plain: Plain = _write(offer)
    return plain | {
        "way": reader.offered_as(offer.phase),
        "recipients": _write(lookup.recipients) if lookup else [],
        "sender": lookup.sender if lookup else None,
        "standing_until": _write(lookup.standing_until) if lookup else None,
        "problem": problem_of(reader, phase, offer),
        "ended_by": offer.ended_by or "kantoor",
    }


def _command(reader: Reader, pending: Pending) -> Plain:
    written: Plain = _write(command_of(reader, pending)) or {}
    return written


# --- reading ------------------------------------------------------------------------------------------------


def _from_format_1(plan: Plan, data: Plain) -> Plain:
    """Return a state of format 1 in today's shape; the days of its reminders follow from their count."""
    phases = {phase.id: phase for phase in plan.phases}
    reached = [p for p in data["phases"] if p["status"] != "pending"]
    sent = {o["phase"]: o["sent"] for o in data["offers"]}
    stalls = [
        _without(s, "command") | {"pending": _pending(phases[s["command"]["phase"]], s["command"])}
        for s in data["stalls"]
    ]
    case = {
        "phases": [_without(p, "status", "round", "reminders", "escalated") for p in reached],
        "rounds": {p["id"]: p["round"] for p in data["phases"] if p["round"]},
        "documents": [_document(plan, data, d) for d in data["documents"]],
        "offers": [_read_offer(plan, o) for o in data["offers"]],
        "deliveries": data["deliveries"],
        "chased": [
            _write_chased(phases[p["id"]], p, sent.get(p["id"]))
            for p in reached
            if p["reminders"] or p["escalated"]
        ],
        "tasks": data["tasks"],
        "contributions": data["contributions"],
        "told": [],
        "stalls": stalls,
        "ended": data["ended"],
    }
    journal = {
        "at": _last_moment(data),
        "sequence": data["sequence"],
        "last_number": data["last_number"],
        "in_flight": [_pending(phases[c["phase"]], c) for c in data["in_flight"]],
        "answered": data["answered"],
    }
    state = {"format": 1, "origin": data["origin"], "case": case, "journal": journal}
    if data["missed"]:
        rules = Reader(plan, convert(state, State)).rules
        days = {name: rules.deadline_day(name) for name in data["missed"]}
        case["told"] = [{"deadline": n, "day": day.isoformat()} for n, day in days.items() if day]
    return state


def _withdraw(plan: Plan, state: State) -> State:
    """Mark the commands on their way whose reason is gone, by what the machine of format 1 ignored.

    It knew by offer and phase when a result came, and marked nothing. What stands still needs no mark: it
    was dropped with its reason, as it is today.
    """
    reader = Reader(plan, state)

    def is_withdrawn(pending: Pending) -> bool:
        if pending.what not in ("send", "resolve"):
            return False
        left = state.case.ended is not None or reader.status(pending.phase) == "pending"
        return left or not is_current(reader, pending)

    in_flight = tuple(replace(p, withdrawn=is_withdrawn(p)) for p in state.journal.in_flight)
    return replace(state, journal=replace(state.journal, in_flight=in_flight))


def _document(plan: Plan, data: Plain, document: Plain) -> Plain:
    source = plan.document(document["id"]).source
    bases = {d["id"]: d["shown"]["hash"] for d in data["documents"]}
    return document | {"made_from": bases.get(source) if source else None}


def _read_offer(plan: Plan, offer: Plain) -> Plain:
    block = plan.phase(offer["phase"]).offer
    names = ("recipients", "sender", "way", "standing_until", "problem")
    lookup = {name: offer[name] for name in names}
    asked = (
        None if offer["way"] is None else lookup | {"to": msgspec.to_builtins(block.to if block else None)}
    )
    ended_by = offer["ended_by"] if offer["outcome"] else None
    return _without(offer, *names) | {"lookup": asked, "ended_by": ended_by}


def _write_chased(phase: Phase, state: Plain, sent: str | None) -> Plain:
    remind = phase.chase.remind if phase.chase else None
    since = datetime.fromisoformat(sent or state["entered"]).date()
    days = (
        [since + timedelta(days=remind.every_days * n) for n in range(1, state["reminders"] + 1)]
        if remind
        else []
    )
    escalated: date | None = since if state["escalated"] else None
    return {
        "subject": chase_subject(phase),
        "reminded": [day.isoformat() for day in days],
        "escalated": escalated.isoformat() if escalated else None,
    }


def _pending(phase: Phase, command: Plain) -> Plain:
    pending = {"number": command["number"], "what": command["kind"], "phase": command["phase"]}
    if command["kind"] != "send":
        return pending
    sends = (a for a in phase.automations if a.send and a.send.message == command["message"])
    automation = next((a.id for a in sends), None) if command["purpose"] == "automation" else None
    facts = {"purpose": command["purpose"], "automation": automation, "reached": command["reached"]}
    readers = {"contacts": command["contacts"], "sender": command["sender"]} if command["to"] is None else {}
    return pending | facts | readers


def _last_moment(data: Plain) -> str:
    moments = [p[name] for p in data["phases"] for name in ("entered", "ended") if p[name]]
    ended = [data["ended"]["at"]] if data["ended"] else []
    return max([*moments, *ended], default=f"{data['origin']['start_date']}T00:00:00")
