"""People at a telephone and at a keyboard alone: what is told in docs/portal.md, in a browser."""

import re

from tests.browser.links import link_of
from tests.browser.screens import TELEPHONE, Screen, Screens
from tests.portal.visitors import Pages
from tests.service.town import REVIEW, Town


def test_a_client_comes_in_by_a_link_on_a_telephone(screens: Screens, pages: Pages, town: Town) -> None:
    filing = town.begun().to("aanbieden")
    link = link_of(pages, filing.client)

    def scene(screen: Screen) -> None:
        assert screen.open(link).heading.startswith("Welkom bij")
        assert screen.press("Ja, log mij in").heading == "Wat wacht op mij"
        assert f"Bedrijf {filing.relation} B.V." in screen.words
        assert screen.press("Uitloggen").heading == "U bent uitgelogd"

    screens.play(scene, TELEPHONE)


def test_a_colleague_ticks_a_checkpoint_by_the_keyboard_alone(
    screens: Screens, pages: Pages, town: Town
) -> None:
    filing = town.begun().to("controle")
    link = link_of(pages, "tom")
    titles = {one.id: one.title for phase in filing.view().phases for one in phase.checkpoints}

    def scene(screen: Screen) -> None:
        screen.page.goto(link)
        screen.tab_to("Ja, log mij in")
        screen.page.keyboard.press("Enter")
        screen.page.wait_for_url("**/werk")
        screen.look()
        screen.open(f"{pages.settings.base_url}/opdrachten/{filing.name}")
        screen.tab_to(titles[REVIEW[0]])
        screen.page.keyboard.press("Enter")
        screen.page.get_by_text("Het controlepunt is afgevinkt.").wait_for()
        screen.look()

    screens.play(scene)
    done = {one.id for phase in filing.view().phases for one in phase.checkpoints if one.by}
    assert REVIEW[0] in done


def test_a_colleague_mends_a_relation_on_a_telephone(screens: Screens, pages: Pages, town: Town) -> None:
    number = town.begun().relation
    link = link_of(pages, "tom")

    def scene(screen: Screen) -> None:
        screen.page.goto(link)
        screen.press("Ja, log mij in")
        screen.open(f"{pages.settings.base_url}/relaties/{number}/gegevens/wijzigen")
        screen.page.get_by_label("Status", exact=True).select_option("bankrupt")
        assert screen.press("Bewaar").heading == "Dit heeft gevolgen"
        screen.page.get_by_role("link", name="Terug naar het formulier").click()
        screen.page.get_by_label("Status", exact=True).select_option("active")
        screen.page.get_by_label("Taal").select_option("en")
        assert "Opgeslagen." in screen.press("Bewaar").words

    screens.play(scene, TELEPHONE)


_BROKEN_WORDS = """() => [...document.querySelectorAll('.steps .step')].flatMap(step => {
    const text = step.firstChild, range = document.createRange();
    return [...text.data.matchAll(/\\S+/g)].filter(word => {
        range.setStart(text, word.index);
        range.setEnd(text, word.index + word[0].length);
        return range.getClientRects().length > 1;
    }).map(word => word[0]);
})"""
"""The words of phases that a browser breaks over two lines."""


def test_the_words_of_phases_stay_whole_however_narrow_the_page(
    screens: Screens, pages: Pages, town: Town
) -> None:
    filing, link = town.begun(), link_of(pages, "tom")

    def scene(screen: Screen) -> None:
        screen.page.goto(link)
        screen.press("Ja, log mij in")
        screen.open(f"{pages.settings.base_url}/opdrachten/{filing.name}")
        todo = screen.page.locator("section.panel").first.bounding_box()
        assert todo
        assert todo["y"] < 620  # what is to be done now is in sight
        menu = screen.page.get_by_role("navigation", name="Hoofdmenu")
        assert not menu.is_visible()
        screen.page.get_by_role("link", name="Menu").click()
        assert menu.is_visible()
        screen.look()
        screen.page.get_by_role("link", name=re.compile("Alle . fasen")).click()
        for width in (320, 360, 800, 1280):
            screen.page.set_viewport_size({"width": width, "height": 800})
            assert "Belastingdienst" in screen.words
            assert screen.page.evaluate(_BROKEN_WORDS) == [], width

    screens.play(scene, TELEPHONE)
