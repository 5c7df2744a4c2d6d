"""Digests of states and acts. A filing that was started on a plan of format 1 keeps its way of hashing."""

from datetime import datetime

from ..data import canonical, digest_of, replace
from ..plan import Plan
from .events import Act, Actor
from .format_1 import act_in_format_1, state_in_format_1
from .state import State


def state_digest(plan: Plan, state: State) -> str:
    """Return the digest of the state, in hex; every record carries it."""
    return digest_of(canonical(state_in_format_1(plan, state) if state.format == 1 else state))


def act_digest(act: Act, format: int = 2) -> str:
    """Return the digest of what an act says and who does it, whenever and with whichever roles."""
    if format == 1:
        return digest_of(canonical(act_in_format_1(act)))
    return digest_of(canonical(replace(act, at=datetime.min, by=Actor(kind=act.by.kind, id=act.by.id))))
