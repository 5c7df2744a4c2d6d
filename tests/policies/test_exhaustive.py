"""A result is exhaustive only where every value is tried that the conditions of a template tell apart."""

from pathlib import Path

import pytest

from kantoor.compiler import compile_definitions
from kantoor.data import replace
from kantoor.plan import (
    Compare,
    Expression,
    FactDefinition,
    LiteralValue,
    Logic,
    Name,
    Outcome,
    Phase,
    Plan,
    Work,
)
from kantoor.policies.holding import hold_policies
from kantoor.policies.keeping import hold_kept
from kantoor.policies.reporting import as_data, fails, list_findings, summarise

from .random_plans import IF_GROOT, POLICIES, make_plan
from .test_breaches import DEFINITIONS, shipped


def make_hanging_on(condition: Expression) -> Plan:
    facts = tuple(
        FactDefinition(id=name, title=name, type=kind, set_in=("maken",))
        for name, kind in (("omzet", "number"), ("grens", "number"), ("dag", "date"))
    )
    first = Phase(id="maken", title="Maken", role="ene", block=Work())
    last = Phase(id="extra", title="Extra", role="ene", condition=condition, block=Work())
    plan = make_plan(2)
    return replace(plan, facts=facts, phases=(first, last), documents=(), forms=(), messages=(), deadlines=())


OMZET, DAY = Name(path=("facts", "omzet")), Name(path=("facts", "dag"))
CONDITIONS: dict[str, tuple[Expression, tuple[str, ...]]] = {
    "a number with a literal": (Compare(by="gt", left=OMZET, right=LiteralValue(value=5)), ()),
    "a number with another": (
        Compare(by="le", left=OMZET, right=Name(path=("facts", "grens"))),
        ("facts.grens", "facts.omzet"),
    ),
    "a day with the period": (
        Compare(by="ge", left=DAY, right=Name(path=("period", "end"))),
        ("facts.dag", "period.end"),
    ),
}


@pytest.mark.parametrize("what", CONDITIONS)
def test_what_is_compared_and_not_tried_in_full_is_not_exhaustive_and_named(what: str) -> None:
    condition, untried = CONDITIONS[what]
    office = compile_definitions(DEFINITIONS).office
    assert office is not None
    found = hold_policies(make_hanging_on(condition), office, POLICIES[:1])
    assert (found.exhaustive, found.untried) == (not untried, untried)
    said = [one.text for one in list_findings(POLICIES[:1], [found]) if one.kind == "not_exhaustive"]
    assert bool(said) == bool(untried)
    assert all(name in text for name in untried for text in said)


def _make_stuck() -> Plan:
    """Return a plan that reviews a document only after it is offered, so that it is never offered."""
    plan = make_plan(49)
    first, review, offer, *rest = plan.phases
    return replace(plan, phases=(first, offer, review, *rest))


def _make_ending() -> Plan:
    """Return a plan of which the last phase ends at a named end, whatever comes of it."""
    plan = make_plan(49)
    last = replace(plan.phases[0], outcomes=(Outcome(id="op", title="Op", end="niet"),))
    return replace(plan, phases=(last,), documents=())


WAYS = {"stuck": (_make_stuck, False), "whole": (lambda: make_plan(49), True), "ending": (_make_ending, True)}


@pytest.mark.parametrize("what", WAYS)
def test_a_template_of_which_no_filing_can_be_completed_is_a_finding_that_fails(what: str) -> None:
    make, closes = WAYS[what]
    office = shipped().office
    assert office is not None
    found = hold_policies(make(), office, POLICIES[:1])
    assert (found.exhaustive, found.closes) == (True, closes)
    told = [one for one in list_findings(POLICIES[:1], [found]) if one.kind == "never_closes"]
    assert all(map(fails, told))
    assert bool(told) != closes
    assert ("without a way to a completed filing" in summarise(POLICIES[:1], [found])) != closes


FORM = Compare(by="eq", left=Name(path=("relation", "legal_form")), right=LiteralValue(value="bv"))
UNLESS_GROOT = Logic(by="not", of=(IF_GROOT,))
GROOT = FactDefinition(id="groot", title="Groot", type="yes_no", set_in=("maken",))


def _make_lacking(condition: Expression | None) -> Plan:
    """Return a plan that offers what is not made where a condition does not hold: nobody can offer it."""
    plan = make_plan(49)
    some = (one for one in plan.phases if one.id in ("maken", "bieden"))
    make, offer = (replace(one, automations=(), checkpoints=()) for one in some)
    document = replace(plan.documents[0], condition=condition)
    return replace(plan, phases=(make, offer), documents=(document,), facts=(GROOT,))


def _make_deciding(condition: Expression, *, goes_on: bool) -> Plan:
    """Return a plan whose first phase can only end the filing where a condition holds: it is closed so."""
    outcomes = (
        Outcome(id="op", title="Op", end="niet"),
        Outcome(id="door", title="Door", condition=Logic(by="not", of=(condition,))),
    )
    plan = _make_lacking(None if goes_on else FORM)
    first, offer = plan.phases
    return replace(plan, phases=(replace(first, outcomes=outcomes), offer))


def _is_no_bv() -> Expression:
    return Logic(by="not", of=(FORM,))


STUCK: dict[str, tuple[Plan, str | None]] = {
    "a document that only some have": (_make_lacking(FORM), "relation.legal_form is "),
    "a document that a fact takes away": (_make_lacking(UNLESS_GROOT), "facts.groot is yes"),
    "an end that can be chosen instead": (
        replace(_make_deciding(IF_GROOT, goes_on=False), facts=(GROOT,)),
        "relation.legal_form is ",
    ),
    "an end that is all there is for some": (_make_deciding(_is_no_bv(), goes_on=False), None),
    "an end that is all there is for a fact": (_make_deciding(IF_GROOT, goes_on=True), None),
    "nothing that only some have": (_make_lacking(None), None),
}


@pytest.mark.parametrize("what", STUCK)
def test_what_cannot_be_completed_for_some_clients_is_a_finding_that_names_them(
    what: str, tmp_path: Path
) -> None:
    plan, told = STUCK[what]
    office = shipped().office
    assert office is not None
    found, kept = (hold_kept(plan, office, POLICIES[:1], tmp_path) for _ in range(2))
    assert kept == found
    assert found.exhaustive
    assert found.closes
    texts = [one.text for one in list_findings(POLICIES[:1], [found]) if one.kind == "sticks" and fails(one)]
    assert bool(texts) == bool(told)
    assert all(f"where {told}" in text and "than the phase bieden" in text for text in texts)
    assert ("filings that stick" in summarise(POLICIES[:1], [found])) == bool(told)
    assert len(as_data(POLICIES[:1], [found], {}, {})["templates"][0]["stuck"]) == len(texts)
