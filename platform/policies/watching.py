"""Watching: what a policy remembers of a path, and when it is broken.

A memory is plain data that can be compared; what people did is in it by their id, so that who explores can
see which paths are alike. The first path that breaks a policy is a shortest one; the others are not told.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from ..days import add_working_days
from ..exploring.beginning import LEARNED
from ..filing.conditions import list_names
from ..filing.events import SYSTEM
from ..filing.informing import is_open_to_objection
from ..filing.permissions import chase_subject
from ..filing.rules import Rules
from ..filing.turn import Reader
from ..plan import Plan
from ..policy import WORDS, Observed, Policy
from .happening import OF_WAITS, Happening, Pair, days_of, held_then, holds

FIXED = ("period.start", "period.end", "period.year_end", "filing.start")
"""Anchors of days that are the same in the whole filing."""
CANCELLING = frozenset(("ended", "cancelled"))
"""What happens when a filing is cancelled; nothing else does (`filing/advance.py`)."""
NOTHING: tuple[Any, ...] = ()
_INFORMED = Observed(word="informed")
Memory = Any


class Broken(NamedTuple):
    """How a policy is broken: by which event, or in which state, said in words with what it was about."""

    said: str
    about: str | None = None


class Seen(NamedTuple):
    """What a watcher looks at: what happened in a step, and how the filing stands after it."""

    happened: list[Happening]
    reader: Reader
    today: date


class Watcher(ABC):
    """Watches one policy."""

    triggers: tuple[Observed, ...]
    """Without any of these a policy says nothing of a template."""
    remembers_people = False
    """Whether a memory of it is of people, and of nothing else."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.triggers = policy.first
        self.words = frozenset(one.word for one in policy.observed)
        self.watched = self.words
        """Words for which it looks at a step."""

    def begin(self) -> Memory:
        """Return what it remembers at the start."""
        return NOTHING

    @abstractmethod
    def watch(self, memory: Memory, seen: Seen) -> Memory | Broken:
        """Return what it remembers after a step, or how that breaks the policy."""

    def forget(self, memory: Memory, reader: Reader, today: date) -> Memory:
        """Return a memory without what does not count any more."""
        return memory

    def judge(self, memory: Memory, reader: Reader, *, rests: bool) -> Broken | None:
        """Say how a state breaks the policy; `rests` when nothing comes unless somebody does something."""
        return None

    def persons(self, memory: Memory) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the people whom it remembers, by what for."""
        yield from ()

    def says_something(self, memory: Memory, happened: list[Happening]) -> bool:
        """Say whether the policy is about what happened, whether that keeps it or breaks it."""
        return any(map(partial(_is_meant, self.triggers), happened))

    def minds_cancelling(self, memory: Memory) -> bool:
        """Say whether it could tell that a filing is cancelled now."""
        return not self.watched.isdisjoint(CANCELLING)

    def _is_excused(self, seen: Seen, about: Happening, memory: Memory = NOTHING) -> bool:
        """Say whether an `unless` of the policy held when it happened, or was remembered to hold."""
        for one in self.policy.unless:
            if WORDS[one.word].sort == "state" and held_then(seen.reader, one, about):
                return True
        return "unless" in memory


def _is_meant(observed: tuple[Observed, ...], one: Happening) -> bool:
    return any(map(one.is_meant, observed))


class Never(Watcher):
    """Never … unless …; never … within …"""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        delivers = {one.word for one in policy.first} == {"delivered"}
        self.needs_informing = (
            delivers and Observed(word="is_approved") in policy.unless and _INFORMED in policy.second
        )
        """Whether it is about deliveries that were not approved, and counts from any informing."""
        self._settled: tuple[Plan | None, bool] = (None, False)

    def watch(self, memory: Memory, seen: Seen) -> Memory | Broken:
        """Remember what makes it all right, or the day from which it is not."""
        policy = self.policy
        for one in seen.happened:
            soon = not policy.second or self._is_too_soon(memory, seen)
            if _is_meant(policy.first, one) and soon and not self._is_excused(seen, one, memory):
                return Broken(one.word, one.name)
            if _is_meant(policy.unless, one):
                memory = ("unless",)
            if _is_meant(policy.second, one):
                memory = (seen.today.isoformat(),)
        return memory

    def forget(self, memory: Memory, reader: Reader, today: date) -> Memory:
        """Forget the day once it counts no more or enough have passed; until then those left count."""
        if not memory or memory[0] == "unless":
            return memory
        if self._is_counted_again(reader):
            return NOTHING
        left = (self._first_day(memory, reader) - today).days
        return (left,) if left > 0 else NOTHING

    def _is_counted_again(self, reader: Reader) -> bool:
        """Say whether the day is another one, or counts for nothing, by the next event that it is asked for.

        The machine delivers nothing but what was approved, which is all right then, or was shown by an offer
        that ended as information (`refuse_delivery`). As long as no offer informed, such a one has yet to,
        and from then on that day counts. Where it can change which documents are made, an offer could inform
        of none, so nothing is said.
        """
        if not self.needs_informing or not self._are_documents_settled(reader.plan):
            return False
        return not any(
            one.outcome == "informed" or is_open_to_objection(reader, one) for one in reader.case.offers
        )

    def _are_documents_settled(self, plan: Plan) -> bool:
        """Say whether it is known from the start of a filing which documents are made in it."""
        if self._settled[0] is not plan:
            conditions = (one.condition for one in plan.documents if one.condition is not None)
            learned = any(path[0] in LEARNED for one in conditions for path in list_names(one))
            self._settled = (plan, not learned)
        return self._settled[1]

    def _is_too_soon(self, memory: Memory, seen: Seen) -> bool:
        return bool(memory) and memory[0] != "unless" and seen.today < self._first_day(memory, seen.reader)

    def _first_day(self, memory: Memory, reader: Reader) -> date:
        then = date.fromisoformat(memory[0])
        closed = reader.state.origin.calendars.office
        if self.policy.workdays is not None:
            return add_working_days(then, self.policy.workdays, closed)
        return date.fromordinal(then.toordinal() + (self.policy.days or 0))


def _key(policy: Policy, one: Happening) -> str:
    return {"phase": one.phase, "document": one.document}.get(policy.same or "", "") or ""


class Before(Watcher):
    """Always … before …, since …"""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.triggers = policy.second

    def watch(self, memory: Memory, seen: Seen) -> Memory | Broken:
        """Remember for what it has happened."""
        policy = self.policy
        for one in seen.happened:
            key = _key(policy, one)
            if _is_meant(policy.second, one) and key not in memory:
                return Broken(one.word, one.name)
            if _is_meant(policy.since, one):
                memory = tuple(other for other in memory if other != key)
            if _is_meant(policy.first, one):
                memory = tuple(sorted({*memory, key}))
        return memory


class Followed(Watcher):
    """Every … is followed by …"""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        over = {one.word for one in (*policy.unless, *policy.second) if one.name is None}
        self.until_left = policy.same == "phase" and over >= {"left", "ended"}
        """Whether nothing is to follow any more once a phase is left."""

    def watch(self, memory: Memory, seen: Seen) -> Memory | Broken:
        """Remember what is still to be followed."""
        policy = self.policy
        for one in seen.happened:
            key = _key(policy, one)
            comes = _is_meant(policy.second, one)
            if comes or _is_meant(policy.unless, one):
                kept = () if one.word == "ended" or not policy.same else (o for o in memory if o != key)
                memory = tuple(kept)
            if _is_meant(policy.first, one):
                memory = tuple(sorted({*memory, key}))
        return memory

    def forget(self, memory: Memory, reader: Reader, today: date) -> Memory:
        """Forget what is certain to be followed, or made all right, before anything rests."""
        return tuple(key for key in memory if not self._is_certain(reader, key)) if memory else memory

    def _is_certain(self, reader: Reader, key: str) -> bool:
        """Say whether a phase that is waited for was escalated, or will be unless it is left before.

        One that runs beside others can be taken back without being left.
        """
        phase = reader.rules.find_phase(key) if self.until_left else None
        if phase is None or phase.group or not reader.is_active(key):
            return False
        about = Happening("", phase=key)
        if any(one.word == "is_escalated" and holds(reader, one, about) for one in self.policy.unless):
            return True
        escalate = phase.chase.escalate if phase.chase else None
        if escalate is None or not _is_meant(self.policy.second, Happening("escalated", key)):
            return False
        if reader.chased_for(chase_subject(phase)).escalated or escalate.on.anchor not in FIXED:
            return False
        return reader.rules.target_day(escalate.on) is not None

    def minds_cancelling(self, memory: Memory) -> bool:
        """Say whether something is to follow on an end, or was to follow and is not excused by it."""
        if any(one.word in CANCELLING for one in self.policy.first):
            return True
        return bool(memory) and Observed(word="ended") not in self.policy.unless

    def judge(self, memory: Memory, reader: Reader, *, rests: bool) -> Broken | None:
        """Say that something is not followed where the filing rests or has ended."""
        if memory and (rests or reader.case.ended) and not self._holds(reader, memory[0]):
            return Broken("nothing follows", memory[0] or None)
        return None

    def _holds(self, reader: Reader, key: str) -> bool:
        about = Happening("", phase=key or None, document=key or None)
        states = (one for one in self.policy.unless if WORDS[one.word].sort == "state")
        return any(holds(reader, one, about) for one in states)


def _has_person(one: Happening) -> bool:
    return one.person not in (None, SYSTEM.id)


class Differs(Watcher):
    """Who … differs from who …; what kantoor does by itself nobody does."""

    remembers_people = True

    def says_something(self, memory: Memory, happened: list[Happening]) -> bool:
        """Say whether somebody did the one thing after somebody, the same or another, did the other."""
        policy, persons = self.policy, [one for one in happened if _has_person(one)]
        known = {key for key, _ in memory}
        known |= {_key(policy, one) for one in persons if _is_meant(policy.second, one)}
        return any(_is_meant(policy.first, one) and _key(policy, one) in known for one in persons)

    def watch(self, memory: Memory, seen: Seen) -> Memory | Broken:
        """Remember who did what another is to look at."""
        policy = self.policy
        for one in filter(_has_person, seen.happened):
            key = (_key(policy, one), one.person)
            if _is_meant(policy.first, one) and key in memory and not self._is_excused(seen, one):
                return Broken(one.word, one.name)
            if _is_meant(policy.second, one):
                memory = tuple(sorted({*memory, key}))
        return memory

    def persons(self, memory: Memory) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield who did it, by what they did it with."""
        for key in dict.fromkeys(key for key, _ in memory):
            yield key, tuple(person for other, person in memory if other == key)


class AtMost(Watcher):
    """At most so many of …, per …"""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self.watched = self.words | {"entered"}  # what it counts begins again with a round

    def watch(self, memory: Memory, seen: Seen) -> Memory | Broken:
        """Count, and begin again with each round or day."""
        counts = dict(memory)
        for one in seen.happened:
            if self.policy.per == "phase" and one.word == "entered":
                counts.pop(one.phase or "", None)
            if not _is_meant(self.policy.first, one):
                continue
            key = {"phase": one.phase or "", "day": seen.today.isoformat()}.get(self.policy.per, "")
            counts[key] = counts.get(key, 0) + 1
            if counts[key] > self.policy.most:
                return Broken(one.word, one.name)
        return tuple(sorted(counts.items()))

    def forget(self, memory: Memory, reader: Reader, today: date) -> Memory:
        """Forget other days, and phases that are left."""
        if self.policy.per == "day":
            return tuple(count for day, count in memory if day == today.isoformat())
        if self.policy.per == "phase":
            return tuple(one for one in memory if reader.is_active(one[0]))
        return memory


class InOrder(Watcher):
    """Days that are in order, as long as the later one has not passed: after that nothing can be in time."""

    def __init__(self, policy: Policy) -> None:
        super().__init__(policy)
        self._known: dict[tuple[int, tuple[str, ...]], tuple[Rules, tuple[Pair, ...]]] = {}

    def watch(self, memory: Memory, seen: Seen) -> Memory | Broken:
        """Remember nothing: a state says it all."""
        return memory

    def compare(self, days: tuple[Pair, ...], today: date) -> Broken | None:
        """Say which phase has its days in the wrong order."""
        for phase, one, other in days:
            if one > other and today <= other:
                return Broken(f"{one.isoformat()} lies after {other.isoformat()}", phase)
        return None

    def find_days(self, reader: Reader) -> tuple[Pair, ...]:
        """Return the days to compare; those that hang on no more than rules and phases are found once."""
        (first,), (second,) = self.policy.first, self.policy.second
        if reader.case.ended:
            return ()
        if not OF_WAITS.isdisjoint((first.word, second.word)):
            return tuple(days_of(reader, first, second))
        of = id(reader.rules), tuple(reader.status(phase.id) for phase in reader.plan.phases)
        known = self._known.get(of)
        if known is None:
            known = self._known[of] = (reader.rules, tuple(days_of(reader, first, second)))
        return known[1]


_WATCHERS: dict[str, type[Watcher]] = {
    "never": Never,
    "before": Before,
    "followed": Followed,
    "differs": Differs,
    "order": InOrder,
    "at_most": AtMost,
}


def watcher_of(policy: Policy) -> Watcher:
    """Return who watches a policy."""
    return _WATCHERS[policy.form](policy)
