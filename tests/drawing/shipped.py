"""The shipped templates, compiled once in a process; and one of them with other titles."""

from pathlib import Path

from msgspec.structs import replace

from kantoor.plan import Plan

from ..shipped import compile_shipped

ROOT = Path(__file__).parents[2]
TEMPLATES = tuple(sorted(path.stem for path in (ROOT / "definitions/workflows").glob("*.yaml")))


def plan_of(template: str) -> Plan:
    return compile_shipped().plans[template]


def retitle(plan: Plan, title: str) -> Plan:
    """Return a plan in which everything that has a title has this one."""
    phases = tuple(
        replace(phase, title=title, outcomes=tuple(replace(one, title=title) for one in phase.outcomes))
        for phase in plan.phases
    )
    return replace(
        plan,
        title=title,
        phases=phases,
        documents=tuple(replace(one, title=title) for one in plan.documents),
        deadlines=tuple(replace(one, title=title) for one in plan.deadlines),
        facts=tuple(replace(one, title=title) for one in plan.facts),
        roles=tuple(replace(one, title=title) for one in plan.roles),
        ends=tuple(replace(one, title=title) for one in plan.ends),
        messages=tuple(replace(one, title=title) for one in plan.messages),
        forms=tuple(replace(one, title=title) for one in plan.forms),
    )
