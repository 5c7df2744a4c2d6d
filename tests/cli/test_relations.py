"""`kantoor relation …` as a person at the office types it."""

import json
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from kantoor.cli.main import execute
from kantoor.data import replace
from kantoor.equipment import open_equipment
from kantoor.office.database.engine import open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import filings
from kantoor.office.filings.recurrences import Recurrence, save_recurrence
from kantoor.office.office_clock import write_clock
from kantoor.office.plans import publish
from kantoor.plan import FilingAwaited, WaitFor, digest
from kantoor.settings import load_settings

from ..office.material import FILES, NOW, OFFICE, PLAN, folder_of, start

RELATIONS = """\
number;name;legal_form;ob_number;rsin;bsn;sbr_enabled
1001;Bakkerij De Korenaar B.V.;bv;801234505B01;801234505;;ja
1002;Schilder Jansen;eenmanszaak;111222333B01;;111222333;ja
1003;VOF De Twee;vof;;;;nee
"""


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder}/kantoor.db"


def settle(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Have commands find the office in a folder, typed beside it."""
    patch.chdir(folder.parent)
    patch.setenv("KANTOOR_HOME", str(folder))
    patch.setenv("KANTOOR_DATABASE_URL", url_of(folder))


def deploy(url: str) -> None:
    database = open_database(url)
    upgrade(database)
    with database.write() as connection:
        publish(connection, [PLAN], OFFICE, revision="", author="", at=NOW)
    database.close()
    open_equipment(load_settings()).close()  # makes the keys, which is told once


class Office:
    """An office in a folder, and a shell in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.url = url_of(folder)
        self.capsys = capsys

    def deploy(self) -> None:
        deploy(self.url)

    def files(self, **changed: str | None) -> str:
        return str(folder_of(self.folder / "csv", **{"relations": RELATIONS, **changed}))

    def run(self, *words: str) -> tuple[int, str, str]:
        status = execute(["relation", *words])
        out, err = self.capsys.readouterr()
        return status, out, err

    def json(self, *words: str) -> Any:
        return json.loads(self.run(*words, "--format", "json")[1])


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Office:
    settle(tmp_path / "office", monkeypatch)
    return Office(tmp_path / "office", capsys)


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an office with three relations, which tests copy."""
    folder = tmp_path_factory.mktemp("imported") / "office"
    with pytest.MonkeyPatch.context() as patch:
        settle(folder, patch)
        deploy(url_of(folder))
        assert execute(["relation", "import", str(folder_of(folder / "csv", relations=RELATIONS))]) == 0
    return folder


@pytest.fixture
def office(empty: Office, imported: Path) -> Office:
    shutil.copytree(imported, empty.folder)
    return empty


def test_import_counts_what_it_did(empty: Office) -> None:
    empty.deploy()
    assert empty.run("ready")[:2] == (0, "Er zijn geen relaties gevonden.\n")
    status, out, err = empty.run("import", empty.files())
    assert status == 0
    assert err.startswith("Hierna: `kantoor relation ready`")  # nothing was started yet
    assert out.splitlines()[0] == "relaties: 3 nieuw, 0 gewijzigd, 0 ongewijzigd"
    assert empty.json("import", empty.files())["counts"]["team"] == {"new": 0, "changed": 0, "unchanged": 3}


def test_deploying_in_a_new_office_tells_what_is_next_and_what_is_still_an_example(empty: Office) -> None:
    deploy = ["deploy", str(Path(__file__).parents[2] / "definitions"), "--by"]
    assert execute([*deploy, " "]) == 2
    assert "give a name, or leave --by out" in empty.capsys.readouterr().err
    assert execute([*deploy, "Bea"]) == 0
    err = empty.capsys.readouterr().err.splitlines()
    assert any(line.startswith("Warning: still the examples of kantoor in office.yaml: name") for line in err)
    assert err[-1] == "Next: kantoor relation import FOLDER (docs/import.md)"
    assert "kantoor portal link" in empty.run("import", empty.files(), "--yes")[2]


def test_a_link_for_nobody_is_refused_in_one_language(office: Office) -> None:
    assert execute(["portal", "link", "sanna"]) == 1
    assert office.capsys.readouterr().err.startswith("Fout: Er is niemand met id of e-mailadres 'sanna'")


def test_import_before_a_deploy_says_what_comes_first(empty: Office) -> None:
    database = open_database(empty.url)
    upgrade(database)
    database.close()
    status, _, err = empty.run("import", empty.files())
    assert status == 1
    assert "kantoor deploy" in err


def test_import_where_no_office_is_makes_none(empty: Office) -> None:
    status, out, err = empty.run("import", empty.files())
    assert (status, out) == (2, "")
    assert err.startswith(
        f"Fout: er is geen kantoor in {empty.folder}: zet KANTOOR_HOME op waar het wel is, of maak er een"
    )
    assert [found.name for found in empty.folder.iterdir()] == ["csv"]


def test_a_wrong_folder_prints_every_mistake_and_changes_nothing(office: Office) -> None:
    wrong = RELATIONS.replace("801234505B01", "801234506B01").replace(";ja\n", ";misschien\n")
    status, out, err = office.run("import", office.files(relations=wrong))
    assert status == 1
    assert out.splitlines() == [
        "relations.csv, regel 2, kolom 4 (ob_number): De negen cijfers van het OB-nummer voldoen niet aan "
        "de elfproef.",
        "relations.csv, regel 2, kolom 7 (sbr_enabled): verwacht ja of nee",
        "relations.csv, regel 3, kolom 7 (sbr_enabled): verwacht ja of nee",
    ]
    assert err == f"Fout: niets geïmporteerd: 3 fouten in {office.folder}/csv\n"
    assert office.json("show", "1001")["relation"]["sbr_enabled"] is True
    problems = office.json("import", office.files(relations=wrong.replace("misschien", "ja")))["problems"]
    assert [(p["line"], p["column"]) for p in problems] == [(2, 4)]


def test_a_colleagues_name_that_can_be_read_in_more_ways_is_told_until_its_parts_are_in_the_file(
    office: Office,
) -> None:
    team = FILES["team.csv"].replace("Ans de Wit", "Anna Maria de Wit")
    status, _, err = office.run("import", office.files(team=team))
    assert status == 0
    assert (
        "team.csv, regel 2, kolom 2 (name): De naam Anna Maria de Wit staat in de aangifte als voorletters "
        "AM, "
        "tussenvoegsel de, achternaam Wit."
    ) in err
    lines = team.splitlines()
    apart = [
        f"{lines[0]};initials;prefix;surname",
        f"{lines[1]};A;de;Wit",
        *(f"{line};;;" for line in lines[2:]),
    ]
    assert "Anna Maria" not in office.run("import", office.files(team="\n".join(apart)))[2]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("korenaar", "Bedoelt u '1001'?"),
        ("Schilder Jansen", "Bedoelt u '1002'?"),
        ("1OO1", "Bedoelt u '1001'?"),
        ("en", "Kies uit: 1001, 1002, 1003."),
    ],
)
def test_what_is_typed_for_a_relations_number_is_answered_with_the_number_that_is_meant(
    office: Office, typed: str, meant: str
) -> None:
    assert (
        office.run("show", typed)[2]
        == f"Fout: Er is geen relatie met nummer {typed}. {meant} [no_relation]\n"
    )


def test_a_row_with_commas_below_a_header_with_semicolons_is_told_as_such(office: Office) -> None:
    rows = "number;name;legal_form\n1001,Bakkerij De Korenaar B.V.,bv\n"
    assert "niet met komma's" in office.run("import", office.files(relations=rows))[1]


def test_a_folder_that_is_not_there_is_wrong_use(office: Office) -> None:
    assert office.run("import", "nergens")[0] == 2


def test_what_was_exported_can_be_imported(office: Office) -> None:
    status, out, _ = office.run("export", "out")
    assert status == 0
    assert out.splitlines()[0] == "out/relations.csv: 3 rijen"
    assert office.run("import", "out")[1].splitlines()[0] == "relaties: 0 nieuw, 0 gewijzigd, 3 ongewijzigd"
    status, _, err = office.run("export", "out")
    assert status == 1
    assert err.endswith("Kies een andere map, of overschrijf de bestanden met --force.\n")
    assert office.json("export", "out", "--force")["team.csv"] == 3


def test_an_export_to_where_nothing_can_be_written_is_an_outside_failure(office: Office) -> None:
    Path("file").write_text("")
    status, _, err = office.run("export", "file/out")
    assert status == 3
    assert "Traceback" not in err


def test_a_list_is_filtered_and_hides_identifying_numbers(office: Office) -> None:
    status, out, _ = office.run("list", "product:aangifte-btw frequentie:maand", "--on", "2026-01-05")
    assert status == 0
    header, first, second = out.splitlines()
    assert header.split() == ["nummer", "naam", "rechtsvorm", "status", "OB-nummer", "producten", "ontbreekt"]
    assert "******505B01" in first
    assert "801234505" not in out
    assert second.split("per jaar")[1].strip().startswith("OB-nummer, RSIN, SBR staat uit, rol niet ingevuld")
    lines = office.json("list", "mist:iets", "--on", "2026-01-05")
    assert [line["number"] for line in lines] == ["1003"]
    assert "801234505" not in json.dumps(office.json("list"))


def test_one_relation_is_shown_whole_with_its_numbers_only_when_asked(office: Office) -> None:
    status, out, _ = office.run("show", "1001", "--on", "2026-01-05")
    assert status == 0
    assert "801234505" not in out
    for line in (
        "  status: actief",
        "  c1: Anna Bakker | anna@korenaar.example | directeur, eerste contactpersoon"
        " | mag aangifte-btw: inzien, akkoord geven",
        "  Fiscaal: valt terug op bas",
        "  aangifte-btw per maand, vanaf januari 2026",
        "  DGA: niet bekend",
    ):
        assert line in out.splitlines()
    assert "  RSIN: 801234505" in office.run("show", "1001", "--numbers")[1].splitlines()
    assert office.json("show", "1002")["relation"]["bsn"] == "******333"


def test_what_a_relation_has_agreed_of_its_own_is_shown(empty: Office) -> None:
    empty.deploy()
    products = (
        "relation;product;frequency;sub_number;first_period;until;way;recipient;fiscal_unit\n"
        "1001;aangifte-btw;month;;2026-01;2026-12-31;signature;directeur;ja\n"
        "1002;aangifte-btw;quarter;B01;2026-Q1;;information;primary_contact;\n"
    )
    relations = FILES["relations.csv"].replace("001234560", "801234505")
    assert empty.run("import", empty.files(relations=relations, products=products))[0] == 0
    shown = empty.run("show", "1001", "--on", "2026-01-05")[1].splitlines()
    for line in (
        "  DGA: ja",
        "  Medewerkers: 12",
        "  Klant sinds: 1 april 2019",
        "  Branche: horeca",
        "  aangifte-btw per maand, vanaf januari 2026, tot en met 31 december 2026, ter ondertekening, "
        "aan functie directeur, fiscale eenheid",
    ):
        assert line in shown
    assert "doorlopende machtigingen:" not in shown
    shown = empty.run("show", "1002", "--on", "2026-01-05")[1].splitlines()
    standing = "  aangifte-btw: van 1 juli 2025 tot en met 30 juni 2026 (bewijsstuk: machtiging 7)"
    assert shown[shown.index("doorlopende machtigingen:") + 1] == standing
    assert (
        "  aangifte-btw B01 per kwartaal, vanaf het eerste kwartaal van 2026, ter informatie, "
        "aan de eerste contactpersoon"
    ) in shown
    assert f"{standing}, geldt niet op deze dag" in empty.run("show", "1002", "--on", "2026-07-01")[1]
    assert empty.json("show", "1002", "--on", "2026-01-05")["standing"][0]["holds"] is True


def test_what_is_wrong_in_a_filter_is_pointed_at(office: Office) -> None:
    status, out, err = office.run("list", "sbr:ui product:aangifte-bwt")
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "Fout: 'ui' is geen waarde van sbr. Bedoelt u 'uit'? [filter_value]",
        "  sbr:ui product:aangifte-bwt",
        "      ^^",
        "Het product 'aangifte-bwt' bestaat niet. Bedoelt u 'aangifte-btw'? [unknown_product]",
        "  sbr:ui product:aangifte-bwt",
        "                 ^^^^^^^^^^^^",
    ]


def test_a_filter_that_begins_with_a_minus_is_not_taken_for_an_option(office: Office) -> None:
    assert [line["number"] for line in office.json("list", "-nummer:1002")] == ["1001", "1003"]
    assert "[filter_minus]" in office.run("list", "--product:x")[2]


def test_a_list_is_sorted_and_exported_without_formulas(office: Office) -> None:
    files = office.files(relations="number;name\n1004;=1+1\n")
    assert office.run("import", files)[0] == 0
    status, out, _ = office.run("list", "naam:1,a", "--sort", "name", "--format", "csv")
    assert status == 0
    assert [line.split(";")[:2] for line in out.splitlines()[1:]] == [
        ["1004", "'=1+1"],
        ["1001", "Bakkerij De Korenaar B.V."],
        ["1002", "Schilder Jansen"],
    ]


def test_a_relation_that_is_not_there_is_a_no(office: Office) -> None:
    status, _, err = office.run("show", "9999")
    said = "Er is geen relatie met nummer 9999. Kies uit: 1001, 1002, 1003."
    assert (status, err) == (1, f"Fout: {said} [no_relation]\n")


def test_ready_says_everything_that_is_missing_and_exits_by_it(office: Office) -> None:
    status, out, _ = office.run("ready", "1001", "--on", "2026-01-05")
    assert (status, out) == (0, "1001 btw-aangifte: gereed\n")
    status, out, _ = office.run("ready", "--template", "btw-aangifte", "--on", "2026-01-05")
    assert status == 1
    assert "  - Het omzetbelastingnummer ontbreekt. [no_ob_number]" in out.splitlines()
    found = office.json("ready", "1003", "9999")
    assert [m["code"] for m in found[1]["missing"]] == ["no_relation"]


def test_ready_tells_in_one_line_what_a_relation_does_not_take(office: Office) -> None:
    database = open_database(office.url)
    other = replace(PLAN, template="loonaangifte", products=("loonaangifte",))
    with database.write() as connection:
        publish(connection, [PLAN, other], OFFICE, revision="", author="", at=NOW)
    database.close()
    day = ("--on", "2026-01-05")
    status, out, _ = office.run("ready", "1001", *day)
    assert (status, out) == (0, "1001 btw-aangifte: gereed\n1001 neemt niet af: loonaangifte\n")
    status, out, _ = office.run("ready", "1001", "--template", "loonaangifte", *day)
    assert status == 1
    assert "[no_product]" in out
    assert len(office.json("ready", "1001", *day)) == 2


def test_ready_for_a_template_that_is_not_published_names_those_that_are(office: Office) -> None:
    status, _, err = office.run("ready", "1001", "--template", "btw")
    assert status == 2
    assert "btw-aangifte" in err


def test_today_is_the_practice_office_s_own(office: Office) -> None:
    database = open_database(office.url)
    then = datetime(2026, 7, 1, 9, 0)
    clock = {
        "kind": "practice",
        "real_anchor": datetime(2026, 1, 1, tzinfo=UTC).isoformat(),
        "office_anchor": then.isoformat(),
        "seconds_per_day": 1.0,
        "until": then.isoformat(),
    }
    with database.write() as connection:
        write_clock(connection, clock, then)
    assert office.run("ready", "1002")[0] == 1  # its standing authority ended the day before
    assert office.run("ready", "1002", "--on", "2026-06-30")[0] == 0


def test_a_newer_database_is_an_outside_failure(office: Office) -> None:
    database = open_database(office.url)
    with database.write() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    status, _, err = office.run("list")
    assert status == 3
    assert "newer kantoor" in err


def test_mistakes_of_one_kind_are_counted_after_the_first_ten(office: Office) -> None:
    rows = "".join(f"{n};A;soms{n}\n" for n in range(2000, 2100))
    status, out, err = office.run("import", office.files(relations=f"number;name;sbr_enabled\n{rows};B;ja\n"))
    lines = out.splitlines()
    assert (status, len(lines)) == (1, 12)
    assert lines[-1] == "relations.csv, kolom 3 (sbr_enabled): nog 90 keer: verwacht ja of nee"
    assert "101 fouten" in err


def test_a_relation_that_came_in_by_mistake_is_removed_with_its_own_contacts(office: Office) -> None:
    files = office.files(
        relations="number;name\nSom;5 relaties\n",
        contacts="contact;name;email;relation\nc8;A;a@x.example;Som\nc9;B;b@x.example;Som\nc9;B;b@x.example;1001\n",
        products="relation;product;frequency\nSom;aangifte-btw;month\n",
    )
    assert office.run("import", files)[0] == 0
    status, out, err = office.run("remove", "Som")
    assert (status, out) == (1, "")
    assert err.splitlines() == [
        "Fout: Relatie Som (5 relaties) wordt verwijderd, met wat van geen ander is (producten: 1, "
        "contactpersonen bij relaties: 2, contactpersonen: 1 en relaties: 1). Terug komt dat alleen door het "
        "opnieuw te importeren. [costs]",
        "Voeg --yes toe om het toch te doen.",
    ]
    for words in (("--dry-run",), ("--dry-run", "--yes")):
        status, out, _ = office.run("remove", "Som", *words)
        assert (status, out.splitlines()[-2:]) == (
            0,
            ["relaties: 1 zou verdwijnen", "proef: er is niets verwijderd"],
        )
    status, out, _ = office.run("remove", "Som", "--yes")
    assert (status, out.splitlines()) == (
        0,
        [
            "producten: 1 verwijderd",
            "contactpersonen bij relaties: 2 verwijderd",
            "contactpersonen: 1 verwijderd",
            "relaties: 1 verwijderd",
        ],
    )
    assert "Er is geen relatie met nummer Som." in office.run("remove", "Som")[2]
    assert [line["number"] for line in office.json("list")] == ["1001", "1002", "1003"]


def test_a_relation_for_which_something_was_started_is_not_removed(office: Office) -> None:
    database = open_database(office.url)
    with database.write() as connection:
        start(connection)
    database.close()
    status, _, err = office.run("remove", "1001")
    assert (status, "Voor relatie 1001 is al iets gestart" in err) == (1, True)


def test_a_relation_with_a_recurrence_is_removed_once_that_is_stopped(office: Office) -> None:
    database = open_database(office.url)
    goes_on = Recurrence(
        relation="1003",
        template="btw-aangifte",
        product="aangifte-btw",
        next_period="2026-02",
        next_start=date(2026, 2, 1),
    )
    with database.write() as connection:
        save_recurrence(connection, goes_on)
    status, _, err = office.run("remove", "1003")
    said, hint = err.splitlines()
    assert (status, "Stop die eerst: btw-aangifte/1003." in said) == (1, True)
    assert hint == "Stoppen: `kantoor recurrence stop NAME`."
    with database.write() as connection:
        save_recurrence(connection, goes_on.model_copy(update={"status": "stopped"}))
    database.close()
    assert office.run("remove", "1003", "--yes")[0] == 0


def test_an_import_that_takes_something_away_needs_a_yes(office: Office) -> None:
    files = office.files(roles="relation;role;member\n1002;relatiebeheerder;\n1002;accountant;\n")
    for words in (("--dry-run",), ()):
        status, out, err = office.run("import", files, *words)
        assert "let op: Niemand heeft de rol" in err
        assert (status, "proef: er is niets geïmporteerd" in out) == ((0, True) if words else (1, False))
        assert office.json("show", "1002")["roles"][1]["member"] == "bas"
    assert "Voeg --yes toe" in err
    assert office.run("import", files, "--yes")[0] == 0
    assert office.json("show", "1002")["roles"][1]["member"] is None


def test_a_link_is_written_once_shown_from_both_sides_and_taken_away_where_it_was_wrong(
    office: Office,
) -> None:
    link = ("1001", "eigenaar", "1002", "--from", "2024-01-01", "--as", "ans")
    status, out, err = office.run("link", *link)
    assert (status, out) == (0, "1002 is eigenaar van 1001 vanaf 1 januari 2024\n"), err
    assert office.json("link", *link)["changed"] is False
    assert "  eigenaar: 1002 Schilder Jansen, vanaf 1 januari 2024\n" in office.run("show", "1001")[1]
    (seen,) = office.json("show", "1002")["links"]
    assert (seen["link"], seen["other"], seen["until"]) == ("business", "1001", None)
    other_way = ("1002", "business", "1001", "--from", "2024-01-01", "--as", "ans")
    assert office.run("link", *other_way, "--until", "2025-12-31")[0] == 0
    assert "tot en met 31 december 2025" in office.run("show", "1001")[1]
    status, out, _ = office.run("unlink", "1002", "business", "1001", "--as", "ans")
    assert (status, office.json("show", "1001")["links"]) == (0, [])
    assert out.endswith(": verwijderd\n")


def test_what_waits_by_a_link_is_told_before_it_is_taken_away_and_needs_a_yes(office: Office) -> None:
    assert office.run("link", "1001", "owner", "1002", "--from", "2024-01-01", "--as", "ans")[0] == 0
    wait = WaitFor(awaited=(FilingAwaited(template="btw-aangifte", of="business"),))
    first, *rest = PLAN.phases
    plan = replace(PLAN, template="wachten", phases=(replace(first, block=wait, back_to=None), *rest))
    database = open_database(office.url)
    with database.write() as connection:
        publish(connection, [PLAN, plan], OFFICE, revision="", author="", at=NOW)
        start(connection, "1002", plan=digest(plan))
        connection.execute(filings.update().values(phases=[first.id]))
    database.close()
    gone = ("unlink", "1001", "owner", "1002", "--as", "ans")
    ended = ("link", *gone[1:4], "--from", "2024-01-01", "--until", "2025-12-31", "--as", "ans")
    for words in (ended, gone):
        status, _, err = office.run(*words)
        assert (status, "[costs]" in err, "Voeg --yes toe" in err) == (1, True, True)
        assert f"wacht in de fase '{first.title}' op relatie 1001" in err
        assert "annuleer die dan en begin opnieuw" in err
    assert office.json("show", "1001")["links"][0]["until"] is None
    assert office.run(*gone, "--yes")[0] == 0
    assert office.json("show", "1001")["links"] == []


@pytest.mark.parametrize(
    ("words", "code", "part"),
    [
        (("link", "1001", "ownr", "1002", "--from", "2024-01-01"), "unknown_link", "Bedoelt u 'owner'?"),
        (("link", "1001", "owner", "1009", "--from", "2024-01-01"), "no_relation", "1009"),
        (("link", "1001", "owner", "1003", "--from", "2024-01-01"), "wrong_link", "natuurlijk persoon"),
        (("link", "1001", "owner", "1002", "--from", "1026-01-01"), "far_day", "--anyway"),
        (("unlink", "1001", "owner", "1002"), "not_linked", "niet vastgelegd"),
    ],
)
def test_a_link_that_cannot_be_is_refused_with_why(
    office: Office, words: tuple[str, ...], code: str, part: str
) -> None:
    status, _, err = office.run(*words, "--as", "ans")
    assert status == 1
    assert f"[{code}]" in err
    assert part in err
