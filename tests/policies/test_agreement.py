"""Reduced exploring finds the same policies broken as unreduced, after the same number of moves."""

from datetime import date, datetime

import pytest

from kantoor.data import replace
from kantoor.plan import Automation, Chase, CreateTask, DateRule, Escalate, Phase, Plan, To, Work
from kantoor.policies.following import find_broken
from kantoor.policies.judging import Judge, Judged, judge
from kantoor.policies.watching import Never
from kantoor.policy import Policy

from .agreeing import SHALLOW, Depth, list_differences
from .random_plans import POLICIES, make_plan, see, start_of
from .test_alike import DELIVER, LOOK, MAKE, OFFER


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


def _count_from_period(days: int) -> DateRule:
    return DateRule(anchor="period.end", days=days)


def _make_until(days: int) -> Phase:
    """Return work that is also done on the day on which it escalates, not on the first day alone."""
    escalate = Escalate(on=_count_from_period(days), role="andere")
    return replace(MAKE, block=Work(chase=Chase(escalate=escalate)))


def _plan(*phases: Phase) -> Plan:
    plan = make_plan(4)
    return replace(plan, phases=phases, facts=(), forms=())


def _never(first: str, second: str, unless: str, days: int) -> Policy:
    said = {"first": see(first), "second": see(second), "unless": see(unless)}
    return Policy(id="x", title="X", form="never", days=days, **said)


assert OFFER.offer is not None
AT_ONCE = replace(OFFER, block=replace(OFFER.offer, workdays_to_object=0))
LATER = replace(DELIVER, not_before=_count_from_period(10))
"""Delivered on this day, however early the client was informed; the shortest way there informs first."""
LOOKED_AT = _plan(_make_until(2), AT_ONCE, LOOK, LATER)
REMEMBERED: dict[str, tuple[Plan, Policy]] = {
    "an offer informed": (
        _plan(_make_until(2), AT_ONCE, LATER),
        _never("delivered", "informed", "is_approved", 9),
    ),
    "what was approved is not all right": (
        LOOKED_AT,
        _never("delivered", "informed", "is_informed", 9),
    ),
    "it is not about deliveries": (
        LOOKED_AT,
        _never("rejected", "informed", "is_approved", 9),
    ),
    "it does not count from informing": (
        LOOKED_AT,
        _never("delivered", "rejected", "is_approved", 9),
    ),
}
"""A shorter way remembers no day, or an earlier one, and comes to a state through which the breach goes."""


@pytest.mark.parametrize("why", REMEMBERED)
def test_a_day_is_remembered_that_decides_whether_a_delivery_is_too_soon(why: str) -> None:
    plan, policy = REMEMBERED[why]
    judged = judge(plan, start_of(plan), (policy,))
    assert judged.walked.exhausted
    assert find_broken(plan, policy, judged.breaches["x"].events)


def test_the_day_of_informing_is_remembered_as_long_as_the_client_can_object(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whoever is informed on Friday or on Saturday can object until the same day; a task comes in between."""
    task = CreateTask(title="Taak", to=To(kind="role", name="ene"))
    waits = Automation(id="taak", at=_count_from_period(7), task=task)
    plan = _plan(_make_until(6), replace(OFFER, automations=(waits,)), DELIVER)
    friday = replace(start_of(plan), at=datetime(2027, 2, 5, 8), start_date=date(2027, 2, 5))
    policy = _never("delivered", "informed", "is_approved", 5)
    reduced = judge(plan, friday, (policy,))
    monkeypatch.setattr(Never, "_is_counted_again", lambda *_: False)
    assert _list_lengths(reduced) == _list_lengths(judge(plan, friday, (policy,)))
    assert reduced.breaches
