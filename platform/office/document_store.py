"""The office's documents: content-addressed, encrypted, on disk; the database knows which there are.

A document's name is the SHA-256 of its plain bytes. Workflow, timeline and decisions carry that hash, so what
was approved can be proved. Files are sealed and bound to that name: one under another's name is refused.
"""

import errno
import hashlib
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from ..files import make_folder, write_whole
from ..keys.ring import KeyFileError, KeyRing
from ..keys.sealing import BrokenSealError
from ..plan import Model
from .database.engine import Database
from .database.tables import documents


class DocumentError(Exception):
    """A document cannot be stored or read; the message is one sentence fit for people."""


class DocumentMissingError(DocumentError):
    """The store has no such document."""


class DocumentDamagedError(DocumentError):
    """The file was changed or cut off: it no longer holds what its name says."""


class DocumentKeyError(DocumentError):
    """The document was encrypted under another key."""


class StoreUnwritableError(DocumentError):
    """The disk of the store is full, or its folder cannot be written."""


class Document(Model):
    """What the database knows of a document; `size` in bytes, `added_at` real time."""

    hash: str
    size: int
    media_type: str
    added_at: datetime


class DocumentStore:
    """The documents in one folder, sealed with one ring."""

    def __init__(self, folder: Path, ring: KeyRing, database: Database) -> None:
        self._folder = folder
        self._ring = ring
        self._database = database

    def put(self, content: bytes, media_type: str) -> str:
        """Store bytes and return their SHA-256 in hex; the same bytes again change nothing.

        On disk before it returns. Never call it inside a writing transaction: it makes one of its own.
        Raises DocumentError and DatabaseError.
        """
        name = hashlib.sha256(content).hexdigest()
        if not self._holds(name):
            self._write(name, content)
        row = {"hash": name, "size": len(content), "media_type": media_type, "added_at": datetime.now(UTC)}
        with self._database.write() as connection:
            there = connection.execute(select(documents.c.hash).where(documents.c.hash == name)).first()
            if there is None:
                connection.execute(documents.insert().values(**row))
        return name

    def get(self, name: str) -> bytes:
        """Return the bytes with this SHA-256, verified. Raises DocumentError."""
        path = self._path(name)
        try:
            sealed = path.read_bytes()
        except FileNotFoundError:
            raise DocumentMissingError(f"no document {name[:12]}… in the store") from None
        except OSError as error:
            raise DocumentError(f"document {name[:12]}… cannot be read: {error.strerror}") from error
        return self._open(name, sealed)

    def info(self, name: str) -> Document:
        """Return size and media type of a document. Raises DocumentMissingError and DatabaseError."""
        with self._database.read() as connection:
            row = connection.execute(select(documents).where(documents.c.hash == name)).mappings().first()
        if row is None:
            raise DocumentMissingError(f"no document {name[:12]}… in the store")
        return Document.model_validate(dict(row))

    def adopt(self) -> int:
        """Write down documents that lie in the folder and that the database does not know; return how many.

        It is older than they are, as after a copy was put back. What kind they are their bytes tell; one that
        cannot be read is left. Raises DatabaseError.
        """
        there = {file.name: file for file in self._folder.glob("[0-9a-f][0-9a-f]/*")}
        with self._database.read() as connection:
            known = set(connection.execute(select(documents.c.hash)).scalars())
        rows = []
        for name in sorted(there.keys() - known):
            if not re.fullmatch(r"[0-9a-f]{64}", name):
                continue
            try:
                content = self.get(name)
            except DocumentError:
                continue
            at = datetime.fromtimestamp(there[name].stat().st_mtime, UTC)
            kind = _recognize(content)
            rows.append({"hash": name, "size": len(content), "media_type": kind, "added_at": at})
        with self._database.write() as connection:
            again = set(connection.execute(select(documents.c.hash)).scalars())
            new = [row for row in rows if row["hash"] not in again]
            if new:
                connection.execute(documents.insert(), new)
        return len(new)

    def find_latest(self, since: datetime, media_type: str, *words: bytes) -> str | None:
        """Return the latest document since a moment that holds all these words. Raises DatabaseError."""
        query = select(documents.c.hash).where(
            documents.c.added_at >= since, documents.c.media_type == media_type
        )
        with self._database.read() as connection:
            names = list(connection.execute(query.order_by(documents.c.added_at.desc())).scalars())
        return next((name for name in names if self._has(name, words)), None)

    def _has(self, name: str, words: Iterable[bytes]) -> bool:
        try:
            content = self.get(name)
        except DocumentError:
            return False
        return all(word in content for word in words)

    def _path(self, name: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{64}", name):
            raise DocumentMissingError("a document is named by its SHA-256: 64 digits and letters a to f")
        return self._folder / name[:2] / name

    def _holds(self, name: str) -> bool:
        """Say whether the store has the document whole; a damaged one is written again."""
        try:
            self.get(name)
        except DocumentKeyError:
            raise
        except DocumentError:
            return False
        return True

    def _open(self, name: str, sealed: bytes) -> bytes:
        try:
            return self._ring.open_sealed(sealed, name.encode())
        except KeyFileError:
            text = f"document {name[:12]}… was stored with another key than those at hand"
            raise DocumentKeyError(text) from None
        except BrokenSealError:
            text = f"document {name[:12]}… is damaged: restore it from a backup"
            raise DocumentDamagedError(text) from None

    def _write(self, name: str, content: bytes) -> None:
        path = self._path(name)
        try:
            make_folder(path.parent)
            write_whole(path, self._ring.seal(content, name.encode()))
        except OSError as error:
            raise _unwritable(error) from error


def _recognize(content: bytes) -> str:
    """Return the media type of bytes of which nobody wrote it down."""
    if content.startswith(b"%PDF-"):
        return "application/pdf"
    if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        return "application/xml"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "application/octet-stream"
    return "text/plain"


def _unwritable(error: OSError) -> StoreUnwritableError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreUnwritableError("the disk of the document store is full: free up space and try again")
    return StoreUnwritableError(f"the folder of the document store cannot be written: {error.strerror}")
