"""The dossier of a relation: the documents that clients gave when they were asked for them (R8).

Written with the steps in which they were given, so that it can be made again from the events. The names of
files are personal data, and sealed; the documents themselves are in the store.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, String, bindparam, insert, select

from ...audience import CLIENT
from ...plan import Model
from ..database.questions import Question, list_rows
from ..database.tables import dossier

Seal = Callable[[bytes, bytes], bytes]


class EnclosureRecord(Model):
    """A document that was given for an item of a request: its hash, and the name and sort of its file."""

    hash: str
    name: str
    media_type: str


class DossierLine(Model):
    """One document of a dossier: where it was asked, when (office time) and by whom it was given.

    `item` is the label of what was asked.
    """

    filing: str
    request: str
    item: str
    hash: str
    name: str
    media_type: str
    at: datetime
    by: str
    audience: str | None = None


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


def list_dossier(connection: Connection, relation: str, open_sealed: Seal) -> tuple[DossierLine, ...]:
    """Return the documents of a relation's dossier, the latest first.

    Raises KeyFileError and BrokenSealError when a name cannot be opened.
    """
    rows = sorted(DOSSIER.ask(connection, relation=relation), key=lambda row: row[:3])
    latest_first = sorted(rows, key=lambda row: row.at, reverse=True)
    return tuple(_read_line(row._asdict(), open_sealed) for row in latest_first)


def _read_line(row: dict[str, Any], open_sealed: Seal) -> DossierLine:
    place = _place(row["filing"], row.pop("sequence"), row.pop("index"))
    del row["relation"]
    return DossierLine.model_validate(row | {"name": open_sealed(row["name"], place).decode()})


def _place(filing: str, sequence: int, index: int) -> bytes:
    """Return what the seal of a name is bound to."""
    return f"dossier {filing} {sequence} {index}".encode()


DOSSIER = Question(
    select(dossier).where(dossier.c.relation == bindparam("relation", type_=String)), list_rows, "relation"
)
"""What `list_dossier` reads, still sealed."""
