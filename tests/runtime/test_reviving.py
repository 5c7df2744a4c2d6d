"""Reviving where something is in the way: what cannot be asked, and what goes away halfway."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from kantoor.local.doctor.temporal import check_running
from kantoor.office.alarms import NOT_RUNNING, all_alarms
from kantoor.office.database.errors import DatabaseError
from kantoor.office.filings.recurrences import save_recurrence
from kantoor.office.office_clock import clock_of
from kantoor.office.overviews.worklist import work_of
from kantoor.office.people import find_person
from kantoor.plan import plan_bytes
from kantoor.runtime.client import start_filing
from kantoor.runtime.codec import data_converter
from kantoor.runtime.missing import find_why_missing, list_running
from kantoor.runtime.preparing import Prepared
from kantoor.runtime.recurrence_client import row_of
from kantoor.runtime.worker import run_worker
from kantoor.service.desk import Desk
from kantoor.service.upkeep.reviving import Revived, revive
from tests.test_recurrence import recurrence

from .office import OfficeAtWork, make_office
from .test_recording import noted, record
from .world import TIMING, dev_server

SOON = timedelta(seconds=1)


@pytest.fixture
def office(tmp_path: Path) -> OfficeAtWork:
    return make_office(tmp_path / "home")


@pytest.fixture
async def client(office: OfficeAtWork) -> AsyncIterator[Client]:
    """A client of a server on which no worker runs."""
    async with dev_server(data_converter(office.equipment.ring)) as client:
        yield client
    office.equipment.close()


def recorded(office: OfficeAtWork, period: str = "2026-01") -> Prepared:
    """A filing of which two steps are recorded."""
    prepared = office.prepared(period)
    record(office, noted(prepared))
    return prepared


async def test_a_filing_whose_last_step_cannot_be_asked_is_not_revived(
    office: OfficeAtWork, client: Client
) -> None:
    prepared = recorded(office)
    id = prepared.new.id
    with office.database.read() as connection:
        clock = clock_of(connection)
    plan = plan_bytes(office.plan).decode()
    await start_filing(client, office.settings.temporal.task_queue, plan, prepared.start, clock, TIMING)
    await client.get_workflow_handle(id).terminate("lost")
    while id in await list_running(client):
        pass
    told: list[Revived] = []
    await revive(Desk(office.equipment, client, SOON), told.append)
    text = "nobody knows its last step: no worker runs, or it cannot read the filing"
    assert told == [Revived(workflow_id=id, result="failed", text=text)]
    assert await find_why_missing(client, id)


async def test_an_office_on_an_empty_server_is_told_by_doctor_alarm_and_work_list_until_it_is_revived(
    office: OfficeAtWork, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kantoor.runtime.watching.GRACE_SECONDS", 0.1)
    id = recorded(office).new.id
    about = recurrence()
    with office.database.write() as connection:
        save_recurrence(connection, row_of(about))
    office.settings.temporal.address = client.service_client.config.target_host
    office.settings.temporal.namespace = client.namespace

    def find_alarms() -> list[tuple[str, str]]:
        with office.database.read() as connection:
            return [(alarm.kind, alarm.filing) for alarm in all_alarms(connection)]

    def find_lines() -> list[tuple[str, tuple[str, ...]]]:
        with office.database.read() as connection:
            person = find_person(connection, "carla")
            assert person is not None
            lines = work_of(connection, person, date(2026, 1, 5))
        return [(line.filing, line.roles) for line in lines if line.kind == NOT_RUNNING]

    async def examine() -> str:
        found = await check_running(office.settings, office.database, office.equipment.ring)
        return " ".join(one.text for one in found if one.state == "wrong")

    stop = asyncio.Event()
    worker = asyncio.create_task(run_worker(office.settings, stop, lambda line: None))
    async with asyncio.timeout(60):
        while not find_alarms():
            await asyncio.sleep(0.05)
    assert find_alarms() == [(NOT_RUNNING, id), (NOT_RUNNING, about.workflow_id)]
    assert sorted(find_lines()) == [(one, ("relatiebeheerder",)) for one in (id, about.workflow_id)]
    assert f"{id}, {about.workflow_id} is open and does not run" in await examine()
    told: list[Revived] = []
    await revive(Desk(office.equipment, client), told.append)
    assert [line.result for line in told] == ["revived", "revived"]
    assert (find_alarms(), find_lines()) == ([], [])
    assert "does not run" not in await examine()
    stop.set()
    await worker


async def test_what_was_revived_before_something_went_away_is_told_and_goes_on(
    office: OfficeAtWork, client: Client
) -> None:
    first, second = (recorded(office, period).new.id for period in ("2026-01", "2026-02"))
    told: list[Revived] = []

    def tell(line: Revived) -> None:
        told.append(line)
        office.database.close()
        (office.settings.home / "kantoor.db").unlink()

    with pytest.raises(DatabaseError):
        await revive(Desk(office.equipment, client, SOON), tell)
    assert told == [Revived(workflow_id=first, result="revived", text="goes on from step 2")]
    assert [await find_why_missing(client, id) is None for id in (first, second)] == [True, False]
