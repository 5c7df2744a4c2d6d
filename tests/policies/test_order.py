"""Events of one step come in the order in which the machine makes them, each in the filing as it was then.

The step of an approval completes the offer, sends the message of its end, and begins the delivery.
"""

import pytest

from kantoor.data import replace
from kantoor.plan import (
    Automation,
    Chase,
    CreateTask,
    Deliver,
    Offer,
    Phase,
    Plan,
    Remind,
    SendMessage,
    To,
    Work,
)
from kantoor.policies.following import find_broken
from kantoor.policies.judging import judge
from kantoor.policy import Observed, Policy

from .random_plans import make_plan, start_of

APPROVED, INFORMED, DELIVERED = (Observed(word=word) for word in ("approved", "informed", "delivered"))
TOLD = Observed(word="told", name="herinnering")
OFFERED_NOW = Observed(word="is_active", name="bieden")
DELIVERED_NOW = Observed(word="is_active", name="sturen")


def make_telling() -> Plan:
    """Return a plan that tells the client something once the offer is over, and then delivers."""
    plan = make_plan(59)
    make, offer, deliver = plan.phases
    assert isinstance(offer.block, Offer)
    assert isinstance(deliver.block, Deliver)
    tell = Automation(id="zeg", at="completed", send=SendMessage(message="herinnering", to=To(decide="one")))
    phases = (
        replace(make, automations=(), checkpoints=(), block=replace(make.block, chase=None)),
        replace(offer, automations=(tell,), block=replace(offer.block, to=To(decide="one"), chase=None)),
        replace(deliver, due=None, block=replace(deliver.block, deadline=None, by_hand=False)),
    )
    return replace(plan, phases=phases, deadlines=())


def say(form: str, first: tuple[Observed, ...], **more: tuple[Observed, ...]) -> Policy:
    return Policy(id="orde", title="Orde", form=form, first=first, **more)  # type: ignore[arg-type]


BROKEN = {
    "a message before what it tells of": say("never", (TOLD,), unless=(DELIVERED, INFORMED)),
    "a delivery that comes after a message": say("before", (DELIVERED,), second=(TOLD,)),
    "an approval before anything is delivered": say("before", (DELIVERED,), second=(APPROVED,)),
    "a message before the phase has begun that is active after the step": say(
        "never", (TOLD,), unless=(DELIVERED_NOW,)
    ),
}
HOLDS = {
    "a delivery after an approval": say("before", (APPROVED, INFORMED), second=(DELIVERED,)),
    "no delivery without an approval": say("never", (DELIVERED,), unless=(APPROVED, INFORMED)),
    "a message after an approval": say("before", (APPROVED, INFORMED), second=(TOLD,)),
    "a delivery after a message": say("never", (DELIVERED,), unless=(TOLD,)),
    "an approval in the phase that it ends": say("never", (APPROVED,), unless=(OFFERED_NOW,)),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_comes_first_within_a_step_breaks_a_policy_in_that_step(what: str) -> None:
    plan = make_telling()
    judged = judge(plan, start_of(plan), (BROKEN[what],))
    breach = judged.breaches["orde"]
    assert breach.names[-1].startswith("approve"), "the shortest way ends where the client approves"
    assert find_broken(plan, BROKEN[what], breach.events)


@pytest.mark.parametrize("what", HOLDS)
def test_what_comes_later_within_a_step_breaks_nothing(what: str) -> None:
    plan = make_telling()
    judged = judge(plan, start_of(plan), (HOLDS[what],))
    assert judged.walked.exhausted
    assert "orde" in judged.applied
    assert not judged.breaches


def test_what_is_asked_of_the_client_in_the_step_of_the_start_is_seen() -> None:
    plan = make_telling()
    ask = Automation(id="vraag", at="entered", task=CreateTask(title="Vraag", to=To(decide="one")))
    plan = replace(plan, phases=(replace(plan.phases[0], automations=(ask,)), *plan.phases[1:]))
    judged = judge(plan, start_of(plan), (say("never", (Observed(word="asked", name="maken"),)),))
    assert judged.breaches["orde"].names == ()


def test_a_signature_under_what_the_same_person_reviews_at_once_is_under_what_is_reviewed() -> None:
    plan = make_telling()
    look = Phase(id="zien", title="Zien", role="ene", reviews=("stuk",), signs=("stuk",), block=Work())
    plan = replace(plan, phases=(plan.phases[0], look))
    policy = say("never", (Observed(word="signed"),), unless=(Observed(word="is_reviewed"),))
    judged = judge(plan, start_of(plan), (policy,))
    assert "orde" in judged.applied
    assert not judged.breaches


@pytest.mark.parametrize("clients", [1, 2])
def test_a_colleague_who_is_reminded_in_the_same_step_is_no_client(clients: int) -> None:
    plan = make_telling()
    chase = Chase(remind=Remind(every_days=3, at_most=1, message="herinnering"))
    asked = tuple(
        Automation(id=f"vraag{n}", at="entered", task=CreateTask(title="Vraag", to=To()), chase=chase)
        for n in range(clients)
    )
    first = replace(plan.phases[0], automations=asked, block=Work(chase=chase))
    plan = replace(plan, phases=(first,), documents=())
    policy = replace(say("at_most", (Observed(word="client_reminded"),)), most=1, per="day")
    judged = judge(plan, start_of(plan), (policy,))
    assert "orde" in judged.applied
    assert bool(judged.breaches) == (clients > 1)
