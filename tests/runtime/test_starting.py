import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import Connection
from temporalio.client import Client

from kantoor.data import replace
from kantoor.filing.outcome import Step
from kantoor.filing.step import step
from kantoor.filing.view import view
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import (
    BEGINNING,
    authorities,
    filings,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
)
from kantoor.office.filings.deliveries import Delivery, NewDelivery, begin_delivery, mark_delivery_taken
from kantoor.office.filings.filing import list_filings
from kantoor.office.plans import publish
from kantoor.plan import digest
from kantoor.runtime.activities.outgoing import identity_digest
from kantoor.runtime.preparing import NotReady, Prepared, Started, StartRequest, prepare, write_row
from kantoor.runtime.starter import Starter, Written
from kantoor.sbr.digipoort.messages import Identity
from kantoor.sbr.registry import REPORTS
from tests.counting import count_statements
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .office import OB_NUMBER, OfficeAtWork, make_office, office_of

AT = datetime(2025, 12, 31, 8)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeAtWork]:
    office = make_office(tmp_path / "home")
    yield office
    office.equipment.close()


def wanted(**facts: object) -> StartRequest:
    known: dict[str, Any] = {
        "template": "btw-aangifte",
        "relation": "1001",
        "period": "2026-01",
        "start_date": date(2025, 12, 31),
        "by": MANAGER,
    }
    return StartRequest(**known | facts)


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


def test_periods_are_stretches_of_days_so_a_quarter_over_a_filed_month_needs_a_reason(
    office: OfficeAtWork,
) -> None:
    february = office.prepared("2026-02").new.id
    with office.database.write() as connection:
        connection.execute(relation_products.update().values(frequency="quarter", since=BEGINNING))
    found = prepared(office, period="2026-Q1")
    assert isinstance(found, NotReady)
    assert [(m.code, m.text) for m in found.missing] == [
        (
            "filed_over",
            "Aangifte BTW over februari 2026 is er al voor relatie 1001; "
            "geef een reden op die februari 2026 noemt om een extra opdracht te starten.",
        )
    ]
    assert isinstance(prepared(office, period="2026-Q2"), Prepared)
    assert isinstance(prepared(office, period="2026-Q1", reason="Het hele kwartaal"), NotReady)
    again = prepared(office, period="2026-Q1", reason="Het kwartaal, ook na februari 2026")
    assert isinstance(again, Prepared)
    assert again.new.again_of == (february,)
    with office.database.write() as connection:
        connection.execute(filings.update().values(status="afgesloten", ended="cancelled"))
    assert isinstance(prepared(office, period="2026-Q1"), Prepared)


def add_unit_member(office: OfficeAtWork, **taken: Any) -> None:
    """Put a second relation beside the first, a member of its fiscal unit with everything that it has."""
    with office.database.write() as connection:
        for table in (relations, relation_contacts, authorities, relation_roles):
            for row in connection.execute(table.select()).mappings().all():
                own = {"number": "1002"} if table is relations else {"relation": "1002"}
                connection.execute(table.insert().values({**row, **own}))
        if taken:
            row = {"relation": "1002", "product": "aangifte-btw", "frequency": "month", **taken}
            connection.execute(relation_products.insert().values(row))


def test_of_two_that_share_a_number_neither_starts_until_one_of_them_files(office: OfficeAtWork) -> None:
    add_unit_member(office, fiscal_unit=True)
    for one, other in (("1001", "1002"), ("1002", "1001")):
        found = prepared(office, relation=one)
        assert isinstance(found, NotReady)
        assert [m.code for m in found.missing] == ["shared_number"]
        assert found.text.startswith(
            f"Relatie {other} (Bakkerij Jansen B.V.) heeft hetzelfde omzetbelastingnummer en neemt hetzelfde "
            "product af."
        )
    ended = relation_products.update().where(relation_products.c.relation == "1002")
    with office.database.write() as connection:
        connection.execute(ended.values(until=date(2025, 12, 31)))
    assert isinstance(prepared(office), Prepared)


def test_what_one_filed_another_with_its_number_files_again_only_with_a_reason_that_names_it(
    office: OfficeAtWork,
) -> None:
    add_unit_member(office)
    first = office.prepared().new.id
    with office.database.write() as connection:
        connection.execute(relation_products.update().values(relation="1002"))
    found = prepared(office, relation="1002")
    assert isinstance(found, NotReady)
    assert "Aangifte BTW over januari 2026 is er al voor relatie 1001" in found.text
    for vague in ("Zeker weten", "Ook voor 11001"):
        assert isinstance(prepared(office, relation="1002", reason=vague), NotReady)
    again = prepared(office, relation="1002", reason="Na 1001: de suppletie volgt")
    assert isinstance(again, Prepared)
    assert (again.new.again_of, again.new.reports) == ((first,), ("omzetbelasting",))


def end_product(office: OfficeAtWork, until: date | None) -> None:
    """Have the first relation take the product until a day."""
    with office.database.write() as connection:
        first = relation_products.c.relation == "1001"
        connection.execute(relation_products.update().where(first).values(until=until))


QUARTER = {"relation": "1002", "period": "2026-Q1"}


def test_a_quarter_over_a_month_that_another_filed_starts_with_a_reason_once_the_product_of_that_one_ended(
    office: OfficeAtWork,
) -> None:
    january, reason = office.prepared().new.id, "Relatie 1001 diende januari in, dit is de rest"
    add_unit_member(office, frequency="quarter")
    going_on = prepared(office, **QUARTER, reason=reason)
    assert isinstance(going_on, NotReady)
    assert [m.code for m in going_on.missing] == ["shared_number"]
    assert going_on.text.endswith("beëindig het product bij de andere.")
    end_product(office, date(2026, 1, 31))
    open_yet = prepared(office, **QUARTER, reason=reason)
    assert isinstance(open_yet, NotReady)
    assert [m.code for m in open_yet.missing] == ["shared_number"]
    assert "dien daar eerst in over die dagen" in open_yet.text
    deliver(office, january)
    vague = prepared(office, **QUARTER)
    assert isinstance(vague, NotReady)
    assert [m.code for m in vague.missing] == ["filed_over"]
    assert "geef een reden op die relatie 1001 noemt" in vague.text
    again = prepared(office, **QUARTER, reason=reason)
    assert isinstance(again, Prepared)
    assert again.new.again_of == (january,)


def test_a_quarter_waits_for_a_month_that_another_has_yet_to_file_though_its_product_has_ended(
    office: OfficeAtWork,
) -> None:
    add_unit_member(office, frequency="quarter")
    end_product(office, date(2026, 1, 31))
    early = prepared(office, **QUARTER, reason="Na relatie 1001")
    assert isinstance(early, NotReady)
    assert [m.code for m in early.missing] == ["shared_number"]
    assert "neemt hetzelfde product af tot en met 31 januari 2026" in early.text
    assert "laat het bij de andere eerder eindigen, of dien daar eerst in over die dagen" in early.text


def deliver(office: OfficeAtWork, filing: str) -> object:
    """Write down that a filing's return is delivered under the number of the first relation."""
    now = datetime.now(UTC)
    with office.database.write() as connection:
        return begin_delivery(
            connection,
            NewDelivery(
                filing=filing,
                number=7,
                attempt=1,
                relation=filing.split("/")[2],
                identity_digest=identity_digest(Identity(OB_NUMBER, "Fi")),
                message_kind="Omzetbelasting",
                document="aangifte",
                sha256="0" * 64,
                aanleverkenmerk=filing[-40:],
                begun_at=now,
                expires_at=now,
            ),
        )


def test_what_went_out_under_a_number_that_was_corrected_is_filed_again_with_a_reason_that_names_it(
    office: OfficeAtWork,
) -> None:
    add_unit_member(office)
    first = office.prepared().new.id
    assert isinstance(deliver(office, first), Delivery)
    with office.database.write() as connection:
        mark_delivery_taken(connection, first, 7, "kenmerk", datetime.now(UTC))
        wrong = relations.update().where(relations.c.number == "1001")
        connection.execute(wrong.values(ob_number="987654321B01", rsin=None))
        connection.execute(relation_products.update().values(relation="1002"))
    found = prepared(office, relation="1002")
    assert isinstance(found, NotReady)
    assert "geef een reden op die relatie 1001 noemt" in found.text
    assert isinstance(prepared(office, relation="1002", period="2026-02"), Prepared)
    again = prepared(office, relation="1002", reason="Na 1001, die dit nummer per abuis had")
    assert isinstance(again, Prepared)
    assert again.new.again_of == (first,)
    with office.database.write() as connection:
        write_row(connection, again)
    assert isinstance(deliver(office, again.new.id), Delivery)


def test_two_suffixes_of_one_number_are_two_taxpayers(office: OfficeAtWork) -> None:
    with office.database.write() as connection:
        second = {"relation": "1001", "product": "aangifte-btw", "frequency": "month", "sub_number": "B02"}
        connection.execute(relation_products.update().values(sub_number="B01"))
        connection.execute(relation_products.insert().values(second))
    office.prepared(sub_number="B01")
    assert isinstance(prepared(office, sub_number="B02"), Prepared)
    add_unit_member(office, sub_number="B02")
    found = prepared(office, sub_number="B02")
    assert isinstance(found, NotReady)
    assert [m.code for m in found.missing] == ["shared_number"]


async def test_of_two_over_the_same_days_that_are_asked_for_at_once_one_starts(office: OfficeAtWork) -> None:
    plan = replace(VAT, template="nog-een")
    with office.database.write() as connection:
        publish(connection, [VAT, plan], office_of(VAT), revision="r2", author="test", at=AT.astimezone())
    first, second = await starter(office).write([wanted(), wanted(template="nog-een")])
    assert isinstance(first, Written)
    assert isinstance(second, NotReady)
    assert [m.code for m in second.missing] == ["filed_over"]


async def test_of_two_programs_that_start_over_the_same_days_at_once_one_does(
    office: OfficeAtWork, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = replace(VAT, template="nog-een")
    with office.database.write() as connection:
        publish(connection, [VAT, plan], office_of(VAT), revision="r2", author="test", at=AT.astimezone())
    other, writing = [wanted(template="nog-een")], Database.write
    first: list[object] = []

    @contextmanager
    def write(database: Database) -> Iterator[Connection]:
        """Let the other program write between the look of this one and its own writing."""
        if other:
            first.extend(asyncio.run(starter(office).write([other.pop()])))
        with writing(database) as connection:
            yield connection

    monkeypatch.setattr(Database, "write", write)
    (second,) = await starter(office).write([wanted()])
    assert [type(one) for one in first] == [Written]
    assert isinstance(second, NotReady)
    assert [m.code for m in second.missing] == ["filed_over"]


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


def starter(office: OfficeAtWork) -> Starter:
    """A starter that writes rows, which needs no server."""
    return Starter(office.equipment, cast(Client, None))


async def test_many_starts_take_as_few_statements_as_one(office: OfficeAtWork) -> None:
    sent = {}
    for periods in (("2026-01",), ("2026-02", "2026-03", "2026-04", "2026-05")):
        with count_statements(office.database) as statements:
            written = await starter(office).write([wanted(period=period) for period in periods])
        assert all(isinstance(one, Written) for one in written), written
        sent[len(periods)] = [one for one in statements if not one.startswith(("BEGIN", "PRAGMA"))]
    assert sent[1] == sent[4]
    assert len(sent[1]) <= 20, sent[1]


async def test_each_of_many_starts_is_written_or_told_why_not_in_order(office: OfficeAtWork) -> None:
    asked = [wanted(period=period) for period in ("2026-01", "2025-12", "2026-02", "2026-Q1")]
    written = await starter(office).write(asked)
    assert [type(one) for one in written] == [Written, NotReady, Written, NotReady]
    with office.database.read() as connection:
        assert [row.period for row in list_filings(connection)] == ["2026-01", "2026-02"]


async def test_rows_that_a_dead_process_left_are_begun_again_and_others_beside_them(
    office: OfficeAtWork,
) -> None:
    await starter(office).write([wanted(period="2026-01"), wanted(period="2026-02")])
    again = await starter(office).write([wanted(period=f"2026-0{month}") for month in (1, 2, 3)])
    assert [type(one) for one in again] == [Written] * 3
    with office.database.read() as connection:
        assert [row.period for row in list_filings(connection)] == ["2026-01", "2026-02", "2026-03"]


async def test_a_filing_that_was_begun_needs_nothing_to_be_ready_any_more(office: OfficeAtWork) -> None:
    await starter(office).write([wanted()])
    with office.database.write() as connection:
        connection.execute(filings.update().values(status="loopt", recorded=1))
        connection.execute(relation_products.delete())
    (found,) = await starter(office).write([wanted()])
    assert isinstance(found, Started)
    assert (found.filing, found.again) == (wanted().key.workflow_id, True)
