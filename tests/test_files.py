"""Files that are their own user's alone, whole or not at all."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kantoor.files import make_folder, make_private, write_new, write_whole


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """A umask that would let everybody read."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_folder_and_those_above_it_are_its_owners_alone(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    assert [mode(tmp_path / "a"), mode(tmp_path / "a" / "b")] == [0o700, 0o700]


def test_a_folder_that_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a")
    assert mode(tmp_path / "a") == 0o755


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    with pytest.raises(FileExistsError):
        make_folder(tmp_path / "a")


@pytest.mark.parametrize("write", [write_whole, write_new])
def test_a_file_is_written_for_its_owner_and_nothing_is_left_beside_it(tmp_path: Path, write: Any) -> None:
    write(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert mode(tmp_path / "a") == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_writing_whole_replaces_content_and_mode(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"longer than the new one")
    (tmp_path / "a").chmod(0o644)
    write_whole(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"2"
    assert mode(tmp_path / "a") == 0o600


def test_a_new_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    write_new(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("write", [write_whole, write_new])
def test_when_the_disk_refuses_the_old_file_stays_and_no_part_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Any
) -> None:
    def full(handle: int) -> None:
        raise OSError("no space left")

    (tmp_path / "a").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space left"):
        write(tmp_path / "a", b"new")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a": b"old"}


def test_a_missing_file_is_made_empty_and_one_that_is_there_keeps_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    make_private(tmp_path / "a")
    make_private(tmp_path / "b")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert (tmp_path / "b").read_bytes() == b""
    assert mode(tmp_path / "b") == 0o600
