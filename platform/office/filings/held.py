"""Whether a filing is held, and what of it may have left before it was (R30)."""

from typing import NamedTuple

from sqlalchemy import Connection, select

from ..database.tables import deliveries, filings, messages


class Left(NamedTuple):
    """What of a filing outside systems have and may have: its return, and messages, by their readers' ids."""

    delivered: bool
    maybe_delivered: bool
    maybe_sent: tuple[str, ...]


def is_held(connection: Connection, filing: str) -> bool:
    """Say whether a filing is held, as far as it is recorded.

    Asked in the transaction that writes down what is about to leave: what was not written down when a hold
    is recorded then waits until the filing is resumed, and `find_left` tells what was.
    """
    view = connection.execute(select(filings.c.view).where(filings.c.id == filing)).scalar_one_or_none()
    return bool(view and view.get("held"))


def find_left(connection: Connection, filing: str) -> Left:
    """Return what a hold comes too late for, or may come too late for."""
    made = select(deliveries.c.status).where(deliveries.c.filing == filing)
    statuses = {*connection.execute(made).scalars()}
    unsure = select(messages.c.recipient).where(
        messages.c.filing == filing, messages.c.sent_at.is_(None), messages.c.unsure
    )
    return Left(
        delivered="taken" in statuses,
        maybe_delivered=not statuses.isdisjoint(("sending", "unknown")),
        maybe_sent=tuple(sorted({*connection.execute(unsure).scalars()})),
    )
