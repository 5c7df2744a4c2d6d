"""Mijn werk: what is due first, whose it is, and what the address holds."""

from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kantoor.data import replace
from kantoor.filing.outcome import Refusal
from kantoor.office.overviews.worklist import in_order
from kantoor.service.access import Visitor
from kantoor.service.lists import work_table
from kantoor.service.overviews.reading import work
from kantoor.service.overviews.team_pages import (
    WorkPage,
    WorkQuery,
    read_work,
    say_missing,
    say_when,
)
from kantoor.words import leave_ids_out
from tests.counting import count_statements
from tests.portal.visitors import Pages
from tests.service.town import NOT_READY, Town

TODAY = date(2026, 2, 3)


def read(pages: Pages, person: str, **asked: Any) -> WorkPage:
    return read_work(pages.desk, Visitor(id=person, name=person, kind="team"), WorkQuery(**asked))


def test_each_line_leads_to_the_phase_that_is_to_be_done(pages: Pages, town: Town) -> None:
    filing = town.begun()
    page = pages.client_of("sanne").open("/werk?werkproces=btw-aangifte")
    assert f"/opdrachten/{filing.name}#fase-verzamelen" in page.links


def test_what_is_late_comes_first_then_the_rest_by_day_on_the_page_and_the_command_line(
    pages: Pages, town: Town
) -> None:
    town.begun(), town.begun()
    lines = read(pages, "sanne").lines
    late = [line.day for line in lines if line.late]
    rest = lines[len(late) :]
    passed = [line.day or date.max for line in rest if line.start and line.start < TODAY]
    others = [line.place or date.max for line in rest[len(passed) :]]
    assert [*late, *passed, *others] == [*sorted(filter(None, late)), *sorted(passed), *sorted(others)]
    typed = work(pages.desk, "sanne")
    assert not isinstance(typed, Refusal)
    assert [(one.filing, one.item) for one in typed[: len(lines)]] == [
        (one.filing, one.item) for one in lines
    ]


def test_what_should_have_started_and_is_not_late_stands_after_what_is(pages: Pages, town: Town) -> None:
    town.relation()
    page = pages.client_of("marieke").open("/werk")
    parts = page.tree.xpath("//table[contains(@class, 'work')]/tbody")
    heads = [" ".join(one.xpath("string(.//th)").split()) for one in parts]
    passed = next(one for one, head in zip(parts, heads, strict=True) if head.startswith("Had al moeten"))
    assert not any(head.startswith("Te laat") for head in heads[parts.index(passed) :])
    line = next(one for one in read(pages, "marieke", kind="uncovered").lines if not one.late)
    urgent = replace(line, start=date(2026, 2, 2), deadline=date(2026, 2, 20))
    awaited = replace(line, start=None, deadline=None, due=date(2026, 2, 4))
    assert in_order([awaited, line, urgent], TODAY) == (urgent, line, awaited)
    rows = [" ".join(row.text_content().split()) for row in passed.xpath("./tr")]
    assert any("Had moeten starten op 31 december 2025" in row for row in rows), rows[:3]
    later = pages.client_of("marieke").open("/werk?wat=uncovered").words.partition(" Later ")[2]
    assert "Had moeten starten" not in later


def test_a_filter_keeps_what_it_asks_for_and_no_more(pages: Pages, town: Town) -> None:
    town.begun(template="met-de-hand"), town.begun()
    found = read(pages, "sanne", template="met-de-hand")
    assert {line.template for line in found.lines} == {"met-de-hand"}
    assert "btw-aangifte" in dict(found.templates)
    assert all(line.kind == "task" for line in read(pages, "sanne", kind="task").lines)


def test_what_was_filtered_stands_in_the_form_again(pages: Pages, town: Town) -> None:
    town.begun(template="met-de-hand"), town.begun()
    page = pages.client_of("sanne").open("/werk?werkproces=met-de-hand&wat=task")
    assert dict(page.fields("Toon")) == {"wat": "task", "werkproces": "met-de-hand"}
    tabs = [parse_qs(urlsplit(one).query) for one in page.links if one.startswith("/werk?")]
    assert {"lijst": ["niemand"]} in tabs


@pytest.mark.parametrize(
    "asked", ["lijst=x", "pagina=0", "pagina=-1", "pagina=zes", "wat=%3Cscript%3E", "te-laat=1", "pagina=١"]
)
def test_an_address_that_makes_no_sense_shows_ones_own_work(pages: Pages, asked: str) -> None:
    page = pages.client_of("sanne").open(f"/werk?{asked}")
    assert page.status == 200
    assert "<script>" not in page.text


def test_what_was_never_started_is_late_once_its_last_day_has_passed(pages: Pages, town: Town) -> None:
    line = next(one for one in read(pages, "marieke", kind="uncovered").lines if one.period == "2026-01")
    assert (line.due, line.deadline, line.late) == (None, date(2026, 2, 28), False)
    assert line.missing[0].startswith("Had moeten starten op 31 december 2025. ")
    page = pages.client_of("marieke").open("/werk?wat=uncovered")
    rows = [row.text_content() for row in page.tree.xpath("//tr[contains(., 'over januari 2026')]")]
    assert rows
    assert [row for row in rows if "te laat" in row] == []


def test_what_was_never_started_leads_to_what_lacks_and_else_to_the_start(pages: Pages, town: Town) -> None:
    browser = pages.client_of("marieke")
    path = "/relaties/{}/starten/btw-aangifte?periode=2026-01"
    page = browser.open("/werk?wat=uncovered")
    free = town.relation()
    assert any(one.endswith("/starten/btw-aangifte?periode=2026-01") for one in page.links)
    assert browser.open(path.format(NOT_READY)).path == f"/relaties/{NOT_READY}/gereed"
    there = browser.open(path.format(free))
    assert there.path == f"/relaties/{free}/starten"
    assert dict(there.fields("Bekijk"))["periode"] == "2026-01"
    assert browser.open(f"/relaties/{free}/starten/bestaat-niet").status == 404
    other = browser.open(path.format(free).replace("2026-01", "2019-05"))
    assert dict(other.fields("Bekijk"))["andere"] == "2019-05"


@pytest.mark.parametrize(
    ("due", "deadline", "day"),
    [
        (None, date(2026, 2, 2), date(2026, 2, 2)),
        (date(2026, 2, 9), date(2026, 2, 2), date(2026, 2, 2)),
        (date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 2)),
        (None, None, None),
    ],
)
def test_work_is_judged_by_its_target_date_or_its_last_day(
    pages: Pages, town: Town, due: date | None, deadline: date | None, day: date | None
) -> None:
    town.begun()
    line = replace(read(pages, "sanne").lines[0], due=due, deadline=deadline, late=day is not None)
    assert line.day == day
    ((target, last, *_),) = work_table((line,)).rows
    passed = [text.endswith("(verstreken)") for text in (target, last)]
    assert passed == [bool(due) and day == due, bool(deadline) and day != due]


def test_a_page_past_the_last_is_the_last(pages: Pages, town: Town) -> None:
    town.begun()
    found = read(pages, "sanne", page=10_000)
    assert found.leaf.number == found.leaf.pages
    assert found.lines[-1] == read(pages, "sanne", page=found.leaf.pages).lines[-1]
    assert pages.client_of("sanne").open("/werk?pagina=10000").status == 200


def test_work_of_nobody_is_a_list_of_its_own(pages: Pages, town: Town) -> None:
    filing = town.begun()
    town.hand_over(filing.relation, "administratie", "cor")  # who left
    names = [line.filing for line in read(pages, "tom", list="niemand").lines]
    everything = [*names, *(line.filing for line in read(pages, "marieke").lines)]
    assert any(filing.name in one for one in everything)


def test_a_page_of_work_takes_as_many_statements_however_much_there_is(pages: Pages, town: Town) -> None:
    browser, database = pages.client_of("sanne"), pages.desk.equipment.database
    town.begun()
    browser.open("/werk")  # what never changes is read once
    counts = []
    for _ in range(2):
        with count_statements(database) as statements:
            browser.open("/werk")
        counts.append(len(statements))
        town.begun(), town.begun()
    assert counts[0] == counts[1]


def test_what_is_missing_is_counted_and_named_without_ids() -> None:
    missing = (
        "controlepunt bank_compleet ('De bank is compleet')",
        "controlepunt kas ('De kas klopt')",
        "document aangifte ('Aangifte')",
        "uitvraag stukken.lijst.1 ('De jaaropgave' is nog niet ontvangen)",
    )
    said = say_missing(missing)
    assert said == ("2 controlepunten", "1 antwoord van de klant nog niet ontvangen", "document ‘Aangifte’")
    assert leave_ids_out("Nog te doen: gegeven dag_1 ('De dag').") == "Nog te doen: gegeven ‘De dag’."


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (date(2026, 2, 2), "1 dag te laat"),
        (date(2026, 1, 4), "30 dagen te laat"),
        (TODAY, "vandaag"),
        (date(2026, 2, 4), "morgen"),
        (date(2026, 2, 9), ""),
        (None, ""),
    ],
)
def test_how_late_it_is_is_said_in_words(due: date | None, words: str) -> None:
    assert say_when(due, TODAY) == words
