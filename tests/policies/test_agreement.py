"""Reduced exploring finds the same policies broken as unreduced, after the same number of moves."""

import pytest

from .agreeing import SHALLOW, Depth, list_differences


@pytest.mark.parametrize("seed", [1, 3, 4, 8, 12])
def test_reduced_and_unreduced_exploring_agree_on_verdicts_and_shortest_paths(seed: int) -> None:
    assert not list(list_differences(seed, SHALLOW))


@pytest.mark.parametrize("seed", [23, 59, 61])
def test_a_deadline_is_missed_as_soon_as_a_hold_that_keeps_escalations_away_brings_it_about(
    seed: int,
) -> None:
    assert not list(list_differences(seed, Depth(unreduced=3, told_apart=1)))
