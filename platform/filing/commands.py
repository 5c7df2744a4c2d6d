"""What a filing asks of the world. The shell carries a command out and answers it with one result.

A command has a number, unique in its filing: every activity is idempotent by workflow id and number.
"""

from typing import Literal

from ..data import Tagged
from ..linked import Link
from ..plan import SamePeriod, To

CommandKind = Literal["send", "resolve", "deliver", "follow", "watch", "start", "note", "find"]
REVOCABLE: tuple[CommandKind, ...] = ("send", "resolve", "watch", "find")
"""What is not carried out any more once its reason is gone; the rest is done whatever happens after it."""

Purpose = Literal["automation", "offer", "reminder", "escalation"]


class Command(Tagged):
    """Something to be carried out outside, on behalf of a phase."""

    number: int
    phase: str


class Send(Command, tag="send"):
    """Send a message: to whom `to` means, or to these contacts where an offer has resolved them.

    Not to those of `reached`: they had it from a command that failed for others. Answered by Sent,
    Withdrawn or Failed.
    """

    message: str
    purpose: Purpose
    automation: str | None = None
    """Which one of the phase sends it, where one does."""

    to: To | None = None
    contacts: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    sender: str | None = None


class Resolve(Command, tag="resolve"):
    """Look up who an offer goes to, with which authority. Answered by Resolved or Failed.

    `own` are the attached documents of the offer that are some contact's own (`of`): it goes to those.
    """

    own: tuple[str, ...] = ()


class Deliver(Command, tag="deliver"):
    """Deliver exactly these bytes to the authority, once. Answered by Delivered or Failed.

    Bytes that nobody approved were shown under a `standing` authority; it must hold still when they go out.
    """

    document: str
    hash: str
    attempt: int
    standing: bool = False


class Follow(Command, tag="follow"):
    """Follow a delivery until the authority's answer is final. Answered by Judged or Failed."""

    reference: str
    attempt: int
    delivery: int
    """The number of the Deliver command that handed it over."""


class Watch(Command, tag="watch"):
    """Watch another filing of the relation until a phase of it is completed, or until it has ended.

    Answered by Reached, by Withdrawn once the wait is over, or by Failed. With `relation` it is that of a
    relation which is linked to this one.
    """

    template: str
    period: SamePeriod = "same"
    until: str | None = None
    """The phase of the other filing; None for its end."""
    optional: bool = False
    """Where there is none and none is agreed, it is answered at once."""
    relation: str | None = None


class StartFiling(Command, tag="start"):
    """Start a filing of another template for the same relation, once. Answered by Started or Failed.

    With `relation` it is for a relation which is linked to this one.
    """

    template: str
    period: SamePeriod = "same"
    relation: str | None = None


class LeaveNote(Command, tag="note"):
    """Leave a note for the next filing of a template for the same relation. Answered by Noted or Failed.

    Its text is that of the message.
    """

    template: str
    message: str


class FindLinked(Command, tag="find"):
    """Look up which relations are linked to this one so, today. Answered by Linked or Failed.

    Where there is none it fails, unless it is `optional`.
    """

    link: Link
    optional: bool = False


AnyCommand = Send | Resolve | Deliver | Follow | Watch | StartFiling | LeaveNote | FindLinked

ANSWERED_BY: dict[str, tuple[str, ...]] = {
    "send": ("sent", "withdrawn", "failed"),
    "resolve": ("resolved", "failed"),
    "deliver": ("delivered", "failed"),
    "follow": ("judged", "failed"),
    "watch": ("reached", "withdrawn", "failed"),
    "start": ("started", "failed"),
    "note": ("left", "failed"),
    "find": ("linked", "failed"),
}
"""Which kinds of result answer a command of each kind."""
