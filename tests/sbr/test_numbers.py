"""Numbers: DOMAIN 3.1 to 3.5 name those that are valid and those that are not, and why."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.sbr import numbers
from kantoor.sbr.findings import Finding, only_errors
from tests.patterns import matching


def codes(findings: list[Finding]) -> set[str]:
    return {finding.code for finding in findings}


@pytest.mark.parametrize("number", ["111222333", "123456782", "999990019", "036000012"])
def test_a_bsn_that_passes_the_elfproef_is_accepted(number: str) -> None:
    assert not only_errors(numbers.check_bsn(number))


@pytest.mark.parametrize("number", ["123456789", "111222334", "000000000"])
def test_a_bsn_that_fails_the_elfproef_is_refused(number: str) -> None:
    assert codes(numbers.check_bsn(number)) == {"bsn-check-digit"}


@pytest.mark.parametrize(
    "number", ["", "12345678", "1234567820", "12345678a", "123 456 782", "١٢٣٤٥٦٧٨٢", "123456782\n"]
)
def test_what_is_not_nine_digits_is_no_bsn(number: str) -> None:
    assert codes(numbers.check_bsn(number)) == {"bsn-shape"}


def test_a_bsn_of_eight_digits_gets_advice_about_its_leading_zero() -> None:
    assert "nul ervoor" in numbers.check_bsn("12345678")[0].text


def test_an_rsin_that_begins_as_a_bsn_is_a_warning_and_the_reverse() -> None:
    assert codes(numbers.check_rsin("123456782")) == {"rsin-looks-like-bsn"}
    assert codes(numbers.check_bsn("001000044")) == {"bsn-looks-like-rsin"}
    assert not numbers.check_rsin("001000044")


@pytest.mark.parametrize("number", ["123456782B01", "111222333B02", "001000044B37", "123456782B90"])
def test_an_ob_number_is_accepted(number: str) -> None:
    assert not numbers.check_ob_number(number)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("123456789B01", "ob-number-check-digit"),
        ("987654321B09", "ob-number-check-digit"),
        ("111234567B01", "ob-number-check-digit"),
        ("12345678B01", "ob-number-shape"),
        ("NL123456782B01", "ob-number-shape"),
        ("123456782b01", "ob-number-shape"),
        ("123456782L01", "ob-number-shape"),
        ("123456782B1", "ob-number-shape"),
        ("000099998B57", "ob-number-shape"),
        ("123456782B00", "ob-number-suffix"),
    ],
)
def test_an_ob_number_is_refused_for_its_own_reason(number: str, code: str) -> None:
    assert codes(numbers.check_ob_number(number)) == {code}


def test_a_btw_id_of_a_natural_person_is_no_ob_number() -> None:
    assert not numbers.check_btw_id("NL123456789B13", natural_person=True)
    assert codes(numbers.check_ob_number("123456789B13")) == {"ob-number-check-digit"}


@pytest.mark.parametrize("number", ["NL123456789B13", "NL111111111B40", "NL000099998B57"])
def test_the_btw_id_of_a_natural_person_is_checked_by_mod_97(number: str) -> None:
    assert not numbers.check_btw_id(number)
    assert not numbers.check_btw_id(number, natural_person=True)
    assert codes(numbers.check_btw_id(number, natural_person=False)) <= {"btw-id-check-digits"}


def test_the_btw_id_of_a_legal_person_is_checked_by_the_elfproef() -> None:
    assert not numbers.check_btw_id("NL111222333B01")
    assert not numbers.check_btw_id("NL111222333B01", natural_person=False)
    assert codes(numbers.check_btw_id("NL111222333B01", natural_person=True)) == {"btw-id-check-digits"}


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("NL123456789B14", "btw-id-check-digits"),
        ("NL123456789B01", "btw-id-check-digits"),
        ("NL000000000B73", "btw-id-shape"),
        ("123456789B13", "btw-id-shape"),
        ("NL111222333B00", "btw-id-suffix"),
    ],
)
def test_a_btw_id_is_refused_for_its_own_reason(number: str, code: str) -> None:
    assert codes(numbers.check_btw_id(number)) == {code}


@pytest.mark.parametrize("number", ["12345678", "00123456"])
def test_a_kvk_number_is_eight_digits(number: str) -> None:
    assert not numbers.check_kvk_number(number)


@pytest.mark.parametrize("number", ["1234567", "12345678A", "00000000", "000012345678"])
def test_anything_else_is_no_kvk_number(number: str) -> None:
    assert codes(numbers.check_kvk_number(number)) == {"kvk-number-shape"}


@pytest.mark.parametrize("number", ["123456782L01", "111222333L02", "001234560L01", "849613073L03"])
def test_a_payroll_number_is_accepted(number: str) -> None:
    assert not numbers.check_payroll_number(number)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("123456789L01", "payroll-number-check-digit"),
        ("123456782L00", "payroll-number-suffix"),
        ("123456782B01", "payroll-number-shape"),
    ],
)
def test_a_payroll_number_is_refused_for_its_own_reason(number: str, code: str) -> None:
    assert codes(numbers.check_payroll_number(number)) == {code}


@given(matching(r"[0-9]{9}"))
def test_the_elfproef_is_the_published_sum(nine: str) -> None:
    total = sum(weight * int(digit) for weight, digit in zip((9, 8, 7, 6, 5, 4, 3, 2, -1), nine, strict=True))
    assert numbers.passes_elfproef(nine) == (total % 11 == 0 and nine != "000000000")


ANY_NUMBER = st.one_of(st.text(max_size=20), matching(r"(NL)?[0-9]{6,10}([BL][0-9]{1,2})?"))
CHECKS = (
    numbers.check_bsn,
    numbers.check_rsin,
    numbers.check_ob_number,
    numbers.check_btw_id,
    numbers.check_kvk_number,
    numbers.check_payroll_number,
)


@given(ANY_NUMBER)
def test_no_check_raises_and_no_text_repeats_the_number(number: str) -> None:
    for check in CHECKS:
        for finding in check(number):
            assert len(number) < 6 or number not in finding.text
