"""How much one worker takes on."""

import pytest
from temporalio.client import Client

from kantoor.runtime.task_queues import choose_tasks_at_once, make_workers

from .world import QUEUE, World


@pytest.mark.parametrize(("cores", "tasks"), [(1, 2), (2, 4), (3, 6), (4, 8), (64, 8)])
def test_a_worker_takes_on_what_one_process_can_replay_in_time(cores: int, tasks: int) -> None:
    assert choose_tasks_at_once(cores, task_seconds=10) == tasks


def test_shorter_tasks_are_fewer_and_never_less_than_the_sdk_wants() -> None:
    assert [choose_tasks_at_once(4, seconds) for seconds in (20, 10, 5, 1)] == [16, 8, 4, 2]


async def test_workers_are_made_with_these_limits(dev_client: Client, world: World) -> None:
    activities, records = world.activities()
    given, _ = make_workers(dev_client, QUEUE, activities, records, max_cached_workflows=70, tasks_at_once=3)
    derived, _ = make_workers(dev_client, f"{QUEUE}-2", activities, records, task_seconds=1)
    assert given.config()["max_cached_workflows"] == 70
    assert given.config()["max_concurrent_workflow_tasks"] == 3
    assert derived.config()["max_concurrent_workflow_tasks"] == 2
