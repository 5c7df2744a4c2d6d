"""Deciding what was learned and can change no more changes no verdict, and no length of a shortest breach."""

from unittest.mock import patch

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kantoor.data import replace
from kantoor.plan import (
    Automation,
    Chase,
    Compare,
    CreateTask,
    DateRule,
    Deadline,
    DueChoice,
    Escalate,
    Expression,
    FactDefinition,
    Form,
    FormField,
    LiteralValue,
    Logic,
    Name,
    Outcome,
    Phase,
    Plan,
    Remind,
    Request,
    StartFiling,
    To,
    Work,
)
from kantoor.policies.alike import list_strays
from kantoor.policies.judging import Judge, judge
from kantoor.policy import Observed, Policy

from .random_plans import POLICIES, make_plan, see, start_of

MOST = 120
"""Plans with more states are left out, for the time that they take."""
FACTS = (
    FactDefinition(id="groot", title="Groot", type="yes_no", set_in=("een",)),
    FactDefinition(id="nodig", title="Nodig", type="yes_no", set_in=("een", "twee"), optional=True),
)
FORM = Form(
    id="vragen",
    title="Vragen",
    kind="form",
    fields=(FormField(id="spoed", title="Spoed", kind="yes_no", required=True),),
)
WATCHED = (
    *(one for one in POLICIES if one.id in ("late", "missed")),
    Policy(id="extra", title="Extra", form="never", first=(Observed(word="entered", name="drie"),)),
    Policy(id="in time", title="In time", form="order", first=see("target"), second=see("deadline")),
    Policy(id="stops", title="Stops", form="never", first=(Observed(word="ended", name="niet"),)),
)
ASK = Automation(
    id="vraag",
    at="entered",
    request=Request(form="vragen", to=To(), required=True, message="bericht"),
    chase=Chase(remind=Remind(every_days=9, at_most=1, message="herinnering")),
)


def _is_yes(group: str, name: str) -> Expression:
    return Compare(by="eq", left=Name(path=(group, name)), right=LiteralValue(value=True))


def _count(anchor: str) -> st.SearchStrategy[DateRule]:
    counts = st.sampled_from((-1, 0, 8, 30, 60))
    return st.builds(lambda count: DateRule(anchor=anchor, days=count), counts)


def _escalate(anchors: tuple[str, ...]) -> st.SearchStrategy[Work]:
    on = st.sampled_from(anchors).flatmap(_count)
    escalates = st.builds(lambda day: Work(chase=Chase(escalate=Escalate(on=day, role="ene"))), on)
    return st.just(Work()) | escalates


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Draw a plan of three phases and of deadlines that count from each other, or from the first target.

    What is learned in the first two phases, or answered, decides about days, phases, automations and ends.
    """
    asks = draw(st.booleans())
    learned = [_is_yes("facts", "groot"), _is_yes("facts", "nodig")]
    learned += [_is_yes("answers", "spoed")] if asks else []
    one, other = draw(st.sampled_from(learned)), draw(st.sampled_from(learned))
    both = Logic(by=draw(st.sampled_from(("and", "or"))), of=(one, Logic(by="not", of=(other,))))
    some = st.sampled_from((one, other, both, None))

    deadlines: list[Deadline] = []
    anchors: tuple[str, ...] = ("period.end",)
    for id in ("a", "b", "c")[: draw(st.integers(2, 3))]:
        due = [DueChoice(rule=draw(_count(anchors[-1])))]
        condition = draw(some)
        if condition:
            due.insert(0, DueChoice(condition=condition, rule=draw(_count(draw(st.sampled_from(anchors))))))
        law = draw(st.sampled_from(("wet", None)))
        deadlines.append(Deadline(id=id, title=id, law=law, due=tuple(due)))
        anchors = (*anchors, draw(st.sampled_from((f"deadlines.{id}", "targets.een"))))
        if anchors[-1] == "targets.een" and id != "a":
            anchors = (*anchors[:-1], f"deadlines.{id}")

    does = Automation(
        id="doet",
        at=draw(st.just("entered") | _count(anchors[-1])),
        condition=draw(some),
        **draw(
            st.sampled_from(
                ({"task": CreateTask(title="Taak", to=To())}, {"start": StartFiling(template="ander")})
            )
        ),
    )
    ends = (Outcome(id="op", title="Op", end="niet", condition=both), Outcome(id="door", title="Door"))
    first = Phase(
        id="een",
        title="Een",
        role="ene",
        due=DateRule(anchor="deadlines.a", days=-1),
        automations=(ASK,) if asks else (),
        block=Work(),
    )
    second = Phase(
        id="twee", title="Twee", role="ene", condition=draw(some), block=draw(_escalate(anchors[:1]))
    )
    last = Phase(
        id="drie",
        title="Drie",
        role="ene",
        condition=draw(some),
        due=DateRule(anchor=f"deadlines.{deadlines[-1].id}"),
        automations=draw(st.sampled_from(((), (does,)))),
        outcomes=draw(st.sampled_from(((), ends))),
        back_to=draw(st.sampled_from((None, None, "twee"))),
        block=draw(_escalate(anchors)),
    )
    end = Phase(id="vier", title="Vier", role="ene", block=draw(_escalate(("period.end", anchors[-1]))))
    return replace(
        make_plan(4),
        facts=FACTS,
        deadlines=tuple(deadlines),
        phases=(first, second, last, end),
        forms=(FORM,) if asks else (),
        documents=(),
    )


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
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
