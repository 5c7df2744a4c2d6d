"""Recorded histories replay, and the machine comes to the same states, which replay alone does not notice."""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
from temporalio.client import WorkflowHistory
from temporalio.converter import DataConverter
from temporalio.worker import (
    Interceptor,
    Replayer,
    StartActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from kantoor.data import digest_of
from kantoor.filing.events import AnyEvent
from kantoor.filing.following import take
from kantoor.filing.outcome import Step
from kantoor.office.overviews.sentences import SENTENCES
from kantoor.plan import load_plan
from kantoor.runtime.commands import DELIVER, FIND, FOLLOW, NOTE, RECORD, RESOLVE, SEND, START, WATCH
from kantoor.runtime.converter import PayloadConverter
from kantoor.runtime.filing_workflow import FilingWorkflow
from kantoor.runtime.inputs import FilingInput, RecordInput, StepRecord
from kantoor.runtime.task_queues import workflow_runner

from .record_histories import HISTORIES, TOLD_OF
from .stories import CONSTRUCTS, STORIES

FILES = sorted(f for f in HISTORIES.glob("**/*.json.gz") if f.name != "steps.json.gz")
PLAIN = DataConverter(payload_converter_class=PayloadConverter)
AGAIN = "a state differs from the recorded one: changed workflow or machine code needs workflow.patched"


class Digests(Interceptor):
    """Keeps the digest of every step that the replayed workflow wants recorded."""

    seen: list[tuple[int, str]]

    def __init__(self) -> None:
        self.seen = []

    def workflow_interceptor_class(
        self, input: WorkflowInterceptorClassInput
    ) -> type[WorkflowInboundInterceptor]:
        seen = self.seen

        class Outbound(WorkflowOutboundInterceptor):
            def start_activity(self, input: StartActivityInput) -> Any:
                if input.activity == RECORD:
                    seen.extend((step.sequence, step.digest) for step in input.args[0].steps)
                return super().start_activity(input)

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(Outbound(outbound))

        return Inbound


def read(file: Path) -> WorkflowHistory:
    return WorkflowHistory.from_json(file.name, gzip.decompress(file.read_bytes()).decode())


def recorded(history: WorkflowHistory) -> Iterator[tuple[int, str]]:
    """Yield number and digest of every step that the history recorded."""
    converter = PLAIN.payload_converter
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name == RECORD:
            (input,) = converter.from_payloads(scheduled.input.payloads)
            for step in input["steps"]:
                yield step["sequence"], step["digest"]


def kinds_in(history: WorkflowHistory) -> Iterator[str]:
    """Yield the kind of every event that the history recorded; format 1 recorded what followed from it."""
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name == RECORD:
            (input,) = PLAIN.payload_converter.from_payloads(scheduled.input.payloads)
            yield from (step["event"]["kind"] for step in input["steps"] if "event" in step)


def test_every_act_every_result_and_every_command_is_in_a_history() -> None:
    """So the order of what follows from each is held to what was recorded."""
    histories = [read(file) for file in FILES]
    happened = {kind for history in histories for kind in kinds_in(history)}
    assert happened == {kind.__struct_config__.tag for kind in get_args(AnyEvent)}
    scheduled = [event.activity_task_scheduled_event_attributes for one in histories for event in one.events]
    asked = {one.activity_type.name for one in scheduled}
    assert {SEND, RESOLVE, DELIVER, FOLLOW, WATCH, START, NOTE, FIND, RECORD} <= asked


def told_in(history: WorkflowHistory) -> Iterator[str]:
    """Yield every word that the recorded steps told on the timeline; format 1 recorded no events."""
    read_payloads = PLAIN.payload_converter.from_payloads
    begun = history.events[0].workflow_execution_started_event_attributes
    (input,) = read_payloads(begun.input.payloads, [FilingInput])
    texts, steps = [input.plan], dict[int, StepRecord]()
    for event in history.events:
        update = event.workflow_execution_update_accepted_event_attributes.accepted_request
        texts += read_payloads(update.input.args.payloads)[1:]  # beside a move: the plan that it goes to
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name == RECORD:
            (recorded,) = read_payloads(scheduled.input.payloads, [RecordInput])
            steps |= {one.sequence: one for one in recorded.steps if one.event}
    plans = {digest_of(text.encode()): load_plan(text) for text in texts}
    plan, state = plans[digest_of(input.plan.encode())], None
    for _, one in sorted(steps.items()):
        assert one.event
        plan, taken = take(plan, state, one.event, plans.__getitem__)
        assert isinstance(taken, Step)
        state = taken.state
        yield from (entry.what for entry in taken.entries)


def test_every_word_of_the_timeline_is_told_in_a_history() -> None:
    """So whatever a filing can come to is held to what was recorded."""
    assert {word for file in FILES for word in told_in(read(file))} == {*SENTENCES}


def test_each_story_is_recorded_and_what_was_recorded_of_older_code_is_kept() -> None:
    assert {file.name for file in HISTORIES.glob("*.json.gz")} == {
        f"{TOLD_OF}.{story}.json.gz" for story in STORIES
    }
    constructs = {file.name for file in (HISTORIES / "constructs").glob("*")}
    assert constructs == {f"{name}.json.gz" for name in CONSTRUCTS}
    old = {file.name for file in (HISTORIES / "format-1").glob("btw-*.json.gz")}
    stories = (
        *("approved", "refused", "rejected", "silent"),
        "reminder-continued",  # a reminder was on its way to who had answered when it continued as new
        "sent-back-continued",  # a message of a phase that was sent back was
    )
    kept = "what was recorded in format 1 is replayed for ever"
    assert old == {f"btw-aangifte.{story}.json.gz" for story in stories}, kept
    changed = {file.name for file in (HISTORIES / "format-2").glob("*")}
    assert changed == {
        "btw-aangifte.recorded-at-once.json.gz",  # before records were limited
        "by-hand.before-approval.json.gz",  # delivered on a day before the approval, which new acts refuse
    }, "what was there before a patch or a later refusal is replayed"


async def replay(file: Path) -> list[tuple[int, str]]:
    """Replay a history and return number and digest of every step that it comes to."""
    digests = Digests()
    replayer = Replayer(
        workflows=[FilingWorkflow],
        workflow_runner=UnsandboxedWorkflowRunner(),
        interceptors=[digests],
        data_converter=PLAIN,
    )
    await replayer.replay_workflow(read(file))
    return digests.seen


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
async def test_a_recorded_history_replays_to_the_same_states(file: Path) -> None:
    seen = await replay(file)
    assert seen == list(recorded(read(file))), AGAIN
    assert seen


@pytest.mark.parametrize("file", FILES[:1], ids=lambda file: file.name)
async def test_a_history_replays_in_the_sandbox_too(file: Path) -> None:
    history = read(file)
    replayer = Replayer(
        workflows=[FilingWorkflow],
        workflow_runner=workflow_runner(),
        data_converter=PLAIN,
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    assert result.replay_failure is None
