"""What can be asked of a simulation: every kind of period that a shipped template runs over."""

import pytest

from kantoor.simulation.wishes import (
    EXAMPLES,
    FREQUENCIES,
    WishError,
    list_kinds,
    read_invented,
    read_period_of,
)

from ..drawing.shipped import TEMPLATES, plan_of
from ..shipped import compile_shipped


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_kind_of_period_of_a_shipped_template_can_be_asked(template: str) -> None:
    plan, office = plan_of(template), compile_shipped().office
    assert office
    kinds = list_kinds(plan, office)
    offered = {kind for one in office.products if one.id in plan.products for kind in one.frequencies}
    assert set(kinds) == (offered if plan.period == "by_product" else {plan.period})
    for kind in kinds:
        period = read_period_of(plan, office, EXAMPLES[kind])
        assert read_invented(plan, office, period, kind)[1]["frequency"] == kind


def test_there_is_an_example_of_every_kind() -> None:
    assert tuple(EXAMPLES) == FREQUENCIES


def test_words_without_commas_are_told_to_have_them() -> None:
    plan, office = plan_of("btw-aangifte"), compile_shipped().office
    assert office
    with pytest.raises(WishError) as error:
        read_invented(plan, office, read_period_of(plan, office, "2027"), "bv  year foreign")
    assert error.value.help == "Write commas: bv,year,foreign."


@pytest.mark.parametrize(("word", "meant"), [("maand", "month"), ("kwartaal", "quarter"), ("jaar", "year")])
def test_a_dutch_frequency_is_told_as_the_one_that_is_meant(word: str, meant: str) -> None:
    plan, office = plan_of("btw-aangifte"), compile_shipped().office
    assert office
    with pytest.raises(WishError, match=f"did you mean '{meant}'"):
        read_invented(plan, office, read_period_of(plan, office, "2027"), f"bv,{word}")
