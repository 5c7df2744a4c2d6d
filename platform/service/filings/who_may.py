"""Who may do what a filing waits for, where whoever looks may not, and what to do where nobody may."""

from collections.abc import Mapping

from ...data import replace
from ...filing.events import Actor
from ...filing.outcome import Refusal
from ...filing.state import State
from ...words import join_in_dutch
from .cases import Case
from .possible import list_askable, refuse

ROLES = frozenset(("wrong_role", "reassigned"))
"""Refusals of who does not have the work: the page says who does."""
PERSONS = frozenset(("unqualified", "four_eyes", "preparer", "own_eyes"))
"""Refusals of a person who has the work."""
WAITED_FOR = ("complete", "decide", "release", "record_delivery")
"""What a filing waits for until somebody does it."""


def say_who_may(case: Case, state: State, colleagues: Mapping[str, Actor]) -> dict[str, str]:
    """Return in Dutch who may do what whoever acts may not, by the act as `Possible` names it.

    `colleagues` are all who are there today, by name. Where nobody may, it is what to do about it. Of what
    is refused to anybody, or is done by who has the role, nothing is said.
    """
    said = {}
    for key, act in list_askable(case, state):
        refused = refuse(case, state, act) if key.startswith(WAITED_FOR) else None
        if refused is None or refused.code not in ROLES | PERSONS:
            continue
        others = (
            name
            for name, actor in colleagues.items()
            if not _is_about_who(refuse(case, state, replace(act, by=actor)))
        )
        if names := list(others):
            said[key] = "" if refused.code in ROLES else f"Dit kan wel: {join_in_dutch(names)}."
        else:
            phase = case.plan.phase(key.split()[1])
            role = next(one.title for one in case.plan.roles if one.id == phase.role)
            said[key] = (
                f"Niemand kan dit nu doen. Draag het werk van {role} in deze opdracht over aan een collega, "
                "of leg bij Team vast wie voor deze rol waarneemt."
            )
    return said


def _is_about_who(refusal: Refusal | None) -> bool:
    return refusal is not None and refusal.code in ROLES | PERSONS
