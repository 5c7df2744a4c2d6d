"""What happens in a step, in the words of policies, and what holds in a state."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from ..data import replace
from ..filing.chases import escalation_day, give_up_day, list_waiting, reminder_day
from ..filing.commands import Send
from ..filing.documents import is_approved, missing_reviews
from ..filing.informing import is_open_to_objection
from ..filing.outcome import Entry, Made, Step
from ..filing.permissions import find_waiver
from ..filing.requests import find_request, waiting_since_of
from ..filing.state import Case
from ..filing.tasks import find_task
from ..filing.turn import Reader
from ..plan import Deliver, Phase, Plan
from ..policy import Observed


class Happening(NamedTuple):
    """One event of a step: its word, what its name would be, and what else it is about."""

    word: str
    name: str | None = None
    phase: str | None = None
    document: str | None = None
    person: str | None = None
    case: Case | None = None
    """How the filing stood then; None where nobody asks."""

    def is_meant(self, observed: Observed) -> bool:
        """Say whether this is what is observed."""
        return self.word == observed.word and observed.name in (None, self.name)


_OF_PHASE = {
    "phase_entered": ("entered",),
    "phase_completed": ("completed", "left"),
    "phase_skipped": ("skipped",),
    "phase_passed_over": ("skipped",),
    "sent_back": ("sent_back", "left"),
    "reminded": ("reminded",),
    "escalated": ("escalated",),
    "escalated_asked": ("escalated",),
    "given_up": ("given_up",),
    "four_eyes_waived": ("waived",),
    "stands_still": ("stalled",),
    "held": ("held",),
    "resumed": ("resumed",),
}
_OF_DOCUMENT = {
    "document_attached": "attached",
    "document_reviewed": "reviewed",
    "document_signed": "signed",
}
_OF_OFFER = {"offer_released": "offered", "informed": "informed"}
_OF_DELIVERY = {
    "delivering": "delivered",
    "delivered_by_hand": "delivered",
    "accepted": "accepted",
    "refused": "refused",
}


class Seeing:
    """Sees what happens in the filings of one plan; only `wanted` words are looked for where that costs."""

    def __init__(self, plan: Plan, wanted: frozenset[str]) -> None:
        self.wanted = wanted
        self.compares = not wanted.isdisjoint(("asked", "approved", "missed"))
        self.offers = {phase.id: phase.offer.documents for phase in plan.phases if phase.offer}
        self.deliveries = {phase.id: phase.deliver.document for phase in plan.phases if phase.deliver}
        self.delivering = {phase.id for phase in plan.phases if phase.deliver and not phase.deliver.by_hand}

    def see(self, before: Reader | None, step: Step, after: Reader) -> list[Happening]:
        """Return what happened in a step, in the order in which the machine did it.

        The readers are of the states around it; before the start there is none.
        """
        return [one for one in self._see_all(before, step, after) if one.word in self.wanted]

    def _see_all(self, before: Reader | None, step: Step, after: Reader) -> Iterator[Happening]:
        case = before.case if before else Case()
        coming = (*step.made[1:], None)
        for made, following in zip(step.made, coming, strict=False):
            yield from self._compare(case, made.case, after)
            case = made.case
            if made.entry:
                yield from self._see_entry(made.entry, case, after)
                if made.entry.what == "reminded" and _asks_the_client(following):
                    yield Happening("client_reminded", made.entry.phase, made.entry.phase, case=case)
            elif isinstance(made.command, Send):
                yield Happening("told", made.command.message, made.command.phase, case=case)
        yield from self._compare(case, after.case, after)

    def _see_entry(self, entry: Entry, case: Case, after: Reader) -> Iterator[Happening]:
        what, phase = entry.what, entry.phase
        for word in _OF_PHASE.get(what, ()):
            yield Happening(word, phase, phase, person=entry.by, case=case)
        if what in _OF_DOCUMENT:
            name = entry.data["document"]
            yield Happening(_OF_DOCUMENT[what], name, phase, name, entry.by, case)
        elif what in _OF_OFFER:
            for name in self._list_offered(phase, _read(after, case)):
                yield Happening(_OF_OFFER[what], name, phase, name, entry.by, case)
        elif what in _OF_DELIVERY:
            name = self.deliveries.get(phase or "", "")
            yield Happening(_OF_DELIVERY[what], name, phase, name, entry.by, case)
            if what == "delivered_by_hand":
                yield Happening("accepted", name, phase, name, entry.by, case)
        elif what == "decided" and entry.data["answer"] == "reject":
            for name in self._list_offered(phase, _read(after, case)):
                yield Happening("rejected", name, phase, name, entry.by, case)
        elif what == "checkpoint_ticked":
            name = f"{phase}.{entry.data['checkpoint']}"
            yield Happening("ticked", name, phase, person=entry.by, case=case)
        elif what in ("fact_recorded", "fact_corrected"):
            yield Happening("recorded", entry.data["fact"], phase, person=entry.by, case=case)
        elif what == "filing_ended":
            ended = case.ended
            how = ended.end or ended.how if ended else None
            yield Happening("ended", how, person=entry.by, case=case)
            if ended and ended.how == "cancelled":
                yield Happening("cancelled", person=entry.by, case=case)

    def _list_offered(self, phase: str | None, reader: Reader) -> Iterator[str]:
        """Yield the documents that a phase offers of those that are made in this filing."""
        for name in self.offers.get(phase or "", ()):
            if reader.rules.is_made(name) and reader.document_state(name) is not None:
                yield name

    def _compare(self, then: Case, case: Case, after: Reader) -> Iterator[Happening]:
        """Yield what no entry of the timeline tells by itself, of what changed within a step."""
        if case is then or not self.compares:
            return
        if case.offers is not then.offers:
            yield from self._compare_offers(then, _read(after, case))
        if case.told is not then.told:
            now = replace(then, told=case.told)
            missed = (one.deadline for one in case.told if not one.sent and one not in then.told)
            yield from (Happening("missed", name, case=now) for name in missed)
        if case.requests is not then.requests or case.tasks is not then.tasks:
            now = replace(then, requests=case.requests, tasks=case.tasks)
            open_before = _list_open(_read(after, then))
            for subject, phase in _list_open(_read(after, case)).items():
                if subject not in open_before:
                    yield Happening("asked", phase, phase, case=now)

    def _compare_offers(self, then: Case, reader: Reader) -> Iterator[Happening]:
        known = {offer.phase: offer for offer in then.offers}
        now = replace(then, offers=reader.case.offers)
        for offer in reader.case.offers:
            earlier = known.get(offer.phase)
            waited_for = offer.sent and not offer.outcome and not is_open_to_objection(reader, offer)
            if waited_for and not (earlier and earlier.sent):
                yield Happening("asked", offer.phase, offer.phase, case=now)
            if offer.outcome == "approved" and not (earlier and earlier.outcome):
                for one in offer.documents:
                    name = one.document
                    yield Happening("approved", name, offer.phase, name, offer.ended_by, now)


def _read(after: Reader, case: Case) -> Reader:
    """Return the reader of a moment within the step that led to a state."""
    return after if case is after.case else Reader(after.plan, replace(after.state, case=case), after.now)


def _asks_the_client(following: Made | None) -> bool:
    """Say whether the message that follows the entry of a reminder goes to the client."""
    sent = following.command if following else None
    if not isinstance(sent, Send) or sent.purpose != "reminder":
        return False
    return bool(sent.contacts) or (sent.to is not None and sent.to.kind != "role")


def _list_open(reader: Reader) -> dict[str, str]:
    """Return what is asked of the client in active phases, with the phase."""
    found = {}
    for request in reader.case.requests:
        asked = find_request(reader, request)
        if asked and reader.is_active(request.phase) and waiting_since_of(reader, asked):
            found[request.id] = request.phase
    for task in reader.case.tasks:
        definition = find_task(reader, task)
        if definition and definition.to.kind != "role" and task.done is None:
            found[task.id] = task.phase
    return found


# --- states -------------------------------------------------------------------------------------------------


def holds(reader: Reader, observed: Observed, about: Happening) -> bool:
    """Say whether a state holds; without a name, of what the event is about."""
    return _STATES[observed.word](reader, observed.name, about)


def held_then(after: Reader, observed: Observed, about: Happening) -> bool:
    """Say whether a state held when an event happened, in the step that led to where the filing is."""
    return holds(_read(after, about.case) if about.case else after, observed, about)


_Holds = Callable[[Reader, str | None, Happening], bool]


def _is_approved(reader: Reader, name: str | None, about: Happening) -> bool:
    document = name or about.document
    return document is not None and is_approved(reader, document)


def _is_informed(reader: Reader, name: str | None, about: Happening) -> bool:
    document = name or about.document
    source = reader.rules.document(document).source if document else None
    states = [reader.document_state(one) for one in (document, source) if one]
    contents = {state.shown.hash for state in states if state}
    informed = (offer for offer in reader.case.offers if offer.outcome == "informed")
    return any(shown.hash in contents for offer in informed for shown in offer.documents)


def _is_reviewed(reader: Reader, name: str | None, about: Happening) -> bool:
    """Say whether all who review a document did; where each review was skipped, nobody did."""
    document = name or about.document
    if document is None or reader.document_state(document) is None:
        return False
    reviewing = (phase.id for phase in reader.plan.phases if document in phase.reviews)
    if all(reader.status(phase) == "skipped" for phase in reviewing):
        return False
    return not missing_reviews(reader, document)


def _is_active(reader: Reader, name: str | None, about: Happening) -> bool:
    phase = name or about.phase
    return phase is not None and reader.is_active(phase)


def _is_escalated(reader: Reader, name: str | None, about: Happening) -> bool:
    phase = name or about.phase
    return any(
        one.escalated and one.subject.partition(":")[2].partition(".")[0] == phase
        for one in reader.case.chased
    )


def _is_completed(reader: Reader, name: str | None, about: Happening) -> bool:
    phase = name or about.phase
    return phase is not None and reader.status(phase) == "completed"


def _is_waived(reader: Reader, name: str | None, about: Happening) -> bool:
    phase = name or about.phase
    return (
        phase is not None
        and about.person is not None
        and find_waiver(reader, reader.rules.phase(phase), about.person) is not None
    )


_STATES: dict[str, _Holds] = {
    "is_escalated": _is_escalated,
    "is_active": _is_active,
    "is_completed": _is_completed,
    "is_reviewed": _is_reviewed,
    "is_approved": _is_approved,
    "is_informed": _is_informed,
    "is_waived": _is_waived,
    "is_held": lambda reader, name, about: reader.held is not None,
}


# --- days ---------------------------------------------------------------------------------------------------


OF_WAITS = frozenset(("escalation", "next_reminder", "give_up_day"))
"""Days of what somebody is waited for: active phases alone have them."""
Pair = tuple[str, date, date]
"""A phase with two days to compare."""


def days_of(reader: Reader, first: Observed, second: Observed) -> Iterator[Pair]:
    """Yield pairs of days that are to be in order: of one phase, or of the deadline that its work is for.

    Of a phase that is over, and where one of both is not known, there are none.
    """
    if reader.case.ended:
        return
    of_waits = not OF_WAITS.isdisjoint((first.word, second.word))
    for phase in reader.plan.phases:
        if of_waits and not reader.is_active(phase.id):
            continue
        if reader.status(phase.id) in ("completed", "skipped") or not reader.rules.holds(phase.condition):
            continue
        one = _day_of(reader, phase, first)
        other = one and _day_of(reader, phase, second)
        if one and other:
            yield phase.id, one, other


def _day_of(reader: Reader, phase: Phase, observed: Observed) -> date | None:
    word, name = observed.word, observed.name
    if word in ("deadline", "statutory_deadline"):
        return _next_deadline(reader, phase, name, statutory=word == "statutory_deadline")
    if name is not None and name != phase.id:
        return None
    if word == "target":
        return reader.rules.target_day(phase.due) if phase.due else None
    if word == "planned_delivery":
        return _planned_delivery(reader, phase)
    return _waiting_day(reader, phase, word)


def _planned_delivery(reader: Reader, phase: Phase) -> date | None:
    if not isinstance(phase.block, Deliver):
        return None
    target = reader.rules.target_day(phase.due) if phase.due else None
    earliest = reader.rules.earliest_day(phase.block.deadline) if phase.block.deadline else None
    begins = reader.rules.target_day(phase.not_before) if phase.not_before else None
    return max((day for day in (target, earliest, begins) if day), default=None)


def _waiting_day(reader: Reader, phase: Phase, word: str) -> date | None:
    if not reader.is_active(phase.id):
        return None
    if word == "give_up_day":
        return give_up_day(reader, phase.chase)
    find = escalation_day if word == "escalation" else reminder_day
    days = [day for waiting in list_waiting(reader, phase) if (day := find(reader, waiting))]
    return max(days, default=None)


def _next_deadline(reader: Reader, phase: Phase, name: str | None, *, statutory: bool) -> date | None:
    """Return the first open deadline that the work of a phase is for: one that it or a later phase meets."""
    place = {one.id: number for number, one in enumerate(reader.plan.phases)}
    days = []
    for deadline in reader.rules.deadlines():
        if (name and deadline.id != name) or (statutory and not deadline.law):
            continue
        meeting = [p for p in reader.rules.phases_meeting(deadline.id) if p.deliver] or [
            p for p in reader.rules.phases_meeting(deadline.id) if p.due
        ]
        coming = (p for p in meeting if place[p.id] > place[phase.id])
        if phase in meeting or any(reader.status(p.id) == "pending" for p in coming):
            day = reader.rules.deadline_day(deadline.id)
            days += [day] if day else []
    return min(days, default=None)
