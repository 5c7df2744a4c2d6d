"""Samples: the compiler knows which filings there can be."""

from datetime import date

import pytest

from kantoor.compiler.definitions import load
from kantoor.compiler.logic import Logic
from kantoor.compiler.sampling import cases

from .conftest import SmallOffice


@pytest.mark.parametrize(
    ("piece", "kinds"),
    [
        ("period: by_product\n", {"month", "quarter", "year"}),
        ("period: quarter\n", {"quarter"}),
        ("products: [weg]\n", set()),  # not known, so nothing is said of its dates
    ],
)
def test_filings_are_of_the_kinds_of_period_that_the_template_can_have(
    office: SmallOffice, piece: str, kinds: set[str]
) -> None:
    office.with_piece(piece)
    definitions, _ = load(office.folder)
    (template,) = [template for _, template in definitions.templates()]
    assert {case.kind for case in cases(template, Logic(definitions, template))} == kinds


def test_a_case_takes_alternatives_that_can_hold_together(office: SmallOffice) -> None:
    office.with_piece(
        "period: month\ndeadlines:\n"
        "  - id: aangifte\n    title: A\n    due:\n"
        "      - { if: product.foreign, after: period.end, months: 2, day: last }\n"
        "      - { after: period.end, months: 1, day: last }\n"
        "  - id: betalen\n    title: B\n    due:\n"
        "      - { if: not product.foreign, after: period.end, days: 10 }\n"
        "      - { after: period.end, days: 20 }\n"
    )
    definitions, _ = load(office.folder)
    (template,) = [template for _, template in definitions.templates()]
    january = [
        {name: days.each[0] for name, days in case.anchors.items()}
        for case in cases(template, Logic(definitions, template))
    ]
    days = {(anchors["deadlines.aangifte"], anchors["deadlines.betalen"]) for anchors in january}
    assert (date(2027, 3, 31), date(2027, 2, 10)) not in days  # foreign and not foreign at once
    assert (date(2027, 3, 31), date(2027, 2, 20)) in days
    assert january[0]["filing.start"] == date(2026, 12, 31)
