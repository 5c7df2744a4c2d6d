"""Finding relations and starting for one of them, on a telephone and at a desk."""

from tests.browser.links import link_of
from tests.browser.screens import DESK, TELEPHONE, Screen, Screens
from tests.portal.visitors import Pages
from tests.service.town import Town


def test_a_colleague_finds_a_relation_and_plans_its_return(
    screens: Screens, pages: Pages, town: Town
) -> None:
    relation, link = town.relation(), link_of(pages, "marieke")

    def scene(screen: Screen) -> None:
        screen.open(link).press("Ja, log mij in")
        screen.page.goto(f"{pages.settings.base_url}/inzichten")
        screen.page.get_by_label("Filter", exact=True).fill("frequentie:mand")
        screen.page.get_by_role("button", name="Toon").click()
        screen.page.get_by_text("Bedoelt u 'maand'?").wait_for()
        screen.refused.clear()  # a browser notes each answer other than a page
        screen.look()
        assert "Bedoelt u 'maand'?" in screen.words
        screen.page.get_by_label("Filter", exact=True).fill(f"frequentie:maand nummer:{relation}")
        screen.press("Toon")
        screen.page.get_by_role("link", name=f"Bedrijf {relation} B.V.").click()
        screen.open(f"{pages.settings.base_url}/relaties/{relation}/starten?werkproces=btw-aangifte")
        screen.page.get_by_label("maart 2026").check()
        screen.page.get_by_label("Startdatum").fill("2026-02-28")
        screen.page.get_by_label("Daarna elke volgende periode").check()
        assert screen.press("Bekijk wat er gebeurt").heading == "Klopt dit?"
        screen.press("Ja, start")
        screen.page.get_by_role("link", name="Aangifte btw").click()
        assert screen.look().heading == "Start vanzelf"

    screens.play(scene, DESK, TELEPHONE)
