"""How often a page looks whether it has changed, and when it loads itself again. Costs 5 s of CPU."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from kantoor.office.database.tables import bulk_runs
from kantoor.service.bulk import asking
from kantoor.service.bulk.runs import prepare
from kantoor.service.bulk.selecting import Chosen
from tests.browser.screens import Screen, Screens
from tests.browser.test_typed import WHO, Tab
from tests.portal.reading import FIRST, TEMPLATE
from tests.portal.visitors import Pages

pytestmark = pytest.mark.timeout(300)

EVERY = 10_000


class Asked:
    """What a browser asks of one page: to load it, and to look at it."""

    def __init__(self, page: Any, path: str) -> None:
        self.loads, self.looks = 0, 0
        self._path = path
        page.on("request", self._count)

    def _count(self, request: Any) -> None:
        if not request.url.endswith(self._path):
            return
        looks = "x-look" in request.headers
        self.looks, self.loads = self.looks + looks, self.loads + (not looks)


@pytest.fixture
def run(reading: Pages) -> Iterator[tuple[str, Callable[..., None]]]:
    """A bulk run that is running, with what changes it."""
    asked = asking.Asked(action="start", template=TEMPLATE, period="2026-02", anyway=True)
    number = prepare(reading.desk, WHO, asked, Chosen(numbers=str(FIRST)))
    assert isinstance(number, int)

    def change(**values: object) -> None:
        with reading.desk.equipment.database.write() as connection:
            connection.execute(bulk_runs.update().where(bulk_runs.c.number == number).values(values))

    change(status="running")
    yield f"/bulk/{number}", change
    change(status="done")


def test_a_page_of_what_runs_stays_while_nothing_changes_and_looks_as_often_as_it_says(
    screens: Screens, reading: Pages, run: tuple[str, Callable[..., None]]
) -> None:
    path, _ = run

    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO)
        tab.page.clock.install(time=0)
        tab.page.clock.pause_at(1_000)
        asked = Asked(tab.page, path)
        with tab.page.expect_response(lambda one: "x-look" in one.request.headers):
            tab.open(path)
        tab.page.wait_for_timeout(1_500)
        assert (asked.loads, asked.looks) == (1, 1)
        for looks in (2, 3):
            tab.page.clock.run_for(EVERY - 1)
            tab.page.wait_for_timeout(500)
            assert asked.looks == looks - 1
            with tab.page.expect_response(f"**{path}"):
                tab.page.clock.run_for(1)
            assert asked.looks == looks
        assert asked.loads == 1

    screens.play(scene)


def test_a_page_of_what_goes_on_and_on_loads_itself_no_more_often_than_it_looks(
    screens: Screens, reading: Pages, run: tuple[str, Callable[..., None]]
) -> None:
    path, change = run
    minutes = count()

    def go_on(route: Any) -> None:
        change(made_at=datetime(2026, 2, 1) + timedelta(minutes=next(minutes)))
        route.continue_()

    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO)
        tab.page.route(f"**{path}", go_on)
        asked = Asked(tab.page, path)
        tab.open(path)
        while asked.loads < 2:  # what is done at once is seen at once
            tab.page.wait_for_timeout(100)
        tab.page.wait_for_timeout(2_000)
        assert (asked.loads, asked.looks) == (2, 1)

    screens.play(scene)


def test_the_scripts_of_a_page_share_no_names(screens: Screens, reading: Pages) -> None:
    def scene(screen: Screen) -> None:
        tab = Tab(screen, reading, WHO).open("/werk")
        page = tab.page
        assert page.evaluate("[typeof read, typeof look, typeof keep, name]") == ["undefined"] * 3 + [""]
        assert page.locator("script").count() == page.locator("script[type=module]").count() == 3

    screens.play(scene)
