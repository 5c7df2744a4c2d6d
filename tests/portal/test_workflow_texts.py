"""Werkprocessen shows each message of a template as its reader gets it, in every variant."""

import gzip
from collections.abc import Iterator

import pytest

from tests.portal.reading import publish_all, serve_reading
from tests.portal.test_statements import MOST_BYTES
from tests.portal.visitors import Browser, Page, Pages
from tests.shipped import compile_shipped


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """An office with every shipped template, in which nothing runs."""
    with serve_reading(tmp_path_factory.mktemp("texts")) as pages:
        publish_all(pages)
        yield pages


@pytest.fixture(scope="module")
def colleague(office: Pages) -> Browser:
    return office.client_of("tom")


def read_texts(page: Page, title: str) -> list[tuple[str, str]]:
    """Return the Dutch variants of a message: when, and what is read."""
    heading = "//details[@id='berichten']/h3[normalize-space()=$title]"
    (start,) = page.tree.xpath(heading, title=title)
    found, when = list[tuple[str, str]](), ""
    for one in start.itersiblings():
        if one.tag == "h3":
            break
        text = " ".join(one.text_content().split())
        if one.tag == "p" and text.startswith("Als "):
            when = text.removesuffix(":")
        elif one.tag == "div":
            found.append((when, text))
        elif one.tag == "details" and "Als" in (said := one.findtext("summary") or ""):
            found.append((said, text.removeprefix(said).strip()))
    return found


@pytest.mark.parametrize("template", [*compile_shipped().plans])
def test_no_page_of_a_template_shows_how_a_text_is_written(colleague: Browser, template: str) -> None:
    page = colleague.open(f"/beheer/werkprocessen/{template}")
    for written in ("{{", "{%", "kantoor explain", "filing.", "kan niet worden ingevuld"):
        assert written not in page.words
    for message in compile_shipped().plans[template].messages:
        assert read_texts(page, message.title)
        assert f"definitions/messages/{message.id}.yaml" in page.words
    assert len(gzip.compress(page.body)) < MOST_BYTES


def test_a_message_is_shown_for_each_way_of_offering_in_time_and_late(colleague: Browser) -> None:
    page = colleague.open("/beheer/werkprocessen/btw-aangifte")
    found = dict(read_texts(page, "Btw-aangifte: ter accordering"))
    assert [*found] == [
        "Als het ter accordering is aangeboden en de termijn nog loopt",
        "Als het ter accordering is aangeboden en de termijn voorbij is",
        "Als het ter ondertekening is aangeboden en de termijn nog loopt",
        "Als het ter ondertekening is aangeboden en de termijn voorbij is",
        "Als het ter informatie is aangeboden",
    ]
    usual, late, *_, informed = found.values()
    assert "Uw btw-aangifte over januari" in usual
    assert "Beste Sanne van Dijk, De btw-aangifte van Voorbeeld bv over januari" in usual
    assert "hier bekijken: [persoonlijke link]" in usual
    assert "dan ontvangen wij graag uw akkoord" in usual.lower()
    assert "is voorbij. Laat het ons daarom vandaag nog weten" in late
    assert "Keur de aangifte dan uiterlijk " in informed


def test_who_is_informed_is_not_shown_a_reminder(colleague: Browser) -> None:
    page = colleague.open("/beheer/werkprocessen/btw-aangifte")
    found = [when for when, _ in read_texts(page, "Btw-aangifte: herinnering accordering")]
    assert len(found) == 4
    assert not [one for one in found if "ter informatie" in one]


def test_what_hangs_on_the_period_or_on_what_is_recorded_is_said_so(colleague: Browser) -> None:
    vat = colleague.open("/beheer/werkprocessen/btw-aangifte")
    assert [when for when, _ in read_texts(vat, "Btw-aangifte: stukken opvragen")] == [
        "Als de periode niet op 31 december eindigt",
        "Als de periode op 31 december eindigt",
    ]
    accounts = colleague.open("/beheer/werkprocessen/jaarrekening")
    title = next(
        one.title for one in compile_shipped().plans["jaarrekening"].messages if "ondertek" in one.id
    )
    found = [when for when, _ in read_texts(accounts, title)]
    assert [one for one in found if "ja is vastgelegd" in one]
    assert [one for one in found if "nee is vastgelegd" in one]
