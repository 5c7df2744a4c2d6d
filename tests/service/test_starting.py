"""Starting for one relation or many: who starts, who cannot and why, and nothing twice."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from kantoor.cli.main import execute
from kantoor.filing.outcome import Refusal
from kantoor.office.database.tables import authorities, relation_products, relations
from kantoor.office.filings.filing import list_filings
from kantoor.office.filings.recurrences import Recurrence, find_recurrence, save_recurrence
from kantoor.office.overviews.timeline import timeline_of
from kantoor.period import Period
from kantoor.service.relations.relation_pages import read_ready
from kantoor.service.results import recurrence_line
from kantoor.service.starting import recurrences
from kantoor.service.starting.recurrences import Changed
from kantoor.service.starting.starting import Selection, Wish, foresee
from tests.counting import count_statements

from .town import NO_PRODUCT, NOT_READY, OF_A_QUARTER, QUARTERLY, TODAY, TWO_NUMBERS, Return

TWENTY = 20
EVERY = ", daarna automatisch voor elke volgende periode"
LATER = date(2026, 2, 10)


def refused(outcome, code):
    assert isinstance(outcome, Refusal), outcome
    assert outcome.code == code, outcome
    return outcome.text


def row_of(town, relation, sub_number="-"):
    return town.play(lambda desk: _row(desk, relation, sub_number))


async def _row(desk, relation, sub_number):
    return desk.read(lambda connection: find_recurrence(connection, relation, "btw-aangifte", sub_number))


def starters(town, relation):
    """Return who started the filings of a relation, by period."""

    async def scene(desk):
        def ask(connection):
            ids = [filing.id for filing in list_filings(connection, relation=relation)]
            return [line.by for id in ids for line in timeline_of(connection, id) if line.what == "started"]

        return desk.read(ask)

    return town.play(scene)


def until_row(town, relation, **facts):
    """Wait until the row of a recurrence has these facts."""

    async def scene(desk):
        async with asyncio.timeout(90):
            while True:
                row = await _row(desk, relation, "-")
                if row and all(getattr(row, name) == value for name, value in facts.items()):
                    return row
                await asyncio.sleep(0.02)

    return town.play(scene)


def test_twenty_parallel_starts_of_one_return_give_one_filing(town):
    relation = town.relation()
    words = ["start", "btw-aangifte", "--period", "2026-01", "--relation", relation, "--as", "marieke"]
    with ThreadPoolExecutor(TWENTY) as pool:
        assert list(pool.map(execute, [words] * TWENTY)) == [0] * TWENTY
    assert len(town.filings(relation=relation)) == 1
    found = Return(town, f"btw-aangifte/{relation}/2026-01")
    assert found.until(lambda f: f.recorded > 0).status == "loopt"
    assert starters(town, relation) == ["marieke"]


def test_of_a_fiscal_unit_one_files_and_another_is_ready_without_the_product_or_names_the_first(town):
    one, two = town.relation(), town.relation()

    async def share_number(desk):
        with desk.equipment.database.write() as connection:
            known = connection.execute(relations.select().where(relations.c.number == one)).one()
            same = relations.update().where(relations.c.number == two)
            connection.execute(same.values(ob_number=known.ob_number))
            unit = relation_products.update().where(relation_products.c.relation.in_([one, two]))
            connection.execute(unit.values(fiscal_unit=True))

    def take_until(relation, until):
        async def scene(desk):
            with desk.equipment.database.write() as connection:
                ours = relation_products.update().where(relation_products.c.relation == relation)
                connection.execute(ours.values(until=until))

        town.play(scene)

    async def find_lacks(desk):
        ready = read_ready(desk, two, TODAY)
        return {lack.code for start in ready.starts for lack in start.missing}, ready.same

    town.play(share_number)
    both = town.told(one, two)
    assert [result for result, _ in both] == ["not_ready"] * 2
    assert [f"Relatie {other} (" in text for other, (_, text) in zip((two, one), both, strict=True)]
    take_until(two, date(2025, 12, 31))
    assert town.play(find_lacks) == ({"no_product"}, ())
    town.begun(one)
    take_until(one, date(2025, 12, 31)), take_until(two, None)
    for again in ("", "Het is nodig"):
        ((result, text),) = town.told(two, again=again)
        assert (result, f"is er al voor relatie {one}" in text) == ("not_ready", True)
    assert town.told(two, again=f"Na de aangifte van {one}: aanvulling") == [("starts", "gestart")]


def test_what_recurs_has_another_start_day_as_soon_as_its_template_is_deployed(town, tmp_path):
    relation = town.relation()
    town.start(relation, recurring=True)
    until_row(town, relation, next_period="2026-03", next_start=date(2026, 2, 28))
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "definitions")
    template = folder / "workflows" / "btw-aangifte.yaml"
    known = "created: { before: period.start, days: 1 }"
    template.write_text(template.read_text("utf-8").replace(known, known.replace("1 }", "3 }")), "utf-8")
    how = ("--without-scenarios", "Eerder beginnen", "--by", "Bea")
    try:
        assert execute(["deploy", str(folder), *how]) == 0
        until_row(town, relation, next_period="2026-03", next_start=date(2026, 2, 26))
    finally:
        execute(["deploy", str(town.folder / "definitions"), *how])


def test_what_runs_or_ran_is_not_started_again_and_says_so(town):
    filing = town.begun()
    again = "geef een reden op om een extra opdracht te starten"
    assert town.told(filing.relation) == [("runs_already", f"loopt al; {again}")]
    filing.acts("sanne", lambda acts: acts.cancel(filing.name, "Dubbel"))
    filing.until(lambda f: f.status == "afgesloten")
    assert town.told(filing.relation) == [("runs_already", f"is al afgesloten; {again}")]
    assert len(town.filings(relation=filing.relation)) == 1


def test_a_further_filing_has_a_reason_and_the_same_reason_is_the_same_filing(town):
    filing = town.begun()
    assert town.told(filing.relation, again="Vestiging Breda") == [("starts", "gestart")]
    Return(town, f"{filing.name}/-/2").until(lambda f: f.recorded > 0)
    assert town.told(filing.relation, again="Vestiging Breda") == [
        ("runs_already", "een opdracht met deze reden loopt al")
    ]
    assert town.told(filing.relation, again="Vestiging Tilburg") == [("starts", "gestart")]
    found = town.filings(relation=filing.relation)
    assert [(f.sequence, f.again_reason) for f in found] == [
        (1, ""),
        (2, "Vestiging Breda"),
        (3, "Vestiging Tilburg"),
    ]


@pytest.mark.parametrize("wished", [{"recurring": True}, {"start_date": LATER}])
def test_a_further_filing_neither_waits_nor_recurs(town, wished):
    text = refused(town.start(town.relation(), again="Nog eens", **wished), "again_now")
    assert text == "Een extra opdracht over dezelfde periode start direct en kan niet worden herhaald."


def test_a_dry_run_says_the_same_and_starts_nothing(town):
    relation = town.relation()
    assert town.told(relation, dry_run=True) == [("starts", "start nu")]
    assert town.told(relation, dry_run=True, start_date=LATER) == [("planned", "start op 10 februari 2026")]
    assert town.told(relation, dry_run=True, recurring=True) == [("starts", f"start nu{EVERY}")]
    assert town.filings(relation=relation) == ()
    assert row_of(town, relation) is None


def test_each_reason_why_somebody_cannot_start_is_told(town):
    ready = town.relation()
    lines = town.told(ready, NOT_READY, NO_PRODUCT, QUARTERLY, "9999")
    assert lines == [
        ("starts", "gestart"),
        ("not_ready", "Indienen via SBR staat uit voor deze relatie."),
        ("not_ready", "De relatie neemt het product Aangifte btw niet af."),
        ("not_ready", OF_A_QUARTER),
        ("not_ready", "Er is geen relatie met nummer 9999."),
    ]
    assert town.filings(relation=NOT_READY) == ()


def test_all_takers_of_a_product_are_those_of_the_periods_kind(town):
    quarter = {"period": Period.parse("2026-Q1"), "selection": Selection(product="aangifte-btw")}
    lines = town.start(dry_run=True, **quarter)
    assert [line.relation for line in lines] == [QUARTERLY]
    months = town.start(dry_run=True, selection=Selection(product="aangifte-btw", frequency="month"))
    assert len(months) > 90
    assert QUARTERLY not in {line.relation for line in months}


def test_a_return_over_the_same_days_by_another_template_needs_a_reason_and_the_page_names_the_first(
    town, kantoor
):
    filing = town.begun()
    text = (
        f"Aangifte btw over januari 2026 is er al voor relatie {filing.relation}; "
        "geef een reden op om een extra opdracht te starten."
    )
    assert town.told(filing.relation, template="met-de-hand") == [("not_ready", text)]
    again = town.told(filing.relation, template="met-de-hand", again="Met de hand gemaakt")
    assert again == [("starts", "gestart")]
    _, page, _ = kantoor("filing", "show", f"met-de-hand/{filing.relation}/2026-01")
    assert f"extra opdracht: Met de hand gemaakt (na {filing.name})" in page


def test_a_relation_with_two_numbers_gets_a_filing_for_each(town):
    lines = town.start(TWO_NUMBERS)
    assert [(line.sub_number, line.text) for line in lines] == [("B01", "gestart"), ("B02", "gestart")]
    found = town.filings(relation=TWO_NUMBERS, period="2026-01")
    assert [f.id for f in found] == [
        f"filing/btw-aangifte/{TWO_NUMBERS}/2026-01/B01/1",
        f"filing/btw-aangifte/{TWO_NUMBERS}/2026-01/B02/1",
    ]
    both = Return(town, f"btw-aangifte/{TWO_NUMBERS}/2026-01")
    text = refused(both.act("sanne", lambda acts: acts.note(both.name, "x")), "several_filings")
    names = [f.id.removeprefix("filing/") for f in found]
    assert text == f"Er zijn meerdere opdrachten; kies er één: {', '.join(names)}."
    one = Return(town, f"btw-aangifte/{TWO_NUMBERS}/2026-01/B01")
    one.until(lambda f: f.recorded > 0)
    one.acts("sanne", lambda acts: acts.note(one.name, "x"))


@pytest.mark.parametrize(
    ("wished", "code", "text"),
    [
        (
            {"template": "ib"},
            "unknown_template",
            "Er is geen werkproces 'ib'. Kies uit: ",
        ),
        (
            {"who": "c-2001"},
            "unknown_person",
            "Alleen een medewerker kan starten; 'c-2001' is een contactpersoon.",
        ),
        ({"who": "cor"}, "unknown_person", "Er is niemand met id of e-mailadres 'cor', of deze "),
        ({"template": "op-datum"}, "no_date", "Geef de startdatum van Op datum op."),
        (
            {"template": "met-de-hand", "recurring": True},
            "by_hand",
            "Met de hand wordt met de hand gestart en kan daarom niet automatisch worden herhaald.",
        ),
        (
            {"selection": Selection(product="ib")},
            "other_product",
            "Dit werkproces is niet voor het product 'ib'. Kies uit: aangifte-btw.",
        ),
        (
            {"selection": Selection(product="aangifte-btw", frequency="quarter")},
            "other_frequency",
            "Januari 2026 is geen periode per kwartaal.",
        ),
        (
            {"selection": Selection(product="aangifte-btw"), "period": Period.parse("2026")},
            "nobody",
            "Geen relatie neemt dit product per jaar af.",
        ),
    ],
)
def test_what_cannot_be_started_at_all_is_refused(town, wished, code, text):
    relations = () if "selection" in wished else ("2001",)
    assert refused(town.start(*relations, **wished), code).startswith(text)


def test_a_template_that_starts_on_a_date_or_by_hand_starts_so(town):
    relation = town.relation()
    assert town.told(town.relation(), template="met-de-hand") == [("starts", "gestart")]
    assert town.told(relation, template="op-datum", start_date=date(2026, 2, 1)) == [
        ("starts", "gestart; de startdatum is 1 februari 2026")
    ]
    planned = town.told(town.relation(), template="op-datum", start_date=LATER)
    assert planned == [("planned", "start op 10 februari 2026")]


@pytest.mark.parametrize(
    ("period", "day", "said"),
    [
        ("2027-01", None, "Januari 2027 ligt meer dan één periode vooruit."),
        ("2062-01", date(2062, 1, 1), "1 januari 2062 ligt meer dan een jaar vooruit. Klopt het jaar?"),
        ("2026-04", None, "April 2026 ligt meer dan één periode vooruit."),
        ("2024-06", None, "De termijn van juni 2024 was "),
        ("2026-02", date(2025, 2, 10), "Deze opdracht start normaal niet vóór 31 januari 2026; met "),
        ("2026-03", date(2026, 2, 20), "Deze opdracht start normaal niet vóór 28 februari 2026; met "),
        ("2026-02", date(2026, 6, 1), "De startdatum 1 juni 2026 ligt na de termijn van februari 2026: "),
        ("2026-02", date(2062, 6, 1), "1 juni 2062 ligt meer dan een jaar vooruit. Klopt het jaar?"),
    ],
)
def test_a_period_or_date_that_nobody_can_have_meant_needs_a_word_that_it_is(town, period, day, said):
    relation = town.relation()
    wished = {"period": Period.parse(period), "start_date": day}
    assert refused(town.start(relation, **wished), "unusual").startswith(said)
    lines = town.start(relation, **wished, anyway=True, dry_run=True)
    assert [line.relation for line in lines] == [relation]
    if period == "2026-02" and day > LATER:  # no word is asked for what it would not make possible
        said = refused(town.start(relation, **wished, recurring=True), "holds_up")
        assert "Kies een dag tot en met " in said


@pytest.mark.parametrize("period", ["2062-01", "2019-01"], ids=["by its plan", "by a deadline"])
def test_the_office_is_read_once_also_where_a_word_is_asked(town, period):
    chosen = Selection(relations=(town.relation(),))
    wish = Wish(template="btw-aangifte", period=Period.parse(period), selection=chosen)

    async def count(desk, wish):
        with count_statements(desk.equipment.database) as sent:
            found = foresee(desk, "marieke", wish)
        assert isinstance(found, Refusal) is not wish.anyway
        return len(sent)

    meant = town.play(lambda desk: count(desk, wish.model_copy(update={"anyway": True})))
    assert town.play(lambda desk: count(desk, wish)) == meant


@pytest.mark.parametrize(
    ("number", "period", "day", "last"),
    [
        ("", "2026-02", date(2026, 5, 20), "31 maart 2026"),  # a foreign one has another month, a year two
        ("", "2026-02", date(2026, 4, 1), "31 maart 2026"),
        (QUARTERLY, "2026-Q1", date(2026, 5, 1), "30 april 2026"),
        ("", "2019-01", None, "28 februari 2019"),
    ],
)
def test_a_start_is_held_against_the_deadline_of_this_product_and_period(town, number, period, day, last):
    said = refused(
        town.start(number or town.relation(), period=Period.parse(period), start_date=day), "unusual"
    )
    assert last in said


def test_a_start_on_the_last_day_of_its_deadline_is_planned_and_says_what_has_passed_by_then(town):
    wished = {"period": Period.parse("2026-02"), "start_date": date(2026, 3, 31)}
    passed = (
        "start op 31 maart 2026; al voorbij: de streefdatum van 'Stukken opvragen' (13 maart 2026), "
        "'Boeken en aangifte opstellen' (18 maart 2026), 'Controle' (20 maart 2026) en nog 2 fasen; de "
        "escalatie van 'Stukken opvragen' (17 maart 2026), 'Boeken en aangifte opstellen' (20 maart 2026), "
        "'Controle' (24 maart 2026) en 'Aanbieden aan de klant' (26 maart 2026), die nu later komt"
    )
    assert town.told(town.relation(), **wished, dry_run=True) == [("planned", passed)]


def test_of_two_deadlines_each_start_is_held_against_its_own(town):
    at_home, abroad = town.relation(), town.relation()

    async def move_abroad(desk):
        with desk.equipment.database.write() as connection:
            theirs = relation_products.update().where(relation_products.c.relation == abroad)
            connection.execute(theirs.values(foreign=True))

    town.play(move_abroad)
    wished = {"period": Period.parse("2026-02"), "start_date": date(2026, 4, 15)}
    late = "De startdatum 15 april 2026 ligt na de termijn van februari 2026: 31 maart 2026."
    assert town.told(at_home, abroad, **wished, dry_run=True) == [
        ("not_ready", late),
        (
            "planned",
            "start op 15 april 2026; al voorbij: de streefdatum van 'Stukken opvragen' (13 april 2026); de "
            "escalatie van 'Stukken opvragen' (15 april 2026), die nu later komt",
        ),
    ]
    ((_, meant),) = town.told(at_home, **wished, anyway=True, dry_run=True)
    assert "; al voorbij: de laatste dag van 'Indienen en betalen' (31 maart 2026); de streefdatum" in meant


def test_a_start_on_a_later_day_is_written_down_once(town):
    relation = town.relation()
    wished = {"period": Period.parse("2026-02"), "start_date": LATER}
    assert town.told(relation, **wished) == [("planned", "start op 10 februari 2026")]
    row = row_of(town, relation)
    assert (row.once, row.next_period, row.next_start) == (True, "2026-02", LATER)
    standing = "staat al gepland: februari 2026 op 10 februari 2026"
    assert town.told(relation, **wished, dry_run=True) == [("runs_already", standing)]
    assert town.told(relation, **wished) == [("runs_already", standing)]
    assert town.told(relation, recurring=True) == [("runs_already", standing)]
    assert town.filings(relation=relation) == ()


def test_a_later_start_is_judged_on_its_own_day(town):
    relation = town.relation()

    async def give_later(desk):
        with desk.equipment.database.write() as connection:
            theirs = authorities.update().where(authorities.c.relation == relation)
            connection.execute(theirs.values(since=LATER))

    town.play(give_later)
    assert town.told(relation, dry_run=True)[0][0] == "not_ready"
    later = {"period": Period.parse("2026-02"), "start_date": LATER}
    assert town.told(relation, **later, dry_run=True) == [("planned", "start op 10 februari 2026")]


def test_a_recurring_start_begins_now_by_whoever_asked_and_goes_on_by_itself(town):
    relation = town.relation()
    assert town.told(relation, recurring=True, start_date=date(2025, 12, 31)) == [
        ("starts", f"gestart{EVERY}; de startdatum is 31 december 2025")
    ]
    until_row(town, relation, next_period="2026-03", next_start=date(2026, 2, 28))
    for period in ("2026-01", "2026-02"):
        Return(town, f"btw-aangifte/{relation}/{period}").until(lambda f: f.recorded > 0)
    assert starters(town, relation) == ["marieke", "kantoor"]
    assert [f.period for f in town.filings(relation=relation)] == ["2026-01", "2026-02"]
    standing = "de herhaling loopt al: maart 2026 op 28 februari 2026"
    assert town.told(relation, recurring=True) == [("runs_already", standing)]


def test_a_return_that_runs_can_be_made_recurring(town):
    filing = town.begun()
    assert town.told(filing.relation, recurring=True) == [("planned", f"loopt al{EVERY}")]
    until_row(town, filing.relation, next_period="2026-03")


def test_a_recurrence_that_was_written_and_never_begun_is_begun_by_the_same_command(town):
    relation = town.relation()
    row = Recurrence(
        relation=relation,
        template="btw-aangifte",
        product="aangifte-btw",
        next_period="2026-02",
        next_start=date(2026, 1, 31),
        begun=False,
    )

    async def die_in_between(desk):
        with desk.equipment.database.write() as connection:
            save_recurrence(connection, row)
        return await recurrences.change(desk, "marieke", f"btw-aangifte/{relation}", "pause")

    assert refused(town.play(die_in_between), "recurrence_not_begun") == (
        "Deze herhaling is niet volledig gestart. Start die opnieuw zoals de eerste keer."
    )
    standing = "de herhaling loopt al: februari 2026 op 31 januari 2026"
    waits = f"gepland en nog niet begonnen: februari 2026 op 31 januari 2026{EVERY}"
    assert town.told(relation, recurring=True, dry_run=True) == [("planned", waits)]
    assert town.told(relation, recurring=True) == [("planned", f"was niet volledig gestart; {standing}")]
    until_row(town, relation, next_period="2026-03", begun=True)
    assert [f.period for f in town.filings(relation=relation)] == ["2026-02"]


def test_a_recurrence_is_paused_resumed_and_stopped_and_can_be_begun_anew(town):
    relation = town.relation()
    town.told(relation, recurring=True)
    until_row(town, relation, next_period="2026-03")

    def change(wanted, id=None, who="marieke"):
        return town.play(lambda desk: recurrences.change(desk, who, f"btw-aangifte/{relation}", wanted, id))

    def status(wanted, id=None):
        changed = change(wanted, id)
        assert isinstance(changed, Changed)
        assert recurrence_line(row_of(town, relation)) == changed.recurrence
        return changed.recurrence.status

    assert status("pause", "p") == "paused"
    refused(change("stop", "p"), "act_id_used")
    assert change("pause", "p").repeated
    standing = "er is al een herhaling (gepauzeerd): maart 2026 op 28 februari 2026"
    assert town.told(relation, recurring=True) == [("runs_already", standing)]
    assert status("resume") == "running"
    assert status("stop", "s") == "stopped"
    assert status("stop", "s") == "stopped"
    assert change("stop").repeated
    assert refused(change("resume"), "recurrence_stopped") == (
        "Deze herhaling is gestopt. Wie verder wil, start een nieuwe."
    )
    refused(change("pause", who=f"c-{relation}"), "unknown_person")
    march = {"period": Period.parse("2026-03"), "start_date": date(2026, 2, 28)}
    assert town.told(relation, recurring=True, **march) == [("planned", f"start op 28 februari 2026{EVERY}")]
    until_row(town, relation, status="running", next_period="2026-03")


@pytest.mark.parametrize("name", ["btw-aangifte/2001/B09", "btw-aangifte/9999", "btw-aangifte", "a/b/c/d"])
def test_a_recurrence_that_is_not_there_is_said_so(town, name):
    text = refused(town.play(lambda desk: recurrences.change(desk, "marieke", name, "stop")), "no_recurrence")
    assert text.startswith(f"Herhaling '{name}' bestaat niet. Schrijf werkproces/relatie of ")
