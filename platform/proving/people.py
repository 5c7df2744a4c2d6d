"""Who may do an act: each role of a plan tried alone, with and without a title."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from ..data import replace
from ..filing.events import Actor, AnyAct, AnyMove
from ..filing.new_acts import take_new
from ..filing.outcome import Refusal
from ..filing.state import State
from ..filing.turn import Reader
from ..plan import Plan

Acting = AnyAct | AnyMove
"""Whatever a person does."""
ABOUT = (
    *("phase", "checkpoint", "outcome", "request", "item", "task", "fact", "answer", "notice", "person"),
    *("role", "value"),
)


def identify(act: Any) -> tuple[Any, ...]:
    """Return which act it is, whoever does it: its kind, and what it is about, documents by their names."""
    shown = getattr(act, "shown", None)
    about = [getattr(act, name) for name in _list_about(act.__struct_fields__)]
    return (act.kind, shown.document if shown else None, *about)


@cache
def _list_about(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the fields of an act that say what it is about; found once for each kind of act."""
    return tuple(name for name in ABOUT if name in fields)


class Permissions:
    """Says who may do an act that is taken in a state of one plan, and remembers it.

    Of a state the machine reads three things where it judges a role: which phases are active, to whom was
    escalated, and to whom work was reassigned (`filing/permissions.py`, `filing/whole_filing.py`); nothing is
    reassigned while a plan is explored. So an act is tried once for each of these. That somebody is barred by
    what they did themselves is not about roles: the walk has colleagues who did different things.
    """

    def __init__(self, plan: Plan, roles: tuple[str, ...], titles: tuple[str, ...]) -> None:
        self.plan = plan
        self.roles = roles
        self.titles = titles
        self._known: dict[Any, frozenset[str]] = {}
        self._last: tuple[State, tuple[Any, ...]] | None = None

    def list_roles(self, state: State, act: Acting) -> frozenset[str]:
        """Return the roles that may do an act, those that need a title with it: `accountant AA`."""
        if act.by.kind != "team":
            return frozenset()
        if self._last is None or self._last[0] is not state:
            self._last = state, self._read(state)
        key = (identify(act), act.by.id, *self._last[1])
        if key not in self._known:
            self._known[key] = frozenset(self._try(state, act))
        return self._known[key]

    def _read(self, state: State) -> tuple[Any, ...]:
        """Return what of a state the machine reads where it judges a role: many acts are asked of each."""
        active = tuple(phase.id for phase in Reader(self.plan, state).active_phases())
        escalated = tuple(one.subject for one in state.case.chased if one.escalated)
        return active, escalated, len(state.case.waivers)

    def _try(self, state: State, act: Acting) -> Iterator[str]:
        for role in self.roles:
            if not self._may(state, act, role, self.titles):
                continue
            if not self.titles or self._may(state, act, role, ()):
                yield role
            else:
                yield from (
                    f"{role} {title}" for title in self.titles if self._may(state, act, role, (title,))
                )

    def _may(self, state: State, act: Acting, role: str, titles: tuple[str, ...]) -> bool:
        one: Actor = replace(act.by, roles=(role,), qualifications=titles)
        return not isinstance(take_new(self.plan, state, replace(act, by=one)), Refusal)


def list_titles(*plans: Plan) -> tuple[str, ...]:
    """Return every title that some plan asks for."""
    asked = [
        *(role.qualification for plan in plans for role in plan.roles),
        *(phase.qualification for plan in plans for phase in plan.phases),
    ]
    return tuple(sorted({title for some in asked for title in some}))


def list_roles(*plans: Plan) -> tuple[str, ...]:
    """Return the roles of some plans."""
    return tuple(dict.fromkeys(role.id for plan in plans for role in plan.roles))
