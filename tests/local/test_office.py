"""An office on one machine, with its real programs."""

import asyncio
import fcntl
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import msgspec
import psutil
import pytest

from kantoor.clock import PracticeClock
from kantoor.filing.outcome import Refusal
from kantoor.local import practice
from kantoor.local.child import Child
from kantoor.local.claims import claim, end_left_behind
from kantoor.local.clocks import read_clock
from kantoor.local.environment import MARK, settings_environment
from kantoor.local.errors import AlreadyRunsError, LocalError, NotReadyError, PortTakenError
from kantoor.local.office import keep_running, running_office
from kantoor.local.ports import answers
from kantoor.local.programs import Program
from kantoor.office.database.engine import open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.filings.filing import list_filings
from kantoor.office.filings.recurrences import list_recurrences
from kantoor.office.office_clock import last_office_time, write_clock
from kantoor.office.own_home import LOCK, is_claimed
from kantoor.period import Period
from kantoor.service.desk import Desk
from kantoor.service.starting.starting import Selection, Wish, start
from kantoor.settings import Local, SettingsError, load_settings
from tests.local.homes import environment_of, sample_office, settings_in


async def until(holds, seconds: float = 60):
    async with asyncio.timeout(seconds):
        while not holds():
            await asyncio.sleep(0.05)


def listening(office, name):
    return all(answers(place) for place in office.children[name].program.places)


async def test_an_office_starts_restarts_what_crashes_and_leaves_nothing_behind(tmp_path):
    settings = settings_in(tmp_path, portal=True)
    said: list[str] = []
    async with running_office(settings, said.append) as office:
        pids = {name: child.pid for name, child in office.children.items()}
        assert set(pids) == {"server", "mail", "digipoort", "portal", "worker"}
        office.kill("mail")
        office.kill("worker")
        await until(
            lambda: "The worker is running again." in said and "The mail catcher is running again." in said
        )
        assert listening(office, "mail")
        assert any("The worker exited (signal 9)" in line for line in said)
        places = [place for child in office.children.values() for place in child.program.places]
    assert not any(answers(place) for place in places)
    assert not is_claimed(settings.home)
    assert end_left_behind(settings.home) == ()
    assert any("Keep a copy" in line for line in said)


async def test_after_sigkill_what_was_left_is_ended_and_the_clock_goes_on_and_after_a_stop_it_stands(
    tmp_path,
):
    settings = settings_in(tmp_path)
    practice.init(settings, date(2025, 12, 31), 0.5)
    first = subprocess.Popen(
        [sys.executable, "-m", "kantoor.cli", "up"],
        env=environment_of(settings),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert first.stdout
    assert any("is running. Ctrl-C stops it" in line for line in first.stdout)
    programs = psutil.Process(first.pid).children(recursive=True)
    left = [program.pid for program in programs]
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert all(psutil.pid_exists(pid) for pid in left)
    for program in programs:  # a worker notes what the clock shows, and would that of the one written below
        if "worker" in program.cmdline():
            program.suspend()

    database = open_database(settings.database_url)
    crashed = PracticeClock(
        real_anchor=datetime.now(UTC) - timedelta(hours=1),
        office_anchor=datetime(2025, 12, 31, 9),
        seconds_per_day=0.5,
        until=datetime(2030, 1, 1),
    )
    with database.write() as connection:
        write_clock(connection, msgspec.to_builtins(crashed), datetime(2026, 1, 10, 9))
    said: list[str] = []
    async with running_office(settings, said.append) as office:
        assert any("left running by" in line for line in said)
        assert not any(psutil.pid_exists(pid) for pid in left)
        clock = read_clock(office.equipment.database)
        assert isinstance(clock, PracticeClock)
        assert (clock.office_anchor, clock.until) == (datetime(2026, 1, 10, 9), datetime(2030, 1, 1))
        client = await office.client()
        reached = datetime(2026, 2, 1, 18)
        await practice.run(
            settings, database, client, clock.office_time(datetime.now(UTC)) + timedelta(days=4)
        )
        await practice.pause(settings, database, client)
        with pytest.raises(LocalError, match="cannot go back"):
            await practice.run(settings, database, client, datetime(2026, 1, 10, 10))
        assert not practice.show(settings, database).runs
        shown = practice.show(settings, database).shows
        await practice.run(settings, database, client, max(shown, reached))
        await practice.wait(database, max(shown, reached), lambda moment: None)
    stopped = practice.show(settings, database)
    assert stopped.until == stopped.shows >= reached
    with database.read() as connection:
        assert last_office_time(connection) == stopped.shows
    database.close()
    first.stdout.close()


async def test_who_waited_for_the_clock_finds_what_started_meanwhile(tmp_path):
    settings = settings_in(tmp_path)
    practice.init(settings, date(2025, 12, 31), 0.2)
    async with running_office(settings, lambda line: None) as office:
        sample_office(office.equipment)
        client = await office.client()
        wish = Wish(
            template="btw-aangifte",
            period=Period.parse("2026-01"),
            selection=Selection(relations=("1001", "1002", "1003", "1011")),  # the last is not ready
            recurring=True,
        )
        lines = await start(Desk(office.equipment, client), "marieke", wish, dry_run=False)
        assert not isinstance(lines, Refusal)
        database, until = office.equipment.database, datetime(2026, 3, 2, 18)
        await practice.run(settings, database, client, until)
        await practice.wait(database, until, lambda moment: None)
        with database.read() as connection:
            waiting = list_filings(connection, status="gepland")
            (months,) = {one.next_start for one in list_recurrences(connection) if not one.problem}
            periods = {filing.period for filing in list_filings(connection)}
    assert waiting == ()
    assert months > until.date()
    assert periods == {"2026-01", "2026-02", "2026-03"}


async def test_a_taken_port_is_named_with_who_holds_it_and_what_to_set(tmp_path):
    settings = settings_in(tmp_path)
    with socket.socket() as other:
        other.bind(("127.0.0.1", settings.smtp.port))
        other.listen()
        with pytest.raises(PortTakenError) as caught:
            async with running_office(settings, lambda line: None):
                pass
    text = str(caught.value)
    assert f"port {settings.smtp.port} is taken by" in text
    assert f"(process {os.getpid()})" in text
    assert "KANTOOR_SMTP_PORT" in text
    assert end_left_behind(settings.home) == ()


async def test_every_taken_port_is_named_with_one_that_is_free_and_nothing_is_made(tmp_path):
    settings = settings_in(tmp_path / "new")
    page, mail = settings.local.server_web_port, settings.smtp.port
    with socket.socket() as one, socket.socket() as other, socket.socket() as third:
        for taken, port in ((one, page), (other, mail)):
            taken.bind(("127.0.0.1", port))
            taken.listen()
        named = page + 1000 if page < 63000 else page - 1000
        with suppress(OSError):  # somebody else has it: as well
            third.bind(("127.0.0.1", named))
            third.listen()
        with pytest.raises(PortTakenError) as caught:
            async with running_office(settings, lambda line: None):
                pass
        assert not settings.home.exists()
        settings.home.mkdir()
        (settings.home / "up.lock").touch()  # an earlier one ran here
        with pytest.raises(PortTakenError) as again:
            async with running_office(settings, lambda line: None):
                pass
    first, *ports = str(caught.value).splitlines()
    assert first == "2 ports cannot be used:"
    assert [f"port {page} " in ports[0], f"port {mail} " in ports[1]] == [True, True]
    assert f"KANTOOR_LOCAL_SERVER_WEB_PORT={named}" not in ports[0]
    assert ["KANTOOR_LOCAL_SERVER_WEB_PORT" in ports[0], "KANTOOR_SMTP_PORT" in ports[1]] == [True, True]
    assert str(again.value) == str(caught.value)
    assert [*settings.home.iterdir()] == []


async def test_a_program_that_cannot_run_is_told_in_its_own_words_and_the_others_are_stopped(tmp_path):
    settings = settings_in(tmp_path)
    script = tmp_path / "script.yaml"
    script.write_text("- { identity: x, delivery: 1, scenario: nonsense }")
    settings.local.script = script
    with pytest.raises(
        NotReadyError, match=r"the Digipoort simulator exited immediately: .*unknown scenario"
    ):
        async with running_office(settings, lambda line: None):
            pass
    assert end_left_behind(settings.home) == ()


async def test_a_program_that_needs_longer_than_it_gets_is_given_longer(tmp_path):
    slow = "import time; time.sleep(1); print('ready', flush=True); time.sleep(60)"
    program = Program("worker", "worker", (sys.executable, "-c", slow), ready_line="ready")
    child, said = Child(program, dict(os.environ), tmp_path), []
    await child.start(60)
    watching = asyncio.create_task(
        keep_running(child, Local(ready_seconds=0.2, restart_seconds=0.01), said.append)
    )
    child.kill()
    await until(lambda: "The worker is running again." in said)
    watching.cancel()
    child.kill()
    late = [line for line in said if "was not ready within" in line]
    assert "within 0.2 seconds" in late[0]
    assert "within 0.4 seconds" in late[1]


def test_one_up_runs_per_home(tmp_path):
    with claim(tmp_path), pytest.raises(AlreadyRunsError, match=f"process {os.getpid()}"), claim(tmp_path):
        pass
    assert not is_claimed(tmp_path)


def test_a_home_that_others_only_look_at_is_not_claimed_for_them_and_can_be(tmp_path, monkeypatch):
    (tmp_path / LOCK).write_text("99999")  # left by an `up` that was killed
    with (tmp_path / LOCK).open() as looking:
        fcntl.flock(looking, fcntl.LOCK_SH)
        assert not is_claimed(tmp_path)
        monkeypatch.setattr("kantoor.local.claims.time.sleep", lambda seconds: looking.close())
        with claim(tmp_path):
            assert is_claimed(tmp_path)


def test_only_what_bears_the_mark_of_this_home_is_ended(tmp_path):
    sleep = [sys.executable, "-c", "import time; print(flush=True); time.sleep(60)"]
    others = [
        subprocess.Popen(sleep, env={**os.environ, MARK: str(tmp_path / name)}, stdout=subprocess.PIPE)
        for name in ("ours", "another")
    ]
    for process in others:
        assert process.stdout
        process.stdout.readline()
    try:
        assert end_left_behind(tmp_path / "ours") == (others[0].pid,)
        assert others[1].poll() is None
    finally:
        for process in others:
            process.kill()
            process.communicate()


def test_a_practice_office_refuses_real_endpoints_and_an_office_that_has_begun(tmp_path):
    real = load_settings(
        home=tmp_path,
        smtp={"host": "smtp.example.nl"},
        digipoort={"delivery_url": "https://wus.example.nl/x"},
    )
    with pytest.raises(SettingsError) as caught:
        practice.init(real, date(2025, 12, 31), 1)
    assert len(caught.value.problems) == 2
    assert not (tmp_path / "kantoor.db").exists()


def test_an_ordinary_office_has_no_clock_of_its_own_to_show(tmp_path):
    settings = settings_in(tmp_path)
    database = open_database(settings.database_url)
    upgrade(database)
    with pytest.raises(LocalError, match="uses real time"):
        practice.show(settings, database)


def test_a_child_gets_every_setting_that_is_not_the_default(tmp_path, monkeypatch):
    settings = load_settings(
        home=tmp_path,
        smtp={"user": "ik", "password": "geheim", "security": "tls"},
        temporal={"tls": True},
        practice={"poll_seconds": 2.5},
    )
    for name, value in settings_environment(settings).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == settings
