import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from kantoor.clock import PracticeClock, WallClock
from kantoor.filing.events import Note
from kantoor.runtime.client import move_clock, reanchor
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .world import World, office_clock, start

DAY = timedelta(days=1)


def standing_at(
    moment: datetime, real: datetime | None = None, seconds_per_day: float = 0.02
) -> PracticeClock:
    """A clock that stands still at a moment."""
    return PracticeClock(
        real_anchor=real or datetime.now(UTC),
        office_anchor=moment,
        seconds_per_day=seconds_per_day,
        until=moment,
    )


async def test_dates_come_only_as_far_as_the_clock_runs(env: WorkflowEnvironment, world: World) -> None:
    clock = standing_at(datetime(2025, 12, 31, 8), await env.get_current_time(), 86400)
    async with world.workers(env.client):
        filing = await start(env.client, world, VAT, clock)
        await world.until_told("started")
        almost = clock.set_until(await env.get_current_time(), datetime(2026, 2, 1, 7, 59))
        assert await move_clock(env.client, [filing.id], almost) == ()
        await env.sleep(50 * DAY)
        await filing.must(Note, MANAGER, text="Nog niet")
        await world.until_told("noted")
        assert "phase_entered" not in world.told()
        on = almost.set_until(await env.get_current_time(), datetime(2026, 2, 1, 8))
        assert await move_clock(env.client, [filing.id], on) == ()
        await env.sleep(DAY)
        await world.until_told("phase_entered")
    moments = {entry.what: entry.at for entry in world.entries}
    assert moments["noted"] == datetime(2026, 2, 1, 7, 59)
    assert moments["phase_entered"] == datetime(2026, 2, 1, 8)


async def test_an_office_that_was_switched_off_goes_on_from_its_own_time_and_not_the_walls(
    dev_client: Client, world: World
) -> None:
    """The timer fired while no worker ran; the signal is applied before it."""
    async with world.workers(dev_client):
        filing = await start(dev_client, world, VAT, office_clock(seconds_per_day=0.05))
        await world.until_told("started")
    await timer_fired(dev_client, filing.id)
    resumed = standing_at(datetime(2026, 1, 31, 12))
    assert await reanchor(dev_client, [filing.id], resumed) == ()
    async with world.workers(dev_client):
        await filing.must(Note, MANAGER, text="Weer aan")
        await world.until_told("noted")
        assert "phase_entered" not in world.told()
        on = resumed.set_until(datetime.now(UTC), datetime(2026, 2, 2))
        await move_clock(dev_client, [filing.id], on)
        await world.until_told("phase_entered")
    moments = {entry.what: entry.at for entry in world.entries}
    assert moments["noted"] == datetime(2026, 1, 31, 12)
    assert datetime(2026, 2, 1, 8) <= moments["phase_entered"] <= datetime(2026, 2, 2)


async def test_office_time_never_goes_back_within_a_filing(env: WorkflowEnvironment, world: World) -> None:
    async with world.workers(env.client):
        filing = await start(env.client, world, VAT, standing_at(datetime(2026, 1, 20)))
        await filing.must(Note, MANAGER, text="Eerst")
        await move_clock(env.client, [filing.id], standing_at(datetime(2026, 1, 10)))
        await filing.must(Note, MANAGER, text="Daarna")
        await world.until_told("noted", 2)
    assert [entry.at for entry in world.entries if entry.what == "noted"] == [datetime(2026, 1, 20)] * 2


async def test_an_ordinary_office_lives_by_the_wall(env: WorkflowEnvironment, world: World) -> None:
    clock = WallClock.around(await env.get_current_time(), years=3)
    shown = clock.office_time(await env.get_current_time())
    async with world.workers(env.client):
        filing = await start(env.client, world, VAT, clock, at=shown)
        await filing.must(Note, MANAGER, text="Nu")
        await world.until_told("noted")
    (noted,) = (entry.at for entry in world.entries if entry.what == "noted")
    assert abs(noted - shown) < DAY


async def timer_fired(client: Client, workflow_id: str) -> None:
    """Wait until the server has fired the filing's timer."""
    handle = client.get_workflow_handle(workflow_id)
    async with asyncio.timeout(20):
        while True:
            events: Any = (await handle.fetch_history()).events
            if any(event.HasField("timer_fired_event_attributes") for event in events):
                return


def test_a_clock_that_stood_still_for_years_still_shows_its_moment() -> None:
    still = standing_at(datetime(2026, 1, 10), seconds_per_day=0.01)
    assert still.office_time(datetime.now(UTC) + 3650 * DAY) == datetime(2026, 1, 10)
