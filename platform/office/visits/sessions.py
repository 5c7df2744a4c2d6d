"""Sessions: who is signed in on which browser. A page reads one and writes nothing."""

from datetime import datetime

from sqlalchemy import Connection, delete

from ...plan import Model
from ..database.tables import sessions
from .tokens import digest_token, make_token


class Session(Model):
    """A session as it is kept, by the digest of its token; moments are real time."""

    token: str
    person: str
    made_at: datetime
    expires_at: datetime
    proved_at: datetime | None = None
    shown: str = ""


def begin_session(
    connection: Connection, person: str, *, at: datetime, until: datetime, proved_at: datetime | None = None
) -> str:
    """Begin a session and return its token."""
    token = make_token()
    row = Session(token=digest_token(token), person=person, made_at=at, expires_at=until, proved_at=proved_at)
    connection.execute(sessions.insert().values(**row.model_dump()))
    return token


def end_session(connection: Connection, token: str) -> None:
    """End a session, if it is there."""
    connection.execute(delete(sessions).where(sessions.c.token == digest_token(token)))


def end_sessions(connection: Connection, person: str) -> None:
    """End every session of somebody."""
    connection.execute(delete(sessions).where(sessions.c.person == person))


def prove_session(connection: Connection, token: str, at: datetime) -> None:
    """Write down that the second factor was given in a session."""
    connection.execute(sessions.update().where(sessions.c.token == digest_token(token)).values(proved_at=at))


def show_next(connection: Connection, token: str, text: str) -> None:
    """Have the next page of a session say something first: what the act before it brought about."""
    connection.execute(sessions.update().where(sessions.c.token == digest_token(token)).values(shown=text))
