"""What the tests of sbr share: the shipped tables of law, and a header of a return."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from kantoor.plan import EntryPoint, Office, TaxAccount, VatRates
from kantoor.sbr.header import InstanceHeader
from kantoor.sbr.tables import rates_on

from ..shipped import compile_shipped

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT.parent / "shared" / "sbr"


@pytest.fixture(scope="session")
def law() -> Office:
    office = compile_shipped().office
    assert office is not None
    return office


@pytest.fixture(scope="session")
def entry_points(law: Office) -> tuple[EntryPoint, ...]:
    return tuple(row for row in law.entry_points if row.report == "omzetbelasting")


@pytest.fixture(scope="session")
def accounts(law: Office) -> tuple[TaxAccount, ...]:
    return law.tax_accounts


@pytest.fixture(scope="session")
def rates(law: Office) -> VatRates:
    found = rates_on(law.vat_rates, date(2026, 1, 1))
    assert found is not None
    return found


@pytest.fixture(scope="session")
def header() -> InstanceHeader:
    return InstanceHeader(
        identifier="123456782B01",
        start=date(2026, 1, 1),
        end=date(2026, 1, 31),
        reference="OB-2026-01-0001",
        reference_item="MessageReferenceSupplierVAT",
        created=datetime(2026, 2, 3, 10, 5, 59),
        contact_initials="J",
        contact_surname="de Vries",
        contact_telephone="0201234567",
        software_name="kantoor",
        software_version="0.1.0",
        vendor_number="SWO00000",
        consultant_number="123456",
    )


@pytest.fixture(scope="session")
def reference_file() -> Callable[[str], bytes]:
    """Read a published or reference file that lies beside the project, or skip and say so."""

    def read(name: str) -> bytes:
        path = REFERENCE / name
        if not path.exists():
            pytest.skip(f"reference file {name} is absent (looked in ../shared/sbr)")
        return path.read_bytes()

    return read
