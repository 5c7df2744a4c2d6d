"""What a worker looks after beside its tasks."""

import asyncio
import shutil
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from kantoor.clock import PracticeClock
from kantoor.office.alarms import all_alarms, raise_alarm
from kantoor.office.database.errors import DatabaseDamagedError, DatabaseLockedError
from kantoor.office.database.tables import alarms, filings, sessions
from kantoor.office.filings.recurrences import list_not_begun, save_recurrence, stop_planned
from kantoor.office.office_clock import last_office_time, write_clock
from kantoor.office.programs import read_programs
from kantoor.office.visits.sessions import begin_session
from kantoor.office.visits.tokens import digest_token
from kantoor.runtime import beginning, polling, renewing, rounds
from kantoor.runtime.beginning import StartWatch
from kantoor.runtime.filing_workflow import FilingWorkflow
from kantoor.runtime.missing import find_why_missing
from kantoor.runtime.practice_clock import note_time
from kantoor.runtime.recurrence_client import row_of
from kantoor.runtime.rounds import make_rounds
from kantoor.runtime.starter import Starter
from kantoor.service.upkeep.programs import judge_programs
from tests.test_recurrence import recurrence

from .office import make_office
from .test_recording import noted, record


async def test_visits_that_are_over_are_forgotten(dev_client: Client, tmp_path: Path) -> None:
    office, now, hour = make_office(tmp_path / "home"), datetime.now(UTC), timedelta(hours=1)
    with office.database.write() as connection:
        begin_session(connection, "ans", at=now - hour, until=now - hour)
        token = begin_session(connection, "ans", at=now, until=now + hour)

    def list_sessions() -> list[str]:
        with office.database.read() as connection:
            return list(connection.execute(select(sessions.c.token)).scalars())

    rounds = asyncio.create_task(make_rounds(office.equipment, dev_client))
    async with asyncio.timeout(30):
        while len(list_sessions()) > 1:
            await asyncio.sleep(0.05)
    assert list_sessions() == [digest_token(token)]
    rounds.cancel()
    with suppress(asyncio.CancelledError):
        await rounds
    office.equipment.close()


async def test_what_does_not_run_is_an_alarm_also_where_views_cannot_be_renewed(
    dev_client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    office = make_office(tmp_path / "home")
    office.prepared()
    with office.database.changing_schema() as connection:
        connection.execute(filings.update().values(recorded=1))
        connection.exec_driver_sql("ALTER TABLE office DROP COLUMN views_by")

    def list_alarms() -> list[str]:
        with office.database.read() as connection:
            return [alarm.kind for alarm in all_alarms(connection)]

    rounds = asyncio.create_task(make_rounds(office.equipment, dev_client))
    async with asyncio.timeout(30):
        while not list_alarms() or "how open filings stand" not in caplog.text:
            await asyncio.sleep(0.05)
    assert list_alarms() == ["not_running"]
    rounds.cancel()
    with suppress(asyncio.CancelledError):
        await rounds
    office.equipment.close()


async def test_it_is_known_since_when_the_server_or_the_last_worker_does_not_answer(
    dev_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, begun = make_office(tmp_path / "home"), datetime.now(UTC)

    def say(later: timedelta = timedelta(0)) -> list[tuple[str, bool]]:
        with office.database.read() as connection:
            found = judge_programs(read_programs(connection), datetime.now(UTC) + later)
        assert all(one.at >= begun for one in found if one.at)
        return [(one.state, one.at is not None) for one in found if one.name in ("worker", "temporal")]

    assert say() == [("unknown", False), ("unknown", False)]
    await polling.beat(office.equipment, dev_client)
    assert say() == [("unknown", False), ("unknown", False)]  # nobody polls: nothing works here
    queue = office.settings.temporal.task_queue
    async with Worker(dev_client, task_queue=queue, workflows=[FilingWorkflow]):
        async with asyncio.timeout(30):
            while not await polling.count_pollers(dev_client, queue):
                await asyncio.sleep(0.05)
        await polling.beat(office.equipment, dev_client)
    assert say() == [("answers", False), ("answers", False)]

    async def be_away(*_: object) -> int:
        raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")

    monkeypatch.setattr(polling, "count_pollers", be_away)
    await polling.beat(office.equipment, dev_client)
    assert say() == [("answers", False), ("silent", True)]
    assert say(later=timedelta(minutes=2)) == [("silent", True), ("unknown", False)]
    office.equipment.close()


async def test_what_was_planned_and_never_began_is_told_while_the_server_is_away_and_begun_when_it_is_back(
    dev_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office(tmp_path / "home")
    prepared = office.prepared()
    id, about = prepared.new.id, recurrence()
    with office.database.write() as connection:
        save_recurrence(connection, row_of(about).model_copy(update={"begun": False}))
    watch = StartWatch(office.equipment, dev_client)

    def list_alarms() -> list[tuple[str, str]]:
        with office.database.read() as connection:
            return [(alarm.kind, alarm.filing) for alarm in all_alarms(connection)]

    assert not await watch.look()
    assert list_alarms() == []  # whoever starts it is still at it
    monkeypatch.setattr(beginning, "PATIENCE_SECONDS", 0.0)

    async def be_away(*_: object) -> None:
        raise RPCError("away", RPCStatusCode.UNAVAILABLE, b"")

    monkeypatch.setattr(beginning, "find_why_missing", be_away)
    with pytest.raises(RPCError):
        await watch.look()
    assert list_alarms() == [("not_begun", id), ("not_begun", about.workflow_id)]

    async def fail_for_one(client: Client, workflow_id: str) -> object:
        if workflow_id == id:
            raise ValueError("of somebody")
        return await find_why_missing(client, workflow_id)

    monkeypatch.setattr(beginning, "find_why_missing", fail_for_one)
    with pytest.raises(ValueError, match="of somebody"):
        await watch.look()
    assert list_alarms() == [("not_begun", id)]  # the other began
    with office.database.read() as connection:
        assert [alarm.text for alarm in all_alarms(connection)] == [
            "planned, and its start fails: ValueError"
        ]
    monkeypatch.undo()
    assert not await StartWatch(office.equipment, dev_client).look()  # a worker that was started again
    assert list_alarms() == []
    assert await find_why_missing(dev_client, id) is None
    assert await find_why_missing(dev_client, about.workflow_id) is None
    with office.database.read() as connection:
        assert list_not_begun(connection) == ()
    with office.database.write() as connection:
        raise_alarm(connection, "not_begun", id, "2026-01-05T08:00", "away")
    record(office, noted(prepared))
    assert list_alarms() == []
    office.equipment.close()


async def test_what_is_not_tried_in_a_round_is_told_as_before_and_not_once_more(
    dev_client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, one = make_office(tmp_path / "home"), row_of(recurrence())
    with office.database.write() as connection:
        for number in range(5):
            planned = one.model_copy(update={"begun": False, "sub_number": f"{number}"})
            save_recurrence(connection, planned)
    watch = StartWatch(office.equipment, dev_client)
    monkeypatch.setattr(beginning, "PATIENCE_SECONDS", 0.0)

    async def be_silent(*_: object) -> None:
        raise TimeoutError

    def list_alarms() -> list[tuple[int, str]]:
        with office.database.read() as connection:
            return [(row.id, row.text) for row in connection.execute(select(alarms).order_by(alarms.c.id))]

    monkeypatch.setattr(beginning, "find_why_missing", be_silent)
    told = []
    for _ in range(4):
        await watch.look()
        told.append(list_alarms())
    assert [len(some) for some in told] == [3, 5, 5, 5]
    assert told[1][:3] == told[0]
    assert told[1] == told[2] == told[3]
    assert {text for _, text in told[3]} == {beginning._SILENT}
    office.equipment.close()


async def test_what_is_stopped_before_a_worker_comes_to_it_does_not_begin(
    dev_client: Client, tmp_path: Path
) -> None:
    office = make_office(tmp_path / "home")
    row = row_of(recurrence()).model_copy(update={"begun": False})
    with office.database.write() as connection:
        save_recurrence(connection, row)
        assert stop_planned(connection, row, "tom", "a1")
        assert not stop_planned(connection, row, "marieke", "a2")  # it was stopped already
        assert list_not_begun(connection) == ()
    assert await Starter(office.equipment, dev_client).begin_as_written(row) is None
    assert await find_why_missing(dev_client, row.workflow_id) is not None
    office.equipment.close()


async def test_what_goes_wrong_in_a_round_is_told_once_and_what_passes_is_not(
    dev_client: Client, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No server here refuses access, so the answers are made up."""
    office = make_office(tmp_path / "home")
    answers = iter(
        [
            *[RPCError("away", RPCStatusCode.UNAVAILABLE, b"")] * 2,
            *[RPCError("not yours", RPCStatusCode.PERMISSION_DENIED, b"")] * 3,
            DatabaseLockedError("busy"),
            *[DatabaseDamagedError("damaged")] * 3,
        ]
    )
    over = asyncio.Event()

    async def match(*_: object) -> None:
        error = next(answers, None)
        if error is not None:
            raise error
        over.set()

    monkeypatch.setattr(rounds, "match_notices", match)
    monkeypatch.setattr(rounds, "REFRESH_SECONDS", 0.01)
    making = asyncio.create_task(make_rounds(office.equipment, dev_client))
    async with asyncio.timeout(30):
        await over.wait()
    told = [one.getMessage().partition(" in ")[0] for one in caplog.records if one.name == rounds.__name__]
    assert told == [
        "a round failed: RPCError PERMISSION_DENIED",
        "a round failed: DatabaseDamagedError",
    ]
    making.cancel()
    with suppress(asyncio.CancelledError):
        await making
    office.equipment.close()


def test_what_a_practice_clock_shows_is_written_down_until_it_stands_still(tmp_path: Path) -> None:
    """One that stands still is only read: to write, this thread would wait for itself."""
    begun = datetime(2026, 2, 3, 8)
    stopped = begun + timedelta(days=1)
    clock = PracticeClock(
        real_anchor=datetime.now(UTC) - timedelta(hours=1),
        office_anchor=begun,
        seconds_per_day=1,
        until=stopped,
    )
    office = make_office(tmp_path / "home")
    with office.database.write() as connection:
        write_clock(connection, msgspec.to_builtins(clock), begun)
    note_time(office.database)
    with office.database.write() as connection:
        assert last_office_time(connection) == stopped
        note_time(office.database)
    office.equipment.close()


@pytest.mark.parametrize("decides", ["filing/view.py", "period.py", "office/filings/records.py"])
def test_open_filings_are_worked_out_again_when_what_decides_their_rows_is_another(
    decides: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path(renewing.__file__).parents[1]
    for file in (*package.glob("*.py"), *(package / one for one in ("filing", "office/filings", "runtime"))):
        there = tmp_path / file.relative_to(package)
        shutil.copytree(file, there) if file.is_dir() else shutil.copy(file, there)
    monkeypatch.setattr(renewing, "_PACKAGE", tmp_path)
    assert renewing.digest_of_code() == renewing.CODE
    (tmp_path / decides).write_text("# another kantoor\n")
    assert renewing.digest_of_code() != renewing.CODE
