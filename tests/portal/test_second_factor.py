"""The second factor of team members: asked for in a real office, once per code, and forgotten by an act."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from kantoor.service.visiting import second_factor
from kantoor.service.visiting.managing import release_factor
from kantoor.service.visiting.second_factor import forget_factor
from tests.portal.quiet import CLIENT, link_to
from tests.portal.visitors import Browser, Page, Pages

IN = "Ja, log mij in"


@pytest.fixture
def member(quiet_office: Pages) -> str:
    """A team member without an authenticator."""
    forget_factor(quiet_office.desk, "tom", by="marieke")
    return "tom"


def come(pages: Pages, member: str) -> tuple[Browser, Page]:
    """Press the button of a link, in a new browser; return it and the page that comes."""
    browser = pages.stranger()
    return browser, browser.open(link_to(pages, member)).press(IN)


def secret_on(page: Page) -> pyotp.TOTP:
    (secret,) = page.tree.xpath("//code[@class='secret']/text()")
    (link,) = page.tree.xpath("//a[starts-with(@href, 'otpauth://totp/')]/@href")
    assert f"secret={secret}" in link, "an app on the same telephone opens it"
    return pyotp.TOTP(secret)


def code_of(app: pyotp.TOTP, steps: int = 0) -> str:
    return app.at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def enrol(pages: Pages, member: str) -> tuple[Browser, pyotp.TOTP]:
    browser, page = come(pages, member)
    app = secret_on(page)
    assert page.press("Koppelen", {"code": code_of(app, -1)}).heading == "Mijn werk"
    return browser, app


def is_unkept(page: Page, button: str) -> bool:
    return "data-unkept" in page.find_form(button).attrib


def test_a_team_member_adds_an_authenticator_first(quiet_office: Pages, member: str) -> None:
    browser, page = come(quiet_office, member)
    assert page.heading == "Koppel een authenticator-app"
    assert is_unkept(page, "Koppelen")
    assert secret_on(browser.open("/in/app")).secret == secret_on(page).secret
    assert page.tree.xpath("//nav | //form[@role='search']") == []
    picture = browser.open("/in/app/code.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert b'<path fill="#fff"' in picture.body  # also where the page is dark
    wrong = page.press("Koppelen", {"code": "000 000"})
    assert (wrong.status, wrong.heading) == (422, "Koppel een authenticator-app")
    assert wrong.wrong_field == "code"
    assert wrong.press("Koppelen", {"code": code_of(secret_on(page))}).heading == "Mijn werk"
    assert browser.open("/in/app/code.svg").status == 404
    assert browser.open("/in/app").heading == "Mijn werk"


def test_another_session_is_shown_another_secret_and_the_one_seen_before_is_not_enrolled(
    quiet_office: Pages, member: str
) -> None:
    seen = secret_on(come(quiet_office, member)[1])
    _, page = come(quiet_office, member)
    own = secret_on(page)
    assert own.secret != seen.secret
    assert page.press("Koppelen", {"code": code_of(seen)}).heading != "Mijn werk"
    assert page.press("Koppelen", {"code": code_of(own)}).heading == "Mijn werk"


def test_until_the_code_was_given_nothing_is_shown(quiet_office: Pages, member: str) -> None:
    enrol(quiet_office, member)
    browser, page = come(quiet_office, member)
    assert page.heading == "Vul uw code in"
    assert is_unkept(page, "Verder")
    for path in ("/werk", "/opdrachten/btw-aangifte/1001/2026-01"):
        assert browser.open(path, follow=False).status == 303
        assert browser.open(path).heading == "Vul uw code in"
    assert "Mijn werk" not in browser.open("/werk").words


def test_a_code_counts_once(quiet_office: Pages, member: str) -> None:
    _, app = enrol(quiet_office, member)
    _, page = come(quiet_office, member)
    code = code_of(app)
    assert page.press("Verder", {"code": code}).heading == "Mijn werk"
    _, page = come(quiet_office, member)
    again = page.press("Verder", {"code": code})
    assert (again.status, again.heading) == (422, "Vul uw code in")
    assert again.wrong_field == "code"
    assert "al gebruikt" in again.problem
    assert page.press("Verder", {"code": code_of(app, 1)}).heading == "Mijn werk"


def test_wrong_codes_are_limited_also_from_several_browsers(
    quiet_office: Pages, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, app = enrol(quiet_office, member)
    monkeypatch.setattr(second_factor, "MOST_CODES", 3)
    for _ in range(3):
        _, page = come(quiet_office, member)
        page.press("Verder", {"code": "123"})
    refused = page.press("Verder", {"code": code_of(app)})
    assert refused.status == 422
    assert "te vaak" in refused.problem


def test_who_gave_too_many_wrong_codes_comes_in_with_the_app_that_they_add_after_a_release(
    quiet_office: Pages, member: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrol(quiet_office, member)
    monkeypatch.setattr(second_factor, "MOST_CODES", 3)
    _, page = come(quiet_office, member)
    for _ in range(4):
        refused = page.press("Verder", {"code": "123"})
    assert "te vaak" in refused.problem
    assert release_factor(quiet_office.desk, member, by="marieke") is None
    enrol(quiet_office, member)


def test_after_the_code_one_goes_on_to_where_the_link_led(quiet_office: Pages, member: str) -> None:
    _, app = enrol(quiet_office, member)
    browser, _ = come(quiet_office, member)
    page = browser.open("/opdrachten/btw-aangifte/1001/2026-01")
    assert page.heading == "Vul uw code in"
    wrong = page.press("Verder", {"code": "1"})
    onward = wrong.press("Verder", {"code": code_of(app)}, follow=False)
    assert onward.headers["location"] == "/opdrachten/btw-aangifte/1001/2026-01"


@pytest.mark.parametrize(
    "elsewhere", ["https://elders.example", "//elders.example", "/\\elders.example", "javascript:1", "/\t/x"]
)
def test_after_the_code_one_never_goes_elsewhere(quiet_office: Pages, member: str, elsewhere: str) -> None:
    _, app = enrol(quiet_office, member)
    _, page = come(quiet_office, member)
    onward = page.press("Verder", {"code": code_of(app), "naar": elsewhere}, follow=False)
    assert (onward.status, onward.headers["location"]) == (303, "/werk")


def test_a_client_and_a_practice_office_are_not_asked(
    quiet_office: Pages, quiet_practice: Pages, member: str
) -> None:
    assert quiet_office.client_of(CLIENT).open("/mijn").status == 200
    assert quiet_practice.client_of(member).open("/werk").status == 200


def test_a_client_cannot_enrol(quiet_office: Pages) -> None:
    browser = quiet_office.client_of(CLIENT)
    assert browser.open("/in/app").heading == "Wat wacht op mij"
    assert browser.send("/in/code", {"code": "123456"}).status in (404, 422)


def test_what_was_typed_stays_while_the_code_is_still_to_be_given(quiet_office: Pages, member: str) -> None:
    _, app = enrol(quiet_office, member)
    browser, code_page = come(quiet_office, member)
    page = browser.send("/opdrachten/btw-aangifte/1001/2026-01", {"doen": "notitie", "tekst": "Lang verhaal"})
    assert (page.status, page.heading) == (401, "Log eerst in")
    assert ("tekst", "Lang verhaal") in page.fields("Ik ben weer ingelogd")
    code_page.press("Verder", {"code": code_of(app)})
    assert page.press("Ik ben weer ingelogd").status == 404  # there is no such return, but it was asked


def test_a_forgotten_authenticator_ends_the_sessions_and_is_added_again(
    quiet_office: Pages, member: str
) -> None:
    browser, app = enrol(quiet_office, member)
    forget_factor(quiet_office.desk, member, by="marieke")
    assert browser.open("/werk").status == 401
    _, page = come(quiet_office, member)
    assert page.heading == "Koppel een authenticator-app"
    assert secret_on(page).secret != app.secret
