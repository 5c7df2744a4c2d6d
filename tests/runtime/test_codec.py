from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.client import Client
from temporalio.exceptions import ApplicationError

from kantoor.data import read
from kantoor.filing.events import Note
from kantoor.keys.ring import KeyRing, MissingKeyError
from kantoor.keys.sealing import BrokenSealError
from kantoor.runtime.codec import Codec, key_id
from kantoor.runtime.inputs import FilingInput, SendInput
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT
from tests.keys.adding import add_key

from .world import World, office_clock, start

SECRET = Payload(metadata={"encoding": b"json/plain"}, data=b'"BSN 123456782"')


async def test_what_was_encrypted_reads_back_and_shows_nothing(ring: KeyRing) -> None:
    codec = Codec(ring)
    (sealed,) = await codec.encode([SECRET])
    assert b"BSN" not in sealed.SerializeToString()
    assert key_id(sealed) == ring.newest.id
    assert await codec.decode([sealed]) == [SECRET]


async def test_equal_payloads_are_encrypted_differently(ring: KeyRing) -> None:
    one, two = await Codec(ring).encode([SECRET, SECRET])
    assert one.data != two.data


async def test_a_payload_that_was_changed_is_not_read(ring: KeyRing) -> None:
    codec = Codec(ring)
    (sealed,) = await codec.encode([SECRET])
    sealed.data = sealed.data[:-1] + bytes([sealed.data[-1] ^ 1])
    with pytest.raises(BrokenSealError, match="was modified"):
        await codec.decode([sealed])


async def test_of_several_keys_the_newest_encrypts_and_the_old_still_decrypts(
    ring: KeyRing, tmp_path: Path
) -> None:
    (before,) = await Codec(ring).encode([SECRET])
    add_key(tmp_path / "keys", 2)
    add_key(tmp_path / "keys", 10)
    newer = KeyRing.open(tmp_path / "keys", may_make=False)
    (after,) = await Codec(newer).encode([SECRET])
    assert newer.ids[0] == key_id(before)
    assert newer.ids[-1] == key_id(after)
    assert newer.newest.file == "temporal-10.key"
    assert await Codec(newer).decode([before, after]) == [SECRET, SECRET]


async def test_a_running_worker_reads_a_key_that_came_after_it(ring: KeyRing, tmp_path: Path) -> None:
    add_key(tmp_path / "keys", 2)
    other = KeyRing.open(tmp_path / "keys", may_make=False)
    (sealed,) = await Codec(other).encode([SECRET])
    assert await Codec(ring).decode([sealed]) == [SECRET]


async def test_a_key_is_known_by_its_content_whatever_its_file_is_called(
    ring: KeyRing, tmp_path: Path
) -> None:
    (sealed,) = await Codec(ring).encode([SECRET])
    folder = tmp_path / "keys"
    (folder / "temporal-1.key").rename(folder / "temporal-7.key")
    add_key(folder, 1)
    moved = KeyRing.open(folder, may_make=False, needed=ring.newest.id)
    assert moved.newest == replace(ring.newest, file="temporal-7.key")
    assert await Codec(moved).decode([sealed]) == [SECRET]


async def test_a_worker_whose_key_was_taken_away_goes_on_with_it_and_not_with_what_lies_there(
    ring: KeyRing, tmp_path: Path
) -> None:
    own, folder = ring.newest, tmp_path / "keys"
    (folder / "temporal-1.key").unlink()
    add_key(folder, 1)
    (sealed,) = await Codec(KeyRing.open(folder, may_make=False)).encode([SECRET])
    assert await Codec(ring).decode([sealed]) == [SECRET]
    assert ring.newest == own
    assert ring.ids == (own.id, key_id(sealed))


async def test_a_missing_key_is_named_and_nothing_is_made(ring: KeyRing, tmp_path: Path) -> None:
    (sealed,) = await Codec(ring).encode([SECRET])
    elsewhere = tmp_path / "elsewhere"
    other = KeyRing.open(elsewhere, may_make=True)
    files = {file.name: file.read_bytes() for file in elsewhere.iterdir()}
    with pytest.raises(MissingKeyError, match=f"key {ring.newest.id} is not in"):
        await Codec(other).decode([sealed])
    assert {file.name: file.read_bytes() for file in elsewhere.iterdir()} == files


async def test_a_history_holds_no_plain_text_failures_included(
    ring: KeyRing, world: World, dev_client: Client
) -> None:
    def refuse_once(input: SendInput) -> None:
        del world.before["send_message"]
        raise ApplicationError("jansen@bakkerij.example weigert de bezorging")

    world.before["send_message"] = refuse_once
    clock = office_clock(seconds_per_day=0.001)
    async with world.workers(dev_client):
        filing = await start(dev_client, world, VAT, clock)
        await filing.must(Note, MANAGER, text="De heer Jansen belt terug")
        await world.until_told("message_sent")
    history = await dev_client.get_workflow_handle(filing.id).fetch_history()
    stored = b"".join(event.SerializeToString() for event in history.events)
    for secret in (b"jansen", b"Jansen", b"Stukken opvragen", b"Traceback"):
        assert secret not in stored
    assert b"Encoded failure" in stored
    assert b"btw-aangifte" in stored  # its type, by which operators know it


def test_what_cannot_be_read_does_not_show_in_the_error_that_says_so() -> None:
    with pytest.raises(ValidationError) as raised:
        read(b'{"clock":{"kind":"wall","offsets":[]},"start":{"relation":"Jansen"},"plan":5}', FilingInput)
    assert "Jansen" not in str(raised.value)
