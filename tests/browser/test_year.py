"""The page of `kantoor simulate --format html`, of one filing and of a year, on a telephone and a desk.

With TOUR=docs/tour in the environment the pictures of docs/simulation.md are made again.
"""

from pathlib import Path

import pytest

from kantoor.simulation.year_page import render_page
from tests.browser.screens import DESK, TELEPHONE, Screen, Screens
from tests.simulation.simulating import simulate_year

PAGES = {
    "jaar-btw": ("btw-aangifte", "2027-01"),
    "jaar-jaarrekening": ("jaarrekening", "2027-01..2027-12"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_simulated_year_is_read_on_a_telephone_as_on_a_desk(
    name: str, screens: Screens, tmp_path: Path
) -> None:
    stories = simulate_year(*PAGES[name])
    file = tmp_path / f"{name}.html"
    file.write_text(render_page(*stories), "utf-8")

    def scene(screen: Screen) -> str:
        screen.open(file.as_uri())
        words = screen.words
        screen.page.set_viewport_size({"width": DESK[0], "height": 2 * DESK[1]})
        screen.shoot(name)
        return words

    words = screens.play(scene, DESK, TELEPHONE)
    assert all(story.start.period.words in words for story in stories)
