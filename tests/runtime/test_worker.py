"""A worker as a process of its own, on a real server, a real database, a catcher and a simulator."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.converter import DataConverter

from kantoor.clock import PracticeClock
from kantoor.data import replace
from kantoor.equipment import open_equipment
from kantoor.filing.events import Attach, Check, Complete, Decide, Shown
from kantoor.mail.catcher import list_caught, start_catcher
from kantoor.office.alarms import all_alarms
from kantoor.office.database.tables import office, relation_products
from kantoor.office.filings.deliveries import list_deliveries
from kantoor.office.filings.filing import Filing, find_filing
from kantoor.office.filings.recurrences import find_recurrence, list_stale, mark_stale
from kantoor.office.plans import publish
from kantoor.plan import DateRule
from kantoor.recurrence import Recurrence, Stretch
from kantoor.runtime.client import act
from kantoor.runtime.connecting import ServerAwayError, connect
from kantoor.runtime.inputs import ActAnswer
from kantoor.runtime.office_mark import OtherOfficeError, claim_server
from kantoor.runtime.practice_clock import set_until
from kantoor.runtime.preparing import Started, StartRequest
from kantoor.runtime.recurrence_client import start_recurrence, terms_of
from kantoor.runtime.search_attributes import register
from kantoor.runtime.starter import Starter, timing_of
from kantoor.sbr.digipoort.names import DELIVERY_PATH, STATUS_PATH
from kantoor.sbr.digipoort.practice_certificates import CertificateFolder, make_test_authority
from kantoor.sbr.digipoort.simulator.journal import read_journal
from kantoor.sbr.digipoort.simulator.server import Simulator, SimulatorSettings
from kantoor.service.desk import Desk
from kantoor.settings import SettingsError, load_settings
from tests.filing.driver import ACCOUNTANT, ADMIN, CLIENT, MANAGER
from tests.filing.plans import VAT

from .office import OfficeAtWork, make_office, office_of
from .world import dev_server

PROGRAM = """
import os, sys
from pathlib import Path
from kantoor.runtime.worker import run
from kantoor.settings import load_settings
run(load_settings(home=Path(sys.argv[1])), lambda line: print(line, flush=True))
sys.stdout.flush()
os._exit(0)
"""


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> CertificateFolder:
    return make_test_authority(tmp_path_factory.mktemp("certificates"))


@dataclass
class Machine:
    """Everything of one office, the worker aside."""

    office: OfficeAtWork
    client: Client
    mail: Path
    digipoort: Path
    environment: dict[str, str]

    @asynccontextmanager
    async def worker(self, *, stopped_by: signal.Signals = signal.SIGTERM) -> AsyncIterator[Any]:
        """Run a worker until the block ends; then stop or kill it."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", PROGRAM, str(self.office.settings.home)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | self.environment | {"PYTHONFAULTHANDLER": "1"},
        )
        assert process.stdout is not None
        line = await asyncio.wait_for(process.stdout.readline(), 30)
        assert line.startswith(b"worker ready"), (line, await process.communicate())
        try:
            yield process
        finally:
            if process.returncode is None:
                process.send_signal(stopped_by)
            _, told = await asyncio.wait_for(process.communicate(), 30)
            wanted = 0 if stopped_by is signal.SIGTERM else -stopped_by
            assert process.returncode == wanted, told.decode(errors="replace")[-4000:]

    def filing(self, workflow_id: str) -> Filing:
        with self.office.database.read() as connection:
            found = find_filing(connection, workflow_id)
        assert found is not None
        return found

    def offer(self, workflow_id: str) -> str | None:
        """Return how the filing's offer stands, as it was recorded."""
        offers = (self.filing(workflow_id).view or {"offers": []})["offers"]
        return offers[0]["status"] if offers else None

    async def until(self, holds: Callable[[], bool], seconds: float = 30) -> None:
        """Look into the database, as people do, until something holds."""
        async with asyncio.timeout(seconds):
            while not holds():
                await asyncio.sleep(0.02)

    async def until_in(self, workflow_id: str, *phases: str) -> None:
        await self.until(lambda: self.filing(workflow_id).phases == phases)


@pytest.fixture
async def machine(tmp_path: Path, certificates: CertificateFolder) -> AsyncIterator[Machine]:
    """An office on 31 December 2025 whose clock stands still, everything on free ports."""
    moment = datetime(2025, 12, 31, 8)
    clock = PracticeClock(
        real_anchor=datetime.now(UTC), office_anchor=moment, seconds_per_day=0.02, until=moment
    )
    async with AsyncExitStack() as stack:
        mail, digipoort = tmp_path / "mail", tmp_path / "digipoort"
        catcher = await stack.enter_async_context(await start_catcher(mail, "127.0.0.1", 0))
        simulator = Simulator(
            SimulatorSettings(folder=digipoort, certificates=certificates.folder, pace=0.05)
        )
        gateway = await simulator.start()
        stack.push_async_callback(simulator.stop)
        server = await stack.enter_async_context(dev_server(DataConverter.default))
        environment = {
            "KANTOOR_TEMPORAL_ADDRESS": server.service_client.config.target_host,
            "KANTOOR_TEMPORAL_NAMESPACE": server.namespace,
            "KANTOOR_SMTP_PORT": str(catcher.sockets[0].getsockname()[1]),
            "KANTOOR_DIGIPOORT_DELIVERY_URL": gateway + DELIVERY_PATH,
            "KANTOOR_DIGIPOORT_STATUS_URL": gateway + STATUS_PATH,
            "KANTOOR_DIGIPOORT_CERTIFICATE": str(certificates.certificate("client")),
            "KANTOOR_DIGIPOORT_KEY": str(certificates.key("client")),
            "KANTOOR_DIGIPOORT_AUTHORITY": str(certificates.authority),
        }
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment.items():
                patch.setenv(name, value)
            office = make_office(tmp_path / "home", clock)
        stack.callback(office.equipment.close)
        client = await connect(office.settings.temporal, office.equipment.ring)
        await register(client)
        yield Machine(office, client, mail, digipoort, environment)


async def must(machine: Machine, filing: str, kind: Callable[..., Any], **facts: Any) -> None:
    answer = await act(machine.client, filing, kind(at=datetime.min, **facts))
    assert isinstance(answer, ActAnswer), answer


async def test_a_return_is_delivered_once_although_the_worker_is_killed_on_the_way(machine: Machine) -> None:
    office = machine.office
    starter = Starter(office.equipment, machine.client)
    wanted = StartRequest(
        template=VAT.template, relation="1001", period="2026-01", start_date=date(2025, 12, 31), by=MANAGER
    )
    both = await asyncio.gather(*(starter.start(wanted) for _ in range(5)))
    filing = "filing/btw-aangifte/1001/2026-01/-/1"
    assert {one.filing for one in both if isinstance(one, Started)} == {filing}
    history = await machine.client.get_workflow_handle(filing).fetch_history()
    began = history.events[0].workflow_execution_started_event_attributes
    assert began.workflow_task_timeout.seconds == 10  # in a practice office as in any other
    instance = office.documents.put(office.instance(), "application/xml")
    rendering = office.documents.put(b"Te betalen: 2.000 euro", "text/plain")
    shown = Shown(document="aangifte", hash=instance, rendering=rendering)
    async with machine.worker(stopped_by=signal.SIGKILL):
        await machine.until(lambda: machine.filing(filing).recorded > 0)
        missed = await set_until(office.database, machine.client, datetime(2026, 2, 3, 12))
        assert missed == ()
        await machine.until_in(filing, "verzamelen")
        await must(machine, filing, Check, id="1", by=ADMIN, phase="verzamelen", checkpoint="bank_compleet")
        await must(machine, filing, Complete, id="2", by=ADMIN, phase="verzamelen")
        await must(machine, filing, Attach, id="3", by=ADMIN, shown=shown)
        await must(machine, filing, Complete, id="4", by=ADMIN, phase="opstellen")
        await must(machine, filing, Complete, id="5", by=ACCOUNTANT, phase="controle", documents=(shown,))
        await machine.until(lambda: machine.offer(filing) == "waiting")
        assert len(list_caught(machine.mail)) == 2
        await must(
            machine,
            filing,
            Decide,
            id="6",
            by=CLIENT,
            phase="aanbieden",
            answer="approve",
            documents=(shown,),
        )
    async with machine.worker():
        await machine.until_in(filing, "afronden")
        await must(machine, filing, Complete, id="7", by=ADMIN, phase="afronden")
        await machine.until(lambda: machine.filing(filing).status == "afgesloten")
    (entry,) = read_journal(machine.digipoort)
    with office.database.read() as connection:
        (delivery,) = list_deliveries(connection)
        alarms = all_alarms(connection)
    assert entry.sha256 == delivery.sha256 == instance
    assert (delivery.status, delivery.kenmerk) == ("accepted", entry.kenmerk)
    assert machine.filing(filing).planner == "klaar"
    assert not alarms


async def test_a_recurrence_writes_the_rows_and_starts_what_is_due(machine: Machine) -> None:
    office = machine.office
    with office.database.write() as connection:
        terms = terms_of(connection, VAT.template, "1001", "-", date(2025, 12, 31))
    assert terms is not None
    assert (terms.stretches, terms.opening_hour) == ((Stretch(kind="month", first=date(2026, 1, 1)),), 8)
    recurring = Recurrence(
        template=VAT.template,
        relation="1001",
        sub_number="-",
        product="aangifte-btw",
        terms=terms,
        period="2026-01",
        start=date(2025, 12, 31),
    )
    clock = PracticeClock(
        real_anchor=datetime.now(UTC),
        office_anchor=datetime(2026, 2, 1),
        seconds_per_day=1,
        until=datetime(2026, 2, 1),
    )
    timing = timing_of(office.equipment.timing)
    queue = office.settings.temporal.task_queue
    async with machine.worker():
        assert await start_recurrence(machine.client, queue, recurring, clock, timing)
        started = ("filing/btw-aangifte/1001/2026-01/-/1", "filing/btw-aangifte/1001/2026-02/-/1")
        for filing in started:
            await machine.until(lambda id=filing: bool(_recorded(office, id)))  # type: ignore[misc]
        await machine.until(lambda: _next(office) == ("2026-03", date(2026, 2, 28)))
        # The start day of what waits follows a deploy, and its period an agreement, without a start.
        later = replace(VAT, created=DateRule(anchor="period.start", days=3))
        with office.database.write() as connection:
            publish(connection, [later], office_of(VAT), revision="r2", author="test", at=datetime.now(UTC))
            mark_stale(connection, templates=[VAT.template])
        await machine.until(lambda: _next(office) == ("2026-03", date(2026, 3, 4)))
        with office.database.write() as connection:
            connection.execute(relation_products.update().values(until=date(2026, 2, 28)))
            again = {"relation": "1001", "product": "aangifte-btw", "since": date(2026, 4, 1)}
            connection.execute(relation_products.insert().values(again | {"frequency": "quarter"}))
            mark_stale(connection, relations=["1001"])
        await machine.until(lambda: _next(office) == ("2026-Q2", date(2026, 4, 4)))
        with office.database.read() as connection:
            assert list_stale(connection, 1) == ()


async def test_another_office_does_not_speak_to_the_server_of_the_first(
    machine: Machine, tmp_path: Path
) -> None:
    await claim_server(machine.client, machine.office.equipment)
    await claim_server(machine.client, machine.office.equipment)
    copied = make_office(tmp_path / "other", temporal=machine.office.settings.temporal)
    with copied.database.write() as connection:
        connection.execute(office.update().values(name="other"))
    copied.equipment.close()
    other = OfficeAtWork(open_equipment(copied.settings), copied.plan)
    try:
        with pytest.raises(OtherOfficeError, match=r"belongs to another office than the one in .*other: set"):
            await claim_server(machine.client, other.equipment)
        client = await connect(other.settings.temporal, other.equipment.ring)
        with pytest.raises(ServerAwayError, match=r"KANTOOR_HOME .* or KANTOOR_TEMPORAL_ADDRESS"):
            await claim_server(client, other.equipment)
        with pytest.raises(ServerAwayError, match="another office"):
            await Desk(other.equipment).client()
    finally:
        other.equipment.close()


def _recorded(office: OfficeAtWork, workflow_id: str) -> int:
    with office.database.read() as connection:
        found = find_filing(connection, workflow_id)
    return found.recorded if found else 0


def _next(office: OfficeAtWork) -> tuple[str, date] | None:
    with office.database.read() as connection:
        found = find_recurrence(connection, "1001", VAT.template)
    return (found.next_period, found.next_start) if found else None


async def test_a_server_that_is_away_is_said_in_one_sentence(tmp_path: Path) -> None:
    office = make_office(tmp_path / "home")
    temporal = office.settings.temporal.model_copy(update={"address": "127.0.0.1:9"})
    with pytest.raises(
        ServerAwayError,
        match=r"^the Temporal server at 127\.0\.0\.1:9 is unreachable or rejects the connection$",
    ):
        await connect(temporal, office.equipment.ring)
    office.equipment.close()


def test_a_practice_office_refuses_a_real_endpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = datetime(2025, 12, 31, 8)
    clock = PracticeClock(
        real_anchor=datetime.now(UTC), office_anchor=moment, seconds_per_day=1, until=moment
    )
    make_office(tmp_path / "home", clock).equipment.close()
    monkeypatch.setenv("KANTOOR_SMTP_HOST", "mail.example.nl")
    monkeypatch.setenv("KANTOOR_DIGIPOORT_DELIVERY_URL", "https://wus.digipoort.logius.nl/wus/2.0/x")
    with pytest.raises(SettingsError) as raised:
        open_equipment(load_settings(home=tmp_path / "home"))
    assert len(raised.value.problems) == 2
