"""A ring of keys: made on first use, found by content, never overwritten."""

import base64
from pathlib import Path

import pytest

from kantoor.keys.ring import KeyFileError, KeyRing, MissingKeyError

from .adding import add_key


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path / "keys", may_make=True)


def test_where_the_key_used_last_is_not_here_it_is_named_and_none_is_made(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    with pytest.raises(MissingKeyError, match=r"key 0123456789ab is not in .*keys: .*temporal-….key. back"):
        KeyRing.open(folder, may_make=True, needed="0123456789ab")
    assert not folder.exists()


def test_the_first_key_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    KeyRing.open(tmp_path / "keys", may_make=True)
    (file,) = (tmp_path / "keys").iterdir()
    assert file.name == "temporal-1.key"
    assert file.stat().st_mode & 0o777 == 0o600


def test_opening_again_keeps_the_key(tmp_path: Path) -> None:
    first = KeyRing.open(tmp_path, may_make=True)
    assert KeyRing.open(tmp_path, may_make=True).ids == first.ids


def test_a_name_that_it_invents_stays_when_a_newer_key_comes_and_is_another_under_other_keys(
    tmp_path: Path,
) -> None:
    names = {KeyRing.open(tmp_path / "one", may_make=True).invent_name("filing/x")}
    add_key(tmp_path / "one", 2)
    names.add(KeyRing.open(tmp_path / "one", may_make=False).invent_name("filing/x"))
    assert len(names) == 1
    names.add(KeyRing.open(tmp_path / "other", may_make=True).invent_name("filing/x"))
    assert len(names) == 2
    assert all("x" not in name for name in names)


def test_without_any_key_none_is_made_when_filings_exist(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match=r"holds no temporal-….key. Put the key files back"):
        KeyRing.open(tmp_path / "keys", may_make=False)
    assert not (tmp_path / "keys").exists()


def test_a_key_folder_that_cannot_be_read_is_told_as_such_and_no_key_is_made(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("no folder")
    with pytest.raises(KeyFileError, match=r"the key folder .*keys cannot be read: Not a directory\. "):
        KeyRing.open(tmp_path / "keys", may_make=True)
    assert (tmp_path / "keys").read_text() == "no folder"


def test_a_link_to_a_folder_that_is_not_there_is_no_place_for_keys(tmp_path: Path) -> None:
    (tmp_path / "keys").symlink_to(tmp_path / "away")
    with pytest.raises(KeyFileError, match="keys"):
        KeyRing.open(tmp_path / "keys", may_make=True)


def test_a_file_that_holds_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "temporal-1.key").write_bytes(base64.b64encode(b"too short"))
    with pytest.raises(KeyFileError, match="is not a 32-byte key"):
        KeyRing.open(tmp_path, may_make=True)


def test_a_key_never_shows_when_it_is_printed(ring: KeyRing) -> None:
    assert base64.b64encode(ring.newest.secret).decode() not in repr(ring.newest)
    assert repr(ring.newest) == f"Key({ring.newest.id})"


def test_a_key_that_came_later_opens_and_does_not_seal_before_the_next_opening(
    ring: KeyRing, tmp_path: Path
) -> None:
    add_key(tmp_path / "keys", 2)
    later = KeyRing.open(tmp_path / "keys", may_make=False)
    assert ring.open_sealed(later.seal(b"BSN", b"a"), b"a") == b"BSN"
    assert later.newest.id == ring.ids[-1] != ring.newest.id
    assert later.open_sealed(ring.seal(b"BSN", b"a"), b"a") == b"BSN"


def test_what_a_removed_key_sealed_is_still_read_by_who_had_it(ring: KeyRing, tmp_path: Path) -> None:
    sealed = ring.seal(b"BSN", b"a")
    (tmp_path / "keys" / "temporal-1.key").unlink()
    ring.read_again()
    assert ring.open_sealed(sealed, b"a") == b"BSN"
