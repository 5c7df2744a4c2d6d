"""Links by which people come in: one that is made for them, or the one in their mail."""

import re

from kantoor.service.visiting.visiting import make_own_link
from tests.portal.visitors import Pages
from tests.service.town import Return, Town


def link_of(pages: Pages, person: str) -> str:
    """Make a personal link."""
    found = make_own_link(pages.desk, person)
    assert isinstance(found, str), found
    return found


def link_in_mail(pages: Pages, town: Town, filing: Return, subject: str = "") -> str:
    """Return the personal link in the last mail to a filing's client, or the last one about something."""
    mails = [one for one in town.mail(filing.relation) if subject in one.subject]
    found = re.search(r"https?://[^/\s]+(/in/\S+)", mails[-1].text)
    assert found
    return f"{pages.settings.base_url}{found[1]}"
