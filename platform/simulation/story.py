"""What came of a simulation, as frozen data: the timeline, what was read, dates, what was refused."""

from datetime import date, datetime
from typing import Any, Literal

from ..data import Struct, fill_in
from ..filing.commands import Purpose
from ..filing.events import AnyEvent, Start
from ..filing.state import State
from ..filing.view import View
from ..plan import Plan

Stopped = Literal["ended", "until", "at_rest"]
"""Why it stopped: the filing ended, the last day came, or nothing will happen any more by itself."""

DateKind = Literal["deadline", "target", "begin"]


class Line(Struct):
    """One line of the timeline, as the office sees it; `what` and `data` are the machine's own.

    `number` is that of the step that wrote it; `text` the Dutch sentence.
    """

    number: int
    at: datetime
    by: str
    who: str
    what: str
    phase: str | None = None
    text: str
    data: dict[str, str]


class Mail(Struct):
    """A message as one reader gets it. `arrived` is False where the mail server refused it.

    A note for the next filing of a template is a mail to nobody: `to` is that template.
    """

    at: datetime
    command: int
    message: str
    title: str
    purpose: Purpose | Literal["note"]
    phase: str
    to: str
    name: str
    audience: Literal["client", "office"]
    language: str
    subject: str
    body: str
    arrived: bool = True


class Refused(Struct):
    """An act that was refused, with the Dutch text that whoever acted gets."""

    at: datetime
    act: str
    by: str
    who: str
    code: str
    text: str


class DateLine(Struct):
    """A date of the filing: a deadline, the target of a phase, or the day before which it does not begin.

    `day` is None while it is not known. `since` is when it came to be this day; when it moves there is a
    further line, and `until` says when this one ceased to count.
    """

    kind: DateKind
    id: str
    title: str
    day: date | None = None
    law: str | None = None
    since: datetime
    until: datetime | None = None


class Story(Struct):
    """A whole simulation. `events` are those that the machine took: `step` over them gives `state` again."""

    plan: Plan
    start: Start
    lines: tuple[Line, ...]
    mails: tuple[Mail, ...]
    refusals: tuple[Refused, ...]
    dates: tuple[DateLine, ...]
    events: tuple[AnyEvent, ...]
    state: State
    view: View
    now: datetime
    stopped: Stopped
    notes: tuple[str, ...] = ()
    """What whoever asked for the simulation should know of it, in Dutch."""

    @property
    def current_dates(self) -> tuple[DateLine, ...]:
        """Return the dates that count at the end."""
        return tuple(one for one in self.dates if one.until is None)


def story_as_json(story: Story) -> dict[str, Any]:
    """Return a story as plain data for JSON: docs/simulation.md documents its shape.

    The plan, the events and the state are left out: they are the machine's own.
    """
    key = story.start.filing
    return {
        "template": story.plan.template,
        "title": story.plan.title,
        "filing": key.path,
        "relation": fill_in(story.start.relation),
        "product": fill_in(story.start.product),
        "period": key.period,
        "start_date": story.start.start_date.isoformat(),
        "now": story.now.isoformat(),
        "stopped": story.stopped,
        "ended": story.view.ended,
        "end_title": story.view.end_title,
        "planner": story.view.planner,
        "lines": fill_in(story.lines),
        "mails": fill_in(story.mails),
        "dates": fill_in(story.dates),
        "refusals": fill_in(story.refusals),
        "notes": list(story.notes),
        "view": fill_in(story.view),
    }
