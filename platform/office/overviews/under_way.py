"""How far filings of a list are: the titles of their active phases, and who does the work of each today."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from ...data import replace
from ...period import in_words
from ..database.columns import among
from ..database.tables import filings, work
from ..filings.standing import judge_standing
from ..people import all_members, find_given, find_spoken_to, named_by_relation
from ..plans import find_plan
from ..presence import read_day
from .browsing import FoundFiling


def tell_under_way(connection: Connection, found: Sequence[FoundFiling], on: date) -> tuple[FoundFiling, ...]:
    """Return filings with their active phases and who does those: who was given it, else who has the role.

    Of one in which no phase has begun, the one that begins first and its day. Of each also what it waits for,
    and whether others were brought in because something stayed out.
    """
    ids = [one.id for one in found if one.ended is None]
    if not ids:
        return tuple(replace(one, phases=()) for one in found)
    rows = connection.execute(_TOLD.where(among(filings.c.id, ids))).all()
    items: dict[str, list[tuple[str, bool]]] = {}
    for row in rows:
        if row.kind is not None:
            items.setdefault(row.id, []).append((row.kind, row.client))
    escalated = {row.id for row in rows if row.escalated or row.kind == "escalated"}
    assigned = {row.id: {"assigned": row.assigned} for row in rows}
    day, named = read_day(connection, on), named_by_relation(connection, {one.relation for one in found})
    names = {one.id: one.name for one in all_members(connection)}

    def tell(one: FoundFiling) -> FoundFiling:
        plan = find_plan(connection, one.plan)
        if plan is None or one.ended is not None:
            return replace(one, phases=())
        given, of = find_given(assigned.get(one.id), names), named.get(one.relation, {})
        doing = one.phases or (one.first and (one.first,)) or ()
        doers = (find_spoken_to(day, of, plan.phase(name).role, plan.roles, given) for name in doing)
        shown = [plan.phase(name).title for name in one.phases]
        if one.first and one.begins:
            shown = [f"{plan.phase(one.first).title}, vanaf {in_words(one.begins)}"]
        return replace(
            one,
            phases=tuple(shown),
            escalated=one.id in escalated,
            standing=judge_standing(items.get(one.id, ())),
            doers=tuple(dict.fromkeys(names.get(doer, doer) for doer in doers if doer)),
        )

    return tuple(map(tell, found))


_TOLD = select(
    *(filings.c.id, filings.c.view["assigned"].label("assigned")),
    *(work.c.kind, work.c.client, work.c.escalated),
).outerjoin(work, work.c.filing == filings.c.id)
