"""Sample filings: the dates that the date rules of a template give, over three years of periods.

For checks at compile time. Only weekends are skipped when working days are counted: holidays differ by
calendar and office, and a check that depends on them would not be certain.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice, product
from typing import Literal

from ..data import replace
from ..days import apply_date_rule
from ..period import Period, PeriodKind
from ..plan import DateRule
from .language import dates
from .language.phases import Phase, WorkChase
from .language.workflow import Workflow
from .logic import Logic
from .lower import date_rule
from .walks import Chased

FIRST_YEAR, YEARS = 2027, 3
MAX_CHOICES = 32


@dataclass(frozen=True)
class Sample:
    """One period with the dates of its anchors: the start of the filing and the deadlines."""

    period: Period
    anchors: Mapping[str, date]
    rules: dict[int, DateRule | None] = field(default_factory=dict, repr=False, compare=False)
    """The rules as the plan has them, by identity: worked out once for the samples of a template."""
    days: dict[int, date | None] = field(default_factory=dict, repr=False, compare=False)
    """The dates that they give here."""
    starts: list[date | None] = field(default_factory=list, repr=False, compare=False)
    """The first day on which each stage can begin, by the dates of those before it; filled when asked."""

    def day(self, rule: dates.DateRule) -> date | None:
        """Return the date that a rule gives, or None when its anchor has no date."""
        key = id(rule)
        if key not in self.days:
            self.days[key] = self._find_day(rule)
        return self.days[key]

    def _find_day(self, rule: dates.DateRule) -> date | None:
        if id(rule) not in self.rules:
            self.rules[id(rule)] = _lower(rule)
        lowered = self.rules[id(rule)]
        anchor = self.anchors.get(lowered.anchor) if lowered else None
        if lowered is None or anchor is None:
            return None
        return _count(anchor, lowered.months, lowered.day, lowered.weeks, lowered.days, lowered.workdays)

    def find_start(self, phase: Phase, template: Workflow) -> date | None:
        """Return the first day on which a phase can begin, as far as first days tell; None where none does.

        The first day of a phase that can be skipped keeps nobody from those after it.
        """
        if not self.starts:
            latest = self.anchors.get("filing.start")
            for stage in template.groups:
                self.starts.append(latest)
                latest = _latest(latest, *self._list_first_days(stage))
        before = self.starts[template.stage_of[phase.id]]
        return _latest(before, *self._list_first_days([phase]))

    def _list_first_days(self, phases: Iterable[Phase]) -> list[date | None]:
        return [self.day(one.not_before) for one in phases if one.not_before and not one.condition]

    def find_escalation(self, chased: Chased) -> date | None:
        """Return the day on which something escalates; None where it does not, or the day is unknown."""
        escalation = chased.escalation
        if not isinstance(escalation, WorkChase):
            return self.day(escalation) if escalation else None
        target = self.day(chased.phase.due) if chased.phase.due else None
        return _count(target, 0, None, 0, 0, escalation.workdays) if target else None


@dataclass(frozen=True)
class Case:
    """Similar filings: one kind of period and one alternative for each deadline."""

    kind: PeriodKind
    samples: tuple[Sample, ...]


def cases(template: Workflow, logic: Logic) -> Iterator[Case]:
    """Yield every kind of period with every combination of alternatives that is possible in it."""
    rules: dict[int, DateRule | None] = {}
    for kind in logic.kinds:
        options = [_list_choices(deadline, logic, kind) for deadline in template.deadlines]
        for choices in islice(product(*options), MAX_CHOICES):
            applying = [
                deadline for deadline, choice in zip(template.deadlines, choices, strict=True) if choice
            ]
            if logic.possible(*applying, *(choice for choice in choices if choice), kind=kind):
                samples = tuple(_make_sample(template, period, choices, rules) for period in _periods(kind))
                yield Case(kind, samples)


def find_case(is_so: Callable[[Sample], bool], alike: Iterable[Case]) -> Sample | None:
    """Return the first sample of which something is so, or None.

    Holidays are left out of samples: they only make what counts back earlier and what counts on later, so
    what is late here is late in every office.
    """
    return next((sample for case in alike for sample in case.samples if is_so(sample)), None)


def _list_choices(deadline: dates.Deadline, logic: Logic, kind: PeriodKind) -> list[dates.DueChoice | None]:
    """Return the alternatives that a deadline can have; None where it can be that it does not apply."""
    choices: list[dates.DueChoice | None] = []
    for choice in deadline.due:
        if logic.possible(choice, kind=kind):
            choices.append(choice)
        if choice.condition is None:
            break
    choices = choices or [*deadline.due[:1]]
    return [*choices, None] if deadline.condition else choices


def _make_sample(
    template: Workflow,
    period: Period,
    choices: tuple[dates.DueChoice | None, ...],
    rules: dict[int, DateRule | None],
) -> Sample:
    anchors = {
        "period.start": period.start,
        "period.end": period.end,
        "period.year_end": date(period.end.year, 12, 31),
    }
    sample = Sample(period, anchors, rules)
    created = sample.day(template.created)
    if created and template.start == "at_creation":
        anchors["filing.start"] = created
    for deadline, choice in zip(template.deadlines, choices, strict=True):
        if choice is None:
            continue
        latest = sample.day(deadline.latest) if deadline.latest else None
        day = min((day for day in (sample.day(choice), latest) if day), default=None)
        if day is not None and deadline.intact("due", "latest"):
            anchors[f"deadlines.{deadline.id}"] = day
    sample.days.clear()  # what counts from an anchor that was not there yet has a date now
    return sample


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day), default=None)


@lru_cache(maxsize=32_768)
def _count(
    anchor: date, months: int, day: int | Literal["last"] | None, weeks: int, days: int, workdays: int
) -> date:
    """Return the day that lies so far from an anchor: templates count the same spans over the same years."""
    rule = DateRule(anchor="", months=months, day=day, weeks=weeks, days=days, workdays=workdays)
    return apply_date_rule(rule, anchor, ())


@lru_cache(maxsize=8)
def _periods(kind: PeriodKind) -> tuple[Period, ...]:
    """Return all periods of a kind; of those of no fixed length, some of any."""
    first, last = date(FIRST_YEAR, 1, 1), date(FIRST_YEAR + YEARS, 1, 1)
    if kind == "none":
        return tuple(Period.beginning(kind, first + timedelta(days=n)) for n in range((last - first).days))
    if kind == "range":
        calendar = (*_periods("month"), *_periods("quarter"), *_periods("year"))
        return tuple(replace(period, kind=kind) for period in calendar)
    periods = list(_follow(Period.beginning(kind, first), last))
    if kind == "book_year":
        periods += _follow(Period.beginning(kind, date(FIRST_YEAR, 7, 1)), last)
        periods.append(Period(kind=kind, start=date(FIRST_YEAR, 10, 1), end=date(FIRST_YEAR + 1, 12, 31)))
    return tuple(periods)


def _follow(period: Period, last: date) -> Iterator[Period]:
    while period.start < last:
        yield period
        period = period.next()


def _lower(rule: dates.DateRule) -> DateRule | None:
    one = len([anchor for anchor in (rule.after, rule.before, rule.month_of) if anchor]) == 1
    return date_rule(rule) if one and rule.sound else None
