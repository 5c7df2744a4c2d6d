from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from kantoor.data import replace
from kantoor.filing.outcome import Step
from kantoor.filing.step import step
from kantoor.filing.view import view
from kantoor.office.database.tables import relation_products
from kantoor.office.filings.filing import list_filings
from kantoor.office.plans import publish
from kantoor.plan import digest
from kantoor.runtime.preparing import NotReady, Prepared, StartRequest, prepare, write_row
from kantoor.sbr.registry import REPORTS
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .office import OfficeAtWork, make_office, office_of

AT = datetime(2025, 12, 31, 8)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeAtWork]:
    office = make_office(tmp_path / "home")
    yield office
    office.equipment.close()


def wanted(**facts: object) -> StartRequest:
    known = {
        "template": "btw-aangifte",
        "relation": "1001",
        "period": "2026-01",
        "start_date": date(2025, 12, 31),
        "by": MANAGER,
    }
    return StartRequest.model_validate(known | facts)


def prepared(office: OfficeAtWork, **facts: object) -> Prepared | NotReady:
    with office.database.read() as connection:
        return prepare(connection, wanted(**facts), AT, REPORTS.identity_needs())


def test_a_filing_starts_with_the_snapshot_it_lives_by(office: OfficeAtWork) -> None:
    found = prepared(office)
    assert isinstance(found, Prepared)
    assert found.new.due == date(2026, 2, 28)
    begun = step(VAT, None, found.start)
    assert isinstance(begun, Step)
    assert found.new.due == view(VAT, begun.state).due
    assert found.start.relation["name"] == "Bakkerij Jansen B.V."
    assert found.start.product["frequency"] == "month"
    assert date(2026, 4, 6) in found.start.calendars.law  # Easter Monday
    assert "123456782" not in str(found.start)


def test_what_one_sub_number_lacks_does_not_hold_up_another(office: OfficeAtWork) -> None:
    with office.database.write() as connection:
        connection.execute(relation_products.update().values(sub_number="B01"))
        second = {"relation": "1001", "product": "aangifte-btw", "frequency": "month", "sub_number": "B02"}
        connection.execute(relation_products.insert().values(second | {"way": "information"}))
    assert isinstance(prepared(office, sub_number="B01"), Prepared)
    other = prepared(office, sub_number="B02")
    assert isinstance(other, NotReady)
    assert [m.code for m in other.missing] == ["no_standing_authority"]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"relation": "9999"}, "no_relation"),
        ({"template": "ander"}, "not_deployed"),
        ({"period": "2026-Q1"}, "period_not_agreed"),
        ({"period": "2025-12"}, "period_not_agreed"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_written(
    office: OfficeAtWork, facts: dict[str, str], code: str
) -> None:
    found = prepared(office, **facts)
    assert isinstance(found, NotReady)
    assert code in [missing.code for missing in found.missing]


def test_a_row_that_a_dead_process_left_is_begun_again_on_the_plan_it_names(office: OfficeAtWork) -> None:
    first = office.prepared()
    newer = replace(VAT, title="Nieuwere aangifte")
    with office.database.write() as connection:
        publish(connection, [newer], office_of(newer), revision="r2", author="test", at=AT.astimezone())
    found = prepared(office)
    assert isinstance(found, Prepared)
    with office.database.write() as connection:
        again = write_row(connection, found)
        rows = list_filings(connection)
    assert isinstance(again, Prepared)
    assert (found.plan, again.plan) != (first.plan, found.plan)
    assert again.plan == first.plan
    assert [row.plan for row in rows] == [digest(VAT)]
