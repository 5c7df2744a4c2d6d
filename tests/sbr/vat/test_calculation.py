"""The return made from figures: rounding in the taxpayer's favour, totals, and what looks odd."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.plan import VatRates
from kantoor.sbr.vat.calculation import (
    VatReturnResult,
    calculate_vat_return,
    read_vat_return,
    round_down,
    round_up,
)
from kantoor.sbr.vat.figures import Amount, Figures
from kantoor.sbr.vat.rubrieken import RUBRIEKEN
from kantoor.sbr.vat.vat_return import VatReturn


def made(rows: str, rates: VatRates | None = None) -> VatReturnResult:
    return read_vat_return(f"rubriek,omzet_centen,btw_centen\n{rows}".encode(), "a.csv", rates)


def return_of(rows: str) -> VatReturn:
    result = made(rows)
    assert result.vat_return is not None, result.findings
    return result.vat_return


def test_amounts_due_are_rounded_down_and_input_vat_up() -> None:
    result = return_of("1a,1500099,315099\n1b,100001,9001\n5b,,1\n")
    assert (result.box("1a").turnover, result.box("1a").vat) == (15000, 3150)
    assert result.box("1b").vat == 90
    assert result.input_vat == 1
    assert (result.owed, result.total) == (3240, 3239)


def test_a_negative_amount_is_rounded_in_the_taxpayers_favour_too() -> None:
    result = return_of("1a,-50,-50\n5b,,-50\n")
    assert result.box("1a").vat == -1
    assert result.input_vat == 0


@given(st.integers(-(10**12), 10**12))
def test_rounding_is_never_against_the_taxpayer_and_never_more_than_a_euro(cents: int) -> None:
    assert 0 <= cents - round_down(cents) * 100 < 100
    assert 0 <= round_up(cents) * 100 - cents < 100


AMOUNTS = st.integers(-(10**9), 10**9)


@given(
    st.fixed_dictionaries({rubriek.id: AMOUNTS for rubriek in RUBRIEKEN if rubriek.vat}),
    st.integers(0, 10**9),
)
def test_the_total_is_at_most_what_the_cents_say(vat: dict[str, int], input_vat: int) -> None:
    amounts = {rubriek: Amount(cents, 1, 1) for rubriek, cents in (vat | {"5b": input_vat}).items()}
    result = calculate_vat_return(Figures({}, amounts), None).vat_return
    assert result is not None
    exact = sum(vat.values()) - input_vat
    assert exact - 100 * len(amounts) < result.total * 100 <= exact
    assert result.owed == sum(box.vat or 0 for box in result.boxes)
    assert result.total == result.owed - result.input_vat


@pytest.mark.parametrize(
    "totals", ["5a,,324099\n5g,,209048", "5a,,324000\n5g,,208900", "5a,,324099", "5g,,208900"]
)
def test_given_totals_may_be_those_of_the_cents_or_of_the_return(totals: str) -> None:
    result = return_of(f"1a,1500000,315050\n1b,100000,9049\n5b,,115051\n{totals}\n")
    assert (result.owed, result.total) == (3240, 2089)


@pytest.mark.parametrize(
    ("totals", "code", "place"),
    [
        ("5a,,324050", "total-5a", (5, 5)),
        ("5a,,324098", "total-5a", (5, 5)),
        ("5g,,0", "total-5g", (5, 5)),
        ("5g,,-208900", "total-5g", (5, 5)),
    ],
)
def test_totals_that_do_not_follow_make_nothing(totals: str, code: str, place: tuple[int, int]) -> None:
    result = made(f"1a,1500000,315050\n1b,100000,9049\n5b,,115051\n{totals}\n")
    assert result.vat_return is None
    assert [(f.code, (f.line, f.column)) for f in result.findings] == [(code, place)]


def test_a_total_that_does_not_follow_is_told_with_both_amounts_and_what_counts() -> None:
    found = made("1a,1500000,315050\n1b,100000,9049\n5b,,115051\n5a,,-324098\n5g,,1\n").findings
    assert [finding.text.replace("\N{NO-BREAK SPACE}", " ") for finding in found] == [
        "Rubriek 5a is € −3.240,98, maar 1a, 1b, 1c, 1d, 2a, 4a en 4b samen is € 3.240,99"
        " (in de aangifte, per rubriek afgerond: € 3.240,00)."
        " Verbeter de bedragen, of laat 5a weg: die wordt berekend.",
        "Rubriek 5g is € 0,01, maar 5a (€ 3.240,99) min 5b (€ 1.150,51) is € 2.090,48"
        " (in de aangifte, per rubriek afgerond: € 2.089,00)."
        " Verbeter de bedragen, of laat 5g weg: die wordt berekend.",
    ]


def test_an_amount_of_more_digits_than_the_form_has_makes_nothing() -> None:
    result = made("1a,,100000000000\n")
    assert result.vat_return is None
    assert {(finding.code, finding.field) for finding in result.findings} == {
        ("amount-too-large", "1a.btw"),
        ("amount-too-large", "5g.btw"),
    }
    assert return_of("1a,999999999999,99999999999\n").total == 999999999


def test_a_mistake_in_the_file_makes_nothing() -> None:
    result = made("1a,x,1\n")
    assert (result.vat_return, [finding.code for finding in result.findings]) == (None, ["amount-form"])


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ("1a,1500000,315000\n1b,100000,9000\n2a,10000,2100\n5b,,115000", []),
        ("1a,1500000,315700", []),
        ("1a,1500000,320000", ["vat-rate 1a.btw"]),
        ("1a,,10000", ["vat-rate 1a.btw"]),
        ("1b,1500000,315000", ["vat-rate 1b.btw"]),
        ("1a,-1500000,-315000", []),
        ("1a,1500000,-315000", ["signs-differ 1a.btw", "vat-rate 1a.btw"]),
        ("1c,100000,30000", ["vat-rate-high 1c.btw"]),
        ("2a,100000,", ["reverse-charge-without-vat 2a.btw"]),
        ("4a,100000,0", ["reverse-charge-without-vat 4a.btw"]),
        ("4b,100000,40000", ["vat-rate-high 4b.btw"]),
        ("1d,,50000", []),
        ("5b,,-10000", ["input-vat-negative 5b.btw"]),
        ("5b,,0", ["nil-return figures"]),
    ],
)
def test_what_looks_odd_is_a_warning_and_the_return_is_made(
    rows: str, codes: list[str], rates: VatRates
) -> None:
    result = made(rows, rates)
    assert result.vat_return is not None
    assert [f"{finding.code} {finding.field}" for finding in result.findings] == codes
    assert all(finding.severity == "warning" for finding in result.findings)


def test_a_warning_points_to_its_amount_in_the_file(rates: VatRates) -> None:
    (finding,) = made("1b,100000,9000\n1a,1500000,320000", rates).findings
    assert (finding.line, finding.column) == (3, 12)


def test_without_rates_only_the_warnings_about_rates_are_left_out() -> None:
    assert made("1a,1500000,320000").findings == ()
    assert [finding.code for finding in made("2a,100000,").findings] == ["reverse-charge-without-vat"]
