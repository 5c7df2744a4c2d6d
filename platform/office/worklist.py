"""What waits for somebody: open work of all filings, by the roles or the authority that he has (R44)."""

from collections.abc import Iterable, Iterator
from datetime import date

from sqlalchemy import Connection, RowMapping, select

from ..plan import Model, Proof, Role
from .people import Contact, TeamMember, authority_of, holder_of, relations_of
from .plans import plan_by_digest
from .tables import filings, relation_roles, relations, team, work


class WorkLine(Model):
    """One thing that waits; `item` is what an act names (the phase or the task), `filing` the workflow id.

    `missing` says in Dutch what stands in the way; `late` that `due` has passed.
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
    rows = connection.execute(_OPEN_WORK).mappings().all()
    if isinstance(who, TeamMember):
        mine = _of_member(connection, who, rows)
    else:
        mine = _of_contact(connection, who, rows, on)
    return _lines(mine, on)


def work_of_nobody(connection: Connection, on: date) -> tuple[WorkLine, ...]:
    """Return work for roles that nobody has, fallback included: it is on no one's list."""
    rows = connection.execute(_OPEN_WORK).mappings().all()
    filled = _filled(connection)
    return _lines(
        (
            row
            for row in rows
            if row["roles"]
            and not any(_holder(connection, row, role, filled) is not None for role in row["roles"])
        ),
        on,
    )


def _lines(rows: Iterable[RowMapping], on: date) -> tuple[WorkLine, ...]:
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


def _of_member(
    connection: Connection, member: TeamMember, rows: Iterable[RowMapping]
) -> Iterator[RowMapping]:
    filled = _filled(connection)
    for row in rows:
        if any(_holder(connection, row, role, filled) == member.id for role in row["roles"]):
            yield row


def _of_contact(
    connection: Connection, contact: Contact, rows: Iterable[RowMapping], on: date
) -> Iterator[RowMapping]:
    served = set(relations_of(connection, contact.id))
    for row in rows:
        if row["relation"] not in served:
            continue
        if contact.id in row["contacts"]:
            yield row
        elif row["client"]:
            authority = authority_of(connection, contact.id, row["relation"], row["product"], on)
            if "answer" in authority.may:
                yield row


def _holder(
    connection: Connection, row: RowMapping, role: str, filled: dict[str, dict[str, str]]
) -> str | None:
    return holder_of(filled.get(row["relation"], {}), role, _roles(connection, row["plan"]))


def _roles(connection: Connection, plan: str) -> tuple[Role, ...]:
    published = plan_by_digest(connection, plan)
    return published.plan.roles if published else ()


def _filled(connection: Connection) -> dict[str, dict[str, str]]:
    """Return who has which role, by relation and role, of members who are still here."""
    query = (
        select(relation_roles.c.relation, relation_roles.c.role, relation_roles.c.member)
        .join(team, team.c.id == relation_roles.c.member)
        .where(team.c.active)
    )
    found: dict[str, dict[str, str]] = {}
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
