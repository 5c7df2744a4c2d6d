"""How much one worker takes on."""

from datetime import UTC, datetime
from threading import Event

import pytest
from temporalio.client import Client

from kantoor.clock import PracticeClock
from kantoor.filing.events import Attach, Check, Complete, Decide, Sent
from kantoor.runtime.commands import FOLLOW
from kantoor.runtime.task_queues import SHARES, choose_tasks_at_once, make_workers
from tests.filing.driver import ACCOUNTANT, ADMIN, CLIENT, shown
from tests.filing.plans import VAT

from .world import QUEUE, Filing, World, start


@pytest.mark.parametrize(("cores", "tasks"), [(1, 4), (2, 8), (3, 12), (4, 16), (64, 16)])
def test_a_worker_takes_on_what_one_process_can_replay_in_time(cores: int, tasks: int) -> None:
    assert choose_tasks_at_once(cores, task_seconds=10) == tasks


def test_shorter_tasks_are_fewer_and_never_less_than_the_sdk_wants() -> None:
    assert [choose_tasks_at_once(4, seconds) for seconds in (20, 10, 5, 1)] == [32, 16, 8, 2]


async def test_workers_are_made_with_these_limits(dev_client: Client, world: World) -> None:
    activities, records = world.activities()
    given, *_ = make_workers(dev_client, QUEUE, activities, records, max_cached_workflows=70, tasks_at_once=3)
    derived, *_ = make_workers(dev_client, f"{QUEUE}-2", activities, records, task_seconds=1)
    assert given.config()["max_cached_workflows"] == 70
    assert given.config()["max_concurrent_workflow_tasks"] == 3
    assert derived.config()["max_concurrent_workflow_tasks"] == 2


async def test_an_outside_system_that_hangs_holds_its_own_threads_and_nothing_else(
    dev_client: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status service answers nobody any more; mail, records and other deliveries go on beside it."""
    monkeypatch.setitem(SHARES, FOLLOW, 1)
    hanging, over = Event(), Event()

    def hang(input: object) -> None:
        hanging.set()
        over.wait()

    world.before["follow"] = hang
    moment = datetime(2026, 2, 3, 10)
    clock = PracticeClock(
        real_anchor=datetime.now(UTC),
        office_anchor=moment,
        seconds_per_day=86400,
        until=datetime(2027, 12, 31),
    )
    try:
        async with world.workers(dev_client):
            for number in range(1, 4):
                filing = await start(dev_client, world, VAT, clock, relation=f"100{number}")
                await _deliver(filing)
                await world.until(lambda number=number: len(world.delivered) == number)
            assert hanging.is_set()
            over.set()
    finally:
        over.set()


async def _deliver(filing: Filing) -> None:
    """Do what people do until the return is on its way."""
    await filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
    await filing.must(Complete, ADMIN, phase="verzamelen")
    await filing.must(Attach, ADMIN, shown=shown())
    await filing.must(Complete, ADMIN, phase="opstellen")
    await filing.must(Complete, ACCOUNTANT, phase="controle", documents=(shown(),))
    await filing.world.until(lambda: len(_sent(filing)) >= 2)
    await filing.must(Decide, CLIENT, phase="aanbieden", answer="approve", documents=(shown(),))


def _sent(filing: Filing) -> list[Sent]:
    """Return the messages that the filing knows to have been sent, the offer as its second."""
    own = [record for record in filing.world.records if record.workflow_id == filing.id]
    return [step.event for record in own for step in record.steps if isinstance(step.event, Sent)]
