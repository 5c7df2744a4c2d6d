"""Scenarios that were played on the bare machine, lived again by workflows on a time-skipping server.

Their world answers each command as the scenario's world did; people act at the moments at which they acted.
Time is the server's, for all of them: they begin at one moment, each in the office time of its own story, and
nobody goes on before everybody has come to the end of a moment.
"""

import asyncio
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import msgspec
from temporalio import activity
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from kantoor.clock import PracticeClock
from kantoor.compiler.compilation import Compilation
from kantoor.data import replace
from kantoor.filing.commands import AnyCommand
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Act, Result
from kantoor.filing.outcome import Entry, Step
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.plan import plan_bytes
from kantoor.runtime import client as kantoor_client
from kantoor.runtime.activities.retrying import polling
from kantoor.runtime.inputs import (
    ActAnswer,
    Answer,
    DeliverInput,
    FindInput,
    FollowInput,
    NoteInput,
    RecordAnswer,
    RecordInput,
    ResolveInput,
    SendInput,
    StartInput,
    StepRecord,
    Timing,
    WatchInput,
)
from kantoor.simulation.scenarios import Played
from kantoor.simulation.story import Story
from kantoor.simulation.trying import find_corrected

from .world import QUEUE, World

NEVER = timedelta(days=3650)
TIMING = Timing(activity_seconds=60, delivery_seconds=60)
ANSWERED = {
    "send_message": SendInput,
    "resolve_offer": ResolveInput,
    "deliver": DeliverInput,
    "follow": FollowInput,
    "watch_filing": WatchInput,
    "start_filing": StartInput,
    "find_linked": FindInput,
    "leave_note": NoteInput,
}


def play(compilation: Compilation, name: str) -> Story:
    """Play a scenario on the bare machine; nothing comes otherwise than it says."""
    model, office = compilation.scenarios[name].model, compilation.office
    assert model is not None
    assert office is not None
    corrected = find_corrected(compilation, name)
    played = Played(model, compilation.plans[name.partition("/")[0]], office, corrected=corrected)
    failures = [failure for step in model.steps for failure in played.play(step)]
    assert failures == []
    played.simulation.go_to(played.simulation.now)  # what else comes at its last moment
    return played.simulation.tell()


class Life:
    """A story that a workflow lives: what was recorded of it, and what its world still has to answer."""

    def __init__(self, name: str, story: Story, number: int) -> None:
        self.name = name
        self.story = story
        key = replace(story.start.filing, relation=str(number))
        self.start = replace(story.start, filing=key)
        self.id = key.workflow_id
        self.entries: list[Entry] = []
        """The timeline, as the machine works it out from the events that were recorded."""
        self.recorded = 0
        self.news = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._state: State | None = None
        self._answers = _list_answers(story)
        self._given: dict[int, tuple[timedelta, Result]] = {}

    def answer(self, input: Any) -> Answer:
        """Answer a command, or ask to be asked again when the story's world answered."""
        number, answers = input.command.number, self._answers.get(_say(input.command))
        if number not in self._given:
            if not answers:
                raise polling("the story does not answer this", NEVER)
            self._given[number] = answers.pop(0)
        after, result = self._given[number]
        if after and activity.info().attempt == 1:
            raise polling("the story answers this later", after)
        return Answer(result=replace(result, at=input.at, number=number))

    def record(self, steps: Iterable[StepRecord]) -> None:
        """Keep what was recorded, each step once."""
        for one in steps:
            if one.sequence > self.recorded and not self._is_over():
                assert one.event is not None
                taken = step(self.story.plan, self._state, one.event)
                assert isinstance(taken, Step)
                assert state_digest(self.story.plan, taken.state) == one.digest
                self._state = taken.state
                self.entries.extend(taken.entries)
                self.recorded = one.sequence
        self._loop.call_soon_threadsafe(self.news.set)

    def _is_over(self) -> bool:
        """Say whether it came to where its story leaves it open; what comes later is in no story."""
        return not self.story.view.ended and self.recorded == len(self.story.events)

    async def until(self, steps: int) -> None:
        """Wait until so many steps are recorded."""
        try:
            async with asyncio.timeout(60):
                while self.recorded < steps:
                    self.news.clear()
                    await self.news.wait()
        except TimeoutError:
            missing = self.story.events[self.recorded : steps]
            raise AssertionError(f"{self.name}: after {self.recorded} steps it misses {missing}") from None


class Lives(World):
    """The world of several lives: each command goes to the life of its filing."""

    def __init__(self, stories: Mapping[str, Story]) -> None:
        super().__init__()
        self.lives = [Life(*named, number) for number, named in enumerate(stories.items(), 1001)]
        self._by_id = {life.id: life for life in self.lives}

    def activities(self) -> tuple[list[Any], list[Any]]:
        @activity.defn(name="record")
        def record(input: RecordInput) -> RecordAnswer:
            self._by_id[input.workflow_id].record(input.steps)
            return RecordAnswer(needs_state=False)

        return [self._answer(name, kind) for name, kind in ANSWERED.items()], [record]

    def _answer(self, name: str, kind: type[Any]) -> Any:
        def answer(input: Any) -> Answer:
            return self._by_id[activity.info().workflow_id].answer(input)

        answer.__annotations__["input"] = kind
        return activity.defn(name=name)(answer)


def _list_answers(story: Story) -> dict[str, list[tuple[timedelta, Result]]]:
    """Return how long after each command it was answered, and what; of what is alike, in order.

    Commands are known by what they are about: those of one moment may get other numbers.
    """
    commands: dict[int, tuple[datetime, AnyCommand]] = {}
    answers: dict[str, list[tuple[timedelta, Result]]] = {}
    state = None
    for event in story.events:
        taken = step(story.plan, state, event)
        assert isinstance(taken, Step)
        state = taken.state
        commands |= {command.number: (event.at, command) for command in taken.commands}
        if isinstance(event, Result):
            at, command = commands[event.number]
            answers.setdefault(_say(command), []).append((event.at - at, event))
    return answers


def _say(command: AnyCommand) -> str:
    """Return what a command is about, without its number."""
    about = ("kind", "phase", "message", "purpose", "automation", "template", "outcome")
    said = msgspec.to_builtins(command)
    return " ".join(str(said.get(field)) for field in about)


async def live(env: WorkflowEnvironment, stories: Mapping[str, Story]) -> dict[str, list[Entry]]:
    """Live stories by name, all at once; return the timelines as they were recorded."""
    world = Lives(stories)
    client: Client = env.client
    async with world.workers(client):
        began = await env.get_current_time()
        await asyncio.gather(*(_begin(client, life, began) for life in world.lives))
        moments = {event.at - life.story.start.at for life in world.lives for event in life.story.events}
        for moment in sorted(moments):
            left = began + moment - await env.get_current_time()
            if left > timedelta(0):
                async with asyncio.timeout(120):  # a server that never comes there is told, not waited for
                    await env.sleep(left)
            await asyncio.gather(*(_go_on(client, life, moment) for life in world.lives))
    return {life.name: life.entries for life in world.lives}


async def _begin(client: Client, life: Life, began: datetime) -> None:
    until = datetime(life.story.now.year + 2, 12, 31)
    clock = PracticeClock(real_anchor=began, office_anchor=life.start.at, seconds_per_day=86400, until=until)
    text = plan_bytes(life.story.plan).decode()
    assert await kantoor_client.start_filing(client, QUEUE, text, life.start, clock, TIMING)


async def _go_on(client: Client, life: Life, moment: timedelta) -> None:
    """Do what people did at a moment, each act when all before it is recorded; wait for the rest of it."""
    now = life.story.start.at + moment
    past = bisect_right(life.story.events, now, key=lambda event: event.at)
    for before, event in enumerate(life.story.events[:past]):
        if event.at == now and isinstance(event, Act):
            await life.until(before)
            answer = await kantoor_client.act(client, life.id, replace(event, at=datetime.min))
            assert isinstance(answer, ActAnswer), (life.name, event, answer)
    await life.until(past)
