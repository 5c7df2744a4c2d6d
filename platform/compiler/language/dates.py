"""Dates and deadlines: days counted from an anchor."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import Condition, Count, DayOfMonth, Definition, Id, Line, Maybe, Ref, Some, Words


class DateRule(Definition):
    """A day counted from an anchor: period.start, period.end, filing.start or `deadlines.<id>`.

    Exactly one of `after`, `before` and `month_of` names the anchor; one unit counts from it. `day` moves the
    day within the month that the anchor, or the counted months, lead to.
    """

    after: Maybe[Ref] = None
    """The anchor after which is counted."""
    before: Maybe[Ref] = None
    """The anchor before which is counted."""
    month_of: Maybe[Ref] = None
    """The anchor in whose month `day` lies."""
    months: Maybe[Count] = None
    """Calendar months; the last day of a month stays the last day."""
    weeks: Maybe[Count] = None
    """Weeks of seven days."""
    days: Maybe[Count] = None
    """Calendar days."""
    workdays: Maybe[Count] = None
    """Working days: on the law's calendar for a statutory deadline, else on the office's."""
    day: Maybe[DayOfMonth] = None
    """The day of the month: 1 to 31, or last."""


class DueChoice(DateRule):
    """One alternative for the last day of a deadline, and when it holds."""

    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When this alternative holds; the first that holds counts, and the last has no `if`."""


class Deadline(Definition):
    """A deadline of the template, statutory or the office's own."""

    LATER: ClassVar[dict[str, str]] = {"latest": "the template jaarrekening"}

    id: Id
    """Its name in this file: dates say `deadlines.<id>`."""
    title: Line
    """What people read."""
    law: Maybe[Words] = None
    """The article of law; left out for a date of the office's own."""
    earliest: Maybe[DateRule] = None
    """The first day on which the authority takes the return; earlier messages are rejected."""
    due: Some[DueChoice]
    """The last day: the first alternative whose `if` holds."""
    moves: Literal["never", "next_workday", "previous_workday"] = "never"
    """Where the last day goes when it is no working day. Returns do not move."""
