"""Filings that are moved to another plan while they run, on Temporal."""

import asyncio
import threading
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Replayer

from kantoor.data import digest_of, replace
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Attach, Check, Complete, Decide, Move, Note
from kantoor.filing.following import find_first, take
from kantoor.filing.mapping import Mapping
from kantoor.filing.outcome import Refusal, Step
from kantoor.filing.previewing import preview
from kantoor.filing.state import State
from kantoor.filing.view import view
from kantoor.keys.ring import KeyRing
from kantoor.plan import Automation, CreateTask, DateRule, Plan, To, digest, plan_bytes
from kantoor.runtime.activities.retrying import polling
from kantoor.runtime.client import Unknown
from kantoor.runtime.codec import data_converter
from kantoor.runtime.filing_workflow import FilingWorkflow
from kantoor.runtime.inputs import ActAnswer, RecordInput, SendInput
from kantoor.runtime.search_attributes import PHASE, PLAN
from kantoor.runtime.task_queues import workflow_runner
from tests.filing.driver import ACCOUNTANT, ADMIN, CLIENT, MANAGER, shown
from tests.filing.moving.edits import add_checkpoint, add_phase, change_phase, rename_phase
from tests.filing.plans import REVIEW, VAT, with_phase

from .test_continue_as_new import note_until_known, runs
from .world import Filing, World, dev_server, office_clock, start

QUICK = 0.01
"""Seconds a day: 1 February comes at once, and the next day never."""

NOON = datetime(2026, 2, 1, 12)

CHECKED = add_checkpoint(VAT, REVIEW)
RENAMED = rename_phase(VAT, "verzamelen", "stukken")


@pytest.fixture
async def forgetful_client(ring: KeyRing) -> AsyncIterator[Client]:
    """A client of a dev server that asks to continue as new after thirty events."""
    setting = "limit.historyCount.suggestContinueAsNew=30"
    async with dev_server(data_converter(ring), "--dynamic-config-value", setting) as client:
        yield client


async def begun(client: Client, world: World) -> Filing:
    """Start a filing and wait until its first phase runs and nothing is on its way."""
    filing = await start(client, world, VAT, office_clock(seconds_per_day=QUICK, until=NOON))
    await world.until_told("message_sent")
    return filing


async def to_its_end(filing: Filing, *checkpoints: str, first: str = "verzamelen") -> None:
    """Do what is to be done from the first phase on; `checkpoints` are those of the review."""
    await filing.must(Check, ADMIN, phase=first, checkpoint="bank_compleet")
    await filing.must(Complete, ADMIN, phase=first)
    await filing.must(Attach, ADMIN, shown=shown())
    await filing.must(Complete, ADMIN, phase="opstellen")
    for checkpoint in checkpoints:
        await filing.must(Check, ACCOUNTANT, phase="controle", checkpoint=checkpoint)
    await filing.must(Complete, ACCOUNTANT, phase="controle", documents=(shown(),))
    await filing.world.until_told("message_sent", 2)
    await filing.must(Decide, CLIENT, phase="aanbieden", answer="approve", documents=(shown(),))
    await filing.world.until_told("accepted")
    await filing.must(Complete, ADMIN, phase="afronden")
    await filing.world.until_told("filing_ended")


async def replays(filing: Filing) -> None:
    """Insist that the history of the last run replays, in the sandbox."""
    history = await filing.client.get_workflow_handle(filing.id).fetch_history()
    await Replayer(
        workflows=[FilingWorkflow],
        workflow_runner=workflow_runner(),
        data_converter=filing.client.data_converter,
    ).replay_workflow(history)


async def test_a_filing_that_is_moved_meets_what_the_newer_plan_asks_and_ends(
    dev_client: Client, world: World
) -> None:
    async with world.workers(dev_client):
        filing = await begun(dev_client, world)
        await filing.move(CHECKED)
        async with asyncio.timeout(20):
            while True:
                described = await dev_client.get_workflow_handle(filing.id).describe()
                if described.typed_search_attributes[PLAN] == digest(CHECKED):
                    break
        assert described.typed_search_attributes[PHASE] == ["verzamelen"]
        await filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
        await filing.must(Complete, ADMIN, phase="verzamelen")
        await filing.must(Attach, ADMIN, shown=shown())
        await filing.must(Complete, ADMIN, phase="opstellen")
        open_still = await filing.act(Complete, ACCOUNTANT, phase="controle", documents=(shown(),))
        assert isinstance(open_still, Refusal)
        await filing.must(Check, ACCOUNTANT, phase="controle", checkpoint="nieuw_punt")
        await filing.must(Complete, ACCOUNTANT, phase="controle", documents=(shown(),))
        await world.until_told("message_sent", 2)
        await filing.must(Decide, CLIENT, phase="aanbieden", answer="approve", documents=(shown(),))
        await world.until_told("accepted")
        await filing.must(Complete, ADMIN, phase="afronden")
        await world.until_told("filing_ended")
        await replays(filing)
    assert world.told().count("moved") == 1


async def test_there_and_back_is_where_it_was(dev_client: Client, world: World) -> None:
    async with world.workers(dev_client):
        filing = await begun(dev_client, world)
        before = await until_still(filing)
        await filing.move(RENAMED, Mapping(phases={"verzamelen": "stukken"}))
        there = await until_still(filing)
        await filing.move(VAT, Mapping(phases={"stukken": "verzamelen"}))
        back = await until_still(filing)
        await to_its_end(filing)
        await replays(filing)
    assert [phase.id for phase in there.case.phases] == ["stukken"]
    assert back.case == before.case
    assert world.told().count("moved") == 2


async def test_a_date_of_the_newer_plan_comes(env: WorkflowEnvironment, world: World) -> None:
    dated = replace(LATE, at=DateRule(anchor="period.end", days=5))
    newer = change_phase(VAT, "verzamelen", automations=(*VAT.phases[0].automations, dated))
    clock = office_clock(await env.get_current_time())
    async with world.workers(env.client):
        filing = await start(env.client, world, VAT, clock)
        await world.until_told("started")
        await env.sleep(timedelta(days=33))
        await world.until_told("message_sent")
        await filing.move(newer)
        await env.sleep(timedelta(days=4))
        await world.until_told("task_made", 2)
    made = [entry.data["title"] for entry in world.entries if entry.what == "task_made"]
    assert made == ["Lever bankafschriften", "Kijk na"]


async def test_a_move_while_something_is_on_its_way_is_refused_as_later_and_works_afterwards(
    dev_client: Client, world: World
) -> None:
    away = threading.Event()

    def wait(input: SendInput) -> None:
        away.wait(20)

    world.before["send_message"] = wait
    async with world.workers(dev_client):
        filing = await start(dev_client, world, VAT, office_clock(seconds_per_day=QUICK, until=NOON))
        await world.until_told("phase_entered")
        later = await filing.move(CHECKED, told=())
        away.set()
        await world.until_told("message_sent")
        moved = await filing.move(CHECKED)
    text = "Er is iets onderweg: het versturen van een bericht. Verplaatsen kan zodra dat is beantwoord."
    assert later == Refusal(code="move_later", text=text)
    assert isinstance(moved, ActAnswer), moved


async def test_a_move_is_done_once_and_only_from_the_plan_and_to_the_plan_that_it_names(
    dev_client: Client, world: World
) -> None:
    async with world.workers(dev_client):
        filing = await begun(dev_client, world)
        others = {"before": digest(RENAMED)}, {"plan": digest(RENAMED)}
        refused = [await filing.move(CHECKED, **other) for other in others]
        first = await filing.move(CHECKED, id="m1")
        told = (await world_moves(world))[0].told
        filing.plan = VAT
        again = await filing.move(CHECKED, id="m1", told=told)
        await filing.must(Note, MANAGER, text="Daarna")
        await world.until_told("noted")
    assert [one.code for one in refused if isinstance(one, Refusal)] == ["other_plan", "other_plan"]
    assert isinstance(first, ActAnswer)
    assert isinstance(again, ActAnswer)
    assert again.sequence == first.sequence
    assert world.told().count("moved") == 1


async def world_moves(world: World) -> list[Any]:
    await world.until_told("moved")
    return [one.event for one in world.steps if getattr(one.event, "kind", "") == "move"]


async def test_a_moved_filing_goes_on_by_its_plan_when_another_worker_takes_it(
    dev_client: Client, world: World
) -> None:
    async with world.workers(dev_client):
        filing = await begun(dev_client, world)
        await filing.move(CHECKED)
    async with world.workers(dev_client):
        await to_its_end(filing, "nieuw_punt")
    assert world.told().count("moved") == 1


async def test_a_moved_filing_continues_as_new_on_its_plan_and_answers_the_move_again(
    forgetful_client: Client, world: World
) -> None:
    client = forgetful_client
    async with world.workers(client):
        filing = await begun(client, world)
        first = await filing.move(RENAMED, Mapping(phases={"verzamelen": "stukken"}), id="m1")
        (act,) = await world_moves(world)
        await asyncio.gather(*(note_until_known(filing, number) for number in range(20)))
        await world.until_told("noted", 20)
        inputs = await runs(client, filing)
        filing.plan = VAT
        again = await filing.move(RENAMED, act.mapping, id="m1", told=act.told)
        filing.plan = RENAMED
        await to_its_end(filing, first="stukken")
        await replays(filing)
    assert len(inputs) > 1
    assert digest(RENAMED) == digest_of(inputs[0].plan.encode())
    assert isinstance(first, ActAnswer)
    assert isinstance(again, ActAnswer)
    assert (again.sequence, again.repeated) == (first.sequence, True)
    assert world.told().count("moved") == 1


async def test_an_office_that_asks_gets_state_and_plan_before_steps_over_a_move_and_across_runs(
    forgetful_client: Client, world: World
) -> None:
    client, acted = forgetful_client, threading.Event()
    async with world.workers(client):
        filing = await begun(client, world)
        world.keeps_states = False

        def wait(input: RecordInput) -> None:
            acted.wait(20)

        world.before["record"] = wait  # until a new run is due, which gets the outbox
        await asyncio.gather(*(note_until_known(filing, number) for number in range(5)))
        await filing.move(CHECKED)
        await asyncio.gather(*(note_until_known(filing, number) for number in range(5, 30)))
        acted.set()
        await world.until_told("noted", 30)
        carried = [one.carried for one in await runs(client, filing) if one.carried]
    assert any(one.plans for one in carried)
    plans = {digest(one): one for one in (VAT, CHECKED)}
    for record in (one for one in world.records if one.asked):
        events = [one.event for one in record.steps if one.event is not None]
        assert record.plan is not None
        assert record.plan == find_first(record.plan, events)
        plan, state = plans[record.plan], record.before
        for taken in record.steps:
            assert taken.event is not None
            plan, outcome = take(plan, state, taken.event, plans.__getitem__)
            assert isinstance(outcome, Step)
            state = outcome.state
            assert state_digest(plan, state) == taken.digest


async def test_a_safeguard_goes_only_where_the_office_says_so_and_work_can_go_back(
    dev_client: Client, world: World
) -> None:
    newer = with_phase(replace(REVIEW, reviews=()))
    async with world.workers(dev_client):
        filing = await begun(dev_client, world)
        refused = await filing.move(newer, told=())
        moved = await filing.move(newer, Mapping(without=("review:aangifte",), back_to="verzamelen"))
        view = await until_still(filing)
        await world.until_told("moved")
    assert isinstance(refused, Refusal)
    assert refused.code == "move_cannot"
    assert isinstance(moved, ActAnswer), moved
    assert view.case.rounds["verzamelen"] == 2
    assert [one.what for one in world.entries if one.what.startswith("moved")] == [
        *("moved", "moved_lost", "moved_without")
    ]


class Away:
    """A mail server that does not answer until it is said to."""

    def __init__(self, world: World) -> None:
        self.back = threading.Event()
        world.before["send_message"] = self.ask

    def ask(self, input: SendInput) -> None:
        """Have it tried again in a moment while nobody answers."""
        if not self.back.is_set():
            raise polling("not yet", timedelta(seconds=0.05))


async def test_a_move_that_waits_outlives_its_worker_and_is_carried_out_when_it_is_safe(
    dev_client: Client, world: World
) -> None:
    mail = Away(world)
    async with world.workers(dev_client):
        filing = await start(dev_client, world, VAT, office_clock(seconds_per_day=QUICK, until=NOON))
        await world.until_told("phase_entered")
        asked = await filing.move_when_safe(CHECKED)
        assert isinstance(asked, ActAnswer), asked
        await world.until_told("move_asked")
    mail.back.set()
    async with world.workers(dev_client):
        await world.until_told("moved")
        filing.plan = CHECKED
        await to_its_end(filing, "nieuw_punt")
        await replays(filing)
    assert [one for one in world.told() if one.startswith("move")] == ["move_asked", "moved"]
    (move,) = await world_moves(world)
    assert move.asked


async def test_a_move_that_waits_goes_along_when_a_filing_continues_as_new(
    forgetful_client: Client, world: World
) -> None:
    client, mail = forgetful_client, Away(world)
    async with world.workers(client):
        filing = await start(client, world, VAT, office_clock(seconds_per_day=QUICK, until=NOON))
        await world.until_told("phase_entered")
        assert isinstance(await filing.move_when_safe(CHECKED), ActAnswer)
        await asyncio.gather(*(note_until_known(filing, number) for number in range(30)))
        await world.until_told("noted", 30)
        inputs = await runs(client, filing)
        mail.back.set()
        await world.until_told("moved")
        filing.plan = CHECKED
        await to_its_end(filing, "nieuw_punt")
        await replays(filing)
    carried = [one.carried for one in inputs if one.carried]
    assert carried
    assert all(plan_bytes(CHECKED).decode() in one.plans for one in carried)
    assert world.told().count("moved") == 1


TASK = CreateTask(title="Kijk na", to=To(kind="role", name="administratie"))
LATE = Automation(id="nakijken", at=DateRule(anchor="period.end", days=90), task=TASK)
EDITS = {
    "title": (replace(VAT, title="Anders"), Mapping()),
    "checkpoint": (CHECKED, Mapping()),
    "no checkpoints": (change_phase(VAT, "verzamelen", checkpoints=()), Mapping()),
    "renamed": (RENAMED, Mapping(phases={"verzamelen": "stukken"})),
    "more": (add_phase(VAT, 2), Mapping()),
    "dated": (change_phase(VAT, "verzamelen", automations=(*VAT.phases[0].automations, LATE)), Mapping()),
    "back": (CHECKED, Mapping(back_to="verzamelen")),
    "unreviewed": (with_phase(replace(REVIEW, reviews=())), Mapping(without=("review:aangifte",))),
}


async def test_filings_that_move_by_all_sorts_of_edits_while_workers_change_move_once_and_end(
    dev_client: Client, world: World
) -> None:
    relations = {name: str(1001 + number) for number, name in enumerate(EDITS)}
    async with world.workers(dev_client):
        clock = office_clock(seconds_per_day=QUICK, until=NOON)
        filings = {name: await start(dev_client, world, VAT, clock, one) for name, one in relations.items()}
        for filing in filings.values():
            await until_still(filing)
            await filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
        shown_moves = [(filing, await until_still(filing), *EDITS[name]) for name, filing in filings.items()]
        moving = [asyncio.create_task(move_surely(*move)) for move in shown_moves]
        await asyncio.sleep(0)
    async with world.workers(dev_client):
        await asyncio.gather(*moving)
        ended = await asyncio.gather(*map(play_to_its_end, filings.values()))
        for filing in filings.values():  # all is recorded when its workflow ends
            await dev_client.get_workflow_handle(filing.id).result()
            await replays(filing)
    assert [state.case.ended and state.case.ended.how for state in ended] == ["completed"] * len(EDITS)
    assert len(world.delivered) == len(EDITS)
    moves = {
        (record.workflow_id, one.sequence)
        for record in world.records
        for one in record.steps
        if isinstance(one.event, Move)
    }
    assert sorted(id for id, _ in moves) == sorted(filing.id for filing in filings.values())


async def until_still(filing: Filing) -> State:
    """Wait until nothing of a filing is on its way, by what was recorded of it.

    Nobody asks the filing itself: a query that meets a result which no workflow task has taken yet has
    sdk-core take it, and the act that comes next makes a history that does not replay.
    """

    def still() -> State | None:
        state = filing.world.state(filing.id)
        known = state is not None and state.journal.sequence >= filing.taken
        return state if known and state.case.phases and not state.journal.in_flight else None

    await filing.world.until(lambda: still() is not None, seconds=60)
    state = still()
    assert state is not None
    return state


async def move_surely(filing: Filing, state: State, newer: Plan, mapping: Mapping) -> None:
    """Move, under the same id until the result is known, as it was shown at first."""
    told = preview(VAT, newer, state, mapping, NOON).effects
    while True:
        moved = await filing.move(newer, mapping, id="move", told=told)
        if isinstance(moved, ActAnswer):
            return
        assert isinstance(moved, Unknown), moved


async def play_to_its_end(filing: Filing) -> State:
    """Do whatever its plan asks of anybody until it has ended."""
    people = {"administratie": ADMIN, "accountant": ACCOUNTANT}
    while True:
        state = await until_still(filing)
        if state.case.ended:
            return state
        for phase in view(filing.plan, state).phases:
            if phase.status != "active":
                continue
            if phase.id == "aanbieden":
                await filing.must(Decide, CLIENT, phase=phase.id, answer="approve", documents=(shown(),))
            elif by := people.get(phase.role):
                for one in (one for one in phase.checkpoints if one.required and one.by is None):
                    await filing.must(Check, by, phase=phase.id, checkpoint=one.id)
                if phase.documents:
                    await filing.must(Attach, by, shown=shown())
                await filing.must(Complete, by, phase=phase.id, documents=phase.reviews)
