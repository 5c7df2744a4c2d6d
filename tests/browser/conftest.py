"""A browser, where this machine has one: elsewhere these tests are skipped, and in CI they fail."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.screens import Screens, say_what_is_missing, served
from tests.portal.quiet import quiet_pages
from tests.portal.reading import serve_reading
from tests.portal.test_pilots import piloted as piloted
from tests.portal.visitors import Pages, open_pages
from tests.service.town import Town


@pytest.fixture(scope="session")
def screens() -> Iterator[Screens]:
    """A browser."""
    missing = say_what_is_missing()
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    opened = Screens()
    yield opened
    opened.close()


@pytest.fixture
def pages(screens: Screens, town: Town) -> Iterator[Pages]:
    """The pages of the office that runs, at their own address."""
    del screens
    with open_pages(town.settings) as pages, served(pages):
        yield pages


@pytest.fixture(scope="module")
def reading(screens: Screens, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The pages of an office with many relations in which nothing runs, at their own address."""
    del screens
    with serve_reading(tmp_path_factory.mktemp("read")) as pages, served(pages):
        yield pages


@pytest.fixture(scope="session")
def quiet_doors(screens: Screens, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The pages of an office that keeps real time and in which nothing runs, at their own address."""
    del screens
    with quiet_pages(tmp_path_factory.mktemp("doors")) as pages, served(pages):
        yield pages
