"""`kantoor deploy`, `start`, `work`, `planner` and `recurrence`, typed in an office that runs."""

import re
import shutil
from datetime import UTC, datetime

import pytest

from kantoor.office.deploys import list_deploys
from kantoor.office.plans import active_office, active_plans, publish
from kantoor.service.releasing import deploying
from kantoor.typed import PERIODS
from tests.service.town import NOT_READY, QUARTERLY, TWO_NUMBERS, variants

START = ("start", "btw-aangifte", "--period", "2026-01", "--as", "marieke")
SBR_OFF = "Indienen via SBR staat uit voor deze relatie."


def test_what_has_one_meaning_is_taken_and_said_back(town, kantoor):
    one, two, three = town.relation(), town.relation(), town.relation()
    words = ("start", "btw-aangifte", "--dry-run", "--period", "1e kwartaal 26", "--as", "Sanne  VISSER")
    words = (*words, "--relation", f"{one},{two}", "--relation", f"{three}.0")
    _, out, err = kantoor(*words)
    assert [number in out for number in (one, two, three)] == [True] * 3
    assert err.splitlines()[:4] == [
        "'1e kwartaal 26' is gelezen als 2026-Q1: het eerste kwartaal van 2026",
        "'Sanne  VISSER' is gelezen als sanne",
        f"'{one},{two}' is gelezen als relatie {one} en {two}",
        f"'{three}.0' is gelezen als relatie {three}",
    ]
    status, out, err = kantoor("relation", "show", f"{one} {two}")
    assert (status, out) == (2, "")
    assert f"noem hier één relatie, en niet {one} en {two}" in err


def test_definitions_with_mistakes_are_not_published(town, kantoor):
    folder = town.folder / "wrong"
    variants(folder)
    template = folder / "workflows" / "btw-aangifte.yaml"
    template.write_text(template.read_text().replace("role: accountant", "role: acountant"))
    status, out, err = kantoor("deploy", str(folder))
    assert (status, out) == (1, "")
    first, *_, last = err.splitlines()
    assert first.startswith("wrong/workflows/btw-aangifte.yaml:")
    assert "error[K" in first
    assert last == f"Error: nothing published: the definitions in {folder} have errors"
    _, _, err = kantoor("deploy", str(folder), "--without-scenarios", "Spoed")
    assert "passes over scenarios that fail, not over errors" in err.splitlines()[-1]


def test_a_folder_that_is_not_there_is_said_so(kantoor):
    status, out, err = kantoor("deploy", "nergens")
    assert (status, out) == (2, "")
    assert err.startswith("Error: no such folder: 'nergens'\n")


def test_deploying_again_changes_nothing(town, kantoor):
    kantoor("deploy", str(town.folder / "definitions"))  # other tests deploy other tables
    status, out, err = kantoor("deploy", str(town.folder / "definitions"), "--by", "Bea")
    assert status == 0
    assert err == "" or err.startswith("Next: ")  # before any test has started something
    names = [(line.split()[0], line.split()[2]) for line in out.splitlines()]
    templates = {file.stem for file in (town.folder / "definitions" / "workflows").glob("*.yaml")}
    assert {"btw-aangifte", "met-de-hand", "uitvragen"} <= templates
    assert names == [(name, "unchanged") for name in sorted(templates)]
    plans = kantoor.json("deploy", str(town.folder / "definitions"))["plans"]
    assert [plan["digest"][:12] for plan in plans] == [line.split()[1] for line in out.splitlines()]
    assert {len(plan["digest"]) for plan in plans} == {64}


def test_a_changed_table_of_law_is_told_though_every_plan_stays_as_it_is(town, kantoor, tmp_path):
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "definitions")
    rates = folder / "law" / "btw-tarieven.yaml"
    rates.write_text(rates.read_text("utf-8").replace("general: 21", "general: 22"), "utf-8")
    try:
        out = kantoor("deploy", str(folder), "--by", "Bea")[1].splitlines()
    finally:
        kantoor("deploy", str(town.folder / "definitions"), "--by", "Bea")
    assert all(line.endswith(" unchanged") for line in out[:-1])
    assert out[-1].endswith("have changed, for running filings too")


FAILING = """
title: Dit komt niet zo
period: 2026-01
steps:
  - on: 2026-01-05
    expect: [{ phase: beoordelen }]
"""


@pytest.fixture
def edited(town, tmp_path):
    """Return the town's definitions with another title of a template, and a scenario of it that fails."""
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "definitions")
    file = folder / "workflows" / "naheffing.yaml"
    file.write_text(file.read_text("utf-8").replace("title: Naheffing\n", "title: Anders\n", 1), "utf-8")
    scenario = folder / "scenarios" / "naheffing" / "mislukt.yaml"
    scenario.parent.mkdir(parents=True)
    scenario.write_text(FAILING, "utf-8")
    return folder


def test_nothing_is_published_while_a_scenario_of_what_changes_fails(town, kantoor, edited):
    unchanged = town.folder / "definitions"
    status, out, err = kantoor("deploy", str(edited), "--by", "Bea")
    assert (status, out) == (1, "")
    assert "scenarios/naheffing/mislukt.yaml" in err
    assert err.splitlines()[-2].endswith("fail")
    assert kantoor("deploy", str(unchanged), "--dry-run")[1].splitlines()[-1] == "nothing was published"
    assert " changed" not in kantoor("deploy", str(unchanged), "--dry-run")[1]
    assert kantoor("deploy", str(edited), "--without-scenarios", " ")[0] == 2

    filing = town.begun(template="naheffing")
    words = ("deploy", str(edited), "--without-scenarios", "De kantoortermijn is voorbij", "--by", "Bea")
    try:
        tried = kantoor.json(*words, "--dry-run")
        result = kantoor.json(*words)
        (noted, *_) = town.play(list_deploys_at)
        again = kantoor.json(*words)
    finally:
        kantoor("deploy", str(unchanged), "--by", "Bea")
    assert {**tried, "dry_run": False} == result
    (runs,) = result["runs"]["templates"]
    found = {one["filing"]: one["outcome"] for one in runs["filings"]}
    assert found[f"filing/{filing.name}/-/1"] == "moves"
    assert (noted.author, noted.without_scenarios) == ("Bea", "De kantoortermijn is voorbij")
    assert set(noted.changes) == {"naheffing"}
    assert again["runs"] is None
    assert {one["change"] for one in again["plans"]} == {"unchanged"}
    back, first, *_ = town.play(list_deploys_at)
    assert first == noted
    assert (set(back.changes), back.without_scenarios) == ({"naheffing"}, None)


def test_what_was_tried_beside_other_plans_than_are_published_now_is_not_published(town, kantoor, edited):
    read = deploying.read_what_runs

    def publish_meanwhile(desk, templates):
        with desk.equipment.database.write() as connection:
            fewer = [one.plan for one in active_plans(connection) if one.template != "uitvragen"]
            office = active_office(connection)
            publish(connection, fewer, office, revision="r", author="Bea", at=datetime.now(UTC))
        return read(desk, templates)

    plans = kantoor.json("plans", "--template", "naheffing")
    before = [one["digest"] for one in plans if one["active"]]
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(deploying, "read_what_runs", publish_meanwhile)
            status, out, err = kantoor(
                "deploy", str(edited), "--without-scenarios", "Zo bedoeld", "--by", "Bea"
            )
        now = kantoor.json("plans", "--template", "naheffing")
    finally:
        assert kantoor("deploy", str(town.folder / "definitions"), "--by", "Bea")[0] == 0
    assert (status, out) == (1, "")
    assert err.splitlines()[0] == "Error: nothing published: somebody else published meanwhile"
    assert [one["digest"] for one in now if one["active"]] == before


def test_scenarios_of_every_template_are_run_where_a_table_of_law_changes(town, kantoor, tmp_path):
    folder = shutil.copytree(town.folder / "definitions", tmp_path / "definitions")
    scenario = folder / "scenarios" / "naheffing" / "mislukt.yaml"
    scenario.parent.mkdir(parents=True)
    scenario.write_text(FAILING, "utf-8")
    assert " changed" not in kantoor("deploy", str(folder), "--dry-run")[1]
    rates = folder / "law" / "btw-tarieven.yaml"
    rates.write_text(rates.read_text("utf-8").replace("general: 21", "general: 22"), "utf-8")
    assert "scenarios/naheffing/mislukt.yaml" in kantoor("deploy", str(folder), "--dry-run")[2]


async def list_deploys_at(desk):
    return desk.read(list_deploys)


def test_a_start_tells_in_a_table_who_starts_and_why_not_the_others(town, kantoor):
    relation = town.relation()
    words = (*START, "--relation", relation, "--relation", NOT_READY)
    status, out, err = kantoor(*words, "--dry-run")
    assert (status, err) == (1, "")
    name = f"Bedrijf {relation} B.V."
    assert out.splitlines() == [
        "btw-aangifte over januari 2026 (proef: er wordt niets gestart)",
        "relatie  naam               uitkomst     toelichting",
        f"{relation}     {name}  start        start nu",
        f"{NOT_READY}     Bedrijf {NOT_READY} B.V.  niet gereed  {SBR_OFF}",
    ]
    assert town.filings(relation=relation) == ()
    status, out, _ = kantoor(*words)
    assert status == 1
    assert out.splitlines()[2] == f"{relation}     {name}  start        gestart"
    assert len(town.filings(relation=relation)) == 1


def test_a_start_prints_json_and_its_status_says_whether_all_could(town, kantoor):
    relation = town.relation()
    (line,) = kantoor.json(*START, "--relation", relation)
    assert line == {
        "relation": relation,
        "name": f"Bedrijf {relation} B.V.",
        "sub_number": "-",
        "result": "starts",
        "text": "gestart",
        "filing": f"filing/btw-aangifte/{relation}/2026-01/-/1",
        "advice": [],
    }
    status, out, _ = kantoor(*START, "--relation", relation)
    assert status == 0
    assert "loopt al" in out


def test_sub_numbers_stand_in_the_tables(kantoor):
    _, out, _ = kantoor(*START, "--relation", TWO_NUMBERS, "--period", "2026-02")
    assert f"{TWO_NUMBERS} (B01)" in out
    assert f"{TWO_NUMBERS} (B02)" in kantoor("planner")[1]


def test_who_starts_may_stand_in_the_environment(town, kantoor, monkeypatch):
    monkeypatch.setenv("KANTOOR_AS", "marieke@linde.example")
    words = ("start", "btw-aangifte", "--period", "2026-01", "--relation", town.begun().relation)
    status, out, _ = kantoor(*words)
    assert status == 0
    assert out.endswith("\nEen extra opdracht over dezelfde periode start met --again REDEN.\n")
    monkeypatch.delenv("KANTOOR_AS")
    status, _, err = kantoor(*words)
    assert status == 2
    assert "De optie '--as' ontbreekt" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "geef --relation (een of meer keer) of --product op"),
        (("--relation", "2001", "--product", "aangifte-btw"), "geef --relation"),
        (("--relation", "2001", "--frequency", "month"), "--frequency kan alleen samen met --product"),
        (("--relation", "2001", "--again", " "), "geef bij --again een reden op"),
        (("--relation", "2001", "--date", "31-13-2025"), "schrijf 2025-12-31 of 31-12-2025"),
        (("--product", "aangifte-btw", "--frequency", "week"), "kies uit: month (maand), quarter (kwartaal)"),
        (
            ("--relation", "2001", "--period", "januari"),
            f"'januari' is geen periode; schrijf {PERIODS}",
        ),
    ],
)
def test_a_start_that_was_typed_wrongly_is_wrong_use(kantoor, words, said):
    status, out, err = kantoor(*START, *words)
    assert (status, out) == (2, "")
    assert said in err


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("unknown_template", ("start", "ib", "--period", "2026", "--relation", "2001", "--as", "marieke")),
        ("unknown_person", ("work", "--as", "niemand")),
        ("unknown_product", ("planner", "--product", "ib")),
        ("no_recurrence", ("recurrence", "stop", "btw-aangifte/9999", "--as", "marieke")),
        ("unknown_person", ("recurrence", "stop", "btw-aangifte/9999", "--as", "c-2001")),
    ],
)
def test_a_no_is_a_sentence_with_its_code(kantoor, code, words):
    status, _, err = kantoor(*words)
    assert status == 1
    sentence, *hints = err.splitlines()
    assert sentence.endswith(f" [{code}]")
    assert hints == (["Zie `kantoor recurrence list`."] if code == "no_recurrence" else [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("start btw-aangift --period 2026-01 --relation 2001 --as marieke", "Bedoelt u 'btw-aangifte'?"),
        ("start btw-aangifte --period 2026-01 --relation 2001 --as mariek", "Bedoelt u 'marieke'?"),
        (
            "start btw-aangifte --period 2026-01 --product aangifte-bwt --as tom",
            "Bedoelt u 'aangifte-btw'?",
        ),
        ("planner --product aangifte-bt", "Bedoelt u 'aangifte-btw'?"),
        ("work --as saane", "Bedoelt u 'sanne'?"),
        ("relation show 3OO1", "Bedoelt u '3001'?"),
        ("relation ready --template btw-aangift", "Bedoelt u 'btw-aangifte'?"),
        ("filing list --template btw-aangift", "Bedoelt u 'btw-aangifte'?"),
    ],
)
def test_a_name_typed_wrongly_is_answered_with_the_one_that_is_meant(kantoor, words, said):
    status, out, err = kantoor(*words.split())
    assert (status in (1, 2), out) == (True, "")
    assert err.startswith("Fout: ")
    assert said in err


def test_a_template_that_the_definitions_have_and_nobody_published_is_to_be_deployed(
    kantoor, tmp_path, monkeypatch
):
    (tmp_path / "definitions" / "workflows").mkdir(parents=True)
    (tmp_path / "definitions" / "workflows" / "ib.yaml").touch()
    monkeypatch.chdir(tmp_path)
    words = ("start", "ib", "--period", "2026", "--relation", "2001", "--as", "marieke")
    assert "kantoor deploy" in kantoor.refused("not_deployed", *words)


@pytest.mark.parametrize("period", ["2026q1", "2026Q1", "Q1-2026", "1e kwartaal 2026", "2026-q1"])
def test_a_period_in_another_form_is_read_and_said_back(kantoor, period):
    _, out, err = kantoor(*START, "--period", period, "--relation", QUARTERLY, "--dry-run")
    assert out.startswith("btw-aangifte over het eerste kwartaal van 2026 ")
    assert err == f"'{period}' is gelezen als 2026-Q1: het eerste kwartaal van 2026\n"


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2026-13", "een jaar heeft twaalf maanden"),
        ("2026-Q5", "een jaar heeft vier kwartalen"),
        ("2026-1", "bedoelt u 2026-01 (januari) of 2026-Q1?"),
        ("202607", "bedoelt u 2026-07 (juli)?"),
        ("janurai 2026", "bedoelt u januari 2026 (2026-01)?"),
    ],
)
def test_a_period_that_is_none_is_answered_with_what_is_meant(kantoor, period, said):
    status, out, err = kantoor(*START, "--relation", "2001", "--period", period)
    assert (status, out) == (2, "")
    assert err.startswith(f"Fout: '{period}' is geen periode; {said}")


def test_work_names_what_the_commands_want_to_hear(town, kantoor):
    filing = town.begun()
    lines = kantoor("work", "--as", "sanne")[1].splitlines()
    assert lines[0].split() == [
        "streefdatum",
        "uiterlijk",
        "relatie",
        "periode",
        "wat",
        "opdracht",
        "onderdeel",
        "toelichting",
    ]
    (mine,) = [line for line in lines if f" {filing.name} " in line]
    assert re.match(r"12 februari 2026 +28 februari 2026  ", mine)
    assert f"{filing.relation} Bedrijf {filing.relation} B.V." in mine
    assert "uitvoeren: Stukken opvragen" in mine
    assert "verzamelen" in mine
    assert mine.endswith("ontvangen, op factuurdatum') (+2)")
    (found,) = [line for line in kantoor.json("work", "--as", "sanne") if line["relation"] == filing.relation]
    assert (found["kind"], found["item"], found["late"]) == ("phase", "verzamelen", False)


def test_work_of_a_client_is_what_waits_for_their_decision(town, kantoor):
    filing = town.begun().to("aanbieden")
    _, out, _ = kantoor("work", "--as", filing.client)
    assert "beslissen: Aanbieden aan de klant" in out
    relation = f"{filing.relation} Bedrijf {filing.relation} B.V."
    assert out.splitlines()[2:] == [
        "",
        f"Aanbieden aan de klant, Aangifte btw over januari 2026 voor {relation}:",
        f"  bekijken:      kantoor filing document {filing.name} --document aangifte",
        f"  akkoord:       kantoor filing decide {filing.name} approve --as {filing.client}",
        f"  afkeuren:      kantoor filing decide {filing.name} reject --reason TEXT --as {filing.client}",
    ]
    assert kantoor("work", "--as", f"z-{filing.relation}") == (0, "Uw werklijst is leeg.\n", "")


def test_the_planner_shows_how_each_return_stands(town, kantoor):
    at_client, running = town.begun().to("aanbieden"), town.begun()
    _, out, _ = kantoor("planner", "--product", "aangifte-btw", "--year", "2026")
    title, header, *rows = out.splitlines()
    assert title == "aangifte-btw"
    assert header.split()[:3] == ["relatie", "naam", "2026-01"]
    states = {row.split()[0]: row for row in rows}
    assert "bij klant" in states[at_client.relation]
    assert "loopt" in states[running.relation]
    (grid,) = kantoor.json("planner", "--product", "aangifte-btw")
    cells = {row["relation"]: row["cells"] for row in grid["rows"]}
    assert cells[at_client.relation]["2026-01"]["state"] == "bij_klant"
    assert kantoor("planner", "--year", "1999") == (0, "De planner is leeg.\n", "")


def test_a_recurrence_is_listed_and_changed(town, kantoor):
    relation = town.relation()
    words = ("--relation", relation, "--recurring", "--period", "2026-03", "--date", "2026-02-28")
    assert kantoor(*START, *words)[0] == 0
    name = f"btw-aangifte/{relation}"

    def listed():
        (row,) = [line for line in kantoor("recurrence", "list")[1].splitlines() if f"{name} " in line]
        return row.removeprefix(name).split()

    march = ["maart", "2026", "28", "februari", "2026"]
    assert listed() == ["loopt", *march]
    change = (name, "--as", "marieke")
    assert kantoor("recurrence", "pause", *change, "--id", "1") == (0, f"{name}: gepauzeerd\n", "")
    assert listed() == ["gepauzeerd", *march]
    refusal = kantoor.refused("act_id_used", "recurrence", "stop", *change, "--id", "1")
    assert refusal.startswith("Dit nummer is al voor een andere handeling gebruikt")
    assert kantoor("recurrence", "resume", *change) == (0, f"{name}: loopt\n", "")
    again = (0, f"{name}: gepauzeerd (was al gedaan)\n", "")
    assert kantoor("recurrence", "pause", *change, "--id", "1") == again
    assert listed() == ["loopt", *march]
    skipped = (
        0,
        f"{name}: de volgende periode is overgeslagen; nu is de volgende april 2026, op 31 maart 2026\n",
        "",
    )
    assert kantoor("recurrence", "skip", *change) == skipped
    assert listed() == ["loopt", "april", "2026", "31", "maart", "2026"]
    moved = (0, f"{name}: de startdatum is gewijzigd\n", "")
    assert kantoor("recurrence", "set-start", name, "2026-04-02", "--as", "marieke") == moved
    assert listed() == ["loopt", "april", "2026", "2", "april", "2026"]
    late = kantoor.refused("holds_up", "recurrence", "set-start", name, "2026-04-30", "--as", "marieke")
    assert late == (
        "30 april 2026 is te laat: mei 2026 start vanzelf op 30 april 2026 en zou daarop wachten. "
        "Kies een dag tot en met 29 april 2026. Moet het later, sla april 2026 dan over en start die met "
        "de hand op de dag die u bedoelt."
    )
    assert kantoor("recurrence", "set-start", name, "2026-04-29", "--as", "marieke") == moved
    stopped = f"{name}: gestopt; april 2026 en wat daarna komt start niet meer vanzelf\n"
    assert kantoor("recurrence", "stop", *change) == (0, stopped, "")
    assert listed() == ["gestopt"]
    assert kantoor.refused("recurrence_stopped", "recurrence", "pause", *change).startswith("Deze herhaling")
    (found,) = [one for one in kantoor.json("recurrence", "list") if one["relation"] == relation]
    assert found["status"] == "stopped"


def test_a_single_later_start_is_listed_as_such(kantoor):
    words = ("start", "btw-aangifte", "--period", "2026-Q1", "--as", "marieke", "--relation", QUARTERLY)
    _, out, _ = kantoor(*words, "--date", "2026-03-31")
    assert "start op 31 maart 2026" in out
    (row,) = [line for line in kantoor("recurrence", "list")[1].splitlines() if QUARTERLY in line]
    late = ("recurrence", "set-start", f"btw-aangifte/{QUARTERLY}", "2026-05-01", "--as", "marieke")
    assert "30 april 2026: die is voorbij voordat" in kantoor.refused("past_legal_day", *late)
    assert kantoor.hint == "Toch zo laat: --past-legal-day."
    assert kantoor(*late, "--past-legal-day")[0] == 0
    assert " ".join(row.split()[1:]) == "eenmalig het eerste kwartaal van 2026 31 maart 2026"
