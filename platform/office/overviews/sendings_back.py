"""Work that a colleague or the authority sent back, for those who do it again: read from the timeline."""

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from ...plan import Plan
from ..database.columns import among_given, text_at
from ..database.tables import filings, timeline
from ..filings.went_back import SENT_BACK, WENT_BACK, Entry, SentBackBy, tell_who
from ..plans import find_plans

COMPLETED = "phase_completed"


class Told(NamedTuple):
    """What of an entry's data says where work went: to which phase, or what was decided."""

    to: str = ""
    answer: str = ""


def pick_sent_back(
    plan: Plan, active: Collection[str], entries: Iterable[tuple[Entry, Told]]
) -> dict[str, tuple[tuple[Entry, SentBackBy], ...]]:
    """Return by active phase what was sent back to it since it was last completed and by whom, latest last.

    What was sent back from or to a phase that the plan has not, since the filing was moved, is left out; so
    is what a client rejected.
    """
    place = {one.id: at for at, one in enumerate(plan.phases)}
    found: dict[str, list[tuple[Entry, SentBackBy]]] = {one: [] for one in active}
    listed = [*entries]
    whose = tell_who((entry, said.answer) for entry, said in listed)
    for (entry, by), (_, said) in zip(whose, listed, strict=True):
        of = entry.phase or ""
        if entry.what == COMPLETED and of in found:
            found[of] = []
        elif by and by != "client" and of in place and said.to in place:
            for one in found:
                if one in place and place[said.to] <= place[one] < place[of]:
                    found[one].append((entry, by))
    return {phase: tuple(since) for phase, since in found.items() if since}


def find_sent_back(connection: Connection, ids: Collection[str]) -> dict[tuple[str, str], SentBackBy]:
    """Return which active phases of these filings were sent back, by filing and phase, and who did last."""
    rows: dict[str, list[Any]] = {}
    for row in connection.execute(_ENTRIES, {"ids": sorted(ids)}) if ids else ():
        rows.setdefault(row.filing, []).append(row)
    some = {filing: found for filing, found in rows.items() if any(one.what == SENT_BACK for one in found)}
    plans = find_plans(connection, {found[0].plan for found in some.values()}, ()).by_digest
    return {
        (filing, phase): since[-1][1]
        for filing, found in some.items()
        if (plan := plans.get(found[0].plan))
        for phase, since in pick_sent_back(
            plan, [*found[0].phases], [(one, Told(one.to or "", one.answer or "")) for one in found]
        ).items()
    }


_ENTRIES = (
    select(
        *(timeline.c.filing, timeline.c.sequence, timeline.c.by, timeline.c.what, timeline.c.phase),
        *(text_at(timeline.c.data, "to").label("to"), text_at(timeline.c.data, "answer").label("answer")),
        *(filings.c.plan, filings.c.phases),
    )
    .join(filings, filings.c.id == timeline.c.filing)
    .where(among_given(timeline.c.filing, "ids"), timeline.c.what.in_((*WENT_BACK, COMPLETED)))
    .order_by(timeline.c.filing, timeline.c.sequence, timeline.c.index)
)
