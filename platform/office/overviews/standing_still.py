"""Open filings that stand still until somebody tries a step again, whosever work that is."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from ..database.questions import Question
from ..database.tables import OPEN, filings, work


class StandsStill(NamedTuple):
    """A phase of a filing in which something is stalled, and why, in Dutch."""

    filing: str
    phase: str
    title: str
    due: date | None
    why: tuple[str, ...]
    escalated: date | None


def _read(rows: Iterable[Any]) -> list[StandsStill]:
    found = [
        StandsStill(row.filing, row.phase, row.title, row.due, tuple(row.missing), row.escalated)
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.due or date.max, one.filing))


STALLED = Question(
    select(work.c.filing, work.c.phase, work.c.title, work.c.due, work.c.missing, work.c.escalated)
    .join(filings, filings.c.id == work.c.filing)
    .where(OPEN, work.c.kind == "stalled")
    .order_by(work.c.due.is_(None), work.c.due, work.c.filing, work.c.position)
    .limit(bindparam("most")),
    _read,
    "most",
)
"""What is stalled in open filings, `most` of it, by its target date."""
