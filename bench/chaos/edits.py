"""Random edits of a plan that a filing in its first phase can be moved to, and from there back and on.

Each differs in something that the filing can still meet, so that no move is needless; and none takes away a
safeguard or a phase, which an office has to say by name.
"""

from collections.abc import Callable
from random import Random

from kantoor.data import replace
from kantoor.plan import Automation, Checkpoint, CreateTask, DateRule, Phase, Plan, To, Work, digest

MOST_AT_ONCE = 3
"""Edits in one plan."""
SAFE = 2
"""The first place for a phase: filings complete the first phase and enter the one after it."""


def draw_plans(plan: Plan, rng: Random, count: int) -> tuple[Plan, ...]:
    """Return so many plans, each with one to three random edits and each another."""
    found: dict[str, Plan] = {}
    while len(found) < count:
        edited = plan
        for number, edit in enumerate(rng.sample(EDITS, rng.randint(1, MOST_AT_ONCE))):
            edited = edit(edited, rng, f"{len(found)}_{number}")
        if edited != plan:
            found[digest(edited)] = edited
    return tuple(found.values())


def _rename(plan: Plan, rng: Random, mark: str) -> Plan:
    return replace(plan, title=f"Anders {mark}")


def _ask_more(plan: Plan, rng: Random, mark: str) -> Plan:
    more = Checkpoint(id=f"nagekeken_{mark}", title="Nagekeken", required=rng.random() < 0.5)
    return _change(plan, rng, lambda phase: replace(phase, checkpoints=(*phase.checkpoints, more)))


def _date_task(plan: Plan, rng: Random, mark: str) -> Plan:
    at = DateRule(anchor="period.end", days=rng.randint(40, 90))

    def date_task(phase: Phase) -> Phase:
        task = CreateTask(title="Bel de klant", to=To(kind="role", name=phase.role))
        automation = Automation(id=f"nabellen_{mark}", at=at, task=task)
        return replace(phase, automations=(*phase.automations, automation))

    return _change(plan, rng, date_task)


def _due(plan: Plan, rng: Random, mark: str) -> Plan:
    due = DateRule(anchor="period.end", days=rng.randint(5, 25))
    return _change(plan, rng, lambda phase: replace(phase, due=due))


def _reword(plan: Plan, rng: Random, mark: str) -> Plan:
    return _change(plan, rng, lambda phase: replace(phase, title=f"{phase.title} {mark}"))


def _add_phase(plan: Plan, rng: Random, mark: str) -> Plan:
    place = rng.randint(SAFE, len(plan.phases))
    more = Phase(id=f"vastleggen_{mark}", title="Vastleggen", role=rng.choice(plan.roles).id, block=Work())
    return replace(plan, phases=(*plan.phases[:place], more, *plan.phases[place:]))


def _change(plan: Plan, rng: Random, change: Callable[[Phase], Phase]) -> Plan:
    """Return the plan with a random phase of work changed."""
    one = rng.choice([phase for phase in plan.phases if isinstance(phase.block, Work)])
    return replace(plan, phases=tuple(change(phase) if phase == one else phase for phase in plan.phases))


EDITS: tuple[Callable[[Plan, Random, str], Plan], ...] = (
    *(_rename, _ask_more, _date_task, _due, _reword, _add_phase),
)
