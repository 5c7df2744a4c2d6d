"""Alarms: what must never happen and did; `kantoor doctor` shows them.

Nothing removes them by itself, but those of a state that is looked at again and again: what does not
run, or waits.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Connection, select

from ..plan import Model
from .database.tables import alarms

NOT_RUNNING = "not_running"
"""An open filing or recurrence whose workflow does not run, as long as that is so."""

NOT_BEGUN = "not_begun"
"""A planned filing or recurrence that its workflow does not begin, as long as that is so.

Its detail is since when.
"""

ROW_MISSING = "row_missing"
"""A workflow that runs without a row in the database, as long as that is so."""

DELIVERY_WAITS = "delivery_waits"
"""A return that does not get through to Digipoort, as long as that is so; its detail is since when."""

STATUS_WAITS = "status_waits"
"""A delivered return whose status does not come, as long as that is so; its detail is since when."""

JUDGEMENT_WAITS = "judgement_waits"
"""A return that Digipoort took and of which it says nothing final, as long as that is so; its detail is since
when it has it.
"""


JUDGED_LATER = "judged_later"
"""Digipoort says something else of a return than was recorded, when no filing asks any more.

Its detail is what it says, what was recorded, and the kenmerk.
"""

FILED_TWICE = "filed_twice"
"""A return is accepted that was recorded otherwise, and another is filed; its detail is both kenmerken."""


class Alarm(Model):
    """One alarm; `detail` tells it from others of its kind on the same filing. `at` is real time."""

    kind: str
    filing: str
    detail: str
    text: str
    at: datetime


def raise_alarm(connection: Connection, kind: str, filing: str, detail: str, text: str) -> None:
    """Write an alarm, once per kind, filing and detail. The text holds no personal data."""
    same = (alarms.c.kind == kind, alarms.c.filing == filing, alarms.c.detail == detail)
    if connection.execute(select(alarms.c.id).where(*same)).first() is not None:
        return
    connection.execute(
        alarms.insert().values(kind=kind, filing=filing, detail=detail, text=text, at=datetime.now(UTC))
    )


def keep_alarms(connection: Connection, kind: str, texts: Mapping[tuple[str, str], str]) -> None:
    """Have the alarms of a kind be these, by filing and detail: raise what is new, remove what is mended."""
    there = connection.execute(select(alarms.c.filing, alarms.c.detail).where(alarms.c.kind == kind)).all()
    for filing, detail in {(row.filing, row.detail) for row in there} - texts.keys():
        same = (alarms.c.kind == kind, alarms.c.filing == filing, alarms.c.detail == detail)
        connection.execute(alarms.delete().where(*same))
    for (filing, detail), text in texts.items():
        raise_alarm(connection, kind, filing, detail, text)


def drop_alarm(connection: Connection, kind: str, filing: str) -> None:
    """Remove the alarm of something that was mended."""
    connection.execute(alarms.delete().where(alarms.c.kind == kind, alarms.c.filing == filing))


def find_alarm(connection: Connection, kind: str, filing: str) -> Alarm | None:
    """Return the alarm of this kind of a filing, the first of several."""
    return next((one for one in all_alarms(connection, filing) if one.kind == kind), None)


def all_alarms(connection: Connection, filing: str | None = None) -> tuple[Alarm, ...]:
    """Return the alarms in the order in which they were raised, of one filing if it is given."""
    query = select(alarms).order_by(alarms.c.id)
    if filing is not None:
        query = query.where(alarms.c.filing == filing)
    rows = connection.execute(query).mappings()
    return tuple(Alarm.model_validate({k: v for k, v in row.items() if k != "id"}) for row in rows)
