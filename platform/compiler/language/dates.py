"""Dates and deadlines, counted from an anchor."""

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from ...plan import Moves
from .base import Condition, Count, DayOfMonth, Definition, Id, Line, Maybe, Ref, Some, Words


class DateRule(Definition):
    """A date counted from an anchor.

    Anchors are period.start, period.end, period.year_end, filing.start, `deadlines.<id>`, `facts.<id>` (the
    date recorded) and `phases.<id>` (the day on which the phase ended or was skipped); a date is not known
    before its anchor is.

    Exactly one of `after`, `before` and `month_of` names the anchor, and at most one unit is counted from it.
    `day` sets the day of the resulting month.
    """

    after: Maybe[Ref] = None
    """The anchor to count forward from."""
    before: Maybe[Ref] = None
    """The anchor to count back from."""
    month_of: Maybe[Ref] = None
    """The anchor whose month `day` refers to."""
    months: Maybe[Count] = None
    """Calendar months; the last day of a month stays the last day."""
    weeks: Maybe[Count] = None
    """Weeks of seven days."""
    days: Maybe[Count] = None
    """Calendar days."""
    workdays: Maybe[Count] = None
    """Working days: on the statutory calendar for a statutory deadline, else on the office's."""
    day: Maybe[DayOfMonth] = None
    """The day of the month: 1 to 31, or last."""

    @property
    def anchor_key(self) -> str:
        """Return the key that names its anchor."""
        return next((key for key in ("after", "before", "month_of") if getattr(self, key)), "after")


class DueChoice(DateRule):
    """One alternative for the last day of a deadline."""

    NOT_HERE: ClassVar[Mapping[str, str]] = {
        "else": "write its day without 'else', as the last one: where no 'if' holds, that one applies"
    }

    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When this alternative applies; the first that applies is taken, and the last has no `if`."""


class Deadline(Definition):
    """A deadline of the template: statutory or the office's own."""

    id: Id
    """Its id in this file; dates refer to it as `deadlines.<id>`."""
    title: Line
    """Its label."""
    law: Maybe[Words] = None
    """The article of law; left out for the office's own deadlines."""
    earliest: Maybe[DateRule] = None
    """The first day on which the authority accepts the return; it rejects earlier ones."""
    condition: Maybe[Condition] = Field(default=None, alias="if")
    """When it applies; always when left out. Where it does not, it has no day and nobody meets it."""
    due: Some[DueChoice]
    """The last day: the first alternative whose `if` holds."""
    latest: Maybe[DateRule] = None
    """The last day whatever `due` says, and also while that is not known."""
    moves: Moves = "never"
    """Where the last day moves when it is not a working day. Deadlines of tax returns do not move."""
    latest_moves: Maybe[Moves] = None
    """Where the day of `latest` moves; as `moves` says when left out."""
