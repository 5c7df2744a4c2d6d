"""Safeguards that a change takes away though no policy is broken by it."""

from pathlib import Path
from typing import Any

from kantoor.compiler import compile_definitions
from kantoor.data import replace
from kantoor.plan import Compare, LiteralValue, Logic, Name, Outcome, Phase, Plan
from kantoor.review.safeguards import find_lost

DEFINITIONS = Path(__file__).parents[2] / "definitions"


def test_a_way_past_what_reviews_and_offers_is_a_safeguard_lost_and_its_title_is_none() -> None:
    plan = compile_definitions(DEFINITIONS).plans["btw-aangifte"]
    way = Outcome(id="snel", title="Snel", then="indienen")
    turnover, first, *later = plan.phases
    first = replace(first, outcomes=(way,))
    around = replace(plan, phases=(turnover, first, *later))
    assert [one.sentence for one in find_lost("btw-aangifte", plan, around)] == [
        "‘Stukken opvragen’ can now be left past ‘Controle’, with ‘Snel’.",
        "‘Stukken opvragen’ can now be left past ‘Aanbieden aan de klant’, with ‘Snel’.",
    ]
    titled = replace(first, outcomes=(replace(way, title="Meteen"),))
    assert not find_lost("btw-aangifte", around, replace(plan, phases=(turnover, titled, *later)))


BV = Compare(by="eq", left=Name(path=("relation", "legal_form")), right=LiteralValue(value="bv"))
LAST = Name(path=("period", "last_of_year"))
KOR = Name(path=("product", "kor"))


def test_a_phase_that_gets_a_condition_loses_all_that_it_kept_safe() -> None:
    plan = compile_definitions(DEFINITIONS).plans["btw-aangifte"]
    check = plan.phases[[phase.id for phase in plan.phases].index("controle")]
    found = _find(plan, replace(check, condition=LAST))
    ends = " only when ‘period.last_of_year’; before, always."
    assert found[0] == f"‘Aangifte omzetbelasting’ is now reviewed{ends}"
    assert found[1] == f"Four eyes on ‘Controle’ now hold{ends}"
    required = [one.title for one in check.checkpoints if one.required and one.condition is None]
    assert required
    assert any(one.condition == LAST for one in check.checkpoints)  # applied then only before as well
    assert found[2:] == [
        f"The mandatory checkpoint ‘{title}’ of ‘Controle’ now applies{ends}" for title in required
    ]


def test_a_required_request_and_an_offer_are_lost_where_their_phase_is_passed_over() -> None:
    plans = compile_definitions(DEFINITIONS).plans
    asking = next(
        (plan, phase)
        for plan in plans.values()
        for phase in plan.phases
        for one in phase.automations
        if one.request and one.request.required
    )
    found = _find(asking[0], replace(asking[1], condition=BV))
    assert any("could not be completed before the client had answered" in one for one in found)
    plan = plans["btw-aangifte"]
    offer = next(phase for phase in plan.phases if phase.offer)
    assert any(
        "is now offered to the client only when" in one for one in _find(plan, replace(offer, condition=LAST))
    )


def test_a_condition_is_told_where_it_holds_less_often_than_it_did_and_not_where_it_holds_more() -> None:
    plan = compile_definitions(DEFINITIONS).plans["btw-aangifte"]
    check = plan.phases[[phase.id for phase in plan.phases].index("controle")]
    some = replace(plan, phases=tuple(_put(plan, replace(check, condition=LAST))))
    wider = Logic(by="or", of=(LAST, KOR))
    assert _find(some, replace(check, condition=wider)) == []
    assert _find(some, check) == []
    more = replace(plan, phases=tuple(_put(plan, replace(check, condition=wider))))
    found = _find(more, replace(check, condition=LAST))
    said = "‘Aangifte omzetbelasting’ is now reviewed only when"
    assert found[0] == f"{said} ‘period.last_of_year’; before, when ‘period.last_of_year or product.kor’."
    other = _find(some, replace(check, condition=KOR))
    assert other[0] == f"{said} ‘product.kor’; before, when ‘period.last_of_year’."


def test_a_document_that_may_be_absent_is_told_with_what_is_then_not_done() -> None:
    plan = compile_definitions(DEFINITIONS).plans["btw-aangifte"]
    [document] = plan.documents
    done = "reviewed, offered to the client or delivered"
    changes: dict[str, dict[str, Any]] = {
        f"‘{document.title}’ may now be left out, and is then not {done}.": {"optional": True},
        f"‘{document.title}’ is now made, and so {done}, only when ‘product.kor’; before, always.": {
            "condition": KOR
        },
    }
    for said, change in changes.items():
        less = replace(plan, documents=(replace(document, **change),))
        assert [one.sentence for one in find_lost("btw-aangifte", plan, less)] == [said]
        assert not find_lost("btw-aangifte", less, plan)
    alone = replace(document, id="los", title="Los")  # nobody looks at it or gets it
    free = replace(plan, documents=(document, replace(alone, optional=True)))
    assert not find_lost("btw-aangifte", replace(plan, documents=(document, alone)), free)


def _put(plan: Plan, phase: Phase) -> list[Phase]:
    return [phase if one.id == phase.id else one for one in plan.phases]


def _find(plan: Plan, phase: Phase) -> list[str]:
    """Return what is said to be lost where a phase of a plan becomes another."""
    after = replace(plan, phases=tuple(_put(plan, phase)))
    return [one.sentence for one in find_lost(plan.template, plan, after)]
