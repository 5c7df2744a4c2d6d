"""A walk that came to its end has met every breach: plans of which one was once called clean.

Each is broken on one way alone, which a walk leaves out as soon as it takes two states for one that are not.
"""

from datetime import date, datetime

import pytest

from kantoor.data import replace
from kantoor.exploring.own_days import OwnDays
from kantoor.exploring.reach import Reach
from kantoor.exploring.telling_apart import Telling
from kantoor.filing.events import Calendars, Start
from kantoor.filing.outcome import Refusal
from kantoor.filing.step import step
from kantoor.filing.turn import Reader
from kantoor.period import Period
from kantoor.plan import (
    Automation,
    Chase,
    Compare,
    DateRule,
    Deadline,
    Deliver,
    DueChoice,
    End,
    Escalate,
    Expression,
    FactDefinition,
    GiveUp,
    LiteralValue,
    Name,
    NoticeAwaited,
    Offer,
    Option,
    Phase,
    Plan,
    Remind,
    SendMessage,
    To,
    WaitFor,
    Work,
)
from kantoor.policies.alike import list_strays
from kantoor.policies.following import find_broken
from kantoor.policies.holding import hold_policies
from kantoor.policies.judging import judge
from kantoor.policies.reporting import as_data, summarise
from kantoor.policies.starting import list_starts
from kantoor.policy import Observed, Policy

from .random_plans import make_plan, start_of
from .test_breaches import shipped


def _say(word: str, name: str | None = None) -> tuple[Observed, ...]:
    return (Observed(word=word, name=name),)


def _work(id: str, chase: Chase | None = None) -> Phase:
    return Phase(id=id, title=id, role="ene", block=Work(chase=chase))


def _escalate(anchor: str, days: int) -> Chase:
    return Chase(escalate=Escalate(on=DateRule(anchor=anchor, days=days), role="andere"))


def _offer(id: str, may_end: str | None = None, back_to: str = "maken", workdays: int = 0) -> Phase:
    block = Offer(
        documents=("stuk",),
        on_behalf_of="ene",
        forward="automatic",
        offer_as="approval",
        to=To(decide="one"),
        message="bericht",
        may_end=may_end,
        workdays_to_object=workdays,
    )
    return Phase(id=id, title=id, role="ene", back_to=back_to, block=block)


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
    "cancelled, told as an end": (
        _make(_work("maken")),
        Policy(id="x", title="X", form="never", first=_say("ended", "cancelled")),
    ),
    "nothing follows where it is cancelled": (
        _make(_work("maken")),
        Policy(id="x", title="X", form="followed", first=_say("cancelled"), second=_say("entered")),
    ),
    "nothing follows an end by cancelling": (
        _make(_work("maken")),
        Policy(id="x", title="X", form="followed", first=_say("ended", "cancelled"), second=_say("entered")),
    ),
}


@pytest.mark.parametrize("what", ENDED)
def test_a_move_that_ends_a_filing_is_looked_at_in_every_state(what: str) -> None:
    plan, policy = ENDED[what]
    judged = judge(plan, start_of(plan), (policy,), until_broken=True)
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
    start = list_starts(plan, definitions.office, Telling(plan))[0]
    breach = judge(plan, start, (policy,), until_broken=True).breaches[policy.id]
    assert breach.names[-1] == "cancel"
    assert find_broken(plan, policy, breach.events)


REMIND = Remind(every_days=3, at_most=None, message="herinnering")
INFORMED = (
    _work("maken"),
    _work("vooraf", _escalate("phases.maken", 7)),
    _offer("bieden", back_to="vooraf", workdays=2),
    _work("nazien"),
)
"""On the day on which the time to object ends the plan names none; reminders count from it all the same."""
HURRIED: dict[str, tuple[Plan, Policy]] = {
    "escalated before a reminder": (
        _make(*INFORMED, _work("sluiten", replace(_escalate("period.end", 12), remind=REMIND))),
        Policy(
            id="x",
            title="X",
            form="before",
            first=_say("reminded", "sluiten"),
            second=_say("escalated", "sluiten"),
        ),
    ),
    "given up before a reminder": (
        _make(
            *INFORMED,
            Phase(
                id="wachten",
                title="wachten",
                role="ene",
                block=WaitFor(
                    awaited=(NoticeAwaited(notice="brief"),),
                    chase=Chase(
                        remind=REMIND, give_up=GiveUp(on=DateRule(anchor="period.end", days=12), end="niet")
                    ),
                ),
            ),
        ),
        Policy(id="x", title="X", form="before", first=_say("reminded", "wachten"), second=_say("given_up")),
    ),
}


@pytest.mark.parametrize("what", HURRIED)
def test_a_later_day_on_which_fewer_reminders_come_is_looked_at_for_itself(what: str) -> None:
    plan, policy = HURRIED[what]
    judged = judge(plan, start_of(plan), (policy,), until_broken=True)
    assert find_broken(plan, policy, judged.breaches[policy.id].events)


def test_a_result_says_until_how_long_after_a_named_day_people_act() -> None:
    definitions = shipped()
    assert definitions.office is not None
    policy = HURRIED["escalated before a reminder"][1]
    found = [
        hold_policies(plan, definitions.office, (policy,))
        for plan in (_make(*INFORMED), _make(_work("maken"), _offer("bieden", workdays=10)))
    ]
    assert [one.days_to_act for one in found] == [14, 20]
    assert "14 days after a day that the template names" in summarise((policy,), found)
    assert [one["days_to_act"] for one in as_data((policy,), found, {}, {})["templates"]] == [14, 20]


SORT = FactDefinition(
    id="soort", title="Soort", type="choice", set_in=("rechts",), options=(Option(id="ene", title="Ene"),)
)
"""It has one value, so that nobody corrects it."""


def _tell_once_recorded(fact: FactDefinition, on: DateRule, condition: Expression | None) -> Plan:
    """Return a plan with a message that hangs on a fact, which is known only once its day has passed."""
    tell = Automation(
        id="zeg", at=on, condition=condition, send=SendMessage(message="bericht", to=To(decide="one"))
    )
    left, right = (replace(_work(name), group="samen") for name in ("links", "rechts"))
    later = replace(right, not_before=DateRule(anchor="period.end", days=3))
    day = Deadline(id="dag", title="Dag", due=(DueChoice(rule=DateRule(anchor="period.end", days=3)),))
    return _make(replace(left, automations=(tell,)), later, facts=(fact,), deadlines=(day,))


IF_SORT = Compare(by="eq", left=Name(path=("facts", "soort")), right=LiteralValue(value="ene"))
MOVED = FactDefinition(id="gemeld", title="Gemeld", type="date", set_in=("rechts",))
HELD = {
    "the day is known": _tell_once_recorded(SORT, DateRule(anchor="period.end", days=2), IF_SORT),
    "the day is learned": _tell_once_recorded(MOVED, DateRule(anchor="facts.gemeld", days=-1), None),
}


@pytest.mark.parametrize("what", HELD)
def test_a_message_whose_day_passed_while_the_filing_was_held_is_never_sent(what: str) -> None:
    """In every other filing it is, as soon as its fact is known, unless its phase is over."""
    plan = HELD[what]
    policy = Policy(
        id="x",
        title="X",
        form="followed",
        first=_say("recorded", plan.facts[0].id),
        second=_say("told", "bericht"),
        unless=(*_say("ended"), *_say("completed", "links"), *_say("is_completed", "links")),
    )
    judged = judge(plan, start_of(plan), (policy,))
    breach = judged.breaches["x"]
    assert "hold" in breach.names
    assert find_broken(plan, policy, breach.events)
    assert not list_strays(plan, (start_of(plan),), (policy,), most=20_000)


WAITED = _work("maken", Chase(remind=replace(REMIND, every_days=7)))
LEARNED = FactDefinition(id="ontvangen", title="Ontvangen", type="date", set_in=("maken",))


def _count_from_a_fact(due: DateRule, deadline: DateRule) -> Plan:
    deliver = Deliver(document="stuk", deadline="dag", on_behalf_of="ene", by_hand=True)
    return _make(
        WAITED,
        Phase(id="sturen", title="sturen", role="ene", back_to="maken", due=due, block=deliver),
        facts=(LEARNED,),
        deadlines=(Deadline(id="dag", title="Dag", law="wet", due=(DueChoice(rule=deadline),)),),
    )


FACT = "facts.ontvangen"
MONTHS = _count_from_a_fact(DateRule(anchor=FACT, days=31), DateRule(anchor=FACT, months=1))
WORKDAYS = _count_from_a_fact(DateRule(anchor=FACT, workdays=5), DateRule(anchor=FACT, days=7))
IN_ORDER = Policy(
    id="x", title="X", form="order", first=_say("planned_delivery"), second=_say("statutory_deadline")
)
COUNTED = {"a month of thirty days": MONTHS, "working days over closed days": WORKDAYS}


def start_in_march(plan: Plan) -> Start:
    """Return the start of a filing in March, near its end closed days."""
    closed = tuple(date(2027, 3, day) for day in (26, 29, 30))
    began = {"at": datetime(2027, 3, 1, 8), "start_date": date(2027, 3, 1), "period": Period.parse("2027-02")}
    return replace(start_of(plan), calendars=Calendars(office=closed), **began)


@pytest.mark.parametrize("what", COUNTED)
def test_days_after_the_last_one_are_told_apart_where_what_counts_from_them_differs(what: str) -> None:
    plan = COUNTED[what]
    judged = judge(plan, start_in_march(plan), (IN_ORDER,), until_broken=True)
    assert find_broken(plan, IN_ORDER, judged.breaches["x"].events)


LATE = replace(SORT, set_in=("later",))
WEEKLY = replace(REMIND, every_days=7)
ON_FIRST = replace(_work("maken", Chase(remind=WEEKLY)), due=DateRule(anchor="deadlines.eerste", days=-1))
AFTER_FIRST = _work("later", replace(_escalate("phases.maken", 30), remind=WEEKLY))


def _due(id: str, *choices: DueChoice, **more: object) -> Deadline:
    said: dict[str, object] = {"law": None, **more}
    return Deadline(id=id, title=id, due=choices, **said)  # type: ignore[arg-type]


def _choose(later: int) -> tuple[DueChoice, ...]:
    """Return a day on which a deadline falls, and a later one once a fact is recorded."""
    return (
        DueChoice(condition=IF_SORT, rule=DateRule(anchor="period.end", days=later)),
        DueChoice(rule=DateRule(anchor="period.end", days=22)),
    )


def _count_on(anchor: str) -> DueChoice:
    return DueChoice(rule=DateRule(anchor=anchor, days=8))


FAR = DueChoice(rule=DateRule(anchor="period.end", days=100))
EARLIER = _due("eerste", *_choose(60))
OTHER_DAYS: dict[str, Plan] = {
    what: _make(*phases, facts=(LATE,), documents=(), deadlines=deadlines)
    for what, phases, deadlines in (
        (
            "of a deadline from which it counts",
            (ON_FIRST, AFTER_FIRST),
            (EARLIER, _due("wet", _count_on("deadlines.eerste"), law="wet")),
        ),
        (
            "of a target from which it counts",
            (ON_FIRST, AFTER_FIRST),
            (EARLIER, _due("wet", _count_on("targets.maken"), law="wet")),
        ),
        (
            "of a deadline from which its latest counts",
            (ON_FIRST, AFTER_FIRST),
            (
                EARLIER,
                _due("wet", FAR, law="wet", latest=DateRule(anchor="deadlines.eerste", days=8)),
            ),
        ),
        (
            "moved to a working day",
            (replace(ON_FIRST, due=None), AFTER_FIRST),
            (_due("wet", *_choose(41), law="wet", moves="next_workday"),),
        ),
    )
}
"""Until a fact is recorded, the statutory deadline has an early day; then it has a later one."""


@pytest.mark.parametrize("what", OTHER_DAYS)
def test_a_fact_recorded_after_the_other_day_of_a_deadline_is_told_from_one_before_it(what: str) -> None:
    """The deadline is missed at once then, and not weeks later."""
    plan = OTHER_DAYS[what]
    monday = replace(start_of(plan), at=datetime(2027, 2, 1, 8), start_date=date(2027, 2, 1))
    missed = {"first": _say("missed", "wet"), "second": _say("recorded", "soort")}
    policy = Policy(id="x", title="X", form="never", unless=_say("held"), days=1, **missed)
    breach = judge(plan, monday, (policy,)).breaches["x"]
    assert find_broken(plan, policy, breach.events)
    assert not list_strays(plan, (monday,), (policy,), most=20_000)


def test_an_invented_filing_has_no_closed_days_after_the_last_day_that_its_template_names() -> None:
    office = shipped().office
    assert office is not None
    for name in ("btw-aangifte", "suppletie"):
        plan = shipped().plans[name]
        for start in list_starts(plan, office, Telling(plan)):
            taken = step(plan, None, start)
            assert not isinstance(taken, Refusal)
            last = max(OwnDays(plan, Reach(plan)).days(Reader(plan, taken.state)))
            assert all(day <= last for day in (*start.calendars.office, *start.calendars.law))
            assert name != "btw-aangifte" or start.calendars.law, "of those before it there are"
