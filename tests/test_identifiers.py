"""Identifying numbers: as they are stored, and as people may see them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.identifiers import mask_number, normalize_number, with_sub_number
from tests.patterns import matching


def test_a_number_is_stored_without_what_people_write_in_it() -> None:
    assert normalize_number(" nl 1234.56.782-b01 ") == "NL123456782B01"


@pytest.mark.parametrize(
    ("sub_number", "number"),
    [("B02", "123456782B02"), ("B01", "123456782B01"), ("L02", "123456782B01"), ("-", "123456782B01")],
)
def test_a_business_files_under_the_suffix_of_its_own(sub_number: str, number: str) -> None:
    assert with_sub_number("123456782B01", sub_number) == number
    assert with_sub_number("123456782", sub_number) == "123456782"


@pytest.mark.parametrize(
    ("number", "masked"),
    [
        ("123456782B01", "******782B01"),
        ("NL123456782B01", "NL******782B01"),
        ("123456782", "******782"),
        ("123456782L03", "******782L03"),
        ("12345678", "*****678"),
        ("1234", "****"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_masked_number_shows_only_its_end(number: str | None, masked: str) -> None:
    assert mask_number(number) == masked


@given(st.one_of(st.text(max_size=20), matching(r"(NL)?[0-9]{6,10}([BL][0-9]{1,2})?")))
def test_a_mask_never_shows_six_digits_of_the_base(number: str) -> None:
    base = mask_number(number).partition("B")[0].partition("L")[0]
    assert sum(character.isdigit() for character in base) <= 3
