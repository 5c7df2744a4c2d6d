"""The commands that run an office, as far as they need no running one."""

import asyncio
import json
import shutil
import signal
import socket
from datetime import UTC, datetime

import msgspec
import pytest

from kantoor.cli.failures import Failure
from kantoor.cli.machine import reach
from kantoor.cli.main import execute
from kantoor.clock import PracticeClock
from kantoor.equipment import open_equipment
from kantoor.local import practice
from kantoor.local.claims import claim
from kantoor.local.demo.players import SAMPLE
from kantoor.local.demo.scenes import DEFINITIONS
from kantoor.local.errors import MisuseError
from kantoor.mail.catcher import keep
from kantoor.office.database.engine import open_database
from kantoor.office.filings.recurrences import save_recurrence
from kantoor.office.office_clock import write_clock
from kantoor.runtime.recurrence_client import row_of
from tests.local.homes import settings_environment, settings_in
from tests.test_recurrence import recurrence

MESSAGE = (
    "From: Kantoor <kantoor@kantoor.invalid>\r\nTo: Jan <jan@klant.invalid>\r\n"
    "Subject: Uw aangifte staat klaar\r\nKantoor-Office-Time: 2026-02-03T08:00\r\n{}\r\nBeste Jan\r\n"
)


@pytest.fixture(autouse=True)
def settings(tmp_path, monkeypatch):
    settings = settings_in(tmp_path)
    for name, value in settings_environment(settings).items():
        monkeypatch.setenv(name, value)
    return settings


def test_mail_is_listed_and_shown_with_what_is_repeated(settings, capsys):
    assert execute(["mail", "list"]) == 0
    assert capsys.readouterr() == ("", "Er is nog geen mail.\n")
    keep(settings.mailbox, MESSAGE.format("").encode())
    keep(settings.mailbox, MESSAGE.format("Kantoor-Repeat: yes\r\n").encode())
    assert execute(["mail", "list", "--to", "jan@"]) == 0
    header, first, second = capsys.readouterr().out.splitlines()
    assert header.split() == ["nummer", "op", "aan", "onderwerp"]
    assert first.split() == ["1", "2026-02-03T08:00", "Jan", "<jan@klant.invalid>", *first.split()[4:]]
    assert second.endswith("Uw aangifte staat klaar  (herhaald)")
    assert execute(["mail", "list", "--format", "json"]) == 0
    assert [row["repeated"] for row in json.loads(capsys.readouterr().out)] == [False, True]
    assert execute(["mail", "show", "1"]) == 0
    assert capsys.readouterr().out.endswith("Onderwerp: Uw aangifte staat klaar\n\nBeste Jan\n\n")


def test_a_message_that_is_not_there_is_said_so(capsys):
    assert execute(["mail", "show", "7"]) == 1
    assert "Fout: er is geen bericht 7" in capsys.readouterr().err


def test_a_practice_office_is_made_and_shown(capsys):
    assert execute(["practice", "init", "--date", "2025-12-31", "--day", "2"]) == 0
    assert execute(["practice", "show"]) == 0
    assert execute(["practice", "init", "--date", "31-12-2025", "--day", "2"]) == 0
    line = "The practice clock is stopped at 2025-12-31 09:00 (a day takes 2 s).\n"
    assert capsys.readouterr().out == line * 3
    assert execute(["practice", "show", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["shows"] == "2025-12-31T09:00:00"


@pytest.mark.parametrize(
    "words", [["--date", "31-13-2025", "--day", "1"], ["--date", "2025-12-31", "--day", "0"]]
)
def test_a_wrong_date_or_length_of_day_is_wrong_use(words, capsys):
    assert execute(["practice", "init", *words]) == 2
    assert "Error: Invalid value for '--da" in capsys.readouterr().err


def test_a_recurrence_in_a_wrong_form_is_answered_with_the_right_one(settings, capsys):
    assert execute(["deploy", str(DEFINITIONS), "--by", "Bea"]) == 0
    assert execute(["relation", "import", str(SAMPLE)]) == 0
    database = open_database(settings.database_url)
    with database.write() as connection:
        save_recurrence(connection, row_of(recurrence()))
    database.close()
    capsys.readouterr()
    for name in ("1001", "btw-aangifte/1001/2026-01", "btw/1001"):
        assert execute(["recurrence", "pause", name, "--as", "marieke"]) == 1
        assert capsys.readouterr().err == (
            f"Fout: Herhaling '{name}' bestaat niet. Schrijf werkproces/relatie of "
            "werkproces/relatie/subnummer. Bedoelt u 'btw-aangifte/1001'? [no_recurrence]\n"
        )


def test_an_office_with_relations_becomes_a_practice_office_only_when_that_is_asked_for(settings, capsys):
    assert execute(["deploy", str(DEFINITIONS), "--by", "Bea"]) == 0
    assert execute(["relation", "import", str(SAMPLE)]) == 0
    capsys.readouterr()
    init = ["practice", "init", "--date", "2025-12-31", "--day", "1"]
    assert execute(init) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "has relations and keeps real time" in err
    assert "--convert" in err
    assert execute(["practice", "show"]) == 3
    assert execute([*init, "--convert"]) == 0
    assert execute(init) == 0  # a practice office may begin on another day


def test_a_running_office_does_not_become_a_practice_office(settings, capsys):
    with claim(settings.home):
        assert execute(["practice", "init", "--date", "2025-12-31", "--day", "1"]) == 3
    assert "stop kantoor up first" in capsys.readouterr().err


def test_without_a_server_running_the_clock_says_so(capsys):
    execute(["practice", "init", "--date", "2025-12-31", "--day", "1"])
    assert execute(["practice", "run", "--until", "2026-01-31"]) == 3
    assert "the office is not running: start it with kantoor up" in capsys.readouterr().err


def test_a_day_more_than_a_year_ahead_is_run_to_only_when_it_is_meant(capsys):
    execute(["practice", "init", "--date", "2025-12-31", "--day", "1"])
    capsys.readouterr()
    assert execute(["practice", "run", "--until", "2062-02-02"]) == 2
    assert "add --anyway if that is meant" in capsys.readouterr().err
    assert execute(["practice", "run", "--until", "2062-02-02", "--anyway"]) == 3
    assert execute(["practice", "run", "--until", "2026-12-31"]) == 3
    assert capsys.readouterr().err.count("the office is not running") == 2


def test_a_day_that_has_passed_is_wrong_use(settings, capsys):
    execute(["practice", "init", "--date", "2025-12-31", "--day", "1"])
    database = open_database(settings.database_url)
    with pytest.raises(MisuseError, match="already past 2025-12-30 18:00"):
        asyncio.run(practice.run(settings, database, None, datetime(2025, 12, 30, 18)))
    database.close()


def test_a_clock_that_is_stopped_before_its_day_ends_the_waiting_with_no(settings, capsys):
    execute(["practice", "init", "--date", "2025-12-31", "--day", "1"])
    equipment = open_equipment(settings)
    with pytest.raises(Failure, match="stopped at 2025-12-31 09:00, before 2026-01-31") as caught:
        asyncio.run(reach(practice.RunningPractice(equipment, None), datetime(2026, 1, 31, 18)))
    equipment.close()
    assert caught.value.status == 1


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_stops_waiting_is_told_that_the_clock_runs_on(settings, capsys, stop):
    execute(["practice", "init", "--date", "2025-12-31", "--day", "3600"])
    equipment = open_equipment(settings)
    moment = datetime(2025, 12, 31, 18)
    clock = PracticeClock(
        real_anchor=datetime.now(UTC),
        office_anchor=datetime(2025, 12, 31, 9),
        seconds_per_day=3600,
        until=moment,
    )
    with equipment.database.write() as connection:
        write_clock(connection, msgspec.to_builtins(clock), clock.office_anchor)

    async def interrupted() -> None:
        waiting = asyncio.create_task(reach(practice.RunningPractice(equipment, None), moment))
        await asyncio.sleep(0)
        signal.raise_signal(stop)
        await waiting

    # a shell that runs the tests in the background has them ignore Ctrl-C
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            asyncio.run(interrupted())
    finally:
        signal.signal(signal.SIGINT, before)
    equipment.close()
    assert "the clock keeps running until 2025-12-31 18:00; pause it with kantoor practice pause" in (
        capsys.readouterr().err
    )


def test_a_demo_leaves_another_office_alone_as_wrong_use(settings, capsys):
    settings.home.mkdir(exist_ok=True)
    (settings.home / "kantoor.db").touch()
    assert execute(["demo", "--home", str(settings.home)]) == 2
    assert "is not a demo folder" in capsys.readouterr().err


def test_keys_that_a_command_makes_are_told_once(settings, capsys):
    execute(["practice", "init", "--date", "2025-12-31", "--day", "1"])
    execute(["planner"])
    assert capsys.readouterr().err.count(f"Made the keys in {settings.keys}") == 1
    execute(["planner"])
    assert "Made the keys" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        "work --as sanne",
        "planner",
        "start btw-aangifte --period 2026-01 --relation 1001 --as sanne --format json",
        "filing list",
        "filing show btw-aangifte/1001/2026-01",
        "filing document btw-aangifte/1001/2026-01",
        "filing note btw-aangifte/1001/2026-01 x --as sanne",
        "task done btw-aangifte/1001/2026-01 x --as sanne",
        "recurrence list",
        "relation list",
        "relation show 1001",
        "relation ready",
        "relation export out",
        "mail list",
        "mail show 1",
        "practice show",
        "practice pause",
        "practice run --until 2026-01-31",
        "worker",
    ],
)
def test_where_no_office_is_nothing_is_made_and_it_is_said_what_to_do(words, tmp_path, monkeypatch, capsys):
    (tmp_path / "elders").mkdir()
    monkeypatch.chdir(tmp_path / "elders")
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path / "elders" / ".kantoor"))
    monkeypatch.setenv("KANTOOR_DATABASE_URL", "")
    assert execute(words.split()) == 2
    home = tmp_path / "elders" / ".kantoor"
    told = (
        f"Error: there is no office in {home}: make one with `kantoor practice init` (to practise) or "
        "`kantoor up` (to work), or set KANTOOR_HOME to where yours is\n"
        if words.split()[0] in ("worker", "practice")
        else f"Fout: er is geen kantoor in {home}: zet KANTOOR_HOME op waar het wel is, of maak er een met "
        "kantoor up (om te werken) of kantoor practice init (om te oefenen)\n"
    )
    assert capsys.readouterr() == ("", told)
    assert list((tmp_path / "elders").iterdir()) == []


def test_a_deploy_of_definitions_with_mistakes_makes_no_office(tmp_path, monkeypatch, capsys):
    definitions = shutil.copytree(DEFINITIONS, tmp_path / "definitions")
    template = definitions / "workflows" / "btw-aangifte.yaml"
    template.write_text(template.read_text().replace("role: accountant", "role: acountant"))
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path / "elders"))
    monkeypatch.setenv("KANTOOR_DATABASE_URL", "")
    assert execute(["deploy", str(definitions)]) == 1
    assert "nothing published" in capsys.readouterr().err
    assert not (tmp_path / "elders").exists()
    assert execute(["deploy", str(DEFINITIONS), "--by", "Bea"]) == 0
    assert (tmp_path / "elders").exists()


def test_doctor_makes_nothing_where_no_office_is(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path / "elders"))
    monkeypatch.setenv("KANTOOR_DATABASE_URL", "")
    execute(["doctor"])
    assert "kantoor practice init makes an office" in capsys.readouterr().out
    assert not (tmp_path / "elders").exists()


def test_a_second_up_and_a_taken_port_are_told_in_one_sentence(settings, capsys):
    with claim(settings.home):
        assert execute(["up"]) == 3
    assert "kantoor up is already running" in capsys.readouterr().err
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.smtp.port))
        other.listen()
        assert execute(["up"]) == 3
        assert f"port {settings.smtp.port} is taken" in capsys.readouterr().err
        assert execute(["mail", "catch"]) == 3
        assert "cannot listen" in capsys.readouterr().err
