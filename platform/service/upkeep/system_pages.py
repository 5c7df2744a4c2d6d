"""How the office itself does: what is open, what is still, alarms, deliveries on their way, mail not sent."""

from datetime import date, datetime

from sqlalchemy import Connection

from ...office.alarms import Alarm, all_alarms
from ...office.filings.deliveries import Delivery, list_underway
from ...office.filings.messages import Message, list_unsent
from ...office.filings.recurrences import Recurrence, list_stuck
from ...office.overviews.browsing import count_by_state
from ...office.overviews.uncovered import find_uncovered
from ...plan import Model, Planner
from ..desk import Desk
from ..names import recurrence_name, short_name

__all__ = ["Stuck", "System", "Underway", "Unsent", "read_system"]

MOST = 100


class Stuck(Model):
    """Something that should have started by itself and could not."""

    name: str
    relation: str
    due: date
    why: str


class Underway(Model):
    """A delivery that has no answer yet; moments are real."""

    filing: str
    status: str
    begun_at: datetime
    sendings: int
    said: str


class Unsent(Model):
    """A mail that is not known to have been sent; `at` is office time. No address: it is personal data."""

    filing: str
    subject: str
    at: datetime
    unsure: bool


class System(Model):
    """Of each list at most `MOST` lines, the oldest first; `open` counts filings by their state.

    `uncovered` counts agreed periods whose start has come, that have neither a filing nor a planned start.
    """

    open: dict[Planner, int]
    stuck: tuple[Stuck, ...]
    uncovered: int
    alarms: tuple[Alarm, ...]
    deliveries: tuple[Underway, ...]
    mails: tuple[Unsent, ...]


def read_system(desk: Desk, today: date) -> System:
    """Return how the office does. Raises DatabaseError."""

    def ask(connection: Connection) -> System:
        return System(
            open=count_by_state(connection, today),
            stuck=tuple(map(_stuck, list_stuck(connection, MOST))),
            uncovered=len(find_uncovered(connection, today)),
            alarms=tuple(
                one.model_copy(update={"filing": short_name(one.filing)})
                for one in all_alarms(connection)[:MOST]
            ),
            deliveries=tuple(map(_underway, list_underway(connection, MOST))),
            mails=tuple(map(_unsent, list_unsent(connection, MOST))),
        )

    return desk.read(ask)


def _stuck(one: Recurrence) -> Stuck:
    name = recurrence_name(one.workflow_id)
    return Stuck(name=name, relation=one.relation, due=one.next_start, why=one.problem)


def _underway(one: Delivery) -> Underway:
    return Underway(
        filing=short_name(one.filing),
        status=one.status,
        begun_at=one.begun_at,
        sendings=one.sendings,
        said=one.said or one.text or "",
    )


def _unsent(one: Message) -> Unsent:
    return Unsent(filing=short_name(one.filing), subject=one.subject, at=one.at, unsure=one.unsure)
