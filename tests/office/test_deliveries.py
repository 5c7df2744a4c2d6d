"""A delivery's attempt is written once, before sending, and goes only where its status can go."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import deliveries, filings, timeline
from kantoor.office.filings.deliveries import (
    Delivery,
    DeliveryConflictError,
    DeliveryThere,
    DeliveryWaits,
    NewDelivery,
    begin_delivery,
    deliveries_of,
    delivery_failed,
    find_delivery,
    give_up_delivery,
    known_kenmerken,
    list_deliveries,
    list_unwritten,
    mark_delivery_judged,
    mark_delivery_lost,
    mark_delivery_taken,
    reopen_delivery,
    restore_delivery,
)

from .material import start

AT = datetime(2026, 2, 1, 12, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=5)
FILING = "filing/btw-aangifte/1001/2026-01/-/1"
OTHER = "filing/btw-aangifte/1001/2026-02/-/1"
KIND = "Omzetbelasting"


def attempt(filing: str = FILING, number: int = 7, **facts: Any) -> NewDelivery:
    values = {
        "filing": filing,
        "number": number,
        "attempt": 1,
        "relation": "1001",
        "identity_digest": "jansen",
        "message_kind": KIND,
        "document": "aangifte",
        "sha256": "ab" * 32,
        "aanleverkenmerk": f"K-{filing[-8:]}-{number}"[:40],
        "begun_at": AT,
        "expires_at": LATER,
        "listed": ("oud",),
        **facts,
    }
    return NewDelivery.model_validate(values)


@pytest.fixture
def filed(office: Database) -> Database:
    with office.write() as connection:
        start(connection, "1001", "2026-01")
        start(connection, "1001", "2026-02")
        begin_delivery(connection, attempt())
    return office


def moved(filed: Database, move: Callable[[Connection], Delivery]) -> Delivery:
    with filed.write() as connection:
        return move(connection)


def test_the_same_command_again_is_told_how_far_it_came(filed: Database) -> None:
    with filed.write() as connection:
        again = begin_delivery(connection, attempt(aanleverkenmerk="another"))
    assert isinstance(again, DeliveryThere)
    assert again.delivery.status == "sending"
    assert again.delivery.listed == ("oud",)
    assert again.delivery.begun_at == AT


def test_another_delivery_of_the_same_identity_and_kind_waits_while_one_is_unanswered(
    filed: Database,
) -> None:
    with filed.write() as connection:
        under_one_number = attempt(OTHER, relation="1002")
        assert isinstance(begin_delivery(connection, under_one_number), DeliveryWaits)
        mark_delivery_lost(connection, FILING, 7)
        assert isinstance(begin_delivery(connection, attempt(OTHER)), DeliveryWaits)
        assert isinstance(begin_delivery(connection, attempt(OTHER, message_kind="ICP")), Delivery)
        mark_delivery_taken(connection, FILING, 7, "kenmerk-1", LATER)
        begun = begin_delivery(connection, attempt(OTHER, number=8))
    assert isinstance(begun, Delivery)


def test_a_delivery_that_was_asked_for_is_told_until_an_attempt_of_it_is_written_down(
    filed: Database,
) -> None:
    entry = {"at": AT.replace(tzinfo=None), "by": "system", "what": "delivering", "recorded_at": AT}
    with filed.write() as connection:
        connection.execute(filings.update().values(phases=["nakijken", "indienen"], status="loopt"))
        for filing in (FILING, OTHER):
            said = {"title": "aangifte", "hash": "ab" * 32, "attempt": "1"}
            row = entry | {"filing": filing, "sequence": 9, "index": 0, "data": said}
            connection.execute(timeline.insert().values(row))
        assert list_unwritten(connection, {"indienen"}, 5) == [(OTHER, AT)]
        assert list_unwritten(connection, {"n_kijken", "dienen"}, 5) == []
        give_up_delivery(connection, attempt(OTHER, identity_digest=""), "certificaat verlopen")
        assert list_unwritten(connection, {"indienen"}, 5) == []


def test_what_was_given_up_no_other_run_of_the_command_begins_any_more(filed: Database) -> None:
    with filed.write() as connection:
        given_up = give_up_delivery(connection, attempt(OTHER, identity_digest=""), "certificaat verlopen")
        late = begin_delivery(connection, attempt(OTHER))
        again = give_up_delivery(connection, attempt(OTHER), "iets anders")
    assert (given_up.status, given_up.text) == ("failed", "certificaat verlopen")
    assert isinstance(late, DeliveryThere)
    assert late.delivery == again == given_up


def test_what_another_run_began_is_not_given_up(filed: Database) -> None:
    with filed.write() as connection:
        assert give_up_delivery(connection, attempt(), "certificaat verlopen").status == "sending"
        mark_delivery_taken(connection, FILING, 7, "kenmerk-1", LATER)
        assert give_up_delivery(connection, attempt(), "certificaat verlopen").kenmerk == "kenmerk-1"


def test_the_database_itself_refuses_two_unanswered_ones(filed: Database) -> None:
    row = attempt(OTHER).model_dump(exclude={"listed"})
    with pytest.raises(Exception, match=r"(?i)unique"), filed.write() as connection:
        connection.execute(deliveries.insert().values(**row, listed=[]))


def test_a_delivery_that_was_taken_and_accepted_keeps_the_receipt(filed: Database) -> None:
    moved(filed, lambda c: mark_delivery_taken(c, FILING, 7, "kenmerk-1", AT, receipt="r1"))
    found = moved(
        filed,
        lambda c: mark_delivery_judged(c, FILING, 7, accepted=True, code="500", text="Verwerkt", at=LATER),
    )
    assert (found.status, found.kenmerk, found.receipt) == ("accepted", "kenmerk-1", "r1")
    assert (found.taken_at, found.judged_at) == (AT, LATER)


def test_a_lost_answer_that_the_gateway_never_had_is_sent_again(filed: Database) -> None:
    moved(filed, lambda c: mark_delivery_lost(c, FILING, 7))
    found = moved(
        filed, lambda c: reopen_delivery(c, FILING, 7, at=AT, expires_at=LATER, listed=("oud", "nieuw"))
    )
    assert (found.status, found.listed) == ("sending", ("oud", "nieuw"))
    assert (found.sendings, found.sent_at, found.expires_at) == (2, AT, LATER)


def test_saying_the_same_again_changes_nothing(filed: Database) -> None:
    once = moved(filed, lambda c: mark_delivery_taken(c, FILING, 7, "kenmerk-1", AT))
    assert moved(filed, lambda c: mark_delivery_taken(c, FILING, 7, "kenmerk-1", LATER)) == once


@pytest.mark.parametrize(
    "move",
    [
        lambda c: mark_delivery_taken(c, FILING, 7, "kenmerk-2", AT),
        lambda c: mark_delivery_lost(c, FILING, 7),
        lambda c: reopen_delivery(c, FILING, 7, at=AT, expires_at=LATER, listed=()),
        lambda c: mark_delivery_taken(c, FILING, 99, "kenmerk-3", AT),
    ],
)
def test_what_cannot_follow_is_refused(filed: Database, move: Callable[[Connection], Delivery]) -> None:
    moved(filed, lambda c: mark_delivery_taken(c, FILING, 7, "kenmerk-1", AT))
    with pytest.raises(DeliveryConflictError):
        moved(filed, move)
    with filed.read() as connection:
        found = find_delivery(connection, FILING, 7)
    assert found is not None
    assert (found.status, found.kenmerk) == ("taken", "kenmerk-1")


def test_a_final_status_stays(filed: Database) -> None:
    moved(filed, lambda c: delivery_failed(c, FILING, 7, "certificaat verlopen", LATER))
    with pytest.raises(DeliveryConflictError):
        moved(filed, lambda c: mark_delivery_taken(c, FILING, 7, "kenmerk-1", AT))


def test_the_gateways_references_are_known_by_relation_and_kind(filed: Database) -> None:
    moved(filed, lambda c: mark_delivery_taken(c, FILING, 7, "kenmerk-1", AT))
    with filed.read() as connection:
        assert known_kenmerken(connection, "jansen", KIND) == {"kenmerk-1"}
        assert known_kenmerken(connection, "jansen", "ICP") == frozenset()
        assert [d.number for d in deliveries_of(connection, FILING)] == [7]
        assert list_deliveries(connection, status="accepted") == ()


def test_what_is_restored_goes_on_from_what_is_known_and_never_back(filed: Database) -> None:
    taken = {"kenmerk": "kenmerk-1", "taken_at": AT}
    judged = taken | {"code": "500", "text": "Verwerkt", "judged_at": LATER}
    with filed.write() as connection:
        assert not restore_delivery(connection, attempt(), "unknown", {})
        assert restore_delivery(connection, attempt(), "accepted", judged)
        assert not restore_delivery(connection, attempt(), "taken", taken)
        assert restore_delivery(connection, attempt(OTHER), "failed", {"text": "certificaat verlopen"})
        one, other = list_deliveries(connection)
    assert (one.status, one.kenmerk, one.listed) == ("accepted", "kenmerk-1", ("oud",))
    assert (other.status, other.text) == ("failed", "certificaat verlopen")


def test_one_that_may_be_under_way_is_not_restored_beside_another_of_its_identity_and_kind(
    filed: Database,
) -> None:
    with filed.write() as connection:
        assert not restore_delivery(connection, attempt(OTHER), "unknown", {})
        mark_delivery_taken(connection, FILING, 7, "kenmerk-1", LATER)
        assert restore_delivery(connection, attempt(OTHER), "unknown", {})
        assert isinstance(begin_delivery(connection, attempt(OTHER)), DeliveryThere)
