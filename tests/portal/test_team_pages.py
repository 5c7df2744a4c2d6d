"""Absence and stand-ins on pages: what falls in the days is shown before anything is written."""

from datetime import date

import pytest

from kantoor.portal.pages import team
from kantoor.service.team.team import show_member, show_team
from tests.portal.visitors import Pages
from tests.service.town import Town

LOOK, SAVE = "Bekijk wat er in valt", "Ja, leg dit vast"
SANNE, WIM = "/beheer/team/sanne", "/beheer/team/wim"


def test_an_absence_is_written_once_what_falls_in_it_was_seen(
    pages: Pages, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(team, "MOST", 10_000)  # other tests of this office leave work in those days
    running, starting = town.begun(), town.relation()
    town.told(starting, start_date=date(2026, 2, 20))
    browser, before = pages.client_of("tom"), show_team(pages.desk)
    page = browser.open(SANNE)
    assert page.heading == "Sanne Visser"
    look = page.press(LOOK, {"van": "2026-02-10", "tot": "2026-03-31", "waarnemer": "ruud"})
    assert (
        "Sanne Visser is afwezig vanaf 10 februari 2026 tot en met 31 maart 2026; Ruud Smit neemt waar."
        in (look.words)
    )
    assert f"/opdrachten/{running.name}" in look.links
    assert f"/relaties/{starting}" in look.links
    assert "Aangifte btw over januari 2026 start" in look.words
    assert show_team(pages.desk) == before  # looking writes nothing
    assert browser.open(look.address).words == look.words
    back = look.follow("Iets anders invullen").fields(LOOK)
    assert {("van", "2026-02-10"), ("tot", "2026-03-31"), ("waarnemer", "ruud")} <= set(back)
    saved = look.press(SAVE)
    try:
        assert (saved.path, saved.word[:23]) == (SANNE, "Sanne Visser is afwezig")
        assert "10 februari 2026 tot en met 31 maart 2026" in browser.open("/beheer/team").words
        assert "Tom" in saved.words.split("Wat is vastgelegd")[1]
    finally:
        ended = saved.press("Bekijk wat er eindigt", {"van": "2026-02-10"}).press(SAVE)
    assert "Beëindigd: afwezigheid" in ended.word
    assert show_team(pages.desk) == before


def test_what_was_pressed_twice_or_on_an_old_page_is_written_once_and_as_shown(
    pages: Pages, town: Town
) -> None:
    browser, before = pages.client_of("tom"), show_team(pages.desk)
    days = {"van": "2026-05-11", "tot": "2026-05-15"}
    look = browser.open(WIM).press(LOOK, days)
    other = browser.open(WIM).press(LOOK, {**days, "waarnemer": "ruud"})
    saved = look.press(SAVE)
    try:
        assert look.press(SAVE).word == saved.word
        stale = other.press(SAVE)
        assert (stale.status, stale.problem[:31]) == (409, "Er is iets veranderd sinds u ke")
        assert "Ruud Smit neemt waar" in stale.words
        back = stale.follow("Iets anders invullen")
        assert (back.status, back.problem, ("waarnemer", "ruud") in back.fields(LOOK)) == (200, "", True)
        assert "Ruud Smit" not in browser.open(WIM).words.split("Laten waarnemen")[0].split("Afwezig")[1]
        assert "Ruud Smit neemt waar" in stale.press(SAVE).word
    finally:
        back = browser.open(WIM).press("Bekijk wat er eindigt", {"van": "2026-05-11"})
        ended = back.press(SAVE)
    again = back.press(SAVE)
    assert (again.status, again.word) == (200, ended.word)
    assert "waarneming door Ruud Smit" in again.word
    assert show_team(pages.desk) == before


def test_a_stand_in_who_left_meanwhile_is_refused_with_what_was_typed(pages: Pages, town: Town) -> None:
    page = pages.client_of("tom").open(WIM)
    typed = {"doen": "afwezig", "van": "2026-05-11", "waarnemer": "vertrokken"}
    refused = page.browser.send(WIM, typed)
    assert refused.status == 409
    assert ("van", "2026-05-11") in refused.fields(LOOK)


def test_work_that_nobody_is_left_for_is_told_before(pages: Pages, town: Town) -> None:
    page = pages.client_of("ruud").open("/beheer/team/tom")
    look = page.press(LOOK, {"van": "2026-02-10", "tot": "2026-02-12"})
    assert "Wat er dan ontbreekt" in look.words
    assert "Niemand heeft de rol Accountant" in look.words
    own = page.press(LOOK, {"van": "2026-02-10", "tot": "2026-02-12", "waarnemer": "sanne"})
    assert (
        "Vier ogen: 'Controle', 'Stukken opvragen' en 'Boeken en aangifte opstellen' liggen bij dezelfde "
        "persoon" in own.words
    )
    assert " andere)" in own.words  # counted: every relation at which Sanne makes what Tom checks


def test_what_cannot_be_is_refused_with_what_was_typed(pages: Pages, town: Town) -> None:
    browser, before = pages.client_of("tom"), show_member(pages.desk, "wim")
    page = browser.open(WIM)
    backwards = page.press(LOOK, {"van": "2026-02-12", "tot": "2026-02-10"})
    assert (backwards.status, backwards.problem) == (409, "De laatste dag ligt vóór de eerste.")
    assert ("van", "2026-02-12") in backwards.fields(LOOK)
    assert backwards.wrong_field == "afwezig-tot"
    never = page.press(LOOK, {"van": "2026-02-31"})
    assert (never.status, never.wrong_field) == (422, "afwezig-van")
    far = page.press(LOOK, {"van": "2062-02-10"})
    assert (far.problem.endswith("Klopt het jaar?"), far.wrong_field) == (True, "afwezig-van")
    far_end = page.press(LOOK, {"van": "2026-02-10", "tot": "2036-02-12"})
    assert (far_end.problem.endswith("Klopt het jaar?"), far_end.wrong_field) == (True, "afwezig-tot")
    meant = far.press(LOOK, {"van": "2062-02-10", "toch": "ja"})
    assert (meant.status, meant.heading) == (200, "Klopt dit?")
    nobody = page.press("Bekijk de waarneming", {"van": "2026-02-12"})
    assert (nobody.problem, nobody.wrong_field) == ("Kies wie er waarneemt.", "waarnemen-wie")
    assert browser.open("/beheer/team/niemand").status == 404
    assert show_member(pages.desk, "wim") == before
