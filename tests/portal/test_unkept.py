"""What is kept nowhere: a search, a filter, and what tells who somebody is, as its page marks it."""

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from kantoor.office.database.tables import drafts
from kantoor.portal.answers import environment
from tests.portal.marks import OWN, check_forms, list_forms, name_form
from tests.portal.reading import FIRST, RSIN, serve_reading
from tests.portal.test_reading_pages import MANAGER, READ
from tests.portal.visitors import Browser, Page, Pages

ALSO = ("/werk", "/planner", "/beheer/team", "/beheer/team/sanne", f"/relaties/{FIRST}/gereed", "/zoek")
WORD = "xyzzy"
MARKED = re.compile(r'(method="post"|name="[^"]*"(\{\{ mark \}\})?) data-unkept|" data-unkept"')


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The pages of an office with many relations, for this file alone: its forms are sent."""
    with serve_reading(tmp_path_factory.mktemp("unkept")) as pages:
        yield pages


@pytest.fixture(scope="module")
def read(office: Pages) -> list[Page]:
    """Every page that a manager reads there."""
    browser = office.client_of(MANAGER)
    return [browser.open(path) for path in (*READ, *ALSO)]


def test_every_field_in_which_somebody_looks_for_something_is_marked_and_its_form_says_so(
    read: list[Page],
) -> None:
    found = set().union(*map(check_forms, read))
    assert found > OWN


def test_what_comes_into_an_address_was_looked_for_and_its_form_is_marked(read: list[Page]) -> None:
    for page in read:
        for form in list_forms(page):
            if "data-unkept" in form.attrib or form.xpath(".//*[@name='act']"):
                continue
            fields = [(name, value or WORD) for name, value in form.form_values()]
            typed = [one.get("name") for one in form.xpath(".//input[not(@type) or @type='text']")]
            fields = [(name, WORD if name in typed else str(value)) for name, value in fields]
            sent = page.browser.send(form.get("action") or page.address, fields, follow=False)
            assert WORD not in sent.headers.get("location", ""), (page.path, name_form(form))


def test_the_mark_stands_where_it_is_read() -> None:
    loader = environment().loader
    assert loader
    for template in environment().list_templates():
        text = loader.get_source(environment(), template)[0]
        assert len(MARKED.findall(text)) == text.count("data-unkept"), template


@pytest.mark.parametrize("typed", [f"status:{RSIN}", "status:jan@x.nl", f"{RSIN} status:onzin"])
def test_a_refusal_that_repeats_what_is_kept_nowhere_is_shown_at_once_and_not_kept(
    office: Pages, typed: str
) -> None:
    browser = office.client_of(MANAGER)
    form = browser.open("/bulk/nieuw")
    page = form.press("Toon wat er zou gebeuren", {"actie": "hold", "filter": typed, "reden": "een reden"})
    assert (page.status, page.address, dict(page.fields("Toon"))["filter"]) == (422, "/bulk/nieuw", typed)
    kept = read_kept(office)
    assert "een reden" in kept
    assert RSIN not in kept
    assert "jan@x.nl" not in kept


def test_relations_that_were_ticked_are_kept_and_a_number_of_a_person_is_not(office: Pages) -> None:
    browser = office.client_of(MANAGER)
    listed = browser.open("/inzichten")
    ticked = listed.press("Bulkactie", {"relatie": ["5003", "5010"], "keuze": "gekozen"})
    assert (ticked.status, "concept=" in ticked.address) == (200, True)
    assert dict(ticked.fields("Toon"))["relaties"] == "5003 5010"
    wrong = ticked.press("Toon wat er zou gebeuren", {"periode": "ooit"})
    assert dict(wrong.fields("Toon"))["relaties"] == "5003 5010"
    assert (
        ticked.press("Toon wat er zou gebeuren", {"relaties": f"5003 {RSIN}", "periode": "ooit"}).status
        == 422
    )
    assert RSIN not in read_kept(office)


def test_a_form_that_names_nothing_as_kept_nowhere_has_its_numbers_kept_nowhere_all_the_same(
    office: Pages,
) -> None:
    sheet = office.client_of(MANAGER).open("/relaties/5003/gegevens/wijzigen")
    fields = {name: value for name, value in sheet.fields("Bewaar") if name != "onbewaard"}
    typed = fields | {"v-bsn": RSIN, "v-kvk": "x"}
    assert sheet.browser.send(sheet.address, typed).status == 422
    assert RSIN not in read_kept(office)
    spaced = "1234 56 782"
    page = Browser(office.app, office.settings).send(sheet.address, typed | {"v-bsn": spaced})
    assert (page.status, spaced in page.words) == (401, False)


def read_kept(office: Pages) -> str:
    """Return all that is kept of opened forms, and unseal it for that."""
    rows = office.desk.read(lambda connection: connection.execute(select(drafts)).all())
    ring = office.desk.equipment.document_ring
    opened = [ring.open_sealed(row.typed, f"draft {row.person} {row.form}".encode()) for row in rows]
    return "\n".join(json.dumps(json.loads(one)) for one in opened)


def test_who_is_signed_out_reads_nothing_of_a_list_that_they_filtered(office: Pages) -> None:
    form = office.client_of(MANAGER).open("/opdrachten")
    fields = {**dict(form.fields("Toon")), "relatie": "1234 56 782"}
    page = Browser(office.app, office.settings).send("/opdrachten", fields)
    assert (page.status, "1234 56 782" in page.words) == (401, False)
