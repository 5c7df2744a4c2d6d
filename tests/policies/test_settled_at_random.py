"""Deciding what was learned and can change no more changes no verdict, and no length of a shortest breach."""

from unittest.mock import patch

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kantoor.data import replace
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
    Name,
    Option,
    Phase,
    Plan,
    Remind,
    Work,
)
from kantoor.policies.alike import list_strays
from kantoor.policies.judging import Judge, judge
from kantoor.policy import Observed, Policy

from .random_plans import POLICIES, make_plan, see, start_of

MOST = 300
"""Plans with more states are left out, for the time that they take."""
ONCE = FactDefinition(
    id="soort", title="Soort", type="choice", set_in=(), options=(Option(id="ene", title="Ene"),)
)
"""It has one value, so that nobody corrects it."""
LARGE = FactDefinition(id="groot", title="Groot", type="yes_no", set_in=())
REPORTED = FactDefinition(id="gemeld", title="Gemeld", type="date", set_in=(), optional=True)
WATCHED = (
    *(one for one in POLICIES if one.id in ("late", "missed")),
    Policy(id="in time", title="In time", form="order", first=see("target"), second=see("deadline")),
    Policy(id="soon", title="Soon", form="never", first=see("missed"), second=see("recorded"), days=1),
    Policy(id="extra", title="Extra", form="never", first=(Observed(word="entered", name="twee"),)),
)
WEEKLY = Remind(every_days=7, at_most=None, message="herinnering")


def _count(anchor: str, *counts: int) -> st.SearchStrategy[DateRule]:
    return st.builds(lambda days: DateRule(anchor=anchor, days=days), st.sampled_from(counts))


@st.composite
def deadlines(draw: st.DrawFn, decides: Expression, learned: str | None) -> tuple[Deadline, ...]:
    """Draw deadlines that count from the one before, from a target that does, or have that as their latest.

    The day of the first hangs on what is learned.
    """
    one, other = draw(st.permutations((20, 45)))
    due = (
        DueChoice(condition=decides, rule=draw(_count("period.end", one, one + 1))),
        DueChoice(rule=draw(_count(learned or "period.end", other))),
    )
    moves = st.sampled_from(("never", "next_workday", "previous_workday"))
    latest = draw(_count("period.end", 45)) if learned else None
    found = [Deadline(id="a", title="a", due=due, moves=draw(moves), latest=latest)]
    for id in ("b", "wet")[draw(st.integers(0, 1)) :]:
        before = f"deadlines.{found[-1].id}"
        rule = draw(_count(draw(st.sampled_from((before, "targets.een"))), 1, 8))
        far = DateRule(anchor="period.end", days=100)
        due, latest = (
            ((DueChoice(rule=far),), rule) if draw(st.booleans()) else ((DueChoice(rule=rule),), None)
        )
        law = "wet" if id == "wet" else None
        found.append(Deadline(id=id, title=id, law=law, due=due, latest=latest, moves=draw(moves)))
    return tuple(found)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan of two or three phases, of which one records what decides about days and phases.

    The first does, and then it is settled; or the last does, weeks later, when days of both have passed.
    """
    place = draw(st.sampled_from(("een", "drie", "drie")))
    fact, value = (LARGE, True) if place == "een" else (ONCE, "ene")
    decides = Compare(by="eq", left=Name(path=("facts", fact.id)), right=LiteralValue(value=value))
    facts = (replace(fact, set_in=(place,)),)
    learned = draw(st.sampled_from((None, None, None, "facts.gemeld")))
    if learned:
        facts = (*facts, replace(REPORTED, set_in=(place,)))
    remind = WEEKLY if place == "drie" else None
    escalates = draw(_count("period.end", 40) if place == "een" else _count("phases.een", 21))
    chase = Chase(remind=remind, escalate=Escalate(on=escalates, role="ene"))
    first = Phase(
        id="een",
        title="Een",
        role="ene",
        due=draw(_count("deadlines.a", -1, 0)),
        block=Work(chase=Chase(remind=remind)),
    )
    between = Phase(id="twee", title="Twee", role="ene", condition=decides, block=Work())
    last = Phase(
        id="drie",
        title="Drie",
        role="ene",
        due=draw(st.none() | _count("deadlines.wet", 0)),
        back_to=draw(st.sampled_from((*5 * (None,), "een"))),
        block=Work(chase=chase),
    )
    return replace(
        make_plan(4),
        facts=facts,
        deadlines=draw(deadlines(decides, learned)),
        phases=draw(st.sampled_from(((first, last), (first, between, last)))),
        forms=(),
        documents=(),
    )


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(plans())
def test_what_is_settled_changes_no_verdict_and_no_shortest_length_whatever_counts_from_what(
    plan: Plan,
) -> None:
    start = start_of(plan)
    settled = judge(plan, start, WATCHED, most=MOST)
    assume(settled.walked.exhausted)
    with patch.object(Judge, "_settle_learned", lambda _judge, begun, _reader: begun):
        whole = judge(plan, start, WATCHED, most=10 * MOST)
    assert whole.walked.exhausted
    assert {name: one.length for name, one in settled.breaches.items()} == {
        name: one.length for name, one in whole.breaches.items()
    }
    assert settled.applied == whole.applied
    assert settled.closes == whole.closes
    assert not list_strays(plan, (start,), WATCHED, most=MOST)
