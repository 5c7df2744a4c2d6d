"""`step`: the one door of the machine. What is verified, simulated and moved is what runs."""

from ..data import replace
from ..plan import Plan
from .advance import advance, leave
from .digests import act_digest
from .events import Act, AnyEvent, Start, Tick
from .holds import refuse_held
from .in_place_of import name_absent
from .outcome import ACT_ID_USED, Refusal, Step
from .registry import ACTS, RESULTS
from .stalls import take_result
from .state import REMEMBERED_ACTS, Answered, Case, Journal, State, origin_of
from .turn import Turn
from .waits import fire_next

NOT_STARTED = Refusal(code="not_started", text="Deze opdracht is nog niet gestart.")
ALREADY_STARTED = Refusal(code="already_started", text="Deze opdracht is al gestart.")
ENDED = Refusal(code="ended", text="Deze opdracht is afgesloten en kan niet meer worden gewijzigd.")


def step(plan: Plan, state: State | None, event: AnyEvent) -> Step | Refusal:
    """Take an event: return the new state with its commands and timeline entries, or why it is refused.

    Pure: no clock, no I/O. `state` is None before the start. An act with the id of one that was taken is
    answered with the first answer, or refused when it says something else.
    """
    if state is None:
        return _start(plan, event) if isinstance(event, Start) else NOT_STARTED
    if isinstance(event, Start):
        return ALREADY_STARTED
    if isinstance(event, Act):
        return _act(plan, state, event)
    turn = Turn(plan, state, event.at)
    if isinstance(event, Tick):
        _tick(turn)
    else:
        refusal = take_result(turn, event, RESULTS)
        if refusal:
            return refusal
    return _take(turn)


def _start(plan: Plan, event: Start) -> Step:
    state = State(format=plan.format, origin=origin_of(event), case=Case(), journal=Journal(at=event.at))
    turn = Turn(plan, state, event.at)
    words = event.period.words
    off = "ja" if event.without_automations else None
    turn.tell("started", event.by.id, title=plan.title, period=words, without_automations=off)
    return _take(turn)


def _act(plan: Plan, state: State, act: Act) -> Step | Refusal:
    answered = next((a for a in state.journal.answered if a.id == act.id), None)
    digest = act_digest(act, state.format)
    if answered:
        if answered.digest == digest:
            return Step(state=state, sequence=answered.sequence, repeated=True)
        return ACT_ID_USED
    if state.case.ended:
        return ENDED
    turn = Turn(plan, state, act.at)
    held = refuse_held(turn, act)
    if held:
        return held
    outcome = ACTS[act.kind](turn, act)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome is not None:
        leave(turn, outcome)
    taken = _take(turn, Answered(id=act.id, digest=digest, sequence=state.journal.sequence + 1))
    return replace(taken, entries=name_absent(plan, state, act, taken.entries))


def _tick(turn: Turn) -> None:
    advance(turn)
    while fire_next(turn):
        advance(turn)


def _take(turn: Turn, answered: Answered | None = None) -> Step:
    advance(turn)
    before = turn.state.journal
    kept = before.answered
    if answered:
        kept = (*kept[-REMEMBERED_ACTS + 1 :], answered)
    journal = Journal(
        at=turn.now,
        sequence=before.sequence + 1,
        last_number=turn.last_number,
        in_flight=turn.in_flight,
        answered=kept,
    )
    return Step(
        state=replace(turn.state, case=turn.case, journal=journal),
        commands=tuple(turn.commands),
        entries=tuple(turn.entries),
        sequence=journal.sequence,
    )
