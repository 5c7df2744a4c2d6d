import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from temporalio.client import Client

from kantoor.data import canonical
from kantoor.filing.digests import state_digest
from kantoor.filing.events import AnyEvent, Note
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.keys.ring import KeyRing
from kantoor.plan import plan_bytes
from kantoor.runtime.client import NotRunning, Unknown, filing_state
from kantoor.runtime.codec import data_converter
from kantoor.runtime.histories import read_last_recorded, read_told
from kantoor.runtime.inputs import ActAnswer, Carried, FilingInput, RecordInput, SendInput, StepRecord
from kantoor.runtime.search_attributes import RELATION, TEMPLATE
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .world import QUEUE, TIMING, Filing, World, dev_server, office_clock, start, started

ACTS = 30


@pytest.fixture
async def forgetful_client(ring: KeyRing) -> AsyncIterator[Client]:
    """A client of a dev server that asks to continue as new after thirty events."""
    setting = "limit.historyCount.suggestContinueAsNew=30"
    async with dev_server(data_converter(ring), "--dynamic-config-value", setting) as client:
        yield client


async def runs(client: Client, filing: Filing) -> list[FilingInput]:
    """Return what each run of the filing began with, the last run first."""
    described = await client.get_workflow_handle(filing.id).describe()
    found, run = list[FilingInput](), described.run_id
    while run:
        history = await client.get_workflow_handle(filing.id, run_id=run).fetch_history()
        began = history.events[0].workflow_execution_started_event_attributes
        found += await client.data_converter.decode(began.input.payloads, [FilingInput])
        run = began.continued_execution_run_id
    return found


async def note_until_known(filing: Filing, number: int) -> ActAnswer | Refusal | NotRunning | Unknown:
    """Write a note, under the same id until the result is known: a busy machine answers late."""
    while True:
        answer = await filing.act(Note, MANAGER, id=f"note-{number}", text=f"Notitie {number}")
        if not isinstance(answer, Unknown):
            return answer


async def test_no_acknowledged_act_is_lost_or_doubled_while_a_filing_continues_as_new_and_all_is_read_back(
    forgetful_client: Client, world: World
) -> None:
    client = forgetful_client
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock())
        answers = await asyncio.gather(*(note_until_known(filing, number) for number in range(ACTS)))
        await world.until_told("noted", ACTS)
        count = len(await runs(client, filing))
        whole, end = [await read_told(client, filing.id, since) for since in (1, ACTS)]
    assert count > 2
    assert all(isinstance(answer, ActAnswer) for answer in answers)
    sequences = sorted(answer.sequence for answer in answers if isinstance(answer, ActAnswer))
    assert sequences == list(range(2, ACTS + 2))
    texts = [entry.data["text"] for entry in world.entries if entry.what == "noted"]
    assert sorted(texts) == sorted(f"Notitie {number}" for number in range(ACTS))
    assert [whole.steps[number] for number in range(1, ACTS + 2)] == world.steps
    assert [*end.steps] == [ACTS, ACTS + 1]
    assert await read_last_recorded(client, filing.id) == ACTS + 1


async def test_an_office_that_asks_gets_the_state_before_the_steps_across_runs_too(
    forgetful_client: Client, world: World
) -> None:
    client, world.keeps_states, acted = forgetful_client, False, threading.Event()

    def wait(input: RecordInput) -> None:
        acted.wait(20)

    world.before["record"] = wait  # until a new run is due: the one that waits then carries its outbox over
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock())
        await asyncio.gather(*(note_until_known(filing, number) for number in range(ACTS)))
        acted.set()
        await world.until_told("noted", ACTS)
        carried = [input.carried for input in await runs(client, filing) if input.carried]
    assert any(one.outbox for one in carried)
    leads_to_its_steps(world.records)


def leads_to_its_steps(records: list[RecordInput]) -> None:
    """Insist that the state that was sent with each record is the one before its steps."""
    for record in records:
        before = record.before.journal.sequence if record.before else 0
        assert before == record.steps[0].sequence - 1
        state = record.before
        for taken in record.steps:
            assert taken.event is not None
            outcome = step(VAT, state, taken.event)
            assert isinstance(outcome, Step)
            state = outcome.state
            assert state_digest(VAT, state) == taken.digest


def noted_often(times: int) -> tuple[State, tuple[StepRecord, ...]]:
    """Return a filing in which so many notes were written, and its steps from the start."""
    event: AnyEvent = started(VAT)
    taken, state = list[StepRecord](), None
    for number in range(times + 1):
        outcome = step(VAT, state, event)
        assert isinstance(outcome, Step)
        state = outcome.state
        digest = state_digest(VAT, state)
        taken.append(StepRecord(sequence=outcome.sequence, event=event, digest=digest))
        event = Note(at=event.at, id=f"n{number}", by=MANAGER, text=f"Notitie {number}")
    assert state is not None
    return state, tuple(taken)


async def go_on(client: Client, world: World, state: State, **carried: Any) -> Filing:
    """Begin a run with what another one carried over."""
    world.plan = VAT
    latest, key = state.journal.at, state.origin.filing
    input = FilingInput(
        plan=plan_bytes(VAT).decode(),
        clock=office_clock(),
        timing=TIMING,
        carried=Carried(state=msgspec.Raw(canonical(state)), latest=latest, **carried),
    )
    await client.start_workflow(key.template, input, id=key.workflow_id, task_queue=QUEUE)
    return Filing(client, world, VAT, key)


async def test_many_steps_are_recorded_a_hundred_at_a_time_each_after_the_state_before_it(
    dev_client: Client, world: World
) -> None:
    state, steps = noted_often(220)
    world.keeps_states = False
    async with world.workers(dev_client):
        await go_on(dev_client, world, state, outbox=steps)
        await world.until_told("noted", 220)
    assert [len(record.steps) for record in world.records] == [100, 100, 21]
    leads_to_its_steps(world.records)


async def test_steps_before_which_an_earlier_version_kept_no_state_are_recorded_by_the_offices_own(
    dev_client: Client, world: World
) -> None:
    state, steps = noted_often(120)
    async with world.workers(dev_client):
        await go_on(dev_client, world, state, outbox=steps[2:])
        await world.until(lambda: len(world.records) == 2)
    assert [one for record in world.records for one in record.steps] == [*steps[2:]]


async def test_an_office_that_asks_for_a_state_that_was_not_kept_gets_the_next_and_no_events_before_it(
    dev_client: Client, world: World
) -> None:
    state, steps = noted_often(120)
    world.keeps_states = False
    async with world.workers(dev_client):
        filing = await go_on(dev_client, world, state, outbox=steps[2:])
        await filing.must(Note, MANAGER, text="Daarna")
        await world.until(lambda: any(one.steps[-1].sequence == 122 for one in world.records))
    sent = [one for record in world.records for one in record.steps]
    assert [one.sequence for one in sent] == [*range(3, 123)]
    assert [one.sequence for one in sent if one.event is not None] == [122]
    assert all(record.before == state for record in world.records)


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
        assert len(await runs(client, filing)) > 1
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
        assert len(await runs(client, filing)) > 1
        away.set()
        await world.until_told("message_sent")
        state = await filing_state(client, filing.id)
    assert world.told().count("message_sent") == 1
    assert state.journal.in_flight == ()
