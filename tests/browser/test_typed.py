"""What a tab keeps of the forms of a page, and over what it comes back. Costs 20 s of CPU."""

import pytest

from tests.browser.links import link_of
from tests.browser.screens import Screen, Screens
from tests.portal.reading import RSIN
from tests.portal.test_pilots import TEMPLATE as PILOTED
from tests.portal.visitors import Pages
from tests.service.moving import managing
from tests.service.town import Town

pytestmark = pytest.mark.timeout(300)

WHO, OTHER = "marieke", "sanne"
AGAIN = "Wat u hier eerder invulde, is nog niet verstuurd."
NO_PLACE = "Dit vulde u in en is niet verstuurd."
NOT_KEPT = "Wat u hier typte, bewaren wij niet"
SHEET = "/relaties/1003/gegevens/wijzigen"
_KEPT = "Object.entries(sessionStorage).map(one => one.join('=')).join(' ')"
_AGE = """() => {
  for (const place of Object.keys(sessionStorage).filter(one => one.startsWith('getypt'))) {
    const older = JSON.parse(sessionStorage.getItem(place)).map(one => ({...one, at: one.at - 86400001}))
    sessionStorage.setItem(place, JSON.stringify(older))
  }
}"""


class Tab:
    """Somebody who types in a tab, and presses something else."""

    def __init__(self, screen: Screen, pages: Pages, person: str) -> None:
        self.page = screen.page
        self._base = pages.settings.base_url
        screen.page.goto(link_of(pages, person))
        self.press("Ja, log mij in")

    def open(self, path: str) -> "Tab":
        """Open a page of ours."""
        self.page.goto(self._base + path)
        return self

    def search(self) -> "Tab":
        """Press another form: the search above every page."""
        self.page.fill("header input[name=q]", "niemand")
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self

    def press(self, words: str) -> "Tab":
        """Press a button."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=words).first.click()
        return self

    def back(self) -> "Tab":
        """Go back, as a browser does."""
        self.page.go_back()
        return self

    def value(self, selector: str) -> str:
        """Return what is in a field."""
        return str(self.page.input_value(selector))

    @property
    def words(self) -> str:
        """Return what the page says."""
        return str(self.page.locator("main").inner_text())

    @property
    def kept(self) -> str:
        """Return all that the tab keeps."""
        return str(self.page.evaluate(_KEPT))


def test_each_kind_of_field_is_kept_and_two_opened_forms_share_nothing(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(SHEET)
        first, page = tab.page.url, tab.page
        page.fill("[name=v-group]", "Mijn groep")
        page.select_option("[name=v-language]", "en")
        radio = page.locator("[name=v-ideal_enabled]:not(:checked)").first
        chosen = radio.get_attribute("value")
        radio.check()
        page.check("[name=leeg][value=rsin]")
        tab.search().open(SHEET)
        assert (page.url != first, tab.value("[name=v-group]"), AGAIN in tab.words) == (True, "", False)
        page.fill("[name=v-group]", "Een andere")
        tab.search()
        page.goto(first)
        assert AGAIN in tab.words
        assert (tab.value("[name=v-group]"), tab.value("[name=v-language]")) == ("Mijn groep", "en")
        assert page.locator(f"[name=v-ideal_enabled][value={chosen}]").is_checked()
        assert page.is_checked("[name=leeg][value=rsin]")

    screens.play(scene)


def test_what_somebody_else_saved_meanwhile_stays_and_what_was_typed_over_it_is_told(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(SHEET)
        opened, page = tab.page.url, tab.page
        ideal = page.locator("[name=v-ideal_enabled]:checked").get_attribute("value")
        other = "nee" if ideal == "ja" else "ja"
        page.fill("[name=v-group]", "Mijn groep")
        page.fill("[name=v-kvk]", "00900777")
        page.select_option("[name=v-legal_form]", "rederij")
        tab.search()
        sent = {"v-group": "Groep van een ander", "v-legal_form": "cv", "v-ideal_enabled": other}
        assert reading.client_of(OTHER).open(SHEET).press("Bewaar", sent).word == "Opgeslagen."
        page.goto(opened)
        assert (tab.value("[name=v-group]"), tab.value("[name=v-legal_form]")) == (
            "Groep van een ander",
            "cv",
        )
        assert (tab.value("[name=v-kvk]"), NO_PLACE in tab.words, "Mijn groep" in tab.words) == (
            "00900777",
            True,
            True,
        )
        page.locator(f"[name=v-ideal_enabled][value={ideal}]").check()
        tab.search()
        back = {"v-ideal_enabled": ideal, "v-legal_form": "vof", "v-group": ""}
        assert reading.client_of(OTHER).open(SHEET).press("Bewaar", back).word == "Opgeslagen."
        page.goto(opened)
        assert page.locator(f"[name=v-ideal_enabled][value={ideal}]").is_checked()

    screens.play(scene)


def test_a_form_with_a_mistake_comes_back_as_it_was_typed_at_its_address_and_at_none(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open("/bulk/nieuw")
        page = tab.page
        page.fill("[name=periode]", "ooit")
        tab.press("Toon wat er zou gebeuren")
        opened = page.url
        tab.search()
        page.goto(opened)
        assert (tab.value("[name=periode]"), NO_PLACE in tab.words, AGAIN in tab.words) == (
            "ooit",
            False,
            False,
        )
        page.fill("[name=periode]", "later")
        tab.search()
        page.goto(opened)
        assert (tab.value("[name=periode]"), AGAIN in tab.words) == ("later", True), "it was mended in part"
        tab.search().open("/bulk/nieuw")
        assert (tab.value("[name=periode]"), AGAIN in tab.words) == ("later", True)

    screens.play(scene)


def test_what_is_looked_for_and_what_tells_who_somebody_is_are_kept_nowhere(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO)
        page = tab.page
        for path, field in (("/relaties", "zoek"), ("/opdrachten", "relatie"), ("/inzichten", "filter")):
            tab.open(path)
            page.fill(f"main [name={field}]", f"{RSIN} jan@x.nl")
            tab.search()
            assert "getypt" not in tab.kept
            assert AGAIN not in tab.open(path).words
        tab.open("/bulk/nieuw")
        page.fill("[name=filter]", RSIN)
        page.fill("[name=relaties]", "5001")
        page.fill("[name=periode]", "2026-03")
        tab.search()
        assert (RSIN in tab.kept, "5001" in tab.kept, "2026-03" in tab.kept) == (False, False, True)
        tab.open("/bulk/nieuw")
        assert (tab.value("[name=filter]"), tab.value("[name=periode]"), NOT_KEPT in tab.words) == (
            "",
            "2026-03",
            True,
        )
        tab.open("/inzichten")
        page.check("input[value='5010']")
        tab.press("Bulkactie")
        assert (tab.value("[name=relaties]"), tab.value("[name=periode]")) == ("5010", "2026-03")
        tab.open("/nieuwe-relatie")
        for name, text in (
            ("bsn", "123456782"),
            ("email", "jan@x.nl"),
            ("phone", "0612345678"),
            ("name", "Jan"),
        ):
            page.fill(f"[name=v-{name}]", text)
        tab.search()
        assert [one in tab.kept for one in ("123456782", "jan@x.nl", "0612345678", "Jan")] == [False] * 3 + [
            True
        ]
        tab.open("/nieuwe-relatie")
        assert (tab.value("[name=v-name]"), tab.value("[name=v-bsn]")) == ("Jan", "")
        assert tab.words.count(NOT_KEPT) == 3

    screens.play(scene)


def test_what_is_a_day_old_or_of_somebody_who_left_goes_from_the_tab(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO)
        for leave in (lambda: tab.page.evaluate(_AGE), tab.page.context.clear_cookies):
            tab.open("/bulk/nieuw")
            tab.page.fill("[name=periode]", "2026-03")
            tab.search()
            assert "2026-03" in tab.kept
            leave()
            tab.open("/werk")
            assert "getypt" not in tab.kept
        assert screen.heading == "Log eerst in"
        tab = Tab(screen, reading, WHO).open("/bulk/nieuw")
        tab.page.fill("[name=periode]", "2026-03")
        tab.search()
        assert "getypt" not in Tab(screen, reading, OTHER).kept

    screens.play(scene)


def test_the_other_day_of_the_clock_comes_back_in_its_own_form(
    screens: Screens, pages: Pages, town: Town
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, pages, "marieke").open("/beheer/systeem")
        tab.page.fill("#day", "2030-01-31")
        tab.search().open("/beheer/systeem")
        assert (tab.value("#day"), NO_PLACE in tab.words) == ("2030-01-31", False)

    with managing(town, "marieke"):
        screens.play(scene)


def test_going_back_after_a_message_a_note_or_a_remark_shows_nothing_that_was_sent(
    screens: Screens, pages: Pages, town: Town, piloted: str
) -> None:
    filing, on_pilot = town.begun(), town.begun(piloted, template=PILOTED)

    def write(tab: Tab, path: str, field: str, button: str, done: str) -> None:
        tab.open(path)
        tab.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        tab.page.fill(field, "Eén keer")
        tab.press(button)
        assert done in tab.words
        tab.back()
        assert tab.value(field) == "", path
        tab.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        tab.page.fill(field, "Nog niet verstuurd")
        tab.open("/").back()
        assert tab.value(field) == "Nog niet verstuurd", path

    def scene(screen: Screen) -> None:
        tab = Tab(screen, pages, "sanne")
        write(tab, f"/opdrachten/{filing.name}", "form#notitie textarea", "Bewaren", "Genoteerd.")
        tab = Tab(screen, pages, filing.client)
        chat = f"/mijn/{pages.key_of(filing.name)}/gesprek"
        write(tab, chat, "textarea[name=bericht]", "Versturen", "Uw bericht is verstuurd.")
        tab = Tab(screen, pages, on_pilot.client)
        write(tab, f"/mijn/{pages.key_of(on_pilot.name)}", "textarea[name=opmerking]", "Versturen", "Bedankt")

    screens.play(scene)
