"""An office that is kept in one archive while it runs, and put back elsewhere."""

import asyncio
import errno
import json
import os
import shutil
import socket
import stat
import tarfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest

from kantoor.cli.main import execute
from kantoor.local.claims import claim
from kantoor.local.doctor.machine import check_machine
from kantoor.local.doctor.temporal import check_running
from kantoor.local.environment import settings_environment
from kantoor.local.errors import MisuseError, OriginalRunsError, PortTakenError
from kantoor.local.keeping import Restored, back_up, restore
from kantoor.local.keeping.parts import KeepingError, place_of
from kantoor.local.office import running_office
from kantoor.local.practice import running_practice
from kantoor.local.programs import server_file
from kantoor.office.backed_up import backed_up_at
from kantoor.office.database.engine import open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.filings.deliveries import deliveries_of
from kantoor.office.filings.filing import find_filing, list_filings
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.own_home import LOCK, PLACE, CopiedHomeError, settle
from kantoor.office.restored import restored_from
from kantoor.runtime.office_mark import NotYetUpError, OtherOfficeError
from kantoor.service.desk import Desk, open_desk
from kantoor.service.filings.acts import Acts, Done
from kantoor.settings import Settings, load_settings
from tests.local.homes import settings_in
from tests.service.town import Return, Town, furnish, running_town


@pytest.fixture
def busy_town(tmp_path: Path) -> Iterator[Town]:
    """An office that runs, with filings under way."""
    with running_town(tmp_path / "town") as town, pytest.MonkeyPatch.context() as patch:
        for name, value in settings_environment(town.settings).items():
            patch.setenv(name, value)
        furnish(town)
        patch.undo()
        yield town


def held(desk: Desk) -> list[object]:
    """Return filings, timelines, deliveries and documents of an office."""
    found: list[object] = []
    for filing in desk.read(list_filings):
        lines = desk.read(lambda connection, id=filing.id: timeline_of(connection, id))
        sent = desk.read(lambda connection, id=filing.id: deliveries_of(connection, id))
        documents = [desk.equipment.documents.get(one.sha256) for one in sent]
        found += [filing, lines, sent, documents]
    return found


async def read(settings: Settings) -> list[object]:
    async with open_desk(settings) as desk:
        return held(desk)


async def approve_in_copy(copy: Settings, running: Settings, waiting: Return) -> None:
    """Have a client decide in one office while its settings lead to the server of the other, which runs."""
    async with open_desk(copy.model_copy(update={"temporal": running.temporal})) as desk:
        await Acts(desk, waiting.client).decide(waiting.name, "approve")


def test_an_office_is_the_same_after_it_was_put_back_elsewhere_and_goes_on_there(
    busy_town: Town, tmp_path: Path
) -> None:
    done, waiting = busy_town.begun(), busy_town.begun().to("aanbieden")
    done.to("indienen")
    before: list[object] = []
    while before != (now := asyncio.run(read(busy_town.settings))):  # until nothing moved meanwhile
        before = now
        file = back_up(busy_town.settings, tmp_path / f"{len(list(tmp_path.iterdir()))}.tar").file
    elsewhere = settings_in(tmp_path / "elsewhere")
    said = put_back(file, elsewhere.home)
    assert (said.server, said.documents > 2) == (True, True)
    assert asyncio.run(read(elsewhere)) == before
    with pytest.raises(NotYetUpError, match="run `kantoor up --here`"):
        asyncio.run(approve_in_copy(elsewhere, busy_town.settings, waiting))

    async def go_on() -> list[str]:
        with pytest.raises(OriginalRunsError, match=f"runs, in {busy_town.settings.home}: stop it"):
            async with running_office(elsewhere, lambda line: None, here=True):
                pass
        (busy_town.settings.home / PLACE).unlink()  # as if the original ran on another machine
        async with running_office(elsewhere, lambda line: None, here=True) as office:
            desk = Desk(office.equipment, await office.client(), timedelta(minutes=1))
            approved = await Acts(desk, waiting.client).decide(waiting.name, "approve")
            assert isinstance(approved, Done), approved
            async with asyncio.timeout(60):
                while "afronden" not in desk.read(lambda c: find_filing(c, waiting.name + "/-/1")).phases:  # type: ignore[union-attr]
                    await asyncio.sleep(0.05)
            with pytest.raises(OtherOfficeError):  # the original's commands lead to whatever has its port
                await approve_in_copy(busy_town.settings, elsewhere, waiting)
            found = await check_running(elsewhere, office.equipment.database, office.equipment.ring)
        return [one.text for one in found if one.state != "good"]

    assert asyncio.run(go_on()) == []


def packed(settings: Settings, tmp_path: Path) -> Path:
    return back_up(settings, tmp_path).file


def put_back(file: Path, home: Path, over: Path | None = None) -> Restored:
    return restore(file, lambda: settings_in(home), over)


def contents(folder: Path) -> dict[str, bytes]:
    found = {str(one.relative_to(folder)): one for one in sorted(folder.rglob("*")) if one.is_file()}
    return {name: file.read_bytes() for name, file in found.items() if name != LOCK}


@pytest.fixture
def office(copied: Callable[[Path], Settings], sample_home: Path, tmp_path: Path) -> Settings:
    """A sample office in which nothing runs."""
    home = tmp_path / "office"
    shutil.copytree(sample_home, home)
    return settings_in(home)


def test_the_archive_is_its_owners_alone_and_says_what_it_holds(office: Settings, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        file = packed(office, tmp_path)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert sorted(tmp_path.iterdir()) == sorted([office.home, file])
    with tarfile.open(file) as archive:
        names = archive.getnames()
        manifest = json.loads(archive.extractfile("manifest.json").read())  # type: ignore[union-attr]
    assert [part["name"] for part in manifest["parts"]] == names[:-1]
    assert {"database.sqlite", "keys/documents-1.key", "keys/temporal-1.key"} <= {*names}


def test_an_archive_that_exists_is_not_written_over(office: Settings, tmp_path: Path) -> None:
    file = tmp_path / "office.tar"
    back_up(office, file)
    before = file.read_bytes()
    with pytest.raises(MisuseError, match="exists"):
        back_up(office, file)
    assert file.read_bytes() == before


@pytest.mark.parametrize("harm", ["flipped", "cut off", "another file"])
def test_a_damaged_archive_changes_nothing(office: Settings, tmp_path: Path, harm: str) -> None:
    file = packed(office, tmp_path)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes({"flipped": content, "cut off": content[:20_000], "another file": b"no tar"}[harm])
    with pytest.raises(KeepingError, match="nothing was changed"):
        put_back(file, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_home_with_an_office_is_refused_unless_it_is_named_and_then_kept_aside(
    office: Settings, tmp_path: Path
) -> None:
    file = packed(office, tmp_path)
    before = contents(office.home)
    for over in (None, tmp_path):
        with pytest.raises(MisuseError, match="--over"):
            put_back(file, office.home, over)
    assert contents(office.home) == before
    done = put_back(file, office.home, office.home)
    assert {one.name.partition(".before-")[0] for one in done.aside} >= {
        "kantoor.db",
        "keys",
        "documents",
    } - {"documents" if not office.documents.exists() else ""}
    assert contents(office.keys) == {
        name.removeprefix("keys/"): content for name, content in before.items() if name.startswith("keys/")
    }


def test_what_is_set_aside_twice_within_a_second_is_kept_twice(office: Settings, tmp_path: Path) -> None:
    file = packed(office, tmp_path)
    aside = [one for _ in range(3) for one in put_back(file, office.home, office.home).aside]
    assert len({*aside}) == len(aside)
    assert all(one.exists() for one in aside)


def test_a_backup_into_a_folder_that_does_not_exist_names_that_folder_and_makes_nothing(
    office: Settings, tmp_path: Path
) -> None:
    for parent in (tmp_path / "nowhere", packed(office, tmp_path)):
        with pytest.raises(MisuseError) as told:
            back_up(office, parent / "office.tar")
        assert str(told.value) == f"the folder {parent} does not exist: make it, or name another place"


def test_a_backup_makes_the_folder_that_it_is_given_and_the_next_one_lies_beside_it(
    office: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "nightly"
    first = back_up(office, folder).file
    second = first.rename(folder / "earlier.tar"), back_up(office, folder).file
    assert sorted(folder.iterdir()) == sorted(second)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_home_in_which_an_office_runs_is_refused(office: Settings, tmp_path: Path) -> None:
    file = packed(office, tmp_path)
    with claim(office.home), pytest.raises(MisuseError, match="stop it first"):
        put_back(file, office.home, office.home)


def test_the_settings_file_is_put_back_where_none_counts(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KANTOOR_HOME", str(office.home))
    (office.home / "kantoor.toml").write_text("[portal]\nlink_days = 7\n")
    file = packed(office, tmp_path)
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path / "new"))
    assert not put_back(file, tmp_path / "new").kept_settings
    assert settings_in(tmp_path / "new").portal.link_days == 7


def test_the_commands_say_how_to_keep_the_archive_and_what_to_do_after_it_was_put_back(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KANTOOR_HOME", str(office.home))
    assert execute(["backup", "office.tar"]) == 0
    assert "keep it as safe as those" in capsys.readouterr().out
    assert execute(["restore", "office.tar"]) == 2
    assert f"--over {office.home}" in capsys.readouterr().err
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path / "new"))
    assert execute(["restore", "office.tar"]) == 0
    assert "kantoor doctor --revive" in capsys.readouterr().out
    assert execute(["relation", "list", "--format", "json"]) == 0
    assert execute(["relation", "export", "csv"]) == 0
    capsys.readouterr()
    for words in (
        ["relation", "import", "csv"],
        ["team", "absent", "marieke", "--from", f"{date.today()}", "--as", "marieke"],
        ["practice", "init", "--date", "2026-01-01", "--day", "1", "--convert"],
    ):
        assert execute(words) == 3, words
        told = capsys.readouterr().err
        assert "ligt een kopie van het kantoor" in told or "run `kantoor up --here`" in told, told
    assert execute(["backup", "again.tar"]) == 0


class Terminal(StringIO):
    """A screen that somebody watches."""

    def isatty(self) -> bool:
        return True


def test_backups_restores_imports_and_exports_say_to_whoever_watches_how_far_they_are(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KANTOOR_HOME", str(office.home))
    monkeypatch.setenv("TERM", "xterm")
    for words, said in (
        (["backup", "office.tar"], "copying "),
        (["relation", "export", "csv"], "relaties schrijven"),
        (["relation", "import", "csv"], "opslaan"),
        (["restore", "office.tar", "--over", str(office.home)], "comparing"),
    ):
        screen = Terminal()
        monkeypatch.setattr("sys.stderr", screen)
        assert execute(words) == 0, screen.getvalue()
        assert said in screen.getvalue(), words


def test_an_office_that_was_put_back_knows_as_of_when(office: Settings, tmp_path: Path) -> None:
    done = back_up(office, tmp_path)
    put_back(done.file, tmp_path / "new")
    database = open_database(settings_in(tmp_path / "new").database_url)
    with database.read() as connection:
        assert (restored_from(connection), backed_up_at(connection)) == (done.moment, done.moment)
    database.close()


@pytest.mark.parametrize("how", ["put back", "copied"])
async def test_the_doctor_says_of_a_copy_that_it_has_to_run_first_and_it_does_not_run_by_itself(
    office: Settings, tmp_path: Path, how: str
) -> None:
    settle(office.home, "")
    if how == "put back":
        put_back(packed(office, tmp_path), tmp_path / "new")
    else:
        shutil.copytree(office.home, tmp_path / "new")
    settings = settings_in(tmp_path / "new")
    said = [one.text for one in check_machine(settings)]
    assert [text for text in said if text.startswith("this office is a copy")]
    assert not [one for one in check_machine(office) if "is a copy" in one.text]
    with pytest.raises(CopiedHomeError):
        async with running_practice(settings):
            pass
    with pytest.raises(NotYetUpError):
        async with running_office(settings, lambda line: None):
            pass
    with claim(office.home):
        with pytest.raises(OriginalRunsError):
            async with running_office(settings, lambda line: None, here=True):
                pass
        assert f"which runs in {office.home}, " in next(
            one.mend for one in check_machine(settings) if one.mend
        )


async def test_a_copy_is_not_told_to_take_other_ports_than_its_original(
    office: Settings, tmp_path: Path
) -> None:
    settle(office.home, "")
    shutil.copytree(office.home, tmp_path / "new")
    settings = settings_in(tmp_path / "new")
    with socket.create_server(("127.0.0.1", settings.smtp.port)):
        with pytest.raises(PortTakenError, match="stop that; this one is a copy") as told:
            async with running_office(settings, lambda line: None, here=True):
                pass
        (wrong,) = (one for one in check_machine(settings) if one.state == "wrong")
    assert "KANTOOR_" not in str(told.value) + wrong.mend


def test_a_file_of_any_name_comes_back(office: Settings, tmp_path: Path) -> None:
    for name in ("documents-1.key~", "client cert.pem", "a:b.xml", "é/x...y"):
        (office.keys / name).parent.mkdir(exist_ok=True)
        (office.keys / name).write_bytes(name.encode())
    put_back(packed(office, tmp_path), tmp_path / "new")
    assert contents(tmp_path / "new" / "keys") == contents(office.keys)


def test_what_could_not_be_put_back_is_refused_at_once(office: Settings, tmp_path: Path) -> None:
    link = office.keys / "elsewhere"
    link.symlink_to(tmp_path)
    with pytest.raises(KeepingError, match="link to a folder"):
        packed(office, tmp_path)
    link.unlink()
    Path(os.fsdecode(os.fsencode(office.keys) + b"/\xff.key")).write_bytes(b"")
    with pytest.raises(KeepingError, match="cannot hold a file of this name"):
        packed(office, tmp_path)
    assert [*tmp_path.glob("*.tar")] == []


@pytest.mark.parametrize("name", ["keys/../../x", "keys//x", "/keys/x", "keys/.", "keys", "other/x", "keys/"])
def test_a_name_that_leads_elsewhere_is_refused(office: Settings, name: str) -> None:
    with pytest.raises(KeepingError, match="cannot hold a file of this name"):
        place_of(office, name)


@pytest.mark.parametrize("over", [False, True])
def test_what_is_outside_the_home_is_never_moved(office: Settings, tmp_path: Path, over: bool) -> None:
    file, home, elsewhere = packed(office, tmp_path), tmp_path / "new", tmp_path / "elsewhere"
    shutil.copytree(office.keys, elsewhere)
    before = contents(elsewhere)
    with pytest.raises(MisuseError, match="setting keys points, outside"):
        restore(file, lambda: load_settings(home=home, keys=elsewhere), home if over else None)
    assert contents(elsewhere) == before
    shutil.rmtree(elsewhere)
    elsewhere.mkdir()
    restore(file, lambda: load_settings(home=home, keys=elsewhere))
    assert contents(elsewhere) == before


def test_a_restore_that_cannot_be_finished_changes_nothing(office: Settings, tmp_path: Path) -> None:
    file = packed(office, tmp_path)
    (office.keys / "newer.key").write_bytes(b"newer")
    (office.home / "file").write_bytes(b"")
    before = contents(office.home)
    address = f"sqlite:///{office.home / 'file' / 'kantoor.db'}"
    with pytest.raises(OSError, match="file"):
        restore(file, lambda: load_settings(home=office.home, database_url=address), office.home)
    assert contents(office.home) == before
    assert [*office.home.glob("*.before-*")] == []


def test_the_state_of_a_server_does_not_stay_beside_another_database(
    office: Settings, tmp_path: Path
) -> None:
    file = packed(office, tmp_path)
    old = server_file(office)
    old.parent.mkdir(exist_ok=True)
    old.write_bytes(b"of another office")
    put_back(file, office.home, office.home)
    assert not old.exists()
    assert [one.read_bytes() for one in old.parent.iterdir()] == [b"of another office"]


def test_an_archive_gets_its_name_where_a_file_has_one_name_only(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(os, "link", refuse)  # no such file system is at hand
    file = tmp_path / "office.tar"
    back_up(office, file)
    before = file.read_bytes()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(MisuseError, match="exists"):
        back_up(office, file)
    assert file.read_bytes() == before


def test_it_is_said_when_another_office_was_set_aside(
    office: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = packed(office, tmp_path)
    database = open_database(settings_in(tmp_path / "new").database_url)
    upgrade(database)
    database.close()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KANTOOR_HOME", str(tmp_path / "new"))
    assert execute(["restore", str(file), "--over", str(tmp_path / "new")]) == 0
    assert "ANOTHER office was there" in capsys.readouterr().out
    assert execute(["restore", str(file), "--over", str(tmp_path / "new")]) == 0
    assert "ANOTHER" not in capsys.readouterr().out
