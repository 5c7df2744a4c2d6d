"""Work that a colleague sent back, for those who do it again: read from the timeline, where it is told."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, select

from ...plan import Plan
from ..database.columns import among_given, text_at
from ..database.tables import filings, timeline
from ..plans import find_plans

SENT_BACK, COMPLETED = "sent_back", "phase_completed"


class _Entry(Protocol):
    @property
    def what(self) -> str: ...

    @property
    def phase(self) -> str | None: ...


Entry = TypeVar("Entry", bound=_Entry)


def pick_sent_back(
    plan: Plan, active: Collection[str], entries: Iterable[tuple[Entry, str]]
) -> dict[str, tuple[Entry, ...]]:
    """Return by active phase what was sent back to it since it was last completed, the latest last.

    Each entry comes with the phase to which it went back. What was sent back from or to a phase that the plan
    has not, since the filing was moved, is left out; so is what a client rejected.
    """
    place = {one.id: at for at, one in enumerate(plan.phases)}
    offering = {one.id for one in plan.phases if one.offer}
    found: dict[str, list[Entry]] = {one: [] for one in active}
    for entry, to in entries:
        of = entry.phase or ""
        if entry.what == COMPLETED and of in found:
            found[of] = []
        elif entry.what == SENT_BACK and of in place.keys() - offering and to in place:
            for one in found:
                if one in place and place[to] <= place[one] < place[of]:
                    found[one].append(entry)
    return {phase: tuple(since) for phase, since in found.items() if since}


def find_sent_back(connection: Connection, ids: Collection[str]) -> frozenset[tuple[str, str]]:
    """Return which active phases of these filings a colleague sent back, each with its filing."""
    rows: dict[str, list[Any]] = {}
    for row in connection.execute(_ENTRIES, {"ids": sorted(ids)}) if ids else ():
        rows.setdefault(row.filing, []).append(row)
    some = {filing: found for filing, found in rows.items() if any(one.what == SENT_BACK for one in found)}
    plans = find_plans(connection, {found[0].plan for found in some.values()}, ()).by_digest
    return frozenset(
        (filing, phase)
        for filing, found in some.items()
        if found[0].plan in plans
        for phase in _pick(plans[found[0].plan], found)
    )


def _pick(plan: Plan, found: Sequence[Any]) -> Iterable[str]:
    return pick_sent_back(plan, [*found[0].phases], [(one, one.to or "") for one in found])


_ENTRIES = (
    select(
        *(timeline.c.filing, timeline.c.what, timeline.c.phase, text_at(timeline.c.data, "to").label("to")),
        *(filings.c.plan, filings.c.phases),
    )
    .join(filings, filings.c.id == timeline.c.filing)
    .where(among_given(timeline.c.filing, "ids"), timeline.c.what.in_((SENT_BACK, COMPLETED)))
    .order_by(timeline.c.filing, timeline.c.sequence, timeline.c.index)
)
