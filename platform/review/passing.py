"""What guards lay on every way to a delivery, or to the end, and no longer do.

A guard is what keeps a mistake from going out: a review, a signature, an offer, four eyes, a title, a
mandatory checkpoint, a request that has to be answered, a fact that closes with its phase. One that is done
elsewhere now, still on every way, is kept. One that is nowhere any more, or holds less often, is told of
itself and not here. No way to a named end is looked at: nothing goes out there.

A mandatory checkpoint guards more: what comes after it looks at work with it ticked. So it is also asked
whether it still comes before each phase that looked at the work, or showed it to the client.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

from ..plan import Automation, Checkpoint, Logic, Offer, Phase, Plan, Request
from .cases import Cases, to_condition
from .documents import is_check, number_stages
from .narrowing import SOME, When, both, either, is_narrower, say_when, say_wider
from .outgoing import list_goals
from .reaching import ON, WAIT, Step, Ways
from .references import Renamed, rename
from .saying import join, name, quote


class Guard(NamedTuple):
    """A guard: its kind, what it is called, and the phases that have it before and after, by their ids.

    Of a checkpoint also when it applied, and when it does in each of its places.
    """

    kind: str
    words: str
    was: frozenset[str]
    now: frozenset[str]
    applied: When = None
    applies: tuple[tuple[str, When], ...] = ()


class Ending(NamedTuple):
    """An outcome of a phase that ends the filing before something goes out."""

    phase: str
    id: str
    title: str


class Passed(NamedTuple):
    """What a filing gets to now without a guard: phases, None for its end; by which steps, and when.

    Or what it goes on from, where the guard was in that phase itself.
    """

    goals: tuple[str | Ending | None, ...]
    by: tuple[Step, ...]
    more: str
    inside: bool = False


_TOLD_BY_ORDER = frozenset({"reviews", "signs", "offer", "four eyes"})
"""Guards of which it is told elsewhere that they come too late where only the order is another."""
_ALIKE = 0.75
"""So much alike (0 to 1) two words are one in another form."""


def find_passed(before: Plan, after: Plan, renamed: Renamed) -> Iterator[tuple[str, str]]:
    """Yield where, and a sentence, for each way by which guards are newly left out."""
    search = _Search(before, after, renamed)
    told: dict[Passed, list[Guard]] = {}
    for guard in list_guards(before, after, renamed):
        for found in search.find(guard):
            told.setdefault(found, []).append(guard)
    for passed, guards in told.items():
        first = passed.goals[0]
        goal = first.phase if isinstance(first, Ending) else first
        path = f"phases.{passed.by[0].phase if passed.by else goal}"
        yield path, search.say(passed, guards)


# --- guards -----------------------------------------------------------------------------------------------


def list_guards(before: Plan, after: Plan, renamed: Renamed) -> Iterator[Guard]:
    """Yield what guarded a filing before and is still somewhere."""
    seen = set()
    for guard in _list_guards(before, after, renamed):
        known = (guard.kind, guard.words, guard.was)
        if guard.now and known not in seen:
            seen.add(known)
            yield guard


def _list_guards(before: Plan, after: Plan, renamed: Renamed) -> Iterator[Guard]:
    def now(kind: str, item: str) -> str:
        return renamed.get(kind, {}).get(item, item)

    def find(plan: Plan, has: Callable[[Phase], bool]) -> frozenset[str]:
        return frozenset(phase.id for phase in plan.phases if has(phase))

    for document in before.documents:
        meant, title = now("documents", document.id), quote(document.title)
        for kind, words in (("reviews", "the review of"), ("signs", "the signing within the office of")):
            was = find(before, lambda one: document.id in getattr(one, kind))  # noqa: B023
            yield Guard(kind, f"{words} {title}", was, find(after, lambda one: meant in getattr(one, kind)))  # noqa: B023
        offered = [one.offer for one in before.phases if one.offer and document.id in one.offer.documents]
        was, still = (
            find(plan, lambda one: one.offer is not None and item in one.offer.documents)  # noqa: B023
            for plan, item in ((before, document.id), (after, meant))
        )
        if offered:
            yield Guard("offer", f"{_name_offer(offered)} {title}", was, still)
    for phase in before.phases:
        here, title = frozenset({phase.id}), quote(phase.title)
        other = next((one for one in after.phases if one.id == now("phases", phase.id)), None)
        same = frozenset({other.id}) if other else frozenset()
        if phase.four_eyes and other and other.four_eyes:
            yield Guard("four eyes", f"four eyes in {title}", here, same)
        if phase.qualification and other and other.qualification:
            yield Guard("title", f"{join(phase.qualification, 'or')} in {title}", here, same)
        for checkpoint in phase.checkpoints:
            if checkpoint.required:
                yield _make_checkpoint(before, after, checkpoint, phase, other, renamed)
        for form in dict.fromkeys(list_asked(phase)):
            was = find(before, lambda one: form in list_asked(one))  # noqa: B023
            still = find(after, lambda one: now("forms", form) in list_asked(one))  # noqa: B023
            yield Guard("request", f"the answers to {name(before, 'forms', form)}", was, still)
    later = {fact.id: fact for fact in after.facts}
    for fact in before.facts:
        new = later.get(now("facts", fact.id))
        if fact.closes_with_phase and not fact.optional and new is not None and not new.optional:
            words = f"the record of {quote(fact.title)}"
            yield Guard("fact", words, frozenset(fact.set_in), frozenset(new.set_in))


def _make_checkpoint(
    before: Plan, after: Plan, checkpoint: Checkpoint, phase: Phase, same: Phase | None, renamed: Renamed
) -> Guard:
    every = list_kept(before, after, checkpoint, phase, same, renamed, also=True)
    kept = [(one, also) for one, also in every if also.required]
    applied = rename(both(phase.condition, checkpoint.condition), renamed)
    applies = tuple((one.id, both(one.condition, also.condition)) for one, also in kept)
    now = frozenset(one.id for one, _ in kept)
    return Guard("checkpoint", quote(checkpoint.title), frozenset({phase.id}), now, applied, applies)


def list_kept(
    before: Plan,
    after: Plan,
    checkpoint: Checkpoint,
    phase: Phase,
    same: Phase | None,
    renamed: Renamed,
    *,
    also: bool = False,
) -> list[tuple[Phase, Checkpoint]]:
    """Return a mandatory checkpoint as it is now: where its title is, in the same phase by its id first.

    `also` asks for all places, where it is still in that phase too.

    Where its title is in no such place, it is what has its id in the phase, if that says much the same in
    other words. What another phase had by that title all along is of that phase: only where it comes later,
    for all, was the one asked twice.
    """
    applied = rename(both(phase.condition, checkpoint.condition), renamed)
    places = number_stages(before)

    def is_kept(there: Phase, one: Checkpoint) -> bool:
        had = _list_had(before, there, one, renamed)
        again = is_narrower(applied, both(there.condition, one.condition)) is False
        return not had or (again and all(places[phase.id] < places[other.id] for other in had))

    mine = [(same, one) for one in same.checkpoints if one.id == checkpoint.id] if same is not None else []
    titled = [
        (there, one)
        for there in after.phases
        for one in there.checkpoints
        if one.title == checkpoint.title
        and (there is same or _is_part(before, phase, there) or is_kept(there, one))
    ]
    if titled:
        return titled if also else [one for one in mine if one in titled] or titled
    others = {one.title for there in before.phases for one in there.checkpoints}
    return [(there, one) for there, one in mine if one.title not in others and _is_reworded(checkpoint, one)]


def _list_had(before: Plan, there: Phase, checkpoint: Checkpoint, renamed: Renamed) -> list[Phase]:
    """Return what a phase was, if it had a checkpoint by its title for all for whom it has it now."""
    now = both(there.condition, checkpoint.condition)
    return [
        phase
        for phase in before.phases
        if there.id == renamed.get("phases", {}).get(phase.id, phase.id) or _is_part(before, phase, there)
        for one in phase.checkpoints
        if one.title == checkpoint.title
        and (one.required or not checkpoint.required)
        and is_narrower(now, rename(both(phase.condition, one.condition), renamed)) is False
    ]


def _is_part(before: Plan, phase: Phase, there: Phase) -> bool:
    """Say whether a phase newly does work of one of before."""
    return phase.id in there.was and not any(
        one.id == there.id and phase.id in one.was for one in before.phases
    )


def _is_reworded(old: Checkpoint, new: Checkpoint) -> bool:
    """Say whether a title has at least half of the words of another, or words much like them."""
    words, kept = (_list_words(one.title) for one in (old, new))
    alike = [one for one in words if get_close_matches(one, kept, n=1, cutoff=_ALIKE)]
    return 2 * len(alike) >= len(words)


def _list_words(title: str) -> list[str]:
    """Return the words of a title that carry its meaning: those of more than three signs, if it has any."""
    return re.findall(r"\w{4,}", title.casefold()) or title.casefold().split()


def list_required(phase: Phase | None) -> list[tuple[Automation, Request]]:
    """Return what a phase asks and cannot be completed without, once it is asked."""
    asked = [(one, one.request) for one in phase.automations if one.request] if phase else []
    return [(one, request) for one, request in asked if request.required]


def list_asked(phase: Phase) -> list[str]:
    """Return the forms without whose answers a phase cannot be completed."""
    return [request.form for _, request in list_required(phase)]


def _name_offer(offers: list[Offer]) -> str:
    words = {"signature": "the client’s signature under", "approval": "the client’s approval of"}
    ways = {one.offer_as for one in offers}
    return next((said for way, said in words.items() if way in ways), "telling the client of")


def is_guarding(phase: Phase) -> bool:
    """Say whether a phase has a guard of its own, or is what goes out."""
    asked = phase.qualification or phase.four_eyes or list_asked(phase)
    checks = any(one.required for one in phase.checkpoints)
    return bool(phase.reviews or phase.signs or phase.offer or phase.deliver or asked or checks)


# --- ways -------------------------------------------------------------------------------------------------


def _list_ends(plan: Plan) -> tuple[str | None, ...]:
    """Return what a guard comes before: what goes out, and the end."""
    return *(one.id for one in list_goals(plan)), None


def _list_looks(plan: Plan) -> Iterator[str]:
    """Yield the phases in which somebody looks at what was done before, a colleague or the client."""
    yield from (one.id for one in plan.phases if is_check(one) or one.offer)


def _list_endings(plan: Plan) -> Iterator[Ending]:
    """Yield the outcomes by which nothing goes out any more: who chooses one judges the work."""
    places = number_stages(plan)
    last = max((places[one.id] for one in list_goals(plan)), default=0)
    for phase in plan.phases:
        if places[phase.id] < last:
            yield from (Ending(phase.id, one.id, one.title) for one in phase.outcomes if one.end)


class _Search:
    def __init__(self, before: Plan, after: Plan, renamed: Renamed) -> None:
        self.before, self.after, self.renamed = before, after, renamed
        self.ways_before, self.ways = Ways(before), Ways(after)
        goals = {self._now(one): one for one in _list_ends(before)}
        still = {*_list_ends(after), *self._list_late()}
        self.goals = {
            one: goals[one] for one in (*(one.id for one in after.phases), None) if one in still & {*goals}
        }
        looks = {self._now(one): one for one in _list_looks(before)}
        self.looks = {one: looks[one] for one in _list_looks(after) if one in looks}
        self.endings = tuple(self._pair_endings())
        self.known = dict(self._list_known())

    def _now(self, phase: str | None) -> str | None:
        return None if phase is None else self.renamed.get("phases", {}).get(phase, phase)

    def _pair_endings(self) -> Iterator[tuple[Ending, str]]:
        """Yield each outcome that ended the filing and still does, with the phase that had it before."""
        known = [*_list_endings(self.before)]
        for one in _list_endings(self.after):
            same = (
                old.phase
                for old in known
                if self._now(old.phase) == one.phase and (old.id == one.id or old.title == one.title)
            )
            yield from ((one, old) for old in islice(same, 1))

    def _list_late(self) -> Iterator[str | None]:
        """Yield what was due by a deadline of the law, where nothing that is new is due by it instead."""
        known = {*map(self._now, _list_ends(self.before))}
        met = {one.due.anchor for one in list_goals(self.after) if one.due and one.id not in known}
        for one in list_goals(self.before):
            group, _, deadline = one.due.anchor.partition(".") if one.due else ("", "", "")
            sent = one.deliver or one.offer or any(other.start for other in one.automations)
            meant = f"deadlines.{self.renamed.get('deadlines', {}).get(deadline, deadline)}"
            if group == "deadlines" and not sent and meant not in met:
                yield self._now(one.id)

    def _list_known(self) -> Iterator[tuple[tuple[str | None, str, frozenset[str | None]], Step]]:
        """Yield the steps of before, by the ids of after and by their titles, with where they lead."""
        for step in self.ways_before.steps:
            to = self._list_led(self.ways_before, step)
            for word in {step.id, step.title or step.id}:
                yield (self._now(step.phase), word, frozenset(map(self._now, to))), step

    def _list_led(self, ways: Ways, step: Step) -> list[str | None]:
        return [phase.id for phase in ways.stages.get(step.to, [])] or [None]

    def find(self, guard: Guard) -> Iterator[Passed]:
        """Yield what is now got to first without a guard that could not be, or not so often.

        Of a checkpoint that still comes before all that goes out: each phase that looks at work without it,
        and each outcome that ends without.
        """
        for goal, old in self.goals.items():
            found = self._find_before(guard, goal, old)
            if found is not None:
                yield Passed((goal,), *found, inside=old in guard.was)
                return
        looks: dict[tuple[tuple[Step, ...], str], list[str | Ending]] = {}
        for goal, old in self.looks.items() if guard.kind == "checkpoint" else ():
            found = self._find_before(guard, goal, old) if old not in guard.was else None
            if found is not None:
                looks.setdefault(found, []).append(goal)
        told = {goal for goals in looks.values() for goal in goals}
        for ending, old in self.endings if guard.kind == "checkpoint" else ():
            if ending.phase not in told and not self.ways_before.find_cases(guard.was, old)[0]:
                found = self._find_before(guard, ending.phase, old)
                if found is not None:
                    looks.setdefault(found, []).append(ending)
        yield from (Passed(tuple(goals), *found) for found, goals in looks.items())

    def _find_before(
        self, guard: Guard, goal: str | None, old: str | None
    ) -> tuple[tuple[Step, ...], str] | None:
        """Return by which steps something is newly got to without a guard, and when; None where it is not."""
        if not self.ways_before.is_after(old, guard.was):
            return None
        could, when = self.ways_before.find_cases(guard.was, old)
        can, now = self.ways.find_cases(guard.now, goal)
        if not can:
            late = "" if could else self._say_late(guard, goal)
            return ((), late) if late else None
        more = self._say_more(guard, goal, when, now) if could else ""
        if more is None:
            return None
        used = tuple(self._list_new(guard.now, goal))
        return (used, more) if used or guard.kind not in _TOLD_BY_ORDER else None

    def _say_late(self, guard: Guard, goal: str | None) -> str:
        """Return when a guard applies only after a phase, where it has a place before that for others."""
        in_time = {one for one, _ in guard.applies if one == goal or not self.ways.is_late(goal, one)}
        if not in_time or in_time == guard.now:
            return ""
        before = either(when for one, when in guard.applies if one in in_time)
        late = either(when for one, when in guard.applies if one not in in_time)
        if before is None or is_narrower(both(guard.applied, late), before) is False:
            return ""
        fewer = is_narrower(guard.applied, either((before, late))) is not False
        rest = Logic(by="not", of=(before,))
        return say_when(self.after, both(guard.applied, late if fewer else None, rest))

    def _say_more(self, guard: Guard, goal: str | None, was: Cases, now: Cases) -> str | None:
        """Return when a guard can now be left out, as `say_wider` does; of too many cases by the ways."""
        if was is not None and now is not None:
            return say_wider(self.after, rename(to_condition(was), self.renamed), to_condition(now))
        same = frozenset(map(self._now, guard.was)) == guard.now
        always = was is not None and is_narrower(None, to_condition(was)) is False
        if always or (same and not any(self._list_new(guard.now, goal))):
            return None
        return f"{SOME}; whether that is more often could not be judged"

    def _list_new(self, without: Iterable[str], goal: str | None) -> Iterator[Step]:
        """Yield the steps by which something is reached that are new, or open to more than they were."""
        for step in self.ways.list_used(without, goal):
            led = self._list_led(self.ways, step)
            same = (
                known
                for (phase, word, to), known in self.known.items()
                if phase == step.phase and word in (step.id, step.title or step.id) and to & {*led}
            )
            was = next(same, None)
            new = was is None or say_wider(self.after, rename(was.condition, self.renamed), step.condition)
            if step.id != ON and new:
                yield step

    # --- in words ---

    def say(self, passed: Passed, guards: list[Guard]) -> str:
        """Return the sentence on what is left out by a way."""
        goal = join(self._list_said(passed.goals))
        by = join(map(self._say_step, passed.by))
        lead = f"{by[:1].upper()}{by[1:]} a filing" if by else "A filing"
        when = f". That is so {passed.more}" if passed.more else ""
        goes = "goes on from" if passed.inside else "gets to"
        return f"{lead} now {goes} {goal} without: {join(self._name_all(guards))}{when}"

    def _list_said(self, goals: Iterable[str | Ending | None]) -> Iterator[str]:
        """Yield goals in words, the endings of a phase together."""
        ends: dict[str, list[str]] = {}
        for goal in goals:
            if isinstance(goal, Ending):
                ends.setdefault(goal.phase, []).append(quote(goal.title))
            else:
                yield "its end" if goal is None else name(self.after, "phases", goal)
        for phase, titles in ends.items():
            yield f"its end by {join(titles, 'or')} in {name(self.after, 'phases', phase)}"

    def _say_step(self, step: Step) -> str:
        phase = name(self.after, "phases", step.phase)
        return f"once {phase} waits no longer" if step.id == WAIT else f"by {quote(step.title)} in {phase}"

    def _name_all(self, guards: list[Guard]) -> Iterator[str]:
        """Yield the guards in words: checkpoints together, and where one now comes that is too late."""
        yield from (guard.words + self._say_moved(guard) for guard in guards if guard.kind != "checkpoint")
        checks = dict.fromkeys(
            (guard.words, self._say_moved(guard)) for guard in guards if guard.kind == "checkpoint"
        )
        places = {place for _, place in checks}
        if len(places) == 1:
            said = join(words for words, _ in checks) + places.pop()
        else:
            said = join(words + place for words, place in checks)
        if checks:
            yield f"the mandatory checkpoint{'s' if len(checks) > 1 else ''} {said}"

    def _say_moved(self, guard: Guard) -> str:
        same = frozenset(map(self._now, guard.was)) & guard.now
        places = join(name(self.after, "phases", one) for one in sorted(guard.now - same))
        return f" (now in {places}{' too' if same else ''})" if places else ""
