"""Starting for one relation, and what starts by itself: shown first, confirmed, once though pressed twice."""

from datetime import date

import pytest
from sqlalchemy import Connection, Update, select, update

from kantoor.office.alarms import NOT_BEGUN, find_alarm, raise_alarm
from kantoor.office.database.tables import relation_products, relations
from kantoor.office.filings.recurrences import (
    Recurrence,
    find_recurrence,
    list_not_begun,
    save_recurrence,
    stop_planned,
)
from kantoor.runtime.starter import Starter
from kantoor.service.starting.candidates import ASKS_AGAIN
from kantoor.typed import STRETCH
from tests.portal.visitors import Browser, Page, Pages
from tests.service.town import NO_PRODUCT, NOT_READY, TWO_NUMBERS, Town

SURE = {"zeker": "ja"}
VAT = "btw-aangifte"


@pytest.fixture
def colleague(pages: Pages) -> Browser:
    return pages.client_of("marieke")


def look(colleague: Browser, relation: str, template: str = VAT) -> Page:
    return colleague.open(f"/relaties/{relation}/starten?werkproces={template}")


def offered(page: Page) -> list[tuple[str, str]]:
    """Return the periods that are offered, in order, each with what is said of it."""
    labels = page.tree.xpath("//label[input[@name='periode']]/span")
    words = [" ".join(one.text_content().split()) for one in labels]
    hints = [" ".join(one.text_content().split()) for label in labels for one in label]
    return [(word.removesuffix(hint).strip(), hint) for word, hint in zip(words, hints, strict=True)]


def test_a_filing_is_shown_first_and_started_once(colleague: Browser, town: Town) -> None:
    relation = town.relation()
    page = colleague.open(f"/relaties/{relation}/opdrachten")
    assert f"/relaties/{relation}/starten" in page.links
    check = look(colleague, relation).press("Bekijk")
    assert check.heading == "Klopt dit?"
    assert "Periode februari 2026" in check.words.replace("Periodefeb", "Periode feb")
    assert "start nu" in check.words
    assert town.filings(relation=relation) == ()
    done = check.press("Ja, start")
    assert done.path == f"/opdrachten/{VAT}/{relation}/2026-02"
    assert done.word == "Gestart."
    assert done.path in colleague.open(check.address).links
    again = check.press("Ja, start")
    assert (again.path, again.word) == (done.path, done.word)
    assert colleague.open(check.address).heading == "Dit is al gestart"
    assert len(town.filings(relation=relation)) == 1


def test_what_should_have_started_comes_first_and_what_was_started_last(
    colleague: Browser, town: Town
) -> None:
    relation = town.relation()
    assert offered(look(colleague, relation)) == [
        ("februari 2026", "startdag was 31 januari 2026"),
        ("januari 2026", "startdag was 31 december 2025"),
        ("maart 2026", "start normaal op 28 februari 2026"),
    ]
    town.begun(relation)
    assert offered(look(colleague, relation))[-1] == ("januari 2026", "al eerder gestart")


def test_a_second_filing_over_the_same_days_asks_for_a_reason(colleague: Browser, town: Town) -> None:
    relation = town.begun().relation
    refused = look(colleague, relation).press("Bekijk", {"periode": "2026-01"})
    assert (refused.status, "geef een reden op" in refused.problem) == (409, True)
    assert refused.tree.xpath("//details[@open]//textarea[@name='reden']")
    again = colleague.open(refused.address)
    assert (again.status, again.problem) == (409, refused.problem)
    check = again.press("Bekijk", {"reden": "de klant stuurde nog een factuur"})
    assert "de klant stuurde nog een factuur" in check.words
    assert check.press("Ja, start").path == f"/opdrachten/{VAT}/{relation}/2026-01/-/2"


@pytest.mark.parametrize(
    ("typed", "field", "said"),
    [
        ({"periode": "andere", "andere": "morgen"}, "andere", "'morgen' is geen periode"),
        ({"periode": "andere"}, "andere", "Kies een periode, of schrijf een andere."),
        ({"datum": "30 februari"}, "datum", "is geen bestaande datum"),
        ({"reden": "x" * 1001}, "reden", "Dit is 1 teken te lang"),
        ({"reden": "nog een", "herhalen": "ja"}, "reden", "kan niet worden herhaald"),
        ({"periode": "andere", "andere": "2028-01"}, "bedoeld", "meer dan één periode vooruit"),
        ({"periode": "andere", "andere": "14e maand", "datum": "2020-01-01"}, "bedoeld", "Klopt het jaar?"),
        ({"periode": "andere", "andere": "14e maand", "datum": "2020-01-01"}, "andere", STRETCH),
        ({"reden": "x" * 1001, "datum": "2020-01-01"}, "bedoeld", "Klopt het jaar?"),
        ({"reden": "nog een", "herhalen": "ja", "datum": "2020-01-01"}, "bedoeld", "Klopt het jaar?"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_kept(
    colleague: Browser, town: Town, typed: dict[str, str], field: str, said: str
) -> None:
    relation = NOT_READY
    page = look(colleague, relation).press("Bekijk", typed)
    assert page.status in (409, 422)
    assert said in " ".join(page.tree.get_element_by_id(f"{field}-fout").text_content().split())
    for name, value in typed.items():
        assert value in dict(page.fields("Bekijk")).get(name, ""), name
    assert town.filings(relation=relation) == ()


def test_an_unusual_period_needs_a_tick(colleague: Browser, town: Town) -> None:
    relation = town.relation()
    page = look(colleague, relation).press("Bekijk", {"periode": "andere", "andere": "juni 2026"})
    assert "bedoeld" not in dict(page.fields("Bekijk"))
    check = page.press("Bekijk", {"bedoeld": "ja"})
    assert check.heading == "Klopt dit?"
    assert "juni 2026" in check.words
    wrong = look(colleague, relation).press("Bekijk", {"datum": "2020-01-01", "reden": "x" * 1001})
    past = wrong.press("Bekijk", {"reden": ""})
    year = "1 januari 2020 ligt meer dan een jaar terug. Klopt het jaar?"
    assert (year in wrong.problem, past.problem) == (True, year)
    check = past.press("Bekijk", {"bedoeld": "ja"})
    assert "start nu; de startdatum is 1 januari 2020" in check.words


def test_what_was_typed_is_kept_while_it_is_confirmed_and_by_going_back(
    colleague: Browser, town: Town
) -> None:
    relation = town.relation()
    typed = {
        "periode": "andere",
        "andere": "oktober 2026",
        "datum": "5 mei 2026",
        "herhalen": "ja",
        "zonder": "ja",
    }
    page = look(colleague, relation).press("Bekijk", typed)
    assert (page.status, "vooruit" in page.problem) == (409, True)
    # A browser empties a field for a day that holds it as people write it.
    (day,) = page.tree.xpath("//input[@id='datum']")
    assert (day.get("type"), day.get("value")) == ("date", "2026-05-05")
    check = page.press("Bekijk", {"bedoeld": "ja"})
    assert "start op 5 mei 2026" in check.words
    assert (check.path, colleague.open(check.address).words) == (
        f"/relaties/{relation}/starten/controle",
        check.words,
    )
    back = colleague.open(page.address)
    assert back.address in check.links
    assert {**typed, "datum": "2026-05-05", "bedoeld": "ja"}.items() <= dict(back.fields("Bekijk")).items()
    sure = back.press("Bekijk")
    for _ in range(2):  # pressed twice, what is told of it stays what was done
        started = sure.press("Ja, start")
        assert (started.path, "Start op 5 mei 2026" in started.word) == (
            f"/relaties/{relation}/opdrachten",
            True,
        )
    done = colleague.open(check.address)
    assert (done.heading, f"/relaties/{relation}/opdrachten" in done.links) == ("Dit is al gestart", True)
    assert "Start op 5 mei 2026" in done.words
    (more,) = [link for link in done.links if "/starten?werkproces=" in link]
    assert "Over welke periode?" in colleague.open(more).words
    wrong = look(colleague, relation).press("Bekijk", {"datum": "5 mie 2026"})
    (day,) = wrong.tree.xpath("//input[@id='datum']")
    assert (day.get("type"), day.get("value")) == ("text", "5 mie 2026")


def test_who_is_not_ready_is_told_what_lacks_and_where_to_mend_it(colleague: Browser, town: Town) -> None:
    page = look(colleague, NOT_READY).press("Bekijk")
    assert (page.status, "Indienen via SBR staat uit" in page.problem) == (409, True)
    assert f"/relaties/{NOT_READY}/gereed" in page.links
    assert "neemt geen product af" in colleague.open(f"/relaties/{NO_PRODUCT}/starten").words
    assert colleague.open("/relaties/99999/starten").status == 404


def test_a_relation_that_left_is_offered_nothing_that_would_be_refused(
    colleague: Browser, pages: Pages, town: Town
) -> None:
    number = town.relation()
    change(pages, update(relations).where(relations.c.number == number).values(status="left"))
    page = look(colleague, number)
    assert "De relatie is vertrokken; er kan geen opdracht meer worden gestart." in page.words
    assert (offered(page), f"/relaties/{number}/gegevens/wijzigen" in page.links) == ([], True)
    for tab in ("opdrachten", "producten"):
        assert f"/relaties/{number}/starten" not in colleague.open(f"/relaties/{number}/{tab}").links
    change(pages, update(relations).where(relations.c.number == number).values(status="prospect"))
    assert "De relatie is nog prospect." in look(colleague, number).words
    change(pages, update(relations).where(relations.c.number == number).values(status="leaving"))
    assert offered(look(colleague, number))


@pytest.mark.parametrize(
    ("frequency", "since", "until", "words"),
    [
        ("year", date(2029, 1, 1), None, "2029"),
        ("year", date(2020, 1, 1), date(2021, 12, 31), "2021"),
        ("month", date(2028, 3, 1), None, "maart 2028"),
        ("quarter", date(2019, 1, 1), date(2020, 6, 30), "het tweede kwartaal van 2020"),
    ],
)
def test_of_an_agreement_far_from_today_the_nearest_period_can_be_chosen(
    colleague: Browser, pages: Pages, town: Town, frequency: str, since: date, until: date | None, words: str
) -> None:
    number = town.relation()
    agreed = {"frequency": frequency, "since": since, "until": until}
    rows = update(relation_products).where(relation_products.c.relation == number)
    query = select(*(relation_products.c[one] for one in agreed))
    with pages.desk.equipment.database.read() as connection:
        before = connection.execute(query.where(relation_products.c.relation == number)).one()
    change(pages, rows.values(**agreed))
    try:
        assert [period for period, _ in offered(look(colleague, number))] == [words]
    finally:  # other tests count who files per month
        change(pages, rows.values(**before._mapping))


def change(pages: Pages, what: Update) -> None:
    with pages.desk.equipment.database.write() as connection:
        connection.execute(what)


def test_a_relation_with_several_templates_chooses_one_first(colleague: Browser, town: Town) -> None:
    page = colleague.open(f"/relaties/{TWO_NUMBERS}/starten")
    assert "Welk werkproces?" in page.words
    chosen = colleague.open(f"/relaties/{TWO_NUMBERS}/starten?werkproces=naheffing")
    assert "Daarna elke volgende periode" not in chosen.words  # it is started by hand
    check = look(colleague, TWO_NUMBERS).press("Bekijk", {"periode": "2026-03", "datum": "2026-02-28"})
    assert check.words.count("start op 28 februari 2026") == 2


def test_a_planned_start_is_opened_moved_and_cancelled(colleague: Browser, pages: Pages, town: Town) -> None:
    relation = town.relation()
    check = look(colleague, relation).press("Bekijk", {"periode": "2026-03", "datum": "2026-02-28"})
    page = check.press("Ja, start")
    assert page.path == f"/relaties/{relation}/opdrachten"
    path = f"/relaties/{relation}/vanzelf/{VAT}/-"
    assert path in page.links
    assert path in colleague.open(f"/planner/aangifte-btw?jaar=2026&zoek={relation}").links
    planned = colleague.open(path)
    assert "eenmalig" in planned.words
    passed = planned.press("Datum wijzigen", {"datum": "2026-02-01"})
    assert (passed.status, passed.problem) == (409, "Kies een startdatum vanaf 3 februari 2026.")
    moved = planned.press("Datum wijzigen", {"datum": "2026-03-02"})
    assert moved.word == "Maart 2026 start op 2 maart 2026."
    late = moved.press("Datum wijzigen", {"datum": "2026-05-04"})
    assert (late.status, "'Indienen en betalen' is 30 april 2026" in late.problem) == (409, True)
    moved = late.press("Datum wijzigen", {"datum": "2026-05-04", "voorbij": "ja"})
    assert moved.word == "Maart 2026 start op 4 mei 2026."
    gone = moved.press("Geplande start annuleren", SURE)
    assert gone.word == "Geannuleerd."
    assert "voorbij" in gone.words
    assert path not in colleague.open(f"/relaties/{relation}/opdrachten").links


def test_a_check_that_is_opened_again_when_nothing_can_start_any_more_says_why(
    colleague: Browser, town: Town
) -> None:
    relation = town.relation()
    check = look(colleague, relation).press("Bekijk")
    look(colleague, relation).press("Bekijk").press("Ja, start")
    again = colleague.open(check.address)
    assert (again.status, again.heading) == (409, "Een opdracht starten")
    assert f"loopt al; {ASKS_AGAIN}" in again.words
    assert again.find_form("Bekijk").get("action") == f"/relaties/{relation}/starten"
    assert "concept" in dict(again.fields("Bekijk"))
    assert colleague.open(f"/relaties/{relation}/starten/controle").status == 200  # nothing was typed


def plan(pages: Pages, relation: str, **facts: object) -> Recurrence:
    """Plan the VAT returns of a relation from March on, which no worker begins."""
    row = Recurrence(
        relation=relation,
        template=VAT,
        product="aangifte-btw",
        next_period="2026-03",
        next_start=date(2026, 2, 28),
        begun=False,
    ).model_copy(update=facts)
    with pages.desk.equipment.database.write() as connection:
        save_recurrence(connection, row)
    return row


def test_what_never_began_says_so_and_is_begun_by_starting_it_again(
    colleague: Browser, pages: Pages, town: Town
) -> None:
    relation = town.begun().relation
    plan(pages, relation)
    assert "loopt nog niet" in colleague.open(f"/relaties/{relation}/opdrachten").words
    check = look(colleague, relation).press("Bekijk", {"periode": "2026-01", "herhalen": "ja"})
    assert (check.heading, "nog niet begonnen: maart 2026" in check.words) == ("Klopt dit?", True)
    assert check.press("Ja, start").word.startswith("Was niet volledig gestart; de herhaling loopt al: maart")

    def has_begun(connection: Connection) -> bool:
        found = find_recurrence(connection, relation, VAT)
        return found is not None and found.begun

    town.until(has_begun)
    other = town.relation()
    plan(pages, other)
    planned = colleague.open(f"/relaties/{other}/vanzelf/{VAT}/-")
    begun = planned.press("Nog eens proberen")
    assert begun.word == "Begonnen: maart 2026 start op 28 februari 2026."
    assert "Pauzeren" in begun.words


@pytest.mark.parametrize(
    ("gone", "once", "stop", "why"),
    [
        ({"sub_number": "9"}, True, "Geplande start annuleren", "het product is met deze relatie niet meer"),
        ({"sub_number": "9"}, False, "Stoppen", "het product is met deze relatie niet meer afgesproken"),
        (
            {"template": "bestond-ooit"},
            True,
            "Geplande start annuleren",
            "het werkproces is niet gepubliceerd",
        ),
    ],
)
def test_what_cannot_begin_any_more_says_why_and_is_stopped_on_its_page(
    colleague: Browser, pages: Pages, town: Town, gone: dict[str, str], once: bool, stop: str, why: str
) -> None:
    relation = town.relation()
    row = plan(pages, relation, once=once, **gone)
    with pages.desk.equipment.database.write() as connection:
        raise_alarm(connection, NOT_BEGUN, row.workflow_id, "2026-01-31T09:30", "cannot begin")
    planned = colleague.open(f"/relaties/{relation}/vanzelf/{row.template}/{row.sub_number}")
    assert why in planned.words
    assert "begint vanzelf" not in planned.words
    tried = planned.press("Nog eens proberen")
    assert (tried.status, why in tried.problem) == (409, True)
    assert "Er is nog niets gedaan" in tried.press(stop).problem
    stopped = planned.press(stop, SURE)
    assert stopped.word == ("Geannuleerd." if once else "Gestopt: er start niets meer vanzelf.")
    assert "Nog eens proberen" not in stopped.words
    assert f"{'geannuleerd' if once else 'gestopt'} door Marieke van der Linde, " in stopped.words
    assert "nog niet" not in stopped.words
    assert planned.press(stop, SURE).word == stopped.word  # pressed again
    with pages.desk.equipment.database.read() as connection:
        assert find_alarm(connection, NOT_BEGUN, row.workflow_id) is None
        assert row.workflow_id not in {one.workflow_id for one in list_not_begun(connection)}
        kept = find_recurrence(connection, relation, row.template, row.sub_number)
    assert kept is not None
    assert (kept.status, kept.begun, kept.stopped_by) == ("stopped", False, "marieke")
    assert kept.stopped_act == dict(planned.fields(stop))["act"]


def test_what_another_stops_while_it_is_begun_is_told_as_stopped(
    colleague: Browser, pages: Pages, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = plan(pages, town.relation())
    planned = colleague.open(f"/relaties/{row.relation}/vanzelf/{VAT}/-")
    begin_as_written = Starter.begin_as_written

    async def stop_first(self: Starter, found: Recurrence) -> bool | None:
        with pages.desk.equipment.database.write() as connection:
            assert stop_planned(connection, found, "tom", "a1")
        return await begin_as_written(self, found)

    monkeypatch.setattr(Starter, "begin_as_written", stop_first)
    tried = planned.press("Nog eens proberen")
    assert "Deze herhaling is gestopt." in tried.problem
    assert "gestopt door Tom de Boer, " in tried.words


def test_a_recurrence_is_paused_resumed_skipped_and_stopped_each_once(
    colleague: Browser, pages: Pages, town: Town
) -> None:
    relation = town.relation()
    typed = {"periode": "2026-03", "datum": "2026-02-28", "herhalen": "ja"}
    look(colleague, relation).press("Bekijk", typed).press("Ja, start")
    path_of_planned = f"/relaties/{relation}/vanzelf/{VAT}/-"
    page = colleague.open(path_of_planned)
    late = page.press("Datum wijzigen", {"datum": "2026-03-31", "voorbij": "ja"})
    assert (late.status, "Kies een dag tot en met 30 maart 2026" in late.problem) == (409, True)
    assert "Februari 2026 alsnog starten" in page.words  # agreed, and nothing was started over it
    paused = page.press("Pauzeren")
    assert paused.word == "Gepauzeerd: er start niets tot u hervat."
    resumed = paused.press("Hervatten")
    assert "loopt" in resumed.words
    unsure = resumed.press("Maart 2026 overslaan")
    assert (unsure.status, "Er is nog niets gedaan" in unsure.problem) == (422, True)
    assert "Er is nog niets gedaan" in resumed.press("Stoppen").problem
    skipped = resumed.press("Maart 2026 overslaan", SURE)
    assert skipped.word == "Overgeslagen: april 2026 start op 31 maart 2026."
    assert resumed.press("Maart 2026 overslaan", SURE).word == skipped.word  # the same act, pressed again
    late = page.press("Maart 2026 overslaan", SURE)  # another act, from a page of before
    assert (late.status, "een andere periode aan de beurt" in late.problem) == (409, True)
    assert path_of_planned in colleague.open(f"/planner/aangifte-btw?jaar=2026&zoek={relation}").links
    back = skipped.press("Maart 2026 alsnog starten")
    assert back.word == "Maart 2026 start op 28 februari 2026."
    assert skipped.press("Maart 2026 alsnog starten").word == back.word  # pressed again
    skipped = back.press("Maart 2026 overslaan", SURE)
    stopped = skipped.press("Stoppen", SURE)
    assert stopped.word == "Gestopt: er start niets meer vanzelf."
    row = pages.desk.read(lambda connection: find_recurrence(connection, relation, VAT))
    assert row is not None
    assert (row.status, row.next_period) == ("stopped", "2026-04")


def test_an_act_that_is_not_one_and_a_recurrence_that_is_not_there_are_not_found(
    colleague: Browser, town: Town
) -> None:
    path = f"/relaties/{NOT_READY}/vanzelf/{VAT}/-"
    assert colleague.open(path).status == 404
    assert colleague.send(path, {"doen": "ontploffen"}).status == 404


def test_another_period_that_is_none_is_told_with_what_is_wrong_with_it(
    colleague: Browser, town: Town
) -> None:
    page = look(colleague, town.relation())
    for typed, said in (
        ("29-2-2026 t/m 1-4-2026", "29 februari 2026 bestaat niet."),
        ("1-3-2026 t/m 1-1-2026", "het einde ligt vóór het begin"),
    ):
        wrong = page.press("Bekijk", {"periode": "andere", "andere": typed})
        assert (wrong.status, said in wrong.problem) == (422, True)
