"""Trying the scenarios of a folder: each on the plan of its template, and what failed as diagnostics."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..compiler.compilation import Compilation
from ..compiler.diagnostics import Code, Diagnostic
from ..compiler.examples import Example
from .scenarios import Outcome, run_scenario

_EXAMPLE = Example("", "scenarios/btw-aangifte/akkoord.yaml", how="whole")
NOT_AS_EXPECTED = Code(
    "K860",
    "not as the scenario says",
    "A step of a scenario went otherwise: the message has what the scenario expects, the help what there is.",
    wrong=_EXAMPLE,
    right=_EXAMPLE,
)


@dataclass(frozen=True)
class Tried:
    """A scenario by template and name, and its outcome."""

    name: str
    title: str
    outcome: Outcome


def try_scenarios(compilation: Compilation, chosen: str = "") -> tuple[Tried, ...]:
    """Run the scenarios of a folder whose name has `chosen` in it, in the order of their names."""
    office = compilation.office
    assert office is not None, "a folder without errors has an office"
    found = []
    for name, file in sorted(compilation.scenarios.items()):
        plan = compilation.plans.get(name.partition("/")[0])
        if file.model is not None and plan is not None and chosen in name:
            found.append(Tried(name, file.model.title, run_scenario(file.model, plan, office)))
    return tuple(found)


def report_of(compilation: Compilation, tried: Sequence[Tried]) -> Compilation:
    """Return the compilation with what failed as its diagnostics, for the reports."""
    return replace(compilation, diagnostics=tuple(d for one in tried for d in _diagnose(one)))


def _diagnose(tried: Tried) -> list[Diagnostic]:
    return [
        NOT_AS_EXPECTED.at(one.span, f"expected {one.expected}", help=f"there is: {one.actual}")
        for one in tried.outcome.failures
    ]
