"""How far filings of a list are: the titles of their active phases, and who does the work of each today."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Connection, select

from ...data import replace
from ...period import in_words
from ...plan import Plan
from ..database.columns import among
from ..database.tables import work
from ..filings.standing import judge_standing
from ..people import all_members, holder_of, named_by_relation
from ..plans import find_plan
from ..presence import OnDay, read_day
from .browsing import FoundFiling


def tell_under_way(connection: Connection, found: Sequence[FoundFiling], on: date) -> tuple[FoundFiling, ...]:
    """Return filings with their active phases and who does those: who was given it, else who has the role.

    Of one in which no phase has begun, the one that begins first and its day. Of each also what it waits for,
    and whether others were brought in because something stayed out.
    """
    ids = [one.id for one in found if one.ended is None]
    if not ids:
        return tuple(replace(one, phases=()) for one in found)
    rows = connection.execute(_TOLD.where(among(work.c.filing, ids))).all()
    items: dict[str, list[tuple[str, bool]]] = {}
    for row in rows:
        items.setdefault(row.filing, []).append((row.kind, row.client))
    given = {(row.filing, row.phase): row.person for row in rows if row.person}
    escalated = {row.filing for row in rows if row.escalated or row.kind == "escalated"}
    day, named = read_day(connection, on), named_by_relation(connection, {one.relation for one in found})
    names = {one.id: one.name for one in all_members(connection)}

    def tell(one: FoundFiling) -> FoundFiling:
        plan = find_plan(connection, one.plan)
        if plan is None or one.ended is not None:
            return replace(one, phases=())
        doers = (
            given.get((one.id, name)) or _find_doer(plan, name, day, named.get(one.relation, {}))
            for name in (one.phases or (one.first and (one.first,)) or ())
        )
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


def _find_doer(plan: Plan, phase: str, day: OnDay, named: dict[str, str]) -> str | None:
    role = plan.phase(phase).role
    return holder_of(day.fill(named), role, plan.roles) or holder_of(named, role, plan.roles)


_TOLD = select(*(work.c.filing, work.c.phase, work.c.person, work.c.kind, work.c.client, work.c.escalated))
