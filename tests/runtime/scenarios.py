"""A scenario that was played on the bare machine, lived again by a workflow on a time-skipping server.

Its world answers each command as the scenario's world did; people act at the moments at which they acted.
"""

import asyncio
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
from kantoor.filing.events import Act, Result
from kantoor.filing.outcome import Entry, Step
from kantoor.filing.step import step
from kantoor.plan import plan_bytes
from kantoor.runtime import client as kantoor_client
from kantoor.runtime.activities.retrying import polling
from kantoor.runtime.client import NotRunning, Silent, filing_state
from kantoor.runtime.inputs import (
    ActAnswer,
    Answer,
    DeliverInput,
    FollowInput,
    NoteInput,
    ResolveInput,
    SendInput,
    StartInput,
    WatchInput,
)
from kantoor.simulation.scenarios import Played
from kantoor.simulation.story import Story
from kantoor.simulation.world import World as Simulated

from .world import QUEUE, TIMING, Filing, World

VERDICT_AFTER = timedelta(hours=Simulated().verdict_hours)
ANSWERED = {
    "send_message": SendInput,
    "resolve_offer": ResolveInput,
    "deliver": DeliverInput,
    "follow": FollowInput,
    "watch_filing": WatchInput,
    "start_filing": StartInput,
    "leave_note": NoteInput,
}


def play(compilation: Compilation, name: str) -> Story:
    """Play a scenario on the bare machine; nothing comes otherwise than it says."""
    model, office = compilation.scenarios[name].model, compilation.office
    assert model is not None
    assert office is not None
    played = Played(model, compilation.plans[name.partition("/")[0]], office)
    failures = [failure for step in model.steps for failure in played.play(step)]
    assert failures == []
    return played.simulation.tell()


class StoryWorld(World):
    """A world that answers each command as that of a story did."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self.plan = story.plan
        self._results = _list_results(story)

    def activities(self) -> tuple[list[Any], list[Any]]:
        _, records = super().activities()
        return [self._answer(name, kind) for name, kind in ANSWERED.items()], records

    def _answer(self, name: str, kind: type[Any]) -> Any:
        def answer(input: Any) -> Answer:
            self.asked(name, input)
            if name == "follow" and activity.info().attempt == 1:
                raise polling("the authority takes its time", VERDICT_AFTER)
            results = self._results.get(_say(input.command))
            if not results:
                raise polling("the story does not answer this", timedelta(days=1))
            return Answer(result=replace(results.pop(0), at=input.at, number=input.command.number))

        answer.__annotations__["input"] = kind
        return activity.defn(name=name)(answer)


def _list_results(story: Story) -> dict[str, list[Result]]:
    """Return what was answered to each command, in order; commands of one moment may get other numbers."""
    commands: dict[int, AnyCommand] = {}
    results: dict[str, list[Result]] = {}
    state = None
    for event in story.events:
        taken = step(story.plan, state, event)
        assert isinstance(taken, Step)
        state = taken.state
        commands |= {command.number: command for command in taken.commands}
        if isinstance(event, Result):
            results.setdefault(_say(commands[event.number]), []).append(event)
    return results


def _say(command: AnyCommand) -> str:
    """Return what a command is about, without its number."""
    about = ("kind", "phase", "message", "purpose", "automation", "template", "outcome")
    said = msgspec.to_builtins(command)
    return " ".join(str(said.get(field)) for field in about)


async def live(env: WorkflowEnvironment, world: World, story: Story) -> list[Entry]:
    """Live a story that ends, on the server; return its timeline as it was recorded there."""
    client: Client = env.client
    began = await env.get_current_time()
    until = datetime(story.now.year + 2, 12, 31)
    clock = PracticeClock(real_anchor=began, office_anchor=story.start.at, seconds_per_day=86400, until=until)
    text = plan_bytes(story.plan).decode()
    assert await kantoor_client.start_filing(client, QUEUE, text, story.start, clock, TIMING, 1)
    filing = Filing(client, world, story.plan, story.start.filing)
    await settle(filing)
    now = story.start.at
    for event in story.events:
        if event.at > now:
            now = event.at
            await env.sleep(began + (now - story.start.at) - await env.get_current_time())
            await settle(filing)
        if isinstance(event, Act):
            answer = await kantoor_client.act(client, filing.id, replace(event, at=datetime.min))
            assert isinstance(answer, ActAnswer), (event, answer)
            await settle(filing)
    await env.sleep(timedelta(seconds=20))  # what the last moment brings may come just after it
    await settle(filing)
    return world.entries


async def settle(filing: Filing) -> None:
    """Wait until every step is recorded and all is answered but what the authority still judges."""
    async with asyncio.timeout(20):
        while True:
            state = await filing_state(filing.client, filing.id)
            assert not isinstance(state, NotRunning | Silent)
            busy = [one for one in state.journal.in_flight if one.what != "follow"]
            if not busy and len(filing.world.steps) == state.journal.sequence:
                return
