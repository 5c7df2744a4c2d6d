"""The normal form of a state: two states with the same one go on alike, step by step.

Dropped is what no rule reads again: numbers, moments that have passed, who did what where nobody counts it,
how a phase that was left came to be left. Days stay where something still waits for them or counts from them;
when the last day that the plan itself names has passed, they count from today. Colleagues are known by what
they did. Whatever is not named here stays, so that a new part of the state tells states apart until somebody
decides otherwise.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal

from ..data import canonical, replace
from ..filing.chases import list_waiting, reminder_day
from ..filing.issuing import is_current
from ..filing.state import (
    Case,
    Chased,
    Contribution,
    Decision,
    DeliveryState,
    DocumentState,
    Fact,
    HoldState,
    ItemState,
    OfferState,
    Pending,
    PhaseState,
    RequestState,
    Stall,
    TaskState,
    Told,
)
from ..filing.turn import Reader
from ..plan import Chase, DateRule, Phase, Plan
from .moves import counts, list_counted
from .own_days import OwnDays
from .reach import Past, Reach
from .telling_apart import Telling

LONG_AGO = datetime(2000, 1, 1)
NOBODY = ""

Standing = tuple[tuple[str, tuple[str, ...]], ...]
"""Colleagues whom who explores remembers, by what for."""


class Normal:
    """Makes normal forms of the states of one plan."""

    def __init__(
        self, plan: Plan, telling: Telling, *, stalls: bool = False, counted: Iterable[str] = ()
    ) -> None:
        self.plan = plan
        self.telling = telling
        self.stalls = stalls
        self.counted = frozenset((*list_counted(plan), *counted))
        self.reach = Reach(plan)
        self.own_days = OwnDays(plan, self.reach)
        self.counts_from_phases = self.own_days.count_from_phases
        self.form_matters = {
            form.id: any(telling.matters("answers", field.id) for field in form.fields) for form in plan.forms
        }
        self.days_move = (
            bool(plan.facts) or self.counts_from_phases or any(path[0] == "answers" for path in telling.names)
        )
        """Whether a day of the plan can become another one while a filing runs."""
        self.late_reviews = frozenset(_list_late_reviews(plan))

    def key(self, reader: Reader, remembered: Standing = ()) -> bytes:
        """Return the normal form of a state, with what somebody remembers of colleagues beside it."""
        case = reader.case
        if case.ended:
            persons = _rename((), remembered)
            return canonical(("ended", case.ended.how, case.ended.end, _say(remembered, persons)))
        return _Form(self, reader, remembered).key()

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
        self.past_all = self.today > normal.own_days.last(reader)
        self.active = {phase.id: phase for phase in reader.active_phases()}
        self.waiting = {
            waiting.subject: waiting
            for phase in self.active.values()
            for waiting in list_waiting(reader, phase)
        }
        self.hashes = {d.id: d.shown.hash for d in reader.case.documents}

    def key(self) -> bytes:
        case: Case = self.reader.case
        counted = tuple(c for c in case.contributions if c.phase in self.normal.counted)
        persons = _rename(counted, self.remembered)
        form = replace(
            case,
            phases=tuple(self._phase(one) for one in case.phases),
            rounds={},
            documents=tuple(self._document(one) for one in case.documents),
            offers=tuple(self._offer(one) for one in case.offers),
            deliveries=tuple(self._delivery(one) for one in case.deliveries if self._is_delivered(one)),
            chased=tuple(
                form
                for one in case.chased
                if self._is_chased(one) and ((form := self._write_chased(one)).reminded or form.escalated)
            ),
            tasks=tuple(self._task(one) for one in case.tasks if self._is_open(one)),
            requests=tuple(self._request(one) for one in case.requests if self._is_request_read(one)),
            facts=tuple(self._fact(one) for one in case.facts if self._is_told_apart(one)),
            contributions=tuple(
                sorted(
                    (Contribution(phase=c.phase, person=persons[c.person]) for c in counted),
                    key=lambda c: (c.phase, c.person),
                )
            ),
            told=tuple(one for one in case.told if self._is_told_again(one)),
            stalls=self._stalls(case.stalls),
            holds=self._holds(case.holds),
            waivers=tuple(
                replace(w, person=persons.get(w.person, w.person), by=NOBODY, at=LONG_AGO, reason="", round=0)
                for w in case.waivers
                if w.round == self.reader.round_of(w.phase) and w.phase in self.active
            ),
        )
        in_flight = sorted(
            {
                canonical(self._pending(pending))
                for pending in self.reader.state.journal.in_flight
                if counts(self.reader, pending, stalls=self.normal.stalls)
            }
        )
        now = "later" if self.past_all else self.today.isoformat()
        said = canonical((form, now, self._reminders(), _say(self.remembered, persons)))
        return b"\n".join((said, *in_flight))

    def _day(self, day: date) -> date:
        """Return a day that is still counted from; once the plan's own days have passed, seen from today."""
        return LONG_AGO.date() + (day - self.today) if self.past_all else day

    def _moment(self, at: datetime) -> datetime:
        return datetime.combine(self._day(at.date()), LONG_AGO.time())

    def _phase(self, one: PhaseState) -> PhaseState:
        entered = one.entered and LONG_AGO
        ended = one.ended and LONG_AGO
        if one.ended and one.entered:
            if self.normal.counts_from_phases and self._is_read(("phases", one.id)):
                ended = self._moment(one.ended)
            return PhaseState(id=one.id, entered=entered, ended=ended)
        phase = self.active.get(one.id)
        fired = one.fired
        if one.entered and phase and _has_dated_message(phase):
            if self.normal.days_move:
                entered = self._moment(one.entered)
            else:  # what was dated before it was entered never comes, as what has come
                fired = tuple(sorted({*fired, *self._too_late(phase, one.entered.date())}))
        ticks = tuple(replace(tick, by=NOBODY, at=LONG_AGO) for tick in one.ticks)
        return replace(one, entered=entered, ended=ended, ticks=ticks, fired=fired)

    def _too_late(self, phase: Phase, entered: date) -> Iterator[str]:
        for automation in phase.automations:
            day = self.reader.rules.target_day(automation.at) if isinstance(automation.at, DateRule) else None
            if automation.send and day and day <= entered:
                yield automation.id

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

    def _offer(self, one: OfferState) -> OfferState:
        phase = self.active.get(one.phase)
        lookup = one.lookup
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
            replace(s, hash=str(s.hash == self.hashes.get(s.document)), rendering=None) for s in one.documents
        )
        return replace(
            one,
            round=0,
            number=0,
            lookup=lookup,
            documents=shown,
            sent=one.sent and LONG_AGO,
            decisions=tuple(self._decision(d, places) for d in one.decisions) if phase else (),
            ended_by=None,
            left=(),
        )

    def _decision(self, one: Decision, places: dict[str, str]) -> Decision:
        return replace(
            one, contact=places.get(one.contact, "gone"), at=LONG_AGO, recorded_by=None, proof=None
        )

    def _is_delivered(self, one: DeliveryState) -> bool:
        """Say whether a delivery still counts: one that was refused, or failed for good, is made again."""
        if one.phase in self.active or one.status not in ("refused", "failed"):
            return True
        return any(stall.pending.phase == one.phase for stall in self.reader.case.stalls)

    def _delivery(self, one: DeliveryState) -> DeliveryState:
        content = str(one.hash == self.hashes.get(one.document))
        return replace(one, attempt=0, hash=content, number=0, reference=None, code=None, text=None, on=None)

    def _is_chased(self, one: Chased) -> bool:
        return one.subject.partition(":")[2].partition(".")[0] in self.active

    def _write_chased(self, one: Chased) -> Chased:
        """Return whether it was escalated, and how often somebody was reminded while that still counts."""
        kind, _, of = one.subject.partition(":")
        subject = f"{kind}:{_without_round(of) if kind in ('request', 'task') else of}"
        chase = self._find_chase(kind, of)
        remind = chase.remind if chase else None
        counts = remind is not None and remind.at_most is not None and not one.escalated
        reminded = (LONG_AGO.date(),) * len(one.reminded) if counts else ()
        return replace(one, subject=subject, reminded=reminded, escalated=one.escalated and LONG_AGO.date())

    def _find_chase(self, kind: str, of: str) -> Chase | None:
        phase = self.active[of.partition(".")[0]]
        if kind not in ("request", "task"):
            return phase.chase
        automation = of.split(".")[1]
        return next((one.chase for one in phase.automations if one.id == automation), None)

    def _reminders(self) -> list[tuple[str, str]]:
        """Return from which day the next reminder of each wait counts, where there may be one."""
        resumed = [hold.ended.date() for hold in self.reader.case.holds if hold.ended]
        found = []
        for subject, waiting in self.waiting.items():
            remind = waiting.chase.remind
            chased = self.reader.chased_for(subject)
            if remind is None or waiting.since is None or chased.escalated:
                continue
            if remind.at_most is not None and len(chased.reminded) >= remind.at_most:
                continue
            if self.normal.days_move or reminder_day(self.reader, waiting):
                since = max((waiting.since, *chased.reminded, *resumed))
                of = waiting.automation or subject
                found.append((f"{of}", self._day(since).isoformat()))
        return found

    def _is_open(self, one: TaskState) -> bool:
        phase = self.active.get(one.phase)
        automation = next((a for a in phase.automations if a.id == one.automation), None) if phase else None
        if phase is None or automation is None or one.done:
            return False
        ours = automation.task is not None and automation.task.to.kind == "role"
        return not (ours and automation.chase is None and phase.id not in self.normal.counted)

    def _task(self, one: TaskState) -> TaskState:
        return TaskState(id=_without_round(one.id), phase=one.phase, automation=one.automation, made=LONG_AGO)

    def _is_read(self, past: Past) -> bool:
        """Say whether what lies ahead reads something of the past."""
        return self.normal.reach.is_read(past, self.ahead)

    def _is_request_read(self, one: RequestState) -> bool:
        """Say whether a request counts: it is open, can be asked again, or its answers are read."""
        form = self._form_of(one)
        if one.phase not in self.ahead and form is not None:
            return any(self._is_read(("answers", name)) for name in one.known)
        return one.phase in self.active or form is None or self.normal.form_matters[form] or bool(one.items)

    def _form_of(self, one: RequestState) -> str | None:
        phase = self.reader.rules.find_phase(one.phase)
        automations: Any = phase.automations if phase else ()
        return next((a.request.form for a in automations if a.id == one.automation and a.request), None)

    def _request(self, one: RequestState) -> RequestState:
        matters = self._is_answer_read
        form = self._form_of(one)
        if one.phase not in self.ahead and form is not None:  # what was given is all that is left of it
            known = {name: value for name, value in one.known.items() if matters("answers", name)}
            return RequestState(
                id=_without_round(one.id),
                phase=one.phase,
                automation=one.automation,
                made=LONG_AGO,
                counting=known,
            )
        given = all(item.status in ("received", "accepted") for item in one.items)
        read = {name: value for name, value in one.values.items() if given and matters("answers", name)}
        counting = one.counting
        return replace(
            one,
            id=_without_round(one.id),
            made=LONG_AGO,
            items=tuple(
                ItemState(id=i.id, status=self._status(i, form), by=NOBODY, at=LONG_AGO) for i in one.items
            ),
            values=read,
            counting=counting and {name: v for name, v in counting.items() if matters("answers", name)},
        )

    def _is_answer_read(self, group: str, name: str) -> bool:
        return self.normal.telling.matters(group, name) and self._is_read((group, name))

    def _status(
        self, one: ItemState, form: str | None
    ) -> Literal["received", "accepted", "sent_back", "not_applicable"]:
        settled = one.status == "not_applicable" and form is not None and not self.normal.form_matters[form]
        return "accepted" if settled else one.status

    def _is_told_apart(self, one: Fact) -> bool:
        """Say whether a fact makes a difference to one that was not recorded."""
        if not self._is_read(("facts", one.id)):
            return False
        definition = self.reader.rules.find_fact(one.id)
        if definition is None or not definition.optional or definition.type == "date":
            return True
        return self.normal.telling.differs_from_nothing(("facts", one.id), one.value)

    def _fact(self, one: Fact) -> Fact:
        definition = self.reader.rules.find_fact(one.id)
        value = one.value
        if definition and definition.type == "date" and isinstance(value, str):
            value = self._day(date.fromisoformat(value)).isoformat()
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

    def _stalls(self, stalls: tuple[Stall, ...]) -> tuple[Stall, ...]:
        """Return what stands still, what stands still twice once: it is retried at once."""
        forms = {
            canonical(form): form
            for stall in stalls
            if (form := replace(stall, pending=self._pending(stall.pending), error=NOBODY, at=LONG_AGO))
        }
        return tuple(forms[content] for content in sorted(forms))

    def _pending(self, one: Pending) -> Pending:
        current = is_current(self.reader, one)
        return replace(
            one,
            number=0,
            withdrawn=not current,
            reached=tuple("somebody" for _ in one.reached[:1]),
            sender=None,
        )

    def _holds(self, holds: tuple[HoldState, ...]) -> tuple[HoldState, ...]:
        """Return by what it is held; what counts from the end of a hold is said elsewhere."""
        if not holds or holds[-1].ended:
            return ()
        until = holds[-1].until and self._day(holds[-1].until)
        return (HoldState(since=LONG_AGO, by=NOBODY, reason="", until=until),)


def _has_dated_message(phase: Phase | None) -> bool:
    automations = phase.automations if phase else ()
    return any(isinstance(one.at, DateRule) and one.send for one in automations)


def _list_late_reviews(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield documents with the phases that review them but do not lie before what offers it."""
    for place, phase in enumerate(plan.phases):
        before = plan.phases[: place + 1]
        for document in phase.reviews:
            offered = any(p.offer and document in p.offer.documents for p in before)
            if offered or phase.group or any(p.deliver and p.deliver.document == document for p in before):
                yield document, phase.id


def _without_round(id: str) -> str:
    return id.rpartition(".")[0]


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
