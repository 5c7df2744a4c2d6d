"""What comes of closed filings by another plan, as data: numbers by template, and of which filings."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from statistics import median
from typing import Literal

from ..data import ListLine
from ..plan import Plan
from .comparing import Compared
from .counting import Tally
from .replaying import Unfit

VERSION = 1
MOST_NAMED = 50
"""Filings that are named of one line."""

Gate = Literal["late", "stopped", "otherwise", "inconclusive"]
GATES: tuple[Gate, ...] = ("late", "stopped", "otherwise", "inconclusive")
"""What a comparison can be stopped for: more that is late by law, what no longer ends or ends in another way,
and what nothing could be said of: filings trip every gate, templates without closed filings that one."""


class Count(ListLine):
    """How often something is so by both plans; `id` is that of the part of the plan, `title` its own."""

    id: str
    title: str
    before: int
    after: int


class Kept(ListLine):
    """A day that is not kept by both plans: filings that are late, and of those by the new plan alone.

    `more` are late by the new plan alone, `fewer` by the old one alone; `periods` has how many more by period
    of the filing, `ids` the first of those by their invented ids.
    """

    id: str
    title: str
    law: bool
    before: int
    after: int
    more: int
    fewer: int
    periods: tuple[tuple[str, int], ...]
    ids: tuple[str, ...]


class Days(ListLine):
    """Filings that end on another day: how many, and by how many days at the median and at most."""

    filings: int
    median: int
    most: int


class Stopped(ListLine):
    """Filings that no longer end, or end in another way: `where` is the phase, or how they end.

    `was` is how they ended, and `why` in Dutch what the machine says to the act that should have gone on.
    """

    where: str
    was: str
    filings: int
    why: tuple[str, ...]
    ids: tuple[str, ...]


class Misfits(ListLine):
    """Acts that no longer fit: what kind, in which phase, why, and the words in which they are refused."""

    act: str
    phase: str
    title: str
    why: Unfit
    code: str
    text: str
    acts: int
    filings: int


class Assumed(ListLine):
    """What was taken for granted: a role does the work, somebody ticks, sees other documents, or signs.

    Or the world answers what nobody asked it then: `kind` is that of the command, and `item` its phase.
    """

    kind: str
    item: str
    title: str
    acts: int


class NotSaid(ListLine):
    """Filings of which nothing can be said, by a stable code of why."""

    code: str
    filings: int
    ids: tuple[str, ...]


class TemplateWhatIf(ListLine):
    """The closed filings of one template by both plans.

    Of `filings`, `reproduced` came out by their own plan exactly as they happened; `compared` end as they
    did by both plans, and all numbers but `stopped` and `otherwise` are of those. `same` have no difference;
    `more_late` miss a day of the law by the new plan alone, `fewer_late` by the old one alone.
    """

    template: str
    title: str
    filings: int
    reproduced: int
    compared: int
    same: int
    more_late: int
    fewer_late: int
    kept: tuple[Kept, ...]
    earlier: Days | None
    later: Days | None
    reminders: tuple[Count, ...]
    escalations: tuple[Count, ...]
    messages: tuple[Count, ...]
    items: tuple[Count, ...]
    rounds: tuple[Count, ...]
    stopped: tuple[Stopped, ...]
    otherwise: tuple[Stopped, ...]
    misfits: tuple[Misfits, ...]
    assumed: tuple[Assumed, ...]
    not_said: tuple[NotSaid, ...]

    @property
    def judged(self) -> int:
        """Return of how many filings something can be said: that they end, how, or that they do not."""
        return self.filings - sum(one.filings for one in self.not_said)


class WhatIf(ListLine):
    """The whole comparison: its two sides by name, and the day of the closed filings."""

    version: int
    base: str
    head: str
    on: date
    since: date | None
    templates: tuple[TemplateWhatIf, ...]
    not_looked_at: tuple[str, ...] = ()
    """Templates that change and of which no filing was closed, or that are new or gone."""

    def trip(self, gates: Collection[Gate]) -> tuple[str, ...]:
        """Return a sentence for everything that a gate does not let through.

        Filings that could not be compared may be what a gate is for, so that every gate stops them.
        """
        return tuple(self._trip(gates))

    def _trip(self, gates: Collection[Gate]) -> Iterator[str]:
        for one in self.templates:
            found: dict[Gate, tuple[int, str]] = {
                "late": (one.more_late, "would be late by law"),
                "stopped": (sum(each.filings for each in one.stopped), "would not have ended"),
                "otherwise": (sum(each.filings for each in one.otherwise), "would have ended in another way"),
            }
            for gate, (number, said) in found.items():
                if gate in gates and number:
                    yield f"{number} of ‘{one.title}’ {said}."
            if gates and one.judged < one.filings:
                yield f"{one.filings - one.judged} of ‘{one.title}’ could not be compared."
        if "inconclusive" in gates:
            yield from self.not_looked_at


def summarise(before: Plan, after: Plan, compared: Iterable[Compared]) -> TemplateWhatIf:
    """Return what comes of the closed filings of a template."""
    every = list(compared)
    ended = [one for one in every if one.fate == "compared"]
    said = [one for one in every if one.before is not None]
    titles = {phase.id: phase.title for plan in (before, after) for phase in plan.phases}
    roles = {role.id: role.title for plan in (before, after) for role in plan.roles}
    messages = {one.id: one.title for plan in (before, after) for one in plan.messages}
    return TemplateWhatIf(
        template=after.template,
        title=after.title,
        filings=len(every),
        reproduced=sum(one.reproduced for one in every),
        compared=len(ended),
        same=sum(one.before == one.after and not one.misfits and not one.assumed for one in ended),
        more_late=sum(bool(_miss_law(one.after) - _miss_law(one.before)) for one in ended),
        fewer_late=sum(bool(_miss_law(one.before) - _miss_law(one.after)) for one in ended),
        kept=tuple(_list_kept((before, after), ended)),
        earlier=_find_days(ended, -1),
        later=_find_days(ended, 1),
        reminders=_count(ended, titles, lambda tally: tally.reminders),
        escalations=_count(ended, titles, lambda tally: tally.escalations),
        messages=_count(ended, messages, lambda tally: tally.messages),
        items=_count(ended, roles, lambda tally: tally.items),
        rounds=_count(ended, titles, lambda tally: tally.rounds),
        stopped=tuple(_list_stopped((one for one in every if one.fate == "stopped"), titles, after)),
        otherwise=tuple(_list_stopped((one for one in every if one.fate == "otherwise"), titles, after)),
        misfits=tuple(_list_misfits(said, titles)),
        assumed=tuple(_list_assumed(said, after)),
        not_said=tuple(_list_not_said(every)),
    )


def _count(
    ended: Collection[Compared], titles: Mapping[str, str], of: Callable[[Tally], Mapping[str, int]]
) -> tuple[Count, ...]:
    """Return how often what is counted comes by both plans, what is the same left out."""
    totals: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
    for one in ended:
        for total, tally in zip(totals, (one.before, one.after), strict=True):
            total.update(of(tally) if tally else {})
    old, new = totals
    return tuple(
        Count(id=name, title=titles.get(name, name), before=old[name], after=new[name])
        for name in sorted({*old, *new})
        if old[name] != new[name]
    )


def _list_kept(plans: tuple[Plan, Plan], ended: Collection[Compared]) -> Iterator[Kept]:
    """Yield the days that are not kept by one of the plans, those of the law first."""
    titles = {one.id: (one.title, bool(one.law)) for plan in plans for one in plan.deadlines}
    titles |= {f"phase:{one.id}": (one.title, False) for plan in plans for one in plan.phases}
    places = {name: place for place, name in enumerate(titles)}
    late: list[tuple[Compared, set[str], set[str]]] = [
        (one, _list_late(one.before), _list_late(one.after)) for one in ended
    ]
    names = {name for _, old, new in late for name in (*old, *new)}
    for name in sorted(names, key=lambda one: (not titles[one][1], places[one])):
        more = [one for one, old, new in late if name in new and name not in old]
        fewer = sum(name in old and name not in new for _, old, new in late)
        if not more and not fewer:
            continue
        yield Kept(
            id=name,
            title=titles[name][0],
            law=titles[name][1],
            before=sum(name in old for _, old, _ in late),
            after=sum(name in new for _, _, new in late),
            more=len(more),
            fewer=fewer,
            periods=tuple(sorted(Counter(one.period for one in more).items())),
            ids=_name(more),
        )


def _miss_law(tally: Tally | None) -> set[str]:
    return {one.of for one in tally.late if one.law} if tally else set()


def _list_late(tally: Tally | None) -> set[str]:
    return {one.of for one in tally.late} if tally else set()


def _find_days(ended: Collection[Compared], sign: int) -> Days | None:
    days = []
    for one in ended:
        if one.before and one.after and one.before.on and one.after.on:
            later = (one.after.on - one.before.on).days * sign
            days += [later] if later > 0 else []
    return Days(filings=len(days), median=round(median(days)), most=max(days)) if days else None


def _list_stopped(found: Iterable[Compared], titles: Mapping[str, str], after: Plan) -> Iterator[Stopped]:
    groups: defaultdict[tuple[str, str], list[Compared]] = defaultdict(list)
    for one in found:
        where = one.after.ended if one.after and one.after.ended else ", ".join(one.stands)
        groups[where, one.before.ended if one.before else ""].append(one)
    names = {**titles, **{one.id: one.title for one in after.ends}}
    for (where, was), them in sorted(groups.items(), key=lambda one: -len(one[1])):
        texts = Counter(
            misfit.text for one in them for misfit in one.misfits if misfit.why == "refused" and misfit.text
        )
        yield Stopped(
            where=", ".join(names.get(name, name) for name in where.split(", ")),
            was=names.get(was, was),
            filings=len(them),
            why=tuple(text for text, _ in texts.most_common(3)),
            ids=_name(them),
        )


def _list_misfits(said: Iterable[Compared], titles: Mapping[str, str]) -> Iterator[Misfits]:
    """Yield the acts that no longer fit, those of one kind, phase and reason together, the most first."""
    acts: Counter[tuple[str, str, Unfit, str]] = Counter()
    filings: Counter[tuple[str, str, Unfit, str]] = Counter()
    texts: dict[tuple[str, str, Unfit, str], str] = {}
    for one in said:
        keys = [(misfit.kind, misfit.phase, misfit.why, misfit.code) for misfit in one.misfits]
        acts.update(keys)
        filings.update(set(keys))
        texts |= {key: misfit.text for key, misfit in zip(keys, one.misfits, strict=True)}
    for key, number in acts.most_common():
        kind, phase, why, code = key
        yield Misfits(
            act=kind,
            phase=phase,
            title=titles.get(phase, phase),
            why=why,
            code=code,
            text=texts[key],
            acts=number,
            filings=filings[key],
        )


def _list_assumed(said: Iterable[Compared], after: Plan) -> Iterator[Assumed]:
    titles = {one.id: one.title for one in after.phases} | {one.id: one.title for one in after.roles}
    titles |= {f"{one.id}.{point.id}": point.title for one in after.phases for point in one.checkpoints}
    for (kind, item), number in Counter(one for each in said for one in each.assumed).most_common():
        yield Assumed(kind=kind, item=item, title=titles.get(item, item), acts=number)


def _list_not_said(every: Iterable[Compared]) -> Iterator[NotSaid]:
    groups: defaultdict[str, list[Compared]] = defaultdict(list)
    for one in every:
        if one.fate in ("inconclusive", "not_reproduced"):
            groups[one.why].append(one)
    for code, them in sorted(groups.items(), key=lambda one: -len(one[1])):
        yield NotSaid(code=code, filings=len(them), ids=_name(them))


def _name(them: Collection[Compared]) -> tuple[str, ...]:
    return tuple(sorted(one.id for one in them)[:MOST_NAMED])
