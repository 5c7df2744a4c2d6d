"""Every answer that passes by itself, brought about on a real server, and an act that comes through it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio import workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.enums.v1 import UpdateWorkflowExecutionLifecycleStage as Stage
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.update.v1 import Input, Meta, Request, WaitPolicy
from temporalio.api.workflowservice.v1 import (
    PollWorkflowTaskQueueRequest,
    ResetWorkflowExecutionRequest,
    UpdateWorkflowExecutionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from bench.office import free_ports
from kantoor.filing.events import FilingKey, Note
from kantoor.filing.view import View
from kantoor.keys.ring import KeyRing
from kantoor.runtime.client import Silent, Unknown, act, read_filing_view
from kantoor.runtime.codec import data_converter
from kantoor.runtime.faults import find_fault
from kantoor.runtime.inputs import ActAnswer
from kantoor.runtime.missing import find_missing_workflows, find_why_missing
from kantoor.runtime.search_attributes import make_search_attributes, register
from kantoor.runtime.transient import TRANSIENT, Transient, find_transient, within
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .world import QUEUE, Filing, World, dev_server, make_namespace, office_clock, program, start

TASK_FAILED = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
LONG = timedelta(seconds=60)
SHORT = timedelta(seconds=0.5)


def entry(status: RPCStatusCode, **facts: str) -> Transient:
    """Return the entry of the list that is meant."""
    (found,) = [one for one in TRANSIENT if one.status == status and (one.failure, one.text) == _told(facts)]
    return found


def _told(facts: dict[str, str]) -> tuple[str, str]:
    return facts.get("failure", ""), facts.get("text", "")


AWAY = entry(RPCStatusCode.UNAVAILABLE)
CUT_OFF = entry(RPCStatusCode.UNKNOWN, text="transport error")
BUSY = entry(RPCStatusCode.RESOURCE_EXHAUSTED)
NOT_READY = entry(RPCStatusCode.FAILED_PRECONDITION, failure="WorkflowNotReadyFailure")
NO_POLLER = entry(RPCStatusCode.FAILED_PRECONDITION, text="no poller seen")
RUN_ENDED = entry(RPCStatusCode.NOT_FOUND, text="update was aborted by closing workflow")
NOT_REGISTERED = entry(RPCStatusCode.INVALID_ARGUMENT, text="no mapping defined for search attribute")
CLIENT_LATE = entry(RPCStatusCode.CANCELLED)
BROUGHT_ABOUT = {AWAY, CUT_OFF, BUSY, NOT_READY, NO_POLLER, RUN_ENDED, NOT_REGISTERED, CLIENT_LATE}
OF_A_CLUSTER = {entry(RPCStatusCode.ABORTED), entry(RPCStatusCode.DEADLINE_EXCEEDED)}
"""Only a cluster of several machines answers so: no test here brings these about."""


def test_every_answer_of_the_list_is_brought_about_here_but_those_of_a_cluster():
    assert set(TRANSIENT) == BROUGHT_ABOUT | OF_A_CLUSTER


@asynccontextmanager
async def server_at(port: int, file: Path, ring: KeyRing) -> AsyncIterator[Client]:
    """Run a dev server that keeps its state in a file, at a port where another one was before."""
    env = await WorkflowEnvironment.start_local(
        port=port,
        data_converter=data_converter(ring),
        dev_server_database_filename=str(file),
        dev_server_existing_path=program("temporal"),
    )
    async with env:
        await register(env.client)
        yield env.client


async def update_once(client: Client, filing: str, id: str, seconds: float = 20) -> None:
    """Send an update as the client does, but only once: the SDK repeats some answers by itself."""
    request = UpdateWorkflowExecutionRequest(
        namespace=client.namespace,
        workflow_execution=WorkflowExecution(workflow_id=filing),
        wait_policy=WaitPolicy(
            lifecycle_stage=Stage.UPDATE_WORKFLOW_EXECUTION_LIFECYCLE_STAGE_COMPLETED,
        ),
        request=Request(meta=Meta(update_id=id), input=Input(name="note")),
    )
    await client.workflow_service.update_workflow_execution(
        request, retry=False, timeout=timedelta(seconds=seconds)
    )


async def answer_to(call: Awaitable[Any]) -> Transient | None:
    """Return the entry of the list that the call was answered with."""
    with pytest.raises(RPCError) as raised:
        await call
    return find_transient(raised.value)


async def until_answered(client: Client, filing: Filing, wanted: Transient) -> None:
    """Send updates until one is answered so; every other answer meanwhile is of the list as well."""
    number = 0
    async with asyncio.timeout(30):
        while (found := await answer_to(update_once(client, filing.id, f"x{number}", 0.2))) != wanted:
            assert found is not None
            number += 1


def note(client: Client, filing: Filing, id: str, limit: timedelta = LONG) -> "asyncio.Task[Any]":
    said = Note(at=datetime.min, id=id, by=MANAGER, text="Gebeld")
    return asyncio.create_task(act(client, filing.id, said, limit))


async def begun(client: Client, world: World, relation: str = "1001") -> Filing:
    """Return a filing that its worker has begun, and that no worker has any more."""
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock(), relation)
        await world.until_told("started")
        await at_rest(client, filing)
    return filing


async def at_rest(client: Client, filing: Filing) -> None:
    """Wait until nothing of a filing is on its way: a question would wait for a pending task's end."""
    async with asyncio.timeout(20):
        while True:
            now = (await client.get_workflow_handle(filing.id).describe()).raw_description
            if not now.pending_activities and not now.HasField("pending_workflow_task"):
                return


async def test_a_server_that_goes_away_and_comes_back(ring: KeyRing, world: World, tmp_path: Path) -> None:
    (port,) = free_ports(1)
    async with server_at(port, tmp_path / "server.db", ring) as client:
        filing = await begun(client, world)
        cut_off = asyncio.create_task(answer_to(update_once(client, filing.id, "x")))
        acting = note(client, filing, "n1")
        await asyncio.sleep(0.2)  # both have been sent
    assert await cut_off == CUT_OFF
    await until_answered(client, filing, AWAY)
    # Away is not gone: nobody may take a workflow for lost and start it again.
    assert await answer_to(find_why_missing(client, filing.id)) == AWAY
    assert await answer_to(find_missing_workflows(client, [filing.id])) == AWAY
    async with server_at(port, tmp_path / "server.db", ring) as again, world.workers(again):
        assert isinstance(await acting, ActAnswer)
        await world.until_told("noted")
    assert world.told().count("noted") == 1


async def test_more_updates_than_the_server_holds_at_once(dev_client: Client, world: World) -> None:
    filing = await begun(dev_client, world)
    acting = [note(dev_client, filing, f"n{number}") for number in range(10)]
    await until_answered(dev_client, filing, BUSY)
    async with world.workers(dev_client):
        answers = await asyncio.gather(*acting)
    assert all(isinstance(answer, ActAnswer) for answer in answers)


async def test_workflow_tasks_that_time_out_with_their_workers(dev_client: Client, world: World) -> None:
    filing = await start(dev_client, world, VAT, office_clock())
    for attempt in (1, 2):  # a worker that takes a task and is never heard of again
        taken = await dev_client.workflow_service.poll_workflow_task_queue(
            PollWorkflowTaskQueueRequest(namespace=dev_client.namespace, task_queue=TaskQueue(name=QUEUE))
        )
        assert taken.attempt == attempt
    await until_answered(dev_client, filing, NOT_READY)
    acting = note(dev_client, filing, "n1")
    assert await find_fault(dev_client, filing.id) is None
    async with world.workers(dev_client):
        assert isinstance(await acting, ActAnswer)
        assert isinstance(await read_filing_view(dev_client, filing.id), View)


async def test_workflow_tasks_that_fail_are_a_fault_until_it_is_mended(
    dev_client: Client, world: World, tmp_path: Path
) -> None:
    filing = await begun(dev_client, world)
    config = dev_client.config()
    config["data_converter"] = data_converter(KeyRing.open(tmp_path / "other-keys", may_make=True))
    reads_nothing = Client(**config)
    async with world.workers(reads_nothing):
        assert isinstance(await note(dev_client, filing, "n1", SHORT), Unknown)
        async with asyncio.timeout(20):
            while await find_fault(dev_client, filing.id) is None:
                pass
        await until_answered(dev_client, filing, NOT_READY)
        told = await note(dev_client, filing, "n1", SHORT)
        assert isinstance(told, Unknown)
        assert told.fault is not None
        assert (told.fault.cause, told.fault.error) == (
            "WORKFLOW_WORKER_UNHANDLED_FAILURE",
            "MissingKeyError",
        )
        assert isinstance(await read_filing_view(dev_client, filing.id, SHORT), Silent)
    async with world.workers(dev_client):
        assert isinstance(await note(dev_client, filing, "n1"), ActAnswer)
        assert await find_fault(dev_client, filing.id) is None


@workflow.defn(name="slow", sandboxed=False)
class _Slow:
    """A workflow on a machine that is too busy: its code takes longer at a stretch than the SDK allows."""

    @workflow.run
    async def run(self) -> None:
        time.sleep(3)


async def test_a_workflow_task_that_a_busy_machine_was_too_slow_for_is_no_fault(dev_client: Client) -> None:
    slow = await dev_client.start_workflow("slow", id="slow", task_queue="slow")
    async with Worker(dev_client, task_queue="slow", workflows=[_Slow]), asyncio.timeout(30):
        while not [e async for e in slow.fetch_history_events() if e.event_type == TASK_FAILED]:
            pass
        assert await find_fault(dev_client, "slow") is None
        await slow.terminate()


async def test_a_run_that_ends_before_it_took_the_update(dev_client: Client, world: World) -> None:
    filing = await begun(dev_client, world)
    aborted = asyncio.create_task(answer_to(update_once(dev_client, filing.id, "x")))
    acting = note(dev_client, filing, "n1")
    await asyncio.sleep(0.2)  # both have been sent
    await dev_client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=dev_client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=filing.id),
            reason="an admin goes back",
            workflow_task_finish_event_id=4,
            request_id="reset",
        )
    )
    assert await aborted == RUN_ENDED
    async with world.workers(dev_client):
        assert isinstance(await acting, ActAnswer)


async def test_a_question_while_no_worker_runs(ring: KeyRing, world: World) -> None:
    setting = 'matching.queryPollerUnavailableWindow="1s"'
    async with dev_server(data_converter(ring), "--dynamic-config-value", setting) as client:
        filing = await begun(client, world)
        handle = client.get_workflow_handle(filing.id)
        async with asyncio.timeout(20):
            while await answer_to(handle.query("view", rpc_timeout=timedelta(seconds=2))) != NO_POLLER:
                pass  # says so a second before its time is over
        asking = asyncio.create_task(read_filing_view(client, filing.id, LONG))
        assert isinstance(await read_filing_view(client, filing.id, SHORT), Silent)
        async with world.workers(client):
            assert isinstance(await asking, View)


async def test_a_call_whose_own_time_is_over(dev_client: Client, world: World) -> None:
    filing = await begun(dev_client, world)
    told = await answer_to(update_once(dev_client, filing.id, "x", 0.1))
    assert told in {
        CLIENT_LATE,
        entry(RPCStatusCode.DEADLINE_EXCEEDED),
    }  # who of both is first, on a busy machine
    impatient = note(dev_client, filing, "n1", SHORT)
    answer = await impatient
    assert isinstance(answer, Unknown)
    assert answer.fault is None
    async with world.workers(dev_client):
        assert isinstance(await note(dev_client, filing, "n1"), ActAnswer)


async def test_a_start_while_the_office_has_not_told_a_new_server_its_search_attributes(
    ring: KeyRing, world: World
) -> None:
    client = await make_namespace(data_converter(ring))
    told = make_search_attributes(
        FilingKey(template="vat", relation="1001", period="2026-01", sub_number="-"), "digest"
    )

    def start_once() -> Awaitable[Any]:
        return client.start_workflow("vat", id="x", task_queue=QUEUE, search_attributes=told)

    assert await answer_to(start_once()) == NOT_REGISTERED
    starting = asyncio.create_task(start(client, world, VAT, office_clock()))
    assert await answer_to(start_once()) == NOT_REGISTERED  # meanwhile the other one was sent
    await register(client)
    assert await find_why_missing(client, (await starting).id) is None


async def test_a_server_that_knows_no_search_attributes_for_long_is_told_before_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("kantoor.runtime.transient.LONGEST_PAUSE_SECONDS", 0.001)
    text, calls = "no mapping defined for search attribute KantoorPlan", 0

    async def refuse() -> None:
        nonlocal calls
        calls += 1
        raise RPCError(text, RPCStatusCode.INVALID_ARGUMENT, b"")

    with pytest.raises(RPCError, match="no mapping defined"):
        await within(LONG, refuse)
    assert calls == 11


async def test_what_does_not_pass_is_raised_at_once_and_what_does_until_the_limit() -> None:
    calls: list[RPCStatusCode] = []

    def refusing(status: RPCStatusCode, text: str = "") -> Callable[[], Awaitable[None]]:
        async def call() -> None:
            calls.append(status)
            raise RPCError(text, status, b"")

        return call

    with pytest.raises(RPCError):
        await within(LONG, refusing(RPCStatusCode.INVALID_ARGUMENT))
    with pytest.raises(RPCError):
        await within(LONG, refusing(RPCStatusCode.FAILED_PRECONDITION, "something else"))
    assert len(calls) == 2
    assert await within(SHORT, refusing(RPCStatusCode.UNAVAILABLE)) is None
    assert await within(SHORT, refusing(RPCStatusCode.UNKNOWN, "transport error")) is None
    assert len(calls) > 5
