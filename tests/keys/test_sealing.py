"""What is sealed shows nothing, and is opened whole, unchanged and in its own place or not at all."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kantoor.keys.ring import KeyRing, MissingKeyError
from kantoor.keys.sealing import ID_BYTES, BrokenSealError, key_id_of, open_sealed, seal

KEY_ID, SECRET = "0123456789ab", bytes(range(32))
CONTENT, PLACE = b"BSN 123456782", b"filings/1/state"


@given(content=st.binary(), place=st.binary())
def test_what_was_sealed_opens_in_its_own_place(content: bytes, place: bytes) -> None:
    sealed = seal(KEY_ID, SECRET, content, place)
    assert open_sealed(SECRET, sealed, place) == content
    assert key_id_of(sealed) == KEY_ID


def test_equal_contents_become_other_bytes_and_show_nothing() -> None:
    one, two = (seal(KEY_ID, SECRET, CONTENT, PLACE) for _ in range(2))
    assert one != two
    assert b"BSN" not in one


@pytest.mark.parametrize("position", range(len(seal(KEY_ID, SECRET, CONTENT, PLACE))))
def test_a_changed_byte_anywhere_is_noticed(position: int) -> None:
    sealed = bytearray(seal(KEY_ID, SECRET, CONTENT, PLACE))
    sealed[position] ^= 1
    with pytest.raises(BrokenSealError):
        open_sealed(SECRET, bytes(sealed), PLACE)


@pytest.mark.parametrize("length", range(len(seal(KEY_ID, SECRET, CONTENT, PLACE))))
def test_what_was_cut_off_anywhere_is_not_opened(length: int) -> None:
    with pytest.raises(BrokenSealError):
        open_sealed(SECRET, seal(KEY_ID, SECRET, CONTENT, PLACE)[:length], PLACE)


def test_what_stands_in_the_place_of_another_is_not_opened() -> None:
    with pytest.raises(BrokenSealError, match=f"sealed with key {KEY_ID} was modified"):
        open_sealed(SECRET, seal(KEY_ID, SECRET, CONTENT, PLACE), b"filings/2/state")


def test_bytes_that_were_never_sealed_are_told_as_such() -> None:
    with pytest.raises(BrokenSealError, match="the data is not encrypted"):
        key_id_of(b"<xbrl>a document in the clear</xbrl>")


def test_a_ring_names_the_key_that_it_lacks(tmp_path: Path) -> None:
    ours, theirs = (KeyRing.open(tmp_path / name, may_make=True) for name in ("ours", "theirs"))
    assert len(ours.newest.id) == 2 * ID_BYTES
    with pytest.raises(MissingKeyError) as raised:
        ours.open_sealed(theirs.seal(CONTENT, PLACE), PLACE)
    assert raised.value.key_id == theirs.newest.id
