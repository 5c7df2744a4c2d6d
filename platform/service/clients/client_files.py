"""Bytes that a client may have: renderings and documents that were shown to them, and what clients sent."""

from sqlalchemy import Connection

from ...filing.events import Shown
from ...office.filings.dossier import find_sent
from ..access import Visitor
from ..desk import Desk
from ..filings.audiences import find_versions
from ..uploads import name_by_content
from .client_cases import find_client_case
from .client_requests import list_sent


def read_rendering(desk: Desk, visitor: Visitor, key: str, hash: str) -> bytes | None:
    """Return a rendering by its hash, unchanged; None where it was not shown to this contact.

    Raises DatabaseError, UnreadableStateError and DocumentError.
    """
    shown = desk.read(lambda connection: _list_shown(connection, desk, visitor, key))
    theirs = any(one.rendering == hash for one, _ in shown)
    return desk.equipment.documents.get(hash) if theirs else None


def read_document(desk: Desk, visitor: Visitor, key: str, hash: str) -> tuple[str, str, bytes] | None:
    """Return name, media type and bytes of a document by its hash; None where it is not for this contact."""
    shown = desk.read(lambda connection: _list_shown(connection, desk, visitor, key))
    title = next((title for one, title in shown if one.hash == hash), None)
    if title is None:
        return None
    content = desk.equipment.documents.get(hash)
    return *name_by_content(title, content), content


def read_sent(
    desk: Desk, visitor: Visitor, key: str, hash: str, place: str = ""
) -> tuple[str, str, bytes] | None:
    """Return name, media type and bytes of a file that a client sent; None where it is not theirs."""

    def ask(connection: Connection) -> tuple[str, str] | None:
        case = find_client_case(connection, desk, visitor, key)
        lines = list_sent(connection, desk, case) if case else ()
        line = find_sent(lines, hash, place)
        return (line.name, line.media_type) if line else None

    found = desk.read(ask)
    return None if found is None else (*found, desk.equipment.documents.get(hash))


def _list_shown(
    connection: Connection, desk: Desk, visitor: Visitor, key: str
) -> tuple[tuple[Shown, str], ...]:
    case = find_client_case(connection, desk, visitor, key)
    versions = find_versions(case.view, case.viewer) if case else {}
    return tuple((shown, document.title) for document, shown in versions.values())
