"""What waits for somebody: open work of all filings, by the roles or the authority that he has (R44).

With it what should have started by itself and could not (R28), for who sends on behalf of the office there.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from ...plan import Model, Plan, Proof, Role
from ..database.tables import filings, relation_roles, relations, team, work
from ..filings.recurrences import list_recurrences
from ..people import Contact, TeamMember, authority_of, holder_of, relations_of
from ..plans import latest_plan, plan_by_digest
from ..relations.readiness import needed_roles
from ..relations.relation import find_relation

RECURRENCE = "recurrence"
"""Kind of the line of a recurrence that could not start its filing."""

_Row = dict[str, Any]
_Filled = dict[str, dict[str, str]]


class WorkLine(Model):
    """One thing that waits; `item` is what an act names (the phase or the task), `filing` the workflow id.

    `missing` says in Dutch what stands in the way; `late` that `due` has passed. A line of kind `recurrence`
    has that workflow's id, the day on which it should have started, and no phase or item.
    """

    filing: str
    template: str
    filing_title: str
    relation: str
    relation_name: str
    period: str
    kind: str
    item: str
    phase: str
    title: str
    roles: tuple[str, ...]
    due: date | None
    late: bool
    missing: tuple[str, ...]
    proof: Proof | None


def work_of(connection: Connection, who: TeamMember | Contact, on: date) -> tuple[WorkLine, ...]:
    """Return what waits for a team member or a contact today: what is due first comes first."""
    if isinstance(who, TeamMember):
        return _lines(_of_member(connection, who), on)
    return _lines(_of_contact(connection, who, on), on)


def work_of_nobody(connection: Connection, on: date) -> tuple[WorkLine, ...]:
    """Return work for roles that nobody has, fallback included: it is on no one's list."""
    filled = _filled(connection)
    unheld = (
        row
        for row in _all_work(connection, filled)
        if row["roles"]
        and not any(_holder(connection, row, role, filled) is not None for role in row["roles"])
    )
    return _lines(unheld, on)


def _lines(rows: Iterable[_Row], on: date) -> tuple[WorkLine, ...]:
    lines = [
        WorkLine.model_validate(
            {k: v for k, v in row.items() if k in WorkLine.model_fields}
            | {"late": row["due"] is not None and row["due"] < on}
        )
        for row in rows
    ]
    return tuple(
        sorted(lines, key=lambda line: (line.due or date.max, line.relation, line.filing, line.item))
    )


def _of_member(connection: Connection, member: TeamMember) -> Iterator[_Row]:
    filled = _filled(connection)
    for row in _all_work(connection, filled):
        if any(_holder(connection, row, role, filled) == member.id for role in row["roles"]):
            yield row


def _of_contact(connection: Connection, contact: Contact, on: date) -> Iterator[_Row]:
    served = set(relations_of(connection, contact.id))
    for row in _of_filings(connection):
        if row["relation"] not in served:
            continue
        if contact.id in row["contacts"]:
            yield row
        elif row["client"]:
            authority = authority_of(connection, contact.id, row["relation"], row["product"], on)
            if "answer" in authority.may:
                yield row


def _all_work(connection: Connection, filled: _Filled) -> list[_Row]:
    return [*_of_filings(connection), *_not_started(connection, filled)]


def _of_filings(connection: Connection) -> list[_Row]:
    return [dict(row) for row in connection.execute(_OPEN_WORK).mappings()]


def _not_started(connection: Connection, filled: _Filled) -> Iterator[_Row]:
    """Yield what should have started by itself, with why it could not, as rows of open work."""
    stuck = [r for r in list_recurrences(connection) if r.problem and r.status == "running"]
    for recurrence in stuck:
        published = latest_plan(connection, recurrence.template)
        relation = find_relation(connection, recurrence.relation)
        if published is None or relation is None:
            continue
        yield {
            "filing": recurrence.workflow_id,
            "template": recurrence.template,
            "filing_title": published.plan.title,
            "relation": recurrence.relation,
            "relation_name": relation.name,
            "period": recurrence.next_period,
            "kind": RECURRENCE,
            "item": "",
            "phase": "",
            "title": f"{published.plan.title} kan niet starten",
            "roles": _responsible(published.plan, filled.get(recurrence.relation, {})),
            "due": recurrence.next_start,
            "missing": (recurrence.problem,),
            "proof": None,
            "plan": published.digest,
        }


def _responsible(plan: Plan, filled: dict[str, str]) -> tuple[str, ...]:
    """Return the role on whose behalf is sent; where nobody has it, the first of the plan that somebody has.

    An unfilled role is often the very thing that is missing, and somebody must see that.
    """
    blocks = [block for phase in plan.phases for block in (phase.offer, phase.deliver) if block]
    sender = blocks[0].on_behalf_of if blocks else plan.phases[0].role
    held = (r for r in (sender, *needed_roles(plan)) if holder_of(filled, r, plan.roles) is not None)
    return (next(held, sender),)


def _holder(connection: Connection, row: _Row, role: str, filled: _Filled) -> str | None:
    return holder_of(filled.get(row["relation"], {}), role, _roles(connection, row["plan"]))


def _roles(connection: Connection, plan: str) -> tuple[Role, ...]:
    published = plan_by_digest(connection, plan)
    return published.plan.roles if published else ()


def _filled(connection: Connection) -> _Filled:
    """Return who has which role, by relation and role, of members who are still here."""
    query = (
        select(relation_roles.c.relation, relation_roles.c.role, relation_roles.c.member)
        .join(team, team.c.id == relation_roles.c.member)
        .where(team.c.active)
    )
    found: _Filled = {}
    for row in connection.execute(query):
        found.setdefault(row.relation, {})[row.role] = row.member
    return found


_OPEN_WORK = (
    select(
        work,
        filings.c.template,
        filings.c.title.label("filing_title"),
        filings.c.relation,
        filings.c.product,
        filings.c.plan,
        filings.c.period,
        relations.c.name.label("relation_name"),
    )
    .join(filings, filings.c.id == work.c.filing)
    .join(relations, relations.c.number == filings.c.relation)
)
