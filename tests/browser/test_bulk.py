"""A bulk run on a screen: asked by a form, shown, confirmed, done; also where it is narrow."""

from tests.browser.links import link_of
from tests.browser.screens import DESK, TELEPHONE, Screen, Screens
from tests.portal.visitors import Pages
from tests.service.town import NOT_READY, Town


def test_it_is_asked_shown_confirmed_and_done(screens: Screens, pages: Pages, town: Town) -> None:
    relation, link = town.relation(), link_of(pages, "marieke")

    def scene(screen: Screen) -> None:
        screen.page.goto(link)
        screen.press("Ja, log mij in")
        screen.open(f"{pages.settings.base_url}/bulk/nieuw")
        screen.page.get_by_label("Handeling").select_option("start")
        screen.page.get_by_label("Werkproces").select_option("btw-aangifte")
        screen.page.get_by_label("Periode", exact=True).fill("2026-01")
        screen.page.get_by_label("Of relatienummers").fill(f"{relation} {NOT_READY}")
        screen.press("Toon wat er zou gebeuren")
        screen.page.get_by_label("Typ het aantal").fill("1")
        screen.leave("Voer uit")
        screen.page.get_by_text("klaar op").first.wait_for()  # the page looks by itself
        screen.look()
        screen.open(f"{pages.settings.base_url}/bulk")

    screens.play(scene, DESK, TELEPHONE)
    assert len(town.filings(relation=relation)) == 1
