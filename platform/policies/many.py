"""Holding policies against many templates: what is not kept is walked by a process for each core."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import as_completed
from pathlib import Path

from ..plan import Office, Plan
from ..policy import Policy
from ..processes import share
from .holding import Found
from .keeping import find_kept, hold_kept

TOGETHER = 2
"""With fewer templates to walk than this, no other process is begun."""

Told = Callable[[Sequence[str]], None]
"""Takes which templates are not held yet."""


def tell_nobody(left: Sequence[str]) -> None:
    """Tell nothing of what is left."""


def hold_all(
    plans: Sequence[Plan],
    office: Office,
    policies: Sequence[Policy],
    folder: Path | None,
    most: int,
    told: Told = tell_nobody,
) -> list[Found]:
    """Return what was found in each plan, in their order."""
    found = {plan.template: find_kept(plan, office, policies, folder, most) for plan in plans}
    left = {plan.template: plan for plan in plans if found[plan.template] is None}
    told(tuple(left))
    for one in _walk(tuple(left.values()), office, policies, folder, most):
        found[one.template] = one
        del left[one.template]
        told(tuple(left))
    held = [one for one in found.values() if one is not None]
    assert len(held) == len(found), "each plan is kept or walked"
    return held


def _walk(
    plans: Sequence[Plan], office: Office, policies: Sequence[Policy], folder: Path | None, most: int
) -> Iterator[Found]:
    """Yield what is found in each plan, as it is found."""
    cores = min(os.cpu_count() or 1, len(plans))
    if cores < TOGETHER:
        yield from (hold_kept(plan, office, policies, folder, most) for plan in plans)
        return
    with share(cores) as pool:
        longest = sorted(plans, key=lambda plan: -len(plan.phases))  # so that none is left for the end
        asked = [pool.submit(hold_kept, plan, office, policies, folder, most) for plan in longest]
        yield from (one.result() for one in as_completed(asked))
