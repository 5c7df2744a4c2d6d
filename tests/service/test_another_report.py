"""A report that kantoor does not ship, given to an office when it is opened, filed from start to receipt."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from temporalio.converter import DataConverter

from kantoor.clock import PracticeClock
from kantoor.compiler.compilation import compile_definitions
from kantoor.equipment import Equipment, open_equipment
from kantoor.filing.outcome import Refusal
from kantoor.mail.catcher import list_caught, start_catcher
from kantoor.office.database.engine import open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.filings.deliveries import list_deliveries
from kantoor.office.filings.filing import Filing, find_filing
from kantoor.office.office_clock import write_clock
from kantoor.office.plans import publish
from kantoor.period import Period
from kantoor.plan import Office
from kantoor.runtime.connecting import connect
from kantoor.runtime.worker import make_office_workers
from kantoor.sbr.digipoort.names import DELIVERY_PATH, STATUS_PATH
from kantoor.sbr.digipoort.practice_certificates import make_test_authority
from kantoor.sbr.digipoort.simulator.journal import read_journal
from kantoor.sbr.digipoort.simulator.server import Simulator, SimulatorSettings
from kantoor.sbr.registry import REPORTS, Reports
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done, Outcome
from kantoor.service.filings.attaching import Attached, attach
from kantoor.service.filings.figures import FiguresRefused
from kantoor.service.overviews.reading import receipt_bytes
from kantoor.service.relations.identities import check_relation_identity
from kantoor.service.starting.starting import Selection, Wish, start
from kantoor.settings import Settings, load_settings
from tests.portal.visitors import Pages
from tests.runtime.world import dev_server

from .packaging.report import PackagingReport

SHIPPED = Path(__file__).parents[2] / "definitions"
OWN = Path(__file__).parent / "packaging" / "definitions"
NOW = datetime(2026, 2, 3, 9)
KVK = "12345678"
NAME = "verpakkingen/1001/2026-01"
WISH = Wish(template="verpakkingen", period=Period.parse("2026-01"), selection=Selection(relations=("1001",)))

RELATIONS = "number;name;legal_form;kvk;sbr_enabled\n1001;Glashandel Bruin B.V.;bv;{};ja\n"
FILES = {
    "relations.csv": RELATIONS.format(""),
    "contacts.csv": "contact;name;salutation;email;relation;functions;primary\n"
    "c-bruin;Els Bruin;Beste mevrouw Bruin;els@bruin.example;1001;directeur;ja\n",
    "authorities.csv": "contact;relation;product;may;jointly;since;until;proof\n"
    "c-bruin;1001;aangifte-btw;see answer approve sign;;2025-01-01;;uittreksel KvK\n",
    "team.csv": "member;name;email;phone;qualifications;active\n"
    "anna;Anna de Wit;anna@linde.example;020 1;;ja\n"
    "bart;Bart Groen;bart@linde.example;020 2;AA;ja\n",
    "roles.csv": "relation;role;member\n1001;administratie;anna\n1001;accountant;bart\n"
    "1001;relatiebeheerder;bart\n1001;fiscaal;bart\n",
    "products.csv": "relation;product;frequency;first_period\n1001;aangifte-btw;month;2026-01\n",
}


@dataclass
class PackagingOffice:
    """An office with a worker that runs, on a Temporal server, a catcher and a simulator."""

    desk: Desk
    office: Office
    mail: Path
    digipoort: Path
    folder: Path

    def import_csv(self, **files: str) -> None:
        folder = self.folder / "-".join(files)
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.csv").write_text(text)
        database = self.desk.equipment.database
        assert isinstance(import_folder(database, folder, self.office, check_relation_identity), Imported)

    async def start(self) -> tuple[str, str]:
        lines = await start(self.desk, "bart", WISH, dry_run=False)
        assert not isinstance(lines, Refusal), lines
        (line,) = lines
        return line.result, line.text

    async def attach(self, text: str) -> Attached | FiguresRefused | Refusal:
        file = self.folder / "kilos.txt"
        await asyncio.to_thread(file.write_text, text)
        return await attach(self.desk, "anna", NAME, file)

    async def act(self, who: str, do: Callable[[Acts], object]) -> None:
        outcome: Outcome = await do(Acts(self.desk, who))  # type: ignore[misc]
        assert isinstance(outcome, Done), outcome

    async def until(self, holds: Callable[[Filing], bool]) -> None:
        """Look into the database, as people do, until something holds of the filing."""

        def looked() -> bool:
            found = self.desk.read(lambda connection: find_filing(connection, f"filing/{NAME}/-/1"))
            return found is not None and holds(found)

        async with asyncio.timeout(90):
            while not looked():
                await asyncio.sleep(0.02)


@pytest.fixture
async def packaging(tmp_path: Path) -> AsyncIterator[PackagingOffice]:
    certificates = make_test_authority(tmp_path / "certificates")
    definitions = tmp_path / "definitions"
    shutil.copytree(SHIPPED, definitions)
    shutil.copytree(OWN, definitions, dirs_exist_ok=True)
    async with AsyncExitStack() as stack:
        mail, digipoort = tmp_path / "mail", tmp_path / "digipoort"
        catcher = await stack.enter_async_context(await start_catcher(mail, "127.0.0.1", 0))
        simulator = Simulator(
            SimulatorSettings(
                folder=digipoort,
                certificates=certificates.folder,
                earliest_days={PackagingReport.message_kind: 28},
            )
        )
        gateway = await simulator.start()
        stack.push_async_callback(simulator.stop)
        server = await stack.enter_async_context(dev_server(DataConverter.default))
        settings = load_settings(
            home=tmp_path / "home",
            temporal={
                "address": server.service_client.config.target_host,
                "namespace": server.namespace,
            },
            smtp={"port": catcher.sockets[0].getsockname()[1]},
            digipoort={
                "delivery_url": gateway + DELIVERY_PATH,
                "status_url": gateway + STATUS_PATH,
                "certificate": certificates.certificate("client"),
                "key": certificates.key("client"),
                "authority": certificates.authority,
            },
        )
        office = _publish(settings, definitions)
        equipment = open_equipment(settings, Reports([*REPORTS.values(), PackagingReport()]))
        stack.callback(equipment.close)
        client = await connect(settings.temporal, equipment.ring)
        for worker in make_office_workers(equipment, client):
            await stack.enter_async_context(worker)
        made = PackagingOffice(Desk(equipment, client), office, mail, digipoort, tmp_path)
        made.import_csv(**{name.removesuffix(".csv"): text for name, text in FILES.items()})
        yield made


def _publish(settings: Settings, definitions: Path) -> Office:
    """Make the office's database, with the definitions and a practice clock that stands still."""
    compiled = compile_definitions(definitions)
    assert compiled.office is not None, compiled.diagnostics
    database = open_database(settings.database_url)
    upgrade(database)
    clock = PracticeClock(real_anchor=datetime.now(UTC), office_anchor=NOW, seconds_per_day=1, until=NOW)
    with database.write() as connection:
        plans = tuple(compiled.plans.values())
        publish(connection, plans, compiled.office, revision="", author="", at=datetime.now(UTC))
        write_clock(connection, msgspec.to_builtins(clock), NOW)
    database.close()
    return compiled.office


def read_example(equipment: Equipment) -> tuple[str, bytes]:
    """Return what a colleague's page says of a file of figures, and the example that it gives out."""
    browser = Pages(Desk(equipment)).client_of("anna")
    page = browser.open(f"/opdrachten/{NAME}")
    (address,) = [one for one in page.links if one.endswith("/voorbeeld")]
    said = page.tree.xpath(f"//a[@href='{address}']/..")[0].text.strip()
    return said, browser.open(address).body


async def test_a_report_of_ones_own_is_filed_from_start_to_receipt(packaging: PackagingOffice) -> None:
    assert await packaging.start() == ("not_ready", "Het KvK-nummer ontbreekt.")
    packaging.import_csv(relations=RELATIONS.format(KVK))
    result, _ = await packaging.start()
    assert result == "starts"
    await packaging.until(lambda filing: filing.phases == ("opstellen",))

    example = await asyncio.to_thread(read_example, packaging.desk.equipment)
    assert example == ("Een regel per materiaal, met zijn kilo's.", b"Kunststof 120\n")

    wrong = await packaging.attach("Kunststof veel\n")
    assert isinstance(wrong, FiguresRefused)
    told = f"{packaging.folder}/kilos.txt, regel 1: Schrijf een materiaal en zijn kilo's."
    assert wrong.mistakes == (told,)
    attached = await packaging.attach("Kunststof 120\n")
    assert isinstance(attached, Attached), attached
    assert attached.warnings == ("Er is geen glas opgegeven.",)
    assert "€\u00a0360" in attached.text
    await packaging.act("anna", lambda acts: acts.complete(NAME))

    await packaging.until(lambda f: any(offer["status"] == "waiting" for offer in (f.view or {})["offers"]))
    assert any("els@bruin.example" in one.to for one in list_caught(packaging.mail))
    assert attached.shown.rendering is not None
    page = packaging.desk.equipment.documents.get(attached.shown.rendering).decode()
    assert "Kunststof: 120 kilo" in page
    assert "op de rekening van de Milieudienst" in page
    await packaging.act("c-bruin", lambda acts: acts.decide(NAME, "approve"))
    await packaging.until(lambda filing: filing.phases == ("afronden",))

    (entry,) = read_journal(packaging.digipoort)
    assert (entry.message_kind, entry.identity, entry.identity_kind) == ("Verpakkingen", KVK, "KvK")
    assert entry.sha256 == attached.shown.hash
    (delivery,) = packaging.desk.read(list_deliveries)
    assert (delivery.status, delivery.message_kind, delivery.kenmerk) == (
        "accepted",
        "Verpakkingen",
        entry.kenmerk,
    )
    receipt = receipt_bytes(packaging.desk, NAME)
    assert not isinstance(receipt, Refusal)
    assert entry.kenmerk.encode() in receipt[1]


async def test_a_report_that_nobody_registered_is_refused_by_name(packaging: PackagingOffice) -> None:
    packaging.import_csv(relations=RELATIONS.format(KVK))
    await packaging.start()
    await packaging.until(lambda filing: filing.phases == ("opstellen",))
    desk = packaging.desk
    packaging.desk = Desk(replace(desk.equipment, reports=REPORTS), await desk.client())
    refused = await packaging.attach("Kunststof 120\n")
    assert isinstance(refused, Refusal)
    assert refused.code == "unknown_report"
    assert "'verpakkingen'" in refused.text
