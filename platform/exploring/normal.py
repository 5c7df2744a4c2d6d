"""The normal form of a state: two states with the same one go on alike, step by step.

Dropped is what no rule reads again: numbers, moments that have passed, who did what where nobody counts it,
how a phase that was left came to be left. Days stay where something still waits for them or counts from them;
when the last day that the plan itself names has passed, they count from today, and those that have passed are
one. They count from today too once all that are to come lie so many days from what was learned. Colleagues
are known by what they did. Whatever is not named here stays, so that a new part of the state tells states
apart until somebody decides otherwise.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal

from ..data import canonical, replace
from ..filing.automations import is_too_late
from ..filing.informing import dates_of, is_open_to_objection
from ..filing.issuing import is_current
from ..filing.offers import status_of
from ..filing.state import (
    Case,
    Contribution,
    Decision,
    DeliveryState,
    DocumentState,
    Fact,
    HoldState,
    ItemState,
    Lookup,
    OfferState,
    Pending,
    PhaseState,
    RequestState,
    Stall,
    TaskState,
    Told,
)
from ..filing.turn import Reader
from ..plan import DateRule, Phase, Plan, To
from .chased import LONG_AGO, ChaseForms, without_round
from .moves import counts
from .own_days import OwnDays
from .people import list_counted
from .reach import Past, Reach
from .telling_apart import Telling

PASSED = datetime(1999, 1, 1)
"""A day that has come, where it is the same which one it was."""
NOBODY = ""

Standing = tuple[tuple[str, tuple[str, ...]], ...]
"""Colleagues whom who explores remembers, by what for."""


class Normal:
    """Makes normal forms of the states of one plan.

    `finished` are phases of which it counts, also once they lie behind, whether they were done or skipped;
    `lasting`: what is behind is seen, and so are its documents, offers and deliveries. `unseen`: nobody looks
    at what stands still, and by which act it is tried again makes no difference. `begun` is the reach of the
    plan as the start left it, where this one has what was settled since too.
    """

    def __init__(
        self,
        plan: Plan,
        telling: Telling,
        *,
        stalls: bool = False,
        counted: Iterable[str] = (),
        finished: Iterable[str] = (),
        lasting: bool = False,
        unseen: bool = False,
        begun: Reach | None = None,
    ) -> None:
        self.plan = plan
        self.lasting = lasting
        self.unseen = unseen
        self.telling = telling
        self.stalls = stalls
        self.counted = frozenset((*list_counted(plan), *counted))
        self.reach = Reach(plan)
        self.own_days = OwnDays(plan, self.reach, begun)
        self.counts_from_phases = self.own_days.count_from_phases
        self.form_matters = {
            form.id: any(telling.matters("answers", field.id) for field in form.fields) for form in plan.forms
        }
        self.late_reviews = frozenset(_list_late_reviews(plan))
        self.left: dict[tuple[int, int], tuple[PhaseState, PhaseState]] = {}
        """Phases that were left with their form; each is kept, so that no other one gets its identity."""
        self.recalled: dict[tuple[object, ...], tuple[tuple[object, ...], bytes]] = {}
        """The forms of parts of states, by the identity of what they follow from, which is kept too."""
        if lasting:
            finished = (phase.id for phase in plan.phases)
        self.told_from_skipped = frozenset((*_list_told_from_skipped(plan), *finished))

    def key(self, reader: Reader, remembered: Standing = ()) -> bytes:
        """Return the normal form of a state, with what somebody remembers of colleagues beside it."""
        case = reader.case
        if case.ended:
            persons = _rename((), remembered)
            return canonical(("ended", case.ended.how, case.ended.end, _say(remembered, persons)))
        return _Form(self, reader, remembered).key()

    def key_of_any_day(self, reader: Reader) -> bytes:
        """Return the normal form of a state without the day, and without when reminders come."""
        return _Form(self, reader, ()).key_of_any_day()

    def is_handled(self, reader: Reader, document: str, ahead: frozenset[str]) -> bool:
        """Say whether a document still counts: it is made here, and a phase ahead has to do with it."""
        if self.lasting:
            return True
        if not self.reach.is_handled_ahead(document, ahead):
            return False
        definition = self.plan.document(document)
        return reader.rules.is_made(document) or self.reach.can_become_another(definition, ahead)

    def plain_key(self, reader: Reader) -> bytes:
        """Return a state without its numbers alone: what unreduced exploring tells apart."""
        state = reader.state
        in_flight = tuple(replace(one, number=0) for one in state.journal.in_flight)
        case = replace(state.case, offers=tuple(replace(o, number=0) for o in state.case.offers))
        return canonical((case, in_flight, state.journal.at))


class _Form:
    """One state on its way to its normal form."""

    def __init__(self, normal: Normal, reader: Reader, remembered: Standing) -> None:
        self.normal = normal
        self.reader = reader
        self.remembered = remembered
        self.today = reader.state.journal.at.date()
        self.ahead = normal.reach.find_ahead(reader)
        over = self.today > normal.own_days.last(reader)
        self.past_all = over and not normal.own_days.is_each_day_another(reader)
        self.counts_from_today = self.past_all or normal.own_days.is_past_fixed(reader)
        self.active = {phase.id: phase for phase in reader.active_phases()}
        self.chases = ChaseForms(normal.reach, reader, self.ahead, self.active)
        self.hashes = {d.id: d.shown.hash for d in reader.case.documents}

    def key(self) -> bytes:
        reminders = self.chases.list_reminders(self._day)
        form, said = self._write_case()
        case = canonical((form, self._find_now(), reminders, said))
        return b"\n".join((case, *self._list_kept_parts(self.reader.case)))

    def _find_now(self) -> str:
        """Return the day as far as it counts: that of the week once days count from today."""
        if not self.counts_from_today:
            return self.today.isoformat()
        return f"{'later' if self.past_all else 'on the way'}, on day {self.today.weekday()}"

    def key_of_any_day(self) -> bytes:
        return b"\n".join((canonical(self._write_case()), *self._list_kept_parts(self.reader.case)))

    def _write_case(self) -> tuple[Case, Any]:
        """Return the form of what changes often, and what is remembered."""
        case: Case = self.reader.case
        counted = tuple([c for c in case.contributions if self._is_counted(c.phase)])
        persons = _rename(counted, self.remembered)
        form = replace(
            case,
            phases=(),
            rounds={},
            documents=(),
            offers=(),
            deliveries=(),
            chased=self.chases.list_chased(case.chased) if case.chased else (),
            tasks=(),
            requests=(),
            facts=(),
            contributions=tuple(
                sorted(
                    [Contribution(phase=c.phase, person=persons[c.person]) for c in counted],
                    key=lambda c: (c.phase, c.person),
                )
            ),
            told=(),
            stalls=self._stalls(case.stalls),
            holds=self._holds(case.holds),
            waivers=tuple(
                [
                    replace(
                        w, person=persons.get(w.person, w.person), by=NOBODY, at=LONG_AGO, reason="", round=0
                    )
                    for w in case.waivers
                    if w.round == self.reader.round_of(w.phase) and w.phase in self.active
                ]
            ),
        )
        return form, _say(self.remembered, persons)

    def _list_kept_parts(self, case: Case) -> Iterator[bytes]:
        """Yield the forms of the parts that few steps change, with what else each follows from."""
        around = (case.phases, case.documents, self.reader.rules, self.ahead)
        written = (case.phases, case.holds, self.reader.rules, self.ahead)
        yield self._recall("phases", written, self._list_phases)
        yield self._recall("documents", around, self._list_documents)
        yield self._recall("offers", (case.offers, *around), self._list_offers)
        yield self._recall("deliveries", (case.deliveries, case.stalls, *around), self._list_deliveries)
        yield self._recall("asked", (case.requests, case.tasks, *around), self._list_asked)
        known = (case.facts, case.told, self.reader.rules, self.ahead)
        yield self._recall("known", known, self._list_known)
        sent = (self.reader.state.journal.in_flight, case.offers, case.deliveries)
        yield self._recall("in flight", sent, self._list_in_flight)

    def _recall(self, what: str, follows_from: tuple[object, ...], make: Callable[[], Any]) -> bytes:
        """Return the form of a part, made once for the same objects, and day where days count from it."""
        counts = self.counts_from_today or (what == "offers" and self._is_objection_awaited())
        counts = counts or (what == "phases" and self.reader.held is not None)
        key = (what, self.today if counts else None, *map(id, follows_from))
        known = self.normal.recalled.get(key)
        if known is None:
            known = self.normal.recalled[key] = (follows_from, canonical((what, make())))
        return known[1]

    def _list_phases(self) -> list[PhaseState]:
        return [self._phase(one) for one in self.reader.case.phases]

    def _list_documents(self) -> list[DocumentState]:
        return [self._document(one) for one in self.reader.case.documents if self._is_handled(one.id)]

    def _list_offers(self) -> list[OfferState]:
        return [self._offer(one) for one in self.reader.case.offers if self._is_offer_read(one)]

    def _list_deliveries(self) -> tuple[list[DeliveryState], bool]:
        """Return the deliveries that count, and whether any was accepted: nothing is cancelled then."""
        every = self.reader.case.deliveries
        kept = [self._delivery(one) for one in every if self._is_delivered(one)]
        return kept, any(one.status == "accepted" for one in every)

    def _list_asked(self) -> tuple[list[TaskState], list[RequestState]]:
        case = self.reader.case
        return (
            [self._task(one) for one in case.tasks if self._is_open(one)],
            [self._request(one) for one in case.requests if self._is_request_read(one)],
        )

    def _list_known(self) -> tuple[list[Fact], list[Told]]:
        case = self.reader.case
        return (
            [self._fact(one) for one in case.facts if self._is_told_apart(one)],
            [self._write_told(one) for one in case.told if self._is_told_again(one)],
        )

    def _list_in_flight(self) -> list[Pending]:
        forms = {
            canonical(form): form
            for pending in self.reader.state.journal.in_flight
            if counts(self.reader, pending, stalls=self.normal.stalls)
            for form in (self._pending(pending),)
        }
        return [forms[content] for content in sorted(forms)]

    def _day(self, day: date) -> date:
        """Return a day that is still counted from; once the plan's own days have passed, seen from today."""
        return LONG_AGO.date() + (day - self.today) if self.counts_from_today else day

    def _moment(self, at: datetime) -> datetime:
        return datetime.combine(self._day(at.date()), LONG_AGO.time())

    def _count_from(self, past: Past, day: date) -> datetime:
        """Return a day from which rules count; when all that they come to has passed, which one is the same.

        Unless a rule can still come to something else for another reason.
        """
        passed = self.past_all and day < self.today and self.normal.reach.is_read_alone(past, self.ahead)
        return PASSED if passed else self._moment(datetime.combine(day, LONG_AGO.time()))

    def _phase(self, one: PhaseState) -> PhaseState:
        """Return the form of a phase; of one that was left it is made once for each way ahead."""
        if one.ended is None or self.normal.counts_from_phases:
            return self._write_phase(one)
        of = (id(one), id(self.ahead))
        known = self.normal.left.get(of)
        if known is None:
            known = self.normal.left[of] = (one, self._write_phase(one))
        return known[1]

    def _write_phase(self, one: PhaseState) -> PhaseState:
        entered = one.entered and LONG_AGO
        ended = one.ended and LONG_AGO
        if one.ended:
            if one.entered and self.normal.counts_from_phases and self._is_read(("phases", one.id)):
                ended = self._count_from(("phases", one.id), one.ended.date())
            elif one.id not in self.ahead and one.id not in self.normal.told_from_skipped:
                entered = None
            return PhaseState(id=one.id, entered=entered, ended=ended)
        phase = self.active.get(one.id)
        fired = one.fired
        dated = _list_dated(phase)
        if one.entered and phase and dated:
            if any(self.normal.reach.can_become_another(rule, self.ahead) for rule in dated):
                entered = self._moment(one.entered)
            else:  # what is too late never comes, as what has come
                fired = tuple(sorted({*fired, *self._too_late(phase, one)}))
        ticks = tuple(replace(tick, by=NOBODY, at=LONG_AGO) for tick in one.ticks)
        return replace(one, entered=entered, ended=ended, ticks=ticks, fired=fired)

    def _too_late(self, phase: Phase, one: PhaseState) -> Iterator[str]:
        for automation in phase.automations:
            day = self.reader.rules.target_day(automation.at) if isinstance(automation.at, DateRule) else None
            if automation.send and day and (is_too_late(self.reader, one, day) or self._passes_held(day)):
                yield automation.id

    def _passes_held(self, day: date) -> bool:
        """Say whether a day has passed while the filing is held, as it will have when that is over."""
        held = self.reader.held
        return held is not None and held.since.date() <= day < self.today

    def _document(self, one: DocumentState) -> DocumentState:
        content = self.hashes[one.id]
        source = self.normal.plan.document(one.id).source
        fresh = source is not None and one.made_from == self.hashes.get(source)
        return replace(
            one,
            shown=replace(one.shown, hash=NOBODY, rendering=None),
            by=NOBODY,
            at=LONG_AGO,
            made_from=None if one.made_from is None else "current" if fresh else "earlier",
            earlier=(),  # every version that a walk attaches is a new one
            reviews=tuple(
                replace(r, by=NOBODY, hash=str(r.hash == content))
                for r in one.reviews
                if self._is_read_again(one.id, r.phase)
            ),
            signatures=tuple(
                replace(s, by=NOBODY, at=LONG_AGO, hash=str(s.hash == content)) for s in one.signatures
            ),
        )

    def _is_read_again(self, document: str, phase: str) -> bool:
        """Say whether a review counts: one of a phase that is done again before the next offer does not."""
        return self.reader.status(phase) == "completed" or (document, phase) in self.normal.late_reviews

    def _is_counted(self, phase: str) -> bool:
        """Say whether it counts who acted in a phase: colleagues whom a phase ahead tells apart."""
        if self.normal.lasting:
            return phase in self.normal.counted
        return self.normal.reach.is_checked_ahead(phase, self.ahead)

    def _is_handled(self, document: str) -> bool:
        return self.normal.is_handled(self.reader, document, self.ahead)

    def _is_offer_read(self, one: OfferState) -> bool:
        """Say whether an offer still counts: it runs, or something that it showed does."""
        return one.phase in self.active or any(self._is_handled(shown.document) for shown in one.documents)

    def _stands_still(self, one: OfferState) -> bool:
        """Say whether an offer was not released since nobody could be found: it is looked up again."""
        return one.lookup is not None and one.lookup.problem is not None and not one.documents

    def _list_standing_still(self) -> Iterator[Stall]:
        """Yield offers for which nobody was found as what failed: both are tried again, by the same act."""
        for one in self.reader.case.offers:
            if self._stands_still(one) and one.phase in self.active and not self._is_looked_up(one.phase):
                yield Stall(
                    pending=Pending(number=0, what="resolve", phase=one.phase), error=NOBODY, at=LONG_AGO
                )

    def _is_looked_up(self, phase: str) -> bool:
        in_flight = self.reader.state.journal.in_flight
        return any(p.what == "resolve" and p.phase == phase and is_current(self.reader, p) for p in in_flight)

    def _offer(self, one: OfferState) -> OfferState:
        phase = self.active.get(one.phase)
        if phase is None and not self.normal.lasting:
            return self._write_left_offer(one)
        lookup = None if self._stands_still(one) else one.lookup
        places = {c.contact: str(place) for place, c in enumerate(lookup.recipients)} if lookup else {}
        if lookup:
            lookup = replace(
                lookup,
                recipients=tuple(replace(c, contact=places[c.contact]) for c in lookup.recipients),
                sender=None,
                problem=lookup.problem and "problem",
                standing_until=lookup.standing_until and LONG_AGO.date(),
            )
        shown = tuple(
            replace(s, hash=str(s.hash == self.hashes.get(s.document)), rendering=None)
            for s in one.documents
            if phase or self._is_handled(s.document)
        )
        return replace(
            one,
            round=0,
            number=0,
            lookup=lookup,
            documents=shown,
            sent=one.sent and (self._open_until(one) or LONG_AGO),
            decisions=tuple(self._decision(d, places) for d in one.decisions) if phase else (),
            ended_by=None,
            left=(),
        )

    def _write_left_offer(self, one: OfferState) -> OfferState:
        """Return the form of an offer that was left: how it ended, and under which authority it informed."""
        standing = one.lookup.standing_until if one.lookup and one.outcome == "informed" else None
        shown = (s for s in one.documents if self._is_handled(s.document))
        return OfferState(
            phase=one.phase,
            round=0,
            number=0,
            lookup=Lookup(to=To(), standing_until=LONG_AGO.date()) if standing else None,
            documents=tuple(
                [replace(s, hash=str(s.hash == self.hashes.get(s.document)), rendering=None) for s in shown]
            ),
            outcome=one.outcome,
        )

    def _is_objection_awaited(self) -> bool:
        return any(is_open_to_objection(self.reader, one) for one in self.reader.case.offers)

    def _open_until(self, one: OfferState) -> datetime | None:
        """Return when an offer ends by itself, where those whom it informed can still object."""
        phase = self.active.get(one.phase)
        wait = next(dates_of(self.reader, phase), None) if phase else None
        if wait is None:
            return None
        return LONG_AGO + (wait.on - self.today) if wait.on > self.today else PASSED

    def _decision(self, one: Decision, places: dict[str, str]) -> Decision:
        return replace(
            one, contact=places.get(one.contact, "gone"), at=LONG_AGO, recorded_by=None, proof=None
        )

    def _is_delivered(self, one: DeliveryState) -> bool:
        """Say whether a delivery still counts: one that was refused, or failed for good, is made again."""
        if one.phase not in self.ahead and not self._is_handled(one.document):
            return False
        if one.phase in self.active or one.status not in ("refused", "failed"):
            return True
        return any(stall.pending.phase == one.phase for stall in self.reader.case.stalls)

    def _delivery(self, one: DeliveryState) -> DeliveryState:
        content = str(one.hash == self.hashes.get(one.document))
        return replace(one, attempt=0, hash=content, number=0, reference=None, code=None, text=None, on=None)

    def _is_open(self, one: TaskState) -> bool:
        phase = self.active.get(one.phase)
        automation = next((a for a in phase.automations if a.id == one.automation), None) if phase else None
        if phase is None or automation is None or one.done:
            return False
        ours = automation.task is not None and automation.task.to.kind == "role"
        return not (ours and automation.chase is None and phase.id not in self.normal.counted)

    def _task(self, one: TaskState) -> TaskState:
        return TaskState(id=without_round(one.id), phase=one.phase, automation=one.automation, made=LONG_AGO)

    def _is_read(self, past: Past) -> bool:
        """Say whether what lies ahead reads something of the past."""
        return self.normal.reach.is_read(past, self.ahead)

    def _is_request_read(self, one: RequestState) -> bool:
        """Say whether a request counts: it is open, can be asked again, or its answers are read."""
        form = self._form_of(one)
        if one.phase not in self.ahead and form is not None:
            return any(self._is_answer_read(name, value) for name, value in one.known.items())
        given = any(item.status != "sent_back" for item in one.items)
        return one.phase in self.active or form is None or self.normal.form_matters[form] or given

    def _form_of(self, one: RequestState) -> str | None:
        phase = self.reader.rules.find_phase(one.phase)
        automations: Any = phase.automations if phase else ()
        return next((a.request.form for a in automations if a.id == one.automation and a.request), None)

    def _request(self, one: RequestState) -> RequestState:
        matters = self._is_answer_read
        form = self._form_of(one)
        if one.phase not in self.ahead and form is not None:  # what was given is all that is left of it
            known = {name: v for name, v in one.known.items() if matters(name, v)}
            return RequestState(
                id=without_round(one.id),
                phase=one.phase,
                automation=one.automation,
                made=LONG_AGO,
                counting=known,
            )
        given = all(item.status in ("received", "accepted") for item in one.items)
        read = {name: value for name, value in one.values.items() if given and matters(name, value)}
        counting = one.counting
        settled = not read and self._is_one_item(form)
        sent_back = all(item.status == "sent_back" for item in one.items)
        return replace(
            one,
            id=without_round(one.id),
            made=LONG_AGO,
            items=()
            if sent_back  # the client is waited for as if nothing had been given
            else tuple(
                ItemState(id=i.id, status=self._status(i, form, settled), by=NOBODY, at=LONG_AGO)
                for i in one.items
            ),
            values=read,
            counting=counting and {name: v for name, v in counting.items() if matters(name, v)},
        )

    def _is_answer_read(self, name: str, value: Any) -> bool:
        """Say whether an answer makes a difference to what lies ahead: one that it would not make unknown."""
        of = ("answers", name)
        telling = self.normal.telling
        return telling.matters(*of) and self._is_read(of) and telling.differs_from_nothing(of, value)

    def _status(
        self, one: ItemState, form: str | None, settled: bool
    ) -> Literal["received", "accepted", "sent_back", "not_applicable"]:
        """Return what became of an item; set aside is as accepted where no answer makes a difference.

        It makes one where more can come to be asked: what is left of a list is set aside like the rest of it.
        """
        alike = settled or (form is not None and not self.normal.form_matters[form])
        definition = self.reader.rules.find_form(form) if form else None
        if definition is not None and self.normal.reach.can_become_another(definition, self.ahead):
            alike = False
        return "accepted" if alike and one.status == "not_applicable" else one.status

    def _is_one_item(self, form: str | None) -> bool:
        """Say whether a form is answered as a whole."""
        definition = self.reader.rules.find_form(form) if form else None
        return definition is not None and definition.kind == "form"

    def _is_told_apart(self, one: Fact) -> bool:
        """Say whether a fact makes a difference to one that was not recorded."""
        if not self.normal.reach.is_kept(one.id, self.ahead):
            return False
        definition = self.reader.rules.find_fact(one.id)
        if definition is None or not definition.optional or definition.type == "date":
            return True
        return self.normal.telling.differs_from_nothing(("facts", one.id), one.value)

    def _fact(self, one: Fact) -> Fact:
        definition = self.reader.rules.find_fact(one.id)
        value = one.value
        if not self._is_read(("facts", one.id)):
            value = None  # it is there, which is all that a phase asks for in which it is recorded
        elif definition and definition.type == "date" and isinstance(value, str):
            value = self._count_from(("facts", one.id), date.fromisoformat(value)).date().isoformat()
        elif not self.normal.telling.matters("facts", one.id):
            value = None
        return Fact(id=one.id, value=value, by=NOBODY, at=LONG_AGO)

    def _is_told_again(self, one: Told) -> bool:
        """Say whether it counts that a deadline was told to be missed: it is open, and has that day again."""
        reach = self.normal.reach
        if not reach.is_met_ahead(one.deadline, self.ahead):
            return False
        is_its_day = one.day == self.reader.rules.deadline_day(one.deadline)
        return is_its_day or reach.can_move(one.deadline, self.ahead)

    def _write_told(self, one: Told) -> Told:
        """Return the form of a deadline that was told to be missed.

        Its other days are the same in all filings, unless they count from what is learned.
        """
        if one.day == self.reader.rules.deadline_day(one.deadline):
            return replace(one, day=LONG_AGO.date())
        is_learned = self.normal.reach.counts_from_learned(self.normal.plan.deadline(one.deadline))
        return replace(one, day=self._day(one.day) if is_learned else one.day)

    def _is_as_if_asked_again(self, one: Stall) -> bool:
        """Say whether the same follows from trying it again as from looking up once more who an offer is for.

        That can be done of an offer that waits for an answer, whether or not the last time failed.
        """
        if not self.normal.unseen or one.pending.what != "resolve":
            return False
        phase = self.active.get(one.pending.phase)
        offer = self.reader.offer_state(one.pending.phase)
        if phase is None or offer is None or status_of(self.reader, phase, offer) != "waiting":
            return False
        others = (
            *(stall.pending for stall in self.reader.case.stalls if stall is not one),
            *self.reader.state.journal.in_flight,
        )
        return not any(
            pending.phase == phase.id and counts(self.reader, pending, stalls=self.normal.stalls)
            for pending in others
        )

    def _stalls(self, stalls: tuple[Stall, ...]) -> tuple[Stall, ...]:
        """Return what stands still, what stands still twice once: it is retried at once."""
        if self.normal.unseen:
            stalls = tuple([one for one in stalls if not self._is_as_if_asked_again(one)])
        failed = (
            replace(one, pending=self._pending(one.pending), error=NOBODY, at=LONG_AGO) for one in stalls
        )
        forms = {canonical(form): form for form in (*failed, *self._list_standing_still())}
        return tuple(forms[content] for content in sorted(forms))

    def _pending(self, one: Pending) -> Pending:
        current = is_current(self.reader, one)
        return replace(
            one,
            number=0,
            withdrawn=not current,
            reached=(),
            sender=None,
        )

    def _holds(self, holds: tuple[HoldState, ...]) -> tuple[HoldState, ...]:
        """Return by what it is held, and the holds in which the day of a message can come to lie.

        What else counts from the end of a hold is said elsewhere.
        """
        if not holds:
            return ()
        begun = self._find_begin_of_moving()
        days = {
            (self._moment(one.since), self._moment(one.ended))
            for one in holds
            if begun and one.ended and max(one.since.date(), begun) < one.ended.date()
        }
        found = [HoldState(since=one, by=NOBODY, reason="", ended=ended) for one, ended in sorted(days)]
        if not holds[-1].ended:
            since = self._moment(holds[-1].since) if begun else LONG_AGO
            until = holds[-1].until and self._day(holds[-1].until)
            found.append(HoldState(since=since, by=NOBODY, reason="", until=until))
        return tuple(found)

    def _find_begin_of_moving(self) -> date | None:
        """Return the day on which the first phase began of which a message can still come to another day."""
        begun = (
            state.entered.date()
            for phase in self.active.values()
            if (state := self.reader.phase_state(phase.id)) and state.entered
            if any(self.normal.reach.can_become_another(one, self.ahead) for one in _list_dated(phase))
        )
        return min(begun, default=None)


def _list_dated(phase: Phase | None) -> list[DateRule]:
    """Return the days on which a phase sends messages."""
    automations = phase.automations if phase else ()
    return [one.at for one in automations if isinstance(one.at, DateRule) and one.send]


def _list_late_reviews(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield documents with the phases that review them but do not lie before what offers it."""
    for place, phase in enumerate(plan.phases):
        before = plan.phases[: place + 1]
        for document in phase.reviews:
            offered = any(p.offer and document in p.offer.documents for p in before)
            if offered or phase.group or any(p.deliver and p.deliver.document == document for p in before):
                yield document, phase.id


def _list_told_from_skipped(plan: Plan) -> Iterator[str]:
    """Yield phases of which it counts, also when they lie behind, whether they were done or skipped."""
    for phase in plan.phases:
        if phase.reviews or phase.signs:
            yield phase.id
    for fact in plan.facts:
        yield from fact.set_in


def _rename(contributions: tuple[Contribution, ...], remembered: Standing) -> dict[str, str]:
    """Return colleagues under names that follow from what they did."""
    signs: dict[str, list[str]] = {}
    for one in contributions:
        signs.setdefault(one.person, []).append(one.phase)
    for what, persons in remembered:
        for person in persons:
            signs.setdefault(person, []).append(f"{what}!")
    ordered = sorted(signs, key=lambda person: (sorted(signs[person]), person))
    return {person: str(place) for place, person in enumerate(ordered)}


def _say(remembered: Standing, persons: dict[str, str]) -> Any:
    return [[what, sorted(persons[one] for one in those)] for what, those in remembered]
