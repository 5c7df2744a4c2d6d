"""A simulation as one HTML page: all is there, it needs nothing from elsewhere, and is always the same."""

import re

import pytest
from lxml import html

from kantoor.data import replace
from kantoor.simulation.habits import SILENT, ClientHabits, OfficeHabits, People
from kantoor.simulation.story import Story
from kantoor.simulation.year_page import render_page

from ..shipped import compile_shipped
from .simulating import simulate, simulate_year

TEMPLATES = sorted(compile_shipped().plans)


def page_of(story: Story) -> html.HtmlElement:
    return html.fromstring(render_page(story))


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


@pytest.mark.parametrize("template", TEMPLATES)
def test_phases_dates_and_what_the_client_reads_are_on_the_page(template: str) -> None:
    story = simulate(template)
    page = page_of(story)
    text = text_of(page)
    entered = {line.phase for line in story.lines if line.what == "phase_entered"}
    for phase in story.plan.phases:
        if phase.id in entered:
            assert phase.title in text
    for line in story.lines:
        assert " ".join(line.text.split()) in text
    for one in story.current_dates:
        assert one.day is None or page.get_element_by_id(f"dag-{one.day}") is not None
    read = [mail for mail in story.mails if mail.audience == "client" and mail.purpose != "note"]
    shown = [text_of(one) for one in page.find_class("mail-page")]
    assert len(shown) == len(read)
    for mail, there in zip(read, shown, strict=True):
        assert " ".join(mail.body.split()) in there


@pytest.mark.parametrize("template", TEMPLATES)
def test_the_page_stands_by_itself(template: str) -> None:
    page = page_of(simulate(template))
    assert not page.xpath("//script | //link | //img | //iframe | //*[@onclick]")
    assert all(link.startswith("#") for link in page.xpath("//@href"))
    assert "url(" not in "".join(page.xpath("//style/text()"))


@pytest.mark.parametrize("template", TEMPLATES)
def test_every_link_leads_to_a_place_of_the_page(template: str) -> None:
    page = page_of(simulate(template, People(client=SILENT)))
    there = set(page.xpath("//@id"))
    assert len(page.xpath("//@id")) == len(there)
    assert {link.removeprefix("#") for link in page.xpath("//@href")} <= there


def test_the_same_story_gives_the_same_page() -> None:
    assert render_page(simulate("btw-aangifte")) == render_page(simulate("btw-aangifte"))


def test_a_phase_that_was_done_again_has_a_stretch_for_each_time() -> None:
    page = page_of(simulate("btw-aangifte", People(client=ClientHabits(decides="reject_once"))))
    stretches = [
        len(stage.xpath(".//b"))
        for stage in page.find_class("stage")
        if "Boeken en aangifte opstellen" in text_of(stage)
    ]
    assert stretches == [2]


def test_places_on_the_line_of_time_lie_within_it() -> None:
    for template in TEMPLATES:
        for style in page_of(simulate(template)).xpath("//*[@class='track']/*/@style"):
            assert all(0 <= float(number) <= 100 for number in re.findall(r"([\d.]+)%", style)), style


def test_what_people_wrote_is_text_and_not_markup() -> None:
    story = simulate("btw-aangifte")
    note = "<script>alert(1)</script> & <b>vet</b>"
    page = page_of(replace(story, notes=(note,)))
    assert note in text_of(page)
    assert not page.xpath("//script")


def test_an_office_on_target_works_on_the_target_dates_and_misses_no_deadline() -> None:
    for template in TEMPLATES:
        story = simulate(template, People(office=OfficeHabits(pace="on_target")))
        assert story.view.ended == "completed"
        assert not [line.text for line in story.lines if line.what == "deadline_missed"], template


def test_on_target_the_year_is_spread_over_its_months() -> None:
    def months(people: People) -> set[tuple[int, int]]:
        lines = simulate("jaarrekening", people).lines
        return {(one.at.year, one.at.month) for one in lines if one.what == "phase_entered"}

    assert len(months(People())) == 1
    assert len(months(People(office=OfficeHabits(pace="on_target")))) > 6


def test_the_filings_of_a_year_are_one_line_each_on_one_calendar() -> None:
    stories = simulate_year("btw-aangifte")
    page = html.fromstring(render_page(*stories))
    assert [story.start.period.code for story in stories] == [f"2027-{month:02}" for month in range(1, 13)]
    lines = [text_of(stage) for stage in page.find_class("stage")]
    assert len(lines) == len(stories)
    for story, line in zip(stories, lines, strict=True):
        assert line.startswith(story.start.period.words)
    ids = page.xpath("//@id")
    assert len(ids) == len({*ids})
    assert {link.removeprefix("#") for link in page.xpath("//@href")} <= {*ids}
    read = sum(mail.audience == "client" and mail.purpose != "note" for s in stories for mail in s.mails)
    assert len(page.find_class("mail-page")) == read
    deadline = next(one for one in stories[4].current_dates if one.kind == "deadline")
    (day,) = [one for one in page.find_class("day") if one.get("id") == f"dag-{deadline.day}"]
    assert "mei 2027: TERMIJN" in text_of(day)
