"""Policies: the shipped ones held against the shipped templates, cold, and when nothing has changed."""

import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage

from kantoor.compiler.compilation import compile_definitions
from kantoor.exploring.telling_apart import Telling
from kantoor.plan import Office, Plan
from kantoor.policies.alike import list_strays
from kantoor.policies.holding import MOST_STATES, hold_policies
from kantoor.policies.many import hold_all
from kantoor.policies.reporting import summarise
from kantoor.policies.starting import choose_starts
from kantoor.policy import Policy

from .longer import make_longer
from .office import DEFINITIONS, UnfitError

COLD, KEPT = 5.0, 0.5
"""The marks, in seconds: all of it, and what did not change."""
TIMES = (1, 2, 5, 10)
"""How many times in a row the longest template is walked."""


def measure(folder: Path) -> Iterator[str]:
    """Yield what to print: states and steps of each template, and both times."""
    compilation = compile_definitions(DEFINITIONS)
    if compilation.office is None:
        raise UnfitError("the shipped definitions have errors")
    plans = [compilation.plans[name] for name in sorted(compilation.plans)]
    began, spent = time.perf_counter(), _find_cpu()
    found = hold_all(plans, compilation.office, compilation.policies, folder, MOST_STATES)
    cold, spent = time.perf_counter() - began, _find_cpu() - spent
    began = time.perf_counter()
    hold_all(plans, compilation.office, compilation.policies, folder, MOST_STATES)
    kept = time.perf_counter() - began
    for one in found:
        how = "exhaustive" if one.exhaustive else "not exhaustive"
        yield f"{one.template:<40}{one.states:8} states {one.steps:8} steps   {how}"
    yield summarise(compilation.policies, found)
    states = sum(one.states for one in found)
    yield f"{'all':<40}{states:8} states {sum(one.steps for one in found):8} steps"
    yield f"{'all, cold':<40}{cold:8.2f} s{_say_mark(cold, COLD)}"
    yield f"{'all, cold, CPU':<40}{spent:8.2f} s   {spent / states * 1e6:.0f} us a state"
    yield f"{'nothing changed':<40}{kept:8.2f} s{_say_mark(kept, KEPT)}"
    yield from _compare_ways(plans, compilation.office, compilation.policies)


def _compare_ways(plans: list[Plan], office: Office, policies: tuple[Policy, ...]) -> Iterator[str]:
    """Yield of each template how many ways into its states go on otherwise than the one that is walked."""
    for plan in plans:
        meant = tuple(policy for policy in policies if policy.is_for(plan.template))
        spent = _find_cpu()
        starts = choose_starts((plan,), office, Telling(plan)).starts
        strays = len(list_strays(plan, starts, meant, most=MOST_STATES))
        yield f"{plan.template:<40}{strays:8} ways that go on otherwise {_find_cpu() - spent:8.2f} s of CPU"


def measure_growth() -> Iterator[str]:
    """Yield what to print: states and CPU of the longest template, so many times in a row."""
    compilation = compile_definitions(DEFINITIONS)
    if compilation.office is None:
        raise UnfitError("the shipped definitions have errors")
    longest = max(compilation.plans.values(), key=lambda plan: len(plan.phases))
    for times in TIMES:
        plan = make_longer(longest, times)
        spent = _find_cpu()
        found = hold_policies(plan, compilation.office, compilation.policies)
        spent = _find_cpu() - spent
        how = "exhaustive" if found.exhaustive else "not exhaustive"
        name = f"{plan.template}, {len(plan.phases)} phases"
        yield f"{name:<40}{found.states:8} states {found.steps:8} steps {spent:8.2f} s of CPU   {how}"


def _find_cpu() -> float:
    """Return the seconds of CPU of this process and of those that it has waited for."""
    used = (getrusage(RUSAGE_SELF), getrusage(RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


def _say_mark(seconds: float, mark: float) -> str:
    return f"   mark <= {mark:.1f} s: {'met' if seconds <= mark else 'not met'}"
