"""Reduced exploring finds the same policies broken as unreduced, after the same number of moves."""

import pytest

from kantoor.policies.judging import Judge, Judged, judge
from kantoor.policies.watching import Never
from kantoor.policy import Policy

from .agreeing import SHALLOW, Depth, list_differences
from .random_plans import POLICIES, make_plan, see, start_of


@pytest.mark.parametrize("seed", [1, 3, 4, 8, 12])
def test_reduced_and_unreduced_exploring_agree_on_verdicts_and_shortest_paths(seed: int) -> None:
    assert not list(list_differences(seed, SHALLOW))


@pytest.mark.parametrize("seed", [23, 59, 61])
def test_a_deadline_is_missed_as_soon_as_a_hold_that_keeps_escalations_away_brings_it_about(
    seed: int,
) -> None:
    assert not list(list_differences(seed, Depth(unreduced=3, told_apart=1)))


QUIET = (
    *(one for one in POLICIES if one.id in ("never", "offered", "followed", "late", "differs")),
    Policy(
        id="hurried",
        title="Hurried",
        form="never",
        first=see("delivered"),
        second=see("informed"),
        unless=see("is_approved"),
        days=4,
    ),
)
"""Policies that a cancelled filing cannot break; one counts the days since a client was informed."""


@pytest.mark.parametrize("seed", [110])
def test_what_cannot_count_any_more_is_left_out_and_nothing_else(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = make_plan(seed)
    reduced = judge(plan, start_of(plan), QUIET)
    monkeypatch.setattr(Never, "_is_counted_again", lambda *_: False)
    monkeypatch.setattr(Judge, "_minds_cancelling", lambda *_: True)
    whole = judge(plan, start_of(plan), QUIET)
    assert "hurried" in reduced.breaches
    assert _list_lengths(reduced) == _list_lengths(whole)
    assert reduced.applied == whole.applied
    assert reduced.walked.steps < whole.walked.steps


def _list_lengths(judged: Judged) -> dict[str, int]:
    assert judged.walked.exhausted
    return {name: one.length for name, one in judged.breaches.items()}
