"""States that are one go on alike, whatever way leads to them, also while a client can still object.

What tells days apart too little makes some of these go on otherwise; a walk that loses nothing makes none.
"""

from datetime import date, datetime

import pytest

from kantoor.data import replace
from kantoor.filing.events import Start
from kantoor.plan import (
    Automation,
    Chase,
    DateRule,
    Deliver,
    Escalate,
    FactDefinition,
    Form,
    FormField,
    Offer,
    Phase,
    Plan,
    Remind,
    Request,
    To,
    Work,
)
from kantoor.policies.alike import list_strays
from kantoor.policy import Policy

from .random_plans import IF_GROOT, POLICIES, make_plan, start_of
from .test_nothing_missed import HURRIED, IN_ORDER, MONTHS, start_in_march

MAKE = Phase(id="maken", title="Maken", role="ene", block=Work())
OFFER = Phase(
    id="bieden",
    title="Bieden",
    role="ene",
    back_to="maken",
    block=Offer(
        documents=("stuk",),
        on_behalf_of="ene",
        forward="automatic",
        offer_as="approval",
        to=To(decide="one"),
        message="bericht",
        workdays_to_object=2,
    ),
)
DELIVER = Phase(
    id="sturen",
    title="Sturen",
    role="ene",
    back_to="maken",
    block=Deliver(document="stuk", deadline="dag", on_behalf_of="ene", by_hand=True),
)
LOOK = Phase(id="nazien", title="Nazien", role="ene", back_to="maken", block=Work())


def _escalate(id: str, days: int) -> Phase:
    on = DateRule(anchor="period.end", days=days)
    return Phase(
        id=id,
        title=id,
        role="andere",
        block=Work(chase=Chase(escalate=Escalate(on=on, role="ene"))),
    )


def _make(*phases: Phase) -> Plan:
    plan = make_plan(4)
    deadlines = plan.deadlines if DELIVER in phases else ()
    return replace(plan, phases=phases, facts=(), forms=(), deadlines=deadlines)


OBJECTED: dict[str, Plan] = {
    "the time to object passes a deadline": _make(MAKE, OFFER, DELIVER),
    "nothing waits between two days of the plan": _make(
        MAKE, OFFER, LOOK, _escalate("sluiten", 10), _escalate("bewaren", 200)
    ),
}


FORGETFUL = tuple(policy for policy in POLICIES if policy.days is None)
"""Policies that remember no day, by which states would be told apart as well."""


@pytest.mark.parametrize("policies", [POLICIES, FORGETFUL], ids=["days remembered", "no day remembered"])
@pytest.mark.parametrize("what", OBJECTED)
def test_states_in_which_a_client_can_object_go_on_alike_whatever_led_to_them(
    what: str, policies: tuple[Policy, ...]
) -> None:
    plan = OBJECTED[what]
    assert not list_strays(plan, (start_of(plan),), policies, most=20_000)


@pytest.mark.parametrize("seed", [6, 18, 48])
def test_states_of_a_random_plan_go_on_alike_whatever_led_to_them(seed: int) -> None:
    plan = make_plan(seed)
    assert not list_strays(plan, (start_of(plan),), POLICIES, most=20_000)


GROOT = FactDefinition(id="groot", title="Groot", type="yes_no", set_in=("maken",))


def _make_asking() -> Plan:
    """Return a plan in which a list comes to ask for more once a fact is recorded."""
    more = FormField(id="meer", title="Meer", kind="document", required=True, condition=IF_GROOT)
    form = Form(
        id="lijst",
        title="Lijst",
        kind="list",
        fields=(FormField(id="eerst", title="Eerst", kind="document", required=True), more),
    )
    chase = Chase(
        remind=Remind(every_days=3, at_most=2, message="herinnering"),
        escalate=Escalate(on=DateRule(anchor="period.end", days=8), role="andere"),
    )
    request = Request(form="lijst", to=To(), required=False, message="bericht")
    asked = Automation(id="vraag", at="entered", request=request, chase=chase)
    asking = replace(MAKE, automations=(asked,))
    extra = Phase(id="extra", title="Extra", role="ene", condition=IF_GROOT, block=Work())
    plan = make_plan(4)
    return replace(
        plan, phases=(asking, _escalate("later", 3), extra), forms=(form,), facts=(GROOT,), documents=()
    )


def test_states_in_which_more_can_come_to_be_asked_go_on_alike_whatever_led_to_them() -> None:
    plan = _make_asking()
    assert not list_strays(plan, (start_of(plan),), (IN_ORDER,), most=20_000)


def test_what_was_accepted_keeps_a_filing_from_being_cancelled_also_once_it_lies_behind() -> None:
    assert OFFER.offer is not None
    offer = replace(OFFER, block=replace(OFFER.offer, workdays_to_object=0))
    deliver = replace(DELIVER, back_to=None, condition=IF_GROOT)
    plan = _make(MAKE, offer, deliver, replace(LOOK, back_to=None))
    plan = replace(plan, facts=(GROOT,), deadlines=make_plan(4).deadlines)
    cancelled = tuple(one for one in POLICIES if one.id == "cancelled")
    assert not list_strays(plan, (start_of(plan),), cancelled, most=20_000)


RECEIVED = FactDefinition(id="ontvangen", title="Ontvangen", type="date", set_in=("nazien",))


def test_states_go_on_alike_weeks_apart_where_days_are_to_come_that_count_from_what_is_learned() -> None:
    """A day that is recorded brings days that were not there; nobody is waited for until then."""
    close = Escalate(on=DateRule(anchor="facts.ontvangen", days=20), role="ene")
    closing = Phase(id="sluiten", title="Sluiten", role="andere", block=Work(chase=Chase(escalate=close)))
    plan = replace(_make(MAKE, OFFER, replace(LOOK, back_to="maken"), closing), facts=(RECEIVED,))
    assert not list_strays(plan, (start_of(plan),), (IN_ORDER,), most=20_000)


DAILY = Remind(every_days=1, at_most=None, message="herinnering")
WORK = replace(MAKE, block=Work(chase=Chase(remind=DAILY)))


def _give_time(on: DateRule) -> Phase:
    """Return a phase that has some days between its target and the day on which it escalates."""
    chase = Chase(remind=DAILY, escalate=Escalate(on=on, role="ene"))
    due = replace(on, days=on.days - 4)
    return Phase(id="sluiten", title="Sluiten", role="andere", due=due, block=Work(chase=chase))


LATE: dict[str, Plan] = {
    "fixed": _make(WORK, _give_time(DateRule(anchor="period.end", days=10))),
    "learned": replace(
        _make(WORK, _give_time(DateRule(anchor="facts.ontvangen", days=-2))),
        facts=(replace(RECEIVED, set_in=("maken", "sluiten")),),
    ),
}


@pytest.mark.parametrize("what", LATE)
def test_states_of_a_filing_that_began_too_late_for_its_escalations_go_on_alike(what: str) -> None:
    plan, begun = LATE[what], date(2027, 2, 15)
    late = {"at": datetime(2027, 2, 15, 8), "start_date": begun, "begun_on": begun}
    assert not list_strays(plan, (replace(start_of(plan), **late),), (IN_ORDER,), most=20_000)


COUNTED: dict[str, tuple[Plan, Start]] = {
    "months": (MONTHS, start_in_march(MONTHS)),
    **{what: (plan, start_of(plan)) for what, (plan, _) in HURRIED.items()},
}


@pytest.mark.parametrize("what", COUNTED)
def test_states_of_plans_that_count_from_any_day_go_on_alike(what: str) -> None:
    plan, start = COUNTED[what]
    assert not list_strays(plan, (start,), (IN_ORDER,), most=400)
