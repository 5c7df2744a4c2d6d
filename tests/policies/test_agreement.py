"""Reduced exploring finds the same policies broken as unreduced, after the same number of moves."""

import pytest

from .agreeing import SHALLOW, list_differences


@pytest.mark.parametrize("seed", [1, 3, 4, 8, 12])
def test_reduced_and_unreduced_exploring_agree_on_verdicts_and_shortest_paths(seed: int) -> None:
    assert not list(list_differences(seed, SHALLOW))
