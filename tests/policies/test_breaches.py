"""Policies broken on purpose: the machine goes each way that is shown, and it does what it says."""

from functools import cache
from pathlib import Path

import pytest

from kantoor.compiler import Compilation, compile_definitions
from kantoor.data import replace
from kantoor.exploring.telling_apart import Telling
from kantoor.filing.outcome import Refusal
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.plan import Compare, Deliver, Document, LiteralValue, Name, Offer, Phase, Plan
from kantoor.policies.judging import Breach, judge
from kantoor.policies.paths import list_steps, say_move, write_failing
from kantoor.policies.picture import draw_path
from kantoor.policies.starting import list_starts
from kantoor.policy import Observed, Policy

from .random_plans import IF_GROOT, make_plan, start_of

DEFINITIONS = Path(__file__).parents[2] / "definitions"


@cache
def shipped() -> Compilation:
    return compile_definitions(DEFINITIONS)


def _policy(name: str) -> Policy:
    return next(one for one in shipped().policies if one.id == name)


def _changed(phase: str, **changes: object) -> Plan:
    """Return the VAT return with a phase changed, without ticks and messages that no policy here is about."""
    plan = shipped().plans["btw-aangifte"]
    thin = (
        replace(
            one,
            automations=(),
            checkpoints=tuple(tick for tick in one.checkpoints if tick.id == "ontvangstbevestiging"),
        )
        for one in plan.phases
    )
    return replace(plan, phases=tuple(replace(one, **changes) if one.id == phase else one for one in thin))


def _without_review() -> Plan:
    return _changed("controle", reviews=(), four_eyes=())


def _without_four_eyes() -> Plan:
    """Somebody of the same role reviews, and it may be who made the return."""
    return _changed("controle", four_eyes=(), role="administratie")


def _phase(name: str) -> Phase:
    return shipped().plans["btw-aangifte"].phase(name)


def _without_chase() -> Plan:
    block = _phase("aanbieden").block
    assert isinstance(block, Offer)
    return _changed("aanbieden", block=replace(block, chase=None))


def _planned_late() -> Plan:
    due = _phase("indienen").due
    assert due is not None
    return _changed("indienen", due=replace(due, workdays=5))


def _escalated_late() -> Plan:
    chase = _phase("controle").chase
    assert chase is not None
    assert chase.escalate is not None
    late = replace(chase.escalate, on=replace(chase.escalate.on, workdays=3))
    block = replace(_phase("controle").block, chase=replace(chase, escalate=late))
    return _changed("controle", block=block)


def _delivered_in_another_order() -> Plan:
    """It is delivered by hand, and recorded after a phase that a rule wants before it."""
    block = _phase("indienen").block
    assert isinstance(block, Deliver)
    return _changed("indienen", block=replace(block, by_hand=True))


AFTER_CLOSING = Policy(
    id="bevestigd",
    title="Eerst de ontvangstbevestiging",
    form="before",
    first=(Observed(word="ticked", name="afronden.ontvangstbevestiging"),),
    second=(Observed(word="delivered"),),
)
OPSTELLER = "opsteller-beoordeelt-niet"
BROKEN = {
    "beoordeeld-voor-aanbieden": _without_review,
    OPSTELLER: _without_four_eyes,
    "klant-wordt-herinnerd": _without_chase,
    "indienen-op-tijd-gepland": _planned_late,
    "escalatie-op-tijd": _escalated_late,
    "bevestigd": _delivered_in_another_order,
}


@cache
def _find_breach(name: str) -> tuple[Plan, Policy, Breach]:
    another = name == "another_role"
    plan = _changed("controle", four_eyes=()) if another else BROKEN[name]()
    policy = AFTER_CLOSING if name == "bevestigd" else _policy(OPSTELLER if another else name)
    office = shipped().office
    assert office is not None
    start = list_starts(plan, office, Telling(plan))[0]
    return plan, policy, judge(plan, start, (policy,), until_broken=True).breaches[policy.id]


@pytest.mark.parametrize("name", BROKEN)
def test_the_machine_goes_the_way_to_a_breach(name: str) -> None:
    plan, _, breach = _find_breach(name)
    state: State | None = None
    for event in breach.events:
        taken = step(plan, state, event)
        assert not isinstance(taken, Refusal), taken
        state = taken.state
    lines = list_steps(plan, breach)
    assert [line.number for line in lines] == list(range(breach.length + 1))
    assert all(line.sentences or line.move == "silence" for line in lines), "each step does something"


@pytest.mark.parametrize("checked", [("verzamelen",), ()])
def test_who_prepares_reviews_where_four_eyes_look_at_who_collected_alone(checked: tuple[str, ...]) -> None:
    plan = _changed("controle", four_eyes=checked)
    policy = _policy(OPSTELLER)
    office = shipped().office
    assert office is not None
    judged = judge(plan, list_starts(plan, office, Telling(plan))[0], (policy,), until_broken=True)
    assert policy.id in judged.breaches


def test_a_document_is_not_reviewed_where_its_only_review_is_skipped() -> None:
    monthly = Compare(by="eq", left=Name(path=("period", "kind")), right=LiteralValue(value="month"))
    plan, office = _changed("controle", condition=monthly), shipped().office
    policy = _policy("beoordeeld-voor-aanbieden")
    assert office is not None
    starts = {one.period.kind: one for one in list_starts(plan, office, Telling(plan))}
    judged = judge(plan, starts["quarter"], (policy,), until_broken=True)
    assert policy.id in judged.breaches


def test_a_document_of_which_another_review_was_done_is_reviewed() -> None:
    never = LiteralValue(value=False)
    plan, office = shipped().plans["btw-aangifte"], shipped().office
    other = replace(_phase("controle"), id="tweede", condition=never, checkpoints=(), automations=())
    place = [one.id for one in plan.phases].index("controle") + 1
    plan = _changed("controle")
    plan = replace(plan, phases=(*plan.phases[:place], other, *plan.phases[place:]))
    policy = _policy("beoordeeld-voor-aanbieden")
    assert office is not None
    judged = judge(plan, list_starts(plan, office, Telling(plan))[0], (policy,), most=2_000)
    assert policy.id in judged.applied
    assert not judged.breaches


@pytest.mark.parametrize("name", ["another_role", *BROKEN])
def test_the_way_to_a_breach_can_be_written_as_a_scenario_also_where_it_hangs_on_who_acts(name: str) -> None:
    plan, policy, breach = _find_breach(name)
    office = shipped().office
    assert office is not None
    written = write_failing(plan, office, policy, breach)
    assert written.notes == ()
    assert ("reassign: accountant" in written.text) == (name == "another_role")


def test_each_step_says_which_colleague_does_it_and_as_what() -> None:
    plan, policy, breach = _find_breach("another_role")
    lines = list_steps(plan, breach)
    told = [say_move(plan, line, event) for line, event in zip(lines, breach.events, strict=True)]
    (made,) = (one for one in told if "is toegevoegd" in one)
    assert "Ruud Smit, administratie: Document" in made
    assert made.endswith("is toegevoegd (versie 1).")
    assert "Ruud Smit, accountant: Document" in told[-1]
    assert "Ruud Smit, accountant" in draw_path(plan, policy, breach)


SAYS = {
    "beoordeeld-voor-aanbieden": "vrijgegeven",
    OPSTELLER: "is beoordeeld",
    "bevestigd": "ingediend",
}


@pytest.mark.parametrize("name", SAYS)
def test_the_last_step_says_what_broke_the_policy(name: str) -> None:
    plan, _, breach = _find_breach(name)
    assert SAYS[name] in " ".join(list_steps(plan, breach)[-1].sentences)


def test_a_document_that_is_not_made_in_a_filing_is_not_offered_in_it() -> None:
    other = Document(id="bijlage", title="Bijlage", made_in="maken", condition=IF_GROOT)
    never = Policy(
        id="bijlage", title="Bijlage", form="never", first=(Observed(word="offered", name="bijlage"),)
    )
    for made in (False, True):
        plan = make_plan(6)
        second = replace(other, condition=None) if made else other
        offers = (replace(one, block=_offer_both(one)) if one.offer else one for one in plan.phases)
        plan = replace(plan, documents=(*plan.documents, second), phases=tuple(offers))
        judged = judge(plan, start_of(plan), (never,), most=20_000, until_broken=True)
        assert judged.walked.exhausted != made
        assert bool(judged.breaches) == made


def _offer_both(phase: Phase) -> Offer:
    assert phase.offer is not None
    return replace(phase.offer, documents=("stuk", "bijlage"))
