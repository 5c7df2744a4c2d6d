"""`move`: from one plan to another of the same template. What tells the verdict is what moves."""

from collections.abc import Iterator

from ...data import replace
from ...plan import Plan
from ..deliveries import refuse_accepted, refuse_under_way
from ..registry import WITHDRAW
from ..state import PhaseState, State
from ..turn import Reader, Turn
from .dates import compare_dates, drop_dates, keep_dates, list_needless_dates
from .facts_kept import list_unkept
from .left_out import list_left_out
from .places import Place, find_place, list_obstructed, list_open
from .reach import read_met
from .renaming import rename_phases
from .under_way import list_under_way
from .verdicts import Cannot, Later, Loss, Mapping, Moved, Reason, Stays, Verdict

PLAIN = Mapping()
"""As the plans alone say it, with no choice of the office."""


def move(old: Plan, new: Plan, state: State, mapping: Mapping = PLAIN) -> Verdict:
    """Return the state of a filing under a newer plan, or why it stays, moves later or cannot.

    Pure, and raises nothing for any two plans that the compiler made. `state` is one of `old`; the moment of
    what the move itself writes is that of the last event.
    """
    before = Reader(old, state)
    if state.case.ended:
        return Stays(reasons=(Reason(code="ended", text="It has ended."),))
    if old == new:
        return Stays(reasons=(Reason(code="same_plan", text="It is on this plan."),))
    found = _find(before, new, mapping)
    if isinstance(found, Cannot):
        return found
    after, place = found
    needless = tuple(_list_needless(before, after, place, mapping))
    if needless:
        text = "The mapping names what this filing would not lose, or what it has no choice in."
        return Cannot(
            reasons=tuple(Reason(code="mapping_unknown", text=text, item=name) for name in needless)
        )
    obstructed = (*_list_accepted(after, place), *list_obstructed(before, after, place, mapping))
    if obstructed:
        return Cannot(reasons=tuple(dict.fromkeys(obstructed)))
    moved = _move(before, after, place, mapping)
    if not mapping.chooses and read_met(before) == read_met(Reader(new, moved.state)):
        text = "The plans differ in nothing that it can still meet."
        return Stays(reasons=(Reason(code="behind", text=text),))
    under_way = tuple(
        dict.fromkeys(
            (*list_under_way(before, after, mapping.phases, place.again), *_list_running(after, place))
        )
    )
    return Later(reasons=under_way) if under_way else moved


def narrow(old: Plan, new: Plan, state: State, mapping: Mapping) -> Mapping:
    """Return the mapping for one of many filings: it chooses only what this one has a choice in."""
    before = Reader(old, state)
    found = None if state.case.ended or old == new else _find(before, new, mapping)
    if found is None or isinstance(found, Cannot):
        return mapping
    needless = set(_list_needless(before, *found, mapping))

    def leave(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if name not in needless)

    without, dropped, kept = map(leave, (mapping.without, mapping.dropped, mapping.kept))
    return replace(mapping, without=without, dropped=dropped, kept=kept)


def carry_out(old: Plan, new: Plan, state: State, mapping: Mapping) -> Moved | Cannot:
    """Return the state of a filing under a newer plan, asking nothing but whether there is a place for it.

    For a move that was judged by `move` when it was asked: what was moved once is moved again when a history
    replays, also by a version that would refuse it as a new one.
    """
    before = Reader(old, state)
    unknown = tuple(_list_unknown(before, new, mapping))
    if unknown:
        return Cannot(reasons=unknown)
    after = Reader(new, rename_phases(state, mapping.phases))
    place = find_place(before, after, mapping)
    return Cannot(reasons=(place,)) if isinstance(place, Reason) else _move(before, after, place, mapping)


def _find(old: Reader, new: Plan, mapping: Mapping) -> tuple[Reader, Place] | Cannot:
    """Return the filing under the newer plan, and its place there."""
    unknown = tuple(_list_unknown(old, new, mapping))
    if unknown:
        return Cannot(reasons=unknown)
    after = Reader(new, rename_phases(old.state, mapping.phases))
    unkept = tuple(list_unkept(old, after, mapping))
    if unkept:
        return Cannot(reasons=unkept)
    place = find_place(old, after, mapping)
    return Cannot(reasons=(place,)) if isinstance(place, Reason) else (after, place)


def _list_needless(old: Reader, new: Reader, place: Place, mapping: Mapping) -> Iterator[str]:
    """Yield what a mapping chooses in which this filing has no choice, such as what it would not lose."""
    yield from list_needless_dates(old, new, place.again, mapping)
    if not mapping.without:
        return
    plain = replace(mapping, without=())
    reasons = (*list_unkept(old, new, plain), *list_obstructed(old, new, place, plain))
    lost = {one.item for one in reasons if one.code in ("safeguard_gone", "document_gone")}
    yield from (name for name in mapping.without if name not in lost)


def _list_unknown(old: Reader, new: Plan, mapping: Mapping) -> Iterator[Reason]:
    """Yield what a mapping names that does not exist."""
    phases = {phase.id: phase for phase in new.phases}
    for was, now in mapping.phases.items():
        if old.rules.find_phase(was) is None:
            yield Reason(code="mapping_unknown", text=f"The older plan has no phase '{was}'.", item=was)
        if now not in phases:
            yield Reason(code="mapping_unknown", text=f"The newer plan has no phase '{now}'.", item=now)


def _list_accepted(new: Reader, place: Place) -> Iterator[Reason]:
    refusal = refuse_accepted(new, place.again)
    if refusal:
        text = "What was delivered was accepted, and cannot be done again; the work cannot go back over it."
        yield Reason(code="accepted", text=text)


def _list_running(new: Reader, place: Place) -> Iterator[Reason]:
    refusal = refuse_under_way(new, place.again)
    if refusal:
        yield Reason(
            code="delivery_runs", text="A delivery has begun; it moves once the authority has judged it."
        )


def _move(old: Reader, new: Reader, place: Place, mapping: Mapping) -> Moved:
    """Return the filing at its place in the newer plan, with what is lost on the way."""
    turn = Turn(new.plan, new.state, new.state.journal.at)
    losses = [*_list_merged(old, mapping), *_do_again(turn, place), *_forget_skipped(turn)]
    for phase in place.passed_over:
        turn.put_phase(PhaseState(id=phase.id, ended=turn.now))
    losses += [*_untick(old, turn), *drop_dates(turn, mapping), *_drop_documents(turn, mapping)]
    kept = keep_dates(old, turn, mapping)
    moved = replace(new.state, case=turn.case, journal=replace(new.state.journal, in_flight=turn.in_flight))
    reader = Reader(new.plan, moved)
    return Moved(
        state=moved,
        reasons=(*list_open(old, reader, place), *list_left_out(old, reader, mapping.phases)),
        losses=tuple(losses),
        dates=tuple(compare_dates(old, reader, mapping.phases)),
        kept=kept,
    )


def _list_merged(old: Reader, mapping: Mapping) -> Iterator[Loss]:
    targets = {p.id: mapping.phases.get(p.id, p.id) for p in old.plan.phases}
    for name in dict.fromkeys(targets.values()):
        parts = [was for was, now in targets.items() if now == name]
        if len(parts) > 1 and any(old.phase_state(one) for one in parts):
            text = f"{' and '.join(parts)} become one phase; on the way back they are not told apart."
            yield Loss(code="phases_merged", text=text, phase=name)


def _do_again(turn: Turn, place: Place) -> Iterator[Loss]:
    """Take back what is to be done again, as when the work goes back."""
    again = frozenset(place.again)
    if not again:
        return
    for state in turn.case.phases:
        if state.id in again and state.entered:
            yield Loss(code="done_again", text=f"'{state.id}' is to be done again.", phase=state.id)
        elif state.id in again:
            text = f"That '{state.id}' was skipped is forgotten: it lies ahead now."
            yield Loss(code="skip_forgotten", text=text, phase=state.id)
    turn.set(phases=tuple(p for p in turn.case.phases if p.id not in again))
    turn.withdraw(lambda pending: pending.phase in again)
    for construct in WITHDRAW:
        construct.withdraw(turn, again)


def _forget_skipped(turn: Turn) -> Iterator[Loss]:
    """Forget phases that were skipped and are gone: nothing happened in them."""
    known = {phase.id for phase in turn.plan.phases}
    for state in turn.case.phases:
        if state.id not in known and state.entered is None:
            text = f"That '{state.id}' was skipped is forgotten with the phase."
            yield Loss(code="skip_forgotten", text=text, phase=state.id)
    turn.set(phases=tuple(p for p in turn.case.phases if p.id in known or p.entered))


def _untick(old: Reader, turn: Turn) -> Iterator[Loss]:
    """Take away the ticks of active phases whose checkpoint is gone."""
    for phase in turn.plan.phases:
        state = turn.phase_state(phase.id)
        if state is None or not turn.is_active(phase.id):
            continue
        known = {checkpoint.id for checkpoint in phase.checkpoints}
        titles = {c.id: c.title for p in old.plan.phases for c in p.checkpoints}
        for tick in state.ticks:
            if tick.checkpoint not in known:
                title = titles.get(tick.checkpoint, tick.checkpoint)
                text = f"The checkpoint '{title}' is gone; that it was ticked is on the timeline alone."
                yield Loss(code="checkpoint_gone", text=text, phase=phase.id, item=tick.checkpoint)
        turn.put_phase(replace(state, ticks=tuple(t for t in state.ticks if t.checkpoint in known)))


def _drop_documents(turn: Turn, mapping: Mapping) -> Iterator[Loss]:
    for document in turn.case.documents:
        if turn.rules.find_document(document.id) is None and f"document:{document.id}" in mapping.without:
            text = f"'{document.id}' is gone; its bytes are in the document store alone."
            yield Loss(code="document_gone", text=text, item=document.id)
            turn.set(documents=tuple(d for d in turn.case.documents if d.id != document.id))
