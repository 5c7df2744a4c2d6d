"""The VAT return as a report: figures and facts in; instance, identity, payment and rendering out."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from kantoor.identifiers import read_phone
from kantoor.period import Period
from kantoor.plan import Office
from kantoor.sbr.contact_person import split_name, write_permitted
from kantoor.sbr.facts import Facts, PaymentTerms, Sender, Software
from kantoor.sbr.findings import ReportError
from kantoor.sbr.identity import Identity
from kantoor.sbr.registry import REPORTS, Reports
from kantoor.sbr.report import make_report
from kantoor.sbr.vat.instance import read_vat_instance
from kantoor.sbr.vat.report import VatReport

FIGURES = b"rubriek,omzet_centen,btw_centen\n1a,1500000,315000\n5b,,115000\n"
REPORT = REPORTS["omzetbelasting"]
JANUARY = Period.parse("2026-01")


@pytest.fixture(scope="module")
def facts(law: Office) -> Facts:
    return Facts(
        filing="filing/btw-aangifte/1001/2026-01/-/1",
        relation="Bakkerij De Wit B.V.",
        office="Kantoor Voorbeeld",
        identity=Identity(legal_form="bv", rsin="123456782", ob_number="123456782B01"),
        period=JANUARY,
        sender=Sender(name="Marieke van der Linde", phone="+31 (0)88 1203"),
        software=Software(name="kantoor", version="0.1.0", vendor_number="SWO00000"),
        consultant_number="123456",
        created=datetime(2026, 2, 3, 10, 5, 59),
        terms=PaymentTerms(pay="now", last_day=date(2026, 2, 28), transfer_by=date(2026, 2, 26)),
        law=law,
        stand_in=False,
    )


def refusals(facts: Facts, figures: bytes = FIGURES) -> dict[str, str]:
    with pytest.raises(ReportError) as refused:
        make_report(REPORT, figures, "figures.csv", facts)
    return {finding.code: finding.text for finding in refused.value.findings}


def test_a_return_is_made_checked_and_shown_with_what_to_pay(facts: Facts) -> None:
    made = make_report(REPORT, FIGURES, "figures.csv", facts)
    assert REPORT.identify(made.content) == "123456782B01"
    assert REPORT.check_instance(made.content, facts) == []
    advice = REPORT.advise_payment(made.content, facts)
    assert (advice.direction, advice.amount, advice.transfer_by) == ("pay", 2000, date(2026, 2, 26))
    assert made.rendering == REPORT.render(made.content, facts)
    for text in (made.rendering.text, made.rendering.page):
        assert "Bakkerij De Wit B.V." in text
        assert "€\u00a02.000" in text
        assert "NL86 INGB 0002 4455 88" in text
    assert make_report(REPORT, FIGURES, "figures.csv", facts) == made


def test_what_is_not_plausible_is_a_warning_and_stops_nothing(facts: Facts) -> None:
    made = make_report(REPORT, b"rubriek,omzet_centen,btw_centen\n1a,1500000,1000\n", "figures.csv", facts)
    assert [(finding.code, finding.line) for finding in made.warnings] == [("vat-rate", 2)]


def test_our_reference_differs_with_filing_moment_and_figures_and_with_nothing_else(facts: Facts) -> None:
    def reference(facts: Facts, figures: bytes = FIGURES) -> str:
        content = make_report(REPORT, figures, "figures.csv", facts).content
        return read_vat_instance(content).texts["MessageReferenceSupplierVAT"]

    first = reference(facts)
    assert first.startswith("OB-2026-01-")
    assert reference(replace(facts, relation="Bakkerij Zwart", created=datetime(2026, 2, 3, 10, 5))) == first
    others = {
        reference(replace(facts, filing="filing/btw-aangifte/1001/2026-01/-/2")),
        reference(replace(facts, created=datetime(2026, 2, 3, 10, 6))),
        reference(facts, FIGURES + b"3b,100,\n"),
    }
    assert len({first, *others}) == 4


@pytest.mark.parametrize(
    ("changes", "code", "text"),
    [
        ({"identity": Identity()}, "ob-number-missing", "Het OB-nummer van de relatie ontbreekt."),
        (
            {"period": Period.parse("2028-01")},
            "entry-point-unknown",
            "Voor aangiften over 2028 is geen taxonomie bekend; vul definitions/law/omzetbelasting.yaml aan.",
        ),
        (
            {"period": Period.parse("2027-01")},
            "entry-point-inferred",
            "De taxonomie van 2027 is afgeleid uit die van andere jaren en nog niet gecontroleerd; "
            "controleer de regel in definitions/law/omzetbelasting.yaml en zet de confidence daar op H.",
        ),
        (
            {"terms": PaymentTerms(pay="now", last_day=date(2013, 12, 31))},
            "account-unknown",
            "Er is geen rekening van de Belastingdienst bekend op 31 december 2013; vul definitions/law aan.",
        ),
        (
            {"consultant_number": None},
            "header-missing",
            "Het beconnummer ontbreekt; dat is verplicht als het kantoor indient.",
        ),
    ],
)
def test_nothing_is_made_where_facts_are_missing(
    facts: Facts, changes: dict[str, object], code: str, text: str
) -> None:
    assert refusals(replace(facts, **changes)) == {code: text}  # type: ignore[arg-type]


def test_every_mistake_in_the_figures_is_told(facts: Facts) -> None:
    assert set(refusals(facts, b"rubriek,omzet_centen,btw_centen\n5c,,1\n1a,1.00,\n")) == {
        "rubriek-gone",
        "amount-form",
    }


def test_an_inferred_schema_will_do_for_a_simulator(facts: Facts) -> None:
    coming = replace(facts, period=Period.parse("2027-01"), stand_in=True)
    made = make_report(REPORT, FIGURES, "figures.csv", coming)
    assert read_vat_instance(made.content).entry_point.endswith("bd-rpt-ob-aangifte-2027.xsd")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        (b"123456782B01", b"001000044B37", "instance-identifier"),
        (b"nl/omzet", b"nl/loon", "instance-scheme"),
        (b"2026-01-31", b"2026-02-28", "instance-period"),
        (b"aangifte-2026", b"aangifte-2025", "instance-entry-point"),
        (b">2000<", b">2001<", "total-5g"),
        (b"<xbrli:", b"<", "xml"),
    ],
)
def test_an_instance_of_other_software_is_held_against_the_filing(
    facts: Facts, old: bytes, new: bytes, code: str
) -> None:
    content = make_report(REPORT, FIGURES, "figures.csv", facts).content
    found = REPORT.check_instance(content.replace(old, new), facts)
    assert [finding.code for finding in found] == [code]
    assert not any("123456782" in finding.text or "001000044" in finding.text for finding in found)


def test_a_relation_without_number_matches_no_instance(facts: Facts) -> None:
    content = make_report(REPORT, FIGURES, "figures.csv", facts).content
    found = REPORT.check_instance(content, replace(facts, identity=Identity()))
    assert [finding.code for finding in found] == ["identifier-missing"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Marieke van der Linde", ("M", "van der", "Linde")),
        ("Jan", ("J", None, "Jan")),
        ("Jan 't Hart", ("J", "'t", "Hart")),
        ("Els de Wit-van Dam", ("E", "de", "Wit-van Dam")),
        ("Prof. dr. ir. A.B.C. van der Meer RA", ("ABC", "van der", "Meer")),
        ("J.P. Bakker", ("JP", None, "Bakker")),
        ("A. B. de Wit, MSc", ("AB", "de", "Wit")),
        ("mr. Maria d'Hondt", ("M", None, "d'Hondt")),
        ("Yo-Yo Ma", ("Y", None, "Ma")),
        ("RA", ("R", None, "RA")),
        ("Prof.dr.ir. A.B.C. van der Meer RA", ("ABC", "van der", "Meer")),
        ("Mr.drs.A.B. de Wit M.Sc.", ("AB", "de", "Wit")),
        ("J. Bakker RE RA", ("J", None, "Bakker")),
        ("J. Bakker AA/RB", ("J", None, "Bakker")),
        ("Jan Peter de Vries", ("JP", "de", "Vries")),
        ("Anne Marie Jansen", ("AM", None, "Jansen")),
        ("dr. mr. J. v.d. Berg", ("J", "v.d.", "Berg")),
        ("Meer, A.B.C. van der", ("ABC", "van der", "Meer")),
        ("A.B. (Anna) de Wit", ("AB", "de", "Wit")),
        ("Th.J. de Vries", ("ThJ", "de", "Vries")),
        ("J.P.M. Ten Cate", ("JPM", None, "Ten Cate")),
        ("", ("", None, "")),
    ],
)
def test_a_name_is_split_as_the_instance_takes_it(name: str, parts: tuple[str, str | None, str]) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize(
    ("name", "sure"),
    [
        ("Prof.dr.ir. A.B.C. van der Meer RA", True),
        ("Marieke van der Linde", True),
        ("Els de Wit-van Dam", True),
        ("Jan Peter de Vries", False),
        ("J. Bakker XQ", False),
        ("J. v.d. Berg", False),
        ("A. Vermeer de Boer", False),
        ("Jan", False),
    ],
)
def test_a_name_that_can_be_read_in_more_ways_is_told_until_its_parts_are_written_down(
    name: str, sure: bool, facts: Facts
) -> None:
    needs = REPORTS.identity_needs()
    assert bool(needs.remark_sender(name, "", "", "")) is not sure
    assert needs.remark_sender(name, "J", "", "Berg") == []
    doubtful = replace(facts, sender=Sender(name=name, phone="088 1203"))
    made = make_report(REPORT, FIGURES, "figures.csv", doubtful)
    assert [finding.code for finding in made.warnings] == ([] if sure else ["contact-parts"])


def test_what_a_return_makes_of_a_doubtful_name_is_said(facts: Facts) -> None:
    sender = Sender(name="Jan Peter de Vries", phone="088 1203")
    (finding,) = make_report(REPORT, FIGURES, "figures.csv", replace(facts, sender=sender)).warnings
    assert finding.text == (
        "De naam Jan Peter de Vries staat in de aangifte als voorletters JP, tussenvoegsel de, achternaam "
        "Vries. Vul bij de medewerker voorletters, tussenvoegsel en achternaam in, dan staat dat vast."
    )


@pytest.mark.parametrize(
    ("name", "permitted"),
    [
        ("Şahin Yıldız", "Sahin Yildiz"),
        ("Łukasz Nguyễn", "Lukasz Nguyen"),
        ("Marie d’Hondt", "Marie d'Hondt"),
        ("Zoë Grünßer", "Zoë Grünßer"),
        ("Юлия Иванова", "Yuliya Ivanova"),
    ],
)
def test_a_name_is_written_in_the_letters_that_an_instance_may_hold(name: str, permitted: str) -> None:
    assert write_permitted(name) == permitted


def test_a_return_is_made_in_the_name_of_whoever_has_other_letters_and_says_how(facts: Facts) -> None:
    sender = Sender(name="Dr. A.B. Yıldız-Nguyễn RA", phone="088-0001201 (na 9 uur)")
    made = make_report(REPORT, FIGURES, "figures.csv", replace(facts, sender=sender))
    assert [finding.code for finding in made.warnings] == ["contact-name"]
    texts = read_vat_instance(made.content).texts
    assert (texts["ContactInitials"], texts["ContactSurname"]) == ("AB", "Yildiz-Nguyen")
    assert texts["ContactTelephoneNumber"] == "0880001201"


def test_a_return_has_the_parts_of_a_name_as_they_were_written_down(facts: Facts) -> None:
    sender = Sender(name="Anna", phone="088 1203", initials="A. B.", prefix="van der", surname="Yıldız Post")
    made = make_report(REPORT, FIGURES, "figures.csv", replace(facts, sender=sender))
    texts = read_vat_instance(made.content).texts
    assert (texts["ContactInitials"], texts["ContactPrefix"], texts["ContactSurname"]) == (
        "AB",
        "van der",
        "Yildiz Post",
    )
    assert [finding.code for finding in made.warnings] == ["contact-name"]


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("+31 (0)88 1203", "+31881203"),
        ("088 - 1203", "0881203"),
        ("(020) 123 45 67", "0201234567"),
        ("088-0001201 (na 9 uur)", "0880001201"),
        ("06-12345678 of 020-1234567", "0612345678"),
        ("+32 2 123 45 67", "+3221234567"),
        ("088-0001201 9", None),
        ("na 9 uur", None),
        ("", None),
    ],
)
def test_a_telephone_number_is_what_can_be_dialled(phone: str, number: str | None) -> None:
    assert read_phone(phone) == number


def test_two_reports_cannot_have_one_id() -> None:
    with pytest.raises(ValueError, match="omzetbelasting"):
        Reports([VatReport(), VatReport()])
