"""Reasoning: which conditions can hold together, and which follow from which."""

import pytest

from kantoor.compiler.conditions import parse_condition
from kantoor.context import VARIABLES, Variable
from kantoor.plan import Expression
from kantoor.reasoning import MAX_CASES, Values, implies, possible

VALUES: Values = {
    "period.kind": ("month", "quarter", "year"),
    **{f"product.{name}": (True, False) for name in ("kor", "foreign", "fiscal_unit")},
    "period.last_of_year": (True, False),
}


def condition(text: str) -> Expression:
    expression, findings = parse_condition(text, VARIABLES)
    assert not findings
    assert expression is not None
    return expression


@pytest.mark.parametrize(
    ("text", "can"),
    [
        ("period.kind == 'month'", True),
        ("period.kind == 'month' and period.kind == 'year'", False),
        ("period.kind in ['month', 'quarter'] and period.kind == 'year'", False),
        ("product.kor and not product.kor", False),
        ("period.kind == 'year' and not period.last_of_year", False),
        ("period.year == 2026 and not period.year == 2026", False),
        ("period.year == 2026 and period.year == 2027", False),
        ("period.year > 2026 and period.year < 2028", True),
        ("period.year > 2026 and period.year < 2027", False),
        ("period.year in [2026, 2027] and period.year >= 2028", False),
        ("relation.name == 'x' and relation.name == 'y'", False),
        ("relation.name != 'x' and relation.name != 'y'", True),
        ("filing.start < period.start and period.start < filing.start", False),
        ("filing.start <= period.start and period.start <= filing.start", True),
        ("filing.start > period.start and not period.start < filing.start", False),
        ("filing.start == period.start and period.start != filing.start", False),
        ("relation.name == office.name and office.name != relation.name", False),
        ("filing.start < period.start or period.start < filing.start", True),
        ("period.start > '2030-01-01' and period.end < '2029-01-01'", False),
        ("period.start > '2030-01-01' and period.end < '2031-01-01'", True),
        ("period.start > '2030-01-01' and period.end > '2029-01-01'", True),
        ("period.start >= '2030-01-01' and period.end <= '2030-01-01'", True),
        ("period.start == '2030-01-01' and period.end == '2029-01-01'", False),
        ("period.start > period.end", False),
        ("relation.legal_form == 'bv' and relation.natural_person", False),
        ("relation.legal_form == 'eenmanszaak' and not relation.natural_person", False),
        ("relation.legal_form in ['bv', 'eenmanszaak'] and relation.natural_person", True),
        ("relation.legal_form in ['bv', 'stichting'] and relation.natural_person", False),
        ("relation.legal_form == 'buitenlands' and relation.natural_person", True),
        ("relation.legal_form == 'buitenlands' and not relation.natural_person", True),
        ("relation.name == 'x' or product.kor", True),
        ("period.kind == 'quarter' and period.month == 3", False),
        ("period.kind == 'quarter' and period.month == 4", True),
        ("period.kind == 'month' and period.month == 12 and not period.last_of_year", False),
        ("period.kind in ['month', 'quarter'] and period.last_of_year and period.month < 10", False),
        ("period.last_of_year and period.month == 3", False),
        ("false", False),
    ],
)
def test_what_can_hold(text: str, can: bool) -> None:
    assert possible([condition(text)], VALUES) == can


@pytest.mark.parametrize(
    ("kind", "text", "can"),
    [
        ("four_weeks", "period.last_of_year and period.month == 11", True),
        ("four_weeks", "period.last_of_year and period.month < 11", False),
        ("half_year", "period.last_of_year and period.month == 7", True),
        ("half_year", "not period.last_of_year and period.month == 7", False),
        ("book_year", "period.last_of_year and period.month == 3", True),
        ("range", "period.last_of_year and period.month == 3", True),
        ("month", "period.number == 13", False),
        ("month", "period.number == 12", True),
        ("month", "period.number == 3 and period.month == 4", False),
        ("quarter", "period.number > 4", False),
        ("quarter", "period.number >= 4 and not period.last_of_year", False),
        ("quarter", "period.number > 2 and period.last_of_year", True),
        ("quarter", "period.month == 5", False),
        ("half_year", "period.number > 1 and period.month < 7", False),
        ("year", "period.number != 1", False),
        ("year", "not period.last_of_year", False),
        ("four_weeks", "period.number == 13 and period.last_of_year", True),
        ("four_weeks", "period.number < 13 and period.last_of_year", False),
        ("book_year", "period.number > 1", False),
        ("book_year", "period.number == 1 and period.month == 7", True),
        ("range", "period.number == 2", False),
        ("none", "period.number == 1 and not period.last_of_year", True),
    ],
)
def test_a_kind_of_period_tells_in_which_months_one_begins_its_numbers_and_which_is_the_last_of_a_year(
    kind: str, text: str, can: bool
) -> None:
    assert possible([condition(text)], {**VALUES, "period.kind": (kind,)}) == can


@pytest.mark.parametrize(
    ("given", "then", "follows"),
    [
        ("product.kor", "product.kor or product.foreign", True),
        ("product.kor or product.foreign", "product.kor", False),
        ("period.kind == 'year'", "period.last_of_year", True),
        ("period.kind == 'month'", "period.kind != 'year'", True),
        ("relation.legal_form == 'bv'", "not relation.natural_person", True),
        ("relation.natural_person", "relation.legal_form != 'bv'", True),
        ("not relation.natural_person", "relation.legal_form != 'buitenlands'", False),
        ("relation.name == 'x'", "relation.name == 'x'", True),
        ("relation.name == 'x'", "relation.name == 'y'", False),
        ("period.year == 2026", "period.year <= 2026", True),
        ("period.year > 2026", "period.year >= 2026", True),
        ("period.year >= 2026", "period.year > 2026", False),
    ],
)
def test_what_follows(given: str, then: str, follows: bool) -> None:
    assert implies(condition(given), condition(then), VALUES) == follows


def test_what_always_holds_follows_from_anything_and_gives_only_that() -> None:
    assert implies(condition("product.kor"), None, VALUES)
    assert not implies(None, condition("product.kor"), VALUES)
    assert implies(None, condition("product.kor or not product.kor"), VALUES)


NAMES = ("relation.name", "relation.number", "office.name")
MANY = " or ".join(f"{name} == '{n}'" for name in NAMES for n in range(6))


def test_nothing_is_claimed_of_what_is_too_much_to_go_through() -> None:
    assert MAX_CASES < (3 * 6) ** 3
    assert possible([condition(f"not ({MANY} or product.kor or not product.kor)")], VALUES)
    assert implies(condition(MANY), condition(f"product.kor and ({MANY})"), VALUES)


def test_what_shares_no_variable_is_looked_at_apart() -> None:
    apart = [condition(f"{name} == '{n}'") for name in NAMES for n in range(6)]
    assert not possible([*apart[::6], condition("product.kor"), condition("not product.kor")], VALUES)
    assert possible([*apart[::6], condition("product.kor")], VALUES)
    assert not possible([condition(MANY), condition("product.kor and not product.kor")], VALUES)
    year = [condition("period.kind == 'year'"), condition("not period.last_of_year")]
    assert not possible(year, VALUES)


FACTS = {
    "facts": {"soort": Variable("text", "Soort", ("a", "b")), "n": Variable("number", "Aantal")},
    "answers": {"soort": Variable("text", "Soort", ("a", "b")), "n": Variable("number", "Aantal")},
    "relation": {**VARIABLES["relation"], "personeel": Variable("number", "Personeel")},
}


@pytest.mark.parametrize("group", ["facts", "answers"])
@pytest.mark.parametrize(
    "text",
    [
        "G.soort != 'a' and G.soort != 'b'",
        "G.soort == none",
        "not (G.n < 5 or G.n >= 5)",
        "not (G.n < relation.personeel or relation.personeel <= G.n)",
        "G.n == relation.personeel and not G.n <= relation.personeel",
        "not (relation.personeel < 5 or relation.personeel >= 5)",
    ],
)
def test_what_can_be_unknown_can_also_be_in_no_order(group: str, text: str) -> None:
    expression, findings = parse_condition(text.replace("G", group), FACTS)
    assert not findings
    values: Values = {"facts.soort": ("a", "b", None), "answers.soort": ("a", "b", None)}
    assert possible([expression], values)
