"""What somebody can do to a filing now, and why not the rest: the machine is asked, and nothing is done."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from ..filing.events import AnyAct, Back, Cancel, Check, Complete, Hold, Release, Resume, Retry, Uncheck
from ..filing.outcome import Refusal
from ..filing.state import State
from ..filing.step import step
from ..filing.view import PhaseView
from ..plan import Model
from .cases import Case, look_up
from .desk import Desk
from .states import read_state_of

_ASKED = "asked"
"""The id of acts that are asked about and never sent."""


class Possible(Model):
    """Why an act is refused, by its name; empty where it is possible.

    Names are `complete PHASE`, `back PHASE`, `release PHASE`, `retry PHASE`, `check PHASE CHECKPOINT`,
    `uncheck PHASE CHECKPOINT`, `hold`, `resume` and `cancel`.
    """

    refusals: dict[str, str]

    def can(self, *name: str) -> bool:
        """Say whether an act is possible."""
        return self.refusals.get(" ".join(name)) == ""

    def why_not(self, *name: str) -> str:
        """Return why an act is refused, in Dutch; empty where it is possible or was not asked about."""
        return self.refusals.get(" ".join(name), "")


def find_possible(desk: Desk, who: str, name: str) -> Possible:
    """Return what somebody can do to a filing now; nothing where it does not run.

    Raises DatabaseError, and UnreadableStateError when the recorded state cannot be opened.
    """
    case = desk.read(lambda connection: look_up(connection, who, name))
    if isinstance(case, Refusal):
        return Possible(refusals={})
    found = desk.read(lambda connection: read_state_of(connection, desk, case.filing))
    if found is None or case.view.ended:
        return Possible(refusals={})
    _, state = found
    return Possible(refusals={key: _ask(case, state, act) for key, act in _list_acts(case)})


def _ask(case: Case, state: State, act: AnyAct) -> str:
    taken = step(case.plan, state, act)
    return taken.text if isinstance(taken, Refusal) else ""


def _list_acts(case: Case) -> Iterator[tuple[str, AnyAct]]:
    said: dict[str, Any] = {"at": case.now, "id": _ASKED, "by": case.actor}
    for phase in case.view.phases:
        if phase.status == "active":
            yield from _list_in_phase(case, phase)
    yield "hold", Hold(**said, reason="…", until=date.max)
    yield "resume", Resume(**said)
    yield "cancel", Cancel(**said, reason="…")


def _list_in_phase(case: Case, phase: PhaseView) -> Iterator[tuple[str, AnyAct]]:
    said: dict[str, Any] = {"at": case.now, "id": _ASKED, "by": case.actor, "phase": phase.id}
    shown = tuple(dict.fromkeys((*phase.reviews, *phase.signs)))
    outcome = phase.outcomes[0].id if phase.outcomes else None
    yield f"complete {phase.id}", Complete(**said, documents=shown, outcome=outcome)
    yield f"back {phase.id}", Back(**said, reason="…")
    yield f"release {phase.id}", Release(**said)
    yield f"retry {phase.id}", Retry(**said)
    for point in phase.checkpoints:
        yield f"check {phase.id} {point.id}", Check(**said, checkpoint=point.id)
        yield f"uncheck {phase.id} {point.id}", Uncheck(**said, checkpoint=point.id)
