"""A state under the phase ids of another plan; phases that become one are merged."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ...data import replace
from ..state import Case, DocumentState, Pending, PhaseState, RequestState, State, TaskState

T = TypeVar("T")


def rename_phases(state: State, phases: dict[str, str]) -> State:
    """Return the state with every phase under its new id; the same state where none has another."""
    if all(old == new for old, new in phases.items()):
        return state
    return _Renaming(state, phases).rename()


class _Renaming:
    def __init__(self, state: State, phases: dict[str, str]) -> None:
        self.state = state
        self.phases = phases
        begun = {phase.id for phase in state.case.phases if phase.entered}
        targets = [phases.get(phase, phase) for phase in begun]
        self.merged = {target for target in targets if targets.count(target) > 1}

    def rename(self) -> State:
        """Return the renamed state."""
        state, case = self.state, self.state.case
        rounds: dict[str, int] = {}
        for phase, number in case.rounds.items():
            rounds[self._of(phase)] = max(number, rounds.get(self._of(phase), 0))
        return replace(
            state,
            origin=replace(
                state.origin, automations_off=tuple(map(self._automation, state.origin.automations_off))
            ),
            case=replace(
                case,
                phases=self._merge_phases(case),
                rounds=rounds,
                documents=tuple(map(self._document, case.documents)),
                offers=_sort(map(self._rename_phase, case.offers), lambda o: o.phase),
                deliveries=_sort(map(self._rename_phase, case.deliveries), lambda d: d.phase),
                chased=_sort(
                    (replace(c, subject=self._subject(c.subject)) for c in case.chased), lambda c: c.subject
                ),
                tasks=_sort(map(self._rename_asked, case.tasks), lambda t: t.id),
                requests=_sort(map(self._rename_asked, case.requests), lambda r: (r.phase, r.automation)),
                waits=_sort(map(self._rename_phase, case.waits), lambda w: w.phase),
                contributions=_sort(
                    map(self._rename_phase, case.contributions), lambda c: (c.phase, c.person)
                ),
                waivers=_sort(
                    (w for w in map(self._rename_phase, case.waivers) if w.phase not in self.merged),
                    lambda w: (w.phase, w.person),
                ),
            ),
            journal=replace(state.journal, in_flight=tuple(map(self._pending, state.journal.in_flight))),
        )

    def _of(self, phase: str) -> str:
        return self.phases.get(phase, phase)

    def _rename_phase(self, item: Any) -> Any:
        return replace(item, phase=self._of(item.phase))

    def _pending(self, pending: Pending) -> Pending:
        return replace(pending, phase=self._of(pending.phase))

    def _id(self, id: str) -> str:
        """Return the id of a task or request, which begins with its phase."""
        phase, _, rest = id.partition(".")
        return f"{self._of(phase)}.{rest}" if rest else self._of(phase)

    def _subject(self, subject: str) -> str:
        kind, _, rest = subject.partition(":")
        return f"{kind}:{self._id(rest)}"

    def _automation(self, name: str) -> str:
        template, phase, automation = name.split("/")
        return f"{template}/{self._of(phase)}/{automation}"

    def _rename_asked(self, asked: TaskState | RequestState) -> Any:
        return replace(asked, id=self._id(asked.id), phase=self._of(asked.phase))

    def _document(self, document: DocumentState) -> DocumentState:
        """Rename who reviewed and signed; what part of a merged phase did does not count for the whole."""
        reviews = (r for r in map(self._rename_phase, document.reviews) if r.phase not in self.merged)
        signatures = (s for s in map(self._rename_phase, document.signatures) if s.phase not in self.merged)
        return replace(
            document,
            reviews=_sort(reviews, lambda r: r.phase),
            signatures=_sort(signatures, lambda s: s.phase),
        )

    def _merge_phases(self, case: Case) -> tuple[PhaseState, ...]:
        found: dict[str, PhaseState] = {}
        for phase in case.phases:
            now = replace(phase, id=self._of(phase.id))
            found[now.id] = _merge(found[now.id], now) if now.id in found else now
        return tuple(found[name] for name in sorted(found))


def _merge(one: PhaseState, other: PhaseState) -> PhaseState:
    """Return two phases as one: active when either is, with the ticks of both; a skipped one adds nothing."""
    if one.entered is None or other.entered is None:
        return one if other.entered is None else other
    ended = [moment for moment in (one.ended, other.ended) if moment]
    ticks = {tick.checkpoint: tick for tick in (*one.ticks, *other.ticks)}
    return PhaseState(
        id=one.id,
        entered=min(one.entered, other.entered),
        ended=max(ended) if len(ended) > 1 else None,
        ticks=tuple(ticks[name] for name in sorted(ticks)),
        fired=tuple(sorted({*one.fired, *other.fired})),
    )


def _sort(items: Iterable[T], key: Callable[[T], Any]) -> tuple[T, ...]:
    """Return one item for each key, sorted; of those that are now one thing the last."""
    found = {key(item): item for item in items}
    return tuple(found[name] for name in sorted(found))
