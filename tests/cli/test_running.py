"""The commands that run an office, as far as they need no running one."""

import json
import socket

import pytest

from kantoor.cli.main import execute
from kantoor.local.claims import claim
from kantoor.mail.catcher import keep
from tests.local.homes import settings_environment, settings_in

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
    assert capsys.readouterr() == ("", "no mail yet\n")
    keep(settings.mailbox, MESSAGE.format("").encode())
    keep(settings.mailbox, MESSAGE.format("Kantoor-Repeat: yes\r\n").encode())
    assert execute(["mail", "list", "--to", "jan@"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.split() == ["1", "2026-02-03T08:00", "Jan", "<jan@klant.invalid>", *first.split()[4:]]
    assert second.endswith("Uw aangifte staat klaar  (repeated)")
    assert execute(["mail", "list", "--format", "json"]) == 0
    assert [row["repeated"] for row in json.loads(capsys.readouterr().out)] == [False, True]
    assert execute(["mail", "show", "1"]) == 0
    assert capsys.readouterr().out.endswith("Subject: Uw aangifte staat klaar\n\nBeste Jan\n\n")


def test_a_message_that_is_not_there_is_said_so(capsys):
    assert execute(["mail", "show", "7"]) == 1
    assert "there is no message 7" in capsys.readouterr().err


def test_a_practice_office_is_made_and_shown(capsys):
    assert execute(["practice", "init", "--date", "2025-12-31", "--day", "2"]) == 0
    assert execute(["practice", "show"]) == 0
    line = "The practice office stands still at 31 december 2025 09:00 (a day takes 2 s).\n"
    assert capsys.readouterr().out == line * 2
    assert execute(["practice", "show", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["shows"] == "2025-12-31T09:00:00"


@pytest.mark.parametrize(
    "words", [["--date", "31-12-2025", "--day", "1"], ["--date", "2025-12-31", "--day", "0"]]
)
def test_a_wrong_date_or_length_of_day_is_wrong_use(words, capsys):
    assert execute(["practice", "init", *words]) == 2
    assert "Invalid value" in capsys.readouterr().err


def test_a_running_office_does_not_become_a_practice_office(settings, capsys):
    with claim(settings.home):
        assert execute(["practice", "init", "--date", "2025-12-31", "--day", "1"]) == 3
    assert "stop kantoor up first" in capsys.readouterr().err


def test_without_a_server_running_the_clock_says_so(capsys):
    execute(["practice", "init", "--date", "2025-12-31", "--day", "1"])
    assert execute(["practice", "run", "--until", "2026-01-31"]) == 3
    assert "the office does not run: start it with kantoor up" in capsys.readouterr().err


def test_a_second_up_and_a_taken_port_are_told_in_one_sentence(settings, capsys):
    with claim(settings.home):
        assert execute(["up"]) == 3
    assert "kantoor up runs already" in capsys.readouterr().err
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.smtp.port))
        other.listen()
        assert execute(["up"]) == 3
        assert f"port {settings.smtp.port} is taken" in capsys.readouterr().err
        assert execute(["mail", "catch"]) == 3
        assert "cannot listen" in capsys.readouterr().err
