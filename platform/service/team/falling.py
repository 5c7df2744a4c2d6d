"""What falls in days on which a colleague is absent: work that waits, and filings that start then (R2)."""

from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, select

from ...office.database.tables import recurrences, relation_roles, relations
from ...office.overviews.worklist import work_of
from ...office.people import TeamMember
from ...office.plans import plans_in_force
from ...office.presence import Stretch
from ...office.relations.demands import needed_roles
from ...period import Period
from ...plan import Model


class Falling(Model):
    """Something in those days, on its day, with its relation; `filing` is empty where it is yet to start."""

    day: date
    text: str
    relation: str
    relation_name: str
    filing: str = ""


def find_falling(
    connection: Connection, member: TeamMember, days: Stretch, today: date
) -> tuple[Falling, ...]:
    """Return what waits for a member and should be done in these days, and what starts then and asks them.

    The first day comes first. Of what starts by itself again and again only the next time is known.
    """
    found = [*_find_work(connection, member, days, today), *_find_starts(connection, member, days)]
    return tuple(sorted(found, key=lambda one: (one.day, one.relation, one.text)))


def _find_work(connection: Connection, member: TeamMember, days: Stretch, today: date) -> Iterator[Falling]:
    for line in work_of(connection, member, today):
        within = [day for day in (line.due, line.deadline) if day and days.holds(day)]
        if within:
            yield Falling(
                day=min(within),
                text=f"{line.title}: {line.filing_title} over {Period.parse(line.period).words}",
                relation=line.relation,
                relation_name=line.relation_name,
                filing=line.filing,
            )


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
                text=f"{published.plan.title} over {Period.parse(period).words} start",
                relation=number,
                relation_name=name,
            )
    yield from told.values()
