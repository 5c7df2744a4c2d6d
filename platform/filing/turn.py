"""How a filing stands while rules are asked of it (Reader), and while one event is worked out (Turn).

The constructs (work, offers, deliveries …) work on a turn; `step` makes one from plan, state and event and
turns it into a Step, so that from outside nothing is ever changed in place. Who only looks gets a reader.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Literal, TypeVar

from ..audience import CLIENT, OFFICE
from ..data import replace
from ..period import in_words
from ..plan import Phase, Plan, Way
from .commands import AnyCommand
from .events import SYSTEM, Actor
from .outcome import Entry, Made, Refusal
from .rules import Rules, rules_of
from .state import (
    Case,
    Chased,
    Contribution,
    DeliveryState,
    DocumentState,
    HoldState,
    OfferState,
    Pending,
    PhaseState,
    RequestState,
    Stall,
    State,
    WaitState,
)

FOR_CLIENT = frozenset(
    (
        *("request_made", "request_answered", "item_accepted", "item_sent_back"),
        *("offer_released", "informed", "decided", "delivered_by_hand", "accepted"),
    )
)
"""What of the timeline is for the client too: what they were asked, gave, were shown and answered."""

T = TypeVar("T")
Status = Literal["pending", "active", "completed", "skipped"]


class Reader:
    """A filing as it is at a moment, with its rules; nothing can be changed through it."""

    def __init__(self, plan: Plan, state: State, now: datetime | None = None) -> None:
        self.plan = plan
        self.state = state
        self.case: Case = state.case
        self.rules: Rules = self._make_rules()
        self.now = now or state.journal.at
        self._phases_of: tuple[PhaseState, ...] | None = None
        self._phases: dict[str, PhaseState] = {}
        self._open: set[str] = set()
        self._stage: tuple[Phase, ...] = ()
        self._active: tuple[Phase, ...] = ()

    def _make_rules(self) -> Rules:
        case = self.case
        return rules_of(self.plan, self.state.origin, case.facts, case.requests, case.phases)

    def phase_state(self, phase: str) -> PhaseState | None:
        """Return the state of a phase that was reached in this pass."""
        if self._phases_of is not self.case.phases:
            self._look_at_phases()
        return self._phases.get(phase)

    def _look_at_phases(self) -> None:
        """Work out where the filing is; once for each state of its phases, since everything asks for it."""
        self._phases_of = self.case.phases
        self._phases = {state.id: state for state in self.case.phases}
        self._stage = self._find_stage({state.id for state in self.case.phases if state.ended is not None})
        self._open = {s.id for s in self.case.phases if s.ended is None and s.entered is not None}
        self._active = tuple([phase for phase in self._stage if phase.id in self._open])

    def _find_stage(self, left: set[str]) -> tuple[Phase, ...]:
        """Return the first stage of which not every phase was left."""
        for stage in self.rules.stages:
            for phase in stage:
                if phase.id not in left:
                    return stage
        return ()

    def status(self, phase: str) -> Status:
        """Return the status of a phase; one that was not reached yet is pending."""
        state = self.phase_state(phase)
        return "pending" if state is None else state.status

    def is_active(self, phase: str) -> bool:
        """Say whether a phase has been entered and not left."""
        if self._phases_of is not self.case.phases:
            self._look_at_phases()
        return phase in self._open

    def current_stage(self) -> tuple[Phase, ...]:
        """Return the phases whose turn it is, side by side; empty after the last."""
        if self._phases_of is not self.case.phases:
            self._look_at_phases()
        return self._stage

    def active_phases(self) -> list[Phase]:
        """Return the phases that have been entered and not left, in the order of the plan."""
        if self.case.ended:
            return []
        if self._phases_of is not self.case.phases:
            self._look_at_phases()
        return list(self._active)

    def round_of(self, phase: str) -> int:
        """Return how often a phase was entered."""
        return self.case.rounds.get(phase, 0)

    def offer_state(self, phase: str) -> OfferState | None:
        """Return the offer of a phase in its current round."""
        return next((o for o in self.case.offers if o.phase == phase), None)

    def offered_as(self, phase: str) -> Way | None:
        """Return how a phase offers: the relation's own way, else the plan's; None until it was looked up."""
        offer, block = self.offer_state(phase), self.rules.phase(phase).offer
        if offer is None or offer.lookup is None or block is None:
            return None
        return offer.lookup.way or block.offer_as

    def document_state(self, document: str) -> DocumentState | None:
        """Return the document that was attached, or None."""
        return next((d for d in self.case.documents if d.id == document), None)

    def delivery_state(self, phase: str) -> DeliveryState | None:
        """Return the delivery of a phase that runs or ran last."""
        return next((d for d in self.case.deliveries if d.phase == phase), None)

    def wait_state(self, phase: str) -> WaitState | None:
        """Return what ended the wait of a phase in this round; None while it waits."""
        return next((w for w in self.case.waits if w.phase == phase), None)

    @property
    def held(self) -> HoldState | None:
        """Return by what the filing is held now, or None."""
        last = self.case.holds[-1] if self.case.holds else None
        return last if last and last.ended is None else None

    def assigned_to(self, role: str) -> str | None:
        """Return the person to whom the work of a role was reassigned in this filing, or None."""
        return next((one.person for one in self.case.assigned if one.role == role), None)

    def chased_for(self, subject: str) -> Chased:
        """Return how somebody was chased for a subject; by default not at all."""
        return next((c for c in self.case.chased if c.subject == subject), None) or Chased(subject=subject)

    def active_phase(self, phase: str) -> Phase | Refusal:
        """Return the phase of the plan if it is active now, else why an act on it is refused."""
        named = self.rules.find_phase(phase)
        if named is None:
            names = ", ".join(p.id for p in self.plan.phases)
            return Refusal(code="unknown_phase", text=f"Fase '{phase}' bestaat niet. Kies uit: {names}.")
        if self.is_active(phase):
            return named
        active = ", ".join(f"'{p.title}'" for p in self.plan.phases if self.is_active(p.id))
        now_at = f"Nu aan de beurt: {active}." if active else "Er is nu geen fase aan de beurt."
        begins = self.rules.target_day(named.not_before) if named.not_before else None
        if begins and begins > self.now.date() and self.status(phase) == "pending":
            begin = f"Deze fase begint op {in_words(begins)}."
            now_at = f"{begin} {now_at}" if active else begin
        return Refusal(
            code="phase_not_active", text=f"De fase '{named.title}' is niet aan de beurt. {now_at}"
        )


class Turn(Reader):
    """Mutable while one event is worked out."""

    def __init__(self, plan: Plan, state: State, now: datetime) -> None:
        super().__init__(plan, state, now)
        self.last_number = state.journal.last_number
        self.in_flight = state.journal.in_flight
        self.made: list[Made] = []

    def set(self, **facts: Any) -> None:
        """Replace parts of the case; what hangs on a fact, an answer or a phase follows at once."""
        self.case = replace(self.case, **facts)
        ended = "phases" in facts and self.rules.counts_from_phases
        if ended or not facts.keys().isdisjoint(("facts", "requests")):
            self.rules = self._make_rules()

    def put_phase(self, phase: PhaseState) -> None:
        """Replace a phase's state."""
        self.set(phases=put(self.case.phases, phase, lambda p: p.id))

    def put_offer(self, offer: OfferState) -> OfferState:
        """Replace an offer's state and return it."""
        self.set(offers=put(self.case.offers, offer, lambda o: o.phase))
        return offer

    def put_document(self, document: DocumentState) -> None:
        """Replace a document's state."""
        self.set(documents=put(self.case.documents, document, lambda d: d.id))

    def put_delivery(self, delivery: DeliveryState) -> None:
        """Replace a delivery's state."""
        self.set(deliveries=put(self.case.deliveries, delivery, lambda d: d.phase))

    def put_request(self, request: RequestState) -> None:
        """Replace a request's state, that of an earlier round of it included."""
        self.set(requests=put(self.case.requests, request, lambda r: (r.phase, r.automation)))

    def put_chased(self, chased: Chased) -> None:
        """Replace how somebody was chased."""
        self.set(chased=put(self.case.chased, chased, lambda c: c.subject))

    def put_wait(self, wait: WaitState) -> None:
        """Keep what ended the wait of a phase; what came first stays."""
        if self.wait_state(wait.phase) is None:
            self.set(waits=put(self.case.waits, wait, lambda w: w.phase))

    def add_stall(self, stall: Stall) -> None:
        """Add a step that is stalled until a person retries it."""
        self.set(stalls=put(self.case.stalls, stall, lambda s: s.pending.number))

    def tell(
        self,
        what: str,
        by: str | None,
        phase: str | None = None,
        *,
        audience: str | None = None,
        **data: str | None,
    ) -> None:
        """Write an entry on the timeline, by the system where nobody is named; absent data is left out.

        It is for the office, unless it tells what a client was asked, gave and answered, or an `audience` is
        named.
        """
        kept = {key: value for key, value in data.items() if value}
        whose = audience or (CLIENT if what in FOR_CLIENT else None)
        entry = Entry(
            at=self.now,
            by=by or SYSTEM.id,
            what=what,
            phase=phase,
            data=kept,
            audience=None if whose == OFFICE else whose,
        )
        self.made.append(Made(self.case, entry=entry))

    def ask(self, command: AnyCommand) -> None:
        """Ask the world to carry out a command."""
        self.made.append(Made(self.case, command=command))

    @property
    def entries(self) -> list[Entry]:
        """Return what was written on the timeline."""
        return [one.entry for one in self.made if one.entry]

    @property
    def commands(self) -> list[AnyCommand]:
        """Return what was asked of the world."""
        return [one.command for one in self.made if one.command]

    @property
    def next_number(self) -> int:
        """Return the number that the next command gets."""
        return self.last_number + 1

    def withdraw(self, concerns: Callable[[Pending], bool]) -> None:
        """Withdraw these commands: their results change nothing, and those that were stalled are dropped."""
        self.in_flight = tuple(
            replace(p, withdrawn=True) if p.is_revocable and concerns(p) else p for p in self.in_flight
        )
        if any(concerns(s.pending) for s in self.case.stalls):
            self.set(stalls=tuple(s for s in self.case.stalls if not concerns(s.pending)))

    def add_contribution(self, phase: str, actor: Actor) -> None:
        """Remember that somebody did something in a phase; four eyes counts it in every later round."""
        contribution = Contribution(phase=phase, person=actor.id)
        if contribution not in self.case.contributions:
            self.set(contributions=put(self.case.contributions, contribution, lambda c: (c.phase, c.person)))


def put(items: Iterable[T], item: T, key: Callable[[T], Any]) -> tuple[T, ...]:
    """Return the items with `item` in the place of the one with its key, sorted by key."""
    rest = [other for other in items if key(other) != key(item)]
    return tuple(sorted([*rest, item], key=key))
