"""What waits longer than it may is told, with since when; what may still wait is well."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from kantoor.clock import PracticeClock
from kantoor.local.doctor.waiting import check_waiting
from kantoor.office.filings.recurrences import save_recurrence
from kantoor.office.office_clock import write_clock
from kantoor.runtime.recurrence_client import row_of
from tests.runtime.office import OfficeAtWork, make_office
from tests.runtime.test_recording import noted, record
from tests.test_recurrence import recurrence

GOOD = "every date and start that has come was acted on"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeAtWork]:
    office = make_office(tmp_path / "home")
    yield office
    office.equipment.close()


def told(office: OfficeAtWork) -> list[tuple[str, str]]:
    return [(one.state, one.text) for one in check_waiting(office.settings, office.database)]


def stop_clock(office: OfficeAtWork, at: datetime) -> None:
    """Have the office live by a practice clock that stands still at a moment, for an hour already."""
    clock = PracticeClock(
        real_anchor=datetime(2026, 1, 1, tzinfo=UTC), office_anchor=at, seconds_per_day=60, until=at
    )
    with office.database.write() as connection:
        write_clock(connection, msgspec.to_builtins(clock), at)


def save(office: OfficeAtWork, **facts: object) -> str:
    about = recurrence(**facts)
    with office.database.write() as connection:
        save_recurrence(connection, row_of(about))
    return about.workflow_id


def test_an_office_in_which_nothing_waits_is_well(office: OfficeAtWork) -> None:
    assert told(office) == [("good", GOOD)]


def test_a_recurrence_that_could_not_start_is_named_without_what_is_in_the_way(office: OfficeAtWork) -> None:
    id = save(office, start=date(2025, 12, 31), problem="Het omzetbelastingnummer ontbreekt.")
    text = f"{id}: could not start what was due, the oldest on 2025-12-31"
    assert told(office) == [("wrong", text)]


def test_a_recurrence_whose_start_has_passed_is_named_and_one_that_waits_for_its_day_is_well(
    office: OfficeAtWork,
) -> None:
    id = save(office, start=date(2025, 12, 31))
    assert told(office) == [("wrong", f"{id}: did not start what was due, the oldest on 2025-12-31")]
    (just,) = check_waiting(office.settings, office.database, {id})
    assert (just.state, just.text.partition(" acts now")[0]) == ("good", "what was revived")
    stop_clock(office, datetime(2025, 12, 31, 9))
    assert told(office) == [("good", GOOD)]


def test_a_filing_whose_date_has_come_and_was_not_acted_on_is_named(office: OfficeAtWork) -> None:
    input = noted(office.prepared())
    record(office, input)
    text = "a date came and nothing acted on it, the oldest on 2026-02-01 08:00 office time"
    assert told(office) == [("wrong", f"{input.workflow_id}: {text}")]
    (just,) = check_waiting(office.settings, office.database, {input.workflow_id})
    assert just.state == "good"
    stop_clock(office, datetime(2026, 1, 31, 9))
    assert told(office) == [("good", GOOD)]
