"""What the doctor says of workflows on a real server: which are blocked, and which only take their time."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import PollWorkflowTaskQueueRequest
from temporalio.client import Client

from kantoor.equipment import Equipment, open_equipment
from kantoor.local.doctor.findings import Finding
from kantoor.local.doctor.temporal import MANY_TASKS, check_running
from kantoor.office.backed_up import note_backed_up
from kantoor.office.filings.recurrences import save_recurrence
from kantoor.recurrence import Begun, Recurrence
from kantoor.runtime.activities.retrying import again, polling
from kantoor.runtime.codec import data_converter
from kantoor.runtime.inputs import BeginInput, RecurrenceInput
from kantoor.runtime.preparing import Started, StartRequest
from kantoor.runtime.recurrence_client import row_of
from kantoor.runtime.recurrence_workflow import RECURRENCE
from kantoor.runtime.starter import Starter, Written
from kantoor.runtime.task_queues import make_workers
from kantoor.settings import Settings
from tests.filing.driver import MANAGER
from tests.runtime.world import TIMING, dev_server, office_clock
from tests.test_recurrence import recurrence

SOON = timedelta(seconds=0.01)
NAME = recurrence().workflow_id


class Clinic:
    """An office with one recurrence, whose first filing is to start at once."""

    def __init__(self, settings: Settings, client: Client, equipment: Equipment) -> None:
        self.settings = settings
        self.client = client
        self.equipment = equipment

    @asynccontextmanager
    async def recurring(
        self, fails: Callable[[int], None], sub_numbers: Sequence[str] = ("-",), **facts: object
    ) -> AsyncIterator[None]:
        """Run a worker and start recurrences; each try to start a filing `fails` with its number."""

        @activity.defn(name="begin_filing")
        def begin(input: BeginInput) -> Begun:
            fails(activity.info().attempt)
            return Begun(started=True, terms=input.recurrence.terms)

        @activity.defn(name="save_recurrence")
        def save(recurrence: Recurrence) -> None:
            pass

        all_of_them = [recurrence(start=date(2025, 12, 31), sub_number=one, **facts) for one in sub_numbers]
        with self.equipment.database.write() as connection:
            for about in all_of_them:
                save_recurrence(connection, row_of(about))
        queue = self.settings.temporal.task_queue
        worker, *_ = make_workers(self.client, queue, [begin, save], [save], graceful_seconds=0)
        async with worker:
            for about in all_of_them:
                await self.client.start_workflow(
                    RECURRENCE,
                    RecurrenceInput(recurrence=about, clock=office_clock(), timing=TIMING),
                    id=about.workflow_id,
                    task_queue=queue,
                    task_timeout=timedelta(seconds=1),
                )
            yield

    async def until_tried(self, times: int) -> None:
        """Wait until the server has tried to start the filing so often."""
        handle = self.client.get_workflow_handle(NAME)
        async with asyncio.timeout(60):
            while True:
                pending = (await handle.describe()).raw_description.pending_activities
                if any(one.attempt >= times for one in pending):
                    return
                await asyncio.sleep(0.05)

    async def examine(self) -> list[Finding]:
        """Return what is said of filings and recurrences."""
        found = await check_running(self.settings, self.equipment.database, self.equipment.ring)
        return [finding for finding in found if finding.subject == "filings"]

    async def until_said(self) -> list[Finding]:
        async with asyncio.timeout(60):
            while not (found := [one for one in await self.examine() if one.state != "good"]):
                await asyncio.sleep(0.05)
        return found


@pytest.fixture
async def clinic(copied: Callable[[Path], Settings], sample_home: Path) -> AsyncIterator[Clinic]:
    settings = copied(sample_home)
    equipment = open_equipment(settings)
    async with dev_server(data_converter(equipment.ring)) as client:
        settings.temporal.address = client.service_client.config.target_host
        settings.temporal.namespace = client.namespace
        yield Clinic(settings, client, equipment)
    equipment.close()


async def test_on_a_server_elsewhere_a_backup_is_asked_for_and_its_namespace_says_how_long_it_remembers(
    clinic: Clinic,
) -> None:
    async def examine() -> Finding:
        found = await check_running(clinic.settings, clinic.equipment.database, clinic.equipment.ring)
        return next(finding for finding in found if finding.subject == "backup")

    clinic.settings.local.server = False
    none = await examine()
    with clinic.equipment.database.write() as connection:
        note_backed_up(connection, datetime.now(UTC) - timedelta(hours=25))
    old = await examine()
    assert none.text == "no backup of this office is known; what has ended, the server remembers for 1 day"
    assert [none.state, old.state] == ["warning", "warning"]
    assert old.mend.endswith(f"have the server remember more: namespace {clinic.settings.temporal.namespace}")


async def test_what_looks_again_and_again_is_well_and_after_very_long_worth_knowing(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(attempt: int) -> None:
        raise polling("not final yet", SOON if attempt < 5 else timedelta(hours=1))

    async with clinic.recurring(fails):
        await clinic.until_tried(6)
        assert [finding.state for finding in await clinic.examine()] == ["good"]
        monkeypatch.setattr("kantoor.local.doctor.temporal.MANY_LOOKS", 6)
        (finding,) = await clinic.examine()
    assert finding.state == "warning"
    assert finding.text == f"{NAME}: begin_filing has polled 6 times (not final yet)"
    assert finding.mend.startswith("it continues by itself; where it takes longer than it may, an alarm")


async def test_what_fails_again_and_again_is_wrong_and_our_own_code_says_why(clinic: Clinic) -> None:
    def fails(attempt: int) -> None:
        raise again("the mail server cannot be reached", SOON if attempt < 5 else timedelta(hours=1))

    async with clinic.recurring(fails):
        await clinic.until_tried(6)
        (finding,) = await clinic.examine()
    assert finding.state == "wrong"
    assert finding.text == f"{NAME}: begin_filing is at attempt 6 (the mail server cannot be reached)"


async def test_the_text_of_an_error_that_is_not_our_own_is_not_shown(clinic: Clinic) -> None:
    def fails(attempt: int) -> None:
        raise ValueError("no relation has OB number 111222333B01")

    async with clinic.recurring(fails):
        await clinic.until_tried(5)
        (finding,) = await clinic.examine()
    assert finding.state == "wrong"
    assert finding.text.startswith(f"{NAME}: begin_filing is at attempt ")
    assert "(" not in finding.text
    assert "111222333" not in finding.model_dump_json()


async def test_a_workflow_task_that_fails_again_and_again_stands_still_by_our_own_fault(
    clinic: Clinic,
) -> None:
    broken = recurrence().terms.model_copy(update={"opening_hour": 99})
    async with clinic.recurring(lambda attempt: None, terms=broken):
        (finding,) = await clinic.until_said()
    assert finding.state == "wrong"
    assert finding.text.startswith(f"{NAME}: blocked by a bug in kantoor (workflow task at")
    assert finding.mend.startswith("report the worker's log to the maintainers of kantoor")


async def test_a_workflow_task_whose_workers_died_is_no_fault_and_told_once_it_waits_too_long(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    with clinic.equipment.database.write() as connection:
        save_recurrence(connection, row_of(recurrence()))
    queue = clinic.settings.temporal.task_queue
    await clinic.client.start_workflow(
        RECURRENCE, id=NAME, task_queue=queue, task_timeout=timedelta(seconds=1)
    )
    for _ in range(MANY_TASKS + 1):  # each takes the task and never answers, as a worker that was killed
        await clinic.client.workflow_service.poll_workflow_task_queue(
            PollWorkflowTaskQueueRequest(
                namespace=clinic.client.namespace, task_queue=TaskQueue(name=queue), identity="killed"
            )
        )
    assert [one.state for one in await clinic.examine()] == ["good"]
    monkeypatch.setattr("kantoor.local.doctor.temporal.MAY_WAIT", timedelta(0))
    (finding,) = await clinic.examine()
    assert finding.text == f"{NAME}: no worker has answered its workflow task for 0 minutes"


async def test_a_filing_whose_start_was_interrupted_is_named_until_the_start_is_repeated(
    clinic: Clinic,
) -> None:
    starter = Starter(clinic.equipment, clinic.client)
    wanted = StartRequest(
        template="btw-aangifte", relation="1001", period="2026-01", start_date=date(2025, 12, 31), by=MANAGER
    )
    (written,) = await starter.write([wanted])
    assert isinstance(written, Written), written
    (finding,) = await clinic.examine()
    assert finding.state == "wrong"
    assert finding.text.startswith(f"{wanted.key.workflow_id}: planned, but never started")
    assert finding.mend.startswith("kantoor doctor --revive begins it; or repeat the start: kantoor start")
    assert isinstance(await starter.start(wanted), Started)
    assert [one.state for one in await clinic.examine()] == ["good"]


async def test_of_many_that_stand_still_for_one_reason_three_are_named_in_one_finding(clinic: Clinic) -> None:
    broken = recurrence().terms.model_copy(update={"opening_hour": 99})
    numbers = ("01", "02", "03", "04", "05")
    async with clinic.recurring(lambda attempt: None, numbers, terms=broken), asyncio.timeout(60):
        while not any(" … and 2 more: blocked" in one.text for one in await clinic.examine()):
            await asyncio.sleep(0.05)
        (finding,) = await clinic.examine()
    first, second, third = (recurrence(sub_number=number).workflow_id for number in numbers[:3])
    assert finding.text.startswith(f"{first}, {second}, {third} … and 2 more: blocked by a bug")
