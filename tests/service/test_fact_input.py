"""What somebody types for a fact."""

from datetime import date

import pytest

from kantoor.data import replace
from kantoor.filing.outcome import Refusal
from kantoor.plan import FactDefinition, FactType, Option
from kantoor.service.filings.fact_input import (
    find_definition,
    find_fact_of_notice,
    read_value,
    refuse_coming_fact,
    refuse_far_fact,
)
from tests.filing.plans import VAT
from tests.shipped import compile_shipped

SIZE = FactDefinition(
    id="klasse",
    title="Grootteklasse",
    type="choice",
    set_in=("opstellen",),
    options=(Option(id="micro", title="Micro"), Option(id="middel", title="Middelgroot")),
)
PLAN = replace(VAT, facts=(SIZE,))


@pytest.mark.parametrize(
    ("type", "written", "value"),
    [
        ("date", "31-12-2025", "2025-12-31"),
        ("date", "2025-12-31", "2025-12-31"),
        ("date", "31 december 2025", "2025-12-31"),
        ("money", "1.234,56", 123_456),
        ("money", "€ -1234", -123_400),
        ("money", "0,05", 5),
        ("money", "12.345.678,-", 1_234_567_800),
        ("number", "1.234", 1234),
        ("number", "-3", -3),
        ("yes_no", "Ja", True),
        ("yes_no", "nee", False),
        ("text", " Fusie ", "Fusie"),
        ("choice", "micro", "micro"),
        ("choice", "middelgroot", "middel"),
    ],
)
def test_a_value_is_read_as_people_write_it(type: FactType, written: str, value: object) -> None:
    assert read_value(replace(SIZE, type=type), written) == value


@pytest.mark.parametrize(
    ("type", "written"),
    [
        ("date", "31-02-2025"),
        ("money", "12.50"),
        ("money", "1.23,00"),
        ("money", "12,5"),
        ("money", "9" * 5000),
        ("number", "12,5"),
        ("number", "9" * 5000),
        ("yes_no", "misschien"),
        ("choice", "groot"),
    ],
)
def test_a_value_that_has_no_one_meaning_is_refused(type: FactType, written: str) -> None:
    answer = read_value(replace(SIZE, type=type), written)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.text.startswith("'Grootteklasse': ")) == ("wrong_value", True)


def test_a_fact_is_named_by_its_id_or_its_title() -> None:
    assert find_definition(PLAN, "klasse") == find_definition(PLAN, "grootteklasse") == SIZE
    answer = find_definition(PLAN, "klase")
    assert isinstance(answer, Refusal)
    assert answer.text == "Gegeven 'klase' bestaat niet. Bedoelt u 'klasse'?"
    assert isinstance(find_definition(VAT, "klasse"), Refusal)


def test_the_day_of_a_notice_that_becomes_a_fact_is_held_to_a_year_where_the_law_counts_from_it() -> None:
    plan = compile_shipped().plans["aangifte-vpb"]
    waits = (find_fact_of_notice(plan, one.id, "definitieve_aanslag") for one in plan.phases)
    (fact,) = (one for one in waits if one)
    far = refuse_far_fact(plan, fact, date(2028, 3, 1), date(2026, 3, 5))
    assert far is not None
    assert (fact.id, far.code, far.text.endswith("Klopt het jaar?")) == ("aanslag_op", "far_day", True)
    assert refuse_far_fact(plan, fact, date(2026, 3, 1), date(2026, 3, 5)) is None


def test_a_day_to_come_is_asked_about_where_the_law_counts_from_it() -> None:
    plan = compile_shipped().plans["suppletie"]
    (found,) = (one for one in plan.facts if one.id == "geconstateerd_op")
    today = date(2026, 2, 2)
    coming = refuse_coming_fact(plan, found, date(2026, 2, 3), today)
    assert coming is not None
    assert (coming.code, coming.text.endswith("3 februari 2026 is nog niet geweest. Klopt de dag?")) == (
        "far_day",
        True,
    )
    assert refuse_coming_fact(plan, found, today, today) is None
    assert refuse_coming_fact(plan, replace(found, id="anders"), date(2026, 2, 3), today) is None
