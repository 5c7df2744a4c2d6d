"""The shipped messages, as people read them over every kind of period."""

import pytest

from kantoor.plan import Plan
from kantoor.runtime.activities.message_texts import render_message

from ..shipped import compile_shipped
from .test_texts import known

SAID = {
    "2026-01": "januari 2026",
    "2026-Q1": "het eerste kwartaal van 2026",
    "2026": "2026",
}


@pytest.fixture(scope="module")
def plans() -> dict[str, Plan]:
    return dict(compile_shipped().plans)


@pytest.fixture(scope="module")
def plan(plans: dict[str, Plan]) -> Plan:
    return plans["btw-aangifte"]


@pytest.mark.parametrize(("code", "words"), SAID.items())
def test_every_message_says_over_which_period_it_is_in_good_dutch(
    plans: dict[str, Plan], code: str, words: str
) -> None:
    # What is always about a year is said with its own words (de jaarrekening 2026); an acceptance has none.
    of_years = ("year", "none")
    asked = [p for p in plans.values() if p.period not in of_years and p.template != "jaarrekening"]
    for message in (message for plan in asked for message in plan.messages):
        made = render_message(message, "nl", known(period=code))
        text = " ".join(f"{made.subject} {made.body}".split())
        assert f"over {words}" in text, message.id
        assert "periode het" not in text, message.id


def test_whoever_is_asked_something_gets_a_link_to_it(plans: dict[str, Plan]) -> None:
    for plan in plans.values():
        facts = tuple((fact, None) for fact in plan.facts)
        for phase in plan.phases:
            asked = [a.request.message for a in phase.automations if a.request and a.request.message]
            if phase.offer:
                asked.append(phase.offer.message)
            for name in asked:
                for language in plan.message(name).texts:
                    made = render_message(plan.message(name), language, known(language, facts=facts))
                    assert "https://mijn.linde.example/in/geheim" in made.body, (
                        plan.template,
                        name,
                        language,
                    )


@pytest.mark.parametrize(("code", "words"), SAID.items())
def test_papers_are_asked_for_when_the_period_is_over_with_a_way_to_send_them(
    plan: Plan, code: str, words: str
) -> None:
    made = render_message(plan.message("btw-stukken"), "nl", known(period=code))
    text = " ".join(made.body.split())
    assert f"Nu {words} voorbij is, ontvangen wij voor de btw-aangifte van Bakkerij Jansen" in text
    assert "U levert ze aan zoals wij hebben afgesproken, of per e-mail aan carla@linde.example." in text


@pytest.mark.parametrize("name", ["btw-stukken", "btw-stukken-herinnering"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_is_asked_for_papers_is_sent_to_no_page_that_shows_them_nothing(
    plan: Plan, name: str, language: str
) -> None:
    made = render_message(plan.message(name), language, known(language))
    assert "/in/" not in made.body
    assert "carla@linde.example" in made.body
