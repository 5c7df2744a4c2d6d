"""Links that sign in, asking for a new one, and sessions."""

import asyncio
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import pytest
from sqlalchemy import delete, select

from kantoor.emails import comparable
from kantoor.mail.catcher import list_caught
from kantoor.office.database.tables import alarms, attempts, contacts, sessions, sign_in_links, team
from kantoor.office.exchange import Imported
from kantoor.office.people import find_person
from kantoor.office.visits.sign_in_links import make_link
from kantoor.office.visits.tokens import digest_token
from kantoor.runtime.link_mails import send_links_again
from kantoor.service.relations.relations import import_relations, remove
from kantoor.service.upkeep.system_pages import read_system
from kantoor.service.visiting import visiting
from tests.counting import count_statements
from tests.portal.quiet import CLIENT, MEMBER, OTHER_CLIENT, caught_mail, link_to, links_in
from tests.portal.visitors import Page, Pages

IN = "Ja, log mij in"
NEW = "Stuur mij een nieuwe link"


def press(pages: Pages, path: str) -> Page:
    """Press the button of a link that works, in a browser of its own."""
    return pages.stranger().open(path).press(IN)


def later(monkeypatch: pytest.MonkeyPatch, **passed: float) -> None:
    moment = datetime.now(UTC) + timedelta(**passed)
    monkeypatch.setattr(visiting, "_now", lambda: moment)


def signs_in(pages: Pages, path: str) -> bool:
    found = pages.stranger().send(path, follow=False)
    assert found.status in (303, 404)
    return found.status == 303


def changes(statements: list[str]) -> list[str]:
    return [one for one in statements if one.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))]


def mailed(pages: Pages, number: int) -> str:
    """Return the path of a link as one mail to the client held it."""
    at = datetime.now(UTC)
    with pages.desk.equipment.database.write() as connection:
        email = connection.execute(select(contacts.c.email).where(contacts.c.id == CLIENT)).scalar_one()
        until = at + timedelta(days=1)
        return "/in/" + make_link(connection, CLIENT, comparable(email), at=at, until=until, number=number)


def test_a_scanner_that_opens_a_link_uses_nothing_up(quiet_office: Pages) -> None:
    path = link_to(quiet_office, CLIENT)
    with count_statements(quiet_office.desk.equipment.database) as statements:
        for _ in range(3):
            page = quiet_office.stranger().open(path)
            assert page.status == 200
            assert "Anja Bakker" in page.words
        assert quiet_office.stranger().http.head(path).status_code == 200
    assert not changes(statements)
    assert press(quiet_office, path).heading == "Wat wacht op mij"


def test_a_link_lives_after_it_was_used(quiet_office: Pages) -> None:
    path = link_to(quiet_office, CLIENT)
    assert signs_in(quiet_office, path)
    assert signs_in(quiet_office, path)


def test_an_expired_link_offers_a_new_one(quiet_office: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    path = link_to(quiet_office, CLIENT)
    later(monkeypatch, days=31)
    page = quiet_office.stranger().open(path)
    assert (page.status, page.heading) == (404, "Inloggen lukt niet met deze link")
    assert page.find_form(NEW) is not None
    assert not signs_in(quiet_office, path)


@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "%2e%2e%2fwerk", "a%0d%0ab", "%F0%9F%98%80"])
def test_a_mangled_link_says_so_and_signs_nobody_in(quiet_office: Pages, token: str) -> None:
    page = quiet_office.stranger().open(f"/in/{token}")
    assert page.status == 404
    assert quiet_office.stranger().send(f"/in/{token}", follow=False).status == 404


@pytest.mark.parametrize(("who", "file"), [(OTHER_CLIENT, "contacts"), (MEMBER, "team")])
def test_links_and_sessions_end_with_the_address_they_were_of_and_stay_dead_when_it_comes_back(
    quiet_office: Pages, tmp_path: Path, who: str, file: str
) -> None:
    desk = quiet_office.desk
    with desk.equipment.database.read() as connection:
        person = find_person(connection, who)
    assert person is not None
    first, home = link_to(quiet_office, who), "/mijn" if file == "contacts" else "/werk"
    inside, another = quiet_office.client_of(who), quiet_office.client_of(CLIENT)
    for address in ("nieuw@elders.example", person.email):
        key = "contact" if file == "contacts" else "member"
        (tmp_path / f"{file}.csv").write_text(f"{key};name;email\n{who};{person.name};{address}\n")
        assert isinstance(import_relations(desk, tmp_path), Imported)
        assert inside.open(home).status == 401
        assert not signs_in(quiet_office, first)
        assert signs_in(quiet_office, link_to(quiet_office, who))
        inside = quiet_office.client_of(who)
    (tmp_path / f"{file}.csv").write_text(
        f"{key};name;email\n{who};{person.name};{str(person.email).upper()}\n"
    )
    assert isinstance(import_relations(desk, tmp_path), Imported)
    assert inside.open(home).status == another.open("/mijn").status == 200


def test_who_was_of_a_removed_relation_alone_is_signed_out_for_whoever_gets_their_id(
    quiet_office: Pages, tmp_path: Path
) -> None:
    desk, head = quiet_office.desk, "contact;name;email;relation\n"
    (tmp_path / "relations.csv").write_text("number;name\n9001;Totaal\n")
    contacts = f"{head}c-som;Som;som@x.example;9001\nc-piet;Piet Jansen;piet@schilderjansen.example;9001\n"
    (tmp_path / "contacts.csv").write_text(contacts)
    assert isinstance(import_relations(desk, tmp_path), Imported)
    first, inside, another = (
        link_to(quiet_office, "c-som"),
        *map(quiet_office.client_of, ("c-som", OTHER_CLIENT)),
    )
    assert isinstance(remove(desk, "9001", agreed=True), dict)
    assert not signs_in(quiet_office, first)
    (tmp_path / "contacts.csv").write_text(f"{head}c-som;Iemand Anders;som@x.example;9002\n")
    (tmp_path / "relations.csv").write_text("number;name\n9002;Ander\n")
    assert isinstance(import_relations(desk, tmp_path), Imported)
    assert inside.open("/mijn").status == 401
    assert not signs_in(quiet_office, first)
    assert another.open("/mijn").status == 200
    assert isinstance(remove(desk, "9002", agreed=True), dict)


def test_links_of_a_repeated_mail_live_until_one_is_used(quiet_office: Pages) -> None:
    first, second, of_other_mail = mailed(quiet_office, 7), mailed(quiet_office, 7), mailed(quiet_office, 8)
    assert quiet_office.stranger().open(first).status == 200
    assert signs_in(quiet_office, second)
    assert not signs_in(quiet_office, first)
    assert signs_in(quiet_office, second)
    assert signs_in(quiet_office, of_other_mail)


def test_a_link_that_was_asked_for_replaces_the_others_once_it_is_used(
    quiet_office: Pages, mail: Path
) -> None:
    old = mailed(quiet_office, 9)
    page = quiet_office.stranger().send("/in", {"email": " Anja@Korenaar.example "})
    assert page.heading == "Kijk in uw mail"
    (new,) = links_in(mail)
    assert quiet_office.stranger().open(old).status == 200
    assert signs_in(quiet_office, new)
    assert not signs_in(quiet_office, old)


def test_who_holds_an_old_link_gets_a_new_one_by_mail_alone(
    quiet_office: Pages, mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = link_to(quiet_office, CLIENT)
    with monkeypatch.context() as patch:
        later(patch, days=31)
        page = quiet_office.stranger().open(old).press(NEW)
    assert page.heading == "Kijk in uw mail"
    assert "/in/" not in page.text.replace('href="/in"', "")
    (new,) = links_in(mail)
    assert new != old
    assert press(quiet_office, new).heading == "Wat wacht op mij"


def test_who_reads_english_is_mailed_in_english_and_told_that_the_pages_are_in_dutch(
    quiet_office: Pages, mail: Path
) -> None:
    database, theirs = quiet_office.desk.equipment.database, contacts.c.id == CLIENT
    with database.write() as connection:
        before = connection.execute(select(contacts.c.language, contacts.c.salutation).where(theirs)).one()
        connection.execute(contacts.update().where(theirs).values(language="en", salutation=""))
    try:
        quiet_office.stranger().send("/in", {"email": "anja@korenaar.example"})
        (caught,), (path,) = list_caught(mail), links_in(mail)
        door = quiet_office.stranger().open(path)
        page = press(quiet_office, path)
    finally:
        with database.write() as connection:
            connection.execute(contacts.update().where(theirs).values(**before._asdict()))
    assert caught.subject == "Your link to sign in"
    assert caught.text.startswith("Dear Anja ")
    for shown in (door, page):
        (told,) = shown.tree.xpath("//main//*[@lang='en']")
        assert "are in Dutch" in told.text_content()
    assert not press(quiet_office, link_to(quiet_office, CLIENT)).tree.xpath("//main//*[@lang='en']")


def test_a_stranger_learns_nothing_by_asking_for_a_link(quiet_office: Pages, mail: Path) -> None:
    known = quiet_office.stranger().send("/in", {"email": "marieke@delinde.example"})
    unknown = quiet_office.stranger().send("/in", {"email": "niemand@nergens.example"})
    assert (known.status, known.text) == (unknown.status, unknown.text)
    assert len(links_in(mail)) == 1


def test_with_the_mail_server_away_the_same_is_said_the_office_is_told_and_a_link_goes_out_once_it_is_back(
    quiet_office: Pages,
) -> None:
    equipment = quiet_office.desk.equipment

    def list_told() -> list[tuple[str, str]]:
        with equipment.database.read() as connection:
            found = connection.execute(select(alarms).where(alarms.c.kind.startswith("link_"))).all()
        assert not any("ruud" in one.text + one.filing and "@" in one.text for one in found)
        return [(one.kind, one.filing) for one in found]

    def look_after() -> None:
        asyncio.run(send_links_again(equipment))
        with equipment.database.write() as connection:
            connection.execute(delete(attempts))  # the minute before the next try is over

    known = quiet_office.stranger().send("/in", {"email": "ruud@delinde.example"})
    unknown = quiet_office.stranger().send("/in", {"email": "ruud@nergens.example"})
    assert (known.status, known.text) == (unknown.status, unknown.text)
    quiet_office.stranger().send("/in?naar=/mijn", {"email": "anja@korenaar.example"})
    assert list_told() == [("link_not_sent", "person/ruud"), ("link_not_sent", "relation/1001")]
    shown = read_system(quiet_office.desk, date(2026, 2, 1))
    assert [one.state for one in shown.programs if one.name == "mail"] == ["silent"]
    assert {(one.state, one.about.member or one.about.relation) for one in shown.mails} == {
        ("tried", "ruud"),
        ("tried", "1001"),
    }
    look_after()
    assert len(list_told()) == 2
    shutil.rmtree(quiet_office.settings.mailbox, ignore_errors=True)
    with caught_mail(quiet_office.settings) as folder:
        look_after()
        assert list_told() == []
        assert all(signs_in(quiet_office, link) for link in links_in(folder))
        assert len(links_in(folder)) == 2
        look_after()
        assert len(links_in(folder)) == 2


def test_an_address_may_ask_for_five_links_an_hour_and_is_counted_in_rows(
    quiet_office: Pages, mail: Path
) -> None:
    asked = [quiet_office.stranger().send("/in", {"email": "sanne@delinde.example"}) for _ in range(6)]
    assert [page.status for page in asked] == [200] * 5 + [429]
    assert asked[-1].heading == "Er is geen link gestuurd"
    assert len(links_in(mail)) == 5
    with quiet_office.desk.equipment.database.read() as connection:
        rows = [row.what for row in connection.execute(select(attempts.c.what))]
    assert any(one.startswith("new_link:") for one in rows)
    assert not any("sanne" in one for one in rows)


def test_nobody_who_has_the_database_alone_can_guess_who_tried_or_who_was_mailed(
    quiet_office: Pages, mail: Path
) -> None:
    quiet_office.stranger().send("/in", {"email": "tom@delinde.example"})
    quiet_office.stranger().send("/in/verzonnen")
    link_to(quiet_office, CLIENT)
    guesses = {digest_token(one) for one in ("tom@delinde.example", "anja@korenaar.example", "testclient")}
    with quiet_office.desk.equipment.database.read() as connection:
        tried = [row.what.partition(":")[2] for row in connection.execute(select(attempts.c.what))]
        kept = [row.address for row in connection.execute(select(sign_in_links.c.address))]
    assert len(tried) >= 3
    assert not guesses & {*tried, *kept}


def test_a_failed_sign_in_changes_one_row_and_reads_nothing_as_a_writer(quiet_office: Pages) -> None:
    quiet_office.stranger().send("/in/verzonnen")
    with count_statements(quiet_office.desk.equipment.database) as statements:
        quiet_office.stranger().send("/in/verzonnen")
    begun = statements.index("BEGIN IMMEDIATE")
    assert [one.split()[0] for one in statements[begun + 1 : begun + 3]] == ["UPDATE", "SELECT"]
    assert changes(statements) == [statements[begun + 1]]


@pytest.mark.parametrize(
    ("who", "address", "going", "arrives"),
    [
        (CLIENT, "anja@korenaar.example", "/aangiften", "/aangiften"),
        (CLIENT, "anja@korenaar.example", "/werk", "/mijn"),
        (MEMBER, "tom@delinde.example", "/relaties?zoek=bakker&pagina=1", "/relaties?zoek=bakker&pagina=1"),
        (MEMBER, "tom@delinde.example", "/mijn", "/werk"),
    ],
)
def test_a_link_that_was_asked_for_leads_to_where_somebody_was_going(
    quiet_practice: Pages, mail: Path, who: str, address: str, going: str, arrives: str
) -> None:
    page = quiet_practice.stranger().open(going)
    assert page.status == 401
    page.press("Stuur mij een link", {"email": address})
    (link,) = links_in(mail)
    assert quiet_practice.stranger().send(link, follow=False).headers["location"] == arrives


@pytest.mark.parametrize(
    "going", ["//elders.example", "https://elders.example", "/\\elders.example", "/" + "x" * 2000]
)
def test_a_link_never_leads_elsewhere(quiet_practice: Pages, mail: Path, going: str) -> None:
    quiet_practice.stranger().send("/in", {"email": "piet@smit.example", "naar": going})
    quiet_practice.stranger().send("/in", {"email": "joost@delinde.example", "naar": going})
    for link in links_in(mail):
        location = quiet_practice.stranger().send(link, follow=False).headers["location"]
        assert location in ("/werk", "/mijn")
    page = quiet_practice.stranger().open("/in?" + urlencode({"naar": going}))
    assert "naar" not in dict(page.fields("Stuur mij een link"))


def test_what_is_no_address_is_told_beside_the_field(quiet_office: Pages) -> None:
    page = quiet_office.stranger().send("/in", {"email": "anja"})
    assert page.status == 422
    assert "e-mailadres" in page.problem
    assert page.wrong_field == "email"
    assert page.tree.xpath("//input[@id='email']/@value") == ["anja"]


def test_who_fails_too_often_from_one_place_waits(
    quiet_office: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visiting, "MOST_SIGN_INS", 3)
    later(monkeypatch, hours=5)
    path = link_to(quiet_office, CLIENT)
    browser = quiet_office.stranger()
    for _ in range(3):
        assert browser.send("/in/verzonnen").words.count("bestaat niet") == 1
    assert "te vaak" in browser.send(path).words
    later(monkeypatch, hours=6)
    assert signs_in(quiet_office, path)


def test_a_link_in_the_database_signs_nobody_in(quiet_office: Pages) -> None:
    link_to(quiet_office, CLIENT)
    quiet_office.client_of(CLIENT)
    with quiet_office.desk.equipment.database.read() as connection:
        kept = [row.token for row in connection.execute(select(sign_in_links.c.token))]
        held = [row.token for row in connection.execute(select(sessions.c.token))]
    assert not any(signs_in(quiet_office, f"/in/{token}") for token in kept[-3:])
    browser = quiet_office.stranger()
    browser.http.cookies.set("kantoor", held[-1])
    assert browser.open("/mijn").status == 401


def test_signing_out_ends_the_session_and_explains(quiet_office: Pages) -> None:
    browser = quiet_office.client_of(CLIENT)
    stolen = browser.http.cookies["kantoor"]
    page = browser.open("/mijn").press("Uitloggen")
    assert (page.status, page.heading, page.path) == (200, "U bent uitgelogd", "/uit")
    assert browser.open("/uit").heading == "U bent uitgelogd", "loaded again, nothing is sent"
    assert quiet_office.client_of(CLIENT).open("/uit").path == "/mijn"
    thief = quiet_office.stranger()
    thief.http.cookies.set("kantoor", stolen)
    assert thief.open("/mijn").status == 401


def test_a_session_expires(quiet_office: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = quiet_office.client_of(CLIENT)
    later(monkeypatch, hours=11)
    assert browser.open("/mijn").status == 200
    later(monkeypatch, hours=13)
    assert browser.open("/mijn").status == 401


def test_the_session_of_a_colleague_who_left_shows_nothing(quiet_practice: Pages) -> None:
    browser = quiet_practice.client_of("joost")
    assert browser.open("/werk").status == 200
    path = link_to(quiet_practice, "joost")
    database = quiet_practice.desk.equipment.database
    with database.write() as connection:
        connection.execute(team.update().where(team.c.id == "joost").values(active=False))
    assert browser.open("/werk").status == 401
    assert not signs_in(quiet_practice, path)
    with database.write() as connection:
        connection.execute(team.update().where(team.c.id == "joost").values(active=True))


def test_another_link_in_the_same_browser_ends_the_session_before(quiet_practice: Pages) -> None:
    browser = quiet_practice.client_of(CLIENT)
    before = browser.http.cookies["kantoor"]
    browser.open(link_to(quiet_practice, MEMBER)).press(IN)
    assert browser.open("/werk").status == 200
    other = quiet_practice.stranger()
    other.http.cookies.set("kantoor", before)
    assert other.open("/mijn").status == 401


@pytest.mark.parametrize(("who", "path"), [(CLIENT, "/mijn"), (MEMBER, "/werk")])
def test_a_page_that_is_read_writes_nothing(quiet_practice: Pages, who: str, path: str) -> None:
    browser = quiet_practice.client_of(who)
    with count_statements(quiet_practice.desk.equipment.database) as statements:
        assert browser.open(path).status == 200
    assert statements
    assert not changes(statements)
