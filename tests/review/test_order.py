"""Another order of what comes in an order: its class, the day that it moves, and what it takes away."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.plan import Compare, ListOf, LiteralValue, Logic, Name, Plan
from kantoor.review.narrowing import both, either, say_narrower, say_wider
from kantoor.review.review import Review, Side, review
from kantoor.review.safeguards import find_lost

from .test_laws import shipped

VAT = "btw-aangifte"


def _review(before: Plan, after: Plan) -> Review:
    office = shipped().office
    assert office is not None
    return review(Side("a", {VAT: before}, office), Side("b", {VAT: after}, office), date(2026, 11, 30))


def _reorder(plan: Plan, first: str, second: str) -> Plan:
    """Return a plan in which two phases have changed places."""
    places = {phase.id: place for place, phase in enumerate(plan.phases)}
    phases = list(plan.phases)
    phases[places[first]], phases[places[second]] = phases[places[second]], phases[places[first]]
    return replace(plan, phases=tuple(phases))


@pytest.mark.parametrize(("law", "cls"), [("AWR art. 10", "legal"), (None, "timing")])
def test_another_order_of_last_days_has_the_class_of_the_deadline_and_a_day(
    law: str | None, cls: str
) -> None:
    plan = shipped().plans[VAT]
    [deadline] = plan.deadlines
    deadline = replace(deadline, law=law)
    year, foreign, rest = deadline.due
    before, after = (
        replace(plan, deadlines=(replace(deadline, due=due),))
        for due in ((year, foreign, rest), (foreign, year, rest))
    )
    [change] = _review(before, after).changes
    assert (change.kind, change.part, change.cls) == ("moved", "deadline.due", cls)
    assert "when ‘product.foreign’ it falls 31 days earlier: 31 March becomes 29 February 2028" in (
        change.sentence
    )


SWAPS = {
    ("controle", "aanbieden"): [
        "A filing now gets to ‘Aanbieden aan de klant’ without: the mandatory checkpoints ‘De totalen "
        "sluiten aan op het grootboek’, ‘Tarieven, vrijstellingen en verlegging zijn juist toegepast’, ‘De "
        "aftrek van voorbelasting klopt, ook bij horeca en beperkt aftrekbare kosten’ and ‘BUA, herziening "
        "en privégebruik zijn beoordeeld en de btw-rekeningen zijn afgeletterd’.",
        "‘Aangifte omzetbelasting’ is no longer reviewed in ‘Controle’ before it is offered to the client in "
        "‘Aanbieden aan de klant’.",
    ],
    ("aanbieden", "indienen"): [
        "‘Aangifte omzetbelasting’ is no longer offered to the client in ‘Aanbieden aan de klant’ before it "
        "is delivered in ‘Indienen bij de Belastingdienst’.",
    ],
    ("opstellen", "controle"): [
        "A filing now gets to ‘Controle’ without: the mandatory checkpoints ‘Elke bankrekening sluit aan op "
        "het laatste afschrift’, ‘De vraagposten zijn afgewikkeld’, ‘De kleineondernemersregeling is "
        "toegepast en de omzet blijft onder de grens’, ‘Alle onderdelen van de fiscale eenheid zijn verwerkt "
        "en onderlinge prestaties zijn geëlimineerd’ and ‘Privégebruik van auto, telefoon en goederen is "
        "berekend’.",
        "Four eyes: ‘Controle’ now comes before ‘Boeken en aangifte opstellen’, so that they keep "
        "nobody out.",
    ],
}


@pytest.mark.parametrize("swap", SWAPS)
def test_what_guarded_and_now_comes_too_late_is_a_safeguard(swap: tuple[str, str]) -> None:
    plan = shipped().plans[VAT]
    turned = _reorder(plan, *swap)
    assert [one.sentence for one in find_lost(VAT, plan, turned)] == SWAPS[swap]
    assert not find_lost(VAT, turned, plan), "the way back takes nothing away"
    [change] = _review(plan, turned).changes
    assert change.cls == "flow"


KINDS = [LiteralValue(value=kind) for kind in ("year", "half_year")]
KIND = Name(path=("period", "kind"))
KIND_IS = Compare(by="eq", left=KIND, right=KINDS[1])


@pytest.mark.parametrize(
    ("condition", "cls", "said"),
    [
        (
            KIND_IS,
            "legal",
            "when ‘period.kind == 'half_year'’ (period.kind: kind of the period) instead of when ",
        ),
        (
            Compare(by="in", left=KIND, right=ListOf(items=(KINDS[0],))),
            "flow",
            "(period.kind: kind of the period), which holds for the same clients.",
        ),
    ],
)
def test_a_last_day_for_others_is_one_sentence_that_says_where_it_is_for_the_same(
    condition: Compare, cls: str, said: str
) -> None:
    plan = shipped().plans[VAT]
    [deadline] = plan.deadlines
    first, *rest = deadline.due
    other = replace(deadline, due=(replace(first, condition=condition), *rest))
    [change] = _review(plan, replace(plan, deadlines=(other,))).changes
    assert (change.part, change.cls) == ("due_choice.condition", cls)
    assert change.sentence.startswith(f"The deadline ‘{deadline.title}’ falls on the last day of the month")
    assert said in change.sentence


def test_a_last_day_that_the_period_decides_on_moves_in_those_periods_alone() -> None:
    plan = shipped().plans[VAT]
    [deadline] = plan.deadlines
    yearly, *rest = deadline.due
    sooner = replace(yearly, rule=replace(yearly.rule, months=2))
    other = replace(plan, deadlines=(replace(deadline, due=(sooner, *rest)),))
    for two in ((plan, other), (other, plan)):
        [change] = _review(*two).changes
        assert (change.part, change.cls) == ("due_choice.rule", "legal")
        assert [day.period for day in change.days] == ["2027"]


def test_every_alternative_of_a_last_day_can_change_in_the_days_and_the_condition_that_it_has() -> None:
    for name, plan in shipped().plans.items():
        for number, deadline in enumerate(plan.deadlines):
            for place, choice in enumerate(deadline.due):
                for part in (
                    {"rule": replace(choice.rule, days=choice.rule.days - 1)},
                    {"condition": KIND_IS},
                ):
                    due = (*deadline.due[:place], replace(choice, **part), *deadline.due[place + 1 :])
                    deadlines = list(plan.deadlines)
                    deadlines[number] = replace(deadline, due=(*due, deadline.due[-1]))
                    found = _review(plan, replace(plan, deadlines=tuple(deadlines))).changes
                    assert found, (name, deadline.id, place)


def test_a_condition_that_always_holds_is_said_to_and_one_that_can_be_shorter_is() -> None:
    plan = shipped().plans["onboarding"]
    one, two, three = (Name(path=("facts", name)) for name in ("een", "twee", "drie"))
    not_two, not_three = (Logic(by="not", of=(part,)) for part in (two, three))
    same_as_one = either([both(one, either([two, not_three])), both(one, not_two, three)])
    assert say_narrower(plan, same_as_one, both(one, two)) == (
        "only when ‘facts.een and facts.twee’; before, when ‘facts.een’"
    )
    every_way = either([both(one, two), both(one, not_two), Logic(by="not", of=(one,))])
    assert say_wider(plan, one, every_way) == "always; before, only when ‘facts.een’"
    assert say_narrower(plan, every_way, one) == "only when ‘facts.een’; before, always"
