"""A database that is older than the server's histories, as a copy of yesterday is, becomes whole again."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import Connection, select
from temporalio import activity, workflow
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest, ResetWorkflowExecutionRequest
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from kantoor.clock import PracticeClock
from kantoor.filing.events import Actor, Note
from kantoor.filing.outcome import Refusal
from kantoor.local.doctor.temporal import check_running
from kantoor.local.environment import settings_environment
from kantoor.local.programs import simulator_folder
from kantoor.office.alarms import all_alarms
from kantoor.office.database.engine import open_database, sqlite_url
from kantoor.office.database.errors import SchemaOlderError
from kantoor.office.database.tables import filings, office, states, work
from kantoor.office.filings import records
from kantoor.office.filings.deliveries import Delivery, deliveries_of
from kantoor.office.filings.filing import NewFiling, create_filing, find_filing
from kantoor.office.filings.recurrences import Recurrence, list_recurrences
from kantoor.office.office_clock import clock_of, write_clock
from kantoor.office.overviews.timeline import timeline_of
from kantoor.recurrence import recurrence_id
from kantoor.runtime import client as filings_client
from kantoor.runtime.commands import RECORD
from kantoor.runtime.histories import read_last_recorded, read_last_saved, read_told
from kantoor.runtime.missing import list_running
from kantoor.runtime.renewing import CODE, renew_views
from kantoor.runtime.rounds import make_rounds
from kantoor.sbr.digipoort.simulator.journal import read_journal
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done, Outcome
from kantoor.service.filings.attaching import Attached
from kantoor.service.starting.recurrences import Changed, change
from kantoor.service.upkeep.reviving import Revived, join_lines, revive

from .test_acts import OTHER_FIGURES
from .test_reviving import lose, until_recurring
from .town import Return, Town


@pytest.fixture(autouse=True)
def own_settings(lonely_town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_environment(lonely_town.settings).items():
        monkeypatch.setenv(name, value)


@pytest.fixture(autouse=True)
def what_was_put_back_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait for the record as long as an office does: here it may be behind until somebody looks."""
    monkeypatch.setattr("kantoor.service.desk.SETTLE_SECONDS", 1)


class Yesterday:
    """A copy of the office's database, put back while the office runs."""

    def __init__(self, town: Town, file: Path) -> None:
        self._town, self._file = town, file
        _copy(town.settings.home / "kantoor.db", file)

    def put_back(self) -> None:
        _copy(self._file, self._town.settings.home / "kantoor.db")


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as taken, closing(sqlite3.connect(target, timeout=20)) as written:
        taken.backup(written)


def id_of(filing: Return) -> str:
    return f"filing/{filing.name}/-/1"


def timeline(filing: Return) -> list[tuple[int, str]]:
    """Return the filing's timeline."""

    async def scene(desk: Desk) -> list[tuple[int, str]]:
        lines = desk.read(
            lambda connection: timeline_of(
                connection, id_of(filing), desk.equipment.document_ring.open_sealed
            )
        )
        return [(line.sequence, line.text) for line in lines]

    return filing.town.play(scene)


def deliveries(filing: Return) -> list[dict[str, object]]:
    """Return the filing's deliveries without the moments that only the one who sent them knows."""

    async def scene(desk: Desk) -> tuple[Delivery, ...]:
        return desk.read(lambda connection: deliveries_of(connection, id_of(filing)))

    moments = {"begun_at", "expires_at", "taken_at", "judged_at", "listed"}
    return [one.model_dump(exclude=moments) for one in filing.town.play(scene)]


def alarms(town: Town, id: str) -> list[str]:
    async def scene(desk: Desk) -> list[str]:
        return [alarm.kind for alarm in desk.read(lambda connection: all_alarms(connection, id))]

    return town.play(scene)


def examined(town: Town, id: str) -> list[str]:
    """Return what the doctor says about one workflow."""

    async def scene(desk: Desk) -> list[str]:
        found = await check_running(desk.settings, desk.equipment.database, desk.equipment.ring)
        return [f"{one.text}; {one.mend}" for one in found if id in one.text]

    return town.play(scene)


def revived(town: Town, id: str) -> list[Revived]:
    told: list[Revived] = []
    town.play(lambda desk: revive(desk, told.append))
    return [line for line in told if line.workflow_id == id]


def until_told(filing: Return, words: str) -> None:
    """Wait until the timeline of a filing says so."""

    async def scene(desk: Desk) -> None:
        seal = desk.equipment.document_ring.open_sealed
        async with asyncio.timeout(60):
            while True:
                lines = desk.read(lambda connection: timeline_of(connection, id_of(filing), seal))
                if any(words in line.text for line in lines):
                    return
                await asyncio.sleep(0.05)

    filing.town.play(scene)


def approve(filing: Return) -> None:
    """Have the client approve, and wait for the last that follows: the message that it was delivered."""
    filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
    filing.until_in("afronden")
    until_told(filing, "ingediend' (automatisch) verstuurd")


def test_an_act_after_a_gap_brings_the_steps_and_the_delivery_back_from_the_filings_own_history(
    lonely_town: Town, tmp_path: Path
) -> None:
    filing = lonely_town.begun().to("aanbieden")
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    approve(filing)
    whole, delivered = timeline(filing), deliveries(filing)
    yesterday.put_back()
    assert (len(timeline(filing)) < len(whole), deliveries(filing)) == (True, [])
    filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"))
    filing.until(lambda found: found.recorded > whole[-1][0])
    assert timeline(filing) == [*whole, (whole[-1][0] + 1, "Notitie: Gebeld")]
    assert deliveries(filing) == delivered
    assert delivered[0]["receipt"]
    assert alarms(lonely_town, id_of(filing)) == []


def test_an_act_that_went_with_the_database_is_answered_as_taken_when_it_is_repeated(
    lonely_town: Town, tmp_path: Path
) -> None:
    filing = lonely_town.begun().to("opstellen")
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    first = filing.attach(id="cijfers")
    yesterday.put_back()
    pass_a_minute(lonely_town)  # so that a return that is made again is another one
    again = filing.attach(id="cijfers")
    assert isinstance(again, Attached)
    assert (again.shown, again.text) == (first.shown, first.text)
    assert again.outcome == first.outcome.model_copy(update={"repeated": True, "recorded": True})
    assert filing.view().documents[0].shown == first.shown
    note = filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), "cijfers")
    assert refused(note) == "act_id_used"


def test_figures_that_went_with_the_database_are_not_taken_for_others_under_their_id(
    lonely_town: Town, tmp_path: Path
) -> None:
    filing = lonely_town.begun().to("opstellen")
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    first = filing.attach(id="cijfers")
    yesterday.put_back()
    other = filing.attach(OTHER_FIGURES, id="cijfers")
    assert refused(other.outcome) == "act_id_used"
    assert filing.view().documents[0].shown == first.shown


def test_an_answer_that_a_colleague_recorded_is_known_again_although_its_database_is_gone(
    lonely_town: Town, tmp_path: Path
) -> None:
    filing = lonely_town.begun().to("aanbieden")
    client, proof = filing.client, lonely_town.play(keep_proof)

    def reject(acts: Acts) -> Awaitable[Outcome]:
        return acts.decide(filing.name, "reject", reason="Te hoog", contact=client, proof=proof)

    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    first = filing.act("marieke", reject, "nee")
    assert isinstance(first, Done)
    yesterday.put_back()
    again = filing.act("marieke", reject, "nee")
    assert isinstance(again, Done)
    assert again.sequence == first.sequence


def test_words_that_went_with_the_database_are_not_taken_for_others_under_their_id(
    lonely_town: Town, tmp_path: Path
) -> None:
    filing = lonely_town.begun()
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    first = filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), "n")
    yesterday.put_back()
    assert isinstance(first, Done)
    other = filing.act("sanne", lambda acts: acts.note(filing.name, "Gemaild"), "n")
    assert refused(other) == "act_id_used"
    again = filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), "n")
    assert isinstance(again, Done)
    assert (again.sequence, again.repeated) == (first.sequence, True)


def test_the_histories_of_a_filing_that_an_operator_reset_are_read_to_their_end(lonely_town: Town) -> None:
    filing = lonely_town.begun().to("aanbieden")
    id = id_of(filing)

    async def scene(desk: Desk) -> tuple[int, int, int]:
        client = await desk.client()
        handle = client.get_workflow_handle(id)
        before = await read_last_recorded(client, id)
        first = [event async for event in handle.fetch_history_events()]
        ended = next(e.event_id for e in first if e.HasField("workflow_task_completed_event_attributes"))
        run = (await handle.describe()).run_id
        await client.workflow_service.reset_workflow_execution(
            ResetWorkflowExecutionRequest(
                namespace=client.namespace,
                workflow_execution=WorkflowExecution(workflow_id=id, run_id=run),
                workflow_task_finish_event_id=ended,
                request_id=uuid4().hex,
            )
        )
        async with asyncio.timeout(60):
            last, told = await read_last_recorded(client, id), await read_told(client, id, 1)
            while max(told.steps) < before:  # the server lists runs a moment after they are
                told = await read_told(client, id, 1)
        return before, last, max(told.steps)

    before, last, told = lonely_town.play(scene)
    assert before > 0
    assert last > 0
    assert told >= before


def test_the_doctor_names_a_filing_whose_steps_are_gone_and_fetches_them_and_starts_it_again(
    lonely_town: Town, tmp_path: Path
) -> None:
    filing = lonely_town.begun().to("aanbieden")
    id, before = id_of(filing), filing.now().recorded
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    approve(filing)
    whole, delivered = timeline(filing), deliveries(filing)

    async def end(desk: Desk) -> None:
        client = await desk.client()
        await client.get_workflow_handle(id).terminate("lost")
        async with asyncio.timeout(60):
            while id in await list_running(client):
                await asyncio.sleep(0.1)

    lonely_town.play(end)
    yesterday.put_back()
    # Filings of other tests that went on since the copy may be named beside this one.
    lags = "took steps that are not in this database, which is older; "
    mend = f"{lags}kantoor doctor --revive fetches them from its history"
    assert any(line.endswith(mend) for line in examined(lonely_town, id))
    last = whole[-1][0]
    fetched = f"steps {before + 1} to {last} and 1 delivery, from its history"
    lines = revived(lonely_town, id)
    assert lines == [
        Revived(workflow_id=id, result="fetched", text=fetched),
        Revived(workflow_id=id, result="revived", text=f"goes on from step {last}"),
    ]
    assert join_lines(lines) == (
        Revived(workflow_id=id, result="revived", text=f"{fetched}; goes on from step {last}"),
    )
    assert (timeline(filing), deliveries(filing)) == (whole, delivered)
    assert examined(lonely_town, id) == []
    assert alarms(lonely_town, id) == []


def test_what_an_older_copy_and_the_server_both_forgot_is_found_at_the_authority_and_not_filed_again(
    lonely_town: Town, tmp_path: Path
) -> None:
    filing = lonely_town.begun().to("aanbieden")
    id, step = id_of(filing), filing.now().recorded
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    approve(filing)
    (delivered,) = deliveries(filing)
    lose(lonely_town, id, forget=True)
    yesterday.put_back()
    assert revived(lonely_town, id) == [
        Revived(workflow_id=id, result="revived", text=f"goes on from step {step}")
    ]
    filing.until_offer("waiting")
    filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
    filing.until_in("afronden")
    assert [one["kenmerk"] for one in deliveries(filing)] == [delivered["kenmerk"]]
    sent = read_journal(simulator_folder(lonely_town.settings))
    assert [one.kenmerk for one in sent if one.aanleverkenmerk == delivered["aanleverkenmerk"]] == [
        delivered["kenmerk"]
    ]
    assert alarms(lonely_town, id) == ["delivery_found"]


async def keep_proof(desk: Desk) -> str:
    return desk.equipment.documents.put(b"Telefoonnotitie", "text/plain")


def refused(outcome: Outcome) -> str:
    assert isinstance(outcome, Refusal), outcome
    return outcome.code


def pass_a_minute(town: Town) -> None:
    """Move the clock of the office, which stands still, by a minute."""

    async def move(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            now = clock_of(connection)
            assert isinstance(now, PracticeClock)
            end = now.until + timedelta(minutes=1)
            later = msgspec.structs.replace(now, office_anchor=end, until=end)
            write_clock(connection, msgspec.to_builtins(later), end)

    town.play(move)


class Gap:
    """A filing whose database is older than a run that the server has forgotten: what both have, and not.

    Nobody has the steps from `first` to `last`; a later run took those after them, whose timeline is `after`.
    """

    def __init__(self, town: Town, folder: Path) -> None:
        self.filing = filing = town.begun()
        until_told(filing, "stukken opvragen' (automatisch) verstuurd")
        self.id, self.first = id_of(filing), filing.now().recorded + 1
        self._yesterday = Yesterday(town, folder / "yesterday.db")
        self.kept = timeline(filing)
        filing.to("opstellen")
        forgotten = town.play(lambda desk: find_run(desk, self.id))
        lose(town, self.id, forget=False)
        (line,) = revived(town, self.id)
        self.last = int(line.text.removeprefix("goes on from step "))
        self.after: list[tuple[int, str]] = []
        for text in ("Gebeld", "Nog eens gebeld"):
            self.note(text)
        self.after = [one for one in timeline(filing) if one[0] > self.last]
        town.play(lambda desk: forget_run(desk, self.id, forgotten))  # takes the server half a minute

    @property
    def alarms(self) -> list[tuple[str, str]]:
        steps = f"steps {self.first} to {self.last}"
        return [("record_gap", f"{steps} are in no record and no history: the timeline lacks them")]

    def note(self, text: str) -> None:
        """Write a note, and wait until it is recorded."""
        note = self.filing.act("sanne", lambda acts: acts.note(self.filing.name, text))
        assert isinstance(note, Done)
        self.after.append((note.sequence, f"Notitie: {text}"))
        self.filing.until(lambda found: found.recorded == note.sequence)

    def open(self) -> "Gap":
        """Have the database of before the gap once more."""
        self._yesterday.put_back()
        assert timeline(self.filing) == self.kept
        return self


@pytest.fixture(scope="module")
def gap(lonely_town: Town, tmp_path_factory: pytest.TempPathFactory) -> Gap:
    """The filing with a gap; each test that asks for it opens it again."""
    return Gap(lonely_town, tmp_path_factory.mktemp("gap"))


def told_alarms(town: Town, id: str) -> list[tuple[str, str]]:
    async def scene(desk: Desk) -> list[tuple[str, str]]:
        return [(one.kind, one.text) for one in desk.read(lambda connection: all_alarms(connection, id))]

    return town.play(scene)


def test_steps_that_neither_side_has_are_an_alarm_that_names_them_and_those_after_them_are_fetched(
    lonely_town: Town, gap: Gap
) -> None:
    filing, id = gap.open().filing, gap.id
    (line,) = revived(lonely_town, id)
    assert (line.result, line.text) == (
        "fetched",
        f"steps {gap.last + 1} to {gap.after[-1][0]} and 0 deliveries, from its history; "
        f"no history tells steps {gap.first} to {gap.last}",
    )
    assert timeline(filing) == [*gap.kept, *gap.after]
    assert told_alarms(lonely_town, id) == gap.alarms
    gap.note("En weer gebeld")
    assert told_alarms(lonely_town, id) == gap.alarms
    assert (revived(lonely_town, id), examined(lonely_town, id)) == ([], [])


def test_an_act_after_a_gap_that_nobody_fills_brings_back_what_the_history_has_after_it(
    lonely_town: Town, gap: Gap
) -> None:
    gap.open().note("En nog eens gebeld")
    assert timeline(gap.filing) == [*gap.kept, *gap.after]
    assert told_alarms(lonely_town, gap.id) == gap.alarms


def make_rounds_until(town: Town, holds: Callable[[Connection], bool]) -> None:
    """Make the rounds of a worker that starts, until something holds of the database."""

    async def start_worker(desk: Desk) -> None:
        rounds = asyncio.create_task(make_rounds(desk.equipment, await desk.client()))
        async with asyncio.timeout(60):
            while not desk.read(holds):
                await asyncio.sleep(0.05)
        rounds.cancel()

    town.play(start_worker)


def test_a_gap_is_told_and_what_follows_it_is_fetched_as_soon_as_a_worker_starts(
    lonely_town: Town, gap: Gap
) -> None:
    gap.open()
    make_rounds_until(lonely_town, lambda connection: bool(all_alarms(connection, gap.id)))
    assert told_alarms(lonely_town, gap.id) == gap.alarms
    assert timeline(gap.filing) == [*gap.kept, *gap.after]


def test_a_filing_of_which_an_older_copy_has_the_row_alone_is_fetched_as_soon_as_a_worker_starts(
    lonely_town: Town, tmp_path: Path
) -> None:
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    filing = lonely_town.begun()
    until_told(filing, "stukken opvragen' (automatisch) verstuurd")
    whole, row = timeline(filing), filing.now()
    yesterday.put_back()

    async def begin_row(desk: Desk) -> None:
        with desk.equipment.database.write() as connection:
            create_filing(
                connection, NewFiling(**{name: getattr(row, name) for name in NewFiling.model_fields})
            )

    lonely_town.play(begin_row)
    assert timeline(filing) == []

    def is_whole(connection: Connection) -> bool:
        found = find_filing(connection, row.id)
        return found is not None and found.recorded >= whole[-1][0]

    make_rounds_until(lonely_town, is_whole)
    assert (timeline(filing), alarms(lonely_town, row.id)) == (whole, [])


def test_steps_that_lead_elsewhere_here_are_told_as_such_and_not_as_in_no_history(lonely_town: Town) -> None:
    filing = lonely_town.begun().to("aanbieden")
    id, last = id_of(filing), filing.now().recorded

    async def lose_last(desk: Desk) -> None:
        """Have a database that was damaged: its state is that after a step which it has not recorded."""
        with desk.equipment.database.write() as connection:
            connection.execute(filings.update().where(filings.c.id == id).values(recorded=last - 1))

    lonely_town.play(lose_last)
    (line,) = revived(lonely_town, id)
    told = f"its history tells steps {last} to {last}, which lead to another state here"
    assert (line.result, told in line.text) == ("failed", True)
    assert (
        "record_gap",
        f"the timeline lacks steps {last} to {last}: {told} than they did; put back a newer backup",
    ) in told_alarms(lonely_town, id)


def test_a_worker_of_a_newer_kantoor_works_out_at_once_how_open_filings_stand(lonely_town: Town) -> None:
    filing = lonely_town.begun().to("opstellen")
    id = id_of(filing)

    def look(connection: Connection) -> tuple[object, list[object]]:
        query = select(work.c.item, work.c.due).where(work.c.filing == id).order_by(work.c.position)
        seen = find_filing(connection, id)
        return seen and seen.view, [tuple(row) for row in connection.execute(query)]

    async def read(desk: Desk) -> tuple[object, list[object]]:
        return desk.read(look)

    async def age(desk: Desk) -> None:
        """Have the rows that a kantoor wrote which gave no work a day."""
        with desk.equipment.database.write() as connection:
            (view,) = connection.execute(select(filings.c.view).where(filings.c.id == id)).scalars()
            old = {**view, "work": [{**one, "due": None} for one in view["work"]]}
            connection.execute(filings.update().where(filings.c.id == id).values(view=old))
            connection.execute(work.update().where(work.c.filing == id).values(due=None))
            connection.execute(office.update().values(views_by="an older kantoor"))

    before = lonely_town.play(read)
    lonely_town.play(age)
    assert lonely_town.play(read) != before
    make_rounds_until(lonely_town, lambda connection: look(connection) == before)
    assert timeline(filing)[-1][0] == filing.now().recorded


def test_a_filing_that_cannot_be_worked_out_is_tried_again_and_a_failing_database_is_no_such_filing(
    lonely_town: Town, tmp_path: Path
) -> None:
    good, odd = (id_of(filing.to("opstellen")) for filing in (lonely_town.begun(), lonely_town.begun()))

    async def scene(desk: Desk) -> None:
        _copy(lonely_town.settings.home / "kantoor.db", tmp_path / "copy.db")
        database = open_database(sqlite_url(tmp_path / "copy.db"))
        equipment = replace(desk.equipment, database=database)

        def write(values: dict[str, object], *of: str) -> None:
            with database.write() as connection:
                connection.execute(filings.update().where(filings.c.id.in_(of)).values(values))

        def keep(state: bytes | None) -> None:
            with database.write() as connection:
                connection.execute(states.update().where(states.c.filing == odd).values(state=state))

        def look() -> tuple[dict[str, records.Rows], str | None]:
            with database.read() as connection:
                return records.read_rows(connection, [good, odd]), records.read_views_by(connection)

        with database.write() as connection:
            others = filings.c.id.not_in([good, odd])
            connection.execute(filings.update().where(others).values(status="afgesloten"))
            records.note_views_by(connection, "an older kantoor")
            known = records.read_recorded(connection, odd)
            standing = records.Standing({"work": []}, "klaar", ("elders",), None)
            late = known._replace(sequence=known.sequence - 1)
            assert not records.renew_view(connection, late, standing)  # it took a step meanwhile
        views, _ = look()
        write({"view": None}, good, odd)
        keep(b"damaged")
        assert renew_views(equipment) == 1
        assert look() == ({good: views[good], odd: views[odd]._replace(view=None)}, "an older kantoor")
        keep(known.state)
        assert renew_views(equipment) == 1
        assert look() == (views, CODE)

        with database.write() as connection:  # a row of work as an older kantoor made it of the same view
            connection.execute(work.update().where(work.c.filing == good).values(due=None, roles=[]))
            records.note_views_by(connection, "an older kantoor")
        assert renew_views(equipment) == 1
        assert look() == (views, CODE)

        with database.changing_schema() as connection:
            records.note_views_by(connection, "an older kantoor")
            connection.exec_driver_sql("ALTER TABLE plans RENAME TO away")
        with pytest.raises(SchemaOlderError):
            renew_views(equipment)
        assert look() == (views, "an older kantoor")
        database.close()

    lonely_town.play(scene)


def test_recurrences_that_went_on_since_are_named_by_the_doctor_and_show_again_how_they_are(
    lonely_town: Town, tmp_path: Path
) -> None:
    town = lonely_town
    passed, stopped, later = (town.relation() for _ in range(3))
    for relation in (passed, stopped):
        town.start(relation, recurring=True)
        until_recurring(town, relation, "2026-03")
    yesterday = Yesterday(town, tmp_path / "yesterday.db")
    town.start(later, recurring=True)
    until_recurring(town, later, "2026-03")

    async def go_on(desk: Desk) -> list[Recurrence]:
        for relation, wanted in ((passed, "skip"), (passed, "pause"), (stopped, "stop")):
            changed = await change(desk, "marieke", f"btw-aangifte/{relation}", wanted)  # type: ignore[arg-type]
            assert isinstance(changed, Changed), changed
        async with asyncio.timeout(60):
            for relation in (passed, stopped, later):
                id = recurrence_id("btw-aangifte", relation)
                while await read_last_saved(await desk.client(), id) is None:
                    await asyncio.sleep(0.05)
        return await read(desk)

    async def read(desk: Desk) -> list[Recurrence]:
        return [*desk.read(lambda c: list_recurrences(c, numbers=[passed, stopped, later]))]

    now = town.play(go_on)
    yesterday.put_back()
    assert town.play(read) != now
    ids = [recurrence_id("btw-aangifte", one) for one in (passed, stopped, later)]
    for id in ids[:2]:
        assert "went on since what this database says of it, which is older" in "".join(examined(town, id))
    told: list[Revived] = []
    town.play(lambda desk: revive(desk, told.append))
    said = "its row, from its history"
    assert {line.workflow_id: line.text for line in told if line.workflow_id in ids} == {
        ids[0]: f"{said}: paused, next 2026-04 on 2026-03-31",
        ids[1]: f"{said}: stopped, next 2026-03 on 2026-02-28",
        ids[2]: f"{said}: running, next 2026-03 on 2026-02-28",
    }
    assert town.play(read) == now
    assert [text for id in ids for text in examined(town, id)] == []


async def find_run(desk: Desk, id: str) -> str:
    return (await (await desk.client()).get_workflow_handle(id).describe()).run_id


async def forget_run(desk: Desk, id: str, run: str) -> None:
    """Have the server forget a run of a filing, as once its retention is over."""
    client = await desk.client()
    execution = WorkflowExecution(workflow_id=id, run_id=run)
    asked = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
    await client.workflow_service.delete_workflow_execution(asked)
    async with asyncio.timeout(60):
        while run in [one.run_id async for one in client.list_workflows(f"WorkflowId = '{id}'")]:
            await asyncio.sleep(0.1)


def test_a_filing_that_runs_without_a_row_is_named_by_the_doctor_is_an_alarm_and_gets_it_back(
    lonely_town: Town, tmp_path: Path
) -> None:
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    filing = lonely_town.begun()
    until_told(filing, "stukken opvragen' (automatisch) verstuurd")
    id, whole = id_of(filing), timeline(filing)
    yesterday.put_back()
    said = f"{id} runs on the server but is missing here: this database is an older copy; "
    assert examined(lonely_town, id) == [f"{said}kantoor doctor --revive writes it again from its history"]
    by = Actor(kind="team", id="sanne", roles=("administratie",))

    async def note(desk: Desk) -> None:
        act = Note(at=datetime.min, id="n1", by=by, text="Gebeld")
        await filings_client.act(await desk.client(), id, act)
        async with asyncio.timeout(90):
            while not desk.read(lambda connection: all_alarms(connection, id)):
                await asyncio.sleep(0.05)

    lonely_town.play(note)
    assert alarms(lonely_town, id) == ["row_missing"]
    (line,) = revived(lonely_town, id)
    assert (line.result, line.text.partition(",")[0]) == ("fetched", "its row")
    filing.until(lambda found: found.recorded > whole[-1][0])
    assert timeline(filing) == [*whole, (whole[-1][0] + 1, "Notitie: Gebeld")]
    assert (examined(lonely_town, id), alarms(lonely_town, id)) == ([], [])


@activity.defn(name=RECORD)
async def record_nothing(input: dict[str, bool]) -> None:
    """Record something of a shape that no version of kantoor has."""


@workflow.defn(name="btw-aangifte")
class OddFiling:
    """Leaves a history that cannot be decoded under the id of a filing."""

    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(
            record_nothing, {"odd": True}, start_to_close_timeout=timedelta(seconds=60)
        )


def replace_by_odd(town: Town, workflow_id: str) -> None:
    """End a filing's workflow behind its back, and have another one leave its history under that id."""

    async def scene(desk: Desk) -> None:
        client = await desk.client()
        await client.get_workflow_handle(workflow_id).terminate("odd")
        odd = Worker(
            client,
            task_queue="odd",
            workflows=[OddFiling],
            activities=[record_nothing],
            workflow_runner=UnsandboxedWorkflowRunner(),
        )
        async with odd, asyncio.timeout(60):
            await client.execute_workflow(OddFiling.run, id=workflow_id, task_queue="odd")

    town.play(scene)


def test_a_history_that_cannot_be_decoded_is_told_and_the_steps_of_others_are_fetched(
    lonely_town: Town, tmp_path: Path
) -> None:
    odd, filing = lonely_town.begun(), lonely_town.begun().to("aanbieden")
    id, before = id_of(filing), filing.now().recorded
    replace_by_odd(lonely_town, id_of(odd))
    yesterday = Yesterday(lonely_town, tmp_path / "yesterday.db")
    approve(filing)
    yesterday.put_back()
    (said, *_) = [line for line in examined(lonely_town, id_of(odd)) if "cannot be read" in line]
    assert "so that nobody knows whether steps lack" in said
    (line,) = revived(lonely_town, id)
    assert (line.result, line.text.split()[:2]) == ("fetched", ["steps", str(before + 1)])
    told = [one for one in revived(lonely_town, id_of(odd)) if "cannot be read" in one.text]
    assert [one.result for one in told] == ["failed"]
