"""The return of a filing from figures: whose it is, who sends it, and what the client reads of it."""

import dataclasses
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import update

from kantoor.data import replace
from kantoor.office.database.tables import team
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.plans import active_office, active_plans, publish
from kantoor.period import Period
from kantoor.plan import EntryPoint
from kantoor.sbr.payment import group_digits
from kantoor.sbr.registry import REPORTS
from kantoor.sbr.vat.instance import find_total, read_vat_instance
from kantoor.sbr.vat.payment import make_vat_reference
from kantoor.service.desk import Desk
from kantoor.service.filings.cases import look_up
from kantoor.service.filings.figures import FiguresRefused, make_document
from kantoor.service.relations.identities import check_relation_identity

from .town import COLLECT, EVA, FIGURES, LEFT_BEHIND, TEAM, numbers

VAT = REPORTS["omzetbelasting"]


async def _timeline(desk, name):
    ring, id = desk.equipment.document_ring.open_sealed, f"filing/{name}/-/1"
    return [line.text for line in desk.read(lambda connection: timeline_of(connection, id, ring))]


def bytes_of(town, hash):
    async def scene(desk):
        return desk.equipment.documents.get(hash)

    return town.play(scene)


def test_a_return_speaks_for_the_relation_in_the_name_of_its_relatiebeheerder(town):
    filing = town.begun().to("opstellen")
    shown = filing.attach().shown
    instance = read_vat_instance(bytes_of(town, shown.hash))
    assert instance.identifier == f"{numbers()[filing.relation]}B01"
    assert (instance.start, instance.end) == (date(2026, 1, 1), date(2026, 1, 31))
    assert find_total(instance) == 2000
    texts = dict(instance.texts)
    assert texts.pop("MessageReferenceSupplierVAT").startswith("OB-2026-01-")
    assert texts.pop("SoftwarePackageVersion")
    assert texts == {
        "ContactInitials": "M",
        "ContactPrefix": "van der",
        "ContactSurname": "Linde",
        "ContactTelephoneNumber": "+31881203",
        "ContactType": "INT",
        "DateTimeCreation": "202602030900",
        "SoftwarePackageName": "kantoor",
        "SoftwareVendorAccountNumber": "SWO00000",
        "TaxConsultantNumber": "123456",
    }


def test_another_role_sends_it_where_the_template_says_so(town):
    filing = town.begun(template="op-datum", start_date=date(2026, 2, 1)).to("opstellen")
    texts = read_vat_instance(bytes_of(town, filing.attach().shown.hash)).texts
    assert (texts["ContactInitials"], texts["ContactPrefix"], texts["ContactSurname"]) == ("T", "de", "Boer")


def test_the_client_reads_what_to_pay_by_when_where_and_under_which_reference(town):
    filing = town.begun().to("opstellen")
    attached = filing.attach()
    page = bytes_of(town, attached.shown.rendering).decode()
    number = f"{numbers()[filing.relation]}B01"
    reference = group_digits(make_vat_reference(number, date(2026, 1, 1), date(2026, 1, 31)))
    for text in (page, attached.text):
        for said in (
            "€ 2.000",
            reference,
            "NL86 INGB 0002 4455 88",
            "28 februari 2026",
            "26 februari 2026",
            attached.shown.hash,
        ):
            assert said in text.replace("\N{NO-BREAK SPACE}", " ")
        assert number not in text
    assert f"Bedrijf {filing.relation} B.V." in page


def test_what_looks_odd_is_a_warning_and_stops_nothing(town):
    filing = town.begun().to("opstellen")
    attached = filing.attach("rubriek,omzet_centen,btw_centen\n1a,1000000,100000\n")
    (warning,) = attached.warnings
    assert warning.startswith(f"{town.folder}/{filing.relation}.csv, regel 2, kolom 3 (btw_centen): ")
    assert filing.view().documents[0].shown == attached.shown
    said = town.play(lambda desk: _timeline(desk, filing.name))
    assert any(line.endswith(f"; let op: {warning.partition(': ')[2]}") for line in said)


@pytest.mark.parametrize(
    ("figures", "mistake"),
    [
        ("", ", regel 1: Het bestand is leeg."),
        (
            "rubriek,omzet_centen,btw_centen\n5c,,1\n",
            ", regel 2, kolom 1 (rubriek): Rubriek 5c staat niet meer in de aangifte; laat deze rij weg.",
        ),
        (
            "rubriek,omzet_centen,btw_centen\n1a,1000.00,210\n",
            ", regel 2, kolom 2 (omzet_centen): Bij rubriek 1a staat bij omzet geen bedrag",
        ),
    ],
)
def test_every_mistake_in_the_figures_has_its_place(town, figures, mistake):
    filing = town.begun().to("opstellen")
    wrong = filing.attach(figures)
    assert isinstance(wrong, FiguresRefused)
    assert wrong.mistakes[0].startswith(f"{town.folder}/{filing.relation}.csv{mistake}")


def test_a_year_of_which_no_schema_is_known_is_said_so(town):
    filing = town.begun(period=Period.parse("2028-01"), anyway=True)
    wrong = filing.attach()
    assert isinstance(wrong, FiguresRefused)
    sentence = (
        "Voor aangiften over 2028 is geen taxonomie bekend; vul definitions/law/omzetbelasting.yaml aan."
    )
    assert wrong.mistakes == (sentence,)


def test_an_inferred_schema_is_for_practice_and_never_for_digipoort_itself(town):
    filing = town.begun(period=Period.parse("2027-01"), anyway=True)
    assert not isinstance(filing.attach(), FiguresRefused)

    async def for_real(desk):
        real = "https://wus.preproductie.digipoort.logius.nl/wus/2.0/aanleverservice/1.2"
        digipoort = desk.settings.digipoort.model_copy(update={"delivery_url": real, "status_url": real})
        settings = desk.settings.model_copy(update={"digipoort": digipoort})
        outside = Desk(dataclasses.replace(desk.equipment, settings=settings, practice=False))
        case = outside.read(lambda c: look_up(c, "marieke", filing.name))
        return make_document(outside, case, VAT, "aangifte", FIGURES.encode(), "cijfers.csv")

    wrong = town.play(for_real)
    assert isinstance(wrong, FiguresRefused)
    assert "De taxonomie van 2027" in wrong.mistakes[0]


def test_the_schema_is_the_reports_own_whatever_other_tables_there_are(town):
    filing = town.begun().to("opstellen")

    async def with_other_tables(desk):
        with desk.equipment.database.write() as connection:
            office = active_office(connection)
            other = EntryPoint(report="icp-opgaaf", year=2026, entry_point="http://icp", namespace="http://x")
            several = replace(office, entry_points=(other, *office.entry_points))
            plans = [published.plan for published in active_plans(connection)]
            publish(connection, plans, several, revision="", author="", at=datetime.now(UTC))
        case = desk.read(lambda c: look_up(c, "sanne", filing.name))
        return make_document(desk, case, VAT, "aangifte", FIGURES.encode(), "cijfers.csv")

    made = town.play(with_other_tables)
    assert read_vat_instance(bytes_of(town, made.shown.hash)).entry_point.endswith(
        "bd-rpt-ob-aangifte-2026.xsd"
    )


def test_a_telephone_number_that_cannot_be_read_is_told_with_whose_it_is_and_how_to_mend_it(town):
    filing = town.begun().to("opstellen")

    def with_phone(phone):
        async def keep(desk):  # as an older kantoor took it
            with desk.equipment.database.write() as connection:
                connection.execute(update(team).where(team.c.id == "marieke").values(phone=phone))

        town.play(keep)

    with_phone("6,12346E+08")
    wrong = filing.attach()
    with_phone("+31 (0)88 1203")
    assert wrong.mistakes == (
        "Het telefoonnummer van Marieke van der Linde is geen nummer dat te bellen is, zoals 06-12345678.",
        "Beheer verbetert dit met een import van team.csv; of geef de rol aan een ander.",
    )
    assert filing.attach().shown


def test_without_anybody_in_the_role_that_sends_no_return_is_made(town):
    filing = town.begun(LEFT_BEHIND)
    filing.tick("sanne", *COLLECT)
    leaving = town.folder / "eva-leaves"
    leaving.mkdir()
    (leaving / "team.csv").write_text(f"{TEAM}\n{EVA.format('nee')}\n")

    async def leave(desk):
        office = desk.read(active_office)
        return import_folder(desk.equipment.database, leaving, office, check_relation_identity)

    assert isinstance(town.play(leave), Imported)
    wrong = filing.attach()
    assert isinstance(wrong, FiguresRefused)
    assert wrong.mistakes == ("Niemand heeft de rol Relatiebeheerder voor deze relatie.",)
