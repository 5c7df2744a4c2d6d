"""Who of the colleagues acts is tried wherever it matters: just what four eyes do not bar is found."""

from itertools import combinations, product

import pytest

from kantoor.data import replace
from kantoor.plan import DateRule, DayAwaited, Deliver, Document, Offer, Phase, Plan, To, WaitFor, Work
from kantoor.policies.judging import judge
from kantoor.policy import Observed, Policy, parse_observed

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


def make_delivering(*, by_hand: bool) -> Plan:
    """A document is approved, a day is waited for, and it is delivered by a colleague or by kantoor."""
    wait = WaitFor(awaited=(DayAwaited(on=DateRule(anchor="period.end", days=3)),))
    offer = Offer(documents=("stuk",), to=To(), offer_as="approval", message="bericht", on_behalf_of="ene")
    phases = (
        Phase(id="maken", title="Maken", role="ene", block=Work()),
        Phase(id="tonen", title="Tonen", role="ene", back_to="maken", block=offer),
        Phase(id="wachten", title="Wachten", role="ene", block=wait),
        Phase(
            id="sturen",
            title="Sturen",
            role="ene",
            back_to="maken",
            block=Deliver(document="stuk", deadline=None, on_behalf_of="ene", by_hand=by_hand),
        ),
    )
    document = Document(id="stuk", title="Stuk", made_in="maken")
    return replace(make_plan(0), phases=phases, documents=(document,), facts=(), deadlines=())


WHO = {  # is it broken where a colleague, or where kantoor, delivers what somebody did this with
    "attached": (True, False),
    "completed(maken)": (True, False),
    "completed(wachten)": (False, False),
    "approved": (False, False),
    "reviewed": (False, False),
    "reminded": (False, False),
}


@pytest.mark.parametrize("by_hand", [True, False])
def test_what_kantoor_does_nobody_does_and_a_policy_about_it_alone_never_says_anything(
    by_hand: bool,
) -> None:
    plan = make_delivering(by_hand=by_hand)
    delivered, *others = map(parse_observed, ("delivered", *WHO))
    policies = tuple(
        Policy(id=one.text, title="", form="differs", first=(delivered,), second=(one,))
        for one in others
        if one and delivered
    )
    judged = judge(plan, start_of(plan), policies)
    assert judged.walked.exhausted
    broken = {name for name, two in WHO.items() if two[0 if by_hand else 1]}
    assert set(judged.breaches) == broken
    assert judged.applied == broken | ({"approved"} if by_hand else set())
