"""A browser, where this machine has one: elsewhere these tests are skipped, and in CI they fail."""

import os
from collections.abc import Iterator

import pytest

from tests.browser.screens import Screens, say_what_is_missing, served
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
