"""Every link and every form that only looks, followed as each kind of person: no error, nothing of others."""

import re
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from kantoor.office.database.tables import filings
from tests.portal.visitors import Browser, Page, Pages
from tests.service.town import Return, Town

TO_COME = "/relaties/"
"""Pages of relations, to which a filing's page leads already."""
MOST = 150
"""Pages that one crawl opens."""


def crawl(browser: Browser, *starts: str) -> list[Page]:
    """Open all that can be reached by links and GET forms."""
    waiting, seen, found = list(starts), set(starts), []
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        page = browser.open(path)
        found.append(page)
        for there in [*page.links, *asked_by_forms(page)]:
            whole = urljoin(path, there)
            parts = urlsplit(whole)
            ours = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if not parts.netloc and parts.scheme == "" and ours not in seen:
                seen.add(ours)
                waiting.append(ours)
    return found


def asked_by_forms(page: Page) -> list[str]:
    """Return where the forms that only look lead, as they are."""
    forms = [one for one in page.tree.forms if one.method.upper() == "GET"]
    return [f"{one.action or page.path}?{urlencode(one.form_values())}" for one in forms]


def everything(pages: list[Page]) -> str:
    return "\n".join(page.body.decode("utf-8", "replace") for page in pages)


@pytest.fixture(scope="module")
def whole_pair(whole_town: Town) -> tuple[Return, Return]:
    """Two relations' returns: one offered to its client, one under review."""
    return whole_town.begun().to("aanbieden"), whole_town.begun().to("controle")


def test_a_stranger_reaches_nothing_of_anybody(pages: Pages, whole_pair: tuple[Return, Return]) -> None:
    found = crawl(pages.stranger(), "/", "/in", "/werk", "/mijn", "/beheer/medewerkers", "/in/verzonnen")
    assert all(page.status < 500 for page in found)
    text = everything(found)
    assert not re.search(r"Bedrijf \d{4}|Kim \d{4}|opdrachten/", text)


def test_a_client_reaches_nothing_of_another_relation(
    pages: Pages, whole_pair: tuple[Return, Return]
) -> None:
    mine, other = whole_pair
    browser = pages.client_of(mine.client)
    key = pages.key_of(other.name)
    found = crawl(browser, "/", "/mijn")
    assert len(found) > 1
    assert [page.path for page in found if page.status >= 500] == []
    for page in found:
        text = page.body.decode("utf-8", "replace")
        foreign = {one for one in re.findall(r"(?:Bedrijf|Kim|Zus) (\d{4})", text) if one != mine.relation}
        assert not foreign, f"{page.path} shows {foreign}"
        assert key not in text
    guesses = [f"/mijn/{key}", f"/opdrachten/{other.name}", f"/opdrachten/{mine.name}", "/werk"]
    guesses += [page.path.replace(pages.key_of(mine.name), key) for page in found if "/mijn/" in page.path]
    for path in guesses:
        assert browser.open(path).status == 404, path
        assert browser.send(path, {"act": "a" * 32}).status == 404, path


@pytest.mark.parametrize("who", ["tom", "sanne", "wim"])
def test_a_colleague_meets_no_error(pages: Pages, whole_pair: tuple[Return, Return], who: str) -> None:
    starts = [f"/opdrachten/{one.name}" for one in whole_pair]
    found = crawl(pages.client_of(who), "/", "/werk", *starts)
    assert [(page.path, page.status) for page in found if page.status >= 500] == []
    broken = [page.path for page in found if page.status == 404 and not page.path.startswith(TO_COME)]
    assert broken == []


def test_no_address_of_a_page_names_a_number_of_a_person(
    pages: Pages, whole_pair: tuple[Return, Return]
) -> None:
    found = crawl(pages.client_of("tom"), "/werk", *(f"/opdrachten/{one.name}" for one in whole_pair))
    addresses = [link for page in found for link in page.links]
    assert not [one for one in addresses if re.search(r"\d{9}|@", re.sub(r"\b[0-9a-f]{64}\b", "", one))]


def test_keys_of_clients_are_long_and_random(pages: Pages, whole_pair: tuple[Return, Return]) -> None:
    keys = pages.desk.read(lambda connection: connection.execute(filings.select()).mappings().all())
    assert len({row["key"] for row in keys}) == len(keys)
    assert all(len(row["key"]) >= 16 for row in keys)
