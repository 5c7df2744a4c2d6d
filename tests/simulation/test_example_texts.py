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
