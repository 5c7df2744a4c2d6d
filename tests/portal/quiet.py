"""The sample office with its pages and its mail, and nothing else: for what needs no Temporal."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from kantoor.mail.catcher import list_caught, start_catcher
from kantoor.portal.acting import Acting
from kantoor.service.desk import open_desk
from kantoor.service.visiting.visiting import make_own_link
from kantoor.settings import Settings
from tests.local.homes import sample_office, settings_in
from tests.portal.visitors import Pages, open_pages

CLIENT, OTHER_CLIENT, MEMBER, OTHER_MEMBER = "c-anja", "c-piet", "tom", "sanne"


@contextmanager
def quiet_pages(home: Path) -> Iterator[Pages]:
    """Make the sample office in a folder and serve its pages until the block ends."""
    settings = settings_in(home)

    async def furnish() -> None:
        async with open_desk(settings, makes=True) as desk:
            sample_office(desk.equipment)

    asyncio.run(furnish())
    with open_pages(settings) as pages:
        yield pages


@contextmanager
def caught_mail(settings: Settings) -> Iterator[Path]:
    """Catch the mail of an office by SMTP until the block ends."""
    loop = Acting()
    server = loop.run(start_catcher(settings.mailbox, settings.smtp.host, settings.smtp.port))
    try:
        yield settings.mailbox
    finally:
        server.close()
        loop.close()


def link_to(pages: Pages, person: str) -> str:
    """Return the path of a new link for somebody."""
    link = make_own_link(pages.desk, person)
    assert isinstance(link, str), link
    return urlsplit(link).path


def links_in(mailbox: Path) -> list[str]:
    """Return the paths of the links in what was mailed."""
    lines = [line for one in list_caught(mailbox) for line in one.text.splitlines()]
    return [urlsplit(line).path for line in lines if "/in/" in line]
