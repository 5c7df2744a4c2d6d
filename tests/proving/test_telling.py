"""What could tell two plans apart is walked, or the proof is inconclusive: values, periods, own fields."""

import pytest
from msgspec.structs import replace

from kantoor.filing.conditions import list_names
from kantoor.plan import (
    Compare,
    Expression,
    FactDefinition,
    ListOf,
    LiteralValue,
    Logic,
    Name,
    Option,
    Phase,
    Plan,
    RelationField,
    Work,
)
from kantoor.proving.proof import prove
from kantoor.review.proof import TemplateProof
from kantoor.review.review import Side, review
from tests.policies.random_plans import make_plan
from tests.review.edited import ON, shipped

FACTS = (
    FactDefinition(
        id="klasse",
        title="Klasse",
        type="choice",
        set_in=("maken",),
        options=tuple(Option(id=one, title=one) for one in ("micro", "klein", "middelgroot", "groot")),
    ),
    FactDefinition(id="omzet", title="Omzet", type="number", set_in=("maken",)),
    FactDefinition(id="grens", title="Grens", type="number", set_in=("maken",)),
    FactDefinition(id="dag", title="Dag", type="date", set_in=("maken",)),
)
FIELD = RelationField(id="soort", title="Soort", type="text")


def named(path: str) -> Name:
    group, name = path.split(".")
    return Name(path=(group, name))


def compare(path: str, by: str, value: object) -> Expression:
    right = LiteralValue(value=value)  # type: ignore[arg-type]
    return Compare(by=by, left=named(path), right=right)  # type: ignore[arg-type]


def one_of(path: str, *values: str) -> Expression:
    return Compare(
        by="in", left=named(path), right=ListOf(items=tuple(LiteralValue(value=v) for v in values))
    )


def make(condition: Expression) -> Plan:
    """Return a plan of two phases, of which the last hangs on a condition."""
    plan = make_plan(2)
    first = Phase(id="maken", title="Maken", role="ene", block=Work())
    last = Phase(id="extra", title="Extra", role="ene", condition=condition, block=Work())
    facts = tuple(one for one in FACTS if ("facts", one.id) in set(list_names(condition)))
    return replace(
        plan,
        facts=facts,
        phases=(first, last),
        documents=(),
        forms=(),
        messages=(),
        deadlines=(),
        products=("klein", "ander"),
    )


def prove_change(before: Expression, after: Expression) -> TemplateProof:
    plans = make(before), make(after)
    office = replace(shipped().office, fields=(FIELD,))
    sides = [Side(name, {plan.template: plan}, office) for name, plan in zip("ab", plans, strict=True)]
    (template,) = prove(sides[0], sides[1], review(sides[0], sides[1], ON), 3_000).templates
    return template


DIFFERENT = {
    "an option": (one_of("facts.klasse", "middelgroot", "groot"), one_of("facts.klasse", "middelgroot")),
    "a number": (compare("facts.omzet", "gt", 5), compare("facts.omzet", "gt", 50)),
    "a legal form": (
        one_of("relation.legal_form", "bv", "nv", "owm"),
        one_of("relation.legal_form", "bv", "owm"),
    ),
    "a month": (compare("period.month", "eq", 3), compare("period.month", "eq", 4)),
    "the end of a year": (named("period.last_of_year"), compare("period.month", "eq", 1)),
    "a year": (compare("period.year", "gt", 2027), compare("period.year", "gt", 2030)),
    "a product": (compare("product.id", "eq", "ander"), compare("product.id", "eq", "derde")),
    "a field of the office's own": (
        compare("relation.soort", "eq", "a"),
        compare("relation.soort", "eq", "b"),
    ),
}


@pytest.mark.parametrize("what", DIFFERENT)
def test_plans_that_differ_on_one_value_are_told_apart(what: str) -> None:
    template = prove_change(*DIFFERENT[what])
    assert (template.outcome, template.untried) == ("differs", ())
    assert template.way is not None


UNTRIED = {
    "two values": (Compare(by="le", left=named("facts.omzet"), right=named("facts.grens")), "facts.grens"),
    "a day": (Compare(by="ge", left=named("facts.dag"), right=named("period.end")), "facts.dag"),
}


@pytest.mark.parametrize("what", UNTRIED)
def test_where_a_condition_compares_what_is_not_tried_nothing_is_proved(what: str) -> None:
    condition, name = UNTRIED[what]
    twice = Logic(by="not", of=(Logic(by="not", of=(condition,)),))
    template = prove_change(condition, twice)
    assert (template.outcome, template.rights.outcome) == ("inconclusive", "inconclusive")
    assert name in template.untried
    assert name in template.rights.untried


@pytest.mark.parametrize("what", ["a number", "a month"])
def test_the_same_condition_written_twice_over_behaves_alike(what: str) -> None:
    condition, _ = DIFFERENT[what]
    template = prove_change(condition, Logic(by="and", of=(condition, condition)))
    assert (template.outcome, template.rights.outcome) == ("alike", "proved")
