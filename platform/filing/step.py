"""`step`: the one door of the machine. What is verified, simulated and moved is what runs."""

import hashlib
from collections.abc import Callable
from typing import Any

from ..plan import Plan, canonical
from . import checkpoints, documents, offers, results, tasks, whole, work
from .events import Act, AnyEvent, Start, Tick
from .outcome import ACT_ID_USED, Refusal, Step
from .progress import advance
from .state import REMEMBERED_ACTS, Answered, Origin, State
from .turn import Turn, put
from .waits import tick

Handler = Callable[[Turn, Any], Refusal | None]

ACTS: dict[str, Handler] = {
    "check": checkpoints.check,
    "uncheck": checkpoints.uncheck,
    "complete": work.complete,
    "back": work.back,
    "attach": documents.attach,
    "release": offers.release,
    "decide": offers.decide,
    "task_done": tasks.task_done,
    "note": whole.note,
    "cancel": whole.cancel,
    "retry": results.retry,
}
"""Act kind to the function that takes it: each changes the turn, or refuses and changes nothing."""


def step(plan: Plan, state: State | None, event: AnyEvent) -> Step | Refusal:
    """Take an event: return the new state with its commands and timeline entries, or why it is refused.

    Pure: no clock, no I/O. `state` is None before the start. An act with the id of one that was taken is
    answered with the first answer, or refused when it says something else.
    """
    if state is None:
        if isinstance(event, Start):
            return _start(plan, event)
        return Refusal(code="not_started", text="Deze opdracht is nog niet gestart.")
    if isinstance(event, Start):
        return Refusal(code="already_started", text="Deze opdracht is al gestart.")
    if isinstance(event, Act):
        return _act(plan, state, event)
    turn = Turn(plan, state, event.at)
    if isinstance(event, Tick):
        _tick(turn)
    else:
        refusal = results.take(turn, event)
        if refusal:
            return refusal
    return _taken(turn)


def _start(plan: Plan, event: Start) -> Step:
    origin = Origin.model_validate(event.model_dump(exclude={"kind", "at", "by"}))
    turn = Turn(plan, State(origin=origin), event.at)
    words = event.period.words
    off = "ja" if event.without_automations else None
    turn.tell("started", event.by.id, title=plan.title, period=words, without_automations=off)
    return _taken(turn)


def _act(plan: Plan, state: State, act: Act) -> Step | Refusal:
    said = _digest(act)
    answered = next((a for a in state.answered if a.id == act.id), None)
    if answered and answered.digest == said:
        return Step(state=state, sequence=answered.sequence, repeated=True)
    if answered:
        return ACT_ID_USED
    if state.ended:
        return Refusal(code="ended", text="Deze opdracht is afgesloten; er kan niets meer in gebeuren.")
    turn = Turn(plan, state, act.at)
    refusal = ACTS[act.kind](turn, act)  # type: ignore[attr-defined]
    return refusal or _taken(turn, Answered(id=act.id, digest=said, sequence=state.sequence + 1))


def _tick(turn: Turn) -> None:
    advance(turn)
    while tick(turn):
        advance(turn)


def _taken(turn: Turn, answered: Answered | None = None) -> Step:
    advance(turn)
    facts: dict[str, Any] = {"sequence": turn.state.sequence + 1}
    if answered:
        kept = sorted(turn.state.answered, key=lambda a: a.sequence)[-REMEMBERED_ACTS + 1 :]
        facts["answered"] = put(kept, answered, lambda a: a.sequence)
    turn.set(**facts)
    return Step(
        state=turn.state,
        commands=tuple(turn.commands),
        entries=tuple(turn.entries),
        sequence=turn.state.sequence,
    )


def _digest(act: Act) -> str:
    said = act.model_dump(mode="json", exclude={"at", "by"}) | {"by": act.by.id}
    return hashlib.sha256(canonical(said)).hexdigest()
