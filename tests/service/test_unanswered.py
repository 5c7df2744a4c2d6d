"""No worker, or no server: what is not known is said so, and repeating it later gives the first answer."""

import asyncio
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import date, timedelta
from math import inf
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.worker import Worker

from kantoor.cli.main import execute
from kantoor.equipment import open_equipment
from kantoor.local import practice
from kantoor.local.claims import claim
from kantoor.local.environment import settings_environment
from kantoor.office import bulk as rows
from kantoor.office.alarms import all_alarms
from kantoor.office.filings.filing import find_filing, list_filings
from kantoor.office.filings.recurrences import list_recurrences
from kantoor.office.filings.sent_acts import find_act
from kantoor.office.overviews.timeline import timeline_of
from kantoor.period import Period
from kantoor.runtime.client import Unknown
from kantoor.runtime.faults import find_fault
from kantoor.runtime.filing_workflow import FilingWorkflow
from kantoor.runtime.missing import find_missing_workflows
from kantoor.runtime.task_queues import workflow_runner
from kantoor.runtime.worker import run_worker
from kantoor.service.bulk import carrying, reading, runs
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done
from kantoor.service.filings.attaching import attach
from kantoor.service.starting import recurrences
from kantoor.service.starting.starting import Selection, Wish, start
from kantoor.settings import Settings, load_settings
from tests.local.homes import sample_office, settings_in
from tests.portal.visitors import open_pages
from tests.runtime.world import dev_server, own_dev_server

from .town import COLLECT, FIGURES

WISH = Wish(
    template="btw-aangifte",
    period=Period.parse("2026-01"),
    selection=Selection(relations=("1001",)),
    recurring=True,
)
NAME = "btw-aangifte/1001/2026-01"
NOTE = ["filing", "note", NAME, "Gebeld", "--as", "sanne", "--id", "bel"]
KANTOOR = (sys.executable, "-m", "kantoor.cli")
SHORT = timedelta(seconds=1)
LARGE = 4096
AGAIN = "Herhaal de handeling met --id bel; er wordt dan niets dubbel uitgevoerd.\n"
NOT_KNOWN = f"Fout: onbekend of de handeling is verwerkt\n{AGAIN}"


NOT_YET = "Dit is nog niet verwerkt: de software wordt nog gestart, of staat stil."
STANDS_STILL = "Het is niet bekend of dit is aangekomen. Dit staat stil door een fout in de software."


def note_on_page(settings: Settings) -> tuple[str, str, list[str]]:
    """Write a note on the filing's page; return what it says was done, its heading, and buttons to repeat."""
    with open_pages(settings) as pages:
        told = pages.client_of("sanne").send(f"/opdrachten/{NAME}", {"doen": "notitie", "tekst": "Gebeld"})
        assert told.status == 503
        return told.word, told.heading, told.tree.xpath("//main//button/text()")


async def hold_in_bulk(desk: Desk) -> list[tuple[str, str]]:
    """Hold the filing by a bulk run, carried out here; return how each line ended, and what it says."""
    asked = Asked(action="hold", reason="Vakantie")
    number = runs.prepare(desk, "sanne", asked, Chosen(numbers="1001"))
    assert isinstance(number, int), number
    with desk.equipment.database.write() as connection:
        rows.change_status(connection, number, ["shown"], "running")
    while await carrying.carry_some(desk, number):
        pass
    found = reading.read_lines(desk, number)
    assert isinstance(found, tuple)
    return [(line.status, line.said) for line in found]


def opened(home: Path, monkeypatch: pytest.MonkeyPatch, server: Client | None = None) -> Desk:
    """Open the sample office on 3 February, without anything that runs."""
    settings = settings_in(home)
    if server:
        address = server.service_client.config.target_host
        settings = load_settings(home=home, temporal={"address": address, "namespace": server.namespace})
    for name, value in settings_environment(settings).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KANTOOR_TEMPORAL_ANSWER_SECONDS", str(SHORT.total_seconds()))
    practice.init(settings, date(2026, 2, 3), 1)
    equipment = open_equipment(settings)
    sample_office(equipment)
    return Desk(equipment, limit=SHORT)


@asynccontextmanager
async def worker(settings: Settings) -> AsyncIterator[None]:
    ready, stop = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(run_worker(settings, stop, lambda line: ready.set()))
    await ready.wait()
    try:
        yield
    finally:
        stop.set()
        await running


async def until_in(desk: Desk, phase: str) -> None:
    async with asyncio.timeout(90):
        while phase not in desk.read(lambda connection: find_filing(connection, NAME + "/-/1")).phases:
            await asyncio.sleep(0.02)


async def bring_to_opstellen(desk: Desk) -> None:
    assert isinstance(await start(desk, "marieke", WISH, dry_run=False), tuple)
    await until_in(desk, "verzamelen")
    for checkpoint in COLLECT:
        assert isinstance(await Acts(desk, "sanne").check(NAME, checkpoint), Done)
    assert isinstance(await Acts(desk, "sanne").complete(NAME), Done)
    await until_in(desk, "opstellen")


async def test_what_is_not_known_to_have_arrived_is_repeated_later_and_gets_the_first_answer(
    tmp_path, monkeypatch, capsys
):
    figures = tmp_path / "figures.csv"
    figures.write_text(FIGURES)
    async with dev_server(DataConverter.default) as server:
        desk = opened(tmp_path / "home", monkeypatch, server)
        async with worker(desk.settings):
            await bring_to_opstellen(desk)
        typed = asyncio.create_task(asyncio.to_thread(execute, NOTE))
        attached = await attach(desk, "sanne", NAME, figures, act_id="cijfers")
        unnamed = await Acts(desk, "sanne").note(NAME, "Zonder nummer")
        paused = await recurrences.change(desk, "marieke", "btw-aangifte/1001", "pause", "rust")
        assert await typed == 3
        assert capsys.readouterr() == ("", NOT_KNOWN)
        assert [type(one) for one in (attached.outcome, unnamed, paused)] == [Unknown] * 3
        async with worker(desk.settings):
            desk.limit = timedelta(seconds=10)
            again = await attach(desk, "sanne", NAME, figures, act_id="cijfers")
            assert isinstance(again.outcome, Done)
            assert (again.shown, again.text) == (attached.shown, attached.text)
            assert isinstance(await Acts(desk, "sanne", unnamed.act).note(NAME, "Zonder nummer"), Done)
            changed = await recurrences.change(desk, "marieke", "btw-aangifte/1001", "pause", "rust")
            assert changed.recurrence.status == "paused"
            assert await asyncio.to_thread(execute, NOTE) == 0
        entries = desk.read(lambda connection: timeline_of(connection, f"filing/{NAME}/-/1"))
        told = [entry.what for entry in entries]
        assert (told.count("document_attached"), told.count("noted")) == (1, 2)
        desk.equipment.close()
    async with dev_server(DataConverter.default) as forgetful:
        monkeypatch.setenv("KANTOOR_TEMPORAL_ADDRESS", forgetful.service_client.config.target_host)
        monkeypatch.setenv("KANTOOR_TEMPORAL_NAMESPACE", forgetful.namespace)
        assert await asyncio.to_thread(execute, [*NOTE[:-1], "weg"]) == 3
        text = f"de opdracht is niet gevonden op de Temporal-server (filing/{NAME}/-/1); zie kantoor doctor"
        assert capsys.readouterr().err == f"Fout: {text}\n"
        await forgetful.start_workflow("btw-aangifte", id=f"filing/{NAME}/-/1", task_queue="kantoor")
        assert await asyncio.to_thread(execute, NOTE) == 3  # no worker has come for it yet
        text = "de handeling is nog niet verwerkt: het kantoor wordt nog gestart, of staat stil"
        assert capsys.readouterr().err == f"Fout: {text} (zie kantoor doctor)\n{AGAIN}"
        assert await asyncio.to_thread(note_on_page, load_settings()) == ("", NOT_YET, ["Herhaal"])


async def test_a_filing_that_stands_still_by_a_fault_is_said_so_and_raises_one_alarm(
    tmp_path, monkeypatch, capsys
):
    async with dev_server(DataConverter.default) as server:
        desk = opened(tmp_path / "home", monkeypatch, server)
        async with worker(desk.settings):
            assert isinstance(await start(desk, "marieke", WISH, dry_run=False), tuple)
            await until_in(desk, "verzamelen")
        client = await desk.client()
        reads_nothing = Client(**{**client.config(), "data_converter": DataConverter.default})
        queue = desk.settings.temporal.task_queue
        async with Worker(
            reads_nothing, task_queue=queue, workflows=[FilingWorkflow], workflow_runner=workflow_runner()
        ):
            await Acts(desk, "sanne", "bel").note(NAME, "Gebeld")
            async with asyncio.timeout(90):
                while await find_fault(client, f"filing/{NAME}/-/1") is None:
                    await asyncio.sleep(0.05)
            for _ in range(2):
                assert await asyncio.to_thread(execute, NOTE) == 3
                fault = "; de opdracht staat stil door een fout in de software (zie kantoor doctor)\n"
                assert capsys.readouterr().err == NOT_KNOWN.replace("\n", fault, 1)
            assert await asyncio.to_thread(note_on_page, desk.settings) == ("", STANDS_STILL, [])
            assert await hold_in_bulk(desk) == [("unknown", STANDS_STILL)]
        (alarm,) = desk.read(all_alarms)
        assert (alarm.kind, alarm.filing) == ("workflow_task_failed", f"filing/{NAME}/-/1")
        desk.equipment.close()


def test_a_server_that_is_away_is_said_so_and_nothing_is_half_started(tmp_path, monkeypatch, capsys):
    desk = opened(tmp_path / "home", monkeypatch)
    words = ["start", "btw-aangifte", "--period", "2026-01", "--relation", "1001", "--as", "marieke"]
    assert execute([*words, "--recurring"]) == 3
    out, told = capsys.readouterr()
    assert out == "btw-aangifte over januari 2026\n"
    assert told.startswith(
        "Fout: het kantoor staat stil of is niet te bereiken. Wie het beheert, start het met "
    )
    assert execute([*words, "--dry-run"]) == 0
    assert desk.read(list_filings) == ()
    assert desk.read(list_recurrences) == ()
    desk.equipment.close()


@asynccontextmanager
async def losing_large_calls(address: str) -> AsyncIterator[str]:
    """Return the address of a way to the server that passes on what is small, and no more once it is not.

    A start carries its plan; what a client asks before that is small.
    """
    host, _, port = address.rpartition(":")

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, most: float) -> None:
        passed = 0
        while piece := await reader.read(1 << 16):
            passed += len(piece)
            if passed < most:
                writer.write(piece)
        writer.close()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        ways = asyncio.gather(pass_on(reader, back, LARGE), pass_on(there, writer, inf))
        relaying.append(ways)
        with suppress(OSError, asyncio.CancelledError):
            await ways

    relaying: list[asyncio.Future[Any]] = []
    async with await asyncio.start_server(relay, "127.0.0.1", 0) as way:
        yield "{}:{}".format(*way.sockets[0].getsockname())
        for ways in relaying:
            ways.cancel()


async def test_a_start_that_is_not_answered_is_not_known_and_starts_once_when_it_is_repeated(
    tmp_path, monkeypatch, capsys
):
    words = ["start", "btw-aangifte", "--period", "2026-01", "--relation", "1001", "--as", "marieke"]
    words += ["--recurring"]
    async with dev_server(DataConverter.default) as server:
        desk = opened(tmp_path / "home", monkeypatch, server)
        monkeypatch.setattr("kantoor.runtime.client.LIMIT", SHORT)
        async with losing_large_calls(desk.settings.temporal.address) as address:
            monkeypatch.setenv("KANTOOR_TEMPORAL_ADDRESS", address)
            assert await asyncio.to_thread(execute, words) == 3
        again = "Herhaal het starten; er wordt niets dubbel gestart."
        assert capsys.readouterr().err == f"Fout: onbekend of filing/{NAME}/-/1 is gestart. {again}\n"
        assert [row.next_period for row in desk.read(list_recurrences)] == ["2026-01"]  # not forgotten
        monkeypatch.setenv("KANTOOR_TEMPORAL_ADDRESS", desk.settings.temporal.address)
        for _ in range(2):
            assert await asyncio.to_thread(execute, words) == 0
        ids = [f"filing/{NAME}/-/1", "recurrence/btw-aangifte/1001/-"]
        assert await find_missing_workflows(server, ids) == []
        assert [filing.id for filing in desk.read(list_filings)] == [f"filing/{NAME}/-/1"]
        desk.equipment.close()


async def test_a_server_that_goes_away_during_an_act_is_told_in_our_own_line_alone(
    tmp_path, monkeypatch, capsys
):
    async with own_dev_server(DataConverter.default) as server:
        desk = opened(tmp_path / "home", monkeypatch, server)
        async with worker(desk.settings):
            assert isinstance(await start(desk, "marieke", WISH, dry_run=False), tuple)
            await until_in(desk, "verzamelen")
        typed = await asyncio.create_subprocess_exec(*KANTOOR, *NOTE, stdout=PIPE, stderr=PIPE)
        async with asyncio.timeout(90):
            while desk.read(lambda connection: find_act(connection, f"filing/{NAME}/-/1", "bel")) is None:
                await asyncio.sleep(0.02)  # kept once it is connected, before it is sent
    desk.equipment.close()
    assert await typed.communicate() == (b"", NOT_KNOWN.encode())
    assert typed.returncode == 3
    away = await asyncio.create_subprocess_exec(*KANTOOR, *NOTE, stdout=PIPE, stderr=PIPE)
    _, said = await away.communicate()
    assert said.startswith(b"Fout: het kantoor staat stil of is niet te bereiken")
    assert (said.count(b"\n"), away.returncode) == (1, 3)
    with claim(desk.settings.home):  # as by a `kantoor up` whose server is on its way
        assert await asyncio.to_thread(execute, NOTE) == 3
        starts = "het kantoor wordt nog gestart, en er is nog niets gedaan: probeer het zo opnieuw"
        assert capsys.readouterr().err == f"Fout: {starts}\n"
        shown = await asyncio.to_thread(note_on_page, desk.settings)
        assert shown == ("", "De software wordt nog gestart.", ["Herhaal"])
