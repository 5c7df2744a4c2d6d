"""The dossier of a relation: what is in it, and one document of it."""

from sqlalchemy import Connection

from ..filing.outcome import Refusal
from ..office.filings.dossier import DossierLine as DossierLine
from ..office.filings.dossier import list_dossier
from ..office.relations.relation import all_numbers, find_relation
from ..suggest import nearest
from .desk import Desk


def dossier(desk: Desk, relation: str) -> tuple[DossierLine, ...] | Refusal:
    """Return the documents of a relation's dossier, the latest first.

    Raises DatabaseError, and KeyFileError or BrokenSealError when a name cannot be opened.
    """

    def ask(connection: Connection) -> tuple[DossierLine, ...] | Refusal:
        if find_relation(connection, relation) is None:
            near = nearest(relation, all_numbers(connection))
            meant = f" Bedoelt u {near}?" if near else ""
            return Refusal(code="unknown_relation", text=f"Relatie {relation} bestaat niet.{meant}")
        return list_dossier(connection, relation, desk.equipment.document_ring.open_sealed)

    return desk.read(ask)


def dossier_document(desk: Desk, relation: str, name: str) -> tuple[str, bytes] | Refusal:
    """Return a document of a dossier by its hash or the beginning of it, or by its name: name and bytes.

    Raises DatabaseError and DocumentError.
    """
    lines = dossier(desk, relation)
    if isinstance(lines, Refusal):
        return lines
    found = {line.hash: line for line in lines if line.name == name or line.hash.startswith(name)}
    if len(found) == 1:
        (line,) = found.values()
        return line.name, desk.equipment.documents.get(line.hash)
    if found:
        several = ", ".join(sorted(one[:12] for one in found))
        text = f"Er zijn meerdere documenten '{name}'; kies er één op kenmerk: {several}."
        return Refusal(code="several_documents", text=text)
    text = f"Het dossier van relatie {relation} heeft geen document '{name}'; zie `kantoor dossier list`."
    return Refusal(code="unknown_document", text=text)
