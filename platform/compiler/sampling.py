"""Sample filings: the dates that the date rules of a template give, over three years of periods.

What hangs on a day that no period tells (a fact, the end of a phase, the start by hand) is counted from every
such day of two years, by itself: two dates that hang on the same day can be compared, whatever that day is.

For checks at compile time. Only weekends are skipped when working days are counted: holidays differ by
calendar and office, and a check that depends on them would not be certain.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from itertools import islice, product, takewhile
from operator import gt
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
from .walks import Chased, Conditional, dated_rules

FIRST_YEAR, YEARS = 2027, 3
MAX_CHOICES, MAX_ALTERNATIVES = 32, 2000
"""Combinations of alternatives that are looked at, and alternatives in all of them together."""
MAX_DAYS = 300_000
"""Days that are counted for a case; of a template with thousands of dates fewer periods are looked at."""
MAX_ANCHORED = 20_000
"""Dates and phases that are looked at, of all anchors that no period tells together."""


@dataclass(frozen=True, eq=False)
class Days:
    """A day in each sample of a case, in order. The same rule from the same days is the same object."""

    each: tuple[date, ...]


@dataclass(eq=False)
class Case:
    """Similar filings, the samples, with one alternative for each deadline.

    They are those of one kind of period; or of any, of which only the day of one anchor is known.
    """

    kind: PeriodKind | None
    periods: tuple[Period, ...]
    """The period of each sample; none where they are of days of `anchor`."""
    anchors: dict[str, Days]
    """The start of the filing, where it is known, and the deadlines; what has no date is not among them."""
    choices: tuple[tuple[dates.Deadline, dates.DueChoice], ...]
    """The deadlines that apply, each with its alternative."""
    first: Days | None
    """The day of creation: no filing starts before it, and one that somebody starts by hand does so later."""
    logic: Logic = field(repr=False)
    _sure: Collection[str] = field(repr=False)
    """The phases that are done in every filing that comes past them."""
    _rules: dict[int, DateRule | None] = field(repr=False)
    """The rules as the plan has them, by identity: worked out once for the cases of a template."""
    _days: dict[int, Days | None] = field(default_factory=dict, repr=False)
    _starts: dict[str, Days | None] = field(default_factory=dict, repr=False)
    _opens: dict[int, Days | None] = field(default_factory=dict, repr=False)
    anchor: str = ""
    """The anchor whose days the samples are, where they are not of periods."""
    after: str = ""
    """The phase that is over on the day of the anchor, of a fact the first that records it."""

    @property
    def is_term(self) -> bool:
        """Whether phases are taken to begin on the day of a fact: rarely it is recorded ahead of its day."""
        return self.anchor.startswith("facts.")

    def is_possible(self, *owners: Conditional) -> bool:
        """Say whether all of these can apply in a filing of this case; not where a condition is invalid."""
        held = [*owners, *(one for choice in self.choices for one in choice)]
        refused = [
            earlier
            for deadline, choice in self.choices
            for earlier in takewhile(lambda one: one is not choice, deadline.due)  # noqa: B023
        ]
        if not self.logic.is_clear(*held, *refused):
            return False
        return self.logic.possible_without(held, refused, self.kind)

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

    def find_counted(self, rule: dates.DateRule) -> str | None:
        """Return what a rule counts days, weeks or working days from, also by deadlines of the office's own.

        None where it picks a day or counts months, of which one is longer than another. A deadline that does
        so itself, or is by law, is what is counted from.
        """
        chosen = {f"deadlines.{deadline.id}": (deadline, choice) for deadline, choice in self.choices}
        if rule.day is not None or rule.months is not None:
            return None
        seen: set[str] = set()
        while (anchor := _anchor(rule)) not in seen:
            deadline, choice = chosen.get(anchor, (None, None))
            if deadline is None or choice is None or deadline.law or deadline.latest:
                return anchor
            if choice.day is not None or choice.months is not None:
                return anchor
            seen.add(anchor)
            rule = choice
        return None

    def starts(self, phase: Phase, template: Workflow) -> Days | None:
        """Return the first days on which a phase can begin, as far as first days tell; None where none does.

        The first day of a phase that can be skipped keeps nobody from those after it.
        """
        if not self._starts:
            here, sure = self.first, self._sure
            for stage in template.groups:
                if self.is_term and any(one.id == self.after for one in stage if one.id):
                    here = self.anchors[self.anchor]
                first = {one.id: self._open(one.not_before, sure) for one in stage}
                self._opens |= {id(one.not_before): first[one.id] for one in stage}
                for one in stage:
                    self._starts[one.id] = latest(here, None if one.condition else first[one.id])
                here = latest(*(self._starts[one.id] for one in stage))
                if not self.is_term and any(one.id == self.after for one in stage if one.id):
                    here = latest(here, self.anchors[self.anchor])
        return self._starts[phase.id]

    def opens(self, rule: dates.DateRule, phase: Phase, template: Workflow) -> Days | None:
        """Return the dates until which a phase is held up; those from the end of another at their earliest.

        A phase ends no sooner than it can begin. One that can be passed over may never end.
        """
        self.starts(phase, template)
        if id(rule) not in self._opens:
            self._opens[id(rule)] = self._open(rule, self._sure)
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
    def when(self) -> str:
        """Return of which filing it is, in words: for 2027-01, or when a fact has that day.

        What the alternatives of its deadlines ask is told too.
        """
        asked = dict.fromkeys(
            " ".join(one.condition.split()) for _, one in self.case.choices if one.condition
        )
        return f"{self._which}, where {' and '.join(asked)}," if asked else self._which

    @property
    def _which(self) -> str:
        anchor, _, name = self.case.anchor.partition(".")
        if not anchor:
            return f"for {self.case.periods[self.place].code}"
        day = self.pick(self.case.anchors[self.case.anchor])
        if anchor == "filing":
            return f"for a start on {day}"
        return f"when '{name}' ends on {day}" if anchor == "phases" else f"when '{name}' is {day}"

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
        ("cases", id(template)), lambda: _list_all(template, Logic(definitions, template))
    )


def _list_all(template: Workflow, logic: Logic) -> list[Case]:
    of_periods = list(cases(template, logic))
    return [*of_periods, *anchored_cases(template, logic, of_periods)] if of_periods else []


def cases(template: Workflow, logic: Logic) -> Iterator[Case]:
    """Yield every kind of period with every combination of alternatives that is possible in it."""
    rules: dict[int, DateRule | None] = {}
    sure = _list_sure(template)
    most = MAX_DAYS // (1 + sum(1 for _ in dated_rules(template)) + len(template.phases))
    combinations = min(MAX_CHOICES, 1 + MAX_ALTERNATIVES // (1 + len(template.deadlines)))
    for kind in logic.kinds:
        periods = _periods(kind)[: max(1, most)]
        options = [_list_choices(deadline, logic, kind) for deadline in template.deadlines]
        for choices in islice(product(*options), combinations):
            applying = _list_applying(template, choices)
            if logic.possible(*applying, *(choice for choice in choices if choice), kind=kind):
                anchors = {**_list_anchors(kind, len(periods))}
                yield _make_case(
                    template, Case(kind, periods, anchors, (), None, logic, sure, rules), choices
                )


def anchored_cases(template: Workflow, logic: Logic, of_periods: Sequence[Case]) -> Iterator[Case]:
    """Yield for each anchor whose day no period tells what hangs on it, with the alternatives that do."""
    used: dict[str, list[dates.DateRule]] = {}
    for dated in dated_rules(template):
        if dated.rule.sound:
            used.setdefault(_anchor(dated.rule), []).append(dated.rule)
    unknown = [one for one in used if one.startswith(("facts.", "phases.")) or one == "filing.start"]
    most = 1 + MAX_ANCHORED // (1 + sum(map(len, used.values())) + len(template.phases))
    rules: dict[int, DateRule | None] = {}
    sure = _list_sure(template) if unknown else frozenset()
    for anchor in unknown[:most]:
        if anchor in of_periods[0].anchors or (anchor.startswith("facts.") and _lies_ahead(anchor, template)):
            continue
        hanging, options = _list_hanging(anchor, template)
        counted = [rule for name in hanging for rule in used.get(name, ())]
        days = _every_day(any(rule.months or rule.day for rule in counted))
        for choices in islice(product(*options), MAX_CHOICES):
            given: tuple[Conditional, ...] = (
                *(choice for choice in choices if choice),
                *_list_applying(template, choices),
            )
            if not any(logic.possible(*given, kind=kind) for kind in logic.kinds):
                continue
            case = Case(None, (), {anchor: days}, (), None, logic, sure, rules, anchor=anchor)
            case.after = _find_after(anchor, template)
            yield _make_case(template, case, choices)


def _anchor(rule: dates.DateRule) -> str:
    return str(getattr(rule, rule.anchor_key))


def _lies_ahead(fact: str, template: Workflow) -> bool:
    """Say whether something comes before the day of a fact, or waits for it: it is recorded ahead."""
    return any(
        _anchor(dated.rule) == fact and (dated.rule.after is None or dated.sort in ("not_before", "awaited"))
        for dated in dated_rules(template)
    )


def _list_hanging(anchor: str, template: Workflow) -> tuple[set[str], list[Sequence[dates.DueChoice | None]]]:
    """Return an anchor with the deadlines that can hang on it, and of each deadline the ways in which."""
    hanging, options = {anchor}, list[Sequence[dates.DueChoice | None]]()
    for deadline in template.deadlines:
        ways = [choice for choice in deadline.due if choice.sound and _anchor(choice) in hanging]
        options.append(_put_plain_first(ways) or (None,))
        if ways:
            hanging.add(f"deadlines.{deadline.id}")
    return hanging, options


def _find_after(anchor: str, template: Workflow) -> str:
    group, _, name = anchor.partition(".")
    if group == "facts":
        return next((one for fact in template.facts if fact.id == name for one in fact.phases), "")
    return name if group == "phases" else ""


def _list_applying(template: Workflow, choices: Sequence[dates.DueChoice | None]) -> Iterator[dates.Deadline]:
    for deadline, choice in zip(template.deadlines, choices, strict=True):
        if choice:
            yield deadline


@lru_cache(maxsize=2)
def _every_day(by_month: bool) -> Days:
    """Return every day of two years; of what counts no months a week, in which every other is repeated."""
    count = (date(FIRST_YEAR + 2, 1, 1) - date(FIRST_YEAR, 1, 1)).days if by_month else 7
    return Days(tuple(date(FIRST_YEAR, 1, 1) + timedelta(days=n) for n in range(count)))


def find_case(
    is_so: Callable[[Case], Sequence[bool]], alike: Iterable[Case], *owners: Conditional
) -> Sample | None:
    """Return the first sample of which something is so, or None; of a case in which all owners can apply.

    Holidays are left out of samples: they only make what counts back earlier and what counts on later, so
    what is late here is late in every office.
    """
    for case in alike:
        said = is_so(case)
        if True in said and (not owners or case.is_possible(*owners)):
            return Sample(case, said.index(True))
    return None


def find_turned(
    first: dates.DateRule, second: dates.DateRule, alike: Iterable[Case], *owners: Conditional
) -> Sample | None:
    """Return the first sample in which a date is after the one that should not come before it, or None.

    Of two lengths from the same day it has to be so of two days in three, where only weekends make them
    differ: two weeks and ten working days are as long but for a day in a weekend.
    """

    def is_turned(case: Case) -> Sequence[bool]:
        said = compare(gt, case.days(first), case.days(second))
        counted = case.find_counted(first)
        from_one_day = counted is not None and counted == case.find_counted(second)
        return () if from_one_day and 3 * sum(said) <= 2 * len(said) else said

    return find_case(is_turned, alike, *owners)


@lru_cache(maxsize=1024)
def compare(is_so: Callable[[date, date], bool], first: Days | None, second: Days | None) -> tuple[bool, ...]:
    """Say of each sample whether something is so of two of its days; nothing where one of them is unknown.

    Many cases of a template have the same days, so each two are compared once.
    """
    return tuple(map(is_so, first.each, second.each)) if first and second else ()


_UNITS = ("months", "weeks", "days", "workdays")


def is_never_before(second: dates.DateRule, first: dates.DateRule) -> bool:
    """Say whether it is clear from the rules alone that a date never comes before another."""
    if _anchor(first) != _anchor(second) or first.day or second.day:
        return False
    signs = [-1 if rule.before else 1 for rule in (first, second)]
    one, other = (
        [(unit, sign * count) for unit in _UNITS if (count := getattr(rule, unit)) is not None]
        for rule, sign in zip((first, second), signs, strict=True)
    )
    return len(one) == len(other) == 1 and one[0][0] == other[0][0] and one[0][1] <= other[0][1]


def _list_choices(deadline: dates.Deadline, logic: Logic, kind: PeriodKind) -> list[dates.DueChoice | None]:
    """Return the alternatives that a deadline can have; None where it can be that it does not apply."""
    choices: list[dates.DueChoice] = []
    for choice in deadline.due:
        if logic.possible(choice, kind=kind):
            choices.append(choice)
        if choice.condition is None or ("period." in choice.condition and logic.always(choice, kind)):
            break
    choices = _put_plain_first(choices or deadline.due[:1])
    return [*choices, *((None,) if deadline.condition else ())]


def _put_plain_first(choices: Iterable[dates.DueChoice]) -> list[dates.DueChoice]:
    """Return alternatives with the one that asks nothing first: most filings have that, so it is told."""
    return sorted(choices, key=lambda one: one.condition is not None)


def _make_case(template: Workflow, case: Case, choices: Sequence[dates.DueChoice | None]) -> Case:
    """Give a case the days of what hangs on its anchors, with these alternatives of the deadlines."""
    case.first = case.anchors.get("filing.start") or case.days(template.created)
    if case.first and template.start == "at_creation":
        case.anchors["filing.start"] = case.first
    case.choices = tuple(
        (one, choice) for one, choice in zip(template.deadlines, choices, strict=True) if choice
    )
    for deadline, choice in case.choices:
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
