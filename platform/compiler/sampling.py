"""Sample filings: the days that a template's date rules come to, over three years of periods.

For checks before anything runs. Only weekends are skipped when working days are counted: holidays differ by
calendar and office, and a check that needs them would not be certain.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice, product

from ..days import counted
from ..period import Period, PeriodKind
from ..plan import DateRule
from .language import dates
from .language.workflow import Workflow
from .logic import Logic
from .lower import date_rule

FIRST_YEAR, YEARS = 2027, 3
MAX_CHOICES = 32


@dataclass(frozen=True)
class Sample:
    """One period, the day its filing is created, and which alternative each deadline takes."""

    period: Period
    anchors: Mapping[str, date]

    def day(self, rule: dates.DateRule) -> date | None:
        """Return the day a rule comes to, or None when its anchor is not known."""
        lowered = _lowered(rule)
        anchor = self.anchors.get(lowered.anchor) if lowered else None
        return counted(lowered, anchor, ()) if lowered and anchor else None


@dataclass(frozen=True)
class Case:
    """Filings that are alike: a kind of period, and the alternatives that the deadlines take."""

    kind: PeriodKind
    samples: tuple[Sample, ...]


def cases(template: Workflow, logic: Logic) -> Iterator[Case]:
    """Yield every kind of period with every set of alternatives that can hold in it together."""
    for kind in logic.kinds:
        options = [_options(deadline, logic, kind) for deadline in template.deadlines]
        for chosen in islice(product(*options), MAX_CHOICES):
            if logic.possible(*chosen, kind=kind):
                samples = tuple(_sample(template, period, chosen) for period in _periods(kind))
                yield Case(kind, samples)


def _options(deadline: dates.Deadline, logic: Logic, kind: PeriodKind) -> list[dates.DueChoice]:
    found: list[dates.DueChoice] = []
    for choice in deadline.due:
        if logic.possible(choice, kind=kind):
            found.append(choice)
        if choice.condition is None:
            break
    return found or deadline.due[:1]


def _sample(template: Workflow, period: Period, chosen: tuple[dates.DueChoice, ...]) -> Sample:
    anchors = {"period.start": period.start, "period.end": period.end}
    sample = Sample(period, anchors)
    created = sample.day(template.created)
    if created and template.start == "at_creation":
        anchors["filing.start"] = created
    for deadline, choice in zip(template.deadlines, chosen, strict=True):
        day = sample.day(choice)
        if day is not None and deadline.intact("due"):
            anchors[f"deadlines.{deadline.id}"] = day
    return sample


@lru_cache(maxsize=8)
def _periods(kind: PeriodKind) -> tuple[Period, ...]:
    periods = [Period.beginning(kind, date(FIRST_YEAR, 1, 1))]
    while periods[-1].next().start.year < FIRST_YEAR + YEARS:
        periods.append(periods[-1].next())
    return tuple(periods)


def _lowered(rule: dates.DateRule) -> DateRule | None:
    one = len([anchor for anchor in (rule.after, rule.before, rule.month_of) if anchor]) == 1
    return date_rule(rule) if one and rule.sound else None
