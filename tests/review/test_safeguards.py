"""Safeguards that a change takes away though no policy is broken by it."""

from pathlib import Path

from kantoor.compiler import compile_definitions
from kantoor.data import replace
from kantoor.plan import Outcome
from kantoor.review.safeguards import find_lost

DEFINITIONS = Path(__file__).parents[2] / "definitions"


def test_a_way_past_what_reviews_and_offers_is_a_safeguard_lost_and_its_title_is_none() -> None:
    plan = compile_definitions(DEFINITIONS).plans["btw-aangifte"]
    way = Outcome(id="snel", title="Snel", then="indienen")
    first = replace(plan.phases[0], outcomes=(way,))
    around = replace(plan, phases=(first, *plan.phases[1:]))
    assert [one.sentence for one in find_lost("btw-aangifte", plan, around)] == [
        "‘Stukken opvragen’ can now be left past ‘Controle’, with ‘Snel’.",
        "‘Stukken opvragen’ can now be left past ‘Aanbieden aan de klant’, with ‘Snel’.",
    ]
    titled = replace(first, outcomes=(replace(way, title="Meteen"),))
    assert not find_lost("btw-aangifte", around, replace(plan, phases=(titled, *plan.phases[1:])))
