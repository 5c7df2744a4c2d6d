"""Conditions and dates in Dutch words, as an office manager says them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kantoor.drawing.conditions import say_condition
from kantoor.drawing.dates import list_parts, say_due, say_rule
from kantoor.plan import (
    Absolute,
    Compare,
    DateRule,
    Expression,
    ListOf,
    LiteralValue,
    Logic,
    Name,
    TemplatePeriod,
)

from .shipped import plan_of


def name(path: str) -> Name:
    return Name(path=tuple(path.split(".")))


def compare(by: str, left: Expression, *values: str | int | bool | None) -> Compare:
    literals = tuple(LiteralValue(value=value) for value in values)
    return Compare(by=by, left=left, right=ListOf(items=literals) if by == "in" else literals[0])  # type: ignore[arg-type]


def no(part: Expression) -> Logic:
    return Logic(by="not", of=(part,))


SALDO = name("facts.saldo")
FORM = name("relation.legal_form")


@pytest.mark.parametrize(
    ("template", "condition", "words"),
    [
        ("btw-aangifte", name("product.foreign"), "de klant een buitenlandse ondernemer is"),
        ("btw-aangifte", no(name("product.kor")), "de kleineondernemersregeling niet geldt"),
        (
            "btw-aangifte",
            compare("eq", name("product.kor"), False),
            "de kleineondernemersregeling niet geldt",
        ),
        ("btw-aangifte", compare("eq", name("period.kind"), "year"), "de periode een jaar is"),
        ("btw-aangifte", compare("eq", name("period.kind"), "four_weeks"), "de periode vier weken is"),
        ("btw-aangifte", compare("le", name("period.month"), 2), "de maand op of vóór februari is"),
        (
            "loonaangifte",
            compare("le", name("period.number"), 2),
            "het nummer van de periode in het jaar hoogstens 2 is",
        ),
        ("btw-aangifte", compare("in", FORM, "bv", "cooperatie"), "de rechtsvorm bv of coöperatie is"),
        ("btw-aangifte", no(compare("in", FORM, "vof", "cv")), "de rechtsvorm niet vof of cv is"),
        ("btw-aangifte", compare("ge", name("period.year"), 2027), "het jaar minstens 2027 is"),
        ("btw-aangifte", no(compare("ge", name("period.year"), 2027)), "het jaar minder dan 2027 is"),
        ("btw-aangifte", name("relation.eigen_veld"), "‘eigen veld’ ja is"),
        (
            "suppletie",
            compare("le", Absolute(of=SALDO), 100_000),
            "‘Saldo van alle correcties over het jaar; een teruggaaf is negatief’, plus of min,"
            " hoogstens € 1.000 is",
        ),
        (
            "suppletie",
            compare("eq", SALDO, None),
            "‘Saldo van alle correcties over het jaar; een teruggaaf is negatief’ nog niet bekend is",
        ),
        (
            "suppletie",
            compare("lt", name("facts.dagtekening"), "2027-01-31"),
            "‘Dagtekening’ vóór 31 januari 2027 is",
        ),
        (
            "suppletie",
            compare("eq", name("facts.beschikking"), "naheffingsaanslag"),
            "bij ‘Wat is ontvangen’ voor ‘Naheffingsaanslag’ is gekozen",
        ),
        (
            "aangifte-ib",
            no(name("answers.partner")),
            "het antwoord op ‘Had u een fiscale partner?’ nee is",
        ),
        (
            "jaarrekening",
            Logic(by="or", of=(name("relation.natural_person"), compare("eq", FORM, "vof"))),
            "de klant een natuurlijk persoon of eenmanszaak is, of de rechtsvorm vof is",
        ),
        (
            "jaarrekening",
            no(Logic(by="or", of=(name("relation.natural_person"), compare("eq", FORM, "vof")))),
            "de klant geen natuurlijk persoon of eenmanszaak is, en de rechtsvorm niet vof is",
        ),
    ],
)
def test_a_condition_is_said_in_words(template: str, condition: Expression, words: str) -> None:
    assert say_condition(plan_of(template), condition).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("period", "rule", "words"),
    [
        ("by_product", DateRule(anchor="period.end", days=1), "de eerste dag na de periode"),
        ("by_product", DateRule(anchor="period.start", days=-1), "de laatste dag vóór de periode"),
        ("by_product", DateRule(anchor="period.end", days=8), "8 dagen na het einde van de periode"),
        (
            "by_product",
            DateRule(anchor="deadlines.aangifte", workdays=-12),
            "12 werkdagen vóór ‘Indienen en betalen’",
        ),
        (
            "by_product",
            DateRule(anchor="period.end", months=1, day="last"),
            "de laatste dag van de maand na de periode",
        ),
        (
            "by_product",
            DateRule(anchor="period.end", months=2, day="last"),
            "de laatste dag van de 2e maand na de periode",
        ),
        (
            "by_product",
            DateRule(anchor="period.end", day=24),
            "de 24e van de laatste maand van de periode",
        ),
        ("month", DateRule(anchor="period.end", day=24), "de 24e van de maand zelf"),
        ("month", DateRule(anchor="period.end", months=1, day="last"), "de laatste dag van de maand erna"),
        ("year", DateRule(anchor="period.end", months=4, day="last"), "30 april in het jaar erna"),
        ("year", DateRule(anchor="period.end", months=16, day="last"), "30 april in het 2e jaar erna"),
        ("year", DateRule(anchor="period.start", days=-1), "31 december in het jaar ervoor"),
        ("year", DateRule(anchor="period.end", months=2), "2 maanden na het einde van het jaar"),
        ("year", DateRule(anchor="filing.start", weeks=1), "1 week na de start"),
        (
            "by_product",
            DateRule(anchor="phases.indienen", months=3),
            "3 maanden na ‘Indienen bij de Belastingdienst’",
        ),
        ("by_product", DateRule(anchor="deadlines.aangifte"), "op de dag van ‘Indienen en betalen’"),
    ],
)
def test_a_date_is_said_in_words(period: TemplatePeriod, rule: DateRule, words: str) -> None:
    assert say_rule(replace(plan_of("btw-aangifte"), period=period), rule) == words


def test_what_counts_from_a_phase_that_can_be_skipped_there_says_so() -> None:
    plan = plan_of("jaarrekening")
    rule = DateRule(anchor="phases.vaststellen", days=30)
    words = "30 dagen na ‘Vaststellen’"
    assert say_rule(plan, rule, ()) == f"{words}, of nadat die fase is overgeslagen"
    assert say_rule(plan, rule) == words, "it is not known where"
    of_some = list_parts(plan.phase("vaststelling").condition)
    assert say_rule(plan, rule, of_some) == words, "it comes only after the other"
    of_all = DateRule(anchor="phases.samenstellen", days=30)
    assert say_rule(plan, of_all, ()) == "30 dagen na ‘Samenstellen’"


NAMES = st.sampled_from(
    [
        name(path)
        for path in ("relation.legal_form", "product.kor", "period.start", "facts.saldo", "answers.weg")
    ]
)
LITERALS = st.builds(
    LiteralValue, value=st.none() | st.booleans() | st.integers() | st.sampled_from(["bv", "2027-01-31", ""])
)
VALUES = NAMES | LITERALS | st.builds(Absolute, of=NAMES)
COMPARISONS = st.builds(
    Compare, by=st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge"]), left=VALUES, right=VALUES
) | st.builds(
    Compare,
    by=st.just("in"),
    left=VALUES,
    right=st.builds(ListOf, items=st.lists(LITERALS, min_size=1).map(tuple)),
)
CONDITIONS: st.SearchStrategy[Expression] = st.recursive(
    NAMES | COMPARISONS,
    lambda parts: (
        st.builds(Logic, by=st.just("not"), of=parts.map(lambda part: (part,)))
        | st.builds(
            Logic, by=st.sampled_from(["and", "or"]), of=st.lists(parts, min_size=2, max_size=3).map(tuple)
        )
    ),
    max_leaves=8,
)


@given(condition=CONDITIONS)
def test_whatever_a_condition_holds_it_and_its_opposite_are_said_differently(condition: Expression) -> None:
    plan = plan_of("suppletie")
    said, opposite = say_condition(plan, condition), say_condition(plan, no(condition))
    assert said != opposite
    assert say_condition(plan, no(no(condition))) == said
    assert said.count("(") == said.count(")")


def test_the_alternatives_of_a_deadline_are_said_in_order() -> None:
    plan = plan_of("btw-aangifte")
    assert say_due(plan, plan.deadline("aangifte")) == [
        "de laatste dag van de 3e maand na de periode, als de periode een jaar is",
        "de laatste dag van de 2e maand na de periode, als de klant een buitenlandse ondernemer is",
        "anders de laatste dag van de maand na de periode",
    ]
