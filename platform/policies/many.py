"""Holding policies against many templates: what is not kept is walked by a process for each core."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from ..plan import Office, Plan
from ..policy import Policy
from .holding import Found
from .keeping import find_kept, hold_kept

TOGETHER = 2
"""With fewer templates to walk than this, no other process is begun."""


def hold_all(
    plans: Sequence[Plan], office: Office, policies: Sequence[Policy], folder: Path | None, most: int
) -> list[Found]:
    """Return what was found in each plan, in their order."""
    known = [find_kept(plan, office, policies, folder, most) for plan in plans]
    open_ = [plan for plan, found in zip(plans, known, strict=True) if found is None]
    cores = min(os.cpu_count() or 1, len(open_))
    if cores < TOGETHER:
        walked = [hold_kept(plan, office, policies, folder, most) for plan in open_]
    else:
        with ProcessPoolExecutor(cores, mp_context=get_context("fork")) as pool:
            longest = sorted(open_, key=lambda plan: -len(plan.phases))  # so that none is left for the end
            asked = [pool.submit(hold_kept, plan, office, policies, folder, most) for plan in longest]
            walked = [one.result() for one in asked]
    found = {one.template: one for one in walked}
    return [one or found[plan.template] for plan, one in zip(plans, known, strict=True)]
