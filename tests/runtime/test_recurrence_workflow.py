from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from kantoor.clock import PracticeClock
from kantoor.filing.outcome import ACT_ID_USED, Refusal
from kantoor.keys.ring import KeyRing
from kantoor.recurrence import REMEMBERED, Recurrence
from kantoor.runtime.client import NotRunning, Unknown, move_clock
from kantoor.runtime.codec import data_converter
from kantoor.runtime.recurrence_client import Change, Changed, change_recurrence, start_recurrence

from ..test_recurrence import recurrence
from .world import QUEUE, TIMING, World, dev_server, office_clock

DAY = timedelta(days=1)


class Recurring:
    """A recurrence that runs: its first filing, over February, starts on 31 January."""

    def __init__(self, env: WorkflowEnvironment, world: World, about: Recurrence) -> None:
        self.env = env
        self.world = world
        self.id = about.workflow_id
        self.acts = 0

    @property
    def client(self) -> Client:
        return self.env.client

    async def change(self, change: Change, start: date | None = None, act: str = "") -> Recurrence:
        self.acts += 1
        changed = await self.ask(change, act or f"a{self.acts}", start=start)
        assert isinstance(changed, Changed), changed
        return changed.recurrence

    async def ask(
        self, change: Change, act: str, by: str = "marieke", start: date | None = None
    ) -> Changed | Refusal | NotRunning | Unknown:
        return await change_recurrence(self.client, self.id, change, act, by, start=start)

    async def days(self, count: float) -> None:
        await self.env.sleep(count * DAY)

    async def begun(self, count: int) -> list[tuple[str, date]]:
        """Wait for so many starts and return all, as period and office day."""
        await self.world.until(lambda: len(self.world.begun) >= count)
        return [(input.recurrence.period, input.today) for input in self.world.begun]

    async def saved(self, **facts: object) -> None:
        """Wait until the row last written has these facts."""

        def holds() -> bool:
            last = self.world.saved[-1] if self.world.saved else None
            return last is not None and all(getattr(last, name) == value for name, value in facts.items())

        await self.world.until(holds)


@pytest.fixture
async def recurring(env: WorkflowEnvironment, world: World) -> AsyncIterator[Recurring]:
    """Monthly, from 31 December 2025 on by the office's clock."""
    about = recurrence()
    clock = office_clock(await env.get_current_time())
    async with world.workers(env.client):
        assert await start_recurrence(env.client, QUEUE, about, clock, TIMING)
        found = Recurring(env, world, about)
        await found.saved(period="2026-02")
        yield found


async def test_filing_after_filing_starts_on_its_day(recurring: Recurring) -> None:
    await recurring.days(95)
    assert await recurring.begun(3) == [
        ("2026-02", date(2026, 1, 31)),
        ("2026-03", date(2026, 2, 28)),
        ("2026-04", date(2026, 3, 31)),
    ]


async def test_what_a_pause_held_back_is_caught_up_when_it_ends(recurring: Recurring) -> None:
    assert (await recurring.change("pause")).paused
    await recurring.days(70)
    await recurring.saved(paused=True)
    assert not recurring.world.begun
    await recurring.change("resume")
    begun = await recurring.begun(2)
    assert begun == [("2026-02", date(2026, 3, 11)), ("2026-03", date(2026, 3, 11))]


async def test_one_is_skipped_and_the_same_act_skips_once(recurring: Recurring) -> None:
    await recurring.change("skip", act="s1")
    again = await recurring.ask("skip", "s1")
    assert isinstance(again, Changed)
    assert (again.recurrence.period, again.repeated) == ("2026-03", True)
    await recurring.days(60)
    assert await recurring.begun(1) == [("2026-03", date(2026, 2, 28))]


async def test_what_was_skipped_by_mistake_starts_after_all_and_what_follows_does_as_before(
    recurring: Recurring,
) -> None:
    await recurring.change("skip")
    await recurring.days(40)
    assert not recurring.world.begun
    assert (await recurring.change("unskip")).period == "2026-02"
    await recurring.days(30)
    begun = await recurring.begun(2)
    assert [period for period, _ in begun] == ["2026-02", "2026-03"]


async def test_a_change_of_a_period_that_is_not_next_any_more_changes_nothing(recurring: Recurring) -> None:
    async def skip(act: str, seen: str) -> Changed | Refusal | NotRunning | Unknown:
        return await change_recurrence(recurring.client, recurring.id, "skip", act, "marieke", seen=seen)

    first = await skip("s1", "2026-02")
    assert isinstance(first, Changed)
    again = await skip("s1", "2026-02")
    assert isinstance(again, Changed)
    assert again.repeated
    late = await skip("s2", "2026-02")
    assert isinstance(late, Refusal)
    assert late.code == "period_passed"
    state = await recurring.client.get_workflow_handle(recurring.id).query("state", result_type=Recurrence)
    assert state.period == "2026-03"


async def test_an_id_that_was_used_for_another_change_or_by_another_person_is_refused(
    recurring: Recurring,
) -> None:
    first = await recurring.ask("pause", "p")
    assert isinstance(first, Changed)
    assert not first.repeated
    assert await recurring.ask("stop", "p") == ACT_ID_USED
    assert await recurring.ask("pause", "p", by="carla") == ACT_ID_USED
    again = await recurring.ask("pause", "p")
    assert isinstance(again, Changed)
    assert again.repeated
    state = await recurring.client.get_workflow_handle(recurring.id).query("state", result_type=Recurrence)
    assert (state.paused, state.stopped) == (True, False)


async def test_acts_on_one_that_has_ended_are_answered_as_they_were(recurring: Recurring) -> None:
    await recurring.change("pause", act="p")
    await recurring.change("stop", act="s")
    await recurring.client.get_workflow_handle(recurring.id).result()
    again = await recurring.ask("stop", "s")
    assert isinstance(again, Changed)
    assert again.repeated
    assert await recurring.ask("stop", "p") == ACT_ID_USED


async def test_acts_are_known_after_continuing_as_new(ring: KeyRing, world: World) -> None:
    setting = "limit.historyCount.suggestContinueAsNew=30"
    async with (
        dev_server(data_converter(ring), "--dynamic-config-value", setting) as client,
        world.workers(client),
    ):
        about = recurrence()
        assert await start_recurrence(client, QUEUE, about, office_clock(), TIMING)
        handle = client.get_workflow_handle(about.workflow_id)
        first_run = (await handle.describe()).run_id

        async def ask(change: Change, act: str) -> object:
            return await change_recurrence(client, about.workflow_id, change, act, "marieke")

        await ask("pause", "p")
        for number in range(REMEMBERED - 1):
            await ask("resume", f"r{number}")
        assert (await handle.describe()).run_id != first_run
        assert await ask("stop", "p") == ACT_ID_USED
        again = await ask("pause", "p")
        assert isinstance(again, Changed)
        assert (again.repeated, again.recurrence.paused) == (True, False)


async def test_another_start_date_counts_for_the_next_filing_alone(recurring: Recurring) -> None:
    await recurring.change("set_start", date(2026, 2, 10))
    await recurring.days(60)
    assert await recurring.begun(2) == [("2026-02", date(2026, 2, 10)), ("2026-03", date(2026, 2, 28))]


async def test_a_relation_that_is_not_ready_is_tried_each_office_day_and_the_row_says_why(
    recurring: Recurring,
) -> None:
    recurring.world.not_ready = ["Geen contactpersoon"] * 3
    await recurring.days(34)
    await recurring.saved(problem="Geen contactpersoon")
    await recurring.days(6)
    begun = await recurring.begun(4)
    days = [date(2026, 1, 31), date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 4)]
    assert begun == [("2026-02", day) for day in days]
    await recurring.saved(problem="", period="2026-03")


async def test_a_stopped_one_starts_nothing_and_can_be_set_up_again(recurring: Recurring) -> None:
    await recurring.change("stop")
    await recurring.saved(stopped=True)
    await recurring.days(60)
    assert not recurring.world.begun
    assert isinstance(await recurring.ask("resume", "a9"), NotRunning)
    clock = office_clock(await recurring.env.get_current_time())
    assert await start_recurrence(recurring.client, QUEUE, recurrence(), clock, TIMING)


async def test_a_second_one_of_the_same_relation_and_template_is_refused(recurring: Recurring) -> None:
    clock = office_clock(await recurring.env.get_current_time())
    assert not await start_recurrence(recurring.client, QUEUE, recurrence(), clock, TIMING)


async def test_a_single_start_on_a_later_date_happens_once(env: WorkflowEnvironment, world: World) -> None:
    clock = office_clock(await env.get_current_time())
    async with world.workers(env.client):
        once = recurrence(once=True, start=date(2026, 1, 10))
        assert await start_recurrence(env.client, QUEUE, once, clock, TIMING)
        found = Recurring(env, world, once)
        await found.saved(once=True)
        await found.days(100)
        assert await found.begun(1) == [("2026-02", date(2026, 1, 10))]
        await found.saved(stopped=True)


async def test_it_lives_by_the_offices_clock(env: WorkflowEnvironment, world: World) -> None:
    real = await env.get_current_time()
    still = PracticeClock(
        real_anchor=real,
        office_anchor=datetime(2025, 12, 31, 8),
        seconds_per_day=1,
        until=datetime(2025, 12, 31, 8),
    )
    async with world.workers(env.client):
        assert await start_recurrence(env.client, QUEUE, recurrence(), still, TIMING)
        found = Recurring(env, world, recurrence())
        await found.saved(period="2026-02")
        await found.days(40)
        assert not world.begun
        on = still.set_until(await env.get_current_time(), datetime(2026, 3, 1))
        assert await move_clock(env.client, [found.id], on) == ()
        await found.days(1)
        begun = await found.begun(2)
    assert [period for period, _ in begun] == ["2026-02", "2026-03"]
