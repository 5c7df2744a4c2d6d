"""What the tests of sbr share: the shipped tables of law, and a header of a return."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

from kantoor.sbr.header import InstanceHeader
from kantoor.sbr.tables import AccountRow, EntryPointRow, RateRow, load_table, rates_on

ROOT = Path(__file__).parents[2]
LAW = ROOT / "definitions" / "law"
REFERENCE = ROOT.parent / "shared" / "sbr"


@pytest.fixture(scope="session")
def entry_points() -> tuple[EntryPointRow, ...]:
    return load_table((LAW / "omzetbelasting.yaml").read_text("utf-8"), EntryPointRow).rows


@pytest.fixture(scope="session")
def accounts() -> tuple[AccountRow, ...]:
    return load_table((LAW / "belastingdienst-rekening.yaml").read_text("utf-8"), AccountRow).rows


@pytest.fixture(scope="session")
def rates() -> RateRow:
    rows = load_table((LAW / "btw-tarieven.yaml").read_text("utf-8"), RateRow).rows
    return rates_on(rows, date(2026, 1, 1))


@pytest.fixture(scope="session")
def header() -> InstanceHeader:
    return InstanceHeader(
        ob_number="123456782B01",
        start=date(2026, 1, 1),
        end=date(2026, 1, 31),
        reference="OB-2026-01-0001",
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
