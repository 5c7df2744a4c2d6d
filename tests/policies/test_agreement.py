"""Reduced and unreduced exploring find the same policies broken, and the same number of moves to it."""

import pytest

from kantoor.policies.judging import judge

from .random_plans import POLICIES, make_plan, start_of

DEPTH = 4
"""Moves to which unreduced exploring looks: each more makes five times as many states."""


@pytest.mark.parametrize("seed", [1, 3, 4, 8])
def test_reduced_and_unreduced_exploring_agree_on_verdicts_and_shortest_paths(seed: int) -> None:
    plan = make_plan(seed)
    start = start_of(plan)
    unreduced = judge(plan, start, POLICIES, reduced=False, depth=DEPTH)
    reduced = judge(plan, start, POLICIES, most=20_000)
    assert reduced.walked.exhausted
    near = {name: one.length for name, one in reduced.breaches.items() if one.length <= DEPTH}
    assert near == {name: one.length for name, one in unreduced.breaches.items() if one.length <= DEPTH}
    assert unreduced.applied <= reduced.applied
