"""Format 1 of the machine's data: how it was hashed, and reading a state that was written in it.

Every default stood in its bytes, and the state held what can be derived. Filings that were started then go on
in today's shape and keep the digests they would have had, so that their records and histories stay provable.
Nothing here grows: what came after format 1 is not part of these bytes.
"""

from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from ..data import convert, fill_in, replace
from ..plan import Phase, Plan
from .events import Act
from .issuing import command_of, is_current
from .offers import problem_of
from .permissions import chase_subject
from .state import OfferState, Pending, State
from .turn import Reader

Plain = dict[str, Any]

_ACT_FIELDS = {
    "check": ("phase", "checkpoint"),
    "uncheck": ("phase", "checkpoint"),
    "complete": ("phase", "documents"),
    "back": ("phase", "reason"),
    "attach": ("shown", "remarks"),
    "release": ("phase",),
    "decide": ("phase", "answer", "documents", "reason", "contact", "proof"),
    "task_done": ("task", "proof"),
    "note": ("text",),
    "cancel": ("reason",),
    "retry": ("phase",),
}
_ORIGIN_FIELDS = (
    *("filing", "period", "start_date", "relation", "product", "calendars", "opening_hour"),
    *("automations_off", "without_automations"),
)
_SEND_FIELDS = ("number", "phase", "kind", "message", "purpose", "to", "contacts", "reached", "sender")


def act_in_format_1(act: Act) -> Plain:
    """Return what was hashed of an act: what it says and who does it."""
    full = fill_in(act)
    said = [name for name in act.__struct_fields__ if name not in ("at", "by")]
    fields = {name: full[name] for name in ("kind", "id", *_ACT_FIELDS.get(act.kind, said))}
    if fields.get("contact"):
        fields["contact"] = _without(fields["contact"], "instead_of", "stands_in")
    return fields | {"by": act.by.id}


def state_in_format_1(plan: Plan, state: State) -> Plain:
    """Return what was hashed of a state."""
    reader, case, journal = Reader(plan, state), state.case, state.journal
    origin = fill_in(state.origin)
    return {
        "version": 1,
        "origin": {name: origin[name] for name in _ORIGIN_FIELDS},
        "sequence": journal.sequence,
        "last_number": journal.last_number,
        "phases": [_phase(reader, name) for name in sorted({*case.rounds, *(p.id for p in case.phases)})],
        "documents": [
            _without(fill_in(d), "made_from", "signatures", "audience", "earlier") for d in case.documents
        ],
        "offers": [_offer(reader, offer) for offer in case.offers],
        "deliveries": [_without(fill_in(d), "standing", "on") for d in case.deliveries],
        "tasks": fill_in(case.tasks),
        "facts": {},
        "contributions": fill_in(case.contributions),
        "missed": sorted({told.deadline for told in case.told}),
        "in_flight": [_command(reader, pending) for pending in journal.in_flight],
        "stalls": [
            _without(fill_in(stall), "pending") | {"command": _command(reader, stall.pending)}
            for stall in case.stalls
        ],
        "answered": fill_in(journal.answered),
        "ended": fill_in(case.ended),
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


def _without(data: Plain, *names: str) -> Plain:
    return {name: value for name, value in data.items() if name not in names}


def _phase(reader: Reader, name: str) -> Plain:
    state, phase = reader.phase_state(name), reader.rules.phase(name)
    chased = reader.chased_for(chase_subject(phase))
    plain: Plain = fill_in(state) if state else {}
    return {
        "id": name,
        "status": reader.status(name),
        "round": reader.round_of(name),
        "entered": plain.get("entered"),
        "ended": plain.get("ended"),
        "ticks": plain.get("ticks", []),
        "fired": plain.get("fired", []),
        "reminders": len(chased.reminded),
        "escalated": chased.escalated is not None,
    }


def _offer(reader: Reader, offer: OfferState) -> Plain:
    lookup = fill_in(offer.lookup) or {}
    phase = reader.rules.phase(offer.phase)
    return _without(fill_in(offer), "lookup", "ended_by", "left") | {
        "way": reader.offered_as(offer.phase),
        "recipients": [_without(one, "own") for one in lookup.get("recipients", [])],
        "sender": lookup.get("sender"),
        "standing_until": lookup.get("standing_until"),
        "problem": problem_of(reader, phase, offer),
        "ended_by": offer.ended_by or "kantoor",
    }


def _command(reader: Reader, pending: Pending) -> Plain:
    command: Plain = fill_in(command_of(reader, pending)) or {}
    if command.get("kind") == "send":
        return {name: command[name] for name in _SEND_FIELDS}
    return _without(command, "own")


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
