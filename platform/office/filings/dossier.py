"""The dossier of a relation: what clients gave when they were asked (R8), and what colleagues put there.

The first is written with the steps in which it was given, so that it can be made again from the events. The
names of files are personal data, and sealed; the documents themselves are in the store.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, insert, select

from ...audience import CLIENT
from ...period import Period
from ...plan import DossierKind, Model
from ..database.columns import among
from ..database.questions import Question, list_rows
from ..database.tables import dossier, dossier_documents

Seal = Callable[[bytes, bytes], bytes]


class EnclosureRecord(Model):
    """A document that was given for an item of a request: its hash, and the name and sort of its file."""

    hash: str
    name: str
    media_type: str


class DossierLine(Model):
    """One document of a dossier: when (office time) and by whom it was given, and which year it is about.

    What a client sent says in which filing and request it was asked, and as what (`item`); what a colleague
    put there has an id and a kind instead. `place` says which document of its filing it is, since one content
    may have been sent for several things under several names.
    """

    filing: str = ""
    request: str = ""
    item: str = ""
    place: str = ""
    id: str = ""
    kind: DossierKind | None = None
    year: int | None = None
    hash: str
    name: str
    media_type: str
    at: datetime
    by: str
    audience: str | None = None

    @property
    def years(self) -> tuple[int, ...]:
        """Return the years that it is about: of what was sent for a filing, those of its period."""
        return self._period.years if self._period else (self.year,) if self.year else ()

    @property
    def year_words(self) -> str:
        """Return the year that it is about as a column has it; empty where it is of no year."""
        return self._period.year_words if self._period else str(self.year or "")

    @property
    def _period(self) -> Period | None:
        return Period.parse(self.filing.split("/")[3]) if self.filing else None


def file_documents(
    connection: Connection,
    filing: str,
    relation: str,
    sequence: int,
    given: Sequence[EnclosureRecord],
    *,
    request: str,
    item: str,
    at: datetime,
    by: str,
    seal: Seal,
) -> None:
    """File the documents of one step. Needs a writing connection."""
    rows = [
        {
            "filing": filing,
            "sequence": sequence,
            "index": index,
            "relation": relation,
            "request": request,
            "item": item,
            "hash": one.hash,
            "media_type": one.media_type,
            "audience": CLIENT,  # who gave it
            "name": seal(one.name.encode(), _place(filing, sequence, index)),
            "at": at,
            "by": by,
        }
        for index, one in enumerate(given)
    ]
    if rows:
        connection.execute(insert(dossier), rows)


def keep_document(
    connection: Connection, relation: str, line: DossierLine, seal: Seal, open_sealed: Seal
) -> DossierLine | None:
    """Put a colleague's document into a dossier; one that already exists under its id is returned as kept.

    None where that is another document, or is kept as something else: of another kind or year, or for others.
    Needs a writing connection. Raises KeyFileError and BrokenSealError.
    """
    known = select(dossier_documents).where(dossier_documents.c.id == line.id)
    there = connection.execute(known).mappings().first()
    if there is not None:
        kept = _read_own(dict(there), open_sealed)
        same = there["relation"] == relation and _identify(kept) == _identify(line)
        return kept if same else None
    row = line.model_dump(exclude={"filing", "request", "item", "place"})
    row |= {"relation": relation, "name": seal(line.name.encode(), _own_place(line.id))}
    connection.execute(insert(dossier_documents).values(**row))
    return line


def _identify(line: DossierLine) -> tuple[object, ...]:
    """Return what of a document must be the same for it to be the same one, sent again."""
    return line.hash, line.kind, line.year, line.audience


def list_dossier(connection: Connection, relation: str, open_sealed: Seal) -> tuple[DossierLine, ...]:
    """Return all documents of a relation's dossier, the latest first.

    Raises KeyFileError and BrokenSealError when a name cannot be opened.
    """
    query = select(dossier_documents).where(dossier_documents.c.relation == relation)
    own = (_read_own(dict(row), open_sealed) for row in connection.execute(query).mappings())
    found = [*own, *list_sent(connection, relation, open_sealed)]
    return tuple(sorted(found, key=lambda one: (one.at, one.id), reverse=True))


def list_for_clients(
    connection: Connection, relations: Collection[str], open_sealed: Seal
) -> tuple[tuple[str, DossierLine], ...]:
    """Return what colleagues put into these dossiers for the client, with its relation, the latest first.

    Raises KeyFileError and BrokenSealError when a name cannot be opened.
    """
    own = dossier_documents.c
    query = select(dossier_documents).where(among(own.relation, relations), own.audience == CLIENT)
    rows = connection.execute(query.order_by(own.at.desc(), own.id)).mappings()
    return tuple((row["relation"], _read_own(dict(row), open_sealed)) for row in rows)


def list_sent(connection: Connection, relation: str, open_sealed: Seal) -> tuple[DossierLine, ...]:
    """Return the documents that clients of a relation sent when they were asked, the latest first.

    Raises KeyFileError and BrokenSealError when a name cannot be opened.
    """
    rows = sorted(DOSSIER.ask(connection, relation=relation), key=lambda row: row[:3])
    latest_first = sorted(rows, key=lambda row: row.at, reverse=True)
    return tuple(_read_line(row._asdict(), open_sealed) for row in latest_first)


def pick_sent(
    lines: Sequence[DossierLine], request: str, item: str, hashes: Iterable[str]
) -> tuple[DossierLine, ...]:
    """Return what was sent for an item of a request of one filing, in whichever of its rounds, by content.

    What is known under other titles by now is found by its content alone.
    """
    found = []
    for one in hashes:
        same = [line for line in lines if line.hash == one]
        theirs = [line for line in same if (_stem(line.request), line.item) == (_stem(request), item)]
        found += (theirs or same)[:1]
    return tuple(found)


def find_sent(lines: Sequence[DossierLine], hash: str, place: str) -> DossierLine | None:
    """Return the line of a document, where its content was sent more than once that of a place."""
    same = [line for line in lines if line.hash == hash]
    return next((line for line in same if line.place == place), same[0] if same else None)


def _stem(request: str) -> str:
    """Return the id of a request without its round."""
    return request.rpartition(".")[0]


def _read_line(row: dict[str, Any], open_sealed: Seal) -> DossierLine:
    sequence, index = row.pop("sequence"), row.pop("index")
    place = _place(row["filing"], sequence, index)
    row["place"] = f"{sequence}-{index}"
    del row["relation"]
    row["year"] = int(row["filing"].split("/")[3][:4])  # the code of every period begins with its year
    return DossierLine.model_validate(row | {"name": open_sealed(row["name"], place).decode()})


def _read_own(row: dict[str, Any], open_sealed: Seal) -> DossierLine:
    del row["relation"]
    name = open_sealed(row["name"], _own_place(row["id"])).decode()
    return DossierLine.model_validate(row | {"name": name})


def _own_place(id: str) -> bytes:
    return f"dossier document {id}".encode()


def _place(filing: str, sequence: int, index: int) -> bytes:
    """Return what the seal of a name is bound to."""
    return f"dossier {filing} {sequence} {index}".encode()


DOSSIER = Question(
    select(dossier).where(dossier.c.relation == bindparam("relation", type_=String)), list_rows, "relation"
)
"""What `list_dossier` reads, still sealed."""
