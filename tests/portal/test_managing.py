"""Beheer: who has the right, and a lost authenticator that is released, recorded."""

import pytest

from kantoor.service.visiting.managing import give_management, read_doors
from tests.portal.quiet import CLIENT
from tests.portal.visitors import Pages

PAGE = "/beheer/medewerkers"


@pytest.fixture
def managed(quiet_practice: Pages) -> Pages:
    """The office in which Marieke has the right beheer."""
    assert give_management(quiet_practice.desk, "marieke@delinde.example") == "Marieke van der Linde"
    return quiet_practice


def test_the_right_is_given_and_taken_on_the_server(managed: Pages) -> None:
    assert managed.client_of("marieke").open(PAGE).status == 200
    assert managed.client_of("sanne").open(PAGE).status == 404
    assert managed.client_of(CLIENT).open(PAGE).status == 404
    assert give_management(managed.desk, "marieke", remove=True) == "Marieke van der Linde"
    assert managed.client_of("marieke").open(PAGE).status == 404
    found = read_doors(managed.desk).changes[0]
    assert (found.what, found.member, found.who) == ("manager_unmade", "Marieke van der Linde", "")


@pytest.mark.parametrize("who", ["niemand", CLIENT])
def test_only_a_team_member_gets_the_right(managed: Pages, who: str) -> None:
    refusal = give_management(managed.desk, who)
    assert not isinstance(refusal, str)
    assert refusal.code == "unknown_member"


def test_a_manager_releases_an_app_and_that_is_recorded(managed: Pages, quiet_office: Pages) -> None:
    member = quiet_office.client_of("ruud")  # brought to the page that shows a secret
    assert member.open("/werk").heading == "Koppel een authenticator-app"
    page = managed.client_of("marieke").open(PAGE)
    assert "nog niet gekoppeld" in page.words
    sent = page.browser.send(PAGE, {"medewerker": "ruud"})
    assert sent.word.startswith("De app is losgekoppeld")
    assert "Ruud Smit, app losgekoppeld door Marieke van der Linde" in sent.words
    assert member.open("/werk").status == 401


def test_what_cannot_be_released_is_told(managed: Pages) -> None:
    browser = managed.client_of("marieke")
    assert "niet" in browser.send(PAGE, {"medewerker": "niemand"}).problem
    assert "geen app" in browser.send(PAGE, {"medewerker": "joost"}).problem


def test_a_colleague_without_the_right_releases_nothing(managed: Pages) -> None:
    assert managed.client_of("sanne").send(PAGE, {"medewerker": "ruud"}).status == 404
