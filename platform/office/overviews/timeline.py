"""The timeline of a filing in Dutch: what the machine wrote in stable words, said as people read it (R45)."""

from datetime import datetime

from sqlalchemy import Connection, select

from ...plan import Model, Scalar
from ..database.tables import contacts, team, timeline
from ..filings.filing import find_filing
from ..plans import plan_by_digest
from .sentences import sentence


class TimelineLine(Model):
    """One entry as it is shown: `who` is a name, `text` a Dutch sentence; `at` is office time."""

    sequence: int
    index: int
    at: datetime
    by: str
    who: str
    what: str
    phase: str | None
    text: str
    data: dict[str, Scalar]


def timeline_of(connection: Connection, filing: str) -> tuple[TimelineLine, ...]:
    """Return everything that happened to a filing, in order."""
    query = (
        select(timeline).where(timeline.c.filing == filing).order_by(timeline.c.sequence, timeline.c.index)
    )
    rows = connection.execute(query).mappings().all()
    names = {**_phase_titles(connection, filing), **_people(connection)}
    return tuple(
        TimelineLine(
            **{key: row[key] for key in ("sequence", "index", "at", "by", "what", "phase", "data")},
            who=names.get(row["by"], row["by"]),
            text=sentence(row["what"], row["data"], names, row["by"]),
        )
        for row in rows
    )


def _phase_titles(connection: Connection, filing: str) -> dict[str, str]:
    found = find_filing(connection, filing)
    published = plan_by_digest(connection, found.plan) if found else None
    return {phase.id: phase.title for phase in published.plan.phases} if published else {}


def _people(connection: Connection) -> dict[str, str]:
    names: dict[str, str] = {}
    for table in (contacts, team):
        names |= {row.id: row.name for row in connection.execute(select(table.c.id, table.c.name))}
    return names
