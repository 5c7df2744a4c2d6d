"""A result is exhaustive only where every value is tried that the conditions of a template tell apart."""

import pytest

from kantoor.compiler import compile_definitions
from kantoor.data import replace
from kantoor.plan import (
    Compare,
    Expression,
    FactDefinition,
    LiteralValue,
    Name,
    Outcome,
    Phase,
    Plan,
    Work,
)
from kantoor.policies.holding import hold_policies
from kantoor.policies.reporting import fails, list_findings, summarise

from .random_plans import POLICIES, make_plan
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
