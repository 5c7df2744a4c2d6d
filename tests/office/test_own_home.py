"""Which home an office runs in, and which is a copy of it."""

import shutil
from pathlib import Path

import pytest

from kantoor.office.own_home import PLACE, is_not_yet_up, mark_not_yet_up, settle


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
    settle(home)
    assert not is_not_yet_up(home)
    (tmp_path / "link").symlink_to(home)
    assert not is_not_yet_up(tmp_path / "link")
    moved = home.rename(tmp_path / "moved")
    assert not is_not_yet_up(moved)
    home.mkdir()
    settle(home)  # another office in its place
    assert not is_not_yet_up(moved)


def test_a_copied_folder_is_a_copy_until_the_office_runs_there(home: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(home, tmp_path / "copy"))
    assert is_not_yet_up(copy)
    assert not is_not_yet_up(home)
    settle(copy)
    assert not is_not_yet_up(copy)
    shutil.copy2(home / PLACE, copy)
    assert is_not_yet_up(copy)


def test_a_snapshot_in_which_files_keep_their_numbers_is_a_copy_too(home: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    (snapshot / PLACE).hardlink_to(home / PLACE)
    assert is_not_yet_up(snapshot)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"home": 1}'])
def test_a_mark_that_says_nothing_is_asked_about(home: Path, content: str) -> None:
    (home / PLACE).write_text(content, encoding="utf-8")
    assert is_not_yet_up(home)


def test_what_was_put_back_is_a_copy_until_it_runs(home: Path) -> None:
    mark_not_yet_up(home)
    assert is_not_yet_up(home)
    settle(home)
    assert not is_not_yet_up(home)
