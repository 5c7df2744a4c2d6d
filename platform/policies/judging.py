"""Judging: the states of filings walked with all policies watched at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..collecting import no_collecting
from ..data import Scalar, canonical, digest_of
from ..exploring.beginning import begin, list_settled, what_counts
from ..exploring.moves import Mover
from ..exploring.normal import Normal, Standing
from ..exploring.reach import Past, Reach
from ..exploring.telling_apart import Telling
from ..exploring.walking import Arrival, Moved, Node, Walked, walk
from ..filing.conditions import values_of
from ..filing.events import Act, AnyEvent, Cancel, Start
from ..filing.new_acts import take_new
from ..filing.outcome import Refusal, Step
from ..filing.rules import Rules
from ..filing.state import origin_of
from ..filing.step import step
from ..filing.turn import Reader
from ..plan import Phase, Plan
from ..policy import WORDS, Observed, Policy
from .completing import Completing, Stuck, is_last
from .following import is_at_rest
from .happening import Seeing
from .watching import NOTHING, Broken, InOrder, Memory, Seen, Watcher, watcher_of

OF_DOCUMENTS = (
    *("attached", "reviewed", "signed", "offered", "informed", "approved", "rejected"),
    *("delivered", "accepted", "refused"),
)
"""Words for what happens to a document, in a phase that has to do with it."""


class First(NamedTuple):
    """A filing as it began, whatever was settled since."""

    telling: Telling
    """What the conditions tell apart: the values that are tried."""
    reach: Reach
    """By which it is known what days are the same in the whole filing."""


class Begun(NamedTuple):
    """One way in which a filing begins, with what was settled since: its moves, and what goes on alike."""

    start: Start
    plan: Plan
    """As the start, and what is settled, leave it (`exploring/beginning.py`)."""
    first: "First"
    """The same filing when it began."""
    mover: Mover
    normal: Normal
    known: dict[int, bytes]
    """What lies ahead, by the phases that do: filings of which it is the same go on alike."""
    standing: dict[tuple[Any, ...], tuple[Rules, Standing]]
    """Whom watchers remember, found once for what they do; what it is found by identity of is kept too."""
    acted: dict[tuple[Any, ...], tuple[Any, frozenset[str]]]
    """The colleagues whose earlier acts matter, found once for what was done."""
    settling: dict[int, tuple[Past, ...]]
    """What is settled, by the phases that lie ahead."""
    settled: "dict[tuple[Scalar, ...], Begun]"
    """The same filing once that is settled, by the values."""


class Stand(NamedTuple):
    """A filing as it stands, with what the watchers remember of the path to it.

    The reader is made once, since all that is asked of a state works out where the filing is.
    """

    begun: Begun
    reader: Reader
    memories: tuple[Memory, ...]
    nothing_begun: bool = False
    """Whether it is known that there is no one way to go on (`Mover.list_chained`, `Mover.find_silence`)."""


@dataclass(frozen=True)
class Breach:
    """A shortest path that breaks a policy: its events, the start first, and how it breaks it."""

    policy: str
    names: tuple[str, ...]
    events: tuple[AnyEvent, ...]
    how: Broken

    @property
    def length(self) -> int:
        """Return how many moves lead to it."""
        return len(self.names)


@dataclass
class Judged:
    """What was found in one filing: breaches by policy, policies that said something, how far it came.

    `closes` when some way completes the filing; `stuck` are the kinds of which none does.
    """

    breaches: dict[str, Breach] = field(default_factory=dict)
    applied: set[str] = field(default_factory=set)
    closes: bool = False
    stuck: tuple[Stuck, ...] = ()
    walked: Walked = field(default_factory=Walked)


def judge(
    plan: Plan,
    start: Start,
    policies: tuple[Policy, ...],
    *,
    reduced: bool = True,
    forgets: bool = True,
    most: int | None = None,
    depth: int | None = None,
    until_broken: bool = False,
) -> Judged:
    """Walk every state that a filing can come to, and say which policies it breaks.

    Not `reduced`, every move is tried; where it does not forget, or is not reduced, states are told apart by
    all that they hold. Both are there to be compared with, and come to no end by themselves. `until_broken`,
    it stops once a shortest way to a breach of every policy is known.
    """
    judge = Judge(plan, policies, reduced=reduced, forgets=forgets)
    return judge.run((start,), most, depth, until_broken=until_broken)


def judge_together(
    plan: Plan, starts: tuple[Start, ...], policies: tuple[Policy, ...], *, most: int | None = None
) -> Judged:
    """Walk every state that filings of a plan can come to; those that go on alike are one, however begun."""
    return Judge(plan, policies, reduced=True, forgets=True).run(starts, most, None)


def _list_watched(plan: Plan, policies: tuple[Policy, ...]) -> Iterator[str]:
    """Yield the checkpoints of which it matters to a policy when they are ticked."""
    for policy in policies:
        for one in policy.observed:
            if one.word == "ticked" and one.name:
                yield one.name
            elif one.word == "ticked":
                yield from (f"{phase.id}.{point.id}" for phase in plan.phases for point in phase.checkpoints)


def _list_finished(plan: Plan, policies: tuple[Policy, ...]) -> Iterator[str]:
    """Yield the phases of which it matters to a policy whether they were completed."""
    for policy in policies:
        for one in policy.observed:
            if one.word == "is_completed":
                yield from (phase.id for phase in plan.phases if one.name in (None, phase.id))


def _list_looked_at(plan: Plan, policies: tuple[Policy, ...]) -> Iterator[str]:
    """Yield the phases in which it matters to a policy who of the colleagues does something."""
    for policy in policies:
        if policy.form != "differs":
            continue
        documents = frozenset(document.id for document in plan.documents)
        if policy.same == "document":
            documents &= _list_documents(plan, policy.first) & _list_documents(plan, policy.second)
        for one in (*policy.first, *policy.second):
            yield from (phase.id for phase in plan.phases if _can_happen(plan, phase, one, documents))


def _list_documents(plan: Plan, observed: tuple[Observed, ...]) -> frozenset[str]:
    """Return the documents with which one of these can happen in some phase."""
    ids = [document.id for document in plan.documents]
    some = ((name, one) for name in ids for one in observed)
    return frozenset(
        name for name, one in some if any(_can_happen(plan, p, one, frozenset((name,))) for p in plan.phases)
    )


def _can_happen(plan: Plan, phase: Phase, one: Observed, documents: frozenset[str]) -> bool:
    """Say whether what a policy observes can happen in a phase, with one of these documents if with any."""
    if WORDS[one.word].of == "document":
        made = (document.id for document in plan.documents if document.made_in == phase.id)
        handled = {"attached": made, "reviewed": phase.reviews, "signed": phase.signs}.get(
            one.word, documents
        )
        return any(one.name in (None, name) for name in documents.intersection(handled))
    if one.name is None or WORDS[one.word].of not in ("phase", "checkpoint"):
        return True
    return one.name.partition(".")[0] == phase.id


def _list_last_ends(plan: Plan) -> Iterator[str]:
    """Yield the ends to which the outcomes of the last phase lead, where none goes on: they close it."""
    outcomes = plan.phases[-1].outcomes if plan.phases else ()
    ends = [one.end for one in outcomes if one.end]
    if len(ends) == len(outcomes):
        yield from ends


def _looks_back(policy: Policy) -> bool:
    """Say whether a policy asks of a document also where nothing is about one."""
    asks = any(one.word in ("is_approved", "is_informed", "is_reviewed") for one in policy.observed)
    return asks and any(one.word not in OF_DOCUMENTS for one in (*policy.first, *policy.second))


def _can_be_repeated(policy: Policy) -> bool:
    """Say whether a policy counts what can be done again and change nothing else."""
    return any(one.word in ("attached", "recorded") for one in policy.first)


class Judge:
    """One walk with all policies watched; `found` is what it has met so far."""

    def __init__(self, plan: Plan, policies: tuple[Policy, ...], *, reduced: bool, forgets: bool) -> None:
        self.plan = plan
        self.policies = policies
        self.reduced = reduced
        self.forgets = forgets and reduced
        self.watchers: list[Watcher] = [watcher_of(policy) for policy in policies]
        self.of_people = [(n, w) for n, w in enumerate(self.watchers) if w.remembers_people]
        self.words = frozenset(word for watcher in self.watchers for word in watcher.words) | {"entered"}
        self.seeing = Seeing(plan, self.words)
        self.settled: frozenset[str] = frozenset()
        """Policies of which no shorter way to a breach is to come: nothing of them is remembered any more."""
        self.closing = frozenset(_list_last_ends(plan))
        self.completing = Completing(plan, Telling(plan)) if reduced else None
        self.found = Judged()

    def run(
        self, starts: tuple[Start, ...], most: int | None, depth: int | None, *, until_broken: bool = False
    ) -> Judged:
        """Walk all that these starts can come to, and return what was found."""
        firsts = [self.start(one) for one in starts]
        with no_collecting():
            for node, walked in walk(*firsts[0], self.move, others=firsts[1:], most=most, depth=depth):
                self.found.walked = walked
                self._settle(node)
                self._judge(node, node.state, ())
                if until_broken and len(self.settled) == len(self.policies):
                    walked.exhausted = False
                    break
        if self.completing and self.found.walked.exhausted:
            self.found.stuck = tuple(self.completing.list_stuck())
        return self.found

    def start(self, start: Start) -> tuple[Stand, bytes]:
        """Return where a filing begins, with its key. Raises ValueError for a plan that does not start so."""
        first = step(self.plan, None, start)
        if isinstance(first, Refusal):
            raise ValueError(f"the plan does not start: {first.text}")
        stand = self._watch(None, self._begin(start), first, tuple(w.begin() for w in self.watchers), ())
        key = self.find_key(stand)
        if self.completing:
            self.completing.begin(start, stand.reader, key)
        return stand, key

    def _begin(self, start: Start) -> Begun:
        plan = self.plan
        if self.reduced:
            plan = begin(plan, values_of(plan, origin_of(start)))
        return self._prepare(start, plan, First(self._tell(plan), Reach(plan)))

    def _tell(self, plan: Plan) -> Telling:
        return Telling(plan, frozenset(_list_watched(plan, self.policies)))

    def _settle_learned(self, begun: Begun, reader: Reader) -> Begun:
        """Return a filing with what was learned and can change no more decided, as what it began with is.

        Values that no condition ahead tells apart any more are not told apart then. Which are tried on the
        way is still what the conditions told apart at the start: what makes a filing stick is told by them.
        """
        if not self.forgets or reader.case.ended:
            return begun
        ahead = begun.normal.reach.find_ahead(reader)
        settling = begun.settling.get(id(ahead))
        if settling is None:
            settling = begun.settling[id(ahead)] = tuple(
                list_settled(begun.plan, begun.normal.telling, begun.normal.reach, ahead)
            )
        if not settling:
            return begun
        values = reader.rules.values
        named = tuple([values[group].get(name) for group, name in settling])
        known = begun.settled.get(named)
        if known is None:
            plan = begin(begun.plan, values, frozenset(settling))
            known = begun.settled[named] = self._prepare(begun.start, plan, begun.first)
        return self._settle_learned(known, reader)

    def _prepare(self, start: Start, plan: Plan, first: First) -> Begun:
        """Return what walks a filing by a plan."""
        stalls = "stalled" in self.words
        repeats = any(one.form == "at_most" for one in self.policies if _can_be_repeated(one))
        normal = Normal(
            plan,
            self._tell(plan),
            stalls=stalls,
            finished=_list_finished(plan, self.policies),
            lasting=any(map(_looks_back, self.policies)),
            unseen=not stalls,
            begun=first.reach,
        )
        mover = Mover(
            plan,
            first.telling,
            reduced=self.reduced,
            stalls=stalls,
            repeats=repeats,
            counted=_list_looked_at(plan, self.policies),
            begun=first.reach,
        )
        return Begun(start, plan, first, mover, normal, {}, {}, {}, {}, {})

    def _settle(self, node: Node[Stand]) -> None:
        """Leave the policies out of which a breach is known that no way from here on is shorter than."""
        if self.forgets:
            nearest = self.found.breaches.values()
            self.settled = frozenset(one.policy for one in nearest if one.length <= node.depth + 1)

    def move(self, node: Node[Stand]) -> Iterator[Arrival[Stand]]:
        """Yield what a state goes on to."""
        before = self._forget_settled(node.state)
        begun, reader, memories, nothing_begun = before
        known = self._find_known(before)
        cancelling_counts = not self.forgets or self._minds_cancelling(memories)
        for move in begun.mover.list_moves(reader, known, nothing_begun=nothing_begun):
            event = move.event
            if isinstance(event, Cancel) and not cancelling_counts:
                continue
            if isinstance(event, Act):
                taken = take_new(self.plan, reader.state, event)
            else:
                taken = step(self.plan, reader.state, event)
            if isinstance(taken, Refusal):
                continue
            moves: tuple[Moved, ...] = (Moved(move.name, event),)
            stand, moves = self._follow(node, self._watch(node, begun, taken, memories, moves), moves)
            if stand.reader.case.ended:  # all ends of one kind are one state; what held before is not in it
                self._judge(node, stand, moves)
            key = self.find_key(stand)
            self._note(node, begun, moves, stand, key)
            yield Arrival(moves, stand, key)

    def _note(
        self, node: Node[Stand], begun: Begun, moves: tuple[Moved, ...], stand: Stand, key: bytes
    ) -> None:
        """Note what leads to what, and which filings were completed."""
        ended = stand.reader.case.ended
        closes = ended is not None and (ended.how == "completed" or ended.end in self.closing)
        self.found.closes |= closes
        if self.completing and node.key is not None:
            self.completing.note(node.key, begun.start, moves, stand.reader, key)
            if closes or (ended and ended.how == "end" and is_last(node.state.reader, moves)):
                self.completing.complete(node.key)

    def _minds_cancelling(self, memories: tuple[Memory, ...]) -> bool:
        """Say whether a policy could tell that a filing with these memories is cancelled now.

        Nothing comes after that, so where none could, all that policies can say of it is that it is over.
        """
        return any(
            watcher.policy.id not in self.settled and watcher.minds_cancelling(memory)
            for watcher, memory in zip(self.watchers, memories, strict=True)
        )

    def _forget_settled(self, stand: Stand) -> Stand:
        pairs = zip(self.watchers, stand.memories, strict=True)
        kept = tuple(NOTHING if one.policy.id in self.settled else memory for one, memory in pairs)
        return stand._replace(memories=kept)

    def _follow(
        self, node: Node[Stand], stand: Stand, moves: tuple[Moved, ...]
    ) -> tuple[Stand, tuple[Moved, ...]]:
        """Go on where there is one way alone: what was begun, and days on which nobody does anything."""
        while self.reduced:
            begun, reader, memories, _ = stand
            chain = list(begun.mover.list_chained(reader, self._find_known(stand)))
            if len(chain) > 1:
                break
            if not chain:
                stand = stand._replace(nothing_begun=True)
                silence = begun.mover.find_silence(reader)
                if silence is None:
                    break
                self._judge(node, stand, moves)
                chain = [silence]
            taken = step(self.plan, reader.state, chain[0].event)
            if isinstance(taken, Refusal):
                break
            moves = (*moves, Moved(chain[0].name, chain[0].event))
            stand = self._watch(node, begun, taken, memories, moves, reader)
        return stand, moves

    def _watch(
        self,
        node: Node[Stand] | None,
        begun: Begun,
        taken: Step,
        memories: tuple[Memory, ...],
        moves: tuple[Moved, ...],
        before: Reader | None = None,
    ) -> Stand:
        """Let the watchers see a step, the last of `moves` from a node; return what they remember then."""
        before = before or (node.state.reader if node else None)
        reader = Reader(self.plan, taken.state)
        begun = self._settle_learned(begun, reader)
        happened = self.seeing.see(before, taken, reader)
        if not happened:
            return Stand(begun, reader, memories)
        seen = Seen(happened, reader, taken.state.journal.at.date())
        words = {one.word for one in happened}
        remembered = list(memories)
        for place, watcher in enumerate(self.watchers):
            memory = remembered[place]
            if watcher.policy.id in self.settled or words.isdisjoint(watcher.watched):
                continue
            is_new = watcher.policy.id not in self.found.applied
            if is_new and watcher.says_something(memory, happened):
                self.found.applied.add(watcher.policy.id)
            after = watcher.watch(memory, seen)
            if isinstance(after, Broken):
                self._break(watcher, after, begun, node, moves)
                after = memory  # others break it too; only the first is told
            remembered[place] = after
        return Stand(begun, reader, tuple(remembered))

    def _judge(self, node: Node[Stand], stand: Stand, moves: tuple[Moved, ...]) -> None:
        """Judge a state for itself, to which these moves lead from a node."""
        begun, reader, memories, _ = stand
        rests: bool | None = None
        for place, watcher in enumerate(self.watchers):
            known = self.found.breaches.get(watcher.policy.id)
            if known is not None and known.length <= node.depth + len(moves):
                continue
            broken: Broken | None = None
            if isinstance(watcher, InOrder):
                days = watcher.find_days(reader)
                if days:
                    self.found.applied.add(watcher.policy.id)
                    broken = watcher.compare(days, reader.now.date())
            elif memories[place]:
                rests = is_at_rest(reader) if rests is None else rests
                broken = watcher.judge(memories[place], reader, rests=rests)
            if broken:
                self._break(watcher, broken, begun, node, moves)

    def _break(
        self,
        watcher: Watcher,
        how: Broken,
        begun: Begun,
        node: Node[Stand] | None,
        moves: tuple[Moved, ...],
    ) -> None:
        path = [*(node.path() if node else ()), *moves]
        known = self.found.breaches.get(watcher.policy.id)
        if known is None or len(path) < known.length:
            names = tuple(one.name for one in path)
            events = (begun.start, *(one.event for one in path))
            self.found.breaches[watcher.policy.id] = Breach(watcher.policy.id, names, events, how)

    def _find_known(self, stand: Stand) -> frozenset[str]:
        """Return the colleagues whose earlier acts matter."""
        acted, standing = stand.reader.case.contributions, self._standing(stand)
        asked = (id(acted), standing)
        known = stand.begun.acted.get(asked)
        if known is None:
            counted = stand.begun.normal.counted
            persons = {c.person for c in acted if c.phase in counted}
            persons.update(person for _, some in standing for person in some)
            known = stand.begun.acted[asked] = (acted, frozenset(persons))
        return known[1]

    def _standing(self, stand: Stand) -> Standing:
        """Return whom watchers remember, apart from who had to do with a document that lies behind."""
        begun, reader, memories, _ = stand
        remembered = tuple([memories[place] for place, _ in self.of_people])
        if not any(remembered):
            return ()
        ahead = begun.normal.reach.find_ahead(reader)
        asked = (remembered, id(reader.rules), id(ahead))
        known = begun.standing.get(asked)
        if known is None:
            standing = tuple(
                (f"{watcher.policy.id} {label}", persons)
                for (_, watcher), memory in zip(self.of_people, remembered, strict=True)
                for label, persons in watcher.persons(memory)
                if watcher.policy.same != "document" or begun.normal.is_handled(reader, label, ahead)
            )
            known = begun.standing[asked] = (reader.rules, standing)
        return known[1]

    def find_key(self, stand: Stand) -> bytes:
        """Return by what a state is known, with what is remembered of the path to it."""
        begun, reader, memories, _ = stand
        if not self.forgets:
            return begun.normal.plain_key(reader) + b"\n" + canonical(memories)
        today = reader.state.journal.at.date()
        kept = [
            None if watcher.remembers_people and memory else memory and watcher.forget(memory, reader, today)
            for watcher, memory in zip(self.watchers, memories, strict=True)
        ]
        form = begun.normal.key(reader, self._standing(stand))
        return b"\n".join((form, canonical(kept), self._find_ahead(begun, reader)))

    def _find_ahead(self, begun: Begun, reader: Reader) -> bytes:
        """Return what lies ahead of a filing, whatever it began as; after its end nothing does."""
        if reader.case.ended:
            return b""
        ahead = begun.normal.reach.find_ahead(reader)
        found = begun.known.get(id(ahead))
        if found is None:
            same = (begun.normal.own_days.list_fixed(reader.rules), what_counts(reader.state.origin))
            content = (begun.normal.reach.list_rules(ahead), *same)
            found = begun.known[id(ahead)] = digest_of(canonical(content)).encode()
        return found
