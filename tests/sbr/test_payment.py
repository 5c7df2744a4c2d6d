"""Payment references against the published examples of DOMAIN 3.8, and what a client is told to pay."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.identifiers import compute_check_digit
from kantoor.plan import TaxAccount
from kantoor.sbr.facts import PaymentTerms
from kantoor.sbr.findings import ReportError
from kantoor.sbr.payment import (
    advise_payment,
    find_period_code,
    group_digits,
    make_payment_reference,
)
from kantoor.sbr.tables import account_on
from kantoor.sbr.vat.payment import make_vat_reference

PUBLISHED = [
    ("036000012B02", 2023, "27", "0036.0000.1130.2270"),
    ("036000012L01", 2023, "11", "2036.0000.1630.1110"),
    ("001041149B01", 2012, "08", "2001.0411.4120.1080"),
    ("001041149B01", 2023, "24", "4001.0411.4130.1240"),
    ("001041149B01", 2024, "31", "1001.0411.4140.1310"),
    ("001041149B01", 2022, "23", "6001.0411.4120.1230"),
    ("001041149B01", 2022, "40", "2001.0411.4120.1400"),
    ("849613073L03", 2020, "03", "6849.6130.7600.3030"),
    ("849613073L03", 2018, "74", "6849.6130.7680.3740"),
    ("849613073L03", 2019, "32", "4849.6130.7690.3320"),
    ("001000275L01", 2006, "01", "8001.0002.7660.1010"),
    ("001000287L02", 2007, "02", "9001.0002.8670.2020"),
    ("001000391L12", 2007, "12", "4001.0003.9671.2120"),
    ("123456782B01", 2026, "21", "3123.4567.8160.1210"),
    ("123456782B01", 2026, "24", "2123.4567.8160.1240"),
    ("123456782B01", 2026, "01", "8123.4567.8160.1010"),
    ("123456782B01", 2025, "40", "0123.4567.8150.1400"),
    ("123456782L01", 2026, "10", "2123.4567.8660.1100"),
    ("111222333B02", 2027, "30", "8111.2223.3170.2300"),
]


@pytest.mark.parametrize(("number", "year", "code", "reference"), PUBLISHED)
def test_a_published_reference_is_made(number: str, year: int, code: str, reference: str) -> None:
    assert make_payment_reference(number, year, code) == reference.replace(".", "")


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        (date(2026, 1, 1), date(2026, 1, 31), "01"),
        (date(2028, 2, 1), date(2028, 2, 29), "02"),
        (date(2026, 12, 1), date(2026, 12, 31), "12"),
        (date(2026, 1, 1), date(2026, 3, 31), "21"),
        (date(2026, 4, 1), date(2026, 6, 30), "24"),
        (date(2026, 7, 1), date(2026, 9, 30), "27"),
        (date(2026, 10, 1), date(2026, 12, 31), "30"),
        (date(2022, 3, 1), date(2022, 5, 31), "23"),
        (date(2024, 11, 1), date(2025, 1, 31), "31"),
        (date(2019, 12, 1), date(2020, 2, 29), "32"),
        (date(2025, 1, 1), date(2025, 12, 31), "40"),
    ],
)
def test_the_period_code_follows_from_the_days(start: date, end: date, code: str) -> None:
    assert find_period_code(start, end) == code


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 1, 2), date(2026, 1, 31)),
        (date(2026, 1, 1), date(2026, 1, 30)),
        (date(2026, 1, 1), date(2026, 2, 28)),
        (date(2026, 4, 1), date(2027, 3, 31)),
        (date(2026, 1, 31), date(2026, 1, 1)),
    ],
)
def test_other_days_have_no_period_code(start: date, end: date) -> None:
    with pytest.raises(ReportError, match="geen maand, kwartaal of kalenderjaar"):
        find_period_code(start, end)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("123456789B01", "01"),
        ("123456782B00", "01"),
        ("123456782L00", "01"),
        ("", "01"),
        ("123456782B01", "1"),
    ],
)
def test_no_reference_is_made_of_a_wrong_number_or_code(number: str, code: str) -> None:
    with pytest.raises(ReportError) as refused:
        make_payment_reference(number, 2026, code)
    assert "123456" not in str(refused.value)


def nine_digits(eight: int) -> str:
    """Complete eight digits by the elfproef, or the next ones when they leave 10, which is not a digit."""
    total = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), str(eight), strict=True))
    return nine_digits(eight + 1) if total % 11 == 10 else f"{eight}{total % 11}"


OB_NUMBERS = st.builds(
    "{}B{:02d}".format, st.integers(10_000_000, 99_000_000).map(nine_digits), st.integers(1, 99)
)


@given(OB_NUMBERS, st.integers(2020, 2040), st.integers(1, 12))
def test_every_reference_that_is_made_has_sixteen_digits_of_which_the_first_checks_the_others(
    number: str, year: int, month: int
) -> None:
    reference = make_payment_reference(number, year, f"{month:02d}")
    assert len(reference) == 16
    assert compute_check_digit(reference[1:]) == reference[0]


def test_a_reference_is_shown_in_groups_of_four() -> None:
    reference = make_vat_reference("123456782B01", date(2026, 1, 1), date(2026, 3, 31))
    assert group_digits(reference) == "3123 4567 8160 1210"


@pytest.mark.parametrize(
    ("day", "iban"),
    [
        (date(2026, 4, 30), "NL86INGB0002445588"),
        (date(2026, 5, 1), "NL04RABO0200112244"),
        (date(2027, 1, 31), "NL04RABO0200112244"),
    ],
)
def test_the_account_is_that_of_the_day(accounts: tuple[TaxAccount, ...], day: date, iban: str) -> None:
    assert account_on(accounts, day).iban == iban


def test_what_to_do_follows_from_the_sign_of_the_total(accounts: tuple[TaxAccount, ...]) -> None:
    last, earlier = date(2026, 5, 31), date(2026, 5, 29)
    now = PaymentTerms(pay="now", last_day=last, transfer_by=earlier)
    pay = advise_payment(2000, "3123456781601210", now, accounts)
    assert (pay.direction, pay.amount, pay.last_day, pay.transfer_by) == ("pay", 2000, last, earlier)
    assert advise_payment(2000, "", replace(now, transfer_by=last), accounts).transfer_by is None
    refund = advise_payment(-150, "3123456781601210", now, accounts)
    assert (refund.direction, refund.amount, refund.reference) == ("refund", 150, None)
    assert advise_payment(0, "3123456781601210", now, accounts).direction == "nothing"


def test_only_what_is_paid_now_needs_an_account() -> None:
    now = PaymentTerms(pay="now", last_day=date(2026, 5, 31))
    with pytest.raises(ReportError, match="rekening van de Belastingdienst"):
        advise_payment(2000, "", now, ())
    assert advise_payment(-2000, "", now, ()).direction == "refund"
    assert advise_payment(2000, "", replace(now, pay="after_assessment"), ()).direction == "wait"
    assert advise_payment(2000, "", replace(now, pay="nothing"), ()).direction == "untold"
