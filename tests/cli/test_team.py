"""`kantoor team`: who is absent and who replaces them, typed in an office that runs."""

import re

import pytest

from tests.service.town import COLLECT


@pytest.fixture
def filing(town):
    """A filing whose administration is Wim's, who is back afterwards."""
    relation = town.relation()
    town.hand_over(relation, "administratie", "wim")
    return town.begun(relation)


@pytest.fixture
def away(kantoor):
    """Wim is absent for some days, and Ruud is the stand-in."""
    words = ("--from", "2026-02-03", "--until", "2026-02-06", "--stand-in", "ruud", *AS)
    status, out, err = kantoor("team", "absent", "wim", *words)
    assert (status, err) == (0, "")
    assert out.splitlines()[0] == (
        "Wim Vos is afwezig vanaf 3 februari 2026 tot en met 6 februari 2026; Ruud Smit neemt waar"
    )
    yield
    kantoor("team", "back", "wim", *AS)


AS = ("--as", "ruud")


def on_list(kantoor, who, filing):
    return [
        line for line in kantoor.json("work", "--as", who) if line["filing"].endswith(f"{filing.name}/-/1")
    ]


def test_a_filing_changes_hands_in_the_middle_of_a_phase_and_back(kantoor, filing, request):
    filing.acts("wim", lambda acts: acts.check(filing.name, COLLECT[0]))
    assert [line["item"] for line in on_list(kantoor, "wim", filing)] == ["verzamelen"]
    request.getfixturevalue("away")
    assert on_list(kantoor, "wim", filing) == []
    (line,) = on_list(kantoor, "ruud", filing)
    assert line["in_place_of"] == "Wim Vos"
    assert "voor Wim Vos" in kantoor("work", "--as", "ruud")[1]
    tick = ("filing", "check", filing.name, COLLECT[1])
    assert "afwezig" in kantoor.refused("absent", *tick, "--as", "wim")
    assert "Dit werk is van Ruud Smit." in kantoor.refused("wrong_role", *tick, "--as", "tom")
    assert kantoor(*tick, "--as", "ruud")[0] == 0
    filing.tick("ruud", *COLLECT[2:])
    page = kantoor("filing", "show", filing.name)[1]
    assert re.search(r"Ruud Smit \(voor Wim Vos\).*Fase .* is afgerond", page)
    days = "vanaf 3 februari 2026 tot en met 6 februari 2026"
    ended = f"Beëindigd: afwezigheid {days}; waarneming door Ruud Smit {days}"
    assert kantoor("team", "back", "wim", *AS) == (
        0,
        f"Wim Vos is er weer vanaf 3 februari 2026. {ended}\n",
        "",
    )
    assert on_list(kantoor, "ruud", filing) == []
    (line,) = on_list(kantoor, "wim", filing)
    assert (line["item"], line["in_place_of"]) == ("opstellen", None)


def test_what_falls_in_days_counts_whoever_has_it_and_says_who(kantoor, filing, away):
    days = ("--from", "2026-02-09", "--until", "2026-03-31", *AS)

    def list_falling(who, *words):
        out = kantoor("team", "absent", who, *days, *words)[1].splitlines()
        return [line.rpartition(")")[2] for line in out if f"({filing.relation} " in line]

    assert list_falling("wim", "--dry-run") == [", nu bij Ruud Smit, dan bij niemand"]
    assert list_falling("ruud", "--dry-run") == []  # by then it is no longer theirs
    try:
        assert list_falling("wim", "--stand-in", "tom") == [", nu bij Ruud Smit, dan bij Tom de Boer"]
        assert list_falling("tom", "--dry-run") == [", nu bij Ruud Smit, dan bij niemand"]
    finally:
        kantoor("team", "back", "wim", "--on", "2026-02-09", *AS)


def test_the_list_says_who_is_absent_and_who_stands_in(kantoor, away):
    status, out, _ = kantoor("team", "list")
    assert status == 0
    (line,) = [line for line in out.splitlines() if line.startswith("wim")]
    assert line.split("  ")[-1].strip() == "ruud 3 februari 2026 t/m 6 februari 2026"
    (wim,) = [one for one in kantoor.json("team", "list")["members"] if one["id"] == "wim"]
    assert wim["absent_today"]


def test_an_absence_that_leaves_nobody_is_told_when_it_is_typed(kantoor):
    words = ("--from", "2026-02-10", "--until", "2026-02-12", *AS)
    status, _, err = kantoor("team", "absent", "tom", *words)
    try:
        assert status == 0
        told = "let op: Vanaf 10 februari 2026 tot en met 12 februari 2026: Niemand heeft de rol Accountant"
        assert told in err
        assert told in kantoor("team", "list")[2]
    finally:
        assert "Wel afwezig vanaf 10 februari 2026" in kantoor.refused(
            "not_absent", "team", "back", "tom", *AS
        )
        assert kantoor("team", "back", "tom", "--on", "2026-02-10", *AS)[0] == 0
    assert kantoor("team", "list")[2] == ""


def test_what_cannot_be_is_refused_and_nothing_is_written(kantoor):
    before = kantoor.json("team", "list")
    days = ("--from", "2026-02-10", "--until", "2026-02-12", *AS)
    stranger = ("--from", "2026-02-10", "--as", "c-1")
    kantoor.refused("unknown_person", "team", "absent", "wim", *stranger)
    assert "Bedoelt u 'wim'?" in kantoor.refused("unknown_person", "team", "absent", "wiml", *days)
    kantoor.refused("own_stand_in", "team", "absent", "wim", *days, "--stand-in", "wim")
    kantoor.refused("unknown_role", "team", "stand-in", "wim", "tom", *days, "--role", "fiscal")
    kantoor.refused(
        "wrong_days", "team", "absent", "wim", "--from", "2026-02-12", "--until", "2026-02-10", *AS
    )
    for far in (("1926-02-10",), ("2062-02-10",), ("2026-02-10", "--until", "2062-02-12")):
        said = kantoor.refused("far_day", "team", "absent", "wim", "--from", *far, *AS)
        assert said.endswith("Klopt het jaar?")
        assert kantoor.hint == "Is dit zo bedoeld, voeg dan --anyway toe."
    assert kantoor("team", "absent", "wim", "--from", "2062-02-10", *AS, "--anyway", "--dry-run")[0] == 0
    for day in ("2062-02-10", "1026-02-10"):
        kantoor.refused("far_day", "team", "title", "wim", "AA", "--from", day, *AS)
    kantoor.refused("unknown_title", "team", "title", "wim", "CPA", *days)
    kantoor.refused("not_absent", "team", "back", "wim", *AS)
    assert kantoor.json("team", "list") == before


def test_who_recorded_what_of_whom_is_shown_with_how_it_was(kantoor):
    for until in ("2026-03-05", "2026-03-06"):
        assert kantoor("team", "absent", "wim", "--from", "2026-03-03", "--until", until, *AS)[0] == 0
    kantoor("team", "back", "wim", "--on", "2026-03-03", "--as", "tom")
    *_, made, changed, ended = kantoor("team", "show", "wim", "--history")[1].splitlines()
    first, last = (f"afwezigheid vanaf 3 maart 2026 tot en met {day} maart 2026" for day in (5, 6))
    assert made.endswith(f"  ruud: {first}")
    assert changed.endswith(f"  ruud: {last} (was: {first})")
    assert ended.endswith(f"  tom: afwezigheid vervallen (zou ingaan op 3 maart 2026) (was: {last})")
    page = kantoor.json("team", "show", "wim", "--history")
    assert [one["by"] for one in page["history"][-3:]] == ["ruud", "ruud", "tom"]
    assert "3 maart" not in kantoor("team", "show", "tom", "--history")[1]


def test_a_title_holds_from_its_first_day(kantoor):
    assert kantoor("team", "title", "wim", "ra", "--from", "2026-02-10", "--until", "2026-02-10", *AS)[0] == 0
    (wim,) = [one for one in kantoor.json("team", "list")["members"] if one["id"] == "wim"]
    assert wim["titles"] == []


def test_who_writes_for_compliance_where_nobody_has_that_role_is_told(kantoor, filing):
    words = ("filing", "note", filing.name, "Ongebruikelijk", "--as", "wim")
    status, out, err = kantoor(*words, "--for", "compliance")
    assert (status, out) == (0, "Genoteerd\n")
    assert err.startswith("let op: Niemand op kantoor heeft bij deze opdracht de rol 'compliance'")
    assert kantoor(*words) == (0, "Genoteerd\n", "")
