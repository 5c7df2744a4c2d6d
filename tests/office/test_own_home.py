"""Which home an office runs in, and which is a copy of it."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kantoor.office import own_home
from kantoor.office.own_home import PLACE, mark_not_yet_up


@pytest.fixture(autouse=True)
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The file with the id of this machine."""
    file = tmp_path / "machine-id"
    file.write_text("a" * 32)
    monkeypatch.setattr(own_home, "_MACHINE", file)
    return file


def settle(home: Path, machine: str = "") -> None:
    own_home.settle(home, machine)


def is_not_yet_up(home: Path, machine: str = "") -> bool:
    return own_home.is_not_yet_up(home, machine)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """The home of an office that ran there."""
    home = tmp_path / "home"
    home.mkdir()
    settle(home)
    return home


def test_a_home_where_nothing_ran_yet_is_no_copy(tmp_path: Path) -> None:
    assert not is_not_yet_up(tmp_path)


def test_an_office_goes_on_where_it_ran_also_under_another_name(home: Path, tmp_path: Path) -> None:
    assert not is_not_yet_up(home)
    (tmp_path / "link").symlink_to(home)
    assert not is_not_yet_up(tmp_path / "link")
    moved = home.rename(tmp_path / "moved")
    assert not is_not_yet_up(moved)
    home.symlink_to(moved)  # for who knows it by its old name
    assert not is_not_yet_up(moved)
    home.unlink()
    home.mkdir()
    settle(home)  # another office in its place
    assert not is_not_yet_up(moved)


def test_what_says_where_an_office_runs_is_written_only_when_it_says_something_else(home: Path) -> None:
    before = (home / PLACE).stat().st_ino
    settle(home)
    assert (home / PLACE).stat().st_ino == before
    moved = home.rename(home.with_name("moved"))
    settle(moved)
    home.mkdir()
    shutil.copy2(moved / PLACE, home)  # put back under its first name, from a copy of later
    assert is_not_yet_up(home)


def test_a_copied_folder_is_a_copy_until_the_office_runs_there(home: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "copy"))
    settle(home)  # the original is started again
    assert is_not_yet_up(copy)
    assert not is_not_yet_up(home)
    settle(copy)
    assert not is_not_yet_up(copy)
    shutil.copy2(home / PLACE, copy)
    assert is_not_yet_up(copy)


def test_what_a_copy_put_back_in_its_own_folder_holds_goes_on(home: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "copy"))
    shutil.rmtree(home)
    shutil.copytree(copy, home)
    assert not is_not_yet_up(home)


def may_lack(home: Path) -> bool:
    return own_home.may_lack(home, "")


@pytest.fixture
def ran_yesterday(home: Path) -> Path:
    """A home that says that it was written a day before its file was."""
    file = home / PLACE
    said = json.loads(file.read_text())
    yesterday = datetime.fromisoformat(said["written"]) - timedelta(days=1)
    file.write_text(json.dumps(said | {"written": yesterday.isoformat()}))
    return home


def test_what_was_copied_moved_or_put_back_by_hand_may_lack_something_until_it_has_run(
    home: Path, tmp_path: Path
) -> None:
    assert not may_lack(tmp_path / "new")
    assert not may_lack(home)
    copy = Path(shutil.copytree(home, tmp_path / "copy"))
    assert may_lack(copy)
    moved = home.rename(tmp_path / "moved")
    assert may_lack(moved)
    settle(moved)
    assert not may_lack(moved)


def test_a_home_whose_file_is_younger_than_it_says_was_put_back(ran_yesterday: Path) -> None:
    assert not is_not_yet_up(ran_yesterday)
    assert may_lack(ran_yesterday)
    settle(ran_yesterday)
    assert not may_lack(ran_yesterday)


def test_a_mark_of_an_earlier_kantoor_says_nothing_of_when_and_goes_on(home: Path) -> None:
    said = json.loads((home / PLACE).read_text())
    del said["written"]
    (home / PLACE).write_text(json.dumps(said))
    assert not is_not_yet_up(home)
    assert not may_lack(home)


def test_a_snapshot_in_which_files_keep_their_numbers_is_a_copy_too(home: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    (snapshot / PLACE).hardlink_to(home / PLACE)
    settle(home)  # the original is started again
    assert is_not_yet_up(snapshot)


def test_on_another_machine_it_is_a_copy_unless_a_setting_calls_both_the_same(
    home: Path, machine: Path
) -> None:
    machine.write_text("b" * 32)
    assert is_not_yet_up(home)
    settle(home, "balie")
    machine.write_text("c" * 32)
    assert not is_not_yet_up(home, "balie")
    assert is_not_yet_up(home, "kelder")
    settle(home)
    machine.unlink()  # as in a container: nobody knows which machine it is
    assert not is_not_yet_up(home)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"home": 1}', '{"id": "", "home": "", "machine": ""}'])
def test_a_mark_that_says_nothing_is_asked_about(home: Path, content: str) -> None:
    (home / PLACE).write_text(content, encoding="utf-8")
    assert is_not_yet_up(home)


def test_what_was_put_back_is_a_copy_until_it_runs(home: Path) -> None:
    mark_not_yet_up(home)
    assert is_not_yet_up(home)
    settle(home)
    assert not is_not_yet_up(home)
