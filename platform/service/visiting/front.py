"""What stands around every page: whose office it is, how it is reached, and which day it is there."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from ...clock import PracticeClock
from ...office.office_clock import clock_of
from ...office.plans import active_office
from ...plan import Model
from ...settings import Settings
from ..desk import Desk


class Front(Model):
    """An office as its pages show it; `now` is office time, `practice` says that nothing is real there.

    `unconnected` says in a sentence what of an office that is not for practice goes nowhere yet.
    """

    name: str
    phone: str
    email: str
    now: datetime
    practice: bool
    unconnected: str = ""


def read_front(desk: Desk) -> Front:
    """Return an office as its pages show it. Raises DatabaseError."""

    def ask(connection: Connection) -> Front:
        office, clock = active_office(connection), clock_of(connection)
        text = office.text if office else None
        return Front(
            name=text.name if text else "kantoor",
            phone=text.phone if text else "",
            email=text.email if text else "",
            now=clock.office_time(datetime.now(UTC)),
            practice=isinstance(clock, PracticeClock),
            unconnected="" if isinstance(clock, PracticeClock) else _say_unconnected(desk.settings),
        )

    return desk.read(ask)


def _say_unconnected(settings: Settings) -> str:
    """Return what goes to a stand-in on this machine: returns, mails, or both."""
    simulated = "aangiften gaan naar een simulator" if settings.digipoort_is_simulated else ""
    caught = "mails blijven op deze machine" if settings.mail_is_caught else ""
    said = ", ".join(one for one in (simulated, caught) if one)
    return f"Dit kantoor is nog niet echt aangesloten: {said}." if said else ""
