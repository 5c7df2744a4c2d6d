"""Messages, plans, the clock and recurrences: small rows that several processes keep."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from kantoor.data import replace
from kantoor.office.database.engine import Database
from kantoor.office.filings.messages import (
    NewMessage,
    begin_message,
    forget_put_off,
    message_not_taken,
    message_sent,
    messages_of,
    put_off_message,
)
from kantoor.office.filings.recurrences import Recurrence, find_recurrence, list_recurrences, save_recurrence
from kantoor.office.office_clock import last_office_time, note_office_time, read_clock, write_clock
from kantoor.office.plans import active_office, plan_by_digest, plan_in_force, publish, read_written
from kantoor.plan import Plan, Written, WrittenPart, digest

from .material import NOW, OFFICE, PLAN, start, vat_plan

AT = datetime(2026, 1, 5, 9, 0)


def message(recipient: str = "c1") -> NewMessage:
    return NewMessage(
        filing="filing/btw-aangifte/1001/2026-01/-/1",
        number=3,
        recipient=recipient,
        message="akkoord",
        purpose="offer",
        message_id=f"<3.{recipient}@linde.example>",
        address="anna@korenaar.example",
        language="nl",
        subject="Akkoord?",
        body="…",
        at=AT,
    )


@pytest.fixture
def filed(office: Database) -> Database:
    with office.write() as connection:
        start(connection)
    return office


def test_a_message_that_was_sent_is_known_as_sent(filed: Database) -> None:
    with filed.write() as connection:
        begun = begin_message(connection, message())
        assert (begun.sent_at, begun.repeated) == (None, False)
        message_sent(connection, begun, NOW)
        again = begin_message(connection, message())
    assert (again.sent_at, again.repeated) == (NOW, False)


def test_a_message_of_which_that_is_not_known_goes_out_again_and_says_so(filed: Database) -> None:
    with filed.write() as connection:
        begin_message(connection, message())
        again = begin_message(connection, message())
        assert (again.sent_at, again.repeated) == (None, True)
        message_sent(connection, again, NOW)
        assert messages_of(connection, message().filing, 3)[0].repeated


def test_a_message_that_goes_out_again_has_the_same_words_to_the_same_address_and_others_to_another(
    filed: Database,
) -> None:
    reworded = message().model_copy(update={"body": "Anders"})
    with filed.write() as connection:
        begin_message(connection, message())
        assert begin_message(connection, reworded).body == message().body
        moved = reworded.model_copy(update={"address": "juist@elders.example", "message_id": "<o@l.example>"})
        again = begin_message(connection, moved)
    assert again.model_dump(include={*moved.model_dump()}) == moved.model_dump()
    assert (again.repeated, again.unsure, again.sent_at) == (True, True, None)


def test_a_message_that_surely_was_not_sent_is_no_repetition(filed: Database) -> None:
    with filed.write() as connection:
        message_not_taken(connection, begin_message(connection, message()))
        corrected = message().model_copy(update={"address": "anna@elders.example"})
        again = begin_message(connection, corrected)
    assert (again.repeated, again.address) == (False, "anna@elders.example")


def test_a_message_that_may_have_been_sent_is_a_repetition_under_another_number_too(filed: Database) -> None:
    later = message().model_copy(update={"number": 4, "message_id": "<4.c1@linde.example>"})
    other = later.model_copy(update={"recipient": "c2", "message_id": "<4.c2@linde.example>"})
    with filed.write() as connection:
        begin_message(connection, message())
        assert begin_message(connection, later).repeated
        assert not begin_message(connection, other).repeated


def test_since_when_a_message_is_put_off_is_kept_until_the_server_is_away(filed: Database) -> None:
    hour = timedelta(hours=1)
    with filed.write() as connection:
        begin_message(connection, message())
        assert put_off_message(connection, message(), NOW) == NOW
        assert put_off_message(connection, message(), NOW + hour) == NOW
        forget_put_off(connection, message().filing, message().number)
        assert put_off_message(connection, message(), NOW + hour) == NOW + hour


def test_each_reader_has_a_message_of_their_own(filed: Database) -> None:
    with filed.write() as connection:
        for reader in ("c2", "c1"):
            begin_message(connection, message(reader))
        found = messages_of(connection, message().filing)
    assert [m.recipient for m in found] == ["c1", "c2"]


def deploy(database: Database, *plans: Plan, **facts: Any) -> dict[str, str]:
    values = {"revision": "r2", "author": "An Admin", "at": NOW, **facts}
    with database.write() as connection:
        return {p.template: p.change for p in publish(connection, plans, OFFICE, **values)}


def test_publishing_tells_what_it_changes(database: Database) -> None:
    assert deploy(database, PLAN) == {"btw-aangifte": "unchanged"}
    assert deploy(database, vat_plan(title="BTW")) == {"btw-aangifte": "changed"}
    other = replace(PLAN, template="suppletie")
    assert deploy(database, other) == {"btw-aangifte": "withdrawn", "suppletie": "new"}


def test_one_plan_of_a_template_is_active_and_earlier_ones_stay_readable(database: Database) -> None:
    newer = vat_plan(title="BTW")
    deploy(database, newer)
    with database.read() as connection:
        active = plan_in_force(connection, "btw-aangifte", "1001")
        earlier = plan_by_digest(connection, digest(PLAN))
    assert active is not None
    assert (active.plan, active.digest) == (newer, digest(newer))
    assert earlier is not None
    assert (earlier.plan, earlier.active, earlier.revision) == (PLAN, False, "abc")


def test_where_parts_are_written_is_renewed_by_each_deploy(database: Database) -> None:
    parts = (WrittenPart(kind="phase", title="Opstellen", file="workflows/btw-aangifte.yaml", line=7),)
    with database.read() as connection:
        assert read_written(connection, digest(PLAN)) is None  # deployed before anybody kept it
    for revision in ("r3", "r4"):
        written = Written(revision=revision, parts=parts)
        assert deploy(database, PLAN, written={"btw-aangifte": written}) == {"btw-aangifte": "unchanged"}
        with database.read() as connection:
            assert read_written(connection, digest(PLAN)) == written


def test_a_withdrawn_template_cannot_be_started_and_can_come_back(database: Database) -> None:
    deploy(database)
    with database.read() as connection:
        assert plan_in_force(connection, "btw-aangifte", "1001") is None
    assert deploy(database, PLAN) == {"btw-aangifte": "new"}


def test_the_office_definitions_that_were_published_last_count(database: Database) -> None:
    newer = replace(OFFICE, opening_hour=9)
    with database.write() as connection:
        publish(connection, [PLAN], newer, revision="", author="", at=NOW)
        assert active_office(connection) == newer


def test_an_office_without_a_practice_clock_has_none(database: Database) -> None:
    with database.read() as connection:
        assert read_clock(connection) is None
        assert last_office_time(connection) is None


def test_the_clock_is_one_row_and_office_time_never_goes_back(database: Database) -> None:
    with database.write() as connection:
        write_clock(connection, {"kind": "practice", "seconds_per_day": 1.5}, AT)
        write_clock(connection, {"kind": "practice", "seconds_per_day": 2.0}, AT)
        assert read_clock(connection) == {"kind": "practice", "seconds_per_day": 2.0}
        note_office_time(connection, AT.replace(hour=10))
        note_office_time(connection, AT.replace(hour=9))
        assert last_office_time(connection) == AT.replace(hour=10)


def test_office_time_and_real_time_cannot_be_mixed_up(database: Database) -> None:
    for wrong in (datetime(2026, 1, 1, tzinfo=UTC),):
        with pytest.raises(Exception, match="office time must be naive"), database.write() as connection:
            write_clock(connection, {}, wrong)
    with pytest.raises(Exception, match="real time must have a zone"):
        deploy(database, replace(PLAN, template="x"), at=AT)


def test_a_recurrence_is_kept_as_it_is_now(office: Database) -> None:
    first = Recurrence(
        relation="1001",
        template="btw-aangifte",
        product="aangifte-btw",
        next_period="2026-02",
        next_start=date(2026, 1, 31),
    )
    later = first.model_copy(update={"next_period": "2026-03", "status": "paused", "problem": "geen rol"})
    with office.write() as connection:
        save_recurrence(connection, first)
        save_recurrence(connection, later)
        assert find_recurrence(connection, "1001", "btw-aangifte") == later
        assert find_recurrence(connection, "1002", "btw-aangifte") is None
        assert list_recurrences(connection, template="btw-aangifte") == (later,)
        assert list_recurrences(connection, relation="1002") == ()
    assert later.workflow_id == "recurrence/btw-aangifte/1001/-"
