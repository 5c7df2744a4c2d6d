"""A filing that really happened, run again by a plan: the same people and world, the plan's own dates."""

from bisect import bisect_left
from collections import deque
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from typing import Literal, NamedTuple

from ..data import Struct, replace
from ..days import apply_date_rule
from ..filing import events
from ..filing.construct import Order
from ..filing.events import AnyEvent, AnyResult, Start, Tick, Withdrawn
from ..filing.outcome import Refusal, Step
from ..filing.state import Case, State
from ..filing.step import step
from ..filing.turn import Reader
from ..filing.waits import next_wake, waits
from ..plan import Plan
from .adapting import Colleagues, adapt
from .counting import Counter, Tally
from .course import Course, Deed, Stream, shift
from .world import WORLD, World

HORIZON = timedelta(days=3_650)
"""How long after its period a filing is waited for that goes on by its dates alone."""
MOST_EVENTS = 5_000
GOING_ON = frozenset(
    {
        Order.ENTER,
        Order.AUTOMATION,
        Order.AWAITED,
        Order.GIVE_UP,
        Order.DELIVER,
        Order.RESUME,
        Order.UNOPPOSED,
    }
)
"""The dates that can bring a filing further while nobody does anything."""

FIRST = -1
"""The place of a date that did not come then: before what comes at its moment."""

Unfit = Literal["gone", "refused", "not_reached"]


class Misfit(Struct):
    """An act of then that no longer fits: its kind, its phase, and why.

    The phase is gone, the machine refuses it (`code` and the Dutch `text` of that), or the filing ended
    without coming to it.
    """

    kind: str
    phase: str
    why: Unfit
    code: str = ""
    text: str = ""


class Replay(Struct):
    """What comes of a filing by a plan. `assumed` are kinds and items of what was taken for granted.

    `unknown` names what the plan asks of the world and nobody can know, `stands` the phases where it stops.
    """

    tally: Tally
    case: Case
    misfits: tuple[Misfit, ...]
    assumed: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    stands: tuple[str, ...]


class NeverAtRestError(Exception):
    """So much happens that the filing would never end."""


def replay(plan: Plan, course: Course, own: Plan) -> Replay:
    """Run a filing that went so, by its `own` plan, again by a plan. Raises NeverAtRestError."""
    return _Replaying(plan, course, own).run()


class _Coming(NamedTuple):
    """What comes at a moment; of what comes at one moment answers and acts keep their places of then.

    An act is done where `does`; its stream goes on with the next one where `then`.
    """

    at: datetime
    place: int
    number: int
    what: AnyResult | Deed
    does: bool = True
    then: bool = False


class _Date(NamedTuple):
    """A date that is due since a moment, and for which the machine is woken `at`.

    `place` is that of the tick then, `woken` how many of the wakes of then are over with it.
    """

    since: datetime
    at: datetime
    place: int
    woken: int

    def is_before(self, coming: _Coming) -> bool:
        """Say whether it comes before something else; at one moment unless the machine was woken later."""
        return self.at < coming.at or (self.at == coming.at and not 0 <= coming.place < self.place)


class _Ready(NamedTuple):
    """The steps by which an act can be done now: as it was, or otherwise with what that takes for granted."""

    steps: tuple[Step, ...]
    assumed: tuple[tuple[str, str], ...] = ()


class _Tried(NamedTuple):
    """An act that was tried: most are done at the moment at which they can be, and are tried once."""

    state: State
    now: datetime
    place: int
    found: _Ready | Refusal


class _Replaying:
    def __init__(self, plan: Plan, course: Course, own: Plan) -> None:
        self.plan = plan
        self.course = course
        self.is_own = plan is own
        self.start = _move_start(course.start, own, plan)
        self.closed = self.start.calendars.office
        self.now = self.start.at
        self.counter = Counter(plan)
        self.colleagues = Colleagues(deed.act for deed in course.deeds)
        self.world = World(course)
        self.coming: list[_Coming] = []
        self.numbers = 0
        self.unopened: dict[Stream, deque[Deed]] = {}
        self.open: dict[Stream, deque[Deed]] = {}
        self.blocked: list[Deed] = []
        self.waiting: list[Deed] = []
        self.held: set[int] = set()
        self.refused: dict[int, Refusal] = {}
        self.done: set[int] = set()
        self.assumed: list[tuple[str, str]] = []
        self.events = 0
        self.woken = 0
        """So many of the wakes of then are over."""
        self.kept: State | None = None
        self.rounds: dict[str, int] | None = None
        self.tried: _Tried | None = None

    @property
    def state(self) -> State:
        assert self.kept is not None, "it begins with its start"
        return self.kept

    def run(self) -> Replay:
        for deed in self.course.deeds:
            if deed.stream:
                self.unopened.setdefault(deed.stream, deque()).append(deed)
            else:
                self._push(deed.act.at, deed.place, deed)
        self._take(self.start)
        first = datetime.combine(max(self.start.start_date, self.start.period.end), self.start.at.time())
        while not self.state.case.ended and self._do_next(first + HORIZON):
            pass
        return self._tell()

    # --- what comes next ----------------------------------------------------------------------------------

    def _do_next(self, last: datetime) -> bool:
        """Let the next thing happen; say whether there was any.

        Of one moment dates come before answers and people, unless the machine was woken after these then.
        """
        wake = self._find_date()
        first = self.coming[0] if self.coming else None
        if wake is not None and (first is None or wake.is_before(first)):
            if wake.since <= last and (first is not None or self._goes_on()):
                self.now, self.woken = wake.at, wake.woken
                self._take(Tick(at=self.now))
                return True
            return self._give_up()
        if first is None:
            return self._give_up()
        coming = heappop(self.coming)
        self.now = max(coming.at, self.now)
        if isinstance(coming.what, Deed):
            self._come_to(coming.what, coming)
        else:
            self._take(replace(coming.what, at=self.now))
        return True

    def _find_date(self) -> "_Date | None":
        """Return the next date, and when the machine is woken for it: not while nobody woke it then."""
        wakes = self.course.wakes
        then = wakes[self.woken] if self.is_own and self.woken < len(wakes) else None
        if then and self.kept is self.course.steps[then.place - 1].state:
            return _Date(then.since, then.at, then.place, self.woken + 1)  # it was worked out before
        due = next_wake(self.plan, self.state)
        if due is None:
            return None
        since = max(due, self.now)
        found = bisect_left(wakes, since, lo=self.woken, key=lambda one: one.at)
        if found < len(wakes) and wakes[found].since <= since:
            return _Date(since, wakes[found].at, wakes[found].place, found + 1)
        return _Date(since, since, FIRST, self.woken)

    def _goes_on(self) -> bool:
        """Say whether a date can bring the filing further."""
        return any(one.order in GOING_ON for one in waits(Reader(self.plan, self.state, self.now)))

    def _give_up(self) -> bool:
        """Go on without the acts that still cannot be done; say whether there were any."""
        deeds, self.blocked = self.blocked, []
        for deed in deeds:
            self.waiting.append(deed)
            self._turn_to_next(deed.stream)
        return bool(deeds)

    def _push(
        self, at: datetime, place: int, what: AnyResult | Deed, *, does: bool = True, then: bool = False
    ) -> None:
        self.numbers += 1
        heappush(self.coming, _Coming(at, place, self.numbers, what, does, then))

    # --- the machine --------------------------------------------------------------------------------------

    def _take(self, event: AnyEvent) -> None:
        """Have the machine take an event; the answer to what it no longer waits for is lost."""
        taken = self._step(event)
        if isinstance(taken, Step):
            self._follow(taken)

    def _step(self, event: AnyEvent) -> Step | Refusal:
        """Return what the machine answers; by the filing's own plan it has answered most of it before."""
        place = self.kept.journal.sequence if self.kept else 0
        if self.is_own and place < len(self.course.steps):
            before = self.course.steps[place - 1].state if place else None
            if self.kept is before and self.course.events[place] == event:
                return self.course.steps[place]
        return step(self.plan, self.kept, event)

    def _follow(self, taken: Step) -> None:
        """Go on from a step: its commands go to the world, and whoever waits looks again."""
        self.events += 1
        if self.events > MOST_EVENTS:
            raise NeverAtRestError
        self.kept = taken.state
        self.counter.take(taken)
        for command in taken.commands:
            answer = self.world.answer(command, taken.state, self.now)
            if answer:
                self._push(answer.at, answer.place, answer.result)
        for number in self.world.list_withdrawn(taken.state):
            self._push(self.now, -1, Withdrawn(at=self.now, number=number, reason=WORLD))
        self._open_streams()
        self._look_again()

    # --- people -------------------------------------------------------------------------------------------

    def _open_streams(self) -> None:
        """Begin the streams whose round of a phase has begun."""
        rounds = self.state.case.rounds
        if rounds is self.rounds:
            return
        self.rounds = rounds
        for stream in [one for one in self.unopened if rounds.get(one.phase, 0) >= one.round]:
            self.open[stream] = self.unopened.pop(stream)
            self._turn_to_next(stream)

    def _turn_to_next(self, stream: Stream | None) -> None:
        """Let the next act of a stream have its turn: it is done after its delay where it can be done.

        Else the stream waits for it where it waited then too, and goes on without it where it did not.
        """
        deeds = self.open.get(stream) if stream else None
        if not deeds:
            return
        deed = deeds.popleft()
        if self._can(deed):
            self._push(self._due(deed), deed.place, deed, then=True)
        elif deed.waited:
            self.blocked.append(deed)
        else:
            self.waiting.append(deed)
            self.held.add(deed.place)
            self._push(self._due(deed), deed.place, deed, does=False, then=True)

    def _due(self, deed: Deed) -> datetime:
        assert deed.delay is not None, "what is in a stream has a delay"
        return deed.delay.after(self.now, self.closed)

    def _look_again(self) -> None:
        """Look which of the acts that wait can be done by now."""
        if self.state.case.ended:
            return
        for deed in [one for one in self.blocked if self._can(one)]:
            self.blocked.remove(deed)
            self._push(self._due(deed), deed.place, deed, then=True)
        for deed in [one for one in self.waiting if self._can(one)]:
            self.waiting.remove(deed)
            then = deed.place in self.held
            self.held.discard(deed.place)
            self._push(self._due(deed) if deed.delay else self.now, deed.place, deed, then=then)

    def _come_to(self, deed: Deed, coming: _Coming) -> None:
        """Do an act whose moment has come, or let its stream go on without it."""
        if coming.does:
            self._do(deed)
        elif deed.place not in self.held:
            return
        else:
            self.held.discard(deed.place)
        if coming.then:
            self._turn_to_next(deed.stream)

    def _do(self, deed: Deed) -> None:
        ready = self._find_way(deed)
        if isinstance(ready, Refusal):
            self.refused.setdefault(deed.place, ready)
            if deed.stream:
                self.waiting.append(deed)
            return
        self.done.add(deed.place)
        self.assumed += ready.assumed
        for taken in ready.steps:
            self._follow(taken)

    def _can(self, deed: Deed) -> bool:
        found = self._find_way(deed)
        if not isinstance(found, Refusal):
            return True
        if deed.waited:
            self.refused[deed.place] = found
        else:
            self.refused.setdefault(deed.place, found)
        return False

    def _find_way(self, deed: Deed) -> _Ready | Refusal:
        """Return how an act can be done now, or why it is refused as it was."""
        last = self.tried
        if last and last.state is self.state and (last.now, last.place) == (self.now, deed.place):
            return last.found
        found = self._try(deed)
        self.tried = _Tried(self.state, self.now, deed.place, found)
        return found

    def _try(self, deed: Deed) -> _Ready | Refusal:
        act = shift(self.plan, deed.act, self.now)
        taken = self._step(act)
        if not isinstance(taken, Refusal):
            return _Ready((taken,))
        adapted = adapt(Reader(self.plan, self.state, self.now), act, self.colleagues)
        if adapted is None:
            return taken
        steps: list[Step] = []
        for one in adapted.acts:
            tried = step(self.plan, steps[-1].state if steps else self.state, one)
            if isinstance(tried, Refusal):
                return taken if tried.code == taken.code else tried
            steps.append(tried)
        return _Ready(tuple(steps), adapted.assumed)

    # --- the outcome --------------------------------------------------------------------------------------

    def _tell(self) -> Replay:
        ended = self.state.case.ended
        reader = Reader(self.plan, self.state, self.now)
        return Replay(
            tally=self.counter.tell(self.state),
            case=self.state.case,
            misfits=tuple(
                self._tell_misfit(deed)
                for deed in self.course.deeds
                if deed.place not in self.done and not isinstance(deed.act, events.ResolveAgain)
            ),
            assumed=(*self.assumed, *self.world.assumed),
            unknown=() if ended else tuple(self.world.unknown),
            stands=() if ended else tuple(phase.id for phase in reader.active_phases()),
        )

    def _tell_misfit(self, deed: Deed) -> Misfit:
        phase = deed.stream.phase if deed.stream else ""
        why: Unfit = "not_reached"
        refusal = self.refused.get(deed.place)
        if phase and all(one.id != phase for one in self.plan.phases):
            why = "gone"
        elif refusal:
            why = "refused"
        if why != "refused" or refusal is None:
            return Misfit(kind=deed.act.kind, phase=phase, why=why)
        return Misfit(kind=deed.act.kind, phase=phase, why=why, code=refusal.code, text=refusal.text)


def _move_start(start: Start, own: Plan, plan: Plan) -> Start:
    """Return the start on the day on which the plan makes a filing, where it was on that of its own plan."""
    made, makes = (_find_created(one, start) for one in (own, plan))
    if made == makes or start.start_date != made:
        return start
    begun = makes if start.begun_on else None
    return replace(start, start_date=makes, begun_on=begun, at=datetime.combine(makes, start.at.time()))


def _find_created(plan: Plan, start: Start) -> date:
    period = start.period
    anchor = period.start if plan.created.anchor == "period.start" else period.end
    return apply_date_rule(plan.created, anchor, start.calendars.office)
