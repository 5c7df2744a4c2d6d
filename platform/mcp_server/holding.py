"""The office's policies held against every state of its templates, for an assistant: `kantoor policies`."""

from collections.abc import Iterator

from ..compiler import Compilation
from ..compiler.reports.text import summary
from ..policies.keeping import find_cache, hold_kept
from ..policies.mending import find_mends
from ..policies.reporting import summarise, write_text
from ..suggest import did_you_mean


class CannotHoldError(Exception):
    """What is asked cannot be held; the message says why, and what is possible."""


def tell_policies(compilation: Compilation, template: str) -> str:
    """Return what was found, in each template or in one, and how much was walked. Raises CannotHoldError.

    Templates are walked one after the other: a server with threads begins no other processes.
    """
    if compilation.errors or compilation.office is None:
        raise CannotHoldError(f"{summary(compilation)}: mend what check finds first")
    if not compilation.policies:
        raise CannotHoldError("there are no policies: write one as policies/NAME.yaml")
    if template and template not in compilation.plans:
        near = did_you_mean(template, compilation.plans)
        raise CannotHoldError(f"there is no template '{template}'" + (f"; {near}" if near else ""))
    return "".join(f"{line}\n" for line in _hold(compilation, template))


def _hold(compilation: Compilation, template: str) -> Iterator[str]:
    office, policies = compilation.office, compilation.policies
    assert office is not None
    plans = {name: plan for name, plan in sorted(compilation.plans.items()) if template in ("", name)}
    kept = find_cache()
    found = [hold_kept(plan, office, policies, kept) for plan in plans.values()]
    mends = find_mends(plans, office, policies, found, kept)
    yield from write_text(policies, found, plans, mends, every=False)
    yield summarise(policies, found)
