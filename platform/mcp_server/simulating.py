"""A filing of an invented relation, day by day, for an assistant: what `kantoor simulate` shows."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from ..compiler import Compilation
from ..compiler.reports.text import summary
from ..plan import Plan
from ..simulation.calendar_text import calendar_lines
from ..simulation.engine import NeverAtRestError, Simulation
from ..simulation.starting import find_last_day, find_start_day, make_start
from ..simulation.wishes import (
    WishError,
    list_notes,
    make_people,
    read_invented,
    read_period_of,
    read_verdict,
)
from ..simulation.world import World
from ..suggest import did_you_mean


class CannotSimulateError(Exception):
    """What is asked cannot be simulated; the message says why, and what is possible."""


@dataclass(frozen=True)
class Wish:
    """What is to be simulated: the words of `kantoor simulate`."""

    template: str
    period: str
    relation: str = ""
    client: Literal["usual", "silent", "rejects_once", "rejects_always"] = "usual"
    refuse: str = ""
    mails: bool = False


def tell_simulation(compilation: Compilation, wish: Wish) -> str:
    """Return the calendar of a filing, in Dutch; raises CannotSimulateError."""
    plan = _find_plan(compilation, wish.template)
    try:
        return "\n".join(_simulate(compilation, plan, wish)) + "\n"
    except WishError as error:
        raise CannotSimulateError(f"{error}. {error.help}") from None
    except NeverAtRestError as error:
        raise CannotSimulateError(f"'{wish.template}' cannot be simulated: {error}") from None


def _find_plan(compilation: Compilation, template: str) -> Plan:
    if compilation.office is None:
        raise CannotSimulateError(f"{summary(compilation)}: mend what check finds first")
    if template in compilation.plans:
        return compilation.plans[template]
    if f"workflows/{template}.yaml" in compilation.sources:
        raise CannotSimulateError(f"'{template}' has errors: mend what check finds first")
    near = did_you_mean(template, compilation.plans)
    raise CannotSimulateError(f"there is no template '{template}'" + (f"; {near}" if near else ""))


def _simulate(compilation: Compilation, plan: Plan, wish: Wish) -> Iterator[str]:
    office = compilation.office
    assert office is not None
    period = read_period_of(plan, office, wish.period)
    relation, product = read_invented(plan, office, period, wish.relation)
    world = World().refusing(read_verdict(wish.refuse)) if wish.refuse else World()
    rejects: dict[str, Literal["once", "always"]] = {"rejects_once": "once", "rejects_always": "always"}
    people = make_people(silent=wish.client == "silent", reject=rejects.get(wish.client))
    on = find_start_day(plan, period, office)
    start = make_start(plan, office, period, relation, product, on=on, automations_off=())
    simulation = Simulation(plan, start, world, people)
    stopped = simulation.run(find_last_day(start))
    yield from calendar_lines(
        simulation.tell(stopped, list_notes(plan, refuse=bool(wish.refuse))), mails=wish.mails
    )
