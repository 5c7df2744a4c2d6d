"""A policy held against one filing that happened: what a scenario expects of it."""

from collections.abc import Iterable, Sequence

from ..exploring.moves import counts
from ..filing.events import AnyEvent
from ..filing.outcome import Refusal
from ..filing.state import State
from ..filing.step import step
from ..filing.turn import Reader
from ..filing.waits import waits
from ..plan import Plan
from ..policy import Policy
from ..simulation.expecting import Keeps
from ..suggest import nearest
from .happening import Seeing
from .watching import Broken, InOrder, Memory, Seen, Watcher, watcher_of


def keeps_of(policies: Iterable[Policy]) -> Keeps:
    """Return what says how one of these policies is broken by the events of a filing, as scenarios ask it."""
    known = {one.id: one for one in policies}

    def keeps(name: str, plan: Plan, events: Sequence[AnyEvent]) -> str | None:
        policy = known.get(name)
        if policy is None:
            near = nearest(name, known)
            return f"unknown policy{f'; did you mean {near!r}?' if near else ''}"
        return find_broken(plan, policy, events)

    return keeps


def find_broken(plan: Plan, policy: Policy, events: Iterable[AnyEvent]) -> str | None:
    """Say on which day these events, taken by the machine, break a policy first, and how; else None."""
    watcher = watcher_of(policy)
    seeing = Seeing(plan, frozenset(watcher.words) | {"entered"})
    memory = watcher.begin()
    state: State | None = None
    before: Reader | None = None
    for event in events:
        taken = step(plan, state, event)
        if isinstance(taken, Refusal):
            continue
        reader = Reader(plan, taken.state)
        happened = seeing.see(before, taken, reader)
        today = taken.state.journal.at.date()
        found: Memory | Broken = memory
        if not watcher.watched.isdisjoint(one.word for one in happened):
            found = watcher.watch(memory, Seen(happened, reader, today))
        broken = found if isinstance(found, Broken) else judge_state(watcher, found, reader)
        if broken:
            about = f" ({broken.about})" if broken.about else ""
            return f"broken on {today.isoformat()}: {broken.said}{about}"
        memory, state, before = found, taken.state, reader
    return None


def judge_state(watcher: Watcher, memory: Memory, reader: Reader) -> Broken | None:
    """Say how a state breaks a policy for itself, with what its watcher remembers of the way there."""
    if isinstance(watcher, InOrder):
        return watcher.compare(watcher.find_days(reader), reader.now.date())
    return watcher.judge(memory, reader, rests=is_at_rest(reader)) if memory else None


def is_at_rest(reader: Reader) -> bool:
    """Say whether nothing comes unless somebody does something."""
    if reader.case.ended or reader.held or any(True for _ in waits(reader)):
        return False
    return not any(counts(reader, one, stalls=False) for one in reader.state.journal.in_flight)
