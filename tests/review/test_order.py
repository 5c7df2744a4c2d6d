"""Another order of what comes in an order: its class, the day that it moves, and what it takes away."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.plan import Plan
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
        "‘Aangifte omzetbelasting’ is no longer reviewed in ‘Controle’ before it is offered to the client in "
        "‘Aanbieden aan de klant’.",
    ],
    ("aanbieden", "indienen"): [
        "‘Aangifte omzetbelasting’ is no longer offered to the client in ‘Aanbieden aan de klant’ before it "
        "is delivered in ‘Indienen bij de Belastingdienst’.",
    ],
    ("opstellen", "controle"): [
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
