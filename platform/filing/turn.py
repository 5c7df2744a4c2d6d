"""One step in the making: the state as it changes, with the commands and entries that follow from it.

The constructs (phases, offers, deliveries …) work on a turn; `step` makes one from plan, state and event and
turns it into a Step, so that from outside nothing is ever changed in place.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from ..plan import Phase, Plan
from .commands import AnyCommand, Command
from .conditions import Values, values_of
from .events import Actor
from .outcome import Entry, Refusal
from .state import Contribution, DocumentState, OfferState, PhaseState, State

T = TypeVar("T")
C = TypeVar("C", bound=Command)


class Turn:
    """Mutable while one event is worked out."""

    def __init__(self, plan: Plan, state: State, now: datetime) -> None:
        self.plan = plan
        self.state = state
        self.now = now
        self.commands: list[AnyCommand] = []
        self.entries: list[Entry] = []

    @property
    def values(self) -> Values:
        """Return what conditions may name."""
        return values_of(self.plan, self.state.origin)

    def set(self, **facts: Any) -> None:
        """Replace parts of the state."""
        self.state = self.state.model_copy(update=facts)

    def put_phase(self, phase: PhaseState, **facts: Any) -> PhaseState:
        """Replace a phase's state, changed by `facts`."""
        changed = phase.model_copy(update=facts)
        self.set(phases=put(self.state.phases, changed, lambda p: p.id))
        return changed

    def put_offer(self, offer: OfferState, **facts: Any) -> OfferState:
        """Replace an offer's state, changed by `facts`."""
        changed = offer.model_copy(update=facts)
        self.set(offers=put(self.state.offers, changed, lambda o: o.phase))
        return changed

    def put_document(self, document: DocumentState) -> None:
        """Replace a document's state."""
        self.set(documents=put(self.state.documents, document, lambda d: d.id))

    def tell(self, what: str, by: str, phase: str | None = None, **data: str | None) -> None:
        """Write an entry on the timeline; absent data is left out."""
        said = {key: value for key, value in data.items() if value}
        self.entries.append(Entry(at=self.now, by=by, what=what, phase=phase, data=said))

    def command(self, make: Callable[..., C], phase: str, **facts: Any) -> C:
        """Give a command the next number, ask for it, and remember that it is in flight."""
        number = self.state.last_number + 1
        made: Any = make(number=number, phase=phase, **facts)
        self.commands.append(made)
        self.set(last_number=number, in_flight=(*self.state.in_flight, made))
        return made  # type: ignore[no-any-return]

    def contributed(self, phase: str, actor: Actor) -> None:
        """Remember that somebody did something in a phase; four eyes counts it in every later round."""
        contribution = Contribution(phase=phase, person=actor.id)
        if contribution not in self.state.contributions:
            key: Callable[[Contribution], tuple[str, str]] = lambda c: (c.phase, c.person)  # noqa: E731
            self.set(contributions=put(self.state.contributions, contribution, key))


def put(items: Iterable[T], item: T, key: Callable[[T], Any]) -> tuple[T, ...]:
    """Return the items with `item` in the place of the one with its key, sorted by key."""
    rest = [other for other in items if key(other) != key(item)]
    return tuple(sorted([*rest, item], key=key))


def phase_state(state: State, phase: str) -> PhaseState:
    """Return the state of a phase; one that was not reached yet is pending."""
    found = next((p for p in state.phases if p.id == phase), None)
    return found or PhaseState(id=phase, status="pending")


def offer_state(state: State, phase: str) -> OfferState | None:
    """Return the offer of a phase in its current round."""
    return next((o for o in state.offers if o.phase == phase), None)


def document_state(state: State, document: str) -> DocumentState | None:
    """Return the document that was attached, or None."""
    return next((d for d in state.documents if d.id == document), None)


def is_active(state: State, phase: str) -> bool:
    """Say whether a phase has been entered and not left."""
    return phase_state(state, phase).status == "active"


def active_phase(turn: Turn, phase: str) -> Phase | Refusal:
    """Return the phase of the plan if it is active now, else why an act on it is refused."""
    found = next((p for p in turn.plan.phases if p.id == phase), None)
    if found is None:
        names = ", ".join(p.id for p in turn.plan.phases)
        return Refusal(code="unknown_phase", text=f"Er is geen fase '{phase}'. Deze zijn er: {names}.")
    if is_active(turn.state, phase):
        return found
    active = ", ".join(f"'{p.title}'" for p in turn.plan.phases if is_active(turn.state, p.id))
    now_at = f"Nu aan de beurt: {active}." if active else "Er is nu geen fase aan de beurt."
    return Refusal(code="phase_not_active", text=f"De fase '{found.title}' is niet aan de beurt. {now_at}")
