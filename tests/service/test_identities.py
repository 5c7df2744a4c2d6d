"""The identity rules as the office's import hears them."""

import pytest

from kantoor.office.exchange import IdentityGiven
from kantoor.service.relations.identities import check_relation_identity


def test_numbers_and_legal_form_come_back_in_canonical_writing() -> None:
    given = IdentityGiven(legal_form="B.V.", ob_number="8012.34505 b01", rsin="801234505", kvk="1234 5678")
    verdict = check_relation_identity(given)
    assert (verdict.errors, verdict.natural_person) == ((), False)
    clean = verdict.identity
    assert (clean.legal_form, clean.ob_number, clean.kvk) == ("bv", "801234505B01", "12345678")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (IdentityGiven(legal_form="bv", ob_number="801234506B01"), "ob_number"),
        (IdentityGiven(legal_form="bv", rsin="801234505", ob_number="801234517B01"), "ob_number"),
        (IdentityGiven(legal_form="eenmanszaak", rsin="801234505"), "rsin"),
        (IdentityGiven(legal_form="bv", kvk="1234"), "kvk"),
        (IdentityGiven(legal_form="ietsanders"), "legal_form"),
        (IdentityGiven(bsn="111222334"), "bsn"),
    ],
)
def test_what_is_wrong_is_told_by_the_office_s_own_field_and_without_the_number(
    given: IdentityGiven, field: str
) -> None:
    errors = check_relation_identity(given).errors
    assert [error.field for error in errors] == [field]
    assert not any(part.isdigit() and len(part) > 4 for error in errors for part in error.text.split())


def test_a_fiscal_unit_may_file_under_another_number() -> None:
    given = IdentityGiven(legal_form="bv", rsin="801234505", ob_number="801234517B01", fiscal_unit=True)
    assert check_relation_identity(given).errors == ()


@pytest.mark.parametrize(
    ("form", "natural"), [("eenmanszaak", True), ("vof", False), ("buitenlands", None), (None, None)]
)
def test_the_legal_form_tells_whether_it_is_a_natural_person(form: str | None, natural: bool | None) -> None:
    assert check_relation_identity(IdentityGiven(legal_form=form)).natural_person is natural
