"""Longer templates: a shipped one so many times in a row, to see how a walk grows with its length."""

from typing import Any

from kantoor.data import Struct, replace
from kantoor.plan import Plan

ANCHORS = ("phases", "targets", "facts", "deadlines")
"""What a date counts from by the id of a part: `phases.indienen`."""


def make_longer(plan: Plan, times: int) -> Plan:
    """Return a plan with its phases, facts, documents and deadlines so many times, each time by other ids."""
    ids = {phase.id for phase in plan.phases} | {phase.group for phase in plan.phases if phase.group}
    ids |= {fact.id for fact in plan.facts} | {document.id for document in plan.documents}
    ids |= {deadline.id for deadline in plan.deadlines}
    rounds = [plan, *(_rename(plan, ids, f"_{number}") for number in range(2, times + 1))]
    return replace(
        plan,
        phases=tuple(one for each in rounds for one in each.phases),
        facts=tuple(one for each in rounds for one in each.facts),
        documents=tuple(one for each in rounds for one in each.documents),
        deadlines=tuple(one for each in rounds for one in each.deadlines),
    )


def _rename(part: Any, ids: set[str], ending: str) -> Any:
    if isinstance(part, Struct):
        return replace(
            part, **{name: _rename(getattr(part, name), ids, ending) for name in part.__struct_fields__}
        )
    if isinstance(part, tuple):
        return tuple(_rename(item, ids, ending) for item in part)
    if not isinstance(part, str):
        return part
    group, dot, name = part.partition(".")
    is_named = part in ids or (dot and group in ANCHORS and name in ids)
    return f"{part}{ending}" if is_named else part
