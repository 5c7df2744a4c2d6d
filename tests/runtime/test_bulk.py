"""A bulk run is carried out by a real server and workers: each line once, whatever ends in the middle."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from temporalio.client import Client
from temporalio.worker import Replayer

from kantoor.data import replace
from kantoor.equipment import Equipment
from kantoor.filing.outcome import Refusal
from kantoor.keys.ring import KeyRing
from kantoor.office.bulk import Line
from kantoor.office.database.tables import relations, states
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.filings.filing import Filing, list_filings
from kantoor.office.filings.recurrences import list_recurrences
from kantoor.office.office_clock import write_clock
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.plans import publish
from kantoor.plan import Automation, CreateTask, Plan, To
from kantoor.runtime.bulk_client import begin_all, workflow_id_of
from kantoor.runtime.bulk_workflow import BulkWorkflow
from kantoor.runtime.codec import data_converter
from kantoor.runtime.connecting import connect
from kantoor.runtime.task_queues import workflow_runner
from kantoor.runtime.worker import make_office_workers
from kantoor.service.bulk import carrying, reading, runs
from kantoor.service.bulk.acts import NOT_READABLE
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import Desk
from kantoor.service.relations.identities import check_relation_identity
from tests.filing.plans import VAT
from tests.service.town import elfproef

from .office import FILES, make_office, office_of
from .world import dev_server, office_clock

READY, LACKING = [str(2001 + place) for place in range(8)], ["3001", "3002"]
START = Asked(action="start", template="btw-aangifte", period="2026-01")
NEWER = replace(VAT, title="Nieuwere aangifte")
ALL = Chosen(numbers=" ".join([*READY, *LACKING]))


def write_relations(folder: Path) -> None:
    """Write companies that take the monthly return; those that lack something do not file by SBR."""
    lines = {name: [text.splitlines()[0]] for name, text in FILES.items()}
    lines["team.csv"] = FILES["team.csv"].splitlines()
    for place, number in enumerate([*READY, *LACKING]):
        rsin, sbr = elfproef(200_200 + 20 * place), "nee" if number in LACKING else "ja"
        lines["relations.csv"].append(f"{number};Bedrijf {number} B.V.;bv;{rsin}B01;{rsin};{sbr}")
        lines["contacts.csv"].append(f"c-{number};Kim;Beste Kim;k{number}@x.example;{number};directeur;ja")
        lines["authorities.csv"].append(
            f"c-{number};{number};aangifte-btw;see answer approve sign;;2025-01-01;;KvK"
        )
        for role, member in (
            ("administratie", "anna"),
            ("accountant", "bart"),
            ("relatiebeheerder", "carla"),
        ):
            lines["roles.csv"].append(f"{number};{role};{member}")
        lines["roles.csv"].append(f"{number};fiscaal;dirk")
        lines["products.csv"].append(f"{number};aangifte-btw;month;2026-01")
    folder.mkdir()
    for name, rows in lines.items():
        (folder / name).write_text("\n".join(rows) + "\n", encoding="utf-8")


class Bulk:
    """An office with its desk, and workers that come and go."""

    def __init__(self, equipment: Equipment, client: Client) -> None:
        self.equipment = equipment
        self.client = client
        self.desk = Desk(equipment, client)

    def prepare(self, asked: Asked = START, chosen: Chosen = ALL, **more: Any) -> int:
        number = runs.prepare(self.desk, "carla", asked, chosen, **more)
        assert isinstance(number, int), number
        return number

    async def confirm(self, number: int, count: int = len(READY)) -> None:
        assert await runs.confirm(self.desk, "carla", number, count) is None

    def lines(self, number: int) -> tuple[Line, ...]:
        found = reading.read_lines(self.desk, number)
        assert not isinstance(found, Refusal)
        return found

    def statuses(self, number: int) -> dict[str, str]:
        return {line.relation: line.status for line in self.lines(number)}

    def status(self, number: int) -> str:
        found = reading.read_run(self.desk, number)
        assert not isinstance(found, Refusal)
        return found.run.status

    def filings(self) -> tuple[Filing, ...]:
        return self.desk.read(list_filings)

    def told(self, filing: str) -> list[str]:
        """Return the timeline of a filing as words."""
        return [line.what for line in self.desk.read(lambda connection: timeline_of(connection, filing))]

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(60):
            while not holds():
                await asyncio.sleep(0.05)

    @asynccontextmanager
    async def workers(self, carry: Any = carrying.carry) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for worker in make_office_workers(self.equipment, self.client, carry):
                await stack.enter_async_context(worker)
            yield


@asynccontextmanager
async def open_bulk(folder: Path, client: Client) -> AsyncIterator[Bulk]:
    """Make an office with these relations, on the server of a client."""
    server = {"address": client.service_client.config.target_host, "namespace": client.namespace}
    office = make_office(folder / "home", office_clock(), temporal=server)
    write_relations(folder / "csv")
    imported = import_folder(office.database, folder / "csv", office_of(VAT), check_relation_identity)
    assert isinstance(imported, Imported), imported
    yield Bulk(office.equipment, await connect(office.settings.temporal, office.equipment.ring))
    office.equipment.close()


@pytest.fixture
async def bulk(tmp_path: Path, dev_client: Client, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bulk]:
    """An office of which a run does three lines at once."""
    monkeypatch.setattr(carrying, "AT_ONCE", 3)
    async with open_bulk(tmp_path, dev_client) as bulk:
        yield bulk


async def test_each_ready_relation_gets_one_filing_and_each_other_has_a_reason(bulk: Bulk) -> None:
    number = bulk.prepare()
    assert bulk.filings() == ()
    async with bulk.workers():
        await bulk.confirm(number)
        await bulk.confirm(number)  # as who presses twice
        await bulk.until(lambda: bulk.status(number) == "done")
    assert sorted(f.relation for f in bulk.filings()) == READY
    assert bulk.statuses(number) == {**dict.fromkeys(READY, "done"), **dict.fromkeys(LACKING, "left")}
    reasons = {line.text for line in bulk.lines(number) if line.relation in LACKING}
    assert reasons == {"Indienen via SBR staat uit voor deze relatie."}


async def test_a_worker_that_dies_in_the_middle_leaves_nothing_undone_and_does_nothing_twice(
    bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It dies after having started the filings of its second turn, and before it could write that down."""
    number, write = bulk.prepare(), carrying.write_outcomes
    turns = 0

    def dies(connection: Any, run: int, known: tuple[str, ...], outcomes: Any) -> None:
        nonlocal turns
        turns += [*known] == ["begun"]
        if [*known] == ["begun"] and turns > 1:
            raise MemoryError
        write(connection, run, known, outcomes)

    with monkeypatch.context() as dying:
        dying.setattr(carrying, "write_outcomes", dies)
        async with bulk.workers():
            await bulk.confirm(number)
            await bulk.until(lambda: turns > 1)
    left = list(bulk.statuses(number).values())
    assert {one: left.count(one) for one in ("done", "begun", "open")} == {"done": 3, "begun": 3, "open": 2}
    assert len(bulk.filings()) == 6
    async with bulk.workers():
        await bulk.until(lambda: bulk.status(number) == "done")
    assert sorted(f.relation for f in bulk.filings()) == READY
    assert [bulk.statuses(number)[one] for one in READY] == ["done"] * len(READY)
    assert {line.said for line in bulk.lines(number) if line.relation in READY} == {"gestart"}


async def test_a_run_that_the_server_lost_is_begun_again_by_a_worker(bulk: Bulk) -> None:
    number = bulk.prepare()
    await bulk.confirm(number)
    handle = bulk.client.get_workflow_handle(workflow_id_of(number))
    await handle.terminate()
    async with bulk.workers():
        await begin_all(bulk.equipment, bulk.client)
        await bulk.until(lambda: bulk.status(number) == "done")
    assert len(bulk.filings()) == len(READY)


async def test_cancelled_half_way_the_rest_is_not_done(bulk: Bulk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = bulk.prepare()
    cancel_after_first(bulk, number, monkeypatch, lambda: runs.cancel(bulk.desk, "anna", number))
    async with bulk.workers():
        await bulk.confirm(number)
        await bulk.client.get_workflow_handle(workflow_id_of(number)).result()
    told = [bulk.statuses(number)[one] for one in READY]
    assert told == ["done"] * 3 + ["cancelled"] * 5
    assert [f.relation for f in bulk.filings()] == READY[:3]
    assert bulk.status(number) == "cancelled"


async def test_paused_it_does_nothing_more_until_it_is_resumed(
    bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = bulk.prepare()
    cancel_after_first(bulk, number, monkeypatch, lambda: runs.pause(bulk.desk, "anna", number))
    async with bulk.workers():
        await bulk.confirm(number)
        await bulk.client.get_workflow_handle(workflow_id_of(number)).result()
        assert (bulk.status(number), len(bulk.filings())) == ("paused", 3)
        assert await runs.resume(bulk.desk, "anna", number) is None
        await bulk.until(lambda: bulk.status(number) == "done")
    assert len(bulk.filings()) == len(READY)
    found = reading.read_run(bulk.desk, number)
    assert not isinstance(found, Refusal)
    assert [(step.did, step.who) for step in found.steps] == [
        ("confirmed", "carla"),
        ("paused", "anna"),
        ("resumed", "anna"),
    ]


def cancel_after_first(
    bulk: Bulk, number: int, monkeypatch: pytest.MonkeyPatch, change: Callable[[], Refusal | None]
) -> None:
    """Have a colleague stop a run while its first three lines are being done."""
    write, asked = carrying.write_outcomes, []

    def write_after(connection: Any, run: int, known: tuple[str, ...], outcomes: Any) -> None:
        write(connection, run, known, outcomes)
        if [*known] == ["begun"] and not asked:
            asked.append(run)

    real = carrying._take

    def take(desk: Desk, run: int) -> Any:
        if asked and asked[-1]:
            asked.append(0)
            assert change() is None
        return real(desk, run)

    monkeypatch.setattr(carrying, "write_outcomes", write_after)
    monkeypatch.setattr(carrying, "_take", take)


async def test_a_run_of_many_turns_goes_on_in_new_runs_of_its_workflow_which_replay(
    tmp_path: Path, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrying, "AT_ONCE", 1)
    monkeypatch.setattr(carrying, "TURN_SECONDS", 0)
    setting = "limit.historyCount.suggestContinueAsNew=30"
    server = dev_server(data_converter(ring), "--dynamic-config-value", setting)
    async with server as client, open_bulk(tmp_path, client) as bulk:
        number = bulk.prepare()
        await bulk.confirm(number)
        handle = bulk.client.get_workflow_handle(workflow_id_of(number))
        first = (await handle.describe()).run_id
        async with bulk.workers():
            await bulk.until(lambda: bulk.status(number) == "done")
            await handle.result()
        last = await handle.describe()
        assert first != last.run_id
        replayer = Replayer(
            workflows=[BulkWorkflow],
            workflow_runner=workflow_runner(),
            data_converter=bulk.client.data_converter,
        )
        for run in (first, last.run_id):
            history = await bulk.client.get_workflow_handle(
                workflow_id_of(number), run_id=run
            ).fetch_history()
            await replayer.replay_workflow(history)
        assert len(bulk.filings()) == len(READY)


async def test_a_line_that_changed_since_it_was_shown_is_told_and_not_done(bulk: Bulk) -> None:
    number = bulk.prepare()
    with bulk.equipment.database.write() as connection:
        off = relations.update().where(relations.c.number == READY[4]).values(sbr_enabled=False)
        connection.execute(off)
    async with bulk.workers():
        await bulk.confirm(number)
        await bulk.until(lambda: bulk.status(number) == "done")
    (line,) = (one for one in bulk.lines(number) if one.relation == READY[4])
    said = "Veranderd sinds u keek: Indienen via SBR staat uit voor deze relatie."
    assert (line.status, line.said) == ("changed", said)
    assert len(bulk.filings()) == len(READY) - 1


async def test_what_is_left_when_definitions_are_deployed_is_not_done(bulk: Bulk) -> None:
    number = bulk.prepare()
    await bulk.confirm(number)
    publish_newer(bulk)
    async with bulk.workers():
        await bulk.until(lambda: bulk.status(number) == "done")
    assert set(bulk.statuses(number).values()) == {"changed", "left"}
    assert bulk.filings() == ()


def publish_newer(bulk: Bulk, newer: Plan = NEWER) -> None:
    now = datetime.now(UTC)
    with bulk.equipment.database.write() as connection:
        publish(connection, [newer], office_of(newer), revision="r2", author="test", at=now)


async def test_a_dry_run_is_void_after_a_deploy(bulk: Bulk) -> None:
    number = bulk.prepare()
    publish_newer(bulk)
    refusal = await runs.confirm(bulk.desk, "carla", number, len(READY))
    assert refusal is not None
    assert refusal.code == "void_deployed"
    assert bulk.status(number) == "shown"


async def test_a_dry_run_is_void_when_its_day_is_over(bulk: Bulk) -> None:
    number, tomorrow = bulk.prepare(), office_clock(datetime.now(UTC) - timedelta(days=1))
    with bulk.equipment.database.write() as connection:
        shown = tomorrow.office_time(datetime.now(UTC))
        write_clock(connection, msgspec.to_builtins(tomorrow), shown)
    refusal = await runs.confirm(bulk.desk, "carla", number, len(READY))
    assert refusal is not None
    assert refusal.code == "void_day"
    found = reading.read_run(bulk.desk, number)
    assert not isinstance(found, Refusal)
    assert found.run.void == refusal.text


async def test_what_did_not_answer_is_asked_again_and_done_once(bulk: Bulk) -> None:
    one = Chosen(numbers=READY[0])
    number = bulk.prepare(chosen=one)
    async with bulk.workers():
        await bulk.confirm(number, 1)
        await bulk.until(lambda: [f.recorded > 0 for f in bulk.filings()] == [True])
    hold = bulk.prepare(Asked(action="hold", reason="Wacht op de bank"), one)
    await bulk.confirm(hold, 1)  # no worker runs
    desk = Desk(bulk.equipment, bulk.client, limit=timedelta(seconds=1))
    while await carrying.carry_some(desk, hold):
        pass
    assert (bulk.status(hold), bulk.statuses(hold)) == ("done", {READY[0]: "unknown"})
    async with bulk.workers():
        assert await runs.resume(bulk.desk, "anna", hold) is None
        await bulk.until(lambda: bulk.statuses(hold) == {READY[0]: "done"})
        await bulk.until(lambda: bulk.status(hold) == "done")
        (filing,) = bulk.filings()
        await bulk.until(lambda: bulk.told(filing.id).count("held") == 1)


async def test_starts_that_recur_are_set_up_once_each(bulk: Bulk) -> None:
    number = bulk.prepare(START.model_copy(update={"recurring": True}))
    async with bulk.workers():
        await bulk.confirm(number)
        await bulk.until(lambda: bulk.status(number) == "done")
        await bulk.until(lambda: {one.next_period for one in bulk.desk.read(list_recurrences)} == {"2026-02"})
    assert [one.relation for one in bulk.desk.read(list_recurrences)] == READY
    stop = bulk.prepare(Asked(action="stop", template="btw-aangifte"), Chosen(numbers=" ".join(READY[:2])))
    async with bulk.workers():
        await bulk.confirm(stop, 2)
        await bulk.until(lambda: bulk.status(stop) == "done")
        await bulk.until(lambda: count_stopped(bulk) == 2)
    assert [line.said for line in bulk.lines(stop)] == ["gestopt"] * 2


def count_stopped(bulk: Bulk) -> int:
    return [one.status for one in bulk.desk.read(list_recurrences)].count("stopped")


async def test_the_work_of_who_is_ill_is_also_tasks_and_what_cannot_be_read_is_told(bulk: Bulk) -> None:
    """Dirk's role has no phase here, and a task."""
    call = Automation(
        id="bel", at="entered", task=CreateTask(title="Bel", to=To(kind="role", name="fiscaal"))
    )
    first, *rest = VAT.phases
    first = replace(first, not_before=None, automations=(call,))
    publish_newer(bulk, replace(VAT, phases=(first, *rest)))
    ill = Asked(action="reassign", person="dirk", to="carla", reason="ziek")
    chosen = Chosen(numbers=READY[0])
    starting = bulk.prepare(chosen=chosen)
    async with bulk.workers():
        await bulk.confirm(starting, 1)
        await bulk.until(lambda: [f.recorded > 0 for f in bulk.filings()] == [True])
    (line,) = bulk.lines(bulk.prepare(ill, chosen))
    assert line.item == "fiscaal"
    with bulk.equipment.database.write() as connection:
        connection.execute(states.update().values(state=b"damaged"))
    (unread,) = bulk.lines(bulk.prepare(ill, chosen))
    assert (unread.foreseen, unread.item, unread.text) == ("not_ready", "", NOT_READABLE)
