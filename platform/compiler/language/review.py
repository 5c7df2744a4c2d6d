"""What an office sets for the reviews of changes: classes of its own, and waivers."""

from typing import Annotated, Literal

from pydantic import Field

from .base import Day, Definition, Line, Words, match_pattern

ChangeId = Annotated[
    str, match_pattern("[0-9a-f]{10}", "the id of a change as kantoor diff shows it: ten signs")
]


class PartClass(Definition):
    """The class that changes of one part of a plan have at this office."""

    part: Line
    """The part, as the table of docs/reviewing.md names it: `phase.due`."""
    cls: Literal["staffing", "flow", "timing", "legal"] = Field(alias="class")
    """Its class. What is wording, and nothing else, is so by itself."""


class Waiver(Definition):
    """Lets one change pass a gate, from a day until another, a year at the most."""

    change: ChangeId
    """The id of the change, as `kantoor diff` shows it; in quotes where it is all digits."""
    reason: Words
    """Why it may pass."""
    owner: Line
    """Who answers for it."""
    since: Day
    """The first day on which it holds."""
    until: Day
    """The last day on which it holds; at most a year later."""


class Review(Definition):
    """Settings of `kantoor diff`. A change is reviewed by those of the revision that it starts from."""

    classes: list[PartClass] = []
    """Classes that differ from those of kantoor."""
    waivers: list[Waiver] = []
    """Changes that may pass a gate."""
