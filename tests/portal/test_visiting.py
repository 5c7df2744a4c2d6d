"""Coming in: by a link, and to what is one's own."""

from dataclasses import replace

from kantoor.service.desk import Desk
from tests.portal.quiet import CLIENT
from tests.portal.visitors import Pages
from tests.service.town import Town


def test_a_client_signs_in_by_a_link_and_sees_what_waits(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = pages.client_of(filing.client).open("/mijn")
    assert page.status == 200
    assert page.heading == "Wat wacht op mij"


def test_whoever_has_not_signed_in_is_asked_to(pages: Pages) -> None:
    page = pages.stranger().open("/mijn")
    assert page.status == 401
    assert page.heading == "Log eerst in"


def test_a_team_member_signs_in_and_sees_their_work(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = pages.client_of("sanne").open("/werk")
    assert page.status == 200
    assert f"Bedrijf {filing.relation} B.V." in page.words


def test_a_form_of_another_site_is_not_heard(pages: Pages, town: Town) -> None:
    browser = pages.client_of(town.begun().client)
    page = browser.send("/uit", headers={"Origin": "https://elders.example"})
    assert page.status == 403
    assert browser.open("/mijn").status == 200


def test_every_page_of_an_office_with_stand_ins_says_that_nothing_goes_out(quiet_office: Pages) -> None:
    both = "aangiften gaan naar een simulator, mails blijven op deze machine."
    for page in (quiet_office.stranger().open("/in"), quiet_office.client_of(CLIENT).open("/mijn")):
        assert f"Dit kantoor is nog niet echt aangesloten: {both}" in page.text
    equipment, settings = quiet_office.desk.equipment, quiet_office.settings.model_copy(deep=True)
    settings.digipoort.delivery_url = "https://digipoort.example/x"
    half = Pages(Desk(replace(equipment, settings=settings)))
    assert "aangesloten: mails blijven op deze machine." in half.stranger().open("/in").text
    settings.smtp.host = "smtp.example"
    assert "aangesloten" not in half.stranger().open("/in").text
