"""Every answer that the world can give to a command."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

from ..filing.events import (
    AnyEvent,
    Delivered,
    Failed,
    Judged,
    Linked,
    NoteLeft,
    Reached,
    Resolved,
    ResolvedContact,
    Sent,
    Started,
    Withdrawn,
)
from ..filing.state import Pending

AT = datetime.min
"""Moves are made without a moment; they get the one at which they are tried."""


class Move(NamedTuple):
    """Something to try; `name` says what it is."""

    name: str
    event: AnyEvent


def answers(
    pending: Pending, today: date, recipients: tuple[ResolvedContact, ...], at: datetime = AT
) -> Iterator[Move]:
    """Yield every answer that the world can give to a command; `recipients` are whom an offer goes to."""
    about: dict[str, Any] = {"at": at, "number": pending.number}
    reached = recipients[:1]
    if pending.what == "send":
        yield Move("sent", Sent(recipients=tuple(one.contact for one in reached), **about))
        some = tuple(one.contact for one in reached)
        yield Move("failed for some", Failed(error="postvak vol", reached=some, **about))
        yield Move("withdrawn", Withdrawn(reason="niet meer nodig", **about))
    if pending.what == "resolve":
        yield Move("resolved", Resolved(recipients=recipients, standing_until=today, **about))
        yield Move("resolved with a problem", Resolved(recipients=(), problem="Niemand mag dit.", **about))
    if pending.what == "deliver":
        yield Move("delivered", Delivered(reference="kenmerk", **about))
    if pending.what == "follow":
        yield Move("judged accepted", Judged(accepted=True, code="500", text="Verwerkbaar", **about))
        yield Move("judged refused", Judged(accepted=False, code="510", text="Onverwerkbaar", **about))
        yield Move("failed over", Failed(error="geen uitslag", over=True, **about))
    if pending.what == "watch":
        yield Move("reached", Reached(filing="jaarrekening/1/2026/-/1", how="ended", **about))
        yield Move("reached: there is none", Reached(filing="jaarrekening", how="none", **about))
        yield Move("withdrawn", Withdrawn(reason="niet meer nodig", **about))
    if pending.what == "start":
        yield Move("started", Started(filing="jaarrekening/1/2026/-/1", **about))
    if pending.what == "find":
        yield Move("linked: there is none", Linked(**about))
        yield Move("linked", Linked(relations=("2001", "2002"), **about))
    if pending.what == "note":
        yield Move("left", NoteLeft(**about))
    yield Move("failed", Failed(error="niet bereikbaar", **about))
