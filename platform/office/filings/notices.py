"""Notices of authorities that were put into the office's inbox, and which filing went on by each."""

import hashlib
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from ...keys.ring import KeyRing
from ...plan import Model
from ..database.tables import notices


class NewNotice(Model):
    """A notice as it is put in; `filing` is the one that it is for, where a person says so."""

    relation: str
    kind: str
    date: date
    reference: str | None = None
    document: str
    by: str
    at: datetime
    filing: str | None = None


class StoredNotice(NewNotice):
    """A notice as the office holds it; `taken_at` is when its filing took it, in office time."""

    id: str
    taken_at: datetime | None


def notice_id(new: NewNotice) -> str:
    """Return what names a notice: the same letter of one kind about one relation is the same notice."""
    return hashlib.sha256(f"{new.relation}\n{new.kind}\n{new.document}".encode()).hexdigest()[:20]


def keep_notice(connection: Connection, new: NewNotice, ring: KeyRing) -> StoredNotice:
    """Keep a notice, once; another filing for one that none took yet is noted. Needs a writing connection."""
    id = notice_id(new)
    there = find_notice(connection, id, ring)
    if there is None:
        row = new.model_dump()
        if new.reference is not None:
            row["reference"] = ring.seal(new.reference.encode(), _place(id))
        connection.execute(notices.insert().values(id=id, **row))
    elif there.taken_at is None and new.filing and new.filing != there.filing:
        connection.execute(notices.update().where(notices.c.id == id).values(filing=new.filing))
    kept = find_notice(connection, id, ring)
    assert kept is not None
    return kept


def find_notice(connection: Connection, id: str, ring: KeyRing) -> StoredNotice | None:
    """Return a notice, or None. Raises KeyFileError and BrokenSealError when it cannot be opened."""
    row = connection.execute(select(notices).where(notices.c.id == id)).mappings().first()
    return None if row is None else _read(dict(row), ring)


def list_notices(
    connection: Connection, ring: KeyRing, *, open_only: bool = False
) -> tuple[StoredNotice, ...]:
    """Return the notices, the latest first; `open_only` those that no filing took yet.

    Raises KeyFileError and BrokenSealError when one cannot be opened.
    """
    query = select(notices).order_by(notices.c.at.desc(), notices.c.id)
    if open_only:
        query = query.where(notices.c.taken_at.is_(None))
    return tuple(_read(dict(row), ring) for row in connection.execute(query).mappings())


def _read(row: dict[str, Any], ring: KeyRing) -> StoredNotice:
    if row["reference"] is not None:
        row["reference"] = ring.open_sealed(row["reference"], _place(row["id"])).decode()
    return StoredNotice.model_validate(row)


def _place(id: str) -> bytes:
    """Return what a sealed reference is bound to."""
    return f"notice {id}".encode()


def act_id_of(id: str) -> str:
    """Return the id of the act by which a filing takes a notice."""
    return f"{_ACT}{id}"


def notice_taken(connection: Connection, filing: str, act_id: str, at: datetime) -> None:
    """Write down that a filing took a notice of the inbox by an act. Needs a writing connection."""
    mine = notices.c.id == act_id.removeprefix(_ACT)
    if act_id.startswith(_ACT):
        connection.execute(notices.update().where(mine).values(filing=filing, taken_at=at))


_ACT = "notice-"
