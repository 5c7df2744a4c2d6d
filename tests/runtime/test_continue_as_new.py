import asyncio
import threading
from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client

from kantoor.filing.digests import state_digest
from kantoor.filing.events import Note
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.step import step
from kantoor.keys.ring import KeyRing
from kantoor.runtime.client import NotRunning, Unknown, filing_state
from kantoor.runtime.codec import data_converter
from kantoor.runtime.inputs import ActAnswer, SendInput
from kantoor.runtime.search_attributes import RELATION, TEMPLATE
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .world import Filing, World, dev_server, office_clock, start

ACTS = 40


@pytest.fixture
async def forgetful_client(ring: KeyRing) -> AsyncIterator[Client]:
    """A client of a dev server that asks to continue as new after thirty events."""
    setting = "limit.historyCount.suggestContinueAsNew=30"
    async with dev_server(data_converter(ring), "--dynamic-config-value", setting) as client:
        yield client


async def runs(client: Client, filing: Filing) -> int:
    """Count how often the filing continued as new."""
    first = client.get_workflow_handle(filing.id)
    described = await first.describe()
    count, run = 1, described.run_id
    while True:
        history = await client.get_workflow_handle(filing.id, run_id=run).fetch_history()
        began = history.events[0].workflow_execution_started_event_attributes
        if not began.continued_execution_run_id:
            return count
        count, run = count + 1, began.continued_execution_run_id


async def note_until_known(filing: Filing, number: int) -> ActAnswer | Refusal | NotRunning | Unknown:
    """Write a note, under the same id until it is known what came of it: a busy machine answers late."""
    while True:
        answer = await filing.act(Note, MANAGER, id=f"note-{number}", text=f"Notitie {number}")
        if not isinstance(answer, Unknown):
            return answer


async def test_no_acknowledged_act_is_lost_or_doubled_while_a_filing_continues_as_new(
    forgetful_client: Client, world: World
) -> None:
    client = forgetful_client
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock())
        answers = await asyncio.gather(*(note_until_known(filing, number) for number in range(ACTS)))
        await world.until_told("noted", ACTS)
        count = await runs(client, filing)
    assert all(isinstance(answer, ActAnswer) for answer in answers)
    sequences = sorted(answer.sequence for answer in answers if isinstance(answer, ActAnswer))
    assert sequences == list(range(2, ACTS + 2))
    texts = [entry.data["text"] for entry in world.entries if entry.what == "noted"]
    assert sorted(texts) == sorted(f"Notitie {number}" for number in range(ACTS))
    assert count > 2


async def test_an_office_that_asks_gets_the_state_before_the_steps_across_runs_too(
    forgetful_client: Client, world: World
) -> None:
    client, world.keeps_states = forgetful_client, False
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock())
        await asyncio.gather(*(note_until_known(filing, number) for number in range(ACTS)))
        await world.until_told("noted", ACTS)
        assert await runs(client, filing) > 1
    for record in world.records:
        before = record.before.journal.sequence if record.before else 0
        assert before == record.steps[0].sequence - 1
        state = record.before
        for taken in record.steps:
            assert taken.event is not None
            outcome = step(VAT, state, taken.event)
            assert isinstance(outcome, Step)
            state = outcome.state
            assert state_digest(VAT, state) == taken.digest


async def test_an_act_from_before_is_answered_and_not_done_again_after_continuing_as_new(
    forgetful_client: Client, world: World
) -> None:
    client = forgetful_client
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock())
        first = await filing.must(Note, MANAGER, id="n1", text="Eerste")
        for number in range(10):
            await filing.must(Note, MANAGER, text=f"Notitie {number}")
        again = await filing.must(Note, MANAGER, id="n1", text="Eerste")
        await world.until_told("noted", 11)
        assert await runs(client, filing) > 1
        found = (await client.get_workflow_handle(filing.id).describe()).typed_search_attributes
    assert (found[RELATION], found[TEMPLATE]) == ("1001", "btw-aangifte")
    assert (again.sequence, again.repeated) == (first.sequence, True)
    assert world.told().count("noted") == 11


async def test_a_command_in_flight_is_carried_over_and_answered_once(
    forgetful_client: Client, world: World
) -> None:
    client, away = forgetful_client, threading.Event()

    def wait(input: SendInput) -> None:
        away.wait(20)

    world.before["send_message"] = wait
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock(seconds_per_day=0.001))
        await world.until_told("phase_entered")
        for number in range(10):
            await filing.must(Note, MANAGER, text=f"Notitie {number}")
        assert await runs(client, filing) > 1
        away.set()
        await world.until_told("message_sent")
        state = await filing_state(client, filing.id)
    assert world.told().count("message_sent") == 1
    assert state.journal.in_flight == ()
