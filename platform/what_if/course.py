"""What really happened in a filing: who did what how long after they could, and what the world answered.

An act is waited for in a **stream**: what one side (the office, a contact, the system) does in one round of
a phase, one after the other. It can be done once the act before it in its stream was done and the machine
takes it; how long after that it was done is what another course of the filing keeps.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ..data import replace
from ..filing import events
from ..filing.commands import AnyCommand
from ..filing.events import Act, AnyAct, AnyEvent, AnyMove, AnyResult, Start, Tick
from ..filing.outcome import Refusal, Step
from ..filing.placing import find_phase
from ..filing.state import State
from ..filing.step import step
from ..filing.waits import next_wake
from ..plan import Plan
from .counting import Counter as Tallying
from .counting import Tally
from .delays import Delay, measure_delay

OFFICE = "team"


class Stream(NamedTuple):
    """Whose acts in which phase follow each other: a round of it, and the office, a contact or the system."""

    phase: str
    round: int
    who: str


class Deed(NamedTuple):
    """An act that somebody did. `place` is that of its event; one of `OF_THE_FILING` has no stream and delay.

    `waited`: it could not be done at once when its turn came, but waited for something else.
    """

    act: AnyAct
    place: int
    stream: Stream | None = None
    delay: Delay | None = None
    waited: bool = False


class Answer(NamedTuple):
    """What the world answered to a command: `at`, and how much later than it was asked."""

    result: AnyResult
    place: int
    asked: datetime


class Wake(NamedTuple):
    """A date came: due from the moment `since` on, and the machine was woken for it `at`, at this place.

    They differ where no worker ran, or an office clock was moved on; nothing happened in between.
    """

    since: datetime
    at: datetime
    place: int


Subject = tuple[str, str, str]
"""What a command is about, so that the same one is found in another course: see `name_command`."""


class Course(NamedTuple):
    """All that happened in a filing, until it ended: `state` is that in which it did.

    `answers` are by subject of their command, in the order of asking. `steps` are those that the machine took
    for `events`, by the plan of the filing; `wakes` are the ticks among them, in their order.
    """

    start: Start
    events: tuple[AnyEvent, ...]
    steps: tuple[Step, ...]
    deeds: tuple[Deed, ...]
    answers: dict[Subject, tuple[Answer, ...]]
    state: State
    tally: Tally
    wakes: tuple[Wake, ...] = ()


class UnreadableCourseError(Exception):
    """The events cannot be taken again on their plan; `code` is that of the refusal."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_course(plan: Plan, happened: Iterable[AnyEvent]) -> Course:
    """Read what happened to a filing of a plan. Raises UnreadableCourseError."""
    return _Reading(plan, happened).read()


def name_command(command: AnyCommand, state: State) -> Subject:
    """Return what names a command in every course of a filing, beside how often it was asked."""
    pending = next(one for one in state.journal.in_flight if one.number == command.number)
    about = pending.automation or pending.awaited or pending.outcome or ""
    return (pending.what, pending.phase, f"{pending.purpose or ''}/{about}")


def shift(plan: Plan, act: AnyAct, at: datetime) -> AnyAct:
    """Return an act as it is done at another moment; the day that it is about lies as long before it.

    The day of what has happened stays what it was, unless it would be still to come.
    """
    if isinstance(act, (events.RecordDelivery, events.Notice)):
        return replace(act, at=at, on=act.on + (at.date() - act.at.date()))
    if isinstance(act, events.RecordFact) and isinstance(act.value, str):
        fact = next((one for one in plan.facts if one.id == act.fact), None)
        if fact is not None and fact.past and act.value > at.date().isoformat():
            return replace(act, at=at, value=_move_day(act.value, at.date() - act.at.date()))
    return replace(act, at=at)


def _move_day(written: str, by: timedelta) -> str:
    """Return a day that is written in a filing so much later; another text as it is."""
    try:
        return (date.fromisoformat(written) + by).isoformat()
    except ValueError:
        return written


class _Reading:
    def __init__(self, plan: Plan, happened: Iterable[AnyEvent]) -> None:
        self.plan = plan
        self.events = tuple(happened)
        self.steps: list[Step] = []
        self.wakes: list[Wake] = []
        self.opened: dict[tuple[str, int], int] = {}
        self.last_of: dict[Stream, int] = {}
        self.deeds: list[Deed] = []
        self.asked: dict[int, tuple[Subject, int, datetime]] = {}
        self.counts: Counter[Subject] = Counter()
        self.answers: defaultdict[Subject, dict[int, Answer]] = defaultdict(dict)

    def read(self) -> Course:
        tallying = Tallying(self.plan)
        state: State | None = None
        ended: State | None = None
        for place, event in enumerate(self.events):
            if isinstance(event, AnyMove):
                raise UnreadableCourseError("moved")
            due = next_wake(self.plan, state) if isinstance(event, Tick) and state is not None else None
            if due:
                self.wakes.append(Wake(max(due, self.events[place - 1].at), event.at, place))
            taken = step(self.plan, state, event)
            if isinstance(taken, Refusal):
                raise UnreadableCourseError(taken.code)
            state = taken.state
            if ended is None:
                tallying.take(taken)
            if state.case.ended and ended is None:
                ended = state
            self.steps.append(taken)
            self._note_rounds(state, place)
            if isinstance(event, Act):
                self.deeds.append(self._make_deed(event, place))
            elif isinstance(event, events.Result) and event.number in self.asked:
                subject, turn, asked = self.asked[event.number]
                self.answers[subject][turn] = Answer(event, place, asked)
            for command in taken.commands:
                subject = name_command(command, state)
                self.asked[command.number] = (subject, self.counts[subject], event.at)
                self.counts[subject] += 1
        start = self.events[0] if self.events else None
        if state is None or not isinstance(start, Start):
            raise UnreadableCourseError("not_started")
        return Course(
            start=start,
            events=self.events,
            steps=tuple(self.steps),
            deeds=tuple(self.deeds),
            answers={name: tuple(one[turn] for turn in sorted(one)) for name, one in self.answers.items()},
            state=ended or state,
            tally=tallying.tell(ended or state),
            wakes=tuple(self.wakes),
        )

    def _note_rounds(self, state: State, place: int) -> None:
        for phase, number in state.case.rounds.items():
            self.opened.setdefault((phase, number), place)

    def _make_deed(self, act: AnyAct, place: int) -> Deed:
        phase = find_phase(self.plan, act)
        if phase is None:
            return Deed(act, place)
        before = self.steps[place - 1].state
        number = before.case.rounds.get(phase, 0)
        who = OFFICE if act.by.kind == "team" else act.by.id
        stream = Stream(phase, number, who)
        first = max(self.opened.get((phase, number), 0), self.last_of.get(stream, 0))
        self.last_of[stream] = place
        since = self._find_since(act, first, place)
        closed = before.origin.calendars.office
        by_office = act.by.kind == "team"
        delay = measure_delay(self.events[since].at, act.at, closed, by_office=by_office)
        return Deed(act, place, stream, delay, since > first)

    def _find_since(self, act: AnyAct, first: int, place: int) -> int:
        """Return the place of the event since which an act could be done, looking back to `first`."""
        for earlier in range(place - 2, first - 1, -1):
            sooner = shift(self.plan, act, self.events[earlier].at)
            if isinstance(step(self.plan, self.steps[earlier].state, sooner), Refusal):
                return earlier + 1
        return min(first, place - 1)
