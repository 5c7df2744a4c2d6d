"""The world of a filing that really happened: it answers what it answered, as long after it was asked."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ..data import replace
from ..filing.commands import (
    AnyCommand,
    Deliver,
    FindLinked,
    Follow,
    LeaveNote,
    Resolve,
    Send,
    StartFiling,
    Watch,
)
from ..filing.events import AnyResult, Delivered, Judged, NoteLeft, Reached, Resolved, Sent, Started
from ..filing.state import State
from .course import Course, Subject, name_command

JUDGED_AFTER = timedelta(hours=2)
"""How long the authority takes for a delivery that was not made then."""
WORLD = "wereld"
"""Who gets what nobody got then, and the kenmerk and reason of what did not happen then."""
LAST = -1
"""The place of what has none of then: before what has one."""


class Coming(NamedTuple):
    """An answer, when it comes, and its place among the events of then."""

    at: datetime
    place: int
    result: AnyResult


class World:
    """Answers commands. `unknown` names what nobody can know: it never comes.

    `assumed` has the kind and the phase of each command that is answered though nobody asked it then.
    """

    def __init__(self, course: Course) -> None:
        self._answers = course.answers
        self._asked: Counter[Subject] = Counter()
        self._withdrawn: set[int] = set()
        every = (one.result for answers in course.answers.values() for one in answers)
        self._lookups = [one for one in every if isinstance(one, Resolved)]
        self.unknown: list[str] = []
        self.assumed: list[tuple[str, str]] = []

    def answer(self, command: AnyCommand, state: State, now: datetime) -> Coming | None:
        """Return what a command is answered with: as then, and what goes without saying where it is new.

        Another filing was so far on its own day, whenever it is asked for; a return is sent as many days
        after it is delivered as it was then.
        """
        subject = name_command(command, state)
        turn = self._asked[subject]
        self._asked[subject] += 1
        known = self._answers.get(subject, ())
        if turn < len(known):
            then = known[turn]
            later = max(now, then.result.at) if isinstance(then.result, Reached) else None
            at = later or now + (then.result.at - then.asked)
            result = replace(then.result, number=command.number)
            if isinstance(result, Delivered) and result.sent:
                result = replace(result, sent=result.sent + (now.date() - then.asked.date()))
            return Coming(at, then.place, result)
        made = self._invent(command, {"at": now, "number": command.number})
        if made is None:
            self.unknown.append(f"{command.kind}:{command.phase}")
            return None
        self.assumed.append((command.kind, command.phase))
        return Coming(now + JUDGED_AFTER if isinstance(command, Follow) else now, LAST, made)

    def list_withdrawn(self, state: State) -> Iterator[int]:
        """Yield the numbers of watches that nobody needs any more, each once."""
        for pending in state.journal.in_flight:
            if pending.withdrawn and pending.what == "watch" and pending.number not in self._withdrawn:
                self._withdrawn.add(pending.number)
                yield pending.number

    def _invent(self, command: AnyCommand, about: dict[str, Any]) -> AnyResult | None:
        match command:
            case Send():
                return Sent(recipients=command.contacts or (WORLD,), **about)
            case Resolve():
                return replace(self._lookups[-1], **about) if self._lookups else None
            case Deliver():
                return Delivered(reference=WORLD, sent=about["at"].date(), **about)
            case Follow():
                return Judged(accepted=True, code=WORLD, text=WORLD, **about)
            case StartFiling():
                return Started(filing=command.template, **about)
            case LeaveNote():
                return NoteLeft(**about)
            case Watch() | FindLinked():
                return None
