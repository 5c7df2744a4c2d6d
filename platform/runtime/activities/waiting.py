"""Telling that Digipoort has been silent for long: an alarm and a line of work, until it answers again.

A delivery or its status is tried for ever, since nothing else is safe; but the law's day does not wait.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection
from temporalio.exceptions import ApplicationError

from ...office.alarms import drop_alarm, find_alarm, raise_alarm
from ...office.database.engine import Database
from ...office.filings.filing import find_filing
from ...office.office_clock import office_now
from .outgoing import GivenUpError
from .retrying import WAITING, Heartbeats

LONG = timedelta(days=1)
"""Office time after which somebody is told."""

LONG_ON_DUE_DAY = timedelta(hours=1)
"""The same from the filing's earliest open deadline on."""


@contextmanager
def telling_silence(database: Database, kind: str, filing: str, beats: Heartbeats) -> Iterator[None]:
    """Raise the alarm of this kind once what is tried in the block has failed for long, attempts together.

    Its detail is since when, in office time. An answer takes it away, and so
    does giving up: then the filing stands still for a person.
    """
    try:
        yield
    except ApplicationError as error:
        if error.type == WAITING:
            _note_silence(database, kind, filing, beats)
        else:
            _note_answer(database, kind, filing, beats)
        raise
    except GivenUpError:
        _note_answer(database, kind, filing, beats)
        raise
    _note_answer(database, kind, filing, beats)


def _note_silence(database: Database, kind: str, filing: str, beats: Heartbeats) -> None:
    with database.read() as connection:
        now = office_now(connection)
        since = beats.keep_since(now)
        known = find_alarm(connection, kind, filing) or not _is_long(connection, filing, since, now)
    if known:
        return
    text = f"Digipoort gives no answer since {since:%Y-%m-%d %H:%M} (office time); it is asked again"
    with database.write() as connection:
        raise_alarm(connection, kind, filing, since.isoformat(timespec="minutes"), text)


def _is_long(connection: Connection, filing: str, since: datetime, now: datetime) -> bool:
    there = find_filing(connection, filing)
    is_due = there is not None and there.due is not None and there.due <= now.date()
    return now - since >= (LONG_ON_DUE_DAY if is_due else LONG)


def _note_answer(database: Database, kind: str, filing: str, beats: Heartbeats) -> None:
    beats.forget()
    with database.read() as connection:
        told = find_alarm(connection, kind, filing)
    if told:
        with database.write() as connection:
            drop_alarm(connection, kind, filing)
