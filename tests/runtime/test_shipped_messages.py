"""The shipped messages, as people read them over every kind of period."""

from pathlib import Path

import pytest

from kantoor.compiler.compilation import compile_definitions
from kantoor.period import Period
from kantoor.plan import Plan
from kantoor.runtime.activities.message_texts import render_message

from .test_texts import known

SAID = {
    "2026-01": "januari 2026",
    "2026-Q1": "het eerste kwartaal van 2026",
    "2026": "2026",
}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return compile_definitions(Path(__file__).parents[2] / "definitions").plans["btw-aangifte"]


@pytest.mark.parametrize(("code", "words"), SAID.items())
def test_every_message_says_over_which_period_it_is_in_good_dutch(plan: Plan, code: str, words: str) -> None:
    for message in plan.messages:
        made = render_message(message, "nl", known(period=Period.parse(code)))
        text = " ".join(f"{made.subject} {made.body}".split())
        assert f"over {words}" in text, message.id
        assert "periode het" not in text, message.id


@pytest.mark.parametrize(("code", "words"), SAID.items())
def test_papers_are_asked_for_when_the_period_is_over_with_a_way_to_send_them(
    plan: Plan, code: str, words: str
) -> None:
    made = render_message(plan.message("btw-stukken"), "nl", known(period=Period.parse(code)))
    text = " ".join(made.body.split())
    assert f"Nu {words} voorbij is, ontvangen wij voor de btw-aangifte van Bakkerij Jansen" in text
    assert "U levert ze aan zoals wij hebben afgesproken, of per e-mail aan carla@linde.example." in text


@pytest.mark.parametrize("name", ["btw-stukken", "btw-stukken-herinnering"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_who_is_asked_for_papers_is_sent_to_no_page_that_shows_him_nothing(
    plan: Plan, name: str, language: str
) -> None:
    made = render_message(plan.message(name), language, known(language))
    assert "kantoor work" not in made.body
    assert "carla@linde.example" in made.body
