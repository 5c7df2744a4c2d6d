"""The dossier of a relation: what is in it, one document of it, and putting one there."""

from collections.abc import Sequence
from typing import Literal
from uuid import uuid4

from sqlalchemy import Connection

from ...audience import CLIENT
from ...filing.outcome import Refusal
from ...office.filings.dossier import DossierLine as DossierLine
from ...office.filings.dossier import keep_document, list_dossier, list_for_clients
from ...office.office_clock import office_now
from ...office.people import TeamMember, find_person, relations_of
from ...office.relations.relation import all_numbers, all_relations, find_relation
from ...plan import DossierKind, Model
from ...suggest import nearest
from ...words import DOSSIER_KIND_WORDS, say_choices
from ..access import Visitor
from ..desk import Desk
from ..unknown import refuse_other_than_member
from ..uploads import Upload

EARLIEST = 1900
AHEAD = 2
"""A document may be about a year so far ahead, such as a contract."""
Sort = Literal[DossierKind, "sent"]
"""What a dossier is narrowed by: a kind, or what clients sent when they were asked."""


class ClientDocument(Model):
    """A document that a colleague put into a dossier for the client; `relation` is a name."""

    id: str
    name: str
    kind: DossierKind
    year: int | None
    relation: str


def dossier(
    desk: Desk, relation: str, sort: Sort | None = None, year: int | None = None
) -> tuple[DossierLine, ...] | Refusal:
    """Return the documents of a relation's dossier, the latest first: all, or of a sort and about a year.

    Raises DatabaseError, and KeyFileError or BrokenSealError when a name cannot be opened.
    """

    def ask(connection: Connection) -> tuple[DossierLine, ...] | Refusal:
        if find_relation(connection, relation) is None:
            return _refuse_relation(connection, relation)
        lines = list_dossier(connection, relation, desk.equipment.document_ring.open_sealed)
        return narrow(lines, sort, year)

    return desk.read(ask)


def narrow(lines: Sequence[DossierLine], sort: Sort | None, year: int | None) -> tuple[DossierLine, ...]:
    """Return the documents of a sort and about a year; None is any."""
    about = (one for one in lines if year is None or year in one.years)
    return tuple(one for one in about if sort in (None, one.kind or "sent"))


def put_document(
    desk: Desk,
    who: str,
    relation: str,
    upload: Upload,
    kind: str,
    year: int | None,
    *,
    for_client: bool = False,
    act: str | None = None,
) -> DossierLine | Refusal:
    """Put a document into a relation's dossier, as a colleague; the same act again puts it there once.

    Raises DatabaseError, DocumentError, KeyFileError and BrokenSealError.
    """
    known = next((one for one in DOSSIER_KIND_WORDS if one == kind), None)
    if known is None:
        kinds = say_choices(DOSSIER_KIND_WORDS)
        return Refusal(code="unknown_kind", text=f"De soort '{kind}' bestaat niet. Kies uit: {kinds}.")
    refusal = desk.read(lambda connection: _refuse(connection, who, relation, year))
    if refusal:
        return refusal
    stored = desk.equipment.documents.put(upload.content, upload.media_type)
    with desk.equipment.database.write() as connection:
        member = find_person(connection, who)
        assert isinstance(member, TeamMember)
        line = DossierLine(
            id=act or uuid4().hex,
            kind=known,
            year=year,
            hash=stored,
            name=upload.name,
            media_type=upload.media_type,
            at=office_now(connection),
            by=member.id,
            audience=CLIENT if for_client else None,
        )
        ring = desk.equipment.document_ring
        kept = keep_document(connection, relation, line, ring.seal, ring.open_sealed)
    return kept or Refusal(code="act_taken", text="Dit formulier is al verstuurd. Open het opnieuw.")


def _refuse(connection: Connection, who: str, relation: str, year: int | None) -> Refusal | None:
    member = find_person(connection, who)
    if not isinstance(member, TeamMember):
        return refuse_other_than_member(connection, who, member, "documenten in een dossier zetten")
    if find_relation(connection, relation) is None:
        return _refuse_relation(connection, relation)
    last = office_now(connection).year + AHEAD
    if year is not None and not EARLIEST <= year <= last:
        text = f"Het jaar {year} kan niet kloppen: het ligt tussen {EARLIEST} en {last}."
        return Refusal(code="wrong_year", text=text, field="jaar")
    return None


def _refuse_relation(connection: Connection, relation: str) -> Refusal:
    near = nearest(relation, all_numbers(connection))
    meant = f" Bedoelt u {near}?" if near else ""
    return Refusal(code="unknown_relation", text=f"Relatie {relation} bestaat niet.{meant}")


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
    text = f"Het dossier van relatie {relation} heeft geen document '{name}'."
    return Refusal(code="unknown_document", text=text, see="dossier")


def list_client_documents(desk: Desk, visitor: Visitor) -> tuple[ClientDocument, ...]:
    """Return what colleagues put into the dossiers of a contact's relations for the client, the latest first.

    Raises DatabaseError, KeyFileError and BrokenSealError.
    """

    def ask(connection: Connection) -> tuple[ClientDocument, ...]:
        found = _list_theirs(connection, desk, visitor)
        numbers = {relation for relation, _ in found}
        names = {one.number: one.name for one in all_relations(connection, numbers)} if numbers else {}
        return tuple(
            ClientDocument(id=line.id, name=line.name, kind=line.kind, year=line.year, relation=names[number])
            for number, line in found
            if line.kind
        )

    return desk.read(ask)


def read_client_document(desk: Desk, visitor: Visitor, id: str) -> tuple[str, str, bytes] | None:
    """Return name, media type and bytes of such a document; None where it is not for this contact.

    Raises DatabaseError, DocumentError, KeyFileError and BrokenSealError.
    """
    found = desk.read(lambda connection: _list_theirs(connection, desk, visitor))
    line = next((one for _, one in found if one.id == id), None)
    return (line.name, line.media_type, desk.equipment.documents.get(line.hash)) if line else None


def _list_theirs(connection: Connection, desk: Desk, visitor: Visitor) -> tuple[tuple[str, DossierLine], ...]:
    numbers = relations_of(connection, visitor.id) if visitor.kind == "client" else ()
    open_sealed = desk.equipment.document_ring.open_sealed
    return list_for_clients(connection, numbers, open_sealed) if numbers else ()
