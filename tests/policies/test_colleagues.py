"""Who of the colleagues acts is tried wherever it matters: just what four eyes do not bar is found."""

from itertools import combinations, product

import pytest

from kantoor.data import replace
from kantoor.plan import Phase, Plan, Work
from kantoor.policies.judging import judge
from kantoor.policy import Observed, Policy

from .random_plans import make_plan, start_of

NAMES = ("een", "twee", "drie")
PAIRS = tuple(combinations(NAMES, 2))
CHECKS = tuple(product(*[(False, True)] * len(PAIRS)))
"""Of each earlier phase, whether each later one checks it."""


def make_checked(checks: tuple[bool, ...]) -> Plan:
    checked = {pair for pair, is_checked in zip(PAIRS, checks, strict=True) if is_checked}
    phases = tuple(
        Phase(
            id=name,
            title=name,
            role="ene",
            four_eyes=tuple(earlier for earlier in NAMES if (earlier, name) in checked),
            block=Work(),
        )
        for name in NAMES
    )
    return replace(make_plan(0), phases=phases, documents=(), facts=(), deadlines=())


def differ(earlier: str, later: str) -> Policy:
    first, second = (Observed(word="completed", name=name) for name in (later, earlier))
    return Policy(id=f"{earlier} {later}", title="", form="differs", first=(first,), second=(second,))


@pytest.mark.parametrize("checks", CHECKS)
def test_one_colleague_can_do_two_phases_just_where_four_eyes_do_not_bar_it(checks: tuple[bool, ...]) -> None:
    plan = make_checked(checks)
    judged = judge(plan, start_of(plan), tuple(differ(*pair) for pair in PAIRS))
    assert judged.walked.exhausted
    unbarred = {" ".join(pair) for pair, barred in zip(PAIRS, checks, strict=True) if not barred}
    assert set(judged.breaches) == unbarred
