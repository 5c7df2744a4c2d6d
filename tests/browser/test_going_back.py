"""What Back shows: how it is by now, and what was typed and not sent. Costs 30 s of CPU."""

from typing import Any

import pytest

from tests.browser.screens import Screen, Screens
from tests.browser.test_typed import AGAIN, NO_PLACE, NOT_KEPT, OTHER, SHEET, WHO, Tab
from tests.portal.reading import RSIN
from tests.portal.test_safety import away
from tests.portal.visitors import Pages
from tests.service.town import Town, elfproef

pytestmark = pytest.mark.timeout(300)

NEW = "/nieuwe-relatie"
MAYBE = "Wat u hier verstuurde, is misschien niet gedaan."
ELSEWHERE = "U vulde hier eerder iets in dat niet is verstuurd."
KEPT_WHOLE = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
"""As a browser does that kept a page whole, which this one never does."""
TICKED = "main input[type=checkbox]:checked"


def press_in_vain(tab: Tab, words: str) -> None:
    """Press a button of a form that gets no answer."""
    tab.page.route(
        "**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    tab.page.get_by_role("button", name=words).first.click()
    tab.page.wait_for_url("chrome-error://**")
    tab.page.unroute_all()


def go(tab: Tab, steps: int, heading: str) -> None:
    """Go back or on by so many pages."""
    tab.page.evaluate(f"history.go({steps})")
    tab.page.get_by_role("heading", name=heading, exact=True).first.wait_for()


def press_first(tab: Tab, words: str, heading: str) -> None:
    """Press a button on the answer to a form: that counts as having gone somewhere before it has."""
    tab.page.get_by_role("button", name=words).first.click()
    tab.page.get_by_role("heading", name=heading, exact=True).first.wait_for()


def fill_in_relation(page: Any, number: str) -> None:
    """Fill in a new relation with somebody who may something."""
    for name, text in (
        ("number", number),
        ("name", "Kaas B.V."),
        ("contact_name", "Kim Kaas"),
        ("email", f"kim{number}@kaas.example"),
        ("proof", "uittreksel KvK"),
    ):
        page.fill(f"[name=v-{name}]", text)
    page.select_option("[name=v-legal_form]", "bv")
    page.check("[name=v-may][value=see]")
    page.check("[name=v-may][value=approve]")


def test_going_back_after_a_change_shows_what_a_colleague_has_changed_since(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(SHEET)
        page, opened = tab.page, tab.page.url
        ideal = page.locator("[name=v-ideal_enabled]:checked").get_attribute("value")
        page.fill("[name=v-group]", "Mijn groep")
        page.select_option("[name=v-language]", "en")
        page.locator("[name=v-ideal_enabled]:not(:checked)").first.check()
        assert "Opgeslagen." in tab.press("Bewaar").words
        assert "Mijn groep" not in tab.kept
        back = {"v-language": "nl", "v-ideal_enabled": ideal}
        assert reading.client_of(OTHER).open(SHEET).press("Bewaar", back).word == "Opgeslagen."
        tab.back()
        assert (page.url, tab.value("[name=v-language]"), tab.value("[name=v-group]")) == (
            opened,
            "nl",
            "Mijn groep",
        )
        assert page.locator(f"[name=v-ideal_enabled][value={ideal}]").is_checked()
        assert [said in tab.words for said in (AGAIN, MAYBE, NO_PLACE)] == [False] * 3

    screens.play(scene)


def test_going_back_to_a_form_that_is_done_shows_none_of_its_choices_and_ticks(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(NEW)
        page, fresh = tab.page, tab.value("[name=v-legal_form]")
        fill_in_relation(page, "7001")
        page.fill("[name=v-number]", "1003")
        tab.press("Voeg toe")
        tab.back()
        assert (tab.value("[name=v-name]"), page.locator(TICKED).count()) == ("Kaas B.V.", 2)
        page.fill("[name=v-number]", "7001")
        assert "De relatie is toegevoegd" in tab.press("Voeg toe").words
        go(tab, -1, "Nieuwe relatie")
        assert (tab.value("[name=v-name]"), tab.value("[name=v-legal_form]")) == ("", fresh)
        assert (page.locator(TICKED).count(), "Kaas" in tab.kept) == (0, False)

    screens.play(scene)


def test_going_back_after_another_has_signed_in_shows_nothing_of_who_signed_out(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(NEW)
        page, fresh = tab.page, tab.value("[name=v-legal_form]")
        fill_in_relation(page, "7002")
        tab.press("Uitloggen")
        assert (screen.heading, page.evaluate("sessionStorage.length")) == ("U bent uitgelogd", 0)
        Tab(screen, reading, OTHER)
        go(tab, -3, "Nieuwe relatie")
        assert "Sanne" in page.inner_text("header")
        assert (tab.value("[name=v-name]"), tab.value("[name=v-legal_form]")) == ("", fresh)
        assert (page.locator(TICKED).count(), "Kaas" in tab.kept) == (0, False)
        go(tab, 1, "Mijn werk")

    screens.play(scene)


def test_what_was_typed_is_there_after_leaving_by_a_link_but_what_is_kept_nowhere(
    screens: Screens, reading: Pages
) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(NEW)
        page = tab.page
        for back in (True, False):
            fill_in_relation(page, "7003")
            page.fill("[name=v-bsn]", "123456782")
            page.click("nav >> text=Planner")
            page.get_by_role("heading", name="Planner").first.wait_for()
            assert [one in tab.kept for one in ("123456782", "kim7003", "Kaas")] == [False, False, True]
            if back:
                go(tab, -1, "Nieuwe relatie")
            else:
                tab.open(NEW)
            assert (tab.value("[name=v-name]"), tab.value("[name=v-legal_form]")) == ("Kaas B.V.", "bv")
            assert (tab.value("[name=v-bsn]"), tab.value("[name=v-email]")) == ("", "")
            assert (page.locator(TICKED).count(), AGAIN in tab.words, tab.words.count(NOT_KEPT)) == (
                2,
                True,
                2,
            )
        with page.expect_navigation():
            page.evaluate(KEPT_WHOLE)
        assert (tab.value("[name=v-name]"), tab.words.count(NOT_KEPT)) == ("Kaas B.V.", 2)
        page.click("text=Terug zonder te bewaren")
        page.get_by_role("heading", name="Relaties", exact=True).wait_for()
        assert "Kaas" not in tab.kept
        assert tab.open(NEW).value("[name=v-name]") == ""

    screens.play(scene)


def test_what_got_no_answer_is_there_on_going_back_until_it_is_answered(
    screens: Screens, pages: Pages, town: Town
) -> None:
    path, note = f"/opdrachten/{town.begun().name}", "form#notitie textarea"

    def scene(screen: Screen) -> None:
        tab = Tab(screen, pages, "sanne").open(path)
        page = tab.page

        def unfold() -> None:
            page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")

        unfold()
        page.fill(note, "Nog niet aan")
        press_in_vain(tab, "Bewaren")
        tab.back()  # a browser shows its error in the place of the page with the form
        page.evaluate("document.querySelector('a').href = '/'")
        with page.expect_navigation():
            page.evaluate("document.querySelector('a').click()")
        tab.open(path)  # a link that leads on answers nothing
        unfold()
        assert (tab.value(note), MAYBE in tab.words, AGAIN in tab.words) == ("Nog niet aan", True, False)
        page.reload()
        assert (tab.value(note), MAYBE in tab.words) == ("Nog niet aan", True)
        unfold()
        page.fill(note, "Wel aan")
        assert "Genoteerd." in tab.press("Bewaren").words
        tab.back()
        assert tab.value(note) == ""
        assert [said in tab.words for said in (AGAIN, MAYBE, NO_PLACE)] == [False] * 3
        assert "aan" not in tab.kept

    screens.play(scene)


def test_what_was_typed_outlives_a_page_that_does_not_know_who_looks_at_it(
    screens: Screens, reading: Pages
) -> None:
    failed = away(reading).stranger().send(SHEET, {"act": "a" * 32})

    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(SHEET)
        page = tab.page
        page.fill("[name=v-group]", "Blijft staan")

        def answer(route: Any) -> None:
            sent = route.request.method == "POST"
            html = {"status": 503, "content_type": "text/html", "body": failed.text}
            route.fulfill(**html) if sent else route.continue_()

        page.route("**/wijzigen*", answer)
        page.get_by_role("button", name="Bewaar").click()
        page.locator("body[data-away]").wait_for()
        page.unroute_all()
        tab.back()
        assert (tab.value("[name=v-group]"), MAYBE in tab.words) == ("Blijft staan", True)

    screens.play(scene)


def test_going_back_after_a_lost_session_or_a_number_meets_a_page_of_ours(
    screens: Screens, reading: Pages
) -> None:
    sheet = "/relaties/5004/gegevens/wijzigen"

    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(sheet)
        page, context = tab.page, tab.page.context
        page.fill("[name=v-group]", "Mijn groep")
        context.clear_cookies()
        tab.press("Bewaar")
        assert screen.heading == "Log eerst in"
        beside = Screen(context.new_page(), ())
        Tab(beside, reading, WHO)
        beside.page.close()
        press_first(tab, "Ik ben weer ingelogd", "Zaak 5004")
        assert "Opgeslagen." in tab.words
        go(tab, -1, "Gegevens wijzigen")
        assert tab.value("[name=v-group]") == "Mijn groep"
        page.fill("[name=v-rsin]", elfproef(400_000))
        page.select_option("[name=v-status]", "left")
        tab.press("Bewaar")
        assert screen.heading == "Dit heeft gevolgen"
        press_first(tab, "Voer door", "Zaak 5004")
        assert "Opgeslagen." in tab.words
        go(tab, -1, "Gegevens wijzigen")
        assert tab.value("[name=v-status]") == "left"
        page.fill("header input[name=q]", elfproef(400_000))
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Zoeken", exact=True).wait_for()
        page.click("main a[href='/relaties/5004']")
        page.get_by_role("heading", name="Zaak 5004").wait_for()
        go(tab, -1, "Zoeken")

    screens.play(scene)


def press_wrongly(tab: Tab) -> str:
    """Press the form of a bulk run with a mistake; return the address of the form that says so."""
    tab.open("/bulk/nieuw")
    tab.page.fill("[name=periode]", "ooit")
    tab.press("Toon wat er zou gebeuren")
    assert "Dit lukt nog niet" in tab.words
    return str(tab.page.url)


def test_what_was_mended_after_a_mistake_comes_back_on_every_way(screens: Screens, reading: Pages) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO)
        page, opened = tab.page, press_wrongly(tab)
        page.fill("[name=periode]", "2026-03")

        def is_there() -> None:
            assert (tab.value("[name=periode]"), AGAIN in tab.words, MAYBE in tab.words) == (
                "2026-03",
                True,
                False,
            )

        page.go_back()
        is_there()
        page.go_forward()
        is_there()
        page.click("nav >> text=Planner")
        page.get_by_role("heading", name="Planner").first.wait_for()
        tab.open("/bulk/nieuw")
        is_there()
        page.goto(opened)
        is_there()
        page.reload()
        is_there()
        tab.open("/bulk/nieuw")
        page.fill("[name=periode]", "nooit")
        tab.press("Toon wat er zou gebeuren")
        page.fill("[name=periode]", "2026-04")
        tab.search().open("/bulk/nieuw")
        assert tab.value("[name=periode]") == "2026-04", "once more"

    screens.play(scene)


def test_what_was_refused_is_not_called_perhaps_done(screens: Screens, reading: Pages) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO)
        opened = press_wrongly(tab)
        for leave in (tab.search, lambda: tab.open("/werk")):
            leave()
            tab.open("/bulk/nieuw")
            assert (tab.value("[name=periode]"), AGAIN in tab.words, MAYBE in tab.words) == (
                "ooit",
                True,
                False,
            )
            tab.page.goto(opened)
            assert [said in tab.words for said in (AGAIN, MAYBE, NO_PLACE)] == [False] * 3
        tab.page.fill("[name=filter]", RSIN)  # answered at once
        tab.press("Toon wat er zou gebeuren")
        tab.page.click("nav >> text=Planner")
        tab.page.get_by_role("heading", name="Planner").first.wait_for()
        go(tab, -1, "Nieuwe bulkactie")
        assert (tab.value("[name=periode]"), MAYBE in tab.words) == ("ooit", False)

    screens.play(scene)


def test_what_got_no_answer_outlives_other_forms_that_are_done(screens: Screens, reading: Pages) -> None:
    other = "/relaties/5005/gegevens/wijzigen"

    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open("/relaties/5004/gegevens/wijzigen")
        page, opened = tab.page, tab.page.url
        page.fill("[name=v-group]", "Verloren groep")
        press_in_vain(tab, "Bewaar")
        tab.open("/werk")
        for again in (1, 2):
            tab.open(other).page.fill("[name=v-group]", f"Groep {again}")
            assert "Opgeslagen." in tab.press("Bewaar").words
            tab.search()
            for path in (opened, reading.settings.base_url + "/relaties/5004/gegevens/wijzigen"):
                page.goto(path)
                assert (tab.value("[name=v-group]"), MAYBE in tab.words) == ("Verloren groep", True), path
        assert "Opgeslagen." in tab.press("Bewaar").words
        assert "Verloren" not in tab.kept
        page.goto(opened)
        assert [said in tab.words for said in (AGAIN, MAYBE, NO_PLACE)] == [False] * 3

    screens.play(scene)


def test_a_form_that_is_opened_again_says_where_what_was_typed_is(screens: Screens, reading: Pages) -> None:
    sheet = "/relaties/5006/gegevens/wijzigen"

    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open(sheet)
        page, opened = tab.page, tab.page.url
        page.fill("[name=v-group]", "Elders")
        page.click("nav >> text=Planner")
        page.get_by_role("heading", name="Planner").first.wait_for()
        tab.open(sheet)
        assert (tab.value("[name=v-group]"), ELSEWHERE in tab.words) == ("", True)
        page.get_by_role("link", name="Ga daarmee verder").click()
        page.wait_for_url(opened)
        assert (tab.value("[name=v-group]"), AGAIN in tab.words, ELSEWHERE in tab.words) == (
            "Elders",
            True,
            False,
        )
        page.click("text=Terug zonder te bewaren")
        page.wait_for_load_state()
        assert ELSEWHERE not in tab.open(sheet).words

    screens.play(scene)


def test_a_file_that_got_no_answer_is_not_called_unsent(screens: Screens, reading: Pages) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open("/relaties/1003/dossier/nieuw")
        page = tab.page
        file = {"name": "akte.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
        page.set_input_files("[name=bestand]", file)
        tab.search().open("/relaties/1003/dossier/nieuw")
        assert "U koos hier ‘akte.pdf’. Dat is nog niet verstuurd" in tab.words
        page.set_input_files("[name=bestand]", file)
        page.select_option("[name=soort]", index=1)
        press_in_vain(tab, "Zet in het dossier")
        tab.open("/relaties/1003/dossier/nieuw")
        assert "U verstuurde hier ‘akte.pdf’, en dat is misschien niet aangekomen" in tab.words
        assert "nog niet verstuurd" not in tab.words

    screens.play(scene)
