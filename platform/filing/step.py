"""`step`: the one door of the machine. What is verified, simulated and moved is what runs."""

from ..data import replace
from ..plan import Plan
from .advance import advance, leave
from .digests import act_digest
from .events import Act, AnyEvent, Move, MoveDropped, MoveWhenSafe, Start, Tick, WithdrawMove
from .holds import refuse_held
from .in_place_of import name_absent
from .moving.moves import carry_out
from .moving.verdicts import Cannot
from .outcome import ACT_ID_USED, Refusal, Step
from .registry import ACTS, RESULTS
from .saying_moves import say_verdict, tell_move
from .stalls import take_result
from .state import REMEMBERED_ACTS, Answered, Case, Journal, State, origin_of
from .turn import Reader, Turn
from .waiting_moves import ask_move, drop_move, replace_move, withdraw_move
from .waits import fire_next

NOT_STARTED = Refusal(code="not_started", text="Deze opdracht is nog niet gestart.")
ALREADY_STARTED = Refusal(code="already_started", text="Deze opdracht is al gestart.")
ENDED = Refusal(code="ended", text="Deze opdracht is afgesloten en kan niet meer worden gewijzigd.")
NOT_THIS_PLAN = Refusal(
    code="other_plan",
    text="Deze opdracht loopt op een ander plan dan is bekeken, of het nieuwe plan is hier niet bekend. "
    " Bekijk opnieuw wat er verandert.",
)


def step(plan: Plan, state: State | None, event: AnyEvent, newer: Plan | None = None) -> Step | Refusal:
    """Take an event: return the new state with its commands and timeline entries, or why it is refused.

    Pure: no clock, no I/O. `state` is None before the start. An act with the id of one that was taken is
    answered with the first answer, or refused when it says something else. A move alone needs `newer`, the
    plan that it goes to and on which the new state is.
    """
    if state is None:
        return _start(plan, event) if isinstance(event, Start) else NOT_STARTED
    if isinstance(event, Start):
        return ALREADY_STARTED
    if isinstance(event, Move):
        return _move(plan, newer, state, event)
    if isinstance(event, MoveWhenSafe | WithdrawMove):
        return _await_move(plan, state, event)
    if isinstance(event, Act):
        return _act(plan, state, event)
    turn = Turn(plan, state, event.at)
    if isinstance(event, Tick):
        _tick(turn)
    elif isinstance(event, MoveDropped):
        refusal = drop_move(turn, event)
        if refusal:
            return refusal
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
    earlier = _find_earlier(state, act)
    if earlier:
        return earlier
    turn = Turn(plan, state, act.at)
    held = refuse_held(turn, act)
    if held:
        return held
    outcome = ACTS[act.kind](turn, act)
    if isinstance(outcome, Refusal):
        return outcome
    if outcome is not None:
        leave(turn, outcome)
    taken = _take(turn, _answer(state, act))
    return replace(taken, entries=name_absent(plan, state, act, taken.entries))


def _move(plan: Plan, newer: Plan | None, state: State, act: Move) -> Step | Refusal:
    """Go on by another plan; what follows by itself under that one follows at once."""
    earlier = _find_earlier(state, act)
    if earlier:
        return earlier
    if newer is None:
        return NOT_THIS_PLAN
    moved = carry_out(plan, newer, state, act.mapping)
    if isinstance(moved, Cannot):
        return Refusal(code="move_cannot", text=say_verdict(plan, newer, moved))
    turn = Turn(newer, moved.state, act.at)
    replace_move(turn, act)
    tell_move(turn, Reader(plan, state), act, moved)
    return _take(turn, _answer(state, act))


def _await_move(plan: Plan, state: State, act: MoveWhenSafe | WithdrawMove) -> Step | Refusal:
    """Have a move wait for a safe point, or no longer; the filing stays on its plan."""
    earlier = _find_earlier(state, act)
    if earlier:
        return earlier
    turn = Turn(plan, state, act.at)
    if isinstance(act, MoveWhenSafe):
        ask_move(turn, act)
    elif refusal := withdraw_move(turn, act):
        return refusal
    return _take(turn, _answer(state, act))


def _find_earlier(state: State, act: Act) -> Step | Refusal | None:
    """Return the answer of an act that was taken, or why its id or any act is refused; None for a new one."""
    answered = next((a for a in state.journal.answered if a.id == act.id), None)
    if answered is None:
        return ENDED if state.case.ended else None
    if answered.digest == act_digest(act, state.format):
        return Step(state=state, sequence=answered.sequence, repeated=True)
    return ACT_ID_USED


def _answer(state: State, act: Act) -> Answered:
    digest = act_digest(act, state.format)
    return Answered(id=act.id, digest=digest, sequence=state.journal.sequence + 1)


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
        made=tuple(turn.made),
        sequence=journal.sequence,
    )
