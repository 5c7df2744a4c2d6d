"""What an office still has to do before its first filing."""

from typing import Literal

from sqlalchemy import Connection, Table, exists, select

from ..database.tables import filings, office_definitions, recurrences, relations

FirstStep = Literal["deploy", "import", "start"]


def find_first_step(connection: Connection) -> FirstStep | None:
    """Return what comes first: definitions, relations, a start; None once something was started."""
    if not _has_any(connection, office_definitions):
        return "deploy"
    if not _has_any(connection, relations):
        return "import"
    started = _has_any(connection, filings) or _has_any(connection, recurrences)
    return None if started else "start"


def _has_any(connection: Connection, table: Table) -> bool:
    return bool(connection.scalar(select(exists().select_from(table))))
