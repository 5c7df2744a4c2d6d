"""A message as its reader gets it, in every variant that its text asks for."""

import pytest

from kantoor.data import replace
from kantoor.drawing.moments import list_uses
from kantoor.plan import Text
from kantoor.simulation.example_texts import list_examples

from ..shipped import compile_shipped

SHIPPED = compile_shipped()
CASES = (
    ("Voor {{ relation.name }}", [("", "Voor Voorbeeld bv")]),
    (
        "{% if relation.legal_form == 'vof' %}vof{% else %}anders{% endif %}",
        [("de rechtsvorm bv is", "anders"), ("de rechtsvorm vof is", "vof")],
    ),
    (
        "{{ relation.name }}{% if relation.legal_form in ['vof', 'cv'] %}: samen{% endif %}",
        [("de rechtsvorm bv is", "Voorbeeld"), ("de rechtsvorm cv of vof is", "Voorbeeld: samen")],
    ),
    (
        "{% if product.kor and not product.foreign %}ja{% endif %}",
        [
            (
                "de kleineondernemersregeling niet geldt, of als de kleineondernemersregeling geldt en de "
                "klant een buitenlandse ondernemer is",
                "",
            ),
            ("de kleineondernemersregeling geldt en de klant geen buitenlandse ondernemer is", "ja"),
        ],
    ),
    (
        "{% if relation.natural_person %}mens{% else %}bedrijf{% endif %}",
        [
            ("de klant geen natuurlijk persoon of eenmanszaak is", "bedrijf"),
            ("de klant een natuurlijk persoon of eenmanszaak is", "mens"),
        ],
    ),
    (
        "{{ 'kor' if product.kor else 'gewoon' }}",
        [
            ("de kleineondernemersregeling niet geldt", "gewoon"),
            ("de kleineondernemersregeling geldt", "kor"),
        ],
    ),
    (
        "{% if period.kind == 'month' %}{% if filing.late %}laat{% else %}maand{% endif %}{% endif %}",
        [
            ("de termijn nog loopt en de periode een maand is", "maand"),
            ("de periode een kwartaal is of de periode een jaar is", ""),
            ("de termijn voorbij is en de periode een maand is", "laat"),
        ],
    ),
    ("{{ 1 // 0 }}", [("", "De tekst van het bericht 'B' kan niet worden ingevuld.")]),
)


@pytest.mark.parametrize(("text", "read"), CASES)
def test_what_reads_alike_is_shown_once_with_when_it_is_that(text: str, read: list[tuple[str, str]]) -> None:
    plan, office = SHIPPED.plans["btw-aangifte"], SHIPPED.office
    assert office is not None
    (use, *_) = [one for one in list_uses(plan) if one.message == "btw-stukken"]
    message = replace(plan.message("btw-stukken"), title="B", texts={"nl": Text(subject="S", body=text)})
    found = list_examples(plan, office, 2026, message, [use])
    assert [(one.when, one.texts["nl"].body) for one in found] == read


REQUESTS = [
    (template, automation.chase.remind.message or automation.request.message or "")
    for template, plan in SHIPPED.plans.items()
    for phase in plan.phases
    for automation in phase.automations
    if automation.request and automation.chase and automation.chase.remind
]
"""Of each request of a shipped template the message that reminds a client, and tells what came back."""


@pytest.mark.parametrize(("template", "name"), [*dict.fromkeys(REQUESTS)])
def test_what_is_sent_back_is_told_in_words_of_its_own(template: str, name: str) -> None:
    plan, office = SHIPPED.plans[template], SHIPPED.office
    assert office is not None
    uses = [one for one in list_uses(plan) if one.message == name]
    found = list_examples(plan, office, 2027, plan.message(name), uses)
    (back,) = [one.texts for one in found if one.when == "er iets is teruggestuurd"]
    assert "kunnen wij zo nog niet gebruiken" in " ".join(back["nl"].body.split())
    assert back["nl"].subject.startswith("Graag opnieuw: ")
    assert "niet verzonden" not in back["nl"].body
    assert "that we cannot use as it is" in " ".join(back["en"].body.split())
    assert "ignore" not in back["en"].body
    assert "disregard" not in back["en"].body
