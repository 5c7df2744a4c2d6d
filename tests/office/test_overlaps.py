"""A return is filed once over each stretch of days, whatever its relation and its period are called (R63)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from kantoor.office.database import migrate
from kantoor.office.database.engine import Database, open_database
from kantoor.office.database.tables import filings, plans, relations, timeline
from kantoor.office.filings.deliveries import (
    Delivery,
    DeliveryStatus,
    NewDelivery,
    begin_delivery,
    delivery_failed,
    mark_delivery_judged,
    mark_delivery_lost,
    mark_delivery_taken,
)
from kantoor.office.filings.filing import find_filing
from kantoor.office.filings.overlaps import FiledAlready, filings_between
from kantoor.plan import digest, plan_bytes

from .material import PLAN, start

AT = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
FIRST = "filing/btw-aangifte/1001/2026-02/-/1"


def deliver(connection: Connection, filing: str, **facts: Any) -> object:
    values = {
        "filing": filing,
        "number": 7,
        "attempt": 1,
        "relation": filing.split("/")[2],
        "identity_digest": "eenheid",
        "message_kind": "Omzetbelasting",
        "document": "aangifte",
        "sha256": "ab" * 32,
        "aanleverkenmerk": filing.removeprefix("filing/"),
        "begun_at": AT,
        "expires_at": AT + timedelta(minutes=5),
        **facts,
    }
    return begin_delivery(connection, NewDelivery.model_validate(values))


def bring_to(connection: Connection, status: DeliveryStatus) -> None:
    """Bring the first filing's delivery to a status."""
    if status == "unknown":
        mark_delivery_lost(connection, FIRST, 7)
    elif status == "failed":
        delivery_failed(connection, FIRST, 7, "certificaat verlopen", AT)
    elif status != "sending":
        mark_delivery_taken(connection, FIRST, 7, "kenmerk-1", AT)
        if status != "taken":
            accepted = status == "accepted"
            mark_delivery_judged(connection, FIRST, 7, accepted=accepted, code="500", text="x", at=AT)


@pytest.fixture
def filed(office: Database) -> Database:
    with office.write() as connection:
        start(connection, "1001", "2026-02")
        deliver(connection, FIRST)
    return office


@pytest.mark.parametrize("status", ["sending", "unknown", "taken", "accepted"])
@pytest.mark.parametrize("period", ["2026-02", "2026-Q1", "2026"])
def test_what_the_authority_has_or_may_have_is_not_filed_for_another_relation(
    filed: Database, status: DeliveryStatus, period: str
) -> None:
    with filed.write() as connection:
        bring_to(connection, status)
        second = start(connection, "1002", period)
        found = deliver(connection, second.id)
    assert found == FiledAlready(filing=FIRST, relation="1001", period="2026-02")


@pytest.mark.parametrize("status", ["refused", "failed"])
def test_what_the_authority_does_not_have_is_filed(filed: Database, status: DeliveryStatus) -> None:
    with filed.write() as connection:
        bring_to(connection, status)
        second = start(connection, "1002", "2026-Q1")
        assert isinstance(deliver(connection, second.id), Delivery)


@pytest.mark.parametrize(
    ("period", "facts"),
    [("2026-03", {}), ("2026-Q1", {"identity_digest": "ander"}), ("2026-Q1", {"message_kind": "ICP"})],
)
def test_other_days_another_taxpayer_or_another_report_is_another_return(
    filed: Database, period: str, facts: dict[str, str]
) -> None:
    with filed.write() as connection:
        bring_to(connection, "accepted")
        second = start(connection, "1002", period)
        assert isinstance(deliver(connection, second.id, **facts), Delivery)


def test_a_reason_that_is_about_the_other_filing_lets_both_be_filed(filed: Database) -> None:
    reason = {"again_reason": "Suppletie", "again_of": (FIRST,), "sequence": 2}
    with filed.write() as connection:
        bring_to(connection, "accepted")
        again = start(connection, "1001", "2026-02", **reason)
        assert isinstance(deliver(connection, again.id), Delivery)
        third = start(connection, "1002", "2026-Q1", again_reason="Iets anders", again_of=(again.id,))
        assert isinstance(deliver(connection, third.id), FiledAlready)
        found = find_filing(connection, again.id)
    assert found is not None
    assert (found.again_of, found.again_reason) == ((FIRST,), "Suppletie")


def test_the_first_filing_can_be_delivered_after_the_further_one(filed: Database) -> None:
    with filed.write() as connection:
        slow = start(connection, "1002", "2026-03")
        again = start(connection, "1001", "2026-Q1", again_reason="Correctie", again_of=(FIRST, slow.id))
        bring_to(connection, "failed")
        deliver(connection, again.id)
        mark_delivery_taken(connection, again.id, 7, "kenmerk-2", AT)
        assert isinstance(deliver(connection, FIRST, number=8, aanleverkenmerk="b"), Delivery)


def test_filings_over_days_are_found_by_relation_and_cancelled_ones_are_not(office: Database) -> None:
    with office.write() as connection:
        for relation, period in (("1001", "2026-01"), ("1001", "2026-03"), ("1002", "2026-Q1")):
            start(connection, relation, period)
        gone = start(connection, "1001", "2026-02")
        ended = {"ended": "cancelled", "status": "afgesloten"}
        connection.execute(filings.update().where(filings.c.id == gone.id).values(**ended))
        found = filings_between(connection, ["1001", "1002"], date(2026, 2, 1), date(2026, 3, 1))
        alone = filings_between(connection, ["1002"], date(2026, 1, 31), date(2026, 1, 31))
    assert {n: [one.period for one in them] for n, them in found.items()} == {
        "1001": ["2026-03"],
        "1002": ["2026-Q1"],
    }
    assert [*alone] == ["1002"]


@pytest.mark.parametrize(
    ("status", "behind"), [("sending", True), ("accepted", True), ("refused", False), ("failed", False)]
)
def test_a_filing_is_behind_where_the_authority_has_or_may_have_its_return(
    filed: Database, status: DeliveryStatus, behind: bool
) -> None:
    with filed.write() as connection:
        bring_to(connection, status)
        (found,) = filings_between(connection, ["1001"], date(2026, 2, 1), date(2026, 2, 1))["1001"]
    assert found.behind == behind


@pytest.mark.parametrize("by_hand", [True, False])
def test_a_filing_is_behind_where_its_return_was_delivered_by_hand_or_it_has_ended(
    office: Database, by_hand: bool
) -> None:
    with office.write() as connection:
        own = start(connection, "1001", "2026-02").id
        of = {"filing": own, "sequence": 1, "index": 0, "at": AT.replace(tzinfo=None), "by": "dirk"}
        if by_hand:
            told = {"what": "delivered_by_hand", "data": {}, "recorded_at": AT}
            connection.execute(timeline.insert().values(**of, **told))
        else:
            connection.execute(filings.update().where(filings.c.id == own).values(ended="completed"))
        (found,) = filings_between(connection, ["1001"], date(2026, 2, 1), date(2026, 2, 1))["1001"]
    assert found.behind


def test_old_filings_are_given_their_days_reports_and_the_first_that_a_reason_was_about(
    empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = open_database(empty_url)
    migrate_to(database, "0003", monkeypatch)
    with database.write() as connection:
        plan = {"digest": digest(PLAN), "template": "btw-aangifte", "json": plan_bytes(PLAN).decode()}
        connection.execute(plans.insert().values(**plan, published_at=AT))
        relation = {"number": "1001", "name": "Korenaar", "kind": "organisation"}
        connection.execute(relations.insert().values(relation))
        for sequence in (1, 2, 3):
            connection.execute(
                text(
                    "INSERT INTO filings (id, template, relation, period, sub_number, sequence, product,"
                    " plan, start_date) VALUES (:id, 'btw-aangifte', '1001', '2026-Q1', '-', :sequence,"
                    " 'aangifte-btw', :plan, '2026-01-01')"
                ),
                {"id": f"filing/{sequence}", "sequence": sequence, "plan": digest(PLAN)},
            )
    migrate.upgrade(database)
    with database.read() as connection:
        found = filings_between(connection, ["1001"], date(2026, 3, 31), date(2026, 3, 31))["1001"]
        assert {one.reports for one in found} == {("omzetbelasting",)}
        assert {(one.first_day, one.last_day) for one in found} == {(date(2026, 1, 1), date(2026, 3, 31))}
        last = find_filing(connection, "filing/3")
    assert last is not None
    assert last.again_of == ("filing/1", "filing/2")


def migrate_to(database: Database, revision: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the schema of an older kantoor."""
    config = Config()
    config.set_main_option("script_location", str(migrate.FOLDER))
    with database.changing_schema() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
