"""What a filing that is under way waits for, by its open work: *loopt* is said where colleagues can go on."""

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import case, func, select

from ..database.tables import work

Standing = Literal["", "held", "client", "wait"]
"""Held; waiting for the client alone, or for what comes from elsewhere or a day. Empty: none of these."""

_OF_CLIENT = ("decide", "request", "escalated")
"""Work that waits for the client; escalated is that they stay silent."""


def judge_standing(items: Iterable[tuple[str, bool]]) -> Standing:
    """Return what a filing waits for, by the kind of each open item and whether it is the client's."""
    found = {_judge(kind, client=client) for kind, client in items}
    if "held" in found:
        return "held"
    return next((one for one in _ORDER if one in found), "")


def _judge(kind: str, *, client: bool) -> Standing:
    if kind in ("held", "wait"):
        return "held" if kind == "held" else "wait"
    return "client" if client or kind in _OF_CLIENT else ""


_ORDER: tuple[Standing, ...] = ("", "client", "wait")
"""What tells: work of the team before that of the client, and that before what comes by itself."""

STANDINGS = select(
    work.c.filing,
    func.max(
        case(
            (work.c.kind == "held", 4),
            (work.c.kind == "wait", 1),
            (work.c.client | work.c.kind.in_(_OF_CLIENT), 2),
            else_=3,
        )
    ).label("place"),
).group_by(work.c.filing)
"""What filings wait for, as a place of `BY_PLACE`; of those that have open work."""
BY_PLACE: dict[int, Standing] = {1: "wait", 2: "client", 3: "", 4: "held"}
