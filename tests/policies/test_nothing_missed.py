"""A walk that came to its end has met every breach: plans of which one was once called clean.

Each is broken on one way alone, which a walk leaves out as soon as it takes two states for one that are not.
"""

import pytest

from kantoor.data import replace
from kantoor.plan import Chase, DateRule, End, Escalate, Offer, Phase, Plan, To, Work
from kantoor.policies.following import find_broken
from kantoor.policies.holding import hold_policies
from kantoor.policies.judging import judge
from kantoor.policy import Observed, Policy

from .random_plans import make_plan, start_of
from .test_breaches import shipped


def _say(word: str, name: str | None = None) -> tuple[Observed, ...]:
    return (Observed(word=word, name=name),)


def _work(id: str, chase: Chase | None = None) -> Phase:
    return Phase(id=id, title=id, role="ene", block=Work(chase=chase))


def _escalate(anchor: str, days: int) -> Chase:
    return Chase(escalate=Escalate(on=DateRule(anchor=anchor, days=days), role="andere"))


def _offer(id: str, may_end: str | None = None) -> Phase:
    block = Offer(
        documents=("stuk",),
        on_behalf_of="ene",
        forward="automatic",
        offer_as="approval",
        to=To(decide="one"),
        message="bericht",
        may_end=may_end,
    )
    return Phase(id=id, title=id, role="ene", back_to="maken", block=block)


def _make(*phases: Phase, **more: object) -> Plan:
    said = {"facts": (), "forms": (), "deadlines": (), **more}
    return replace(make_plan(4), phases=phases, **said)


ENDS = tuple(End(id=one, title=one, planner="klaar") for one in ("niet", "kwijt"))
ENDED: dict[str, tuple[Plan, Policy]] = {
    "cancelled where something held no longer": (
        _make(_work("maken"), _work("later")),
        Policy(id="x", title="X", form="never", first=_say("cancelled"), unless=_say("is_active", "maken")),
    ),
    "the end of the second of two offers": (
        _make(_work("maken"), _offer("een", "niet"), _offer("twee", "kwijt"), ends=ENDS),
        Policy(id="x", title="X", form="never", first=_say("ended", "kwijt")),
    ),
    "nothing follows only where it is cancelled later": (
        _make(_work("maken"), _work("later", _escalate("period.end", 40))),
        Policy(
            id="x",
            title="X",
            form="followed",
            first=_say("attached"),
            second=_say("completed", "later"),
            unless=_say("is_active", "maken"),
        ),
    ),
}


@pytest.mark.parametrize("what", ENDED)
def test_a_move_that_ends_a_filing_is_looked_at_in_every_state(what: str) -> None:
    plan, policy = ENDED[what]
    judged = judge(plan, start_of(plan), (policy,))
    assert policy.id in judged.applied
    breach = judged.breaches[policy.id]
    assert breach.names[-1] in ("cancel", "not_deliver")
    assert find_broken(plan, policy, breach.events)


def test_onboarding_can_be_cancelled_once_the_intake_is_over() -> None:
    definitions = shipped()
    assert definitions.office is not None
    plan = definitions.plans["onboarding"]
    only = _say("is_active", plan.phases[0].id)
    policy = Policy(id="na-intake", title="Na de intake", form="never", first=_say("cancelled"), unless=only)
    (breach,) = hold_policies(plan, definitions.office, (policy,)).breaches
    assert breach.names[-1] == "cancel"
    assert find_broken(plan, policy, breach.events)
