"""The engine: one filing on a virtual calendar. No clock, no I/O: time is what the caller says it is."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from ..data import replace
from ..days import add_working_days
from ..filing.commands import AnyCommand
from ..filing.events import SYSTEM, Act, Actor, AnyEvent, AnyResult, Start, Tick, Withdrawn
from ..filing.new_acts import take_new
from ..filing.outcome import Refusal, Step
from ..filing.reasons import find_lost_reason
from ..filing.state import State
from ..filing.step import step
from ..filing.turn import Reader
from ..filing.view import View
from ..filing.waits import find_wake
from ..plan import Plan
from .acts import make_act
from .cast import Cast
from .habits import OfficeHabits, People
from .intentions import Intention, intentions, list_work_of
from .scene import Scene
from .story import Stopped, Story
from .telling import Teller
from .world import AnyWorld, Reply, World

MOST_EVENTS = 5_000
"""A simulation that takes more never comes to rest: a fault of the template or the machine."""

NOON = 12
"""When on a day the caller acts, after dates and whoever acts by themselves."""

NOT_NEEDED = "niet meer nodig"

END = "end"
"""What `reach` calls the end of the filing."""


class NeverAtRestError(Exception):
    """So much happens that the simulation would never end; the message says on which day it was."""


class Simulation:
    """A filing that the caller drives: time goes on by `go_to`, `on` and `after`, acts are done by `act`.

    `people` None: nobody acts but the caller. `world` and `people` may be replaced on the way.
    """

    def __init__(
        self, plan: Plan, start: Start, world: AnyWorld | None = None, people: People | None = None
    ) -> None:
        self.plan = plan
        self.start = start
        self.world: AnyWorld = world or World()
        self.people = people or People(office=None, client=None)
        self.cast = Cast(plan, self.world.clients)
        self.now = start.at
        self._events: list[AnyEvent] = []
        self._waiting: list[Reply] = []
        self._commands: dict[int, AnyCommand] = {}
        self._avoided: set[str] = set()
        self._acts = 0
        self._teller = Teller(plan, self.cast)
        self._state: State | None = None
        self._scene: Scene | None = None
        self._reader: Reader | None = None
        """The filing as the last event left it, at the moment of that event."""
        self._woken: tuple[State | None, datetime | None] = (None, None)
        self._take(start)

    # --- how it stands ------------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """Return everything that the machine knows of the filing."""
        if self._state is None:
            raise LookupError("the machine refused the start")
        return self._state

    @property
    def view(self) -> View:
        """Return the filing as people see it."""
        return self.scene.view

    @property
    def scene(self) -> Scene:
        """Return the filing as people and the world find it now."""
        scene = self._scene
        if scene is None or scene.state is not self._state or scene.now != self.now:
            scene = self._scene = Scene(self.plan, self.state, self.now, self.cast, self._events)
        return scene

    @property
    def told(self) -> Teller:
        """Return what was written down until now."""
        return self._teller

    @property
    def in_flight(self) -> tuple[AnyCommand, ...]:
        """Return the commands that the world has not answered yet, the oldest first."""
        numbers = (pending.number for pending in self.state.journal.in_flight)
        return tuple(self._commands[number] for number in numbers if number in self._commands)

    @property
    def has_ended(self) -> bool:
        """Say whether the filing has ended."""
        return self.state.case.ended is not None

    # --- time ---------------------------------------------------------------------------------------------

    def go_to(self, moment: datetime) -> None:
        """Let time pass to a moment of office time: dates, answers and people come, each at its own.

        A moment that has passed changes nothing. Raises NeverAtRestError.
        """
        while self._do_next(moment):
            pass
        self.now = max(self.now, moment)

    def on(self, day: date, hour: int = NOON) -> None:
        """Let time pass to an hour of a day, by default noon: what happens by itself in the morning has."""
        self.go_to(datetime.combine(day, time(hour)))

    def after(self, workdays: int = 0, days: int = 0, hour: int = NOON) -> None:
        """Let so many working days of the office, or days, pass, counted from today."""
        day = self.now.date() + timedelta(days=days)
        self.on(add_working_days(day, workdays, self.start.calendars.office), hour)

    def end_of(self, day: date) -> None:
        """Let time pass to the last minute of a day."""
        self.go_to(datetime.combine(day, time(23, 59)))

    def run(self, until: date) -> Stopped:
        """Let time pass until the filing has ended, nothing happens any more, or a day is over.

        Returns which of these it was. Raises NeverAtRestError.
        """
        last = datetime.combine(until, time(23, 59))
        while not self._is_over() and self._do_next(last):
            pass
        if self._is_over():
            return "ended"
        if self._find_next() is None:
            return "at_rest"
        self.now = max(self.now, last)
        return "until"

    def reach(self, phase: str, until: date) -> bool:
        """Let time pass until a phase is active, or with `end` the filing has ended; say whether that came.

        It gives up at the end of a day, or when nothing happens any more. Raises NeverAtRestError.
        """
        last = datetime.combine(until, time(23, 59))
        while not self._is_so_far(phase):
            if self._is_over() or not self._do_next(last):
                return False
        return True

    # --- what happens -------------------------------------------------------------------------------------

    def act(self, name: str, by: str | Actor | None = None, **said: Any) -> Step | Refusal:
        """Do an act now, by its name on the command line: complete, check, approve, fact, answer, hold …

        `by` is the id of a role (its first holder), `<role>-2`, a client, or None for who usually does it.
        What is left out follows from how the filing stands. A refusal is returned, and is in the story.
        """
        return self._act(name, by, said)

    def finish(self, phase: str, outcome: str | None = None, by: str | Actor | None = None) -> Step | Refusal:
        """Do now all that a phase of work asks, as the office's habits do, and complete it.

        Returns the first refusal, which says what is missing where others have to give that.
        """
        habits = self.people.office or OfficeHabits()
        if outcome:
            habits = replace(habits, outcomes={**habits.outcomes, phase: outcome})
        while True:
            wanted = next(list_work_of(self.scene, habits, phase), None)
            if wanted is None:
                return self.act("complete", by, phase=phase, outcome=outcome)
            answer = self._act(wanted.act, by, wanted.said)
            if isinstance(answer, Refusal) or wanted.act == "complete":
                return answer

    def answer(self, command: AnyCommand, result: AnyResult) -> Step | Refusal:
        """Answer a command that is on its way, in the world's place; its number and moment are filled in."""
        self._waiting = [one for one in self._waiting if one.result.number != command.number]
        taken = self._take(replace(result, number=command.number, at=self.now))
        self._settle()
        return taken

    def move(self, plan: Plan, state: State) -> None:
        """Go on under another plan, as a filing does that was moved to it with this state."""
        self.plan, self.cast = plan, Cast(plan, self.world.clients)
        self._teller.plan, self._teller.cast = self.plan, self.cast
        self._state, self._scene, self._reader, self._woken = state, None, None, (None, None)
        self._take(Tick(at=self.now))
        self._settle()

    def tell(self, stopped: Stopped = "until", notes: tuple[str, ...] = ()) -> Story:
        """Return what has happened until now."""
        return Story(
            plan=self.plan,
            start=self.start,
            lines=tuple(self._teller.lines),
            mails=tuple(self._teller.mails),
            refusals=tuple(self._teller.refusals),
            dates=tuple(self._teller.dates),
            events=tuple(self._events),
            state=self.state,
            view=self.view,
            now=self.now,
            stopped="ended" if self._is_over() else stopped,
            notes=notes,
        )

    # --- the machine --------------------------------------------------------------------------------------

    def _take(self, event: AnyEvent) -> Step | Refusal:
        """Have the machine take an event; its commands go to the world."""
        if len(self._events) >= MOST_EVENTS:
            raise NeverAtRestError(f"the filing still does not rest on {self.now:%Y-%m-%d}")
        if isinstance(event, Act):
            outcome = take_new(self.plan, self._state, event)
        else:
            outcome = step(self.plan, self._state, event)
        if isinstance(outcome, Refusal) or outcome.repeated:
            return outcome
        self._state = outcome.state
        self._events.append(event)
        self._avoided.clear()
        self._reader = self.scene.reader
        self._teller.take(self.scene, outcome)
        for command in outcome.commands:
            self._commands[command.number] = command
            self._ask(command)
        return outcome

    def _ask(self, command: AnyCommand) -> None:
        reply = self.world.answer(self.scene, command)
        if reply is not None:
            at = max(reply.at, self.now)
            self._waiting.append(Reply(replace(reply.result, at=at), at))
        if command.kind in ("send", "note"):
            self._teller.write(self.scene, command, reply.result if reply else None)

    def _settle(self) -> None:
        """Let come what the world answers now, in the order in which it was asked."""
        self._withdraw()
        while self._waiting and min(one.at for one in self._waiting) <= self.now:
            reply = next(one for one in self._waiting if one.at <= self.now)
            self._waiting.remove(reply)
            self._take(self._still(reply))
            self._withdraw()

    def _withdraw(self) -> None:
        """Answer watches that nobody needs any more, as the activity does that watches."""
        for pending in self.state.journal.in_flight:
            if pending.withdrawn and pending.what == "watch":
                self._waiting = [one for one in self._waiting if one.result.number != pending.number]
                result = Withdrawn(at=self.now, number=pending.number, reason=NOT_NEEDED)
                self._waiting.append(Reply(result, self.now))

    def _still(self, reply: Reply) -> AnyResult:
        """Return a result as it comes now: a message whose reason is gone by now was not sent."""
        number = reply.result.number
        result: AnyResult = replace(reply.result, at=self.now)
        command = self._commands.get(number)
        lost = find_lost_reason(self.plan, self.state, number) if command and command.kind == "send" else None
        if lost is None:
            return result
        self._teller.unwrite(number)
        return Withdrawn(at=self.now, number=number, reason=lost)

    def _act(self, name: str, by: str | Actor | None, said: Mapping[str, Any]) -> Step | Refusal:
        self._acts += 1
        self._tick()
        act = make_act(self.scene, name, by, said, id=f"handeling {self._acts}")
        if isinstance(act, Refusal):
            self._teller.refuse(self.now, name, by if isinstance(by, str) else SYSTEM.id, act)
            return act
        outcome = self._take(act)
        if isinstance(outcome, Refusal):
            self._teller.refuse(self.now, name, act.by.id, outcome)
        self._settle()
        return outcome

    def _wake(self) -> datetime | None:
        """Return when the next date comes; worked out once for each state."""
        if self._woken[0] is not self._state:
            reader = self._reader or Reader(self.plan, self.state)
            self._woken = (self._state, find_wake(reader))
        return self._woken[1]

    def _tick(self) -> bool:
        """Tick for a date that has come; say whether there was one."""
        wake = self._wake()
        if wake is None or wake > self.now:
            return False
        self._take(Tick(at=self.now))
        self._settle()
        return True

    # --- what is next -------------------------------------------------------------------------------------

    def _is_so_far(self, phase: str) -> bool:
        return self._is_over() if phase == END else self.scene.reader.is_active(phase)

    def _is_over(self) -> bool:
        return self.has_ended and not self._waiting

    def _do_next(self, last: datetime) -> bool:
        """Let the next thing happen that comes by itself, up to a moment; say whether there was any.

        Of what comes at one moment answers are first, then dates, notices, and people.
        """
        self._settle()
        coming = self._find_next()
        if coming is None or coming.at > last:
            return False
        self.now = max(self.now, coming.at)
        if coming.intention:
            self._have(coming.intention)
        else:
            self._settle()
            self._tick()
        return True

    def _find_next(self) -> "_Next | None":
        """Return what comes next by itself; where several come at one moment, the first of them."""
        found = [_Next(one.at) for one in self._waiting]
        wake = self._wake()
        if wake:
            found.append(_Next(wake))
        if not self.has_ended:
            found += [_Next(one.at, one) for one in self._list_intentions()]
        return min(found, key=lambda one: max(one.at, self.now), default=None)

    def _list_intentions(self) -> list[Intention]:
        """Return what is about to be done: notices that come, then what people do, those refused aside."""
        notices = (
            Intention(one.at, "notice", {"phase": one.phase, "notice": one.notice}, SYSTEM)
            for one in self.world.notices(self.scene)
        )
        people = intentions(self.scene, self.people)
        coming = [*notices, *people]
        return [one for one in coming if one.key not in self._avoided] if self._avoided else coming

    def _have(self, intention: Intention) -> None:
        """Have somebody act; what is refused is not tried again before something else has happened."""
        outcome = self._act(intention.act, intention.by, intention.said)
        if isinstance(outcome, Refusal):
            self._avoided.add(intention.key)


class _Next(NamedTuple):
    """What comes next by itself: somebody's act or a notice, or else an answer or a date."""

    at: datetime
    intention: Intention | None = None


def run(plan: Plan, start: Start, world: AnyWorld | None, people: People | None, until: date) -> Story:
    """Simulate a filing from its start, with the usual world and people where none are given.

    It stops when the filing has ended, when nothing happens any more by itself, or at the end of `until`.
    Raises NeverAtRestError.
    """
    simulation = Simulation(plan, start, world, people or People())
    return simulation.tell(simulation.run(until))
