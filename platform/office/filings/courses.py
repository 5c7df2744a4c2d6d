"""The course of many filings in numbers: how long phases took, and how often people had to step in."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime
from itertools import groupby

from sqlalchemy import Connection, select

from ...plan import Model
from ..database.columns import among
from ..database.tables import filings, timeline
from .went_back import tell_who

COUNTED = (
    *("reminded", "escalated", "escalated_asked", "sent_back", "item_sent_back", "fact_corrected"),
    *("refused", "stands_still", "deadline_missed"),
)
"""What a course counts of the words of the timeline, besides what clients rejected.

Of `sent_back` what colleagues sent back: what clients rejected and the authority refused has its own count.
"""


class PhaseCourse(Model):
    """How a phase went: how often it began and was completed, and how many days it took (the mean)."""

    phase: str
    entered: int
    completed: int
    days: float | None


class Course(Model):
    """The course of some filings; `counts` has how often there was what `COUNTED` and `rejected` name."""

    filings: int
    ended: int
    phases: tuple[PhaseCourse, ...]
    counts: dict[str, int]


def find_filings_on(
    connection: Connection, plan: str, *, relations: Collection[str] = (), periods: Collection[str] = ()
) -> tuple[tuple[str, str], ...]:
    """Return filings on a plan by id, with their periods: of these relations, or over these periods."""
    query = select(filings.c.id, filings.c.period).where(filings.c.plan == plan)
    if relations:
        query = query.where(filings.c.relation.in_(relations))
    if periods:
        query = query.where(filings.c.period.in_(periods))
    return tuple((row.id, row.period) for row in connection.execute(query.order_by(filings.c.id)))


def read_course(connection: Connection, ids: Collection[str]) -> Course:
    """Return the course of these filings, by what their timelines say."""
    words = ("phase_entered", "phase_completed", "filing_ended", "decided", *COUNTED)
    columns = (
        *(timeline.c.filing, timeline.c.sequence, timeline.c.by, timeline.c.what, timeline.c.phase),
        *(timeline.c.at, timeline.c.data),
    )
    query = (
        select(*columns)
        .where(among(timeline.c.filing, ids), timeline.c.what.in_(words))
        .order_by(timeline.c.filing, timeline.c.sequence, timeline.c.index)
    )
    begun: dict[tuple[str, str], datetime] = {}
    entered, completed, days, counts = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    rows = [*connection.execute(query)]
    whose = [
        by
        for _, of in groupby(rows, lambda row: row.filing)
        for _, by in tell_who((one, one.data.get("answer")) for one in of)
    ]
    for (filing, _, _, what, phase, at, data), sent_back_by in zip(rows, whose, strict=True):
        if what == "phase_entered":
            entered[phase] += 1
            begun[filing, phase] = at
        elif what == "phase_completed":
            completed[phase] += 1
            days[phase] += int((at - begun.pop((filing, phase), at)).total_seconds())
        elif what == "decided":
            counts["rejected"] += data.get("answer") == "reject"
        elif sent_back_by in (None, "colleague"):
            counts[what] += 1
    return Course(
        filings=len(ids),
        ended=counts.pop("filing_ended", 0),
        phases=tuple(
            PhaseCourse(
                phase=phase,
                entered=entered[phase],
                completed=completed[phase],
                days=round(days[phase] / completed[phase] / 86_400, 1) if completed[phase] else None,
            )
            for phase in entered
        ),
        counts={what: number for what, number in counts.items() if number},
    )
