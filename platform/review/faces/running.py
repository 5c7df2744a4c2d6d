"""What a change means for what runs, in sentences that every face shows."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..calendar import say_weekday
from ..running import (
    OUTCOMES,
    DayMoved,
    Group,
    JudgedFiling,
    Outcome,
    Runs,
    TemplateRuns,
    group_filings,
    say_lacking,
)
from ..saying import count, join, quote

HEADING = "Running filings (lopende opdrachten)"
MOST_NAMED = 50
"""Filings or relations that are named below one sentence; JSON has all."""
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
    return ", ".join(said) or "nothing runs"


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
    return "; ".join((said, *(f"{one[:1].lower()}{one[1:].rstrip('.')}" for one in runs.not_judged)))


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
        choice = f" A move keeps it with --keep {phase}.{item}." if what == "automation" else ""
        yield f"{said[:1].upper()}{said[1:]}: {example}{more}.{choice}"


def say_more(told: Told) -> str:
    """Say how many are not named; nothing where all are."""
    return f" and {told.more} more, which JSON names" if told.more else ""
