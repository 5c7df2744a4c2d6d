"""Alarms: what must never happen and did; `kantoor doctor` shows them, nothing removes them by itself."""

from datetime import UTC, datetime

from sqlalchemy import Connection, select

from ..plan import Model
from .database.tables import alarms


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


def all_alarms(connection: Connection, filing: str | None = None) -> tuple[Alarm, ...]:
    """Return the alarms in the order in which they were raised, of one filing if it is given."""
    query = select(alarms).order_by(alarms.c.id)
    if filing is not None:
        query = query.where(alarms.c.filing == filing)
    rows = connection.execute(query).mappings()
    return tuple(Alarm.model_validate({k: v for k, v in row.items() if k != "id"}) for row in rows)
