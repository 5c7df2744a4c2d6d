"""Whether the chats of a filing are closed, and who of the office reads what its client writes (R18).

As long as a chat is open: whoever sends in the office's name, whom the client is told to call, and whoever
has work in the filing now. Once it is closed: the role that the office names for it. Where nobody has that
role, or the office names none, whoever sends; where nobody does that either, it is on nobody's list, which
all see.
"""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from ...plan import Office, Plan
from ..people import find_given, list_doers
from ..presence import OnDay
from .filing import How


def is_closed(plan: Plan, ended: How | None) -> bool:
    """Say whether the chats of a filing are closed: it has ended, and its template closes them then."""
    return ended is not None and plan.when_closed.close_chat


def find_closed_since(plan: Plan, ended: How | None, ended_at: datetime | None) -> datetime | None:
    """Return since when the chats of a filing are closed (office time); None while they are open."""
    return ended_at if is_closed(plan, ended) else None


def find_readers(
    plan: Plan,
    office: Office | None,
    view: Mapping[str, Any] | None,
    ended: How | None,
    named: Mapping[str, str],
    here: Container[str],
    day: OnDay,
) -> tuple[str, ...]:
    """Return who reads what a client writes about a filing, as it was last recorded (`view`), on a day.

    By id; the first is spoken to. `named` has who was given which role at the relation, `here` who work here.
    """
    roles = office.roles if office else plan.roles
    given = find_given(view, here)

    def list_of(role: str) -> list[str]:
        return [doer for doer, _ in list_doers(day, named, role, roles, given)]

    blocks = [block for phase in plan.phases for block in (phase.offer, phase.deliver) if block]
    sender = blocks[0].on_behalf_of if blocks else plan.phases[0].role
    if is_closed(plan, ended):
        closed_to = office.chat.after_closing if office and office.chat else sender
        return tuple(list_of(closed_to) or list_of(sender))
    found = list_of(sender)
    for item in (view or {}).get("work", ()):
        found += (one for role in item.get("roles", ()) for one in list_of(role))
        if item.get("person") in here:
            found += day.list_doers(item["person"], plan.phase(item["phase"]).role)
    return tuple(dict.fromkeys(found))
