"""What was learned and can change no more tells states apart only as far as conditions ahead do."""

import pytest

from kantoor.data import replace
from kantoor.filing.events import RecordFact
from kantoor.plan import (
    Chase,
    Compare,
    DateRule,
    Deadline,
    DueChoice,
    Escalate,
    Expression,
    FactDefinition,
    LiteralValue,
    Logic,
    Name,
    Option,
    Phase,
    Plan,
    Work,
)
from kantoor.policies.alike import list_strays
from kantoor.policies.judging import Begun, Judge, judge
from kantoor.policy import Observed, Policy

from .random_plans import make_plan, see, start_of
from .test_alike import MAKE, OFFER, _escalate


def _is(fact: str, value: str | bool) -> Expression:
    return Compare(by="eq", left=Name(path=("facts", fact)), right=LiteralValue(value=value))


KIND = FactDefinition(
    id="soort",
    title="Soort",
    type="choice",
    set_in=("maken",),
    options=tuple(Option(id=one, title=one) for one in ("a", "b", "c")),
)
LARGE = FactDefinition(id="groot", title="Groot", type="yes_no", set_in=("maken",), optional=True)
BOTH = Logic(by="and", of=(_is("soort", "a"), _is("groot", value=True)))
EXTRA = Phase(id="extra", title="Extra", role="ene", condition=BOTH, block=Work())


def _make(*phases: Phase) -> Plan:
    return replace(
        make_plan(4),
        phases=phases,
        facts=(KIND, LARGE),
        forms=(),
    )


BETWEEN = _escalate("tussen", 6)
AFTER = replace(OFFER, back_to="tussen")
LEFT = _make(MAKE, BETWEEN, AFTER, EXTRA)
"""Once the first phase lies behind, only whether both hold makes a difference."""
BACK = _make(MAKE, BETWEEN, OFFER, EXTRA)
"""Here work goes back to it until the offer is answered."""
PLANS = {"it lies behind": LEFT, "work goes back": BACK}

POLICIES = (
    Policy(id="extra", title="Extra", form="never", first=(Observed(word="entered", name="extra"),)),
    Policy(id="missed", title="Missed", form="never", first=see("missed")),
)


def _unsettled(self: Judge, begun: Begun, reader: object) -> Begun:
    return begun


@pytest.mark.parametrize("which", PLANS)
def test_the_same_is_broken_after_as_many_moves_in_fewer_states_where_what_was_learned_lies_behind(
    which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = PLANS[which]
    settled = judge(plan, start_of(plan), POLICIES)
    monkeypatch.setattr(Judge, "_settle_learned", _unsettled)
    whole = judge(plan, start_of(plan), POLICIES)
    assert settled.walked.exhausted
    assert whole.walked.exhausted
    assert {name: one.length for name, one in settled.breaches.items()} == {
        name: one.length for name, one in whole.breaches.items()
    }
    assert settled.breaches
    assert settled.applied == whole.applied
    fewer = settled.walked.states - whole.walked.states
    assert fewer < 0 if plan is LEFT else fewer == 0


@pytest.mark.parametrize("which", PLANS)
def test_states_that_are_one_once_something_is_settled_go_on_alike(which: str) -> None:
    plan = PLANS[which]
    assert not list_strays(plan, (start_of(plan),), POLICIES, most=20_000)


def test_a_way_is_found_that_only_what_was_settled_opens() -> None:
    breach = judge(LEFT, start_of(LEFT), POLICIES).breaches["extra"]
    recorded = {one.fact: one.value for one in breach.events if isinstance(one, RecordFact)}
    assert recorded == {"soort": "a", "groot": True}


def _count(anchor: str, days: int = 0) -> DateRule:
    return DateRule(anchor=anchor, days=days)


def _count_law_from(anchor: str, *, between: bool = False) -> Plan:
    """Return a plan whose statutory deadline counts from another, of which the day hangs on a fact.

    Only the first phase meets that other one, and when it lies behind the fact can change no more.
    """
    first = replace(MAKE, due=_count("deadlines.eerste", -1))
    escalates = Chase(escalate=Escalate(on=_count("period.end", 40), role="ene"))
    last = Phase(
        id="sluiten", title="Sluiten", role="ene", due=_count("deadlines.wet"), block=Work(chase=escalates)
    )
    due = (
        DueChoice(condition=_is("groot", value=True), rule=_count("period.end", 20)),
        DueChoice(rule=_count("period.end", 60)),
    )
    second = Deadline(id="tweede", title="Tweede", due=(DueChoice(rule=_count("deadlines.eerste", 1)),))
    deadlines = (
        Deadline(id="eerste", title="Eerste", due=due),
        *((second,) if between else ()),
        Deadline(id="wet", title="Wet", law="wet", due=(DueChoice(rule=_count(anchor, 8)),)),
    )
    return replace(_make(first, _escalate("tussen", 2), last), deadlines=deadlines, documents=())


COUNTED = {
    "from the deadline": _count_law_from("deadlines.eerste"),
    "from a deadline that counts from it": _count_law_from("deadlines.tweede", between=True),
    "from the target of a phase that counts from it": _count_law_from("targets.maken"),
}
IN_TIME = Policy(
    id="late", title="Late", form="order", first=see("escalation"), second=see("statutory_deadline")
)


@pytest.mark.parametrize("how", COUNTED)
def test_a_settled_fact_is_kept_as_long_as_a_deadline_counts_from_the_one_that_hangs_on_it(
    how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = COUNTED[how]
    settled = judge(plan, start_of(plan), (IN_TIME,))
    assert not list_strays(plan, (start_of(plan),), (IN_TIME,), most=20_000)
    monkeypatch.setattr(Judge, "_settle_learned", _unsettled)
    whole = judge(plan, start_of(plan), (IN_TIME,))
    assert settled.walked.exhausted
    assert settled.breaches["late"].length == whole.breaches["late"].length
    recorded = {one.fact: one.value for one in settled.breaches["late"].events if isinstance(one, RecordFact)}
    assert recorded["groot"] is True
