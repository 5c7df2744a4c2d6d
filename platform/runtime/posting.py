"""Noting from each mail that was tried whether the mail server answers."""

from datetime import UTC, datetime

from ..mail.smtp import Problem, SendingError
from ..office.database.engine import Database
from ..office.programs import note_answer, note_silence

SILENT = (Problem.UNREACHABLE, Problem.INSECURE, Problem.LOGIN, Problem.BROKEN_OFF)
"""With these nothing goes out, whoever it is for; a server that refuses a mail answers."""


def note_sending(database: Database, error: SendingError | None) -> None:
    """Write down whether the mail server answered, from how one sending ended. Raises DatabaseError."""
    if error is not None and error.problem in SILENT:
        note_silence(database, "mail", datetime.now(UTC))
    else:
        note_answer(database, "mail", datetime.now(UTC))
