"""How far filings of a list are: the titles of their active phases, and who does the work of each today."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ...data import replace
from ...period import in_words
from ...plan import Plan
from ..database.columns import among
from ..database.tables import filings, work
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

    coming = _find_coming(connection, [one.id for one in found if one.ended is None and not one.phases], on)

    def tell(one: FoundFiling) -> FoundFiling:
        plan = find_plan(connection, one.plan)
        if plan is None or one.ended is not None:
            return replace(one, phases=())
        first = coming.get(one.id)
        doers = (
            given.get((one.id, name)) or _find_doer(plan, name, day, named.get(one.relation, {}))
            for name in (one.phases or ((first[1],) if first else ()))
        )
        shown = [plan.phase(name).title for name in one.phases]
        if first:
            shown = [f"{plan.phase(first[1]).title}, vanaf {in_words(first[0])}"]
        return replace(
            one,
            phases=tuple(shown),
            escalated=one.id in escalated,
            standing=judge_standing(items.get(one.id, ())),
            doers=tuple(dict.fromkeys(names.get(doer, doer) for doer in doers if doer)),
        )

    return tuple(map(tell, found))


def _find_coming(connection: Connection, ids: Sequence[str], on: date) -> dict[str, tuple[date, str]]:
    """Return the phase of each of these filings that begins first on a day to come, with that day."""
    if not ids:
        return {}
    rows = connection.execute(_VIEWS.where(among(filings.c.id, ids), filings.c.view.is_not(None)))
    coming = {row.id: [*_list_beginnings(row.view, on)] for row in rows}
    return {id: min(days) for id, days in coming.items() if days}


def _list_beginnings(view: dict[str, Any], on: date) -> Iterator[tuple[date, str]]:
    """Yield when phases begin that come, after a day: of a view as it was recorded."""
    for phase in view["phases"]:
        begins = date.fromisoformat(phase["begins"]) if phase.get("begins") else None
        if begins and begins > on and phase.get("comes", "yes") == "yes":
            yield begins, phase["id"]


def _find_doer(plan: Plan, phase: str, day: OnDay, named: dict[str, str]) -> str | None:
    role = plan.phase(phase).role
    return holder_of(day.fill(named), role, plan.roles) or holder_of(named, role, plan.roles)


_VIEWS = select(filings.c.id, filings.c.view)
_TOLD = select(*(work.c.filing, work.c.phase, work.c.person, work.c.kind, work.c.client, work.c.escalated))
