"""What was written in format 1 is read for ever: its states, its digests, and what follows from its events.

`tests/histories/format-1/steps.json.gz` holds every step of four filings as the machine of format 1 took
them.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from kantoor.data import canonical, digest_of, fill_in
from kantoor.filing.digests import state_digest
from kantoor.filing.events import AnyEvent
from kantoor.filing.format_1 import read_state, state_in_format_1
from kantoor.filing.outcome import Step
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.plan import Plan, load_plan

FOLDER = Path(__file__).parents[1] / "histories" / "format-1"
STORIES: dict[str, list[dict[str, Any]]] = json.loads(
    gzip.decompress((FOLDER / "steps.json.gz").read_bytes())
)


def plan_of(story: str) -> Plan:
    """Return the plan that a history started with."""
    history = json.loads(gzip.decompress((FOLDER / story).read_bytes()))
    started = history["events"][0]["workflowExecutionStartedEventAttributes"]
    (payload,) = started["input"]["payloads"]
    text: str = json.loads(msgspec.convert(payload["data"], bytes))["plan"]
    return load_plan(text)


def taken(story: str) -> Iterator[tuple[dict[str, Any], Step]]:
    """Yield each step as it was written, with what the machine makes of its event today."""
    plan, state = plan_of(story), None
    for written in STORIES[story]:
        event: AnyEvent = msgspec.convert(written["event"], AnyEvent)
        outcome = step(plan, state, event)
        assert isinstance(outcome, Step), outcome
        state = outcome.state
        yield written, outcome


@pytest.mark.parametrize("story", STORIES)
def test_the_machine_comes_to_the_same_digests(story: str) -> None:
    plan = plan_of(story)
    for written, outcome in taken(story):
        assert state_in_format_1(plan, outcome.state) == written["state"]
        assert state_digest(plan, outcome.state) == written["digest"]


@pytest.mark.parametrize("story", STORIES)
def test_the_machine_asks_and_tells_the_same(story: str) -> None:
    for written, outcome in taken(story):
        asked = [{k: v for k, v in fill_in(c).items() if k != "automation"} for c in outcome.commands]
        assert asked == written["commands"]
        assert fill_in(outcome.entries) == written["entries"]


@pytest.mark.parametrize("story", STORIES)
def test_a_state_of_format_1_is_read_and_keeps_its_digest(story: str) -> None:
    plan = plan_of(story)
    for written in STORIES[story]:
        state = read_state(plan, canonical(written["state"]))
        assert digest_of(canonical(state_in_format_1(plan, state))) == written["digest"]
        assert msgspec.json.decode(canonical(state), type=State) == state
