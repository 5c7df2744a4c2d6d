"""A filing's workflow: a thin shell around the machine (DESIGN 5). Its type in Temporal is the template's id.

Acts come in as updates, dates as one timer, results of activities as events; `step` decides; commands go out
as activities and every step is recorded into the office database. The order of commands is frozen like an
API: whoever changes it uses `workflow.patched`. What happens in a task of its own ends in the main loop: an
error in a task would vanish, one in the loop fails the workflow task and is seen.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ActivityError

from ..clock import Clock
from ..data import canonical, replace
from ..filing.commands import AnyCommand
from ..filing.digests import state_digest
from ..filing.due_moves import find_due
from ..filing.events import Act, AnyAct, AnyEvent, AnyMove, AnyResult, Failed, Move, MoveWhenSafe, Tick
from ..filing.following import take
from ..filing.format_1 import is_of_format_1, read_state
from ..filing.issuing import reissue
from ..filing.new_acts import take_new
from ..filing.outcome import Refusal, Step
from ..filing.state import State
from ..filing.step import step
from ..filing.turn import Reader
from ..filing.view import View, view
from ..plan import load_plan
from .acts import answer, read_act
from .commands import DELIVER, RECORD, activity_for, queue_of
from .inputs import ActAnswer, Answer, Carried, FilingInput, RecordAnswer, RecordInput, StepRecord
from .office_timer import OfficeTimer
from .outlook import Outlook
from .own_plans import OwnPlans
from .search_attributes import DUE, PHASE, PLAN, Findable, midnight

LAPSED = "Dit is niet meer nodig en wordt niet opnieuw uitgevoerd."
GAVE_UP = "De uitvoering is mislukt. Probeer het opnieuw of neem contact op met de beheerder."
STEPS_LIMITED = "record-at-most-100-steps"
"""The change after which a record is limited; histories from before it recorded everything at once."""
TICKS_AT_ONCE = 100
"""More waiting dates than this coming true at one moment is a fault of the machine."""
STEPS_AT_ONCE = 100
"""So many steps go into one record, during which no other filing of the office is recorded."""


@workflow.defn(dynamic=True)
class FilingWorkflow:
    """One filing. It keeps state, outbox, clock and what runs; it decides nothing."""

    @workflow.init
    def __init__(self, args: Sequence[RawValue]) -> None:
        """Begin, or go on where the previous run stopped; acts may come before `run` does."""
        self._input: FilingInput = workflow.payload_converter().from_payload(args[0].payload, FilingInput)
        carried = self._input.carried
        self._plans = OwnPlans(self._input.plan, carried.plans if carried else ())
        self._plan = self._plans.find(self._plans.digest)
        self._found_by = self._plans.digest
        """The plan by which the server finds the filing."""
        self._inbox: list[AnyResult | Exception] = []
        self._outbox: list[StepRecord] = []
        self._running: set[int] = set()
        self._recording: asyncio.Task[None] | None = None
        self._findable: Findable | None = None
        self._recorded: State | None = None
        """The state before the outbox, or after those of its steps before which none is known."""
        self._asked = False
        """The office asked for that state with the next record."""
        self._stirred = True
        self._outlook = Outlook()
        self._heard: tuple[tuple[str, str, bytes, datetime], AnyAct | AnyMove] | None = None
        """The act that was read last, by its name, id, payload and moment."""
        self._time = OfficeTimer(self._input.clock, carried.latest if carried else None)
        self._state: State | None = None
        if carried:
            self._state = state = read_state(self._plan, bytes(carried.state))
            self._outbox.extend(carried.outbox)
            old = is_of_format_1(bytes(carried.state))
            first = carried.outbox[0] if carried.outbox else None
            whole = first is not None and first.sequence == 1 and first.event is not None
            # Where an earlier version carried no state before the outbox, it is known only after it.
            self._recorded = None if whole else carried.recorded or state
            for pending in state.journal.in_flight:
                command = reissue(Reader(self._plan, state), pending, also_withdrawn=old)
                if command is None:
                    self._inbox.append(Failed(number=pending.number, at=carried.latest, error=LAPSED))
                else:
                    self._issue(command)
        elif self._input.start:
            at = max(self._input.start.at, self._time.shows())
            self._time.latest = at
            self._take(replace(self._input.start, at=at))

    @workflow.run
    async def run(self, args: Sequence[RawValue]) -> None:
        """Carry out what the machine asks until the filing has ended and everything of it is recorded."""
        while not self._is_finished():
            await workflow.wait_condition(self._has_something_to_do)
            self._stirred = False
            self._take_results()
            self._take_dates(self._time.stamp())
            self._take_due_move()
            self._time.wait_for(self._outlook.next_wake(self._plan, self.state()))
            self._update_search_attributes()
            if self._recording is None and workflow.info().is_continue_as_new_suggested():
                await self._continue_as_new()
            if self._recording is None and self._outbox:
                self._recording = asyncio.create_task(self._record())
        await workflow.wait_condition(workflow.all_handlers_finished)

    # --- what comes in --------------------------------------------------------------------------------

    @workflow.update(dynamic=True)
    def act(self, name: str, args: Sequence[RawValue]) -> ActAnswer:
        """Take an act, named by its kind; synchronous, so that no answer waits for anything (rule 2).

        A move has the plan that it goes to beside it.
        """
        act = self._read(name, args)
        self._take_dates(self._time.stamp())
        return answer(act, self._take(act, self._read_newer(act, args)))

    @act.validator
    def refuse_act(self, name: str, args: Sequence[RawValue]) -> None:
        """Refuse what the machine refuses, and what it took once and no more, before it is history."""
        act = self._read(name, args)
        state = self.state()
        for tick in self._due_ticks(state, act.at):
            state = tick.state
        newer = self._read_newer(act, args)
        outcome = take_new(self._plan, state, act, load_plan(newer) if newer else None)
        if isinstance(outcome, Refusal):
            answer(act, outcome)
        elif not newer:
            self._outlook.keep(self._plan, state, act, outcome)

    @workflow.update(name="clock")
    def move_clock(self, clock: Clock) -> None:
        """Go on by another clock (R56)."""
        self._set_clock(clock)

    @workflow.signal(name="clock")
    def put_clock(self, clock: Clock) -> None:
        """Go on by another clock, also when no worker runs: signals are applied before timers fire."""
        self._set_clock(clock)

    @workflow.query
    def view(self) -> View:
        """Return what people see of the filing."""
        return view(self._plan, self.state())

    @workflow.query
    def state(self) -> State:
        """Return everything that is known of the filing."""
        if self._state is None:
            raise LookupError("a filing begins with a start event or a carried state")
        return self._state

    def _read(self, name: str, args: Sequence[RawValue]) -> AnyAct | AnyMove:
        """Read an act; what the validator has read is what the handler reads at that very moment."""
        update = workflow.current_update_info()
        said = args[0].payload if args else None
        words = (name, update.id if update else "", said.data if said else b"", self._time.shows())
        if self._heard is None or self._heard[0] != words:
            data: Any = workflow.payload_converter().from_payload(said, object) if said else None
            self._heard = words, read_act(*words[:2], data, words[3])
        return self._heard[1]

    def _read_newer(self, act: AnyAct | AnyMove, args: Sequence[RawValue]) -> str | None:
        """Return the plan that a move goes to, as it was published."""
        if not isinstance(act, Move | MoveWhenSafe) or len(args) < 2:
            return None
        text: str = workflow.payload_converter().from_payload(args[1].payload, str)
        return self._plans.read_newer(act, text)

    def _set_clock(self, clock: Clock) -> None:
        if self._time.set(clock):
            self._stirred = True

    # --- the machine ----------------------------------------------------------------------------------

    def _take(self, event: AnyEvent, newer: str | None = None) -> Step | Refusal:
        """Step, by a move onto the `newer` plan, and see to what follows from it.

        Of a move that is to wait the newer plan is kept until then.
        """
        if isinstance(event, Act) and self._state is not None and not newer:
            outcome = self._outlook.take(self._plan, self._state, event)
        else:
            outcome = step(self._plan, self._state, event, load_plan(newer) if newer else None)
        if isinstance(outcome, Step) and not outcome.repeated:
            if newer and isinstance(event, Move):
                self._plans.go_on_by(newer)
                self._plan = load_plan(newer)
            elif newer:
                self._plans.keep(newer)
            self._follow(event, outcome)
        return outcome

    def _follow(self, event: AnyEvent, outcome: Step) -> None:
        """Keep the state, put the record into the outbox, issue the commands."""
        self._state = outcome.state
        digest = state_digest(self._plan, outcome.state)
        self._outbox.append(StepRecord(sequence=outcome.sequence, event=event, digest=digest))
        for command in outcome.commands:
            self._issue(command)
        self._stirred = True

    def _take_results(self) -> None:
        """Hand over what activities answered; a result that nothing waits for is dropped."""
        while self._inbox:
            result = self._inbox.pop(0)
            if isinstance(result, Exception):
                raise result
            outcome = self._take(replace(result, at=self._time.stamp()))
            if isinstance(outcome, Refusal):
                workflow.logger.warning("result %d was not taken: %s", result.number, outcome.code)
            self._take_due_move()

    def _take_due_move(self) -> None:
        """Take what follows by itself from a move that waits, where anything does."""
        waiting = self.state().case.move
        if waiting is None:
            return
        newer = self._plans.read(waiting.plan)
        due = find_due(self._plan, load_plan(newer), self.state(), self._time.stamp())
        if due is None:
            return
        outcome = self._take(due, newer if isinstance(due, Move) else None)
        if isinstance(outcome, Refusal):
            raise RuntimeError(f"what follows from a move that waits was refused: {outcome.code}")

    def _take_dates(self, at: datetime) -> None:
        """Tick for what waited for a date that has come. Before an act too: dates come before people."""
        for outcome in self._due_ticks(self.state(), at):
            self._follow(Tick(at=at), outcome)

    def _due_ticks(self, state: State, at: datetime) -> Iterator[Step]:
        """Yield the steps of the ticks that are due; a machine that never comes to rest is a fault."""
        for _ in range(TICKS_AT_ONCE):
            wake = self._outlook.next_wake(self._plan, state)
            if wake is None or wake > at:
                return
            outcome = step(self._plan, state, Tick(at=at))
            if isinstance(outcome, Refusal):
                raise RuntimeError(f"a tick was refused: {outcome.code}")
            state = outcome.state
            yield outcome
        raise RuntimeError(f"the filing still waits for {wake} after {TICKS_AT_ONCE} ticks")

    # --- what goes out --------------------------------------------------------------------------------

    def _issue(self, command: AnyCommand) -> None:
        self._running.add(command.number)
        asyncio.create_task(self._carry_out(command))  # noqa: RUF006  the SDK keeps a workflow's tasks

    async def _carry_out(self, command: AnyCommand) -> None:
        """Have an activity carry a command out; it is answered by exactly one event, done or failed."""
        result: AnyResult | Exception
        at = self._time.latest
        try:
            name, input = activity_for(self._plan, self.state(), command, at, self._plans.digest)
            timing = self._input.timing
            long = name == DELIVER
            seconds = timing.delivery_seconds if long else timing.activity_seconds
            answered: Answer = await workflow.execute_activity(
                name,
                input,
                result_type=Answer,
                task_queue=queue_of(workflow.info().task_queue, name),
                start_to_close_timeout=timedelta(seconds=seconds),
                # The longest one beats, so that a killed worker costs less; it bears another run beside it.
                heartbeat_timeout=timedelta(seconds=seconds / 4) if long else None,
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=timing.retry_seconds),
                    maximum_interval=timedelta(seconds=timing.retry_most_seconds),
                ),
            )
            result = answered.result
        except ActivityError:
            result = Failed(number=command.number, at=at, error=GAVE_UP)
        except Exception as error:
            result = error
        self._running.discard(command.number)
        self._inbox.append(result)

    async def _record(self) -> None:
        """Record every step since the last; a failed record is tried again for ever (DESIGN 5)."""
        try:
            steps, after = self._take_steps()
            before, plan = None, None
            if self._asked:
                plan = self._plans.find_before(self._outbox)
                # What the office cannot work out from its own state nor from this one is an alarm there.
                before, had = self._recorded, _count_steps(self._recorded)
                steps = tuple(replace(one, event=None) if one.sequence <= had else one for one in steps)
            answered: RecordAnswer | None = await workflow.execute_activity(
                RECORD,
                RecordInput(
                    workflow_id=workflow.info().workflow_id,
                    steps=steps,
                    asked=self._asked,
                    before=before,
                    plan=plan,
                ),
                result_type=RecordAnswer,
                task_queue=records_queue(workflow.info().task_queue),
                start_to_close_timeout=timedelta(seconds=self._input.timing.record_seconds),
                retry_policy=RetryPolicy(
                    initial_interval=timedelta(seconds=1),
                    maximum_interval=timedelta(seconds=2),
                    backoff_coefficient=1.5,
                ),
            )
            self._asked = answered is not None and answered.needs_state
            if not self._asked:
                del self._outbox[: len(steps)]
                self._recorded = after
        except ActivityError as error:
            workflow.logger.error("the record was given up and is begun again: %s", error.retry_state)
        except Exception as error:
            self._inbox.append(error)
        self._recording = None
        self._stirred = True

    def _take_steps(self) -> tuple[tuple[StepRecord, ...], State | None]:
        """Return the next steps to record, and the state after them; the rest of the outbox waits."""
        if len(self._outbox) <= STEPS_AT_ONCE or not workflow.patched(STEPS_LIMITED):
            return tuple(self._outbox), self.state()
        steps, state = tuple(self._outbox[:STEPS_AT_ONCE]), self._recorded
        plan = self._plans.find(self._plans.find_before(self._outbox))
        for taken in steps:
            if taken.event is None or taken.sequence <= _count_steps(state):
                continue
            plan, outcome = take(plan, state, taken.event, self._plans.find)
            if isinstance(outcome, Refusal):
                raise RuntimeError(
                    f"step {taken.sequence} was accepted earlier and is now refused: {outcome.code}"
                )
            state = outcome.state
        return steps, state

    def _update_search_attributes(self) -> None:
        findable = self._outlook.findable(self._plan, self.state())
        moved = self._found_by != self._plans.digest
        if findable == self._findable and not moved:
            return
        self._findable, self._found_by = findable, self._plans.digest
        phases, due = findable
        # Never unset: the time-skipping server keeps a null, and then describing the filing fails.
        days = [DUE.value_set(midnight(due))] if due else []
        plan = [PLAN.value_set(self._plans.digest)] if moved else []
        workflow.upsert_search_attributes([PHASE.value_set(phases), *days, *plan])

    # --- the loop -------------------------------------------------------------------------------------

    def _has_something_to_do(self) -> bool:
        return self._stirred or bool(self._inbox) or self._time.fired or self._is_finished()

    def _is_finished(self) -> bool:
        ended = self._state is not None and self._state.case.ended is not None
        waiting = self._running or self._inbox or self._outbox or self._recording
        return ended and not waiting

    async def _continue_as_new(self) -> None:
        """Hand everything over to a new run, outbox included: draining it would starve this (rule 4)."""
        await workflow.wait_condition(workflow.all_handlers_finished)
        self._take_results()
        waiting = self.state().case.move
        carried = Carried(
            state=msgspec.Raw(canonical(self.state())),
            latest=self._time.latest,
            outbox=tuple(self._outbox),
            recorded=self._recorded if self._outbox else None,
            plans=self._plans.list_others(self._outbox, waiting.plan if waiting else None),
        )
        workflow.continue_as_new(
            FilingInput(
                plan=self._plans.text, clock=self._time.clock, timing=self._input.timing, carried=carried
            )
        )


def _count_steps(state: State | None) -> int:
    return state.journal.sequence if state else 0


def records_queue(task_queue: str) -> str:
    """Return the task queue of the record activity: a queue of its own, so that records waiting for the
    database keep no other activity from its thread.
    """
    return f"{task_queue}-records"
