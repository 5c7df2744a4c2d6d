"""Sample filings: the dates that the date rules of a template give, over three years of periods.

For checks at compile time. Only weekends are skipped when working days are counted: holidays differ by
calendar and office, and a check that depends on them would not be certain.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice, product
from typing import Literal, NamedTuple

from ..data import replace
from ..days import apply_date_rule
from ..period import Period, PeriodKind
from ..plan import DateRule
from .definitions import Definitions
from .language import dates
from .language.phases import Phase, WorkChase
from .language.workflow import Workflow
from .logic import Logic
from .lower import date_rule
from .walks import Chased, dated_rules

FIRST_YEAR, YEARS = 2027, 3
MAX_CHOICES, MAX_ALTERNATIVES = 32, 2000
"""Combinations of alternatives that are looked at, and alternatives in all of them together."""
MAX_DAYS = 300_000
"""Days that are counted for a case; of a template with thousands of dates fewer periods are looked at."""


@dataclass(frozen=True, eq=False)
class Days:
    """A day in each sample of a case, in order. The same rule from the same days is the same object."""

    each: tuple[date, ...]


@dataclass(eq=False)
class Case:
    """Similar filings, the samples: those of one kind of period, with one alternative for each deadline."""

    kind: PeriodKind
    periods: tuple[Period, ...]
    """The period of each sample."""
    anchors: dict[str, Days]
    """The start of the filing, where it is known, and the deadlines; what has no date is not among them."""
    first: Days | None
    """The day of creation: no filing starts before it, and one that somebody starts by hand does so later."""
    _rules: dict[int, DateRule | None] = field(repr=False)
    """The rules as the plan has them, by identity: worked out once for the cases of a template."""
    _days: dict[int, Days | None] = field(default_factory=dict, repr=False)
    _starts: dict[str, Days | None] = field(default_factory=dict, repr=False)
    _opens: dict[int, Days | None] = field(default_factory=dict, repr=False)

    def days(self, rule: dates.DateRule | None) -> Days | None:
        """Return the dates that a rule gives, or None when there is none or its anchor has no date."""
        if rule is None:
            return None
        key = id(rule)
        if key not in self._days:
            self._days[key] = self._count(rule)
        return self._days[key]

    def _count(self, rule: dates.DateRule) -> Days | None:
        if id(rule) not in self._rules:
            self._rules[id(rule)] = _lower(rule)
        lowered = self._rules[id(rule)]
        anchor = self.anchors.get(lowered.anchor) if lowered else None
        if lowered is None or anchor is None:
            return None
        return count(anchor, lowered.months, lowered.day, lowered.weeks, lowered.days, lowered.workdays)

    def starts(self, phase: Phase, template: Workflow) -> Days | None:
        """Return the first days on which a phase can begin, as far as first days tell; None where none does.

        The first day of a phase that can be skipped keeps nobody from those after it.
        """
        if not self._starts:
            here, sure = self.first, _list_sure(template)
            for stage in template.groups:
                first = {one.id: self._open(one.not_before, sure) for one in stage}
                self._opens |= {id(one.not_before): first[one.id] for one in stage}
                for one in stage:
                    self._starts[one.id] = latest(here, None if one.condition else first[one.id])
                here = latest(*(self._starts[one.id] for one in stage))
        return self._starts[phase.id]

    def opens(self, rule: dates.DateRule, phase: Phase, template: Workflow) -> Days | None:
        """Return the dates until which a phase is held up; those from the end of another at their earliest.

        A phase ends no sooner than it can begin. One that can be passed over may never end.
        """
        self.starts(phase, template)
        if id(rule) not in self._opens:
            self._opens[id(rule)] = self._open(rule, _list_sure(template))
        return self._opens[id(rule)]

    def _open(self, rule: dates.DateRule | None, sure: Collection[str]) -> Days | None:
        phase = str(rule.after).removeprefix("phases.") if rule is not None and rule.after else ""
        begun = self._starts.get(phase) if phase in sure and str(rule and rule.after) != phase else None
        lowered = _lower(rule) if rule is not None else None
        if begun is None or lowered is None:
            return self.days(rule)
        return count(begun, lowered.months, lowered.day, lowered.weeks, lowered.days, lowered.workdays)

    def escalations(self, chased: Chased) -> Days | None:
        """Return the days on which something escalates; None where it does not, or they are unknown."""
        escalation = chased.escalation
        if not isinstance(escalation, WorkChase):
            return self.days(escalation)
        targets = self.days(chased.phase.due)
        return count(targets, workdays=escalation.workdays) if targets else None


class Sample(NamedTuple):
    """One filing of a case, by its place among them."""

    case: Case
    place: int

    @property
    def period(self) -> Period:
        """Return its period."""
        return self.case.periods[self.place]

    def day(self, rule: dates.DateRule) -> date | None:
        """Return the date that a rule gives in it."""
        return self.pick(self.case.days(rule))

    def pick(self, days: Days | None) -> date | None:
        """Return its day among those of the case."""
        return days.each[self.place] if days else None


def _list_sure(template: Workflow) -> frozenset[str]:
    """Return the phases that are done in every filing that comes past them."""
    places = {one.id: place for place, stage in enumerate(template.groups) for one in stage}
    passed = {one.id for one in template.phases if one.condition}
    for phase in template.phases:
        given_up = phase.wait.chase.give_up if phase.wait and phase.wait.chase else None
        for then in (*(one.then for one in phase.outcomes), given_up.then if given_up else None):
            between = range(places[phase.id] + 1, places.get(str(then), 0))
            passed |= {one.id for place in between for one in template.groups[place]}
    return frozenset(places) - passed


def latest(*columns: Days | None) -> Days | None:
    """Return the last of some days in each sample; what has no date is left out."""
    return _merge(max, _list_known(columns))


def earliest(*columns: Days | None) -> Days | None:
    """Return the first of some days in each sample; what has no date is left out."""
    return _merge(min, _list_known(columns))


def _list_known(columns: Sequence[Days | None]) -> tuple[Days, ...]:
    known = [one for one in columns if one is not None]
    return tuple(dict.fromkeys(known) if len(known) > 1 else known)


def _merge(pick: Callable[..., date], known: tuple[Days, ...]) -> Days | None:
    """Return the days that are picked in each sample."""
    if len(known) < 2:
        return known[0] if known else None
    return _pick_each(pick, known)


@lru_cache(maxsize=4096)
def _pick_each(pick: Callable[..., date], known: tuple[Days, ...]) -> Days:
    """Return the days that are picked in each sample; worked out once, since templates share their days."""
    return Days(tuple(map(pick, *(one.each for one in known))))


def list_cases(definitions: Definitions, template: Workflow) -> list[Case]:
    """Return the cases of a template, made once for all checks."""
    return definitions.keep(
        ("cases", id(template)), lambda: list(cases(template, Logic(definitions, template)))
    )


def cases(template: Workflow, logic: Logic) -> Iterator[Case]:
    """Yield every kind of period with every combination of alternatives that is possible in it."""
    rules: dict[int, DateRule | None] = {}
    most = MAX_DAYS // (1 + sum(1 for _ in dated_rules(template)) + len(template.phases))
    combinations = min(MAX_CHOICES, 1 + MAX_ALTERNATIVES // (1 + len(template.deadlines)))
    for kind in logic.kinds:
        periods = _periods(kind)[: max(1, most)]
        options = [_list_choices(deadline, logic, kind) for deadline in template.deadlines]
        for choices in islice(product(*options), combinations):
            applying = [
                deadline for deadline, choice in zip(template.deadlines, choices, strict=True) if choice
            ]
            if logic.possible(*applying, *(choice for choice in choices if choice), kind=kind):
                yield _make_case(template, kind, periods, choices, rules)


def find_case(is_so: Callable[[Case], Sequence[bool]], alike: Iterable[Case]) -> Sample | None:
    """Return the first sample of which something is so, or None.

    Holidays are left out of samples: they only make what counts back earlier and what counts on later, so
    what is late here is late in every office.
    """
    for case in alike:
        said = is_so(case)
        if True in said:
            return Sample(case, said.index(True))
    return None


@lru_cache(maxsize=1024)
def compare(is_so: Callable[[date, date], bool], first: Days | None, second: Days | None) -> tuple[bool, ...]:
    """Say of each sample whether something is so of two of its days; nothing where one of them is unknown.

    Many cases of a template have the same days, so each two are compared once.
    """
    return tuple(map(is_so, first.each, second.each)) if first and second else ()


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


def _make_case(
    template: Workflow,
    kind: PeriodKind,
    periods: tuple[Period, ...],
    choices: tuple[dates.DueChoice | None, ...],
    rules: dict[int, DateRule | None],
) -> Case:
    case = Case(kind, periods, {**_list_anchors(kind, len(periods))}, None, rules)
    case.first = case.days(template.created)
    if case.first and template.start == "at_creation":
        case.anchors["filing.start"] = case.first
    for deadline, choice in zip(template.deadlines, choices, strict=True):
        if choice is None:
            continue
        due = earliest(case.days(choice), case.days(deadline.latest))
        if due is not None and deadline.intact("due", "latest"):
            case.anchors[f"deadlines.{deadline.id}"] = due
    case._days.clear()  # what counts from an anchor that was not there yet has a date now
    return case


@lru_cache(maxsize=32)
def _list_anchors(kind: PeriodKind, most: int) -> Mapping[str, Days]:
    """Return the anchors that every filing has."""
    periods = _periods(kind)[:most]
    return {
        "period.start": Days(tuple(period.start for period in periods)),
        "period.end": Days(tuple(period.end for period in periods)),
        "period.year_end": Days(tuple(date(period.end.year, 12, 31) for period in periods)),
    }


@lru_cache(maxsize=1024)
def count(
    anchor: Days,
    months: int = 0,
    day: int | Literal["last"] | None = None,
    weeks: int = 0,
    days: int = 0,
    workdays: int = 0,
) -> Days | None:
    """Return the days that lie so far from others, or None where that is beyond what a date can be.

    Templates count the same spans over the same years, so each is counted once.
    """
    span = timedelta(weeks=weeks, days=days)
    try:
        if months or day or workdays:
            return Days(tuple([_count(one, months, day, weeks, days, workdays) for one in anchor.each]))
        return Days(tuple([one + span for one in anchor.each])) if span else anchor
    except (OverflowError, ValueError):
        return None


@lru_cache(maxsize=32_768)
def _count(
    anchor: date, months: int, day: int | Literal["last"] | None, weeks: int, days: int, workdays: int
) -> date:
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
