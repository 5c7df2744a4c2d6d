"""What a filing asks of the world. The shell carries a command out and answers it with one result.

A command has a number, unique in its filing: every activity is idempotent by workflow id and number.
"""

from typing import Annotated, Literal

from pydantic import Field

from ..plan import Model, To


class Command(Model):
    """Something to be carried out outside, on behalf of a phase."""

    number: int
    phase: str


class Send(Command):
    """Send a message: to whom `to` means, or to these contacts where an offer has resolved them.

    Not to those of `reached`: they had it from a command that failed for others. Answered by Sent or Failed.
    """

    kind: Literal["send"] = "send"
    message: str
    purpose: Literal["automation", "offer", "reminder", "escalation"]
    to: To | None = None
    contacts: tuple[str, ...] = ()
    reached: tuple[str, ...] = ()
    sender: str | None = None


class Resolve(Command):
    """Look up who an offer goes to, with which authority. Answered by Resolved or Failed."""

    kind: Literal["resolve"] = "resolve"


class Deliver(Command):
    """Deliver exactly these bytes to the authority, once. Answered by Delivered or Failed.

    Bytes that nobody approved were shown under a `standing` authority; it must hold still when they go out.
    """

    kind: Literal["deliver"] = "deliver"
    document: str
    hash: str
    attempt: int
    standing: bool = False


class Follow(Command):
    """Follow a delivery until the authority's answer is final. Answered by Judged or Failed."""

    kind: Literal["follow"] = "follow"
    reference: str
    attempt: int
    delivery: int
    """The number of the Deliver command that handed it over."""


AnyCommand = Annotated[Send | Resolve | Deliver | Follow, Field(discriminator="kind")]
