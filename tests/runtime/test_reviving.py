"""Reviving where something is in the way: what cannot be asked, and what goes away halfway."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from kantoor.office.database.errors import DatabaseError
from kantoor.office.office_clock import clock_of
from kantoor.plan import plan_bytes
from kantoor.runtime.client import start_filing
from kantoor.runtime.codec import data_converter
from kantoor.runtime.missing import find_why_missing, list_running
from kantoor.runtime.preparing import Prepared
from kantoor.service.desk import Desk
from kantoor.service.reviving import Revived, revive

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
