"""An office with everything that a worker works with: a database with one relation, documents, keys."""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from temporalio.testing import ActivityEnvironment

from kantoor.clock import Clock
from kantoor.equipment import Equipment, open_equipment
from kantoor.filing.commands import AnyCommand
from kantoor.filing.digests import state_digest
from kantoor.filing.events import AnyEvent
from kantoor.filing.outcome import Step
from kantoor.filing.state import Origin, State
from kantoor.filing.step import step
from kantoor.office.database.engine import Database, open_database, sqlite_url
from kantoor.office.database.migrate import upgrade
from kantoor.office.document_store import DocumentStore
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.office_clock import write_clock
from kantoor.office.plans import publish
from kantoor.plan import ClosingDays, Office, Plan, Product
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.inputs import RecordInput, StepRecord
from kantoor.runtime.preparing import Prepared, StartRequest, prepare, write_row
from kantoor.sbr.header import InstanceHeader
from kantoor.sbr.registry import REPORTS
from kantoor.sbr.tables import entry_point_for
from kantoor.sbr.vat.calculation import read_vat_return
from kantoor.sbr.vat.instance import REFERENCE_ITEM, make_vat_instance
from kantoor.service.relations.identities import check_relation_identity
from kantoor.settings import Settings, load_settings
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from ..shipped import compile_shipped

OB_NUMBER = "123456782B01"

FILES = {
    "relations.csv": f"""\
number;name;legal_form;ob_number;rsin;sbr_enabled
1001;Bakkerij Jansen B.V.;bv;{OB_NUMBER};123456782;ja
""",
    "contacts.csv": """\
contact;name;salutation;email;relation;functions;primary
c-jansen;Els Jansen;Beste mevrouw Jansen;els@jansen.example;1001;directeur;ja
""",
    "authorities.csv": """\
contact;relation;product;may;jointly;since;until;proof
c-jansen;1001;aangifte-btw;see answer approve sign;;2025-01-01;;uittreksel KvK
""",
    "team.csv": """\
member;name;email;phone;qualifications;active
anna;Anna de Wit;anna@linde.example;020 1;;ja
bart;Bart Groen;bart@linde.example;020 2;AA;ja
carla;Carla Blauw;carla@linde.example;020 3;;ja
dirk;Dirk Zwart;dirk@linde.example;020 4;;ja
""",
    "roles.csv": """\
relation;role;member
1001;administratie;anna
1001;accountant;bart
1001;relatiebeheerder;carla
1001;fiscaal;dirk
""",
    "products.csv": """\
relation;product;frequency;first_period
1001;aangifte-btw;month;2026-01
""",
}


def office_of(plan: Plan) -> Office:
    """The office-wide definitions that go with a plan."""
    return Office(
        tax_consultant_number="123456",
        software_vendor_number="SWO12345",
        format=2,
        closing_days=ClosingDays(),
        text=plan.office,
        functions=("directeur",),
        products=(Product(id="aangifte-btw", title="Aangifte BTW", frequencies=("month", "quarter")),),
        roles=plan.roles,
    )


@dataclass
class OfficeAtWork:
    """The office and its parts."""

    equipment: Equipment
    plan: Plan

    @property
    def database(self) -> Database:
        return self.equipment.database

    @property
    def documents(self) -> DocumentStore:
        return self.equipment.documents

    @property
    def settings(self) -> Settings:
        return self.equipment.settings

    def prepared(self, period: str = "2026-01", **facts: Any) -> Prepared:
        """Write the row of a filing and return what it starts with."""
        wanted = StartRequest(
            template=self.plan.template,
            relation="1001",
            period=period,
            start_date=date(2025, 12, 31),
            by=MANAGER,
            **facts,
        )
        with self.database.write() as connection:
            found = prepare(connection, wanted, datetime(2025, 12, 31, 8), REPORTS.identity_needs())
            assert isinstance(found, Prepared), found
            written = write_row(connection, found)
        assert isinstance(written, Prepared), written
        return written

    def instance(
        self, figures: str = "rubriek;omzet_centen;btw_centen\n1a;1000000;210000\n5b;;10000\n"
    ) -> bytes:
        """Make the return over January 2026 of the relation."""
        made = read_vat_return(figures.encode(), "figures.csv", None)
        assert made.vat_return is not None, made
        header = InstanceHeader(
            identifier=OB_NUMBER,
            start=date(2026, 1, 1),
            end=date(2026, 1, 31),
            reference="OB-2026-01-0001",
            reference_item=REFERENCE_ITEM,
            created=datetime(2026, 2, 3, 10, 5),
            contact_initials="C",
            contact_surname="Blauw",
            contact_telephone="0201234567",
            software_name="kantoor",
            software_version="0.1.0",
            vendor_number="SWO00000",
            consultant_number="123456",
        )
        entry_point = entry_point_for(_law().entry_points, "omzetbelasting", 2026)
        return make_vat_instance(made.vat_return, header, entry_point)


@cache
def _law() -> Office:
    """Return the shipped definitions of the whole office, tables of law among them."""
    office = compile_shipped().office
    assert office is not None
    return office


@cache
def _template() -> Path:
    """Return an office's database on SQLite, made once and copied: an import takes its time."""
    folder = Path(tempfile.mkdtemp())  # below the folder that goes with the session
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    database = open_database(sqlite_url(folder / "kantoor.db"))
    upgrade(database)
    with database.write() as connection:
        publish(connection, [VAT], office_of(VAT), revision="r1", author="test", at=datetime.now(UTC))
    imported = import_folder(database, folder, office_of(VAT), check_relation_identity)
    assert isinstance(imported, Imported), imported
    database.close()
    return folder / "kantoor.db"


def make_office(home: Path, clock: Clock | None = None, **settings: Any) -> OfficeAtWork:
    """Make an office in a folder, on SQLite."""
    home.mkdir()
    shutil.copy(_template(), home / "kantoor.db")
    loaded = load_settings(home=home, **settings)
    if clock is not None:
        database = open_database(loaded.database_url)
        with database.write() as connection:
            shown = clock.office_time(datetime.now(UTC))
            write_clock(connection, msgspec.to_builtins(clock), shown)
        database.close()
    return OfficeAtWork(open_equipment(loaded), VAT)


class Story:
    """What happens in a filing of the office, recorded as it comes; nothing that it asks for is done."""

    def __init__(self, office: OfficeAtWork, prepared: Prepared) -> None:
        self._recording = Recording(office.database, office.equipment.document_ring)
        self._id = prepared.new.id
        self._state: State | None = None
        self.commands: list[AnyCommand] = []
        self.take(prepared.start)

    def take(self, *events: AnyEvent) -> None:
        taken = []
        for event in events:
            outcome = step(VAT, self._state, event)
            assert isinstance(outcome, Step), outcome
            self._state = outcome.state
            self.commands += outcome.commands
            digest = state_digest(VAT, outcome.state)
            taken.append(StepRecord(sequence=outcome.sequence, event=event, digest=digest))
        record = RecordInput(workflow_id=self._id, steps=tuple(taken))
        ActivityEnvironment().run(self._recording.record, record)


def origin_of(prepared: Prepared) -> Origin:
    """Return what activities are told of a filing's origin."""
    return Origin(**{name: getattr(prepared.start, name) for name in Origin.__struct_fields__})
