"""Workflow: a template, from which one filing is made per relation and period."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import Definition, Id, Line, Maybe, Ref, Some
from .dates import DateRule, Deadline
from .phases import Phase, Sbr


class Document(Definition):
    """A document that the filing makes, reviews, offers or delivers."""

    id: Id
    """Its name in this file."""
    title: Line
    """What people read."""
    made_in: Ref
    """The work phase in which it is made."""
    report: Maybe[Ref] = None
    """The report of which it is an XBRL instance, such as omzetbelasting; left out for other documents."""
    source: Maybe[Ref] = Field(default=None, alias="from")
    """The document from which it is made, and whose approval carries over."""
    optional: bool = False
    """Whether the filing can do without it."""


class End(Definition):
    """A named end other than completion."""

    id: Id
    """Its name: `may_end` says `ends.<id>`."""
    title: Line
    """What people read."""
    planner: Literal["gepland", "loopt", "bij_klant", "ingediend", "klaar", "te_laat"]
    """What the planner shows for a filing that ended so."""


class WhenClosed(Definition):
    """What happens when the filing closes."""

    update_planner: bool = True
    """Whether the planner view is updated."""
    close_chat: bool = True
    """Whether the chat is closed; without effect yet."""


class Workflow(Definition):
    """A template: its file name is its id."""

    LATER: ClassVar[dict[str, str]] = {
        "corrected_by": "the template suppletie",
        "facts": "the template jaarrekening",
    }
    LATER_VALUES: ClassVar[dict[str, tuple[str, ...]]] = {
        "period": ("half_year", "book_year", "four_weeks", "range", "none"),
    }

    title: Line
    """What people read."""
    products: Some[Ref]
    """The products it belongs to: it starts only for a relation that takes one of them."""
    period: Literal["by_product", "month", "quarter", "year"]
    """The period of a filing: as agreed for the relation's product, or always the same."""
    created: DateRule
    """The day on which a filing is created, for recurrence too."""
    start: Literal["at_creation", "on_date", "by_hand"] = "at_creation"
    """When a filing starts: as soon as it is created, on its start date, or by hand."""
    when_closed: WhenClosed = WhenClosed()
    """What follows when the filing closes; by default all of it."""
    documents: list[Document] = []
    """The documents that the filing makes, reviews, offers or delivers."""
    deadlines: list[Deadline] = []
    """The deadlines, statutory and the office's own."""
    sbr: Maybe[Sbr] = None
    """The SBR settings: defaults for the offer and deliver phases."""
    phases: Some[Phase]
    """The phases, in order."""
    ends: list[End] = []
    """Named ends other than completion."""
