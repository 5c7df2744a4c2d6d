"""The office's documents: content-addressed, encrypted, on disk; the database knows which there are.

A document's name is the SHA-256 of its plain bytes. Workflow, timeline and decisions carry that hash, so what
was approved can be proved. Files are sealed and bound to that name: one under another's name is refused.
"""

import errno
import hashlib
import re
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


def _unwritable(error: OSError) -> StoreUnwritableError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreUnwritableError("the disk of the document store is full: free up space and try again")
    return StoreUnwritableError(f"the folder of the document store cannot be written: {error.strerror}")
