import asyncio
from pathlib import Path

from temporalio.client import Client

from kantoor.runtime.diagnosis import STUCK_ATTEMPTS, stuck_records, unreadable
from kantoor.runtime.keys import KeyRing
from tests.filing.plans import VAT

from .world import World, office_clock, start

NOWHERE = "filing/btw-aangifte/1001/2026-09/-/1"


async def test_filings_that_no_key_here_can_read_are_named_with_the_key_they_need(
    dev_client: Client, world: World, ring: KeyRing, tmp_path: Path
) -> None:
    filing = await start(dev_client, world, VAT, office_clock())
    other = KeyRing.open(tmp_path / "other", may_make=True)
    ids = [filing.id, NOWHERE]
    assert await unreadable(dev_client, other, ids) == {filing.id: ring.newest.id}
    assert await unreadable(dev_client, ring, ids) == {}


async def test_a_record_that_does_not_come_through_is_named(dev_client: Client, world: World) -> None:
    def full(input: object) -> None:
        raise OSError("the disk is full")

    world.before["record"] = full
    async with world.workers(dev_client), asyncio.timeout(30):
        filing = await start(dev_client, world, VAT, office_clock())
        while not await stuck_records(dev_client, [filing.id, NOWHERE]):
            await asyncio.sleep(0.1)
    assert (await stuck_records(dev_client, [filing.id]))[filing.id] >= STUCK_ATTEMPTS
    assert not world.records
