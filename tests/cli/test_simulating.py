"""`kantoor simulate` as an author of definitions types it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kantoor.cli.main import execute

from .test_relations import Office, empty, imported, office

__all__ = ["empty", "imported", "office"]  # fixtures

DEFINITIONS = str(Path(__file__).parents[2] / "definitions")
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def simulate(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)

    def run(template: str, *words: str) -> tuple[int, str, str]:
        status = execute(["simulate", template, DEFINITIONS, *words])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def story(simulate: Run, template: str, *words: str) -> Any:
    status, out, err = simulate(template, *words, "--format", "json")
    assert (status, err) == (0, "")
    return json.loads(out)


def test_a_template_is_shown_day_by_day_with_dates_and_what_the_client_reads(simulate: Run) -> None:
    status, out, err = simulate("btw-aangifte", "--period", "2027-01")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert lines[:2] == [
        "Aangifte btw over januari 2027",
        "Simulatie voor Voorbeeld bv (1001): bv, per maand",
    ]
    assert "maandag 1 februari 2027" in lines
    assert "  ====   TERMIJN 'Indienen en betalen' (AWR art. 10 en 19)" in lines
    assert "> Sanne van Dijk leest: Uw btw-aangifte over januari 2027 staat klaar" in out
    assert "  11:00  Accountant      Afgevinkt: De totalen sluiten aan op het grootboek" in lines
    assert lines[-1] == "De opdracht is afgesloten. Stand op 9 februari 2027: klaar."
    assert all(len(line) <= 110 for line in lines)


def test_messages_are_printed_whole_when_asked(simulate: Run) -> None:
    plain = simulate("btw-aangifte", "--period", "2027-01")[1]
    whole = simulate("btw-aangifte", "--period", "2027-01", "--mails")[1]
    assert "| Beste Sanne van Dijk," not in plain
    assert "| Beste Sanne van Dijk," in whole


def test_simulating_writes_nothing(simulate: Run, tmp_path: Path) -> None:
    simulate("btw-aangifte", "--period", "2027-01")
    assert [*tmp_path.iterdir()] == []


def test_json_has_the_documented_parts(simulate: Run) -> None:
    found = story(simulate, "icp-opgaaf", "--period", "2027-Q1")
    assert list(found) == [
        *("template", "title", "filing", "relation", "product", "period", "start_date", "now", "stopped"),
        *("ended", "end_title", "planner", "lines", "mails", "dates", "refusals", "notes", "view"),
    ]
    assert found["filing"] == "icp-opgaaf/1001/2027-Q1/-/1"
    assert (found["stopped"], found["ended"], found["planner"]) == ("ended", "completed", "klaar")
    assert found["lines"][0] == {
        "number": 1,
        "at": "2026-12-31T08:00:00",
        "by": "kantoor",
        "who": "kantoor",
        "what": "started",
        "phase": None,
        "text": "Opgaaf icp over het eerste kwartaal van 2027 is gestart",
        "data": {"title": "Opgaaf icp", "period": "het eerste kwartaal van 2027"},
    }
    (due,) = [one for one in found["dates"] if one["kind"] == "deadline"]
    assert due["day"] == "2027-04-30"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (["--silent"], "escalated"),
        (["--reject", "once"], "sent_back"),
        (["--refuse", "510"], "refused"),
        (["--refuse", "410"], "stands_still"),
    ],
)
def test_what_goes_wrong_is_on_the_timeline(simulate: Run, words: list[str], what: str) -> None:
    found = story(simulate, "btw-aangifte", "--period", "2027-01", *words)
    assert what in [line["what"] for line in found["lines"]]
    assert (found["ended"] is None) == ("--silent" in words)


def test_a_refusal_where_nothing_is_delivered_is_said_to_show_nothing(simulate: Run) -> None:
    out = simulate("aangifte-ib", "--period", "2027", "--refuse", "510")[1]
    assert "Let op: Dit werkproces dient niet zelf in bij een dienst" in out


def test_it_stops_on_the_last_day_and_says_what_is_open(simulate: Run) -> None:
    out = simulate("btw-aangifte", "--period", "2027-01", "--until", "2027-02-02")[1]
    end = out.partition("De gevraagde laatste dag is bereikt; de opdracht loopt nog.")[2]
    assert end.splitlines()[0] == " Stand op 2 februari 2027: loopt."
    assert end.splitlines()[1].startswith("Open (uitvoeren): Boeken en aangifte opstellen: ")


def test_an_invented_relation_is_what_is_typed(simulate: Run) -> None:
    found = story(
        simulate, "btw-aangifte", "--period", "2027-Q1", "--as", "eenmanszaak, quarter, foreign, dga"
    )
    assert found["relation"]["legal_form"] == "eenmanszaak"
    assert found["relation"]["natural_person"] is True
    assert found["relation"]["dga"] is True
    assert (found["product"]["frequency"], found["product"]["foreign"]) == ("quarter", True)


def test_it_starts_on_the_day_that_is_given(simulate: Run) -> None:
    found = story(simulate, "suppletie", "--period", "2027", "--start", "2028-03-01")
    assert found["start_date"] == "2028-03-01"


@pytest.mark.parametrize(
    ("template", "words", "said"),
    [
        ("btw-aangift", ["--period", "2027-01"], "did you mean 'btw-aangifte'?"),
        ("btw-aangifte", [], "Missing option '--period'"),
        ("btw-aangifte", ["--period", "2027-13"], "'2027-13' is not a period"),
        ("aangifte-ib", ["--period", "2027-01"], "Write 2027 (year)."),
        ("btw-aangifte", ["--period", "2027-01", "--as", "bvv"], "did you mean 'bv'?"),
        ("btw-aangifte", ["--period", "2027-01", "--as", "zz"], "Legal forms: natuurlijk_persoon, "),
        ("btw-aangifte", ["--period", "2027-01", "--as", "year"], "Leave 'year' out"),
        ("btw-aangifte", ["--period", "2027-01", "--refuse", "51"], "did you mean '510'?"),
        ("btw-aangifte", ["--period", "2027-01", "--refuse", "500"], "Codes: 210 (failed)"),
        ("btw-aangifte", ["--period", "2027-01", "--reject", "twice"], "'once', 'always'"),
        ("btw-aangifte", ["--period", "2027-01", "--silent", "--reject", "once"], "not both"),
        ("btw-aangifte", ["--period", "2027-01", "--as", "bv", "--relation", "1"], "not both"),
        ("btw-aangifte", ["--period", "2027-01", "--until", "2020-01-01"], "is before the start"),
        ("btw-aangifte", ["--period", "2027-01", "--until", "morgen"], "'morgen' is not a date"),
    ],
)
def test_wrong_use_says_what_is_possible(simulate: Run, template: str, words: list[str], said: str) -> None:
    status, out, err = simulate(template, *words)
    assert (status, out) == (2, "")
    assert said in err


def test_a_relation_of_the_office_brings_its_product_fields_and_contacts(
    office: Office, simulate: Run
) -> None:
    found = story(simulate, "btw-aangifte", "--period", "2026-02", "--relation", "1001")
    assert found["relation"]["name"] == "Bakkerij De Korenaar B.V."
    assert found["product"]["id"] == "aangifte-btw"
    (offer,) = [mail for mail in found["mails"] if mail["message"] == "btw-ter-accordering"]
    assert (offer["to"], offer["name"]) == ("c1", "Anna Bakker")
    assert offer["body"].startswith("Beste mevrouw Bakker")
    assert found["ended"] == "completed"


def test_what_keeps_a_real_filing_from_starting_is_said(office: Office, simulate: Run) -> None:
    status, out, _ = simulate("btw-aangifte", "--period", "2026-Q1", "--relation", "1001")
    assert status == 0
    assert "Let op: Een echte opdracht zou nu niet starten." in out
    assert "Voor het eerste kwartaal van 2026 is dit product niet met de relatie afgesproken." in out.replace(
        "\n", " "
    )


def test_a_relation_that_is_not_there_is_wrong_use_with_the_one_that_is_near(
    office: Office, simulate: Run
) -> None:
    status, out, err = simulate("btw-aangifte", "--period", "2026-02", "--relation", "100l")
    assert (status, out) == (2, "")
    assert "Bedoelt u '1001'?" in err


def test_without_an_office_a_relation_is_told_how_to_make_one(
    simulate: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path / "none"))
    status, _, err = simulate("btw-aangifte", "--period", "2026-02", "--relation", "1001")
    assert status == 2
    assert "kantoor practice init" in err


def test_a_page_of_the_year_is_printed(simulate: Run) -> None:
    words = ("--as", "bv,year", "--period", "2026", "--pace", "on-target", "--format", "html")
    status, out, _ = simulate("jaarrekening", *words)
    assert status == 0
    assert out.startswith("<!doctype html>")
    assert "Jaarrekening over 2026" in out
    assert out.rstrip().endswith("</html>")


def test_a_year_has_every_filing_that_begins_in_it(simulate: Run) -> None:
    status, out, err = simulate("btw-aangifte", "--period", "2027-Q2", "--year")
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert (
        lines[0] == "Aangifte btw over het eerste kwartaal van 2027 tot en met het vierde kwartaal van 2027"
    )
    assert "  ====   het eerste kwartaal van 2027: TERMIJN 'Indienen en betalen' (AWR art. 10 en 19)" in lines
    assert [one["period"] for one in story(simulate, "btw-aangifte", "--period", "2027-Q2", "--year")] == [
        *("2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4")
    ]
    assert [one["period"] for one in story(simulate, "aangifte-ib", "--period", "2027", "--year")] == ["2027"]


def test_a_year_is_not_recorded_as_a_scenario(simulate: Run, tmp_path: Path) -> None:
    file = tmp_path / "jaar.yaml"
    status, out, err = simulate("btw-aangifte", "--period", "2027-01", "--year", "--record", str(file))
    assert (status, out) == (2, "")
    assert "--year without --start and --record" in err
    assert not file.exists()
