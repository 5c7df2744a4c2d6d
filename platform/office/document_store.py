"""The office's documents: content-addressed, encrypted, on disk; the database knows which there are.

A document's name is the SHA-256 of its plain bytes. Workflow, timeline and decisions carry that hash, so what
was approved can be proved. Files are AES-256-GCM; the name is authenticated with them, so a file under
another's name is refused.
"""

import errno
import hashlib
import os
import re
import secrets
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from ..plan import Model
from .database.engine import Database
from .database.tables import documents

_FORMAT = b"kd1"
_KEY_ID_SIZE = 8
_NONCE_SIZE = 12
_HEADER = len(_FORMAT) + _KEY_ID_SIZE + _NONCE_SIZE


class DocumentError(Exception):
    """A document cannot be stored or read; the message is one sentence fit for people."""


class DocumentMissingError(DocumentError):
    """The store has no such document."""


class DocumentDamagedError(DocumentError):
    """The file was changed or cut off: it no longer holds what its name says."""


class DocumentKeyError(DocumentError):
    """The document was encrypted with another key than the one at hand."""


class StoreUnwritableError(DocumentError):
    """The disk of the store is full, or its folder cannot be written."""


class Document(Model):
    """What the database knows of a document; `size` in bytes, `added_at` real time."""

    hash: str
    size: int
    media_type: str
    added_at: datetime


class DocumentStore:
    """The documents in one folder, encrypted with one key of 32 bytes.

    `others` gives the keys there are by now; it is asked when another than this one encrypted a document.
    """

    def __init__(
        self, folder: Path, key: bytes, database: Database, others: Callable[[], Iterable[bytes]] = tuple
    ) -> None:
        if len(key) != 32:
            raise ValueError("the key of the document store is 32 bytes")
        self._folder = folder
        self._key_id = _key_id(key)
        self._ciphers = {self._key_id: AESGCM(key)}
        self._others = others
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
            raise DocumentMissingError(f"there is no document {name[:12]}… in the store") from None
        except OSError as error:
            raise DocumentError(f"document {name[:12]}… cannot be read: {error.strerror}") from error
        return self._opened(name, sealed)

    def info(self, name: str) -> Document:
        """Return size and media type of a document. Raises DocumentMissingError and DatabaseError."""
        with self._database.read() as connection:
            row = connection.execute(select(documents).where(documents.c.hash == name)).mappings().first()
        if row is None:
            raise DocumentMissingError(f"there is no document {name[:12]}… in the store")
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

    def _sealed(self, name: str, content: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_SIZE)
        sealed = self._ciphers[self._key_id].encrypt(nonce, content, name.encode())
        return _FORMAT + self._key_id + nonce + sealed

    def _opened(self, name: str, sealed: bytes) -> bytes:
        if len(sealed) < _HEADER or not sealed.startswith(_FORMAT):
            raise DocumentDamagedError(f"document {name[:12]}… is damaged: restore it from a backup")
        key_id = sealed[len(_FORMAT) : len(_FORMAT) + _KEY_ID_SIZE]
        if key_id not in self._ciphers:
            self._ciphers |= {_key_id(one): AESGCM(one) for one in self._others()}
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise DocumentKeyError(f"document {name[:12]}… was stored with another key than the one at hand")
        nonce = sealed[_HEADER - _NONCE_SIZE : _HEADER]
        try:
            content = cipher.decrypt(nonce, sealed[_HEADER:], name.encode())
        except InvalidTag:
            raise DocumentDamagedError(
                f"document {name[:12]}… is damaged: restore it from a backup"
            ) from None
        return content

    def _write(self, name: str, content: bytes) -> None:
        path = self._path(name)
        part = path.with_name(f".{name}.{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_through(part, self._sealed(name, content))
            part.replace(path)
            _sync_folder(path.parent)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise _unwritable(error) from error


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"kantoor document key" + key).digest()[:_KEY_ID_SIZE]


def _write_through(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the new name durable; systems without folder handles (Windows) need nothing."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unwritable(error: OSError) -> StoreUnwritableError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreUnwritableError("the disk of the document store is full: make room and try again")
    return StoreUnwritableError(f"the folder of the document store cannot be written: {error.strerror}")
