"""What colleagues read on the pages: planner, relations, filings, search, templates, how the office does."""

import gzip
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select, update

from kantoor.office.alarms import NOT_BEGUN, drop_alarm, raise_alarm
from kantoor.office.database.tables import drafts, filings, recurrences, relation_products, relation_roles
from kantoor.office.filings.recurrences import Recurrence, save_recurrence
from kantoor.office.people import find_member
from kantoor.office.plans import keep_written, latest_plan
from kantoor.office.programs import note_answer, note_silence
from kantoor.plan import Written
from kantoor.portal.pages.relations import say_start
from kantoor.service.overviews.insights import FilterRefusal, pick_relations
from kantoor.service.results import JudgedStart
from kantoor.tables import make_plain
from tests.counting import count_statements
from tests.portal.reading import (
    BOOK_YEAR,
    FIRST,
    FORMULA,
    IDLE,
    MANY,
    NOBODY_DECIDES,
    RSIN,
    STALLED,
    TEMPLATE,
    VAT,
    name_of,
    serve_reading,
)
from tests.portal.visitors import Browser, Page, Pages
from tests.shipped import compile_shipped

PLANNER = "/planner/aangifte-btw"
COLLEAGUE, MANAGER = "sanne", "marieke"
READ = (
    f"{PLANNER}?jaar=2026",
    f"{PLANNER}?jaar=2026&zoek=bakkerij&pagina=1",
    "/relaties",
    "/nieuwe-relatie",
    "/inzichten",
    "/inzichten?verfijn=ja",
    "/inzichten?filter=product%3Aaangifte-btw+zaak&kolommen=status%2Crollen%2Clopend",
    *(
        f"/relaties/{FIRST}/{tab}"
        for tab in (
            "gegevens",
            "contactpersonen",
            "producten",
            "rollen",
            "opdrachten",
            "dossier",
            "wijzigingen",
        )
    ),
    *(
        f"/relaties/1001/{sheet}"
        for sheet in (
            "gegevens/wijzigen",
            "contactpersonen/c-anja/wijzigen",
            "contactpersonen/c-anja/weghalen",
            "bevoegdheden/nieuw",
            "producten/aangifte-btw/-/2026-01-01",
            "rollen/wijzigen",
            "rollen/procesteam",
            "contactpersonen/nieuw",
            "contactpersonen/bekende",
            "producten/nieuw",
            "machtigingen/nieuw",
            "verbanden/nieuw",
            "bevoegdheden/c-anja/aangifte-btw/2025-01-01",
        )
    ),
    "/relaties/1007/machtigingen/aangifte-btw/2025-12-15",
    "/relaties/1004/gegevens",
    "/relaties/1004/verbanden/owner/1005/2020-01-01",
    "/relaties/1005/verbanden/business/1004/2020-01-01/weghalen",
    "/opdrachten",
    "/opdrachten?status=te_laat",
    "/opdrachten?status=gepland",
    f"/relaties/{FIRST}/starten?werkproces=btw-aangifte",
    f"/relaties/{FIRST}/vanzelf/btw-aangifte/-",
    "/zoek?q=zaak",
    "/bulk",
    "/bulk/nieuw",
    "/bulk/1",
    "/beheer/werkprocessen",
    "/beheer/werkprocessen/btw-aangifte",
    "/beheer/systeem",
    "/beheer/medewerkers",
)
"""Addresses of pages that are read, each with as much in it as it ever shows."""
MOST_STATEMENTS = 10


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """The pages of an office with many relations, in which nothing runs."""
    with serve_reading(tmp_path_factory.mktemp("reading")) as pages:
        yield pages


@pytest.fixture(scope="module")
def colleague(office: Pages) -> Browser:
    return office.client_of(COLLEAGUE)


@pytest.fixture(scope="module")
def manager(office: Pages) -> Browser:
    return office.client_of(MANAGER)


def cells_of(page: Page, number: int) -> list[str]:
    """Return the states that the planner shows of a relation, in order."""
    row = page.tree.xpath(f"//tbody/tr[th/a[@href='/relaties/{number}']]")[0]
    return [one.text_content().strip() for one in row.xpath(".//td//a")]


@pytest.mark.parametrize("path", READ)
def test_a_page_takes_few_statements_and_is_light(office: Pages, manager: Browser, path: str) -> None:
    manager.open(path)  # what never changes is read once
    with count_statements(office.desk.equipment.database) as statements:
        page = manager.open(path)
    asked = [one for one in statements if not one.startswith("BEGIN")]
    assert page.status == 200
    assert len(asked) <= MOST_STATEMENTS, "\n".join(asked)
    assert len(gzip.compress(page.body)) < 30_000


def test_the_style_sheet_is_light(office: Pages) -> None:
    assert len(office.stranger().open("/static/kantoor.css").body) < 15_000


def test_what_is_searched_for_is_not_told_as_something_that_was_done(pages: Pages) -> None:
    browser = pages.client_of("tom")
    for path in ("/relaties?zoek=Bedrijf", "/planner/aangifte-btw?zoek=Bedrijf"):
        page = browser.open(path)
        assert (page.status, page.word) == (200, "")
        assert page.tree.xpath("//input[@id='zoek']/@value") == ["Bedrijf"]


def test_the_planner_shows_each_state_as_a_word_that_leads_to_the_filing(colleague: Browser) -> None:
    page = colleague.open(f"{PLANNER}?jaar=2026")
    shown = [cells_of(page, number) for number in range(FIRST, FIRST + 7)]
    assert shown[1:] == [
        ["loopt"],
        ["bij klant"],
        ["ingediend"],
        ["klaar"],
        ["te laat"],
        ["geannuleerd"],
    ]
    assert f"/opdrachten/btw-aangifte/{FIRST + 1}/2026-01" in page.links


def test_the_planner_shows_earlier_filings_of_a_period_and_what_is_still_to_start(colleague: Browser) -> None:
    page = colleague.open(f"{PLANNER}?jaar=2026")
    assert cells_of(page, FIRST) == ["gepland", "gepland", "gepland"]
    links = page.tree.xpath(f"//tbody/tr[th/a[@href='/relaties/{FIRST}']]//td//a/@href")
    assert links == [
        f"/opdrachten/btw-aangifte/{FIRST}/2026-01",
        f"/opdrachten/btw-aangifte/{FIRST}/2026-01/-/2",
        f"/relaties/{FIRST}/vanzelf/btw-aangifte/-",
    ]


def test_nothing_was_started_only_over_a_period_of_the_kind_that_starts_next(
    office: Pages, colleague: Browser
) -> None:
    database = office.desk.equipment.database
    with database.write() as connection:
        row = connection.execute(recurrences.select().limit(1)).mappings().one()
        other = {**row, "relation": "1001", "next_period": "2026-Q1"}
        connection.execute(recurrences.insert().values(other))
    ours = recurrences.c.relation == "1001"
    page = colleague.open(f"{PLANNER}?jaar=2026")
    assert cells_of(page, 1001) == ["gepland"], "of whom files by the quarter no month was left out"
    with database.write() as connection:
        connection.execute(recurrences.update().where(ours).values(next_period="2026-02"))
    page = colleague.open(f"{PLANNER}?jaar=2026")
    assert cells_of(page, 1001) == ["niets", "gepland"]
    said = page.tree.xpath("//tbody/tr[th/a[@href='/relaties/1001']]//td//a/@aria-label")
    assert said == [
        "Niets gestart over januari 2026; de eerste die vanzelf start, is die over februari 2026",
        "gepland: over februari 2026, nog niet gestart, start vanzelf",
    ]
    with database.write() as connection:
        connection.execute(recurrences.delete().where(ours))


def test_who_takes_a_product_is_in_the_planner_before_anything_was_started(colleague: Browser) -> None:
    page = colleague.open(f"{PLANNER}?jaar=2026&zoek=korenaar")
    (row,) = page.tree.xpath("//tbody/tr")
    assert "Er is niets gestart of gepland." in " ".join(row.text_content().split())
    (start,) = row.xpath(".//td/a/@href")
    assert colleague.open(start).path in ("/relaties/1001/starten", "/relaties/1001/gereed")
    (head,) = page.tree.xpath("//thead//th[2]")
    assert head.text_content().strip() == "2026"
    assert "Bakkerij De Korenaar" not in colleague.open(f"{PLANNER}?jaar=1990").words


def test_the_planner_is_leafed_through_by_fifty_relations(colleague: Browser) -> None:
    first = colleague.open(f"{PLANNER}?jaar=2026&zoek=zaak")
    assert len(first.tree.xpath("//tbody/tr")) == 50
    (forth,) = first.tree.xpath("//a[@rel='next']/@href")
    second = colleague.open(forth)
    assert "Pagina 2 van 3" in second.words
    (back,) = second.tree.xpath("//a[@rel='prev']/@href")
    assert colleague.open(back).words == first.words


def test_a_page_of_the_planner_that_is_not_there_leads_to_the_first(colleague: Browser) -> None:
    page = colleague.open(f"{PLANNER}?jaar=2026&pagina=10000")
    assert page.status == 200
    assert name_of(FIRST) in page.words


@pytest.mark.parametrize("year", ["0000", "9999", "jaar", "-1", "٢٠٢٦"])
def test_a_year_with_nothing_in_it_is_an_empty_planner(colleague: Browser, year: str) -> None:
    assert colleague.open(f"{PLANNER}?jaar={year}").status == 200


def test_the_planner_opens_in_the_last_year_that_has_something_and_says_where_the_rest_is(
    office: Pages, colleague: Browser
) -> None:
    old = filings.c.id == f"filing/{TEMPLATE}/{FIRST + 9}/{BOOK_YEAR}/-/1"
    for product in ("jaarrekening", VAT):  # and back, for other tests
        with office.desk.equipment.database.write() as connection:
            connection.execute(filings.update().where(old).values(product=product))
        page = colleague.open("/planner/jaarrekening")
        assert dict(page.fields("Toon"))["jaar"] == ("2023" if product != VAT else f"{date.today().year}")
        assert ("jul 23–jun 24" in page.words) == (product != VAT)
        assert len(page.tree.xpath("//tbody/tr[.//a[contains(@class, 'state')]]")) == (
            1 if product != VAT else 0
        )
    (ask,) = page.tree.xpath("//main//a[starts-with(@href, '/inzichten?')]/@href")
    assert colleague.open(ask).status == 200


def test_before_the_first_year_of_a_product_the_planner_opens_in_that_year(
    office: Pages, colleague: Browser
) -> None:
    year, days = date.today().year, relation_products.c
    annual = days.product == "jaarrekening"
    with office.desk.equipment.database.write() as connection:
        taken = connection.execute(select(relation_products).where(annual)).mappings().all()
        connection.execute(
            relation_products.update().where(annual).values(since=date(year + 1, 1, 1), until=None)
        )
    page = colleague.open("/planner/jaarrekening")
    with office.desk.equipment.database.write() as connection:
        connection.execute(relation_products.delete().where(annual))
        connection.execute(relation_products.insert(), [dict(one) for one in taken])
    assert dict(page.fields("Toon"))["jaar"] == str(year + 1)
    assert len(page.tree.xpath("//tbody/tr")) == len({(one.relation, one.sub_number) for one in taken})


def test_one_letter_finds_relations_that_begin_with_it(colleague: Browser) -> None:
    page = colleague.open(PLANNER).press("Toon", {"zoek": "b", "jaar": "2026"})
    rows = page.tree.xpath("//tbody/tr/th/a/text()")
    assert rows
    assert all(name.startswith("B") for name in rows)


def test_the_planner_of_another_year_has_what_was_then(colleague: Browser) -> None:
    page = colleague.open(PLANNER).press("Toon", {"jaar": "2025"})
    assert page.tree.xpath("//tbody/tr/th/a/text()") == [FORMULA]


def test_a_product_that_the_office_lacks_has_no_planner(colleague: Browser) -> None:
    assert colleague.open("/planner/bestaat-niet").status == 404


def test_the_planner_as_a_file_has_all_relations_and_no_formula(colleague: Browser) -> None:
    page = colleague.open(f"{PLANNER}/csv?jaar=2026")
    lines = page.body.decode("utf-8-sig").splitlines()
    assert len([line for line in lines if int(line[:4].isdigit() and line[:4]) >= FIRST]) == MANY
    assert "1001;Bakkerij De Korenaar B.V.;;" in lines  # it takes the product, and nothing was started
    assert f"{FIRST};'{FORMULA};" in page.body.decode()


@pytest.mark.parametrize("cell", ["=1+1", "+31", "-1", "@SUM", "\t=1", " =1"])
def test_no_cell_begins_a_formula(cell: str) -> None:
    assert make_plain(cell) == f"'{cell}"


def test_numbers_are_masked_until_somebody_asks_and_that_is_written_down(office: Pages) -> None:
    browser = office.client_of(COLLEAGUE)
    masked = browser.open(f"/relaties/{FIRST}")
    assert RSIN not in masked.text
    assert "******782" in masked.words
    shown = masked.press("Toon de nummers")
    assert RSIN in shown.words
    again = browser.open(f"/relaties/{FIRST}/gegevens")
    assert RSIN not in again.text
    assert "Wie de nummers heeft bekeken Sanne Visser" in again.words


def test_numbers_are_not_shown_by_looking(colleague: Browser) -> None:
    led = colleague.open(f"/relaties/{FIRST}/nummers")
    assert led.path == f"/relaties/{FIRST}/gegevens"
    assert RSIN not in led.text


def test_a_start_on_a_later_day_is_told_with_its_day() -> None:
    start = JudgedStart(template=TEMPLATE, title="Aangifte btw", day=date(2026, 3, 1), period="2026-03")
    assert say_start(start, date(2026, 2, 3)) == "de start op 1 maart 2026 (Aangifte btw over maart 2026)"
    assert say_start(start, start.day) == "de start vandaag (Aangifte btw over maart 2026)"


def test_what_a_relation_lacks_is_told_with_what_to_do(colleague: Browser) -> None:
    page = colleague.open("/relaties/1011/gereed")
    assert "Het omzetbelastingnummer ontbreekt. Vul het nummer in. Naar gegevens" in page.words
    assert "Voor de start vandaag (Aangifte btw over januari 2026" in page.words
    assert "/relaties/1011/gegevens" in page.links
    ready = colleague.open("/relaties/1001/gereed")
    assert "Er ontbreekt niets" in ready.words
    assert "Aangifte btw over januari 2026: Er is geen opdracht en geen herhaling." in ready.words


def test_a_contact_a_role_and_a_product_are_told_in_words(colleague: Browser) -> None:
    contacts = colleague.open("/relaties/1001/contactpersonen").words
    assert "Anja Bakker eerste contactpersoon Functiedirecteur" in contacts
    assert "Aangifte btwinzien, antwoorden, akkoord geven, ondertekenen" in contacts
    assert "Relatiebeheerder Marieke van der Linde aanwezig" in colleague.open("/relaties/1001/rollen").words
    assert "per maand, vanaf januari 2026" in colleague.open("/relaties/1001/producten").words
    assert "februari 202628 februari 2026loopt" in colleague.open(f"/relaties/{FIRST}/producten").words


@pytest.mark.parametrize(
    "tab", ["gegevens", "contactpersonen", "producten", "rollen", "opdrachten", "gereed"]
)
def test_a_relation_that_is_not_there_is_not_found(colleague: Browser, tab: str) -> None:
    assert colleague.open(f"/relaties/99999/{tab}").status == 404
    assert colleague.open("/relaties/1001/onzin").status == 404


@pytest.mark.parametrize(
    "path", ["/planner/onzin", "/planner/onzin/csv", "/planner/onzin/csv?jaar=2026&zoek=a"]
)
def test_a_product_that_is_not_there_is_not_found(colleague: Browser, path: str) -> None:
    assert colleague.open(path).status == 404


def test_a_list_of_relations_is_found_by_word_and_status(colleague: Browser) -> None:
    page = colleague.open("/relaties").press("Toon", {"zoek": "bakkerij 50", "status": "active"})
    assert len(page.tree.xpath("//tbody/tr")) == 9
    assert colleague.open("/relaties?status=left&zoek=bakkerij").words.endswith("Geen relatie gevonden.")


@pytest.mark.parametrize("typed", [RSIN, "1234.56.782", f"NL{RSIN}B01", "anja@korenaar.example"])
def test_what_tells_who_somebody_is_never_comes_into_an_address_and_is_kept_nowhere(
    office: Pages, colleague: Browser, typed: str
) -> None:
    for path, field in (("/zoek", "q"), ("/relaties", "zoek"), ("/inzichten", "filter")):
        kept = count_drafts(office)
        found = colleague.send(path, {field: typed}, follow=False)
        assert (found.status, found.heading, found.address) == (200, "Zoeken", path)
        assert count_drafts(office) == kept


def count_drafts(office: Pages) -> int:
    count = select(func.count()).select_from(drafts)
    return office.desk.read(lambda connection: connection.execute(count).scalar_one())


def test_a_relation_is_found_by_its_number_its_rsin_and_a_contact_of_it(colleague: Browser) -> None:
    assert colleague.send("/zoek", {"q": str(FIRST)}).heading == FORMULA
    assert f"/relaties/{FIRST}" in colleague.send("/zoek", {"q": RSIN}).links
    assert "/relaties/1001" in colleague.send("/zoek", {"q": "Anja@Korenaar.example"}).links
    person = colleague.send("/zoek", {"q": "bakker ANJA"})
    assert "/relaties/1001/contactpersonen" in person.links
    assert "Anja Bakker" in person.words


def test_a_word_finds_relations_by_name_and_filings_by_theirs(colleague: Browser) -> None:
    assert f"/relaties/{FIRST + 1}" in colleague.send("/zoek", {"q": name_of(FIRST + 1)}).links
    found = colleague.send("/zoek", {"q": f"btw-aangifte/{FIRST + 1}"})
    assert f"/opdrachten/btw-aangifte/{FIRST + 1}/2026-01" in found.links
    assert "Aangifte btw over januari 2026" in found.words
    over = colleague.send("/zoek", {"q": "december 2025"})
    assert [one for one in over.links if one.startswith("/opdrachten/")] == [
        f"/opdrachten/btw-aangifte/{FIRST}/2025-12"
    ]
    for typed in ("aangifte btw december 2025", "december 2025 btw", "aangifte 2025-12 btw"):
        assert over.links == colleague.send("/zoek", {"q": typed}).links, typed
    titled = colleague.send("/zoek", {"q": f"aangifte btw {FIRST + 1}"})
    assert f"/opdrachten/btw-aangifte/{FIRST + 1}/2026-01" in titled.links
    assert "Niets gevonden" in colleague.send("/zoek", {"q": "jaarrekening december 2025"}).words
    assert "Niets gevonden" in colleague.send("/zoek", {"q": "%_"}).words


def test_a_filing_in_a_list_tells_its_phase_and_who_has_it(office: Pages, colleague: Browser) -> None:
    ours = filings.c.id == f"filing/{TEMPLATE}/{FIRST + 1}/2026-01/-/1"
    with office.desk.equipment.database.write() as connection:
        connection.execute(filings.update().where(ours).values(phases=["opstellen"]))
        role = {"relation": str(FIRST + 1), "role": "administratie", "member": COLLEAGUE}
        connection.execute(relation_roles.insert().values(role))
    for path in (f"/opdrachten?relatie={FIRST + 1}", f"/relaties/{FIRST + 1}/opdrachten"):
        (row,) = colleague.open(path).tree.xpath("//tbody/tr")
        said = [" ".join(one.text_content().split()) for one in row.xpath("td[@data-what]")]
        assert "Boeken en aangifte opstellen" in said
        assert office.desk.read(lambda c: find_member(c, COLLEAGUE)).name in said  # type: ignore[union-attr]


def test_filings_are_listed_by_state_and_period(colleague: Browser) -> None:
    late = colleague.open("/opdrachten").press("Toon", {"status": "te_laat"})
    assert late.tree.xpath("//tbody//th/a/@href") == [f"/opdrachten/btw-aangifte/{FIRST + 5}/2026-01"]
    cancelled = colleague.open("/opdrachten?status=cancelled")
    assert "geannuleerd" in cancelled.tree.xpath("//tbody")[0].text_content()
    running = colleague.open("/opdrachten?status=loopt&periode=2026-01")
    assert running.tree.xpath("//tbody//th/a/@href") == [f"/opdrachten/btw-aangifte/{FIRST + 1}/2026-01"]
    assert "'morgen' is geen periode" in colleague.open("/opdrachten?periode=morgen").words


@pytest.mark.parametrize("typed", [BOOK_YEAR, "juli 2023 t/m juni 2024"])
def test_filings_over_a_book_year_are_asked_for_as_people_write_it(colleague: Browser, typed: str) -> None:
    found = colleague.open("/opdrachten").press("Toon", {"periode": typed})
    assert found.tree.xpath("//tbody//th/a/@href") == [f"/opdrachten/btw-aangifte/{FIRST + 9}/{BOOK_YEAR}"]


def test_any_stretch_of_days_is_a_period_to_ask_for(colleague: Browser) -> None:
    found = colleague.open("/opdrachten").press("Toon", {"periode": "1-3-2026 t/m 15-4-2026"})
    assert "Geen opdracht gevonden" in found.words
    assert not found.tree.xpath("//*[@id='periode-fout']")


def test_a_template_is_read_with_its_messages_dates_and_files(colleague: Browser) -> None:
    page = colleague.open("/beheer/werkprocessen/btw-aangifte")
    cells = page.tree.xpath("//div[@class='written']//td")  # on a telephone each is a line of a card
    assert cells
    assert [one for one in cells if one.get("data-what") is None] == []
    for said in (
        "Wie doet wat",
        "Controlepunten",
        "Vanzelf",
        "Berichten",
        "Aanbieden en indienen",
        "Data van",
    ):
        assert said in page.words
    assert "definitions/messages/btw-ter-accordering.yaml" in page.words
    folded = [one.text_content().strip() for one in page.tree.xpath("//details/summary/h2")]
    assert {"De fasen", "Berichten", "Waar u dit wijzigt"} <= {*folded}
    assert "Wie doet wat" not in folded
    picture = colleague.open("/beheer/werkprocessen/btw-aangifte/verloop.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "script" not in picture.headers["content-security-policy"]
    assert colleague.open("/beheer/werkprocessen/bestaat-niet").status == 404


def test_each_part_of_a_template_has_the_file_and_line_in_which_it_is_changed(
    office: Pages, colleague: Browser
) -> None:
    def ask(page: Page) -> list[tuple[str, str]]:
        rows = page.tree.xpath("//tr[td/code[starts-with(text(), 'definitions/')]]")
        return [(str(row.findtext("th")), row.xpath("string(td/code)")) for row in rows]

    path = "/beheer/werkprocessen/btw-aangifte"
    role = "definitions/roles/accountant.yaml"
    assert ("Rol Accountant", role) in ask(colleague.open(path))  # of which nobody kept lines
    parts = compile_shipped().find_written("btw-aangifte")
    with office.desk.equipment.database.write() as connection:
        plan = latest_plan(connection, "btw-aangifte")
        assert plan is not None
        keep_written(connection, [plan.plan], {"btw-aangifte": Written(revision="a1b2c3", parts=parts)})
    page = colleague.open(path)
    assert "De regels zijn die van versie a1b2c3." in page.words
    shown = ask(page)
    assert [f"definitions/{one.file}:{one.line}" for one in parts] == [place for _, place in shown]
    assert ("Rol Accountant", f"{role}:2") in shown


def test_how_the_office_does_is_for_managers(colleague: Browser, manager: Browser) -> None:
    assert colleague.open("/beheer/systeem").status == 404
    page = manager.open("/beheer/systeem")
    assert "Het omzetbelastingnummer ontbreekt." in page.words
    assert "something is odd" not in page.words  # that is for who runs the server
    assert f"Aangifte btw over januari 2026, {FORMULA}" in page.words
    assert f"/opdrachten/{TEMPLATE}/{FIRST}/2026-01" in page.links
    assert f"Aangifte btw die vanzelf start, {FORMULA}: februari 2026" in page.words
    assert "btw-aangifte/" not in page.words
    assert "Alles wat moest starten, is gestart." not in page.words
    (found,) = [one for one in page.tree.xpath("//main//p") if "geen herhaling" in one.text_content()]
    assert int(found.findtext("strong") or 0) > 0
    assert colleague.open(found.xpath("a/@href")[0]).status == 200


def test_how_the_office_does_says_which_program_does_not_answer_and_what_that_means(
    office: Pages, manager: Browser
) -> None:
    assert "De mailserver: niet bekend" in say_programs(manager)
    database, since = office.desk.equipment.database, datetime(2026, 1, 31, 8, 30, tzinfo=UTC)
    note_answer(database, "worker", since)
    note_silence(database, "mail", since)
    note_answer(database, "digipoort", since)
    assert say_programs(manager) == [
        "Deze pagina’s: antwoordt",
        "De worker (voert uit wat vanzelf gaat): antwoordt niet",
        "De Temporal-server (houdt bij wat loopt): niet bekend",
        "De mailserver: antwoordt niet",
        "Digipoort: antwoordt, het laatst op 31 januari 2026 om 09:30",
    ]
    words = manager.open("/beheer/systeem").words
    assert "antwoordt niet sinds 31 januari 2026 om 09:30. Zolang dat zo is, begint er niets" in words
    note_answer(database, "worker", datetime.now(UTC))
    assert say_programs(manager)[1:3] == [
        "De worker (voert uit wat vanzelf gaat): antwoordt",
        "De Temporal-server (houdt bij wat loopt): niet bekend",
    ]


def say_programs(manager: Browser) -> list[str]:
    """Return what Systeem says of each program."""
    rows = manager.open("/beheer/systeem").tree.xpath("//dl[@id='programmas']/div")
    return [f"{row.findtext('dt')}: {row.findtext('dd')}" for row in rows]


def test_how_the_office_does_names_each_filing_that_stands_still_and_why(manager: Browser) -> None:
    page = manager.open("/beheer/systeem")
    assert f"{name_of(STALLED)} staat stil geëscaleerd op 24 februari 2026" in page.words
    assert f"Aanbieden aan de klant20 februari 2026{NOBODY_DECIDES}" in page.words
    assert f"/opdrachten/{TEMPLATE}/{STALLED}/2026-01#fase-aanbieden" in page.links
    idle = f"Aangifte btw over januari 2026, {name_of(IDLE)} ligt stil"
    assert idle in page.words
    assert page.words.count(name_of(IDLE)) == 1  # not among the alarms once more


def test_a_filing_that_does_not_begin_is_named_and_says_what_can_be_done(
    office: Pages, manager: Browser
) -> None:
    name = f"{TEMPLATE}/{FIRST}/2025-12"
    path = f"/opdrachten/{name}"
    again = f"/relaties/{FIRST}/starten?werkproces={TEMPLATE}&periode=2025-12"
    page = manager.open(path)
    assert again not in page.links  # a worker sees to it, and says where it cannot
    assert "dan wordt het vanzelf opnieuw geprobeerd" in page.words
    since = "maar sinds 31 januari 2026 om 09:30 niet begonnen"
    assert since not in page.words
    with office.desk.equipment.database.write() as connection:
        raise_alarm(connection, NOT_BEGUN, f"filing/{name}/-/1", "2026-01-31T09:30", "no answer")
    page = manager.open(path)
    assert since in page.words
    assert again in page.links
    page = manager.open("/beheer/systeem")
    assert f"Aangifte btw over december 2025, {FORMULA} is niet begonnen" in page.words
    assert "begint vanzelf zodra de server antwoordt" in page.words


def test_what_starts_by_itself_and_does_not_begin_leads_to_its_page_which_says_why(
    office: Pages, colleague: Browser, manager: Browser
) -> None:
    path = f"/relaties/{FIRST}/vanzelf/{TEMPLATE}/-"
    assert "Nog eens proberen" not in colleague.open(path).words
    agreed = Recurrence(
        relation="1001",
        template=TEMPLATE,
        product=VAT,
        next_period="2026-02",
        next_start=date(2026, 2, 28),
        begun=False,
    )
    with office.desk.equipment.database.write() as connection:
        connection.execute(update(recurrences).where(recurrences.c.relation == FIRST).values(begun=False))
        save_recurrence(connection, agreed)
        for relation in (FIRST, agreed.relation):
            id = f"recurrence/{TEMPLATE}/{relation}/-"
            raise_alarm(connection, NOT_BEGUN, id, "2026-01-31T09:30", "no answer")
    try:
        page = colleague.open(path.replace(str(FIRST), agreed.relation))
        assert "Dit is gepland, maar sinds 31 januari 2026 om 09:30 niet begonnen." in page.words
        page = colleague.open(path)
        assert "Dit kan niet beginnen: het product is met deze relatie niet meer afgesproken." in page.words
        assert ("Nog eens proberen" in page.words, "Pauzeren" in page.words) == (True, False)
        assert f"/relaties/{FIRST}/gereed" in page.links
        assert path in manager.open("/beheer/systeem").links
        assert path in manager.open("/werk?wat=not_begun&lijst=niemand").links
    finally:
        with office.desk.equipment.database.write() as connection:
            for relation in (FIRST, agreed.relation):
                drop_alarm(connection, NOT_BEGUN, f"recurrence/{TEMPLATE}/{relation}/-")
            connection.execute(recurrences.delete().where(recurrences.c.relation == agreed.relation))
            connection.execute(update(recurrences).where(recurrences.c.relation == FIRST).values(begun=True))


@pytest.mark.parametrize(
    "path", [*READ, "/planner", f"{PLANNER}/csv", f"/relaties/{FIRST}", "/relaties/1/gereed"]
)
def test_a_client_reads_none_of_it(office: Pages, path: str) -> None:
    assert office.client_of("c-anja").open(path).status == 404


def found_by(page: Page) -> list[str]:
    """Return the names of the relations that insights show."""
    return [str(one) for one in page.tree.xpath("//tbody/tr/th/a/text()")]


def test_relations_are_found_by_a_filter_that_stays_in_the_address(colleague: Browser) -> None:
    page = colleague.open("/inzichten").press("Toon", {"filter": "bakkerij nummer:50 status:actief"})
    assert len(found_by(page)) == 9
    assert page.tree.get_element_by_id("filter").value == "bakkerij nummer:50 status:actief"
    assert "9 relaties" in page.words
    (path,) = page.tree.xpath("//a[@aria-label='nummer:50 weglaten']/@href")
    assert len(found_by(colleague.open(path))) == MANY // 10 + 1
    # A name stays as it was typed, also in the links that narrow further.
    named = colleague.open("/inzichten").press("Toon", {"filter": 'fase:"Stukken opvragen" status:actief'})
    (path,) = named.tree.xpath("//a[@aria-label='status:actief weglaten']/@href")
    assert colleague.open(path).tree.get_element_by_id("filter").value == 'fase:"Stukken opvragen"'
    assert 'fase:"Stukken opvragen" ×' in named.words
    assert 'product:"Aangifte btw" ×' in colleague.open("/inzichten?filter=product%3Aaangifte-btw").words


def test_what_is_wrong_in_a_filter_is_told_beside_the_field_and_marked(colleague: Browser) -> None:
    page = colleague.open("/inzichten").press(
        "Toon", {"filter": "bakkerij frequentie:mand rol.acountant:tom"}
    )
    assert page.status == 422
    assert page.tree.xpath("//*[@id='filter-fout']/p/text()") == [
        "'mand' is geen waarde van frequentie. Bedoelt u 'maand'?",
        "De rol 'acountant' bestaat niet. Bedoelt u 'accountant'?",
    ]
    assert page.tree.xpath("//mark/text()") == ["mand", "acountant"]
    typed = "bakkerij frequentie:mand rol.acountant:tom"
    assert page.tree.get_element_by_id("filter").value == typed
    assert page.browser.open("/inzichten?filter=rol.acountant%3Atom").status == 422


def test_a_link_beside_the_list_narrows_it_and_says_by_how_much(colleague: Browser) -> None:
    page = colleague.open("/inzichten?filter=bakkerij")
    ((link, count),) = [
        (one.get("href"), one.getnext().text_content())
        for one in page.tree.xpath("//aside//a")
        if one.text_content() == "uit"
    ]
    narrowed = colleague.open(link)
    assert narrowed.tree.get_element_by_id("filter").value == "bakkerij sbr:uit"
    assert len(found_by(narrowed)) == int(count)


@pytest.mark.parametrize("wanted", ["zaak", "zaak gedekt:ja"])
@pytest.mark.parametrize("sort", ["number", "name", "status"])
def test_insights_are_leafed_through_and_leave_nobody_out(colleague: Browser, wanted: str, sort: str) -> None:
    page = colleague.open(f"/inzichten?filter={wanted.replace(' ', '+')}&sorteer={sort}")
    found = found_by(page)
    assert len(found) == 100
    (forth,) = page.tree.xpath("//a[@rel='next']/@href")
    second = colleague.open(forth)
    found += found_by(second)
    assert sorted(found) == sorted(name_of(n) for n in range(FIRST + 1, FIRST + MANY) if n % 10)
    assert not second.tree.xpath("//a[@rel='next']")
    assert "Zaak" not in forth


def test_people_and_phases_are_counted_where_that_is_asked(colleague: Browser) -> None:
    page = colleague.open("/inzichten?filter=nummer%3A1001")
    assert "Medewerker" not in page.words
    (path,) = [one.get("href") for one in page.tree.xpath("//aside//p/a")]
    whole = colleague.open(path)
    assert "Medewerker" in whole.words
    assert whole.tree.get_element_by_id("filter").value == "nummer:1001"


def test_what_lacks_is_found_shown_and_not_counted(colleague: Browser) -> None:
    page = colleague.open("/inzichten?filter=mist%3Aob-nummer&kolommen=ontbreekt%2Congedekt")
    assert "1011" in page.words
    assert "OB-nummer" in page.words
    assert "Daarom staat hier geen totaal." in page.words


def test_columns_are_chosen_and_kept(colleague: Browser) -> None:
    page = colleague.open("/inzichten").press("Toon", {"filter": "nummer:1001", "kolom": ["rollen", "sbr"]})
    heads = [" ".join(one.text_content().split()) for one in page.tree.xpath("//thead//th")]
    assert heads == ["Kies", "Nummer ↓", "Naam", "Rollen", "SBR"]
    assert "Accountant: Tom de Boer" in page.words
    kept = page.press("Downloaden", {"keuze": "alles"})
    assert "Accountant: Tom de Boer" in kept.body.decode("utf-8-sig")


def test_ticked_relations_and_all_that_a_filter_finds_are_kept_as_a_file(colleague: Browser) -> None:
    page = colleague.open(f"/inzichten?filter=nummer%3A{FIRST // 10}")
    some = page.press("Downloaden", {"relatie": [str(FIRST), "1001"]})
    assert some.body.decode("utf-8-sig").splitlines()[1:] == [f"{FIRST};'{FORMULA};actief;;3"]
    assert len(page.press("Downloaden", {"keuze": "alles"}).body.splitlines()) == 1 + 9
    nothing = page.press("Downloaden")
    assert (nothing.heading, nothing.word[:34]) == ("Inzichten", "Let op: vink eerst relaties aan, o")
    assert nothing.tree.get_element_by_id("filter").value == page.tree.get_element_by_id("filter").value


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        (RSIN, 200),
        (f"naam:{RSIN}", 200),
        ("-medewerker:anja@korenaar.example", 200),
        (f"x:{RSIN}", 422),
        ("1234 56 782", 200),
        ("bsn 123 status:actief 456 782", 200),
        ("naam:06 1234 5678", 200),
        (f"veld.{RSIN}:ja", 200),
    ],
)
def test_a_filter_that_tells_who_somebody_is_never_comes_into_an_address(
    colleague: Browser, typed: str, status: int
) -> None:
    for path in ("/inzichten", "/inzichten/csv"):
        answer = colleague.send(path, {"filter": typed, "keuze": "alles"})
        assert (answer.status, answer.address) == (status, path)


def test_a_day_in_a_filter_is_not_taken_for_a_number(colleague: Browser) -> None:
    for typed in ("uiterlijk<2027-01-25", "bakkerij 5010,5011 periode:2026-01"):
        assert colleague.send("/inzichten", {"filter": typed}, follow=False).status == 303


def test_what_is_still_to_start_is_among_what_is_planned(colleague: Browser) -> None:
    path = f"/relaties/{FIRST}/vanzelf/btw-aangifte/-"
    assert path in colleague.open("/opdrachten?status=gepland").links
    assert path in colleague.open(f"/opdrachten?status=gepland&relatie={FIRST}&periode=2026-02").links
    assert path not in colleague.open("/opdrachten?status=gepland&periode=2026-03").links
    assert path not in colleague.open("/opdrachten?status=loopt").links


def test_what_a_filter_finds_is_picked_for_an_act(office: Pages) -> None:
    assert pick_relations(office.desk, "bakkerij nummer:501") == ("5010",)
    assert len(pick_relations(office.desk, "nummer:5 naam:zaak,bakkerij")) == MANY - 1  # beyond a page
    refused = pick_relations(office.desk, "product:aangifte-bwt")
    assert isinstance(refused, FilterRefusal)
    assert (refused.code, refused.at, refused.length) == ("unknown_product", 8, 12)


@pytest.mark.parametrize(
    "query", ["na=bestaat-niet", "sorteer=onzin&kolommen=x,y", "filter=%22", f"filter={'a' * 3000}"]
)
def test_an_address_that_somebody_made_up_is_answered(colleague: Browser, query: str) -> None:
    assert colleague.open(f"/inzichten?{query}").status in (200, 422)
