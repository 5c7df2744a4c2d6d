"""Telling that Digipoort has been silent, or undecided, for long: an alarm and a line of work.

A delivery or its status is tried for ever, since nothing else is safe; but the law's day does not wait.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection
from temporalio.exceptions import ApplicationError

from ...office.alarms import JUDGEMENT_WAITS, drop_alarm, find_alarm
from ...office.database.engine import Database
from ...office.filings.deliveries import Delivery, tell_wait
from ...office.filings.filing import find_filing
from ...office.filings.last_days import find_last_day
from ...office.office_clock import office_now
from ...office.plans import find_plan
from ...office.programs import note_answer, note_silence
from .outgoing import GivenUpError
from .retrying import WAITING, Heartbeats

LONG = timedelta(days=1)
"""Office time after which somebody is told."""

LONG_ON_DUE_DAY = timedelta(hours=1)
"""The same from the last day of what is delivered on."""


class Limits(NamedTuple):
    """How long a delivery may be without a final status: in office time, and at least in real time.

    A practice office's days may last a second, and a gateway needs more than that for an answer.
    """

    office: timedelta
    real: timedelta


@contextmanager
def telling_silence(
    database: Database, kind: str, filing: str, number: int, beats: Heartbeats
) -> Iterator[None]:
    """Raise the alarm of this kind once what is tried in the block has failed for long, attempts together.

    `number` is the delivery's. The alarm's detail is since when, in office time. An answer takes it away, and
    so does whatever is written of the delivery that ends its waiting.
    """
    try:
        yield
    except ApplicationError as error:
        if error.type == WAITING:
            _note_silence(database, kind, filing, number, beats)
        else:
            _note_answer(database, kind, filing, beats)
        raise
    except GivenUpError:
        _note_answer(database, kind, filing, beats)
        raise
    _note_answer(database, kind, filing, beats)


def tell_undecided(database: Database, delivery: Delivery, since: datetime, limits: Limits) -> None:
    """Raise the alarm that Digipoort took a delivery and says nothing final of it for longer than it may.

    `since` is when it was taken, in office time. What ends the waiting takes the alarm away.
    """
    real = datetime.now(UTC) - (delivery.taken_at or delivery.begun_at)
    with database.read() as connection:
        now = office_now(connection)
        long = real >= limits.real and _is_long(connection, delivery.filing, since, now, limits.office)
        if not long or find_alarm(connection, JUDGEMENT_WAITS, delivery.filing):
            return
    text = f"Digipoort has the return since {since:%Y-%m-%d %H:%M} (office time), and has said nothing final"
    with database.write() as connection:
        tell_wait(connection, JUDGEMENT_WAITS, delivery.filing, delivery.number, since, text)


def _note_silence(database: Database, kind: str, filing: str, number: int, beats: Heartbeats) -> None:
    note_silence(database, "digipoort", datetime.now(UTC))
    with database.read() as connection:
        now = office_now(connection)
        since = beats.keep_since(now)
        if find_alarm(connection, kind, filing) or not _is_long(connection, filing, since, now, LONG):
            return
    text = f"Digipoort has given no answer since {since:%Y-%m-%d %H:%M} (office time); it is asked again"
    with database.write() as connection:
        tell_wait(connection, kind, filing, number, since, text)


def _is_long(
    connection: Connection, filing: str, since: datetime, now: datetime, patience: timedelta
) -> bool:
    there = find_filing(connection, filing)
    plan = find_plan(connection, there.plan) if there else None
    day = find_last_day(plan, there.phases, there.view, there.due) if there and plan else None
    is_due = day is not None and day <= now.date()
    return now - since >= (min(patience, LONG_ON_DUE_DAY) if is_due else patience)


def _note_answer(database: Database, kind: str, filing: str, beats: Heartbeats) -> None:
    beats.forget()
    note_answer(database, "digipoort", datetime.now(UTC))
    with database.read() as connection:
        told = find_alarm(connection, kind, filing)
    if told:
        with database.write() as connection:
            drop_alarm(connection, kind, filing)
