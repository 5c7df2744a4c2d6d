"""What waits longer than it may: dates that nothing acted on, and what should have started by itself (R65).

Asked of outcomes, from what the office recorded: whoever is at fault, this is what people notice.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection

from ...clock import Clock
from ...filing.waits import next_wake
from ...keys.ring import DOCUMENTS, KeyFileError, KeyRing
from ...office.database.engine import Database
from ...office.filings.filing import list_filings
from ...office.filings.recurrences import Recurrence, list_recurrences
from ...office.office_clock import clock_of
from ...runtime.activities.latest_state import read_many_latest
from ...settings import Settings
from .findings import Finding, good, summarize_names, wrong

PATIENCE = timedelta(minutes=5)
"""So long, in real time, a date that has come may wait: a restarted worker first reads its filings again."""

_STUCK = "do what their lines on the work list ask, or stop the recurrence: kantoor recurrence stop"
_OVERDUE = "see the worker and the server above; kantoor doctor --revive starts again what does not run"


_JUST_REVIVED = "what was revived acts now on the dates that came meanwhile; look again in some minutes"


def check_waiting(settings: Settings, database: Database, revived: Collection[str] = ()) -> list[Finding]:
    """Report recurrences that could not start or whose start has passed, and dates that were not acted on.

    What was `revived` a moment ago is about to act on what came while it did not run.
    """
    try:
        ring = KeyRing.open(settings.keys, DOCUMENTS, may_make=False)
    except KeyFileError:
        return []  # told where the keys are checked
    with database.read() as connection:
        clock = clock_of(connection)
        running = [one for one in list_recurrences(connection) if one.status == "running"]
        late = [one for one in _find_late(connection, clock, ring) if one[0] not in revived]
    findings = _check_recurrences([one for one in running if one.workflow_id not in revived], clock)
    if late:
        ids = summarize_names(id for id, _ in late)
        oldest = min(wake for _, wake in late)
        text = (
            f"{ids}: a date came and nothing acted on it, the oldest on {oldest:%Y-%m-%d %H:%M} office time"
        )
        findings.append(wrong("waiting", text, _OVERDUE))
    if revived and not findings:
        return [good("waiting", _JUST_REVIVED)]
    return findings or [good("waiting", "every date and start that has come was acted on")]


def _find_late(connection: Connection, clock: Clock, ring: KeyRing) -> list[tuple[str, datetime]]:
    """Return the open filings whose next date has come for longer than it may wait, with that date."""
    ids = [one.id for one in list_filings(connection) if one.status != "afgesloten" and one.recorded]
    wakes = {
        id: next_wake(*latest) for id, latest in read_many_latest(connection, ids, ring.open_sealed).items()
    }
    return [(id, wake) for id, wake in wakes.items() if wake is not None and _has_waited(clock, wake)]


def _check_recurrences(running: Sequence[Recurrence], clock: Clock) -> list[Finding]:
    stuck = [one for one in running if one.problem]
    overdue = [one for one in running if not one.problem and _has_waited(clock, _end_of(one.next_start))]
    findings = []
    for some, what, mend in ((stuck, "could not start", _STUCK), (overdue, "did not start", _OVERDUE)):
        if some:
            ids = summarize_names(one.workflow_id for one in some)
            oldest = min(one.next_start for one in some)
            text = f"{ids}: {what} what was due, the oldest on {oldest.isoformat()}"
            findings.append(wrong("recurrences", text, mend))
    return findings


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min)


def _has_waited(clock: Clock, office: datetime) -> bool:
    """Say whether a moment of office time came longer ago than what it asks may wait."""
    came = clock.real_time(office)
    return came is not None and came + PATIENCE < datetime.now(UTC)
