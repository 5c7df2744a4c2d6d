"""The dossier on pages: put there by colleagues, narrowed, downloaded; to the client what is for them."""

from datetime import timedelta

from kantoor.office.database.tables import filings
from kantoor.office.filings.dossier import keep_document
from kantoor.service.relations.dossier import DossierLine, dossier, put_document
from kantoor.service.results import Refusal
from kantoor.service.uploads import Upload
from tests.portal.visitors import Browser, Pages
from tests.service.town import Return, Town

PDF = b"%PDF-1.7 \n%%EOF"
BUTTON = "Zet in het dossier"


def test_a_colleague_puts_documents_there_and_finds_them_by_kind_and_year(pages: Pages, town: Town) -> None:
    relation = town.relation()
    browser, base = pages.client_of("marieke"), f"/relaties/{relation}/dossier"
    page = browser.open(base)
    assert "Dit dossier is nog leeg." in page.words
    form = browser.open(f"{base}/nieuw")
    deed = form.press(
        BUTTON, {"soort": "deed", "jaar": "2019"}, [("bestand", ("Statuten.pdf", PDF, "text/html"))]
    )
    assert (deed.path, deed.word) == (base, "‘Statuten.pdf’ ligt in het dossier.")
    photo = b"\x89PNG\r\n\x1a\n12"
    browser.open(f"{base}/nieuw").press(
        BUTTON, {"soort": "identification", "klant": "ja"}, [("bestand", ("Paspoort.png", photo, ""))]
    )
    every = browser.open(base)
    assert "2 van 2 documenten" in every.words
    far = browser.open(f"{base}/nieuw").press(
        BUTTON, {"soort": "deed", "jaar": "1899"}, [("bestand", ("Statuten.pdf", PDF, "text/html"))]
    )
    assert "1899 kan niet kloppen" in far.tree.xpath("string(//p[@id='jaar-fout'])")
    narrowed = browser.open(f"{base}?soort=deed&jaar=2019")
    assert "1 van 2 documenten" in narrowed.words
    (link,) = [one for one in narrowed.links if one.startswith(f"{base}/") and not one.endswith("/nieuw")]
    given = browser.open(link)
    assert given.body == PDF
    assert given.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in given.headers["content-security-policy"]
    _put_more(pages, relation, 100)
    first = browser.open(f"{base}?soort=deed")
    assert (len(first.tree.xpath("//tbody/tr")), "101 van 102 documenten" in first.words) == (100, True)
    (onward,) = first.tree.xpath("//a[@rel='next']/@href")
    last = browser.open(onward)
    assert (len(last.tree.xpath("//tbody/tr")), "Statuten.pdf" in last.words) == (1, True)
    # The client is shown what was put there for them, and nobody else is.
    client = pages.client_of(f"c-{relation}")
    shown = client.open("/aangiften")
    assert "Paspoort.png" in shown.words
    assert "Statuten.pdf" not in shown.words
    (own,) = [one for one in shown.links if one.startswith("/aangiften/document/")]
    assert client.open(own).body == photo
    assert pages.client_of(f"c-{town.relation()}").open(own).status == 404
    assert browser.open(own).status == 404
    hidden = next(one for one in _lines(pages, relation) if one.kind == "deed")
    assert client.open(f"/aangiften/document/{hidden.id}").status == 404


def _put_more(pages: Pages, relation: str, count: int) -> None:
    """Put so many more deeds into a dossier, later than what is there."""
    (known,) = [one for one in _lines(pages, relation) if one.kind == "deed"]
    ring = pages.desk.equipment.document_ring
    with pages.desk.equipment.database.write() as connection:
        for number in range(count):
            later = {
                "id": f"more-{relation}-{number}",
                "name": "Akte.pdf",
                "at": known.at + timedelta(hours=1),
            }
            line = known.model_copy(update=later)
            keep_document(connection, relation, line, ring.seal, ring.open_sealed)


def test_what_was_delivered_is_read_from_the_dossier_with_its_receipt(pages: Pages, town: Town) -> None:
    filing = town.begun().to("afronden")
    browser = pages.client_of("marieke")
    page = browser.open(f"/relaties/{filing.relation}/dossier")
    assert "Dit dossier is nog leeg." not in page.words
    there = f"/opdrachten/{filing.name}"
    for link in ("", "/document/aangifte", "/document/aangifte/weergave", "/ontvangstbevestiging"):
        assert f"{there}{link}" in page.links
        assert browser.open(f"{there}{link}").status == 200
    assert "Annuleren kan nu niet. 'Aangifte omzetbelasting' is geaccepteerd" in browser.open(there).words
    _correct(browser, filing)
    waiting = town.begun().to("aanbieden")
    assert "Ingediend" not in browser.open(f"/relaties/{waiting.relation}/dossier").words


def _correct(browser: Browser, filing: Return) -> None:
    """Close a filing, and see that its page leads to the start of its correction, with what it corrects."""
    filing.tick("sanne", "ontvangstbevestiging", "geboekt")
    filing.until(lambda f: f.status == "afgesloten")
    page = browser.open(f"/opdrachten/{filing.name}")
    own = f"werkproces=btw-aangifte&corrigeert={filing.name}"
    (link,) = [one for one in page.links if own in one]
    assert (
        "Suppletie btw als correctie starten kan nog niet: de relatie neemt het product niet af" in page.words
    )
    start = browser.open(link)
    assert "Als correctie van Aangifte btw over januari 2026." in start.words
    assert start.tree.xpath("//details[@open]//textarea[@name='reden'][@required]"), (
        "the reason is asked at once"
    )
    chooser = browser.open(
        f"/relaties/{filing.relation}/starten?werkproces=suppletie&corrigeert={filing.name}"
    )
    assert "Voeg het eerst toe" in chooser.words
    chosen = chooser.press("Verder", {"werkproces": "btw-aangifte"})
    assert "Als correctie van Aangifte btw over januari 2026." in chosen.words


def test_of_what_was_delivered_a_page_is_shown_and_what_is_over_the_year_that_is_asked(
    pages: Pages, town: Town
) -> None:
    filing = town.begun().to("afronden")
    ours = filings.c.relation == filing.relation
    with pages.desk.equipment.database.write() as connection:
        (row,) = connection.execute(filings.select().where(ours)).mappings()
        id = row["id"].rpartition("/")[0]
        ended = {**row, "status": "afgesloten", "ended": "completed", "period": "2025-01"}
        earlier = [{**ended, "id": f"{id}/{number}", "sequence": number} for number in range(2, 102)]
        broken = "2025-07..2026-06"
        earlier[0] |= {"period": broken, "id": f"{id}/2".replace("2026-01", broken)}
        connection.execute(filings.insert(), earlier)
    try:
        browser, base = pages.client_of("marieke"), f"/relaties/{filing.relation}/dossier"
        first = browser.open(base)
        count = "//ul[@class='papers']/li"
        assert (len(first.tree.xpath(count)), "101 van 101" in first.words) == (100, True)
        (onward,) = first.tree.xpath("//a[@rel='next']/@href")
        assert len(browser.open(onward).tree.xpath(count)) == 1
        of_year = browser.open(f"{base}?jaar=2026")
        assert (len(of_year.tree.xpath(count)), "2 van 101" in of_year.words) == (2, True)
        assert "over boekjaar 2025/2026 (juli tot en met juni)" in of_year.words
        before = browser.open(f"{base}?jaar=2025")
        assert "100 van 101" in before.words, "a broken book year is found by both its years"
        assert "Over dit jaar is niets ingediend." in browser.open(f"{base}?jaar=2019").words
        of_sort = browser.open(f"{base}?soort=deed")
        assert (of_sort.tree.xpath(count), "Ingediend" in of_sort.words) == ([], True)
    finally:
        with pages.desk.equipment.database.write() as connection:
            connection.execute(filings.delete().where(ours, filings.c.sequence > 1))


def test_what_is_no_document_is_refused_and_what_was_typed_is_kept(pages: Pages, town: Town) -> None:
    relation = town.relation()
    browser, base = pages.client_of("marieke"), f"/relaties/{relation}/dossier"
    form = browser.open(f"{base}/nieuw")
    page = form.press(
        BUTTON, {"soort": "deed", "jaar": "2019"}, [("bestand", ("a.pdf", b"<html>", "application/pdf"))]
    )
    assert (page.status, page.problem.startswith("'a.pdf' is geen leesbaar pdf-bestand")) == (422, True)
    assert page.wrong_field == "bestand"
    assert ("jaar", "2019") in page.fields(BUTTON)
    assert ("soort", "deed") in page.fields(BUTTON)
    late = form.press(BUTTON, {"soort": "deed", "jaar": "2199"}, [("bestand", ("a.pdf", PDF, ""))])
    assert (late.status, "Het jaar 2199 kan niet kloppen" in late.problem) == (409, True)
    odd = form.press(BUTTON, {"soort": "deed", "jaar": "ooit"}, [("bestand", ("a.pdf", PDF, ""))])
    assert (odd.status, odd.wrong_field) == (422, "jaar")
    assert form.press(BUTTON, {}, [("bestand", ("a.pdf", PDF, ""))]).wrong_field == "soort"
    assert form.press(BUTTON, {"soort": "deed"}).wrong_field == "bestand"  # no file
    assert browser.open("/relaties/9999/dossier/nieuw").status == 404
    assert _lines(pages, relation) == ()


def test_the_same_act_puts_a_document_there_once(pages: Pages, town: Town) -> None:
    relation, act = town.relation(), "e" * 32
    upload = Upload(name="brief.txt", media_type="text/plain", content=f"over {relation}".encode())
    for _ in range(2):
        kept = put_document(pages.desk, "marieke", relation, upload, "correspondence", None, act=act)
        assert not isinstance(kept, Refusal)
    assert [one.name for one in _lines(pages, relation)] == ["brief.txt"]
    for where, kind, year in (
        (town.relation(), "correspondence", None),
        (relation, "deed", None),
        (relation, "correspondence", 2025),
    ):
        other = put_document(pages.desk, "marieke", where, upload, kind, year, act=act)
        assert isinstance(other, Refusal)


def _lines(pages: Pages, relation: str) -> tuple[DossierLine, ...]:
    found = dossier(pages.desk, relation)
    assert not isinstance(found, Refusal)
    return found
