"""Closed filings with all that happened to them, as they are run again: data alone."""

from typing import Literal

from ..data import Struct
from ..filing.events import AnyEvent

Problem = Literal["moved", "incomplete", "unreadable", "no_plan", "otherwise", "not_told"]
"""Why nothing is told of a filing.

It ran on more than one plan; not all of its events are recorded; they cannot be read; its plan is not there;
this version takes an event otherwise; or it does not go the same way without what could name somebody.
"""


class ClosedFiling(Struct):
    """One closed filing: its invented id, its plan by digest, and its events.

    `calendars` is the place of its calendars in the file, which its start goes without. Of the values named
    in `replaced` others are told that no condition of its plan tells from the true ones; those in `withheld`
    are not told.
    """

    id: str
    template: str
    plan: str
    calendars: int | None = None
    events: tuple[AnyEvent, ...] = ()
    replaced: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    problem: Problem | None = None
