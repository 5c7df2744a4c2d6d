"""Identity (R20): legal form and numbers together."""

from dataclasses import replace

import pytest

from kantoor.sbr.identity import Identity, check_identity
from kantoor.sbr.legal_form import LegalForm, find_legal_form

BV = Identity(
    legal_form="bv",
    rsin="001000044",
    ob_number="001000044B37",
    btw_id="NL001000044B37",
    kvk_number="12345678",
    payroll_number="001000044L01",
)
SOLE_TRADER = Identity(
    legal_form="eenmanszaak", bsn="123456782", ob_number="123456782B01", btw_id="NL123456789B13"
)


def found(identity: Identity) -> dict[str, str]:
    return {finding.code: finding.severity for finding in check_identity(identity)}


def test_a_right_identity_has_no_findings() -> None:
    assert found(BV) == {}
    assert found(SOLE_TRADER) == {}
    assert found(Identity()) == {}


@pytest.mark.parametrize(
    ("identity", "code"),
    [
        (replace(BV, legal_form="holding"), "legal-form-unknown"),
        (replace(BV, ob_number="111222333B01", btw_id="NL111222333B01"), "ob-number-base"),
        (replace(BV, btw_id="NL111222333B01"), "btw-id-base"),
        (replace(BV, btw_id="NL001000044B01"), "btw-id-base"),
        (replace(BV, bsn="123456782"), "bsn-of-legal-person"),
        (replace(SOLE_TRADER, rsin="001000044"), "rsin-of-natural-person"),
        (replace(SOLE_TRADER, ob_number="111222333B01"), "ob-number-base"),
        (replace(SOLE_TRADER, btw_id="NL123456782B01"), "btw-id-holds-bsn"),
        (replace(SOLE_TRADER, bsn=None, btw_id="NL123456782B01"), "btw-id-holds-bsn"),
        (replace(SOLE_TRADER, btw_id="NL111222333B01"), "btw-id-check-digits"),
        (replace(BV, rsin="001000045"), "rsin-check-digit"),
        (replace(BV, kvk_number="1234"), "kvk-number-shape"),
    ],
)
def test_one_contradiction_gives_one_error(identity: Identity, code: str) -> None:
    assert found(identity) == {code: "error"}


def test_everything_wrong_is_said_at_once() -> None:
    wrong = Identity(legal_form="bv", bsn="1", rsin="2", ob_number="3", btw_id="4", kvk_number="5")
    assert set(found(wrong)) == {
        "bsn-shape",
        "rsin-shape",
        "ob-number-shape",
        "btw-id-shape",
        "kvk-number-shape",
        "bsn-of-legal-person",
    }


def test_a_fiscal_unit_files_under_another_number() -> None:
    member = replace(BV, ob_number="111222333B01", fiscal_unit=True)
    assert found(member) == {}


def test_a_payroll_number_of_somebody_else_is_a_warning() -> None:
    assert found(replace(BV, payroll_number="123456782L01")) == {"payroll-number-base": "warning"}


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("bv", LegalForm.BV),
        ("B.V.", LegalForm.BV),
        ("Besloten vennootschap", LegalForm.BV),
        ("Coöperatie", LegalForm.COOPERATIE),
        ("COP", LegalForm.COOPERATIE),
        ("VOF", LegalForm.VOF),
        ("v.o.f.", LegalForm.VOF),
        ("Eenmanszaak", LegalForm.EENMANSZAAK),
        ("natuurlijk persoon", LegalForm.NATUURLIJK_PERSOON),
        ("VvE", LegalForm.VVE),
        ("holding", None),
        ("", None),
    ],
)
def test_a_legal_form_is_known_as_people_write_it(written: str, form: LegalForm | None) -> None:
    assert find_legal_form(written) is form


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("eenmanszaa", "bedoelt u 'eenmanszaak'?"),
        ("Stichtng", "bedoelt u 'stichting'?"),
        ("b.v.v.", "bedoelt u 'bv'?"),
        ("vennootschap onder firm", "bedoelt u 'vof'?"),
    ],
)
def test_a_legal_form_that_is_nearly_one_gets_a_suggestion(written: str, said: str) -> None:
    (finding,) = check_identity(Identity(legal_form=written))
    assert finding.text == f"Deze rechtsvorm is niet bekend; {said}"


@pytest.mark.parametrize("written", ["holding", "801234505"])
def test_a_legal_form_like_none_gets_the_list_and_is_not_repeated(written: str) -> None:
    (finding,) = check_identity(Identity(legal_form=written))
    assert finding.text.startswith("Deze rechtsvorm is niet bekend; bekend zijn: natuurlijk_persoon, ")
    assert all(form in finding.text for form in LegalForm)
    assert written not in finding.text


def test_every_form_is_known_by_its_value_and_its_label() -> None:
    assert all(find_legal_form(form) is form and find_legal_form(form.label) is form for form in LegalForm)


def test_only_natural_persons_have_a_bsn() -> None:
    assert {form for form in LegalForm if form.natural_person} == {"eenmanszaak", "natuurlijk_persoon"}


def test_an_identity_does_not_show_its_numbers_when_printed() -> None:
    assert "123456782" not in repr(SOLE_TRADER)
