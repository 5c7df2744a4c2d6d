"""What a change means for what runs, in sentences that every face shows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from ..calendar import say_weekday
from ..runs import (
    OUTCOMES,
    DayMoved,
    Group,
    JudgedFiling,
    Outcome,
    Runs,
    TemplateRuns,
    WorkChanged,
    WorkGoes,
    group_filings,
    say_lacking,
)
from ..saying import count, join, quote

HEADING = "Running filings (lopende opdrachten)"
MOST_NAMED = 50
"""Filings or relations that are named below one sentence; JSON has all."""
MOST_WORK = 20
"""Sentences about open work below one verdict."""
MOST_WORDS = 80
"""Characters of a line of text or form that are shown; the diff itself has texts word by word."""
SAID: dict[Outcome, tuple[str, str]] = {
    "moves": ("moves now", "move now"),
    "later": ("moves at its next safe point", "move at their next safe point"),
    "stays": ("stays on its plan", "stay on their plan"),
    "cannot": ("cannot move", "cannot move"),
    "inconclusive": ("could not be judged", "could not be judged"),
}
COMING = {
    "enter": "the phase begins",
    "automation": "what happens by itself",
    "awaited": "the day that is waited for",
    "give_up": "waiting ends",
    "escalate": "somebody else is brought in",
    "remind": "a reminder",
    "deliver": "the first day of delivering",
    "missed": "the deadline",
    "resume": "it is resumed",
}
"""What comes on a waiting date, by the machine's word."""


class Told(NamedTuple):
    """A sentence on what runs, with what is shown below it when somebody asks.

    `names` are the filings or relations that it is about, `more` how many more there are.
    """

    sentence: str
    details: tuple[str, ...]
    names: tuple[str, ...]
    more: int

    @property
    def opening(self) -> str:
        """Return how the sentence begins that names them."""
        return "It is" if len(self.names) == 1 else "They are"


def say_counts(counts: dict[Outcome, int]) -> str:
    """Say how many filings got which verdict."""
    said = [f"{counts[one]} {SAID[one][counts[one] != 1]}" for one in OUTCOMES if counts.get(one)]
    return ", ".join(said) or "nothing that runs is of a template that changes"


def say_all_counts(runs: Runs) -> str:
    """Say the day and the verdicts of all templates together, and how many relations would lack something."""
    total: Counter[Outcome] = Counter()
    for one in runs.templates:
        total.update(one.counts)
    stops = [lack for one in runs.templates for lack in one.lacking if lack.level == "must"]
    lacking = {name for lack in stops for name in lack.ids}
    old = " (too old to judge by)" if runs.too_old else ""
    said = f"as of {runs.on.isoformat()}{old}: {say_counts(dict(total))}"
    said += f"; {count(len(lacking), 'relation')} would not be ready" if lacking else ""
    return "; ".join(
        (said, *(f"{one[:1].lower()}{one[1:].rstrip('.')}" for one in (*runs.not_judged, *runs.agreed)))
    )


def tell_running(runs: TemplateRuns) -> Iterator[Told]:
    """Yield what is said of the filings of a template, what cannot move first, then of its relations."""
    for group in group_filings(runs):
        names = tuple(_name(one) for one in group.filings)
        yield _tell(_say_group(runs, group), tuple(_list_details(runs, group)), names)
    for lacking in runs.lacking:
        yield _tell(say_lacking(lacking, runs.title), (), lacking.numbers or lacking.ids)


def _name(one: JudgedFiling) -> str:
    """Return how people write a filing's id, or its invented one."""
    return (one.filing or one.id).removeprefix("filing/").removesuffix("/-/1")


def _tell(sentence: str, details: tuple[str, ...], names: tuple[str, ...]) -> Told:
    return Told(sentence, details, names[:MOST_NAMED], max(len(names) - MOST_NAMED, 0))


def _say_group(runs: TemplateRuns, group: Group) -> str:
    number = len(group.filings)
    places = group.count_phases()
    said = f"{number} {SAID[group.outcome][number != 1]}"
    if group.outcome != "inconclusive":
        where = [_say_place(runs, phases) for phases, _ in places]
        if len(places) > 1:
            where = [f"{many} {place}" for place, (_, many) in zip(where, places, strict=True)]
        said += f", {join(where)}"
    reasons = " ".join(why.text for why in group.reasons)
    return f"{said}: {reasons}" if reasons else f"{said}."


def _say_place(runs: TemplateRuns, phases: tuple[str, ...]) -> str:
    titles = " and ".join(quote(runs.phases.get(name, name)) for name in phases)
    return f"in {titles}" if titles else "in no phase now"


def _list_details(runs: TemplateRuns, group: Group) -> Iterator[str]:
    if group.outcome == "later":
        yield "A move with --when-safe waits for that by itself."
    yield from _list_days(runs, group.filings)
    yield from _list_work(runs, group.filings)
    yield from _list_people(runs, group.filings)
    losses = Counter(loss.text for one in group.filings for loss in one.losses)
    for text, number in losses.most_common():
        yield f"The way back does not bring back, for {number}: {text}"


def _list_days(runs: TemplateRuns, filings: Iterable[JudgedFiling]) -> Iterator[str]:
    """Yield how waiting dates move: for each what comes then, of how many, and the first as an example."""
    found: dict[tuple[str, str, str], list[DayMoved]] = {}
    for one in filings:
        for day in one.dates:
            found.setdefault((day.what, day.phase, day.item), []).append(day)
    for (what, phase, item), days in sorted(found.items()):
        first = min(days, key=lambda day: (day.before or day.after, day.after or day.before))
        said = f"{COMING.get(what, what)} in {quote(runs.phases.get(phase, phase))}"
        example = f"{say_weekday(first.before)} becomes {say_weekday(first.after)}"
        more = f" (the first of {len(days)})" if len(days) > 1 else ""
        name = f"{phase}.{item}"
        choice = (
            f" A move keeps it with --keep {name}, and leaves it out with --drop {name}."
            if what == "automation"
            else ""
        )
        yield f"{said[:1].upper()}{said[1:]}: {example}{more}.{choice}"


def _list_work(runs: TemplateRuns, filings: Iterable[JudgedFiling]) -> Iterator[str]:
    """Yield what becomes otherwise of open work: of how many, days by the first of them as an example."""
    found: dict[tuple[str, ...], list[WorkChanged]] = {}
    for one in filings:
        for work in one.work:
            sides = () if work.what == "due" else (work.before or "", work.after or "")
            found.setdefault((work.phase, work.title, work.what, *sides), []).append(work)
    for number, (_, them) in enumerate(sorted(found.items())):
        if number == MOST_WORK:
            yield f"And {count(len(found) - MOST_WORK, 'more change')} of open work, which JSON has."
            return
        first = min(them, key=lambda work: (work.before or "", work.after or ""))
        yield f"{_name_work(runs, first, len(them))}: {_say_work(first, len(them))}."


def _list_people(runs: TemplateRuns, filings: Iterable[JudgedFiling]) -> Iterator[str]:
    """Yield who has open work today and who would have it, of how many; the most first."""
    found = Counter(work for one in filings for work in one.people)
    for work, number in found.most_common(MOST_WORK):
        had, has = (join(names) or "nobody" for names in (work.before, work.after))
        verb = "have" if len(work.before) > 1 else "has"
        yield f"{_name_work(runs, work, number)}: {had} {verb} it today, {has} would."
    if len(found) > MOST_WORK:
        yield f"And {count(len(found) - MOST_WORK, 'more change')} of whose work it is, which JSON has."


def _name_work(runs: TemplateRuns, work: WorkChanged | WorkGoes, number: int) -> str:
    many = f", of {number}" if number > 1 else ""
    place = quote(runs.phases.get(work.phase, work.phase))
    about = place if work.title == place[1:-1] else f"{quote(work.title)} in {place}"
    return f"Open work {about}{many}"


def _say_work(work: WorkChanged, number: int) -> str:
    left, right = work.before, work.after
    match work.what:
        case "new":
            return f"comes, for {right}"
        case "gone":
            return f"goes, from {left}"
        case "title":
            return f"was called {quote(left or '')}"
        case "whose":
            return f"goes from {left} to {right}" if left != right else f"stays with {left}, others of them"
        case "due":
            days = (say_weekday(date.fromisoformat(day) if day else None) for day in (left, right))
            return f"due {' becomes '.join(days)}{' (the first)' if number > 1 else ''}"
        case "text":
            return f"what the client is written about it differs{_say_sides(left, right)}"
        case "form":
            return f"what is asked differs{_say_sides(left, right)}"


def _say_sides(left: str | None, right: str | None) -> str:
    if left is None and right is None:
        return ""
    was, now = (quote(_cut(side)) if side else "nothing" for side in (left, right))
    return f", first {was} becomes {now}"


def _cut(text: str) -> str:
    return text if len(text) <= MOST_WORDS else f"{text[:MOST_WORDS].rstrip()} …"


def say_more(told: Told) -> str:
    """Say how many are not named; nothing where all are."""
    return f" and {told.more} more, which JSON names" if told.more else ""
