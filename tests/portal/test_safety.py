"""What every page is kept safe by, and what it says when something outside fails."""

import asyncio
import dataclasses
import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import pytest

from kantoor.office.database.engine import open_database
from kantoor.portal.safety import HEADERS, own_path
from kantoor.service.desk import Desk
from tests.portal.quiet import CLIENT, MEMBER, link_to
from tests.portal.visitors import Pages

UNREADABLE = "sqlite:////proc/nowhere/office.sqlite3"


def away(pages: Pages) -> Pages:
    """Return the pages with a database that cannot be reached."""
    equipment = dataclasses.replace(pages.desk.equipment, database=open_database(UNREADABLE))
    return Pages(Desk(equipment))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"Origin": "https://elders.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1"},
    ],
)
def test_a_form_that_is_not_from_our_pages_does_nothing(quiet_office: Pages, said: dict[str, str]) -> None:
    browser = quiet_office.client_of(CLIENT)
    if "Origin" in said and said["Origin"] == "http://127.0.0.1":
        said = said | {"Origin": quiet_office.settings.base_url}
    assert browser.send("/uit", headers=said).status == 403
    assert browser.open("/mijn").status == 200


def test_a_browser_that_says_the_same_origin_is_heard(quiet_office: Pages) -> None:
    browser = quiet_office.client_of(CLIENT)
    assert browser.send("/uit", headers={"Sec-Fetch-Site": "same-origin"}).heading == "U bent uitgelogd"


@pytest.mark.parametrize("host", ["elders.example", "127.0.0.1", "127.0.0.1.elders.example:80", ""])
def test_another_host_is_refused_and_never_repeated(quiet_office: Pages, host: str) -> None:
    for path in ("/", "/in", "/werk/", "/static", "/bestaat-niet"):
        page = quiet_office.stranger().open(path, follow=False, headers={"Host": host})
        assert page.status in (404, 421), path
        assert "elders" not in page.headers.get("location", "")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/in",
        "/in/verzonnen",
        "/werk",
        "/mijn",
        "/bestaat-niet",
        "/gezond",
        "/static/kantoor.css",
        "/werk/",
        "/static/niets.css",
        "/static/%2e%2e/app.py",
        "/%00",
        "/in/%00",
        "/" + "x" * 5000,
    ],
)
def test_every_answer_has_the_headers(quiet_office: Pages, path: str) -> None:
    page = quiet_office.stranger().open(path, follow=False)
    assert page.status < 500
    for name, value in HEADERS.items():
        expected = (
            "public, max-age=3600" if name == "Cache-Control" and path.startswith("/static/") else value
        )
        assert page.headers[name.lower()] == expected, (path, name)
    assert "unsafe" not in page.headers["content-security-policy"]
    assert "server" not in page.headers


def test_a_refused_form_has_the_headers_too(quiet_office: Pages) -> None:
    page = quiet_office.stranger().send("/in", {"email": "a@b.example"}, headers={})
    assert page.status == 403
    assert page.headers["x-frame-options"] == "DENY"


def test_the_cookie_is_for_this_host_and_no_script(quiet_office: Pages) -> None:
    page = quiet_office.stranger().send(link_to(quiet_office, CLIENT), follow=False)
    cookie = page.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Domain" not in cookie


def send_head(pages: Pages, path: str, cookie: str = "", **headers: str) -> tuple[int, bool]:
    """Send the head of a form; return the status of the answer, and whether its body was asked for."""
    said = {"host": urlsplit(pages.settings.base_url).netloc, "content-length": "9", **headers}
    said |= {"content-type": "application/x-www-form-urlencoded", "cookie": f"kantoor={cookie}"}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in said.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
    }
    statuses, asked = [], []

    async def receive() -> dict[str, object]:
        asked.append(True)
        return {"type": "http.request", "body": b"email=a@b", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    asyncio.run(pages.app(scope, receive, send))
    return statuses[0], bool(asked)


def test_a_form_is_judged_before_it_is_read(quiet_practice: Pages) -> None:
    ours = {"origin": quiet_practice.settings.base_url}
    client = quiet_practice.client_of(CLIENT).http.cookies["kantoor"]
    assert send_head(quiet_practice, "/in", host="elders.example", **ours) == (421, False)
    assert send_head(quiet_practice, "/in", origin="https://elders.example") == (403, False)
    assert send_head(quiet_practice, "/beheer/medewerkers", client, **ours) == (404, False)
    assert send_head(quiet_practice, "/in", **ours) == (200, True)
    assert send_head(quiet_practice, "/beheer/medewerkers", **ours) == (401, True)


@pytest.mark.parametrize(
    ("who", "path", "size", "status"),
    [
        ("", "/in", 1_100_000, 413),
        ("", "/opdrachten/btw-aangifte/1001/2026-01", 1_100_000, 413),
        (MEMBER, "/relaties", 1_100_000, 413),
        (MEMBER, "/opdrachten/btw-aangifte/1001/2026-01", 1_100_000, 404),
        (MEMBER, "/opdrachten/btw-aangifte/1001/2026-01", 30_100_000, 413),
    ],
)
def test_a_form_may_be_as_long_as_its_page_takes_and_is_else_told_as_a_page(
    quiet_practice: Pages, who: str, path: str, size: int, status: int
) -> None:
    browser = quiet_practice.client_of(who) if who else quiet_practice.stranger()
    page = browser.send(path, {}, [("bestand", ("groot.bin", b"x" * size, "application/octet-stream"))])
    assert page.status == status
    assert page.heading
    assert ("te veel" in page.words) == (status == 413)


def test_what_only_comes_while_it_is_read_is_cut_off_too(quiet_office: Pages) -> None:
    headers = {"Origin": quiet_office.settings.base_url, "Content-Type": "application/x-www-form-urlencoded"}
    parts = (b"email=", *(b"x" * 100_000 for _ in range(11)))
    answer = quiet_office.stranger().http.post("/in", content=iter(parts), headers=headers)
    assert answer.status_code == 413


@pytest.mark.parametrize(("files", "status"), [(60, 404), (2001, 413)])
def test_a_form_has_room_for_each_file_field_of_a_long_list_and_says_when_there_are_too_many(
    quiet_practice: Pages, files: int, status: int
) -> None:
    chosen = [(f"bestand-{one}", ("a.pdf", b"%PDF-1.7", "application/pdf")) for one in range(files)]
    page = quiet_practice.client_of(MEMBER).send("/opdrachten/btw-aangifte/1001/2026-01", {}, chosen)
    assert page.status == status
    assert ("te veel bestanden: hoogstens 2000 tegelijk" in page.words) == (status == 413)


def test_a_page_that_takes_no_files_says_that_the_form_is_wrong(quiet_practice: Pages) -> None:
    chosen = [("bestand", ("a.pdf", b"%PDF-1.7", "application/pdf"))]
    assert quiet_practice.client_of(MEMBER).send("/relaties", {}, chosen).status == 400


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"--x\r\nrommel", "multipart/form-data; boundary=x"),
        (b"rommel", "multipart/form-data"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"", "text/plain"),
    ],
)
def test_a_form_that_is_no_form_is_answered_by_a_page(quiet_office: Pages, content: bytes, kind: str) -> None:
    headers = {"Origin": quiet_office.settings.base_url, "Content-Type": kind}
    answer = quiet_office.stranger().http.post("/in", content=content, headers=headers)
    assert answer.status_code in (400, 422)
    assert "<h1>" in answer.text


def test_two_thousand_fields_are_enough(quiet_office: Pages) -> None:
    files = [(f"v{number}", ("", b"", "text/plain")) for number in range(60)]
    assert quiet_office.stranger().send("/in", {}, files).status in (400, 422)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_find_no_page(quiet_office: Pages, method: str) -> None:
    answer = quiet_office.stranger().http.request(method, "/in")
    assert answer.status_code in (404, 405)


def test_a_page_may_be_asked_for_its_head(quiet_office: Pages) -> None:
    browser = quiet_office.client_of(CLIENT)
    assert browser.http.head("/mijn").status_code == 200
    assert browser.http.head("/gezond").status_code == 200
    assert browser.http.head("/werk").status_code == 404


def test_a_page_that_has_not_changed_is_not_sent_again(quiet_office: Pages) -> None:
    browser = quiet_office.client_of(CLIENT)
    first = browser.open("/mijn")
    again = browser.open("/mijn", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")
    assert again.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/opdrachten/btw-aangifte/1001/2026-01", "/werk", "/mijn"])
def test_who_is_not_signed_in_is_asked_to(quiet_office: Pages, path: str) -> None:
    page = quiet_office.stranger().open(path)
    assert (page.status, page.heading) == (401, "Log eerst in")


def test_a_session_that_ended_in_the_middle_of_a_form_loses_nothing_and_does_nothing(
    quiet_practice: Pages,
) -> None:
    path, story = "/opdrachten/btw-aangifte/1001/2026-01", 'Regel 1\nRegel 2 <script>"&é</script>'
    page = quiet_practice.stranger().send(path, {"doen": "notitie", "tekst": story, "act": "a" * 32})
    assert (page.status, page.heading) == (401, "Log eerst in")
    assert page.find_form("Ik ben weer ingelogd").get("action") == path
    fields = dict(page.fields("Ik ben weer ingelogd"))
    assert (fields["tekst"].replace("\r\n", "\n"), fields["act"]) == (story, "a" * 32)
    assert page.tree.xpath("string(//dt[.='Tekst']/following-sibling::dd)").replace("\r", "") == story
    assert "notitie" not in page.words
    assert "<script>" not in page.text.replace('<script src="/static/kantoor.js" type="module">', "")


def test_what_was_typed_before_a_session_ended_is_taken_from_that_person_alone(
    quiet_practice: Pages,
) -> None:
    path = "/relaties/1001/gegevens/wijzigen"
    form = quiet_practice.client_of("marieke").open(path)
    kept = quiet_practice.stranger().send(path, form.fields("Bewaar"))
    assert kept.heading == "Log eerst in"
    assert (
        kept.tree.xpath("string(//dt[.='Naam']/following-sibling::dd)")
        == dict(form.fields("Bewaar"))["v-name"]
    )
    assert "organisation" not in kept.words
    fields = kept.fields("Ik ben weer ingelogd")
    other = quiet_practice.client_of("sanne").send(path, fields)
    assert (other.status, "Er is niets gedaan" in other.words) == (409, True)
    assert not [value for name, value in fields if name != "wie" and len(value) > 8 and value in other.text]
    assert quiet_practice.client_of("marieke").send(path, fields).status != 409


def test_files_that_a_lost_session_cannot_keep_are_told(quiet_office: Pages) -> None:
    path = "/opdrachten/btw-aangifte/1001/2026-01"
    chosen = [("bestand", ("a.csv", b"x", "text/csv"))]
    empty = [("bestand", ("", b"", "application/octet-stream"))]
    assert "opnieuw kiezen" in quiet_office.stranger().send(path, {"doen": "x"}, chosen).words
    assert "opnieuw kiezen" not in quiet_office.stranger().send(path, {"doen": "x"}, empty).words


def test_with_the_database_away_every_page_says_so(quiet_office: Pages) -> None:
    gone = away(quiet_office)
    browser = gone.stranger()
    browser.http.cookies.set("kantoor", "x" * 43)
    for path in ("/", "/mijn", "/in/verzonnen", "/werk", "/bestaat-niet"):
        page = browser.open(path)
        assert (page.status, page.heading) == (503, "Het kantoor is even niet bereikbaar."), path
        assert page.headers["content-security-policy"]
    assert browser.open("/gezond").status == 503


def test_with_the_database_away_what_was_typed_is_kept(quiet_office: Pages) -> None:
    page = away(quiet_office).stranger().send("/in", {"email": "anja@korenaar.example"})
    assert page.status == 503
    assert ("email", "anja@korenaar.example") in page.fields("Herhaal")


def test_no_address_or_secret_is_in_the_log(quiet_office: Pages, caplog: pytest.LogCaptureFixture) -> None:
    path = link_to(quiet_office, CLIENT)
    with caplog.at_level(logging.INFO, "kantoor.portal"):
        quiet_office.stranger().open(path).press("Ja, log mij in")
        quiet_office.stranger().send("/in", {"email": "anja@korenaar.example"})
    lines = [record.getMessage() for record in caplog.records if record.name == "kantoor.portal"]
    assert any(re.search(r"POST /in/\{token\} 303", line) for line in lines), lines
    assert not any(path in line or "anja" in line for line in lines)


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("/werk", True),
        ("/", True),
        ("/opdrachten/btw-aangifte/1001/2026-01", True),
        ("/inzichten?fase=aanbieden&p=2", True),
        ("//elders.example", False),
        ("/\\elders.example", False),
        ("https://elders.example", False),
        ("javascript:alert(1)", False),
        ("/werk\r\nSet-Cookie: a=b", False),
        ("/%2f%2felders.example", False),
        ("", False),
    ],
)
def test_only_a_path_of_our_own_is_gone_on_to(path: str, ours: bool) -> None:
    assert bool(own_path(path)) == ours


def test_over_https_the_cookie_is_held_to_this_host(quiet_office: Pages) -> None:
    settings = quiet_office.settings
    portal = settings.portal.model_copy(update={"base_url": "https://mijn.kantoor.example"})
    real = settings.model_copy(update={"portal": portal})
    pages = Pages(Desk(dataclasses.replace(quiet_office.desk.equipment, settings=real)))
    page = pages.stranger().send(link_to(pages, CLIENT), follow=False)
    assert page.status == 303
    assert re.match(
        r"__Host-kantoor=[\w-]{43}; HttpOnly; Path=/; SameSite=lax; Secure$", page.headers["set-cookie"]
    )
    assert pages.client_of(CLIENT).open("/mijn").status == 200
