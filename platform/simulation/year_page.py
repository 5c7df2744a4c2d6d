"""Stories as one HTML page: the phases on a line of time, a calendar of the year, and all that is read.

Of several, as the returns of a year are, each filing is one line instead of its phases.

The page needs nothing from elsewhere and runs no script. It is read on a telephone as on A4, and a mark in
the calendar is a letter, so that nobody has to tell colours apart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ..period import MONTH_NAMES, WEEKDAY_NAMES, in_words
from ..words import describe_state
from .calendar_text import STOPPED_WORDS, about, list_notes_of, say_heading, say_state
from .days import Mark, Row, rows_by_day
from .story import DateLine, Mail, Story

SHORT = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
WEEK = 7
MOST_MONTHS = 15
"""A story over more months shows only those in which something happens."""
MOST_TICKS = 13

LETTERS: dict[Mark, tuple[str, str]] = {
    "deadline": ("T", "Termijn van de wet of het kantoor"),
    "trouble": ("!", "Herinnering hielp niet, geweigerd, teruggestuurd of te laat"),
    "phase": ("F", "Een fase begint"),
    "mail": ("B", "De klant krijgt een bericht"),
    "reminder": ("H", "Herinnering"),
    "client": ("K", "De klant doet iets"),
    "target": ("S", "Streefdatum van een fase"),
}
"""By mark its letter and meaning, in the order in which a day shows them."""


@dataclass(frozen=True)
class Bar:
    """A stretch of time on the line, in percents from the left."""

    left: float
    width: float
    again: bool
    open: bool


@dataclass(frozen=True)
class PhaseLine:
    """A phase, or a filing, on the line of time: its stretches, its target or deadline, the same in words."""

    title: str
    role: str
    when: str
    bars: tuple[Bar, ...]
    target: float | None
    late: bool
    deadlines: tuple[float, ...] = ()


@dataclass(frozen=True)
class DayCell:
    """A day of a month in the calendar; None for the days of another month that fill its first week."""

    day: date | None
    free: bool
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Month:
    """A month of the calendar, week by week from Monday."""

    title: str
    cells: tuple[DayCell, ...]


def render_page(*stories: Story) -> str:
    """Return the page of stories of one template. The same stories give the same characters."""
    days = rows_by_day(*stories)
    scale = _Scale.over(stories, days)
    mails = [mail for story in stories for mail in _read_by_client(story)]
    places = {id(mail): number for number, mail in enumerate(mails, 1)}
    alone = len(stories) == 1
    lines = _phase_lines(stories[0], scale) if alone else (_filing_line(one, scale) for one in stories)
    return (
        _environment()
        .get_template("year.html.j2")
        .render(
            heading=say_heading(stories),
            about=about(stories[0]),
            notes=list_notes_of(stories),
            states=[f"{STOPPED_WORDS[one.stopped]} {say_state(one)}" for one in stories] if alone else [],
            alone=alone,
            ticks=[*scale.ticks()],
            deadlines=[
                ("" if alone else f"{story.start.period.words}: ", one.title, one.law, in_words(one.day))
                for story in stories
                for one in _list_deadlines(story)
                if one.day
            ],
            phases=[*lines],
            months=[*_months(stories, days)],
            letters=LETTERS,
            days=days,
            mails=mails,
            number_of=lambda mail: places.get(id(mail)),
            day_words=lambda day: f"{WEEKDAY_NAMES[day.weekday()]} {in_words(day)}",
        )
    )


def _read_by_client(story: Story) -> list[Mail]:
    return [mail for mail in story.mails if mail.audience == "client" and mail.purpose != "note"]


def _list_deadlines(story: Story) -> list[DateLine]:
    return [one for one in story.current_dates if one.kind == "deadline" and one.day]


def _filing_line(story: Story, scale: "_Scale") -> PhaseLine:
    """Return a whole filing on the line of time: from its start until it ended, or where it stands."""
    since, now = story.start.start_date, story.now.date()
    ended = now if story.view.ended else None
    deadlines = [one.day for one in _list_deadlines(story) if one.day]
    left = scale.place(since)
    return PhaseLine(
        title=story.start.period.words,
        role=describe_state(story.view.planner, story.view.ended),
        when=_say_when([(since, ended)], None),
        bars=(Bar(left, round(scale.place(now + timedelta(1)) - left, 2), again=False, open=ended is None),),
        target=None,
        late=False,
        deadlines=tuple(scale.place(day) for day in deadlines),
    )


@dataclass(frozen=True)
class _Scale:
    """The line of time: its first and its last day."""

    first: date
    last: date

    @classmethod
    def over(cls, stories: tuple[Story, ...], days: dict[date, list[Row]]) -> "_Scale":
        """Return the whole months over which something happens."""
        now = stories[0].now.date()
        first, last = min(days, default=now), max(days, default=now)
        after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
        return cls(first.replace(day=1), after)

    def place(self, day: date) -> float:
        """Return where a day is, in percents; what is outside is at the edge."""
        share = (day - self.first).days / max((self.last - self.first).days, 1)
        return round(100 * min(max(share, 0.0), 1.0), 2)

    def ticks(self) -> Iterator[tuple[float, str, str]]:
        """Yield where months begin, with their names; only every so many where there are many."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        every = -(-months // MOST_TICKS)
        for number in range(0, months, every):
            place = self.first.month - 1 + number
            day = date(self.first.year + place // 12, place % 12 + 1, 1)
            year = str(day.year) if number == 0 or day.month == 1 or every > 1 else ""
            yield self.place(day), SHORT[day.month - 1], year


def _phase_lines(story: Story, scale: _Scale) -> Iterator[PhaseLine]:
    targets = {one.id: one.day for one in story.current_dates if one.kind == "target"}
    roles = {role.id: role.title for role in story.plan.roles}
    for phase in story.plan.phases:
        stretches = [*_stretches(story, phase.id)]
        target = targets.get(phase.id)
        if not stretches:
            continue
        ended = stretches[-1][1]
        late = target is not None and (ended or story.now.date()) > target
        yield PhaseLine(
            title=phase.title,
            role=roles.get(phase.role, phase.role),
            when=_say_when(stretches, target),
            bars=tuple(
                Bar(
                    left=scale.place(since),
                    width=round(
                        scale.place((until or story.now.date()) + timedelta(1)) - scale.place(since), 2
                    ),
                    again=number > 0,
                    open=until is None,
                )
                for number, (since, until) in enumerate(stretches)
            ),
            target=scale.place(target) if target else None,
            late=late,
            deadlines=tuple(scale.place(one.day) for one in _list_deadlines(story) if one.day),
        )


def _stretches(story: Story, phase: str) -> Iterator[tuple[date, date | None]]:
    """Yield from when to when a phase was active, each time that it was; None while it is."""
    since: date | None = None
    for line in story.lines:
        if line.what == "filing_ended" and since:
            yield since, line.at.date()
            since = None
        if line.phase != phase:
            continue
        if line.what == "phase_entered":
            since = line.at.date()
        elif line.what in ("phase_completed", "sent_back", "given_up") and since:
            yield since, line.at.date()
            since = None
    if since:
        yield since, None


def _say_when(stretches: list[tuple[date, date | None]], target: date | None) -> str:
    """Return in words when a phase ran, and until when it should have."""
    first, until = stretches[0][0], stretches[-1][1]
    ran = f"vanaf {in_words(first)}, loopt nog"
    if until:
        ran = f"op {in_words(first)}" if first == until else f"{in_words(first)} tot en met {in_words(until)}"
    rounds = f", {len(stretches)} keer" if len(stretches) > 1 else ""
    return f"{ran}{rounds}" + (f"; streefdatum {in_words(target)}" if target else "")


def _months(stories: tuple[Story, ...], days: dict[date, list[Row]]) -> Iterator[Month]:
    first, last = min(days), max(days)
    closed = {day for story in stories for day in story.start.calendars.office}
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    busy = {(day.year, day.month) for day in days}
    for number in range(count):
        place = first.month - 1 + number
        year, month = first.year + place // 12, place % 12 + 1
        if count > MOST_MONTHS and (year, month) not in busy:
            continue
        start = date(year, month, 1)
        cells = [DayCell(None, False, ())] * start.weekday()
        day = start
        while day.month == month:
            found = {row.mark for row in days.get(day, ())}
            free = day.weekday() >= WEEK - 2 or day in closed
            cells.append(DayCell(day, free, tuple(mark for mark in LETTERS if mark in found)))
            day += timedelta(1)
        yield Month(f"{MONTH_NAMES[month - 1]} {year}", tuple(cells))


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
