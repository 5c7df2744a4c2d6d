"""Workflow: a template; one filing per relation and period starts from it."""

from typing import ClassVar, Literal

from pydantic import Field

from .base import Definition, Id, Line, Maybe, Ref, Some
from .dates import DateRule, Deadline
from .phases import Phase, Sbr


class Document(Definition):
    """A document that the filing makes, reviews, offers or delivers."""

    id: Id
    """Its id in this file."""
    title: Line
    """Its label."""
    made_in: Ref
    """The work phase that makes it."""
    report: Maybe[Ref] = None
    """The report of which it is an XBRL instance, such as omzetbelasting; left out for other documents."""
    source: Maybe[Ref] = Field(default=None, alias="from")
    """The document that it is made from; the approval of that document covers it."""
    optional: bool = False
    """Whether the filing can be completed without it."""


class End(Definition):
    """A named end other than completion."""

    id: Id
    """Its id; `may_end` refers to it as `ends.<id>`."""
    title: Line
    """Its label."""
    planner: Literal["gepland", "loopt", "bij_klant", "ingediend", "klaar", "te_laat"]
    """The planner state of a filing that ended this way."""


class WhenClosed(Definition):
    """What happens when the filing closes."""

    update_planner: bool = True
    """Whether the planner view is updated."""
    close_chat: bool = True
    """Whether the chat is closed; no effect yet."""


class Workflow(Definition):
    """A template. Its file name is its id."""

    LATER: ClassVar[dict[str, str]] = {
        "facts": "the template jaarrekening",
    }
    LATER_VALUES: ClassVar[dict[str, tuple[str, ...]]] = {
        "period": ("half_year", "book_year", "four_weeks", "range", "none"),
    }

    title: Line
    """Its label."""
    products: Some[Ref]
    """Its products: it starts only for relations that take one of them."""
    period: Literal["by_product", "month", "quarter", "year"]
    """The period of a filing: the frequency agreed for the relation's product, or a fixed one."""
    created: DateRule
    """The date on which a filing is created, also when it recurs."""
    start: Literal["at_creation", "on_date", "by_hand"] = "at_creation"
    """When a filing starts: when it is created, on its start date, or by hand."""
    corrected_by: Maybe[Ref] = None
    """The template with which a closed filing of this one is corrected."""
    when_closed: WhenClosed = WhenClosed()
    """What happens when the filing closes; by default all of it."""
    documents: list[Document] = []
    """The documents that the filing makes, reviews, offers or delivers."""
    deadlines: list[Deadline] = []
    """The deadlines: statutory and the office's own."""
    sbr: Maybe[Sbr] = None
    """The SBR settings: defaults for the offer and deliver phases."""
    phases: Some[Phase]
    """The phases, in order."""
    ends: list[End] = []
    """Named ends other than completion."""
