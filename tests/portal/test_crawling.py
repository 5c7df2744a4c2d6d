"""Every link and form, followed and sent as each kind of person: no error, nothing of others. 10 s of CPU."""

import re
from collections import Counter
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from kantoor import words
from kantoor.office.database.tables import filings, relations
from kantoor.office.plans import active_office
from kantoor.plan import Office
from tests.portal.marks import check_forms
from tests.portal.test_client_requests import asked
from tests.portal.visitors import Browser, Page, Pages
from tests.service.moving import managing
from tests.service.town import Return, Town

TO_COME = "/relaties/"
"""Pages of relations, to which a filing's page leads already."""
MOST = 150
"""Pages that one crawl opens."""
DUTCH = {"name", "request", "team"}
"""Codes that are Dutch words too, or are said in Dutch, as in pull request."""
WORD = r"[\w-]+"
ALIKE = 3
"""So many pages are opened whose addresses differ in numbers alone: the others say nothing new."""


def crawl(browser: Browser, *starts: str) -> list[Page]:
    """Open all that can be reached by links and GET forms."""
    waiting, seen, found = list(starts), set(starts), []
    alike = Counter(map(name_kind, starts))
    while waiting and len(found) < MOST:
        path = waiting.pop(0)
        page = browser.open(path)
        found.append(page)
        for there in [*page.links, *asked_by_forms(page)]:
            whole = urljoin(path, there)
            parts = urlsplit(whole)
            ours = f"{parts.path}?{parts.query}" if parts.query else parts.path
            if parts.netloc or parts.scheme or ours in seen or alike[name_kind(ours)] == ALIKE:
                continue
            seen.add(ours)
            alike[name_kind(ours)] += 1
            waiting.append(ours)
    return found


def name_kind(address: str) -> str:
    """Return an address without its numbers and hashes, and without what it asks for."""
    return re.sub(r"[0-9a-f]{16,}|\d+|(?<==)[^&]*", "#", address)


def list_codes(office: Office) -> set[str]:
    """Return the codes of what has a Dutch word, besides those that are Dutch or short names themselves."""
    tables = [one for name, one in vars(words).items() if name.isupper() and isinstance(one, dict)]
    said = {word for table in tables for text in table.values() for word in re.findall(WORD, str(text))}
    codes = {key for table in tables for key in table if isinstance(key, str) and len(key) > len("bv.")}
    parts = (*office.products, *office.roles, *office.fields)
    return codes - said - DUTCH | {id for id in (*office.functions, *(one.id for one in parts)) if "_" in id}


def codes_on(page: Page, codes: set[str]) -> set[str]:
    """Return the codes that stand as words on a page; what is typed, as an example of a filter, is code.

    A text that is marked as one of another language holds English words as words.
    """
    for one in page.tree.xpath("//code | //style | //textarea | //body//*[@lang and @lang != 'nl']"):
        one.drop_tree()
    return codes & set(re.findall(WORD, page.tree.text_content()))


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
    office = pages.desk.read(active_office)
    assert office
    assert {page.path: shown for page in found if (shown := codes_on(page, list_codes(office)))} == {}
    guesses = [f"/mijn/{key}", f"/opdrachten/{other.name}", f"/opdrachten/{mine.name}", "/werk"]
    guesses += [page.path.replace(pages.key_of(mine.name), key) for page in found if "/mijn/" in page.path]
    for path in guesses:
        assert browser.open(path).status == 404, path
        assert browser.send(path, {"act": "a" * 32}).status == 404, path


def test_a_contact_without_authority_and_one_of_a_relation_that_left_reach_nothing_of_others(
    pages: Pages, whole_pair: tuple[Return, Return], town: Town
) -> None:
    mine, other = whole_pair
    left = town.begun().to("aanbieden")
    change = relations.update().where(relations.c.number == left.relation)
    with pages.desk.equipment.database.write() as connection:
        connection.execute(change.values(status="left"))
    foreign = {pages.key_of(one.name) for one in (mine, other, left)}
    for who, own in ((f"z-{mine.relation}", mine), (left.client, left)):
        found = crawl(pages.client_of(who), "/", "/mijn", "/aangiften", f"/mijn/{pages.key_of(own.name)}")
        assert [(page.path, page.status) for page in found if page.status >= 500] == []
        others = {number for number in numbers_in(found) if number != own.relation}
        assert not others, f"{who} reads of {others}"
        theirs = foreign - {pages.key_of(own.name)}
        assert not [key for key in theirs if key in everything(found)]
        send_forms(found, own, swapped_for=theirs)


def test_a_client_s_forms_are_answered_in_words_and_with_another_s_key_as_what_is_not_there(
    pages: Pages, town: Town
) -> None:
    asks, signs, mine, other = (
        asked(pages, town)[0],
        town.begun(template="tekenen"),
        town.begun().to("aanbieden"),
        town.begun().to("aanbieden"),
    )
    signs.until_in("opstellen")
    key = pages.key_of(other.name)
    before = other.view().offers
    for own in (asks, signs, mine):
        found = crawl(pages.client_of(own.client), "/mijn", "/aangiften")
        assert send_forms(found, own, swapped_for={key}) > 0
    assert other.view().offers == before


@pytest.mark.parametrize("who", ["sanne", "marieke"])
def test_the_forms_of_a_colleague_are_answered_in_words(pages: Pages, town: Town, who: str) -> None:
    filing = town.begun().to("aanbieden")
    with managing(town, "marieke"):
        browser = pages.client_of(who)
        starts = [f"/opdrachten/{filing.name}", f"/relaties/{filing.relation}/gegevens", "/bulk/nieuw"]
        starts += ["/beheer/systeem", "/beheer/medewerkers"] if who == "marieke" else []
        found = [browser.open(path) for path in starts]
        assert [page.path for page in found if page.status != 200] == []
        assert send_forms(found, filing, swapped_for=set()) > 0


LAST = ("annuleren", "niet-indienen", "afronden", "besluit")
"""Acts after which others can no longer be done."""
LEFT_OUT = ("/uit", "/beheer/systeem/klok")
"""Forms that end the session, or move the clock of the office that tests share (test_practice_time.py)."""

SHOWN_ONCE = "/nummers"
"""The form that is answered with what is at no address: identifying numbers."""


def send_forms(found: list[Page], own: Return, *, swapped_for: set[str]) -> int:
    """Send every POST form of these pages as it is, and with keys of others in place of its own.

    Return how many there are. None may fail, and with another's key each is told that nothing is there.
    Each leads to an address, so that going back from what follows never asks to send it again.
    """
    for page in found:
        check_forms(page)
    forms = [
        (page, one)
        for page in found
        for one in page.tree.forms
        if one.method.upper() == "POST" and one.get("action") not in LEFT_OUT
    ]
    forms.sort(key=lambda one: dict(one[1].form_values()).get("doen") in LAST)
    for page, form in forms:
        browser, action = page.browser, str(form.get("action") or page.path)
        fields = [(name, str(value)) for name, value in form.form_values()]
        for key in swapped_for:
            swapped = re.sub(r"/mijn/[^/]+", f"/mijn/{key}", action)
            if swapped != action:
                answer = browser.send(swapped, fields)
                assert answer.status == 404, (swapped, answer.words[:300])
        sent = browser.send(action, fields, follow=False)
        assert sent.status == 303 or not sent.text or action.endswith(SHOWN_ONCE), (action, sent.words[:300])
        answer = browser.open(sent.headers["location"]) if sent.status == 303 else sent
        assert answer.status < 500, (action, fields, answer.words[:300])
        if browser.person[:2] in ("c-", "z-"):
            assert {*numbers_in([answer])} <= {own.relation}, action
    return len(forms)


def numbers_in(found: list[Page]) -> set[str]:
    """Return the numbers of relations whose names are on these pages."""
    return set(re.findall(r"(?:Bedrijf|Kim|Zus) (\d{4})", everything(found)))


@pytest.mark.parametrize("who", ["tom", "sanne", "wim", "marieke"])
def test_a_colleague_meets_no_error_and_no_code(
    pages: Pages, town: Town, whole_pair: tuple[Return, Return], who: str
) -> None:
    """Marieke with the right beheer, from its pages on."""
    starts = [f"/opdrachten/{one.name}" for one in whole_pair]
    managed = ["/beheer/medewerkers", "/beheer/systeem", *(f"{one}/verplaatsen" for one in starts)]
    with managing(town, "marieke"):
        own = managed if who == "marieke" else []
        found = crawl(pages.client_of(who), *own, "/", "/werk", *starts)
    assert [page.path for page in found[: len(own)] if page.status != 200] == []
    assert [(page.path, page.status) for page in found if page.status >= 500] == []
    office = pages.desk.read(active_office)
    assert office
    codes = list_codes(office)
    assert {"fiscale_partner", "half_year", "active"} <= codes
    assert {page.path: shown for page in found if (shown := codes_on(page, codes))} == {}
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
