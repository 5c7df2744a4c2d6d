"""What could tell two plans apart is walked, or the proof is inconclusive: values, periods, own fields."""

from random import Random

import pytest
from msgspec.structs import replace

from kantoor.context import LEGAL_FORMS
from kantoor.exploring.people import make_team
from kantoor.filing.conditions import list_names
from kantoor.filing.events import Complete, RecordFact
from kantoor.filing.outcome import Refusal
from kantoor.filing.step import step
from kantoor.period import Period
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
from kantoor.proving.lockstep import take
from kantoor.proving.observing import observe_state
from kantoor.proving.proof import prove
from kantoor.review.blanking import blank
from kantoor.review.proof import TemplateProof
from kantoor.review.review import Side, review
from kantoor.simulation.starting import invent_product, invent_relation, make_start
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


# --- against ways that no telling chose -------------------------------------------------------------------


def make_condition(chance: Random) -> Expression:
    """Return a condition on facts or on what a filing begins with; near ones often answer the same."""
    kinds = ("facts.klasse", "relation.legal_form", "facts.omzet", "period.month", "period.year")
    match chance.choice(kinds):
        case "facts.klasse" as path:
            return one_of(path, *chance.sample([one.id for one in FACTS[0].options], 2))
        case "relation.legal_form" as path:
            return one_of(path, *chance.sample(LEGAL_FORMS[:8], 3))
        case "facts.omzet" as path:
            return compare(path, chance.choice(("gt", "ge", "eq")), chance.randint(3, 6))
        case "period.month" as path:
            return compare(path, chance.choice(("eq", "le")), chance.choice((3, 11, 12)))
        case path:
            return compare(path, chance.choice(("gt", "ge")), chance.randint(2027, 2029))


def change_condition(condition: Expression, chance: Random) -> Expression:
    """Return what is much like a condition: of the same, with another comparison or another value."""
    path = set(list_names(condition))
    while True:
        other = make_condition(chance)
        if set(list_names(other)) == path and other != condition:
            return other


def go_at_random(plans: tuple[Plan, Plan], chance: Random) -> bool:
    """Record any value in a filing of any period and form, complete a phase; say whether both are alike."""
    period = Period.parse(f"{chance.randint(2025, 2031)}-{chance.randint(1, 12):02}")
    office, before = shipped().office, plans[0]
    relation = invent_relation(office, chance.choice(LEGAL_FORMS))
    start = make_start(before, office, period, relation, invent_product(office, before, "month"))
    by = make_team(*plans)[0]
    values = {"klasse": chance.choice(FACTS[0].options).id, "omzet": chance.randint(-9, 9)}
    acts = [
        RecordFact(at=start.at, by=by, id=name, phase="maken", fact=name, value=value)
        for name, value in values.items()
    ]
    states = []
    for plan in plans:
        taken = step(plan, None, start)
        assert not isinstance(taken, Refusal)
        for act in (*acts, Complete(at=start.at, by=by, id="klaar", phase="maken")):
            then = take(plan, taken.state, act)
            taken = taken if isinstance(then, Refusal) else then
        states.append(observe_state(plan, taken.state))
    return states[0] == states[1]


@pytest.mark.parametrize("seed", range(16))
def test_what_is_said_to_behave_alike_does_so_with_values_and_periods_taken_at_random(seed: int) -> None:
    chance = Random(seed)
    condition = make_condition(chance)
    other = change_condition(condition, chance)
    template = prove_change(condition, other)
    if template.outcome == "alike":
        plans = blank(make(condition)), blank(make(other))
        assert all(go_at_random(plans, chance) for _ in range(150))
    else:
        assert template.outcome == "differs"
