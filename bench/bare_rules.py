"""The shipped VAT return by hand: its rules, without kantoor's machine, as a hand-written workflow has them.

Plain functions over one plain case. What a team would write that has one return to file and no templates:
its phases and dates are written here, and a case is what happened. Shortened like the return of
`bench.life`: one required checkpoint in each work phase. It shares no code with the machine; what the
activities take and give (commands, results) and what people read (entries, views) is shared, so that both do
the same work outside.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Literal

import msgspec

from kantoor.data import canonical
from kantoor.days import add_working_days
from kantoor.period import add_months, last_of_month
from kantoor.plan import Way

REVIEWED, OFFER, FILE = "controle", "aanbieden", "indienen"


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase: who works on it, when it should be done (working days from the deadline), what is ticked."""

    id: str
    title: str
    role: str
    workdays: int
    checkpoint: str = ""
    escalate: int | None = None
    escalate_to: str = "relatiebeheerder"


PHASES = (
    Phase("verzamelen", "Stukken opvragen", "administratie", -12, "verkoop_compleet", -10),
    Phase("opstellen", "Boeken en aangifte opstellen", "administratie", -9, "bank_aangesloten", -7),
    Phase(REVIEWED, "Controle", "accountant", -7, "grootboek"),
    Phase(OFFER, "Aanbieden aan de klant", "relatiebeheerder", -3, escalate=-3, escalate_to="accountant"),
    Phase(FILE, "Indienen bij de Belastingdienst", "fiscaal", -2),
    Phase("afronden", "Afronden", "administratie", 5, "ontvangstbevestiging"),
)
BY_ID = {phase.id: phase for phase in PHASES}
BACK_TO = "opstellen"
REMIND_DAYS, REMIND_MOST = 3, 3

Ended = Literal["completed", "end", "cancelled"]


class RefusedError(Exception):
    """An act that is not possible now: a code, and the Dutch sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


class Delivery(msgspec.Struct, omit_defaults=True):
    """One attempt to file: the number of its command, the authority's reference, what it said."""

    number: int
    document: str
    reference: str = ""


class Case(msgspec.Struct, omit_defaults=True):
    """What has happened to one return. Phases count from 0; -1 is before the first, 6 after the last."""

    period_end: date
    closed: tuple[date, ...]
    opening_hour: int
    phase: int = -1
    rounds: dict[str, int] = msgspec.field(default_factory=dict)
    ticks: dict[str, tuple[str, datetime]] = msgspec.field(default_factory=dict)
    worked: dict[str, list[str]] = msgspec.field(default_factory=dict)
    shown: dict[str, Any] | None = None
    reviewed: str = ""
    recipients: dict[str, tuple[list[str], list[str]]] = msgspec.field(default_factory=dict)
    sender: str | None = None
    way: Way | None = None
    standing: bool = False
    offered: datetime | None = None
    approvals: list[str] = msgspec.field(default_factory=list)
    outcome: Literal["approved", "informed", "rejected", "not_delivered"] | None = None
    fired: list[str] = msgspec.field(default_factory=list)
    tasks: list[str] = msgspec.field(default_factory=list)
    delivery: Delivery | None = None
    attempts: int = 0
    filed: datetime | None = None
    in_flight: dict[int, dict[str, Any]] = msgspec.field(default_factory=dict)
    stalls: dict[int, tuple[dict[str, Any], str]] = msgspec.field(default_factory=dict)
    answered: dict[str, tuple[int, str]] = msgspec.field(default_factory=dict)
    sequence: int = 0
    last_number: int = 0
    ended: Ended | None = None


@dataclass(slots=True)
class Taken:
    """What an event led to: lines of the timeline, and commands for the world."""

    entries: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    commands: list[dict[str, Any]] = field(default_factory=list)


def digest(case: Case) -> str:
    """Return the digest of a case, for the record."""
    return hashlib.sha256(msgspec.json.encode(case)).hexdigest()


def digest_act(act: dict[str, Any]) -> str:
    """Return the digest of what an act says and by whom, so that its id is never answered for another.

    It is the one that the office's client works out of the same act and holds the answer against.
    """
    by = {"kind": act["by"]["kind"], "id": act["by"]["id"]}
    content = {**act, "id": "", "at": datetime.min, "by": by}
    return hashlib.sha256(canonical(content)).hexdigest()


# --- dates ------------------------------------------------------------------------------------------------


def deadline(case: Case) -> date:
    """Return the last day on which a monthly return is in time."""
    return last_of_month(add_months(case.period_end, 1))


def before_deadline(case: Case, workdays: int) -> date:
    """Return the day so many working days from the deadline."""
    return _workdays_from(deadline(case), workdays, case.closed)


_workdays_from = lru_cache(maxsize=1000)(add_working_days)


def waits(case: Case) -> Iterator[tuple[datetime, str]]:
    """Yield every date that is waited for, with what happens then."""
    if case.ended:
        return
    for day, what in _days(case):
        if what not in case.fired:
            yield datetime.combine(day, time(case.opening_hour)), what


def _days(case: Case) -> Iterator[tuple[date, str]]:
    if case.phase < 0:
        yield case.period_end + timedelta(days=1), "begin"
        return
    if not case.filed:
        yield deadline(case) + timedelta(days=1), "missed"
    phase = PHASES[case.phase]
    if case.phase == 0:
        yield case.period_end + timedelta(days=8), "remind/8"
        yield case.period_end + timedelta(days=12), "remind/12"
    if phase.escalate is not None and (phase.id != OFFER or case.offered):
        yield before_deadline(case, phase.escalate), f"escalate/{phase.id}/{case.rounds[phase.id]}"
    if phase.id == OFFER:
        yield before_deadline(case, -2), "call"
        if case.offered and not case.outcome:
            last = before_deadline(case, phase.escalate or 0)
            for count in range(1, REMIND_MOST + 1):
                day = case.offered.date() + timedelta(days=REMIND_DAYS * count)
                if day < last:
                    yield day, f"remind/{case.rounds[OFFER]}/{count}"


# --- what happens -----------------------------------------------------------------------------------------


def begin(case: Case, now: datetime) -> Taken:
    """Begin, and enter the first phase when its date has come."""
    taken = Taken([("started", "", {})])
    pass_time(case, now, taken)
    return taken


def pass_time(case: Case, now: datetime, taken: Taken) -> bool:
    """Do what is due by now, in its order; say whether anything was."""
    due = sorted(found for found in waits(case) if found[0] <= now)
    for _, what in due:
        case.fired.append(what)
        _fire(case, what, now, taken)
    return bool(due)


def _fire(case: Case, what: str, now: datetime, taken: Taken) -> None:
    kind = what.partition("/")[0]
    phase = PHASES[max(case.phase, 0)]
    if kind == "begin":
        _enter(case, 0, now, taken)
    elif kind == "missed":
        taken.entries.append(("deadline_missed", phase.id, {"due": deadline(case).isoformat()}))
    elif kind == "call":
        case.tasks.append("bellen")
        taken.entries.append(("task_made", phase.id, {"title": "Bel de klant over de btw-aangifte"}))
    elif kind == "escalate":
        message = "btw-klant-zwijgt" if phase.id == OFFER else "btw-werk-blijft-liggen"
        _command(case, taken, "send", message=message, purpose="escalation", role=phase.escalate_to)
        taken.entries.append(("escalated", phase.id, {"role_title": phase.escalate_to}))
    elif phase.id == OFFER:
        waiting = [contact for contact in case.recipients if contact not in case.approvals]
        message = "btw-accordering-herinnering"
        _command(case, taken, "send", message=message, purpose="reminder", contacts=waiting)
        taken.entries.append(("reminded", phase.id, {"number": what.rpartition("/")[2]}))
    else:
        _command(case, taken, "send", message="btw-stukken-herinnering", purpose="automation")


def _enter(case: Case, place: int, now: datetime, taken: Taken) -> None:
    case.phase = place
    if place == len(PHASES):
        _end(case, "completed", now, taken)
        return
    phase = PHASES[place]
    case.rounds[phase.id] = case.rounds.get(phase.id, 0) + 1
    taken.entries.append(
        ("phase_entered", phase.id, {"title": phase.title, "round": str(case.rounds[phase.id])})
    )
    # What is too late to help is left out.
    opening = timedelta(hours=case.opening_hour)
    for day, what in _days(case):
        if what.startswith(("remind", "call")) and datetime.combine(day, time()) + opening < now:
            case.fired.append(what)
    if place == 0:
        _command(case, taken, "send", message="btw-stukken", purpose="automation")
    elif phase.id == OFFER:
        case.recipients, case.approvals, case.offered, case.outcome = {}, [], None, None
        _command(case, taken, "resolve")
    elif phase.id == FILE:
        _deliver(case, taken)


def _complete(case: Case, now: datetime, taken: Taken) -> None:
    phase = PHASES[case.phase]
    taken.entries.append(("phase_completed", phase.id, {"title": phase.title}))
    _enter(case, case.phase + 1, now, taken)


def _go_back(case: Case, reason: str, now: datetime, taken: Taken) -> None:
    """Work is done again from preparing on: what was ticked, reviewed and approved since is void."""
    phase, place = PHASES[case.phase], next(n for n, p in enumerate(PHASES) if p.id == BACK_TO)
    taken.entries.append(("sent_back", phase.id, {"title": phase.title, "reason": reason}))
    for again in PHASES[place:]:
        case.ticks.pop(again.id, None)
        case.worked.pop(again.id, None)
    case.reviewed, case.stalls, case.delivery = "", {}, None
    _enter(case, place, now, taken)


def _end(case: Case, how: Ended, now: datetime, taken: Taken) -> None:
    case.ended, case.stalls, case.tasks = how, {}, []
    taken.entries.append(("filing_ended", "", {"how": how}))


def _deliver(case: Case, taken: Taken) -> None:
    assert case.shown is not None
    case.attempts += 1
    number = _command(
        case,
        taken,
        "deliver",
        document="aangifte",
        hash=case.shown["hash"],
        attempt=case.attempts,
        standing=case.standing,
    )
    case.delivery = Delivery(number, case.shown["hash"])
    taken.entries.append(
        ("delivering", FILE, {"title": "Aangifte omzetbelasting", "hash": case.shown["hash"]})
    )


def _command(case: Case, taken: Taken, kind: str, **facts: Any) -> int:
    case.last_number += 1
    command = {"kind": kind, "number": case.last_number, "phase": PHASES[case.phase].id, **facts}
    case.in_flight[case.last_number] = command
    taken.commands.append(command)
    return case.last_number


# --- what people do ---------------------------------------------------------------------------------------


def check_act(case: Case, act: dict[str, Any]) -> None:
    """Raise RefusedError unless the act is possible now; changes nothing."""
    if act["id"] in case.answered:
        if case.answered[act["id"]][1] != digest_act(act):
            raise RefusedError("act_id_used", "Onder dit nummer is al iets anders gedaan.")
        return
    if case.ended:
        raise RefusedError("filing_ended", "Deze aangifte is al afgesloten.")
    kind, by = act["kind"], act["by"]
    if kind == "note":
        return
    if kind == "cancel":
        _check_role(by, "relatiebeheerder")
        if case.delivery and case.delivery.number in case.in_flight:
            raise RefusedError("delivery_under_way", "De aangifte wordt aangeleverd; wacht op het antwoord.")
        return
    if kind == "task_done":
        _check_role(by, "relatiebeheerder")
        if act["task"] not in case.tasks:
            raise RefusedError("no_task", "Deze taak staat niet open.")
        return
    named = "opstellen" if kind == "attach" else act["phase"]
    phase = PHASES[case.phase] if case.phase >= 0 else None
    if phase is None or phase.id != named:
        raise RefusedError("phase_not_active", "Deze fase is nu niet aan de orde.")
    if kind == "decide" and by["kind"] == "contact":
        _check_decision(case, act, by)
        return
    _check_role(by, phase.role)
    _CHECKS[kind](case, act, phase)


def _check_role(by: dict[str, Any], role: str) -> None:
    if by["kind"] != "team" or role not in by.get("roles", ()):
        raise RefusedError("wrong_role", f"Dit is aan de rol {role}.")


def _check_tick(case: Case, act: dict[str, Any], phase: Phase) -> None:
    if act["checkpoint"] != phase.checkpoint:
        raise RefusedError("no_checkpoint", "Dit punt is er niet.")
    if (act["kind"] == "check") == (phase.id in case.ticks):
        raise RefusedError("checkpoint_state", "Dit punt staat al zo.")


def _check_complete(case: Case, act: dict[str, Any], phase: Phase) -> None:
    if not phase.checkpoint:
        raise RefusedError("no_work_phase", "Deze fase wordt niet zo afgerond.")
    if phase.id not in case.ticks:
        raise RefusedError("checkpoint_open", "Er staat nog een verplicht punt open.")
    if phase.id == BACK_TO and case.shown is None:
        raise RefusedError("document_missing", "De aangifte ontbreekt nog.")
    if phase.id == REVIEWED:
        workers = {who for done in ("verzamelen", "opstellen") for who in case.worked.get(done, ())}
        if act["by"]["id"] in workers:
            raise RefusedError("four_eyes", "Wie eraan werkte controleert niet.")
        if tuple(act.get("documents", ())) != (case.shown,):
            raise RefusedError("other_document", "De controle was op een andere versie van de aangifte.")


def _check_back(case: Case, act: dict[str, Any], phase: Phase) -> None:
    if phase.id not in (REVIEWED, OFFER, FILE):
        raise RefusedError("no_way_back", "Vanuit deze fase gaat niets terug.")
    if not act.get("reason", "").strip():
        raise RefusedError("reason_missing", "Geef een reden.")
    if phase.id == FILE and case.in_flight:
        raise RefusedError("delivery_under_way", "De aangifte wordt aangeleverd; wacht op het antwoord.")


def _check_attach(case: Case, act: dict[str, Any], phase: Phase) -> None:
    if act["shown"]["document"] != "aangifte":
        raise RefusedError("no_document", "Dit document hoort niet bij de aangifte.")


def _check_retry(case: Case, act: dict[str, Any], phase: Phase) -> None:
    if not case.stalls:
        raise RefusedError("nothing_stalled", "Er staat niets stil.")


def _check_settled(case: Case, act: dict[str, Any], phase: Phase) -> None:
    """A team member decides for the client, or decides that nothing is filed."""
    if not act.get("reason", "").strip():
        raise RefusedError("reason_missing", "Geef een reden.")
    if act["answer"] == "not_deliver":
        return
    if not act.get("contact") or not act.get("proof"):
        raise RefusedError("proof_missing", "Leg vast wie akkoord gaf, met bewijs.")
    _check_decision(case, act, act["contact"])


def _check_decision(case: Case, act: dict[str, Any], contact: dict[str, Any]) -> None:
    if case.offered is None or case.outcome:
        raise RefusedError("nothing_offered", "Er ligt nu niets voor.")
    rights, _ = case.recipients.get(contact["id"], ((), ()))
    needed = "sign" if case.way == "signature" else "approve"
    if needed not in rights or needed not in contact.get("may", ()):
        raise RefusedError("no_right", "Hiervoor is geen bevoegdheid.")
    if act["answer"] == "reject":
        if not act.get("reason", "").strip():
            raise RefusedError("reason_missing", "Geef een reden.")
        return
    if act["answer"] != needed:
        raise RefusedError("other_way", "Zo wordt deze aangifte niet afgedaan.")
    if tuple(act.get("documents", ())) != (case.shown,):
        raise RefusedError("other_document", "Dit is niet de versie die voorligt.")
    if contact["id"] in case.approvals:
        raise RefusedError("decided_already", "Hierop is al besloten.")


_CHECKS = {
    "check": _check_tick,
    "uncheck": _check_tick,
    "complete": _check_complete,
    "back": _check_back,
    "attach": _check_attach,
    "retry": _check_retry,
    "decide": _check_settled,
}


def take_act(case: Case, act: dict[str, Any], now: datetime) -> Taken:
    """Take an act that was checked."""
    taken, kind, by = Taken(), act["kind"], act["by"]["id"]
    phase = PHASES[max(case.phase, 0)]
    if kind in ("check", "uncheck", "complete", "attach"):
        workers = case.worked.setdefault(phase.id, [])
        if by not in workers:
            workers.append(by)
    if kind == "check":
        case.ticks[phase.id] = (by, now)
        taken.entries.append(("checkpoint_ticked", phase.id, {"title": phase.checkpoint}))
    elif kind == "uncheck":
        del case.ticks[phase.id]
        taken.entries.append(("checkpoint_unticked", phase.id, {"title": phase.checkpoint}))
    elif kind == "attach":
        case.shown = act["shown"]
        hashed = {"title": "Aangifte omzetbelasting", "hash": act["shown"]["hash"]}
        taken.entries.append(
            ("document_attached", phase.id, hashed | {"remarks": " ".join(act.get("remarks", ()))})
        )
    elif kind == "complete":
        if phase.id == REVIEWED and case.shown:
            case.reviewed = case.shown["hash"]
            hashed = {"title": "Aangifte omzetbelasting", "hash": case.reviewed}
            taken.entries.append(("document_reviewed", phase.id, hashed))
        _complete(case, now, taken)
    elif kind == "back":
        _go_back(case, act.get("reason", ""), now, taken)
    elif kind == "decide":
        _decide(case, act, now, taken)
    elif kind == "retry":
        _retry(case, taken)
    elif kind == "task_done":
        case.tasks.remove(act["task"])
        taken.entries.append(("task_done", phase.id, {"title": act["task"]}))
    elif kind == "note":
        taken.entries.append(("noted", "", {"text": act["text"]}))
    else:
        _end(case, "cancelled", now, taken)
    return taken


def _decide(case: Case, act: dict[str, Any], now: datetime, taken: Taken) -> None:
    contact = (act.get("contact") or act["by"])["id"]
    taken.entries.append(("decided", OFFER, {"answer": act["answer"], "reason": act.get("reason", "")}))
    if act["answer"] == "not_deliver":
        case.outcome = "not_delivered"
        _end(case, "end", now, taken)
    elif act["answer"] == "reject":
        case.outcome = "rejected"
        _go_back(case, act.get("reason", ""), now, taken)
    else:
        case.approvals.append(contact)
        _, jointly = case.recipients[contact]
        if act["answer"] not in jointly or len(case.approvals) > 1:
            case.outcome = "approved"
            _complete(case, now, taken)


def _retry(case: Case, taken: Taken) -> None:
    stalls, case.stalls = case.stalls, {}
    for command, _ in stalls.values():
        facts = {key: value for key, value in command.items() if key not in ("kind", "number", "phase")}
        if command["kind"] == "deliver" or command.get("over"):
            _deliver(case, taken)
        else:
            _command(case, taken, command["kind"], **facts)
    taken.entries.append(("retried", PHASES[case.phase].id, {"title": PHASES[case.phase].title}))


# --- what the world answers -------------------------------------------------------------------------------


def take_result(case: Case, result: Any, now: datetime) -> Taken | None:
    """Take the answer to a command in flight; None when nobody waits for it any more."""
    command = case.in_flight.pop(result.number, None)
    if command is None or case.ended:
        return None
    taken = Taken()
    current = PHASES[case.phase].id == command["phase"]
    if result.kind == "failed":
        case.stalls[result.number] = (command | {"over": result.over}, result.error)
        stall = {"command": command["kind"], "reason": result.error}
        taken.entries.append(("stands_still", command["phase"], stall))
    elif result.kind == "sent":
        told = {"message": command["message"], "to": ", ".join(result.recipients)}
        taken.entries.append(("message_sent", command["phase"], told | {"purpose": command["purpose"]}))
        if command["purpose"] == "offer" and current:
            _offer(case, now, taken)
    elif result.kind == "resolved" and current:
        _resolve(case, result, command, taken)
    elif result.kind == "delivered" and case.delivery:
        case.delivery.reference = result.reference
        taken.entries.append(("delivered", FILE, {"reference": result.reference}))
        facts = {"reference": result.reference, "attempt": case.attempts, "delivery": result.number}
        _command(case, taken, "follow", **facts)
    elif result.kind == "judged":
        answer = {"code": result.code, "text": result.text}
        taken.entries.append(("accepted" if result.accepted else "refused", FILE, answer))
        if result.accepted:
            case.filed = now
            _command(case, taken, "send", message="btw-ingediend", purpose="automation")
            _complete(case, now, taken)
        else:
            _go_back(case, result.text, now, taken)
    return taken


def _resolve(case: Case, result: Any, command: dict[str, Any], taken: Taken) -> None:
    if result.problem:
        case.stalls[result.number] = (command, result.problem)
        taken.entries.append(("offer_stands_still", OFFER, {"reason": result.problem}))
        return
    case.recipients = {one.contact: (list(one.may), list(one.jointly)) for one in result.recipients}
    case.sender, case.way = result.sender, result.way or "approval"
    case.standing = case.way == "information" and result.standing_until is not None
    facts = {"contacts": list(case.recipients), "sender": case.sender}
    _command(case, taken, "send", message="btw-ter-accordering", purpose="offer", **facts)


def _offer(case: Case, now: datetime, taken: Taken) -> None:
    case.offered = now
    if case.way == "information":
        case.outcome = "informed"
        taken.entries.append(("informed", OFFER, {}))
        _complete(case, now, taken)
