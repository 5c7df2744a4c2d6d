"""The pages of the office that runs for all tests (`town`)."""

from collections.abc import Iterator

import pytest

from tests.portal.visitors import Pages, open_pages
from tests.service.town import Town


@pytest.fixture(scope="session")
def whole_pages(whole_town: Town) -> Iterator[Pages]:
    """The pages of the office, served in this process."""
    with open_pages(whole_town.settings) as pages:
        yield pages


@pytest.fixture
def pages(whole_pages: Pages, town: Town) -> Pages:
    """The pages of the office, whose work people do in `town`."""
    return whole_pages
