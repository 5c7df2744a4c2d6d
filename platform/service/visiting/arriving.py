"""Who visits with a session, with what every page needs besides: all of it asked at once."""

from datetime import datetime
from itertools import accumulate
from typing import NamedTuple

from sqlalchemy import Connection, select

from ...office.database.moments import know
from ...office.database.tables import contacts, managers, second_factors, sessions, team
from ...office.office_clock import CLOCK_AS_WRITTEN, read_clock
from ...office.people import Contact, TeamMember, find_person
from ...office.plans import ACTIVE_OFFICE_TEXT, active_office, load_office
from ...office.visits.sessions import Session
from ...office.visits.tokens import digest_token


class Arrival(NamedTuple):
    """A session with whose it is, whether they have the right beheer, and an authenticator (`enrolled`)."""

    session: Session
    person: TeamMember | Contact
    manages: bool
    enrolled: bool


def find_arrival(connection: Connection, token: str, at: datetime) -> Arrival | None:
    """Return who visits with this token; None where the session has ended or its person is gone.

    Whoever asks for this person, the office or its clock in the same moment has the answer already.
    """
    wanted = sessions.c.token == digest_token(token), sessions.c.expires_at > at
    row = connection.execute(_ARRIVAL.where(*wanted)).first()
    if row is None:
        return None
    know(connection, active_office, answer=load_office(row.office) if row.office else None)
    know(connection, read_clock, answer=row.clock)
    session, member, contact = (
        dict(zip(names, row[begin:end], strict=True)) for names, begin, end in _PLACES
    )
    if member["id"] is None and contact["id"] is None:
        return None
    person = TeamMember.model_validate(member) if member["id"] else Contact.model_validate(contact)
    know(connection, find_person, person.id, answer=person)
    return Arrival(
        session=Session.model_validate(session),
        person=person,
        manages=row.manages is not None,
        enrolled=row.enrolled is not None,
    )


_TABLES = (sessions, team, contacts)
_NAMES = [[column.name for column in table.c] for table in _TABLES]
_ENDS = list(accumulate(len(names) for names in _NAMES))
_PLACES = [(names, end - len(names), end) for names, end in zip(_NAMES, _ENDS, strict=True)]
_ARRIVAL = (
    select(
        *(column.label(f"{table.name}_{column.name}") for table in _TABLES for column in table.c),
        managers.c.member.label("manages"),
        second_factors.c.since.label("enrolled"),
        ACTIVE_OFFICE_TEXT.label("office"),
        CLOCK_AS_WRITTEN.label("clock"),
    )
    .select_from(sessions)
    .outerjoin(team, (team.c.id == sessions.c.person) & team.c.active)
    .outerjoin(contacts, contacts.c.id == sessions.c.person)
    .outerjoin(managers, managers.c.member == team.c.id)
    .outerjoin(second_factors, second_factors.c.member == team.c.id)
)
