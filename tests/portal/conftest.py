"""The pages of the office that runs for all tests (`town`)."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import delete

from kantoor.office.database.tables import drafts
from kantoor.service.desk import Desk
from tests.portal.quiet import caught_mail, quiet_pages
from tests.portal.visitors import Pages, open_pages
from tests.service.town import Town


@pytest.fixture(scope="session")
def whole_town(pages_town: Town) -> Town:
    """The office that the tests of the pages have for themselves."""
    return pages_town


@pytest.fixture(scope="session")
def whole_pages(whole_town: Town) -> Iterator[Pages]:
    """The pages of the office, served in this process."""
    with open_pages(whole_town.settings) as pages:
        yield pages


@pytest.fixture
def pages(whole_pages: Pages, town: Town) -> Pages:
    """The pages of the office, whose work people do in `town`."""
    return whole_pages


@pytest.fixture(scope="session")
def quiet_office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The pages of the sample office, which keeps real time: no program runs there and no filing is open."""
    with quiet_pages(tmp_path_factory.mktemp("quiet")) as pages:
        yield pages


@pytest.fixture
def quiet_practice(quiet_office: Pages) -> Pages:
    """The same office as if it were one to practise in."""
    return Pages(Desk(replace(quiet_office.desk.equipment, practice=True)))


@pytest.fixture
def mail(quiet_office: Pages) -> Iterator[Path]:
    """What the quiet office mails: the folder of a mail catcher, empty at first."""
    shutil.rmtree(quiet_office.settings.mailbox, ignore_errors=True)
    with caught_mail(quiet_office.settings) as folder:
        yield folder


@pytest.fixture(autouse=True)
def nothing_left_open(request: pytest.FixtureRequest) -> Iterator[None]:
    """Forget after a test the forms that it left open: those of all tests are more than there is room for."""
    yield
    for pages in (one for one in request.node.funcargs.values() if isinstance(one, Pages)):
        with pages.desk.equipment.database.write() as connection:
            connection.execute(delete(drafts).where(drafts.c.passing))
