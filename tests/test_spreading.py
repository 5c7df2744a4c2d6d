"""Tests that share what is costly go to one worker: if that stops nothing fails, only all takes longer."""

import pytest


@pytest.mark.xdist_group("spreading")
def test_a_worker_reads_the_group_of_a_test(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("loadgroup", False):
        pytest.skip("these tests are not spread by groups")
    assert request.node.nodeid.endswith("@spreading")
