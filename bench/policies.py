"""Policies: the shipped ones held against the shipped templates, cold, and when nothing has changed."""

import time
from collections.abc import Iterator
from pathlib import Path

from kantoor.compiler.compilation import compile_definitions
from kantoor.policies.holding import MOST_STATES
from kantoor.policies.many import hold_all
from kantoor.policies.reporting import summarise

from .office import DEFINITIONS, UnfitError

COLD, KEPT = 5.0, 0.5
"""The marks, in seconds: all of it, and what did not change."""


def measure(folder: Path) -> Iterator[str]:
    """Yield what to print: states and steps of each template, and both times."""
    compilation = compile_definitions(DEFINITIONS)
    if compilation.office is None:
        raise UnfitError("the shipped definitions have errors")
    plans = [compilation.plans[name] for name in sorted(compilation.plans)]
    began = time.perf_counter()
    found = hold_all(plans, compilation.office, compilation.policies, folder, MOST_STATES)
    cold = time.perf_counter() - began
    began = time.perf_counter()
    hold_all(plans, compilation.office, compilation.policies, folder, MOST_STATES)
    kept = time.perf_counter() - began
    for one in found:
        how = "exhaustive" if one.exhaustive else "not exhaustive"
        yield f"{one.template:<40}{one.states:8} states {one.steps:8} steps   {how}"
    yield summarise(compilation.policies, found)
    yield f"{'all, cold':<40}{cold:8.2f} s{_say_mark(cold, COLD)}"
    yield f"{'nothing changed':<40}{kept:8.2f} s{_say_mark(kept, KEPT)}"


def _say_mark(seconds: float, mark: float) -> str:
    return f"   mark <= {mark:.1f} s: {'met' if seconds <= mark else 'not met'}"
