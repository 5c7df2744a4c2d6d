"""When the programs that an office depends on were last heard of, by whoever asked them.

A worker notes that it looks and whether the Temporal server answers it; of the mail server and Digipoort it
is known from what was sent there. All moments are real time.
"""

from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from sqlalchemy import Connection, select

from .database.engine import Database
from .database.questions import Question
from .database.tables import programs

Program = Literal["worker", "temporal", "mail", "digipoort"]

KEPT = timedelta(seconds=15)
"""An answer so soon after one that is written down is not written down: a thousand mails are one answer."""


class Heard(NamedTuple):
    """When a program last answered, and since when it does not; None where that is not known, or not so."""

    answered_at: datetime | None
    silent_since: datetime | None


PROGRAMS: Question[dict[Program, Heard]] = Question(
    select(programs.c.name, programs.c.answered_at, programs.c.silent_since),
    lambda rows: {name: Heard(answered, silent) for name, answered, silent in rows},
)
"""What `read_programs` returns."""


def read_programs(connection: Connection) -> dict[Program, Heard]:
    """Return by program when it was last heard of."""
    return PROGRAMS.ask(connection)


def note_answer(database: Database, program: Program, at: datetime) -> None:
    """Write down that a program answered. Raises DatabaseError."""
    with database.read() as connection:
        known = read_programs(connection)[program]
    recent = known.answered_at is not None and known.answered_at > at - KEPT
    if recent and known.silent_since is None:
        return
    with database.write() as connection:
        _write(connection, program, Heard(at, None))


def note_silence(database: Database, program: Program, at: datetime) -> None:
    """Write down that a program did not answer, unless it is known not to. Raises DatabaseError."""
    with database.read() as connection:
        known = read_programs(connection)[program]
    if known.silent_since is None:
        with database.write() as connection:
            _write(connection, program, known._replace(silent_since=at))


def _write(connection: Connection, program: Program, heard: Heard) -> None:
    connection.execute(programs.update().where(programs.c.name == program).values(**heard._asdict()))
