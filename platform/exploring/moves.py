"""The moves of a state: what any person could do that fits it, what the world could answer, and silence.

Reduced, a move is left out where another stands for it: checkpoints and items of one kind are done in their
order; of colleagues who are alike one acts, and nobody new where somebody who has acted may, whom four eyes
then bar from just what they would bar somebody new from; a message that changes nothing by arriving is not
answered. `exploring/normal.py` says which states are one for it.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any, Literal

from ..days import DAY
from ..filing.checkpoints import CHECKPOINTS
from ..filing.construct import Order, Wait
from ..filing.decisions import find_offer
from ..filing.events import (
    SYSTEM,
    AcceptItem,
    Act,
    Actor,
    AnswerRequest,
    Attach,
    Back,
    Cancel,
    Check,
    Complete,
    Decide,
    Enclosure,
    Hold,
    NotApplicable,
    Notice,
    Reassign,
    RecordDelivery,
    RecordFact,
    Release,
    ResolveAgain,
    Resolved,
    Resume,
    Retry,
    SendBackItem,
    Shown,
    TaskDone,
    Tick,
    Uncheck,
    Waive,
)
from ..filing.facts import find_fact
from ..filing.holds import GOING_ON
from ..filing.issuing import is_current
from ..filing.obstacles import HINDERING, obstacles
from ..filing.offers import problem_of, status_of, still_to_answer
from ..filing.permissions import acted_in_checked
from ..filing.phase_outcomes import possible_outcomes
from ..filing.requests import Asked, Item, find_request, list_items
from ..filing.state import Pending
from ..filing.tasks import find_task
from ..filing.turn import Reader
from ..filing.waiting import awaited_notices
from ..filing.waits import waits
from ..period import add_months
from ..plan import Deliver, Offer, Phase, Plan, WaitFor, Work
from .answering import Move, answers
from .own_days import OwnDays
from .people import CLIENT, CONTACTS, PARTNER, Bars, make_team, resolve
from .reach import Reach
from .telling_apart import TODAY, Telling

REASON = "omdat"
PROOF = "bewijs"
"""The hash of a document that proves something."""
AT_ONCE = ("resolve", "find", "send", "deliver")
"""What the world answers, or fails at, before anybody does anything else."""
YEARS_OF_STANDING = 20
"""A standing authority does not end while a filing is explored."""


class Mover:
    """Finds the moves of the states of one plan.

    `stalls`: what fails without a consequence for the filing is looked at too; `repeats`: so is what is done
    again though it changes nothing. `counted` are phases of which it counts who did something in them though
    no other one checks them.
    `beside` are plans that are walked beside this one, `team` is who acts where it is not the plan's own;
    `begun` is the reach of the plan as the start left it, where this one has what was settled since too.
    """

    def __init__(
        self,
        plan: Plan,
        telling: Telling,
        *,
        reduced: bool = True,
        stalls: bool = False,
        repeats: bool = False,
        counted: Iterable[str] = (),
        beside: tuple[Plan, ...] = (),
        team: tuple[Actor, ...] = (),
        begun: Reach | None = None,
    ) -> None:
        self.plan = plan
        self.telling = telling
        self.reduced = reduced
        self.stalls = stalls or not reduced
        self.repeats = repeats or not reduced
        self.team = team or make_team(plan, *beside)
        self.facts = {fact.id: telling.values_of_fact(fact) for fact in plan.facts}
        self.forms = {form.id: telling.answers_to(form) for form in plan.forms}
        self.bars = Bars(plan, *beside)
        self.counted = self.bars.checked.union(counted)
        self.reach = Reach(plan)
        self.is_alone = not beside
        self.own_days = OwnDays(plan, self.reach, begun)
        offers = [phase.block for phase in plan.phases if isinstance(phase.block, Offer)]
        self._awaiting: dict[tuple[int, ...], tuple[tuple[object, ...], bool]] = {}
        """Whether the world is waited for, by the identity of what it hangs on, which is kept too."""
        self.several = frozenset(o.documents for o in offers if o.to.decide != "one")

    def list_moves(
        self, reader: Reader, known: frozenset[str], *, nothing_begun: bool = False
    ) -> Iterator[Move]:
        """Yield the moves of a state. `known` are colleagues whose earlier acts matter, by id.

        `nothing_begun`: it is known that `list_chained` yields nothing, and `find_silence` finds none.
        """
        if self._awaits_the_world(reader):
            yield from self._answers(reader)
            return
        if self.own_days.is_past_bound(reader):
            return
        chain = list(self.list_chained(reader, known)) if self.reduced and not nothing_begun else []
        if chain:
            yield from chain
            return
        silence = None if nothing_begun else self.find_silence(reader)
        if silence is not None:
            yield silence
            return
        coming = tuple(waits(reader))
        if not reader.case.ended:
            yield from self._time(reader, coming)
            if reader.held:
                yield Move("resume", Resume(**self._by(reader, self.team[0])))
            else:
                for phase in reader.active_phases():
                    yield from self._acts_in(reader, phase, known)
                if not self.reduced or _can_be_kept(coming):
                    yield Move("hold", Hold(reason=REASON, **self._by(reader, self.team[0])))
            yield from self._facts(reader, known)
            yield Move("cancel", Cancel(reason=REASON, **self._by(reader, self.team[0])))
            if not self.reduced:
                yield from self._reassign(reader)
        if not (self.reduced and reader.case.ended):
            yield from self._answers(reader)

    # --- time -----------------------------------------------------------------------------------------------

    def _time(self, reader: Reader, dates: tuple[Wait, ...]) -> Iterator[Move]:
        """Yield that nobody does anything until the next date, or the last day of a deadline before it."""
        now = reader.state.journal.at
        opening = time(reader.state.origin.opening_hour)
        days = [(wait.on, wait.order) for wait in dates]
        last_days = [on - DAY for on, order in days if order == Order.MISSED]
        coming = [datetime.combine(on, opening) for on, _ in days]
        coming += [at for day in last_days if (at := datetime.combine(day, opening)) > now]
        if coming:
            yield Move("silence", Tick(at=max(min(coming), now)))

    def find_silence(self, reader: Reader) -> Move | None:
        """Return that a day passes on which nobody does anything, where that is the one move there is."""
        if self._awaits_the_world(reader) or not self._is_between(reader):
            return None
        dates = tuple(waits(reader))
        return next(self._time(reader, dates), None) if dates else self._find_wait(reader)

    def _find_wait(self, reader: Reader) -> Move | None:
        """Return that nobody does anything until the next day that the plan names, long after the last one.

        Nothing is waited for then, and people could act on any day: so many days would have no end. They have
        one where all that is to come lies so many days from what was learned.
        """
        if self.own_days.is_past_fixed(reader):
            return None
        today, days = reader.state.journal.at.date(), self.own_days.days(reader)
        last = max((day for day in days if day < today), default=today)
        coming = min((day for day in days if day > today), default=None)
        if coming is None or (today - last).days <= self.own_days.days_to_act:
            return None
        return Move("silence", Tick(at=datetime.combine(coming, time(reader.state.origin.opening_hour))))

    def _is_between(self, reader: Reader) -> bool:
        """Say whether nobody acts today: a reminder came, and a day that the plan itself names is to come."""
        today = reader.state.journal.at.date()
        if reader.case.ended or today in self.own_days.days(reader):
            return False
        return today <= self.own_days.last(reader)

    # --- the world ------------------------------------------------------------------------------------------

    def _awaits_the_world(self, reader: Reader) -> bool:
        """Say whether something is on its way that the world answers before anybody does anything else."""
        case, in_flight = reader.case, reader.state.journal.in_flight
        if case.ended or not in_flight:
            return False
        asked = (id(in_flight), id(case.offers), id(case.deliveries))
        known = self._awaiting.get(asked)
        if known is None:
            awaits = any(one.what in AT_ONCE and counts(reader, one, stalls=False) for one in in_flight)
            known = self._awaiting[asked] = ((in_flight, case.offers, case.deliveries), awaits)
        return known[1]

    def _answers(self, reader: Reader) -> Iterator[Move]:
        at = reader.state.journal.at
        for pending in reader.state.journal.in_flight:
            if self.reduced and not counts(reader, pending, stalls=self.stalls):
                continue
            if pending.what == "resolve":
                yield from self._list_lookups(reader, pending, at)
            for move in answers(pending, at.date(), self._recipients(reader, pending), at):
                if move.name not in self._left_out(reader, pending):
                    yield move

    def _left_out(self, reader: Reader, pending: Pending) -> tuple[str, ...]:
        """Return the answers that are not tried: what cannot be, and reduced what another stands for."""
        alone = len(self._recipients(reader, pending)) < 2
        never = ("resolved", *(("failed for some",) if alone else ()))
        return (*never, "withdrawn", "reached: there is none") if self.reduced else never

    def _list_lookups(self, reader: Reader, pending: Pending, at: datetime) -> Iterator[Move]:
        """Yield whom an offer may go to: as the template says, for information, or to another contact."""
        recipients = self._recipients(reader, pending)
        about: dict[str, Any] = {"at": at, "number": pending.number, "recipients": recipients}
        yield Move("resolved", Resolved(**about))
        offer = reader.offer_state(pending.phase)
        if offer and not offer.documents:
            until = add_months(at.date(), 12 * YEARS_OF_STANDING)
            standing = Resolved(way="information", standing_until=until, **about)
            yield Move("resolved for information", standing)
        elif offer and not offer.decisions:
            others = (PARTNER, CLIENT) if recipients[0].contact == CLIENT.id else (CLIENT, PARTNER)
            changed = about | {"recipients": resolve(*others[: len(recipients)])}
            if len(recipients) == 1:
                yield Move("resolved to another", Resolved(**changed))

    def _recipients(self, reader: Reader, pending: Pending) -> Any:
        phase = reader.rules.find_phase(pending.phase)
        offer = reader.offer_state(pending.phase)
        if offer and offer.lookup and offer.lookup.recipients:
            return offer.lookup.recipients
        block = phase.offer if phase else None
        several = block is not None and block.documents in self.several
        return resolve(CLIENT, PARTNER) if several else resolve(CLIENT)

    # --- people ---------------------------------------------------------------------------------------------

    def _by(self, reader: Reader, actor: Actor) -> dict[str, Any]:
        journal = reader.state.journal
        return {"at": journal.at, "by": actor, "id": f"handeling {journal.sequence + 1}"}

    def _doers(self, reader: Reader, phase: Phase, known: frozenset[str]) -> tuple[Actor, ...]:
        """Return who is tried for an act of which it matters who does it."""
        if not self.reduced:
            return self.team
        acted = tuple(one for one in self.team if one.id in known)
        if any(self._stands_for_new(reader, phase, one) for one in acted):
            return acted
        return (*acted, *[one for one in self.team if one.id not in known][:1])

    def _stands_for_new(self, reader: Reader, phase: Phase, one: Actor) -> bool:
        """Say whether somebody may act in a phase, and is then barred from what somebody new would be."""
        if acted_in_checked(reader, phase, one.id):
            return False
        told_apart = self.bars.by_acts(reader, one.id) ^ self.bars.by_phase(phase.id)
        if told_apart and self.is_alone:
            ahead = self.reach.find_ahead(reader)
            return all(checking not in ahead for _, checking in told_apart)
        return not told_apart

    def _doers_of(self, reader: Reader, phase: Phase, known: frozenset[str]) -> tuple[Actor, ...]:
        """Return who is tried for an act in a phase: one stands for all where nobody counts who does it."""
        if not self.reduced:
            return self.team
        return self._doers(reader, phase, known) if phase.id in self.counted else self.team[:1]

    def list_chained(self, reader: Reader, known: frozenset[str]) -> Iterator[Move]:
        """Yield how what was begun goes on: nothing else hinders it, and it hinders nothing else.

        Checkpoints are ticked in one go, at the last; so are the items of a request given, and looked at.
        """
        if reader.case.ended or reader.held:
            return
        for state in reader.case.requests:
            asked = find_request(reader, state) if reader.is_active(state.phase) else None
            items = list_counting(list_items(reader, asked)) if asked else ()
            if asked and _is_half_done(items):
                for by in self._by_each(reader, asked.phase, known):
                    yield from self._items_in_order(asked, items, by)
                return
        for phase in reader.active_phases():
            ticks = reader.phase_state(phase.id)
            ticked = {f"{phase.id}.{tick.checkpoint}" for tick in ticks.ticks} if ticks else set()
            if ticked - self.telling.watched:
                if is_ready(reader, phase):
                    yield from self._completions(reader, phase, known)
                for doer in self._doers_of(reader, phase, known):
                    yield from self._checks(reader, phase, self._by(reader, doer))
                return

    def _by_each(self, reader: Reader, phase: Phase, known: frozenset[str]) -> list[dict[str, Any]]:
        return [self._by(reader, doer) for doer in self._doers_of(reader, phase, known)]

    def _acts_in(self, reader: Reader, phase: Phase, known: frozenset[str]) -> Iterator[Move]:
        one = self._by(reader, self.team[0])
        if isinstance(phase.block, Work):
            yield from self._completions(reader, phase, known)
        for place, by in enumerate(self._by_each(reader, phase, known)):
            for move in self._acts_of(reader, phase, by):
                if place == 0 or (isinstance(move.event, Act) and move.event.by.kind == "team"):
                    yield move
        if isinstance(phase.block, WaitFor):
            for notice in awaited_notices(phase):
                said: dict[str, Any] = one | {"by": SYSTEM, "on": reader.state.journal.at.date()}
                yield Move("notice", Notice(phase=phase.id, notice=notice, **said))
        if self._stands_still(reader, phase):
            yield Move("retry", Retry(phase=phase.id, **one))

    def _acts_of(self, reader: Reader, phase: Phase, by: dict[str, Any]) -> Iterator[Move]:
        """Yield what one colleague can do in a phase, and what its clients can."""
        yield from self._checks(reader, phase, by)
        for document in reader.rules.made_in(phase.id):
            if self.repeats or may_change(reader, document.id):
                version = f"versie {reader.state.journal.sequence + 1}"
                yield Move("attach", Attach(shown=Shown(document=document.id, hash=version), **by))
        if phase.back_to:
            yield Move("back", Back(phase=phase.id, reason=REASON, **by))
        if isinstance(phase.block, Offer):
            yield from self._decisions(reader, phase, by)
        if isinstance(phase.block, Deliver) and phase.block.by_hand:
            today = reader.state.journal.at.date()
            delivery = RecordDelivery(phase=phase.id, on=today, proof=PROOF, **by)
            yield Move("record_delivery", delivery)
        yield from self._requests(reader, phase, by)
        yield from self._tasks(reader, phase, by)

    def _checks(self, reader: Reader, phase: Phase, by: dict[str, Any]) -> Iterator[Move]:
        state = reader.phase_state(phase.id)
        ticked = {tick.checkpoint for tick in state.ticks} if state else set()
        ordinary_is_next = True
        for checkpoint in reader.rules.checkpoints(phase):
            watched = f"{phase.id}.{checkpoint.id}" in self.telling.watched
            about: dict[str, Any] = by | {"phase": phase.id, "checkpoint": checkpoint.id}
            if checkpoint.id in ticked:
                if watched or not self.reduced:
                    yield Move("uncheck", Uncheck(**about))
            elif watched or not self.reduced:
                yield Move("check", Check(**about))
            elif checkpoint.required and ordinary_is_next and self._lacks_only_ticks(reader, phase):
                ordinary_is_next = False
                yield Move("check", Check(**about))

    def _lacks_only_ticks(self, reader: Reader, phase: Phase) -> bool:
        others = (one for one in HINDERING if one is not CHECKPOINTS)
        return isinstance(phase.block, Work) and not any(
            True for construct in others for _ in construct.obstacles(reader, phase)
        )

    def _completions(self, reader: Reader, phase: Phase, known: frozenset[str]) -> Iterator[Move]:
        if self.reduced and not is_ready(reader, phase):
            return
        seen = tuple(
            state.shown
            for name in dict.fromkeys((*phase.reviews, *phase.signs))
            if (state := reader.document_state(name))
        )
        outcomes: list[str | None] = [one.id for one in possible_outcomes(reader, phase)]
        matters = phase.id in self.counted or phase.four_eyes or phase.reviews or phase.signs
        doers = self._doers(reader, phase, known) if matters else self.team[:1]
        for doer in doers if self.reduced else self.team:
            for outcome in outcomes or [None]:
                act = Complete(phase=phase.id, documents=seen, outcome=outcome, **self._by(reader, doer))
                yield Move("complete", act)
        if phase.four_eyes_exception:
            yield from self._waivers(reader, phase)

    def _waivers(self, reader: Reader, phase: Phase) -> Iterator[Move]:
        barred = [one for one in self.team if acted_in_checked(reader, phase, one.id)]
        others = [one for one in self.team if one not in barred]
        for person in barred:
            if others:
                by = self._by(reader, others[0])
                yield Move("waive", Waive(phase=phase.id, person=person.id, reason=REASON, **by))

    def _decisions(self, reader: Reader, phase: Phase, one: dict[str, Any]) -> Iterator[Move]:
        block, found = phase.block, find_offer(reader, phase.id)
        if not isinstance(block, Offer) or not isinstance(found, tuple):
            return
        offer = found[2]
        status = status_of(reader, phase, offer)
        if status == "to_release" and block.forward == "by_hand":
            yield Move("release", Release(phase=phase.id, **one))
        if block.may_end:
            yield Move("not_deliver", Decide(phase=phase.id, answer="not_deliver", reason=REASON, **one))
        stalled = any(stall.pending.phase == phase.id for stall in reader.case.stalls)
        if status == "waiting" and not stalled:
            again = ResolveAgain(phase=phase.id, **(one | {"by": SYSTEM}))
            yield Move("resolve_again", again)
        if status != "waiting":
            return
        answer: Literal["sign", "approve"] = (
            "sign" if reader.offered_as(phase.id) == "signature" else "approve"
        )
        waiting = still_to_answer(reader, phase, offer)
        for contact in waiting[:1] if self.reduced else waiting:
            said: dict[str, Any] = one | {"by": CONTACTS[contact], "phase": phase.id}
            said["documents"] = offer.documents
            yield Move(answer, Decide(answer=answer, **said))
            yield Move("reject", Decide(answer="reject", reason=REASON, **said))

    def _requests(self, reader: Reader, phase: Phase, one: dict[str, Any]) -> Iterator[Move]:
        for state in reader.case.requests:
            asked = find_request(reader, state) if state.phase == phase.id else None
            if asked and self.reduced:
                yield from self._items_in_order(asked, list_items(reader, asked), one)
            elif asked:
                for item in list_items(reader, asked):
                    yield from self._answers_to(asked, item, one)
                    yield from self._looks_at(asked, item, one)

    def _items_in_order(self, asked: Asked, items: tuple[Item, ...], one: dict[str, Any]) -> Iterator[Move]:
        """Yield what is done about the items of a request: given in their order, then looked at in it.

        Something that was given alone changes nothing: the client is waited for all the same. Optional items
        count where none is required; nobody need look at them.
        """
        items = list_counting(items)
        missing = [item for item in items if item.is_missing]
        received = [item for item in items if item.state and item.state.status == "received"]
        set_aside = any(i.state and i.state.status == "not_applicable" for i in items)
        if missing:
            if not (set_aside and not received):
                yield from self._answers_to(asked, missing[0], one)
            if not received:
                yield self._set_aside(asked, missing[0], one)
        elif received:
            looks = list(self._looks_at(asked, received[0], one))
            accepted = any(i.state and i.state.status == "accepted" for i in items)
            yield from looks[:1] if accepted else looks

    def _answers_to(self, asked: Asked, item: Item, one: dict[str, Any]) -> Iterator[Move]:
        is_form = asked.form.kind == "form"
        about: dict[str, Any] = {"request": asked.state.id, "item": None if is_form else item.id}
        for values in self.forms[asked.form.id] if is_form else ({},):
            papers = () if is_form else (_paper(item.id),)
            by = one | {"by": CLIENT}
            yield Move("answer", AnswerRequest(values=values, documents=papers, **about, **by))

    def _looks_at(self, asked: Asked, item: Item, one: dict[str, Any]) -> Iterator[Move]:
        about = one | {"request": asked.state.id, "item": None if asked.form.kind == "form" else item.id}
        if item.state and item.state.status == "received":
            yield Move("accept_item", AcceptItem(**about))
            yield Move("send_back_item", SendBackItem(reason=REASON, **about))
        if not self.reduced and not item.is_settled:
            yield self._set_aside(asked, item, one)

    def _set_aside(self, asked: Asked, item: Item, one: dict[str, Any]) -> Move:
        about = one | {"request": asked.state.id, "item": None if asked.form.kind == "form" else item.id}
        return Move("not_applicable", NotApplicable(reason=REASON, **about))

    def _tasks(self, reader: Reader, phase: Phase, one: dict[str, Any]) -> Iterator[Move]:
        for task in reader.case.tasks:
            definition = find_task(reader, task)
            if task.phase != phase.id or task.done or definition is None:
                continue
            chase = next((a.chase for a in phase.automations if a.id == task.automation), None)
            ours = definition.to.kind == "role"
            if self.reduced and ours and chase is None and phase.id not in self.counted:
                continue  # nothing hangs on it
            by = one if ours else one | {"by": CLIENT}
            yield Move("task_done", TaskDone(task=task.id, proof=PROOF, **by))

    def _stands_still(self, reader: Reader, phase: Phase) -> bool:
        offer = reader.offer_state(phase.id)
        stalled = any(stall.pending.phase == phase.id for stall in reader.case.stalls)
        return stalled or (offer is not None and problem_of(reader, phase, offer) is not None)

    def _facts(self, reader: Reader, known: frozenset[str]) -> Iterator[Move]:
        """Yield what is recorded of the case, and corrected, while one of its phases is active."""
        if reader.held:
            return
        for fact in self.plan.facts:
            before = find_fact(reader, fact.id)
            phase = next((name for name in fact.set_in if reader.is_active(name)), None)
            if phase is None or (before and not self.repeats and not self.telling.matters("facts", fact.id)):
                continue
            by_each = self._by_each(reader, reader.rules.phase(phase), known)
            for value in self.facts[fact.id]:
                said = reader.state.journal.at.date().isoformat() if value == TODAY else value
                if before is None or before.value != said:
                    reason = REASON if before else ""
                    for by in by_each:
                        act = RecordFact(phase=phase, fact=fact.id, value=said, reason=reason, **by)
                        yield Move("record_fact", act)

    def _reassign(self, reader: Reader) -> Iterator[Move]:
        by = self._by(reader, self.team[0])
        for role in self.plan.roles[:1]:
            for person in (None, *self.team):
                yield Move("reassign", Reassign(role=role.id, person=person, reason=REASON, **by))


def _can_be_kept(dates: tuple[Wait, ...]) -> bool:
    """Say whether a hold would keep something from coming that is not as well kept later, or not at all.

    An escalation alone is kept only so that a deadline passes before it, and as well on the last day before
    it; other dates are moved by a hold.
    """
    escalations = [wait.on for wait in dates if wait.order == Order.ESCALATE]
    deadlines = [wait.on for wait in dates if wait.order == Order.MISSED]
    if escalations and deadlines and min(escalations) <= min(deadlines):
        return True
    return any(wait.order not in (*GOING_ON, Order.ESCALATE) for wait in dates)


def counts(reader: Reader, pending: Pending, *, stalls: bool) -> bool:
    """Say whether the answer to a command can change the course of a filing."""
    if not is_current(reader, pending):
        return False
    if pending.what == "send":
        return stalls or (pending.purpose == "offer" and pending.automation is None)
    return stalls or pending.what not in ("start", "note")


def list_counting(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """Return the items for which the client is waited for: those that are required, or all where none is."""
    required = tuple(item for item in items if item.required)
    return required or items


def may_change(reader: Reader, document: str) -> bool:
    """Say whether another version of a document would change more than its bytes."""
    state = reader.document_state(document)
    if state is None or state.reviews or state.signatures or state.made_from is not None:
        return True
    return any(shown.document == document for offer in reader.case.offers for shown in offer.documents)


def is_ready(reader: Reader, phase: Phase) -> bool:
    """Say whether nothing is in the way of completing a phase of work."""
    return not obstacles(reader, phase)


def _is_half_done(items: tuple[Item, ...]) -> bool:
    """Say whether some items were given or looked at and others not, and none was sent back."""
    statuses = {item.state.status if item.state else "open" for item in items}
    if "sent_back" in statuses or len(statuses) < 2:
        return False
    return "open" in statuses or statuses >= {"received", "accepted"}


def _paper(item: str) -> Enclosure:
    return Enclosure(hash=f"stuk {item}", name=f"{item}.pdf", media_type="application/pdf")
