"""What falls in days on which a colleague is absent: work of theirs, and filings that start then (R2)."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from sqlalchemy import Connection, select

from ...office.database.tables import recurrences, relation_roles, relations
from ...office.overviews.worklist import work_given_to
from ...office.people import TeamMember, all_members
from ...office.plans import plans_in_force
from ...office.presence import Presence, Stretch, read_presence
from ...office.relations.demands import needed_roles
from ...period import Period, say_over
from ...plan import Model
from ...words import join_in_dutch


class Falling(Model):
    """Something in those days, on its day, with its relation; `filing` is empty where it is yet to start.

    `whose` says of work in Dutch with whom it is and will be that day, where that is another.
    """

    day: date
    text: str
    relation: str
    relation_name: str
    filing: str = ""
    whose: str = ""


def find_falling(
    connection: Connection, member: TeamMember, days: Stretch, before: Presence, today: date
) -> tuple[Falling, ...]:
    """Return what is a member's and should be done in these days, and what starts then and asks them.

    Work that is late already should be done in them too, where they are not over: no day of it lies in them.
    Work counts whoever does it today, by the dates as they were `before` these days were noted; who does it
    then follows from what has been noted. The first day comes first. Of what starts by itself again and again
    only the next time is known.
    """
    found = [*_find_work(connection, member, days, before, today), *_find_starts(connection, member, days)]
    return tuple(sorted(found, key=lambda one: (one.day, one.relation, one.text)))


def _find_work(
    connection: Connection, member: TeamMember, days: Stretch, before: Presence, today: date
) -> Iterator[Falling]:
    as_now, be_on = before.on(today), cache(read_presence(connection, today).on)
    names, soon = {one.id: one.name for one in all_members(connection)}, max(days.since, today)
    for line, doers in work_given_to(connection, member, before, today, soon):
        known = [day for day in (line.due, line.deadline) if day]
        late = [day for day in known if day < today] if days.until is None or days.until >= today else []
        if within := late or [day for day in known if days.holds(day)]:
            both = (as_now, be_on(max(min(within), soon)))
            now, then = ([names.get(one, one) for one in doers(day)] for day in both)
            yield Falling(
                day=min(within),
                whose=_say_whose(member.name, now, then),
                text=f"{line.title}: {line.filing_title} {say_over(Period.parse(line.period).words)}",
                relation=line.relation,
                relation_name=line.relation_name,
                filing=line.filing,
            )


def _say_whose(member: str, now: list[str], then: list[str]) -> str:
    """Return with whom work is now and that day, by name; nothing of who has it as always."""
    said = [] if now == [member] else [f"nu bij {join_in_dutch(now) or 'niemand'}"]
    if then != now:
        said.append(f"dan bij {join_in_dutch(then) or 'niemand'}")
    return ", ".join(said)


def _find_starts(connection: Connection, member: TeamMember, days: Stretch) -> Iterator[Falling]:
    in_force = plans_in_force(connection)
    rows, roles = recurrences.c, relation_roles.c
    query = (
        select(rows.relation, relations.c.name, rows.template, rows.next_period, rows.next_start, roles.role)
        .join(relations, relations.c.number == rows.relation)
        .join(relation_roles, roles.relation == rows.relation)
        .where(roles.member == member.id, rows.status == "running", rows.next_start >= days.since)
    )
    if days.until is not None:
        query = query.where(rows.next_start <= days.until)
    told: dict[tuple[str, str, str], Falling] = {}
    for number, name, template, period, start, role in connection.execute(query):
        published = in_force.find(template, number)
        if published is not None and role in needed_roles(published.plan):
            told[number, template, period] = Falling(
                day=start,
                text=f"{published.plan.title} {say_over(Period.parse(period).words)} start",
                relation=number,
                relation_name=name,
            )
    yield from told.values()
