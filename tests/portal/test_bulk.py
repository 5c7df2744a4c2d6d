"""The pages of bulk runs: a form, what would happen, the number repeated, what became of each line."""

import asyncio
from collections.abc import Callable
from datetime import date

import pytest

from kantoor.office import bulk as rows
from kantoor.office.database.tables import bulk_runs
from kantoor.service.desk import Desk
from tests.portal.visitors import Browser, Page, Pages
from tests.service.town import NOT_READY, Town

FORM = {"actie": "start", "werkproces": "btw-aangifte", "periode": "januari 2026"}
SHOW = "Toon wat er zou gebeuren"


@pytest.fixture
def marieke(pages: Pages) -> Browser:
    return pages.client_of("marieke")


def ask(browser: Browser, *relations: str, **typed: str) -> Page:
    form = {**FORM, "relaties": "\n".join(relations), **typed}
    return browser.open("/bulk/nieuw").press(SHOW, form)


def until(town: Town, browser: Browser, path: str, holds: Callable[[Page], bool]) -> Page:
    """Look at a page until it is so."""

    async def scene(desk: Desk) -> Page:
        async with asyncio.timeout(90):
            while not holds(page := browser.open(path)):
                await asyncio.sleep(0.05)
            return page

    return town.play(scene)


def test_it_is_shown_confirmed_and_followed(pages: Pages, town: Town, marieke: Browser) -> None:
    relation = town.relation()
    page = ask(marieke, relation, NOT_READY)
    assert page.heading.startswith("Aangifte btw over januari 2026 starten")
    assert "Indienen via SBR staat uit" in page.words
    assert town.filings(relation=relation) == ()
    wrong = page.press("Voer uit", {"aantal": "2"})
    assert (wrong.status, town.filings(relation=relation)) == (409, ())
    assert (
        wrong.problem == "Dit gaat over 1 regel, en u bevestigde een ander aantal. Typ het aantal dat u ziet."
    )
    assert wrong.wrong_field == "aantal"
    going = wrong.press("Voer uit", {"aantal": "1"})
    assert going.word == "De bulkactie wordt uitgevoerd."
    done = until(town, marieke, going.path, lambda one: "gestart" in one.words)
    assert f"/opdrachten/btw-aangifte/{relation}/2026-01" in done.links
    assert "Aangifte btw over januari 2026" in done.tree.xpath("string(//tbody/tr)")
    assert f"btw-aangifte/{relation}" not in done.words
    assert len(town.filings(relation=relation)) == 1
    assert going.path in marieke.open("/bulk").links


def test_a_dry_run_that_no_longer_holds_is_made_again_by_who_made_it(
    pages: Pages, town: Town, marieke: Browser
) -> None:
    relation = town.relation()
    page = ask(marieke, relation, NOT_READY)
    with pages.desk.equipment.database.write() as connection:
        number = int(page.path.rpartition("/")[2])
        yesterday = bulk_runs.update().where(bulk_runs.c.number == number).values(day=date(2026, 2, 2))
        connection.execute(yesterday)
    over = marieke.open(page.path)
    assert "Deze proef is van een andere dag" in over.words
    button = "//button[contains(., 'proef opnieuw')]"
    shown_to = {
        who: pages.client_of(who).open(page.path).tree.xpath(button) != [] for who in ("marieke", "tom")
    }
    assert shown_to == {"marieke": True, "tom": False}
    again = over.press("Maak de proef opnieuw")
    assert again.path != page.path
    assert (again.heading, relation in again.words, NOT_READY in again.words) == (page.heading, True, True)
    assert over.press("Maak de proef opnieuw").path == again.path, "pressed twice, it is made once"
    held = marieke.send(again.path, {"doen": "opnieuw"})
    assert held.problem.startswith("Deze proef geldt nog")


def test_relations_are_edited_and_that_is_taken_back(town: Town, marieke: Browser) -> None:
    relation = town.relation()
    typed = {"actie": "set", "gegeven": "ideal_enabled", "waarde": "ja"}
    page = ask(marieke, relation, **typed)
    assert (page.heading.startswith("iDEAL: ja"), "iDEAL: van nee naar ja." in page.words) == (True, True)
    done = page.press("Voer uit", {"aantal": "1"})
    assert done.word == "De wijzigingen zijn opgeslagen."
    changes = marieke.open(f"/relaties/{relation}/wijzigingen")
    assert done.path in changes.links
    back = done.press("Draai terug")
    assert back.heading.startswith(f"Bulkactie {done.path.rpartition('/')[2]} terugdraaien")
    assert "iDEAL: van ja naar nee." in back.words
    assert back.press("Voer uit", {"aantal": "1"}).word == "De wijzigingen zijn opgeslagen."


def test_what_was_changed_since_it_was_shown_is_not_said_to_be_saved(
    pages: Pages, town: Town, marieke: Browser
) -> None:
    one, other = town.relation(), town.relation()
    typed = {"actie": "set", "gegeven": "ideal_enabled", "waarde": "ja"}
    first, second = ask(marieke, one, **typed), ask(pages.client_of("sanne"), one, **typed)
    both = ask(marieke, other, one, **typed)
    assert second.press("Voer uit", {"aantal": "1"}).word == "De wijzigingen zijn opgeslagen."
    said = first.press("Voer uit", {"aantal": "1"}).word
    assert said == "Er is niets opgeslagen: wat u zag, is sindsdien veranderd."
    assert both.press("Voer uit", {"aantal": "2"}).word == "1 opgeslagen, 1 veranderd sinds u keek."


def test_the_lines_can_be_kept_as_a_file(town: Town, marieke: Browser) -> None:
    page = ask(marieke, town.relation(), NOT_READY)
    rows = marieke.open(f"{page.path}/csv").body.decode("utf-8-sig").splitlines()
    assert rows[0] == "relatie;naam;opdracht;proef;toelichting;uitkomst;uitslag"
    assert [row.split(";")[3] for row in rows[1:]] == ["kan", "kan niet"]


def test_only_who_made_it_confirms_it_and_anybody_of_the_office_stops_it(
    pages: Pages, town: Town, marieke: Browser
) -> None:
    path = ask(marieke, town.relation()).path
    page = pages.client_of("sanne").open(path)
    assert "kan die bevestigen" in page.words
    forced = page.browser.send(path, {"doen": "bevestigen", "aantal": "1"})
    assert forced.problem.startswith("Alleen wie de proef maakte")
    over = page.press("Doe het niet")
    assert over.word == "Geannuleerd. Er was nog niets gedaan."
    assert "Er is niets gedaan, geannuleerd op" in over.words
    assert not over.tree.xpath("//progress")
    (row,) = over.browser.open("/bulk").tree.xpath(f"//tr[.//a[@href='{path}']]")
    assert row.xpath("string(td[@data-what='Gedaan'])") == "0 van 1"
    assert "Geannuleerd door Sanne Visser" in over.words


@pytest.mark.parametrize(
    ("typed", "said", "field"),
    [
        ({"relaties": ""}, "Kies eerst voor welke relaties", "relaties"),
        ({"actie": ""}, "Kies wat er moet gebeuren.", "actie"),
        ({"periode": "ooit"}, "'ooit'", "periode"),
        ({"startdatum": "ooit"}, "'ooit'", "startdatum"),
        ({"periode": "2027-01"}, "ligt meer dan één periode vooruit", "periode"),
        ({"startdatum": "2020-01-01"}, "Klopt het jaar?", "startdatum"),
        ({"actie": "hold"}, "Geef een reden.", "reden"),
        ({"actie": "hold", "reden": "Akte", "tot": "2062-01-01"}, "Klopt het jaar?", "tot"),
        ({"actie": "set"}, "Kies een gegeven", "gegeven"),
        ({"actie": "add", "product": "aangifte-btw"}, "Kies de frequentie.", "frequentie"),
        ({"actie": "set_start"}, "Kies de dag", "startdatum"),
        ({"actie": "reassign", "reden": "ziek", "aan": "sanne"}, "Kies van wie het werk is.", "van"),
        ({"filter": "product:aangifte-btw"}, "niet beide", "filter"),
        ({"relaties": "", "filter": "frequentie:mand"}, "Bedoelt u 'maand'?", "filter"),
        ({"relaties": "", "filter": "naam:bestaatniet"}, "Het filter vindt geen enkele relatie.", "filter"),
        ({"reden": "x" * 1001}, "Dit is 1 teken te lang", "reden"),
        ({"filter": "x" * 2010}, "Dit is 10 tekens te lang", "filter"),
    ],
)
def test_what_cannot_be_asked_is_said_and_what_was_typed_is_still_there(
    marieke: Browser, typed: dict[str, str], said: str, field: str
) -> None:
    page = ask(marieke, "2001", **typed)
    assert page.status == 422
    assert said in page.problem
    assert not field or page.wrong_field == field
    kept = dict(page.fields(SHOW))
    assert kept["relaties"] == typed.get("relaties", "2001")
    assert kept["werkproces"] == "btw-aangifte"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"actie": "", "relaties": ""}, ["actie", "relaties"]),
        (
            {"periode": "xx", "startdatum": "32-13-2026", "relaties": "", "filter": "foo:bar sbr:x"},
            ["periode", "startdatum", "filter"],
        ),
        ({"actie": "reassign", "relaties": ""}, ["reden", "van", "aan", "relaties"]),
        ({"werkproces": "", "periode": "", "relaties": ""}, ["werkproces", "periode", "relaties"]),
        ({"actie": "add", "periode": "", "relaties": ""}, ["periode", "product", "frequentie", "relaties"]),
        ({"actie": "role", "relaties": ""}, ["rol", "medewerker", "relaties"]),
        ({"werkproces": "met-de-hand", "herhalen": "ja", "relaties": ""}, ["herhalen", "relaties"]),
        ({"actie": "end", "relaties": ""}, ["product", "laatste", "relaties"]),
        (
            {"periode": "2028-01", "startdatum": "2020-01-01", "relaties": ""},
            ["periode", "startdatum", "relaties"],
        ),
    ],
)
def test_all_that_is_wrong_is_told_at_once_each_beside_its_field(
    marieke: Browser, typed: dict[str, str], fields: list[str]
) -> None:
    page = ask(marieke, "2001", **typed)
    assert page.status == 422
    marked = [one.get("id") for one in page.tree.xpath("//*[@aria-invalid='true']")]
    assert sorted(marked) == sorted(fields)
    assert {str(one) for one in page.tree.xpath("//*[@class='problem']//a/@href")} == {
        f"#{field}" for field in fields
    }
    assert all(page.tree.get_element_by_id(f"{field}-fout").text_content().strip() for field in fields)


@pytest.mark.parametrize(
    "path", ["/bulk/99999", "/bulk/x", "/bulk/1e3", "/bulk/99999999999", "/bulk/99999/csv"]
)
def test_a_run_that_is_not_there_is_not_there(marieke: Browser, path: str) -> None:
    assert marieke.open(path).status == 404


def test_what_no_form_of_ours_asks_is_not_there(town: Town, marieke: Browser) -> None:
    path = ask(marieke, town.relation()).path
    assert marieke.send(path, {"doen": "alles"}).status == 404


def test_what_is_chosen_in_insights_is_what_a_bulk_run_is_for(town: Town, marieke: Browser) -> None:
    one, other = town.relation(), town.relation()
    found = marieke.open(f"/inzichten?filter=nummer:{one},{other}")
    ticked = found.press("Bulkactie voor deze relaties", {"relatie": [one]})
    assert dict(ticked.fields(SHOW))["relaties"] == one
    every = found.press("Bulkactie voor deze relaties", {"keuze": "alles"})
    assert dict(every.fields(SHOW))["filter"] == f"nummer:{one},{other}"
    run = every.press(SHOW, {key: value for key, value in FORM.items() if key != "relaties"})
    assert all(f"Bedrijf {number} B.V." in run.words for number in (one, other))


def test_a_form_begins_empty_whatever_its_address_says(marieke: Browser) -> None:
    kept = dict(marieke.open("/bulk/nieuw?reden=ziek&filter=naam:jansen&relaties=2001").fields(SHOW))
    assert [kept[name] for name in ("reden", "filter", "relaties")] == ["", "", ""]


def test_all_relations_without_a_filter_are_not_chosen_in_silence(marieke: Browser) -> None:
    asked = marieke.send("/bulk/kies", {"keuze": "alles", "filter": " "})
    assert (asked.status, asked.problem[:34]) == (422, "Zonder filter zijn dit alle relati")


def test_what_is_not_known_of_a_run_that_was_cancelled_has_no_button_to_try_again(
    town: Town, marieke: Browser
) -> None:
    path = ask(marieke, town.relation()).path

    async def leave(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            number = int(path.rpartition("/")[2])
            rows.change_status(connection, number, ["shown"], "cancelled")
            rows.set_lines(connection, number, ["open"], "unknown")

    town.play(leave)
    assert "Probeer opnieuw" not in marieke.open(path).words
