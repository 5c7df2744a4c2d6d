"""An office whose worker runs in this process, with small templates that have to do with each other."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from temporalio.client import Client

from kantoor.data import replace
from kantoor.office.filings.filing import Filing as Row
from kantoor.office.filings.filing import find_filing
from kantoor.office.filings.links import links_of
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.plans import publish
from kantoor.plan import Automation, Phase, Plan, WaitFor, Work
from kantoor.runtime.client import act
from kantoor.runtime.inputs import ActAnswer
from kantoor.runtime.preparing import Started, StartRequest
from kantoor.runtime.starter import Starter
from kantoor.runtime.worker import make_office_workers
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .office import OfficeAtWork, make_office, office_of
from .world import office_clock

DO = Phase(id="doen", title="Doen", role="administratie", block=Work())
CLOSE = Phase(id="afronden", title="Afronden", role="administratie", block=Work())


def plan_of(template: str, *phases: Phase) -> Plan:
    return replace(VAT, template=template, title=template, documents=(), deadlines=(), phases=phases)


def waiting(*awaited: Any) -> Phase:
    block = WaitFor(awaited=awaited)
    return Phase(id="wachten", title="Wachten", role="fiscaal", block=block)


def automated(at: Any, **action: Any) -> Phase:
    return replace(DO, automations=(Automation(id="doet", at=at, **action),))


@dataclass
class Running:
    """An office whose worker runs in this process."""

    office: OfficeAtWork
    client: Client

    def publish(self, *plans: Plan) -> None:
        publish_in(self.office, *plans)

    async def start(self, template: str, period: str = "2026-01", relation: str = "1001") -> str:
        request = StartRequest(
            template=template, relation=relation, period=period, start_date=date(2025, 12, 31), by=MANAGER
        )
        found = await Starter(self.office.equipment, self.client).start(request)
        assert isinstance(found, Started), found
        return found.filing

    def row(self, filing: str) -> Row | None:
        with self.office.database.read() as connection:
            return find_filing(connection, filing)

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                await asyncio.sleep(0.05)

    async def until_in(self, filing: str, *phases: str) -> None:
        await self.until(lambda: (row := self.row(filing)) is not None and row.phases == phases)

    async def try_to(self, filing: str, kind: Any, by: Any, **facts: Any) -> Any:
        """Act, whatever comes of it."""
        said = kind(at=datetime.min, id=f"{kind.__name__} {facts}"[:90], by=by, **facts)
        return await act(self.client, filing, said)

    async def do(self, filing: str, kind: Any, by: Any, **facts: Any) -> None:
        answer = await self.try_to(filing, kind, by, **facts)
        assert isinstance(answer, ActAnswer), answer

    def told(self, filing: str) -> list[str]:
        """Return the timeline as words."""
        with self.office.database.read() as connection:
            return [line.what for line in timeline_of(connection, filing)]

    def links(self, filing: str) -> Sequence[tuple[str, bool, str]]:
        with self.office.database.read() as connection:
            return [(one.kind, one.forward, one.other) for one in links_of(connection, filing)]


def publish_in(office: OfficeAtWork, *plans: Plan) -> None:
    """Make these the active plans of an office."""
    with office.database.write() as connection:
        publish(connection, plans, office_of(VAT), revision="r2", author="test", at=datetime.now(UTC))


@asynccontextmanager
async def run_office(home: Path, client: Client) -> AsyncIterator[Running]:
    """Run an office on a server."""
    office = make_office(home, office_clock())
    async with AsyncExitStack() as stack:
        for worker in make_office_workers(office.equipment, client):
            await stack.enter_async_context(worker)
        yield Running(office, client)
    office.equipment.close()
