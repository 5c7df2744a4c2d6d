"""The shipped VAT return as a hand-written workflow: what our own filing is held against.

It works with the office's own activities, converter, codec and sandbox (`bare_worker`), and does what the
shipped return does: acts as updates (validated: roles, checkpoints, four eyes, the very bytes), messages,
reminders and escalation, the offer, the delivery, going back, one timer for the earliest date, one record at
a time, an office clock that may be moved, and continue-as-new. It gets no plan: `bare_rules` holds what
a plan says, texts are known to its worker.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    import msgspec

    from bench import bare_rules as rules
    from bench.bare_inputs import (
        RECORDS,
        BareCarried,
        BareInput,
        BareRecord,
        Found,
        Stamped,
        asked,
        found_by,
        upserts,
    )
    from kantoor.clock import Clock
    from kantoor.data import replace
    from kantoor.runtime.inputs import ActAnswer

REFUSAL = "Refusal"


@workflow.defn(name="BareReturn")
class BareReturn:
    """One VAT return."""

    @workflow.init
    def __init__(self, input: BareInput) -> None:
        """Take over a case, or begin one."""
        self._input = input
        self._clock = input.clock
        self._latest = input.carried.latest if input.carried else datetime.min
        self._outbox: list[Stamped] = []
        self._recording: asyncio.Task[None] | None = None
        self._timer: asyncio.Task[None] | None = None
        self._moment: datetime | None = None
        self._carrying: set[asyncio.Task[None]] = set()
        self._found: Found | None = None
        if input.carried:
            self._case = input.carried.case
            self._outbox = list(input.carried.outbox)
        else:
            closed = input.origin.calendars.office
            period = input.origin.period
            self._case = rules.Case(period.end, closed, input.origin.opening_hour)

    @workflow.run
    async def run(self, input: BareInput) -> None:
        """Go on until the return has ended and everything is recorded."""
        if input.carried:
            for command in self._case.in_flight.values():
                self._carry_out(command)
        else:
            self._follow_up(rules.begin(self._case, self._stamp()), {"kind": "start"})
        self._rest()
        await workflow.wait_condition(self._is_over)
        await workflow.wait_condition(workflow.all_handlers_finished)
        if not self._case.ended:
            carried = BareCarried(latest=self._latest, case=self._case, outbox=tuple(self._outbox))
            workflow.continue_as_new(replace(self._input, clock=self._clock, carried=carried))

    def _is_over(self) -> bool:
        if self._recording or (self._outbox and self._case.ended):
            return False
        return bool(self._case.ended) or workflow.info().is_continue_as_new_suggested()

    # --- acts -----------------------------------------------------------------------------------------

    @workflow.update(dynamic=True)
    def act(self, name: str, args: Sequence[RawValue]) -> ActAnswer:
        """Take an act; the answer is its number and the digest of what it said."""
        act = self._read(name, args)
        before = self._case.answered.get(act["id"])
        if before:
            return ActAnswer(sequence=before[0], repeated=True, said=before[1])
        taken = rules.take_act(self._case, act, self._stamp())
        said = rules.digest_act(act)
        self._case.answered[act["id"]] = (self._case.sequence + 1, said)
        self._follow_up(taken, act)
        self._rest()
        return ActAnswer(sequence=self._case.sequence, repeated=False, said=said)

    @act.validator
    def check(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse what is not possible."""
        try:
            rules.check_act(self._case, self._read(name, args))
        except rules.RefusedError as refused:
            raise ApplicationError(str(refused), refused.code, type=REFUSAL) from None
        except (KeyError, TypeError):
            raise ApplicationError(
                f"'{name}' is not an act, or has invalid fields", type="MalformedAct"
            ) from None

    def _read(self, name: str, args: Sequence[RawValue]) -> dict[str, Any]:
        act: dict[str, Any] = workflow.payload_converter().from_payload(args[0].payload, dict)
        info = workflow.current_update_info()
        return {**act, "kind": name, "id": info.id if info else act["id"]}

    @workflow.update(name="clock")
    def move_clock(self, clock: Clock) -> None:
        """Go on by another clock."""
        self.put_clock(clock)

    @workflow.signal(name="clock")
    def put_clock(self, clock: Clock) -> None:
        """Go on by another clock."""
        self._clock, self._moment = clock, None
        self._rest()

    # --- time -----------------------------------------------------------------------------------------

    def _stamp(self) -> datetime:
        """Return office time, which never goes back."""
        self._latest = max(self._latest, self._clock.office_time(workflow.now()))
        return self._latest

    def _rest(self) -> None:
        """Wait for the earliest date, and record what happened."""
        moment = min((at for at, _ in rules.waits(self._case)), default=None)
        if moment != self._moment:
            if self._timer:
                self._timer.cancel()
            self._moment, self._timer = moment, None
            real = self._clock.real_time(moment) if moment else None
            if moment and real:
                self._timer = asyncio.create_task(self._wait(moment, real - workflow.now()))
        if self._outbox and not self._recording:
            self._recording = asyncio.create_task(self._record())

    async def _wait(self, moment: datetime, delay: timedelta) -> None:
        if delay > timedelta(0):
            await workflow.sleep(delay)
        self._latest, self._timer, self._moment = max(self._latest, moment), None, None
        taken = rules.Taken()
        if rules.pass_time(self._case, self._stamp(), taken):
            self._follow_up(taken, {"kind": "tick"})
        self._rest()

    # --- the world ------------------------------------------------------------------------------------

    def _follow_up(self, taken: rules.Taken, event: dict[str, Any]) -> None:
        """Number the step, put it down to be recorded, and send its commands on their way."""
        case = self._case
        case.sequence += 1
        self._outbox.append(
            Stamped(
                sequence=case.sequence,
                digest=rules.digest(case),
                at=self._latest,
                event=event,
                entries=taken.entries,
            )
        )
        for command in taken.commands:
            self._carry_out(command)

    def _carry_out(self, command: dict[str, Any]) -> None:
        task = asyncio.create_task(self._ask(command))
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)

    async def _ask(self, command: dict[str, Any]) -> None:
        timing = self._input.timing
        name, input, kind = asked(self._input.origin, self._case, command, self._stamp())
        long = command["kind"] == "deliver"
        answer = await workflow.execute_activity(
            name,
            input,
            result_type=kind,
            start_to_close_timeout=timedelta(
                seconds=timing.delivery_seconds if long else timing.activity_seconds
            ),
            heartbeat_timeout=timedelta(seconds=5) if long else None,
            retry_policy=RetryPolicy(
                initial_interval=timedelta(seconds=timing.retry_seconds),
                maximum_interval=timedelta(seconds=timing.retry_most_seconds),
            ),
        )
        taken = rules.take_result(self._case, answer.result, self._stamp())
        if taken is not None:
            self._follow_up(taken, msgspec.to_builtins(answer.result))
        self._rest()

    async def _record(self) -> None:
        """Record everything there is, one activity at a time."""
        while self._outbox:
            steps, self._outbox = self._outbox, []
            found = found_by(self._case)
            if found != self._found:
                workflow.upsert_search_attributes(upserts(self._found, found))
                self._found = found
            await workflow.execute_activity(
                "record",
                BareRecord(
                    workflow_id=workflow.info().workflow_id,
                    steps=tuple(steps),
                    case=msgspec.Raw(msgspec.json.encode(self._case)),
                ),
                task_queue=RECORDS,
                start_to_close_timeout=timedelta(seconds=self._input.timing.record_seconds),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=2)
                ),
            )
        self._recording = None
