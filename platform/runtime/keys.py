"""The keys that make histories and documents unreadable for others: a file each, made on first use.

`<folder>/temporal-1.key`, `temporal-2.key` … each hold 32 random bytes in base64 and are never overwritten.
Only the first is made here. The newest encrypts, all decrypt. A key's id is its number with a fingerprint, so
that a file put in another's place is noticed.
"""

import base64
import binascii
import hashlib
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path

KEY_BYTES = 32
HISTORIES = "temporal"
DOCUMENTS = "documents"
_NUMBER = re.compile(r"[1-9]\d*")


class KeyFileError(Exception):
    """A key cannot be had; the message says which one and what to do, and holds no secret."""


class MissingKeyError(KeyFileError):
    """Something was encrypted with a key that is not here."""

    def __init__(self, key_id: str, folder: Path) -> None:
        super().__init__(
            f"key {key_id} is not in {folder}: what was encrypted with it cannot be read. "
            "Put its file back from the backup; nothing was overwritten"
        )
        self.key_id = key_id


@dataclass(frozen=True)
class Key:
    """One key: its id as it stands in every payload it encrypted, and the secret bytes."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        return f"Key({self.id})"


class KeyRing:
    """All keys of one purpose. Reads the folder again when it meets an id it does not know."""

    def __init__(self, folder: Path, purpose: str, keys: dict[int, Key]) -> None:
        self._folder = folder
        self._purpose = purpose
        self._keys = keys

    @classmethod
    def open(cls, folder: Path, purpose: str = HISTORIES, *, may_make: bool) -> "KeyRing":
        """Read the keys; make the first one if there is none and `may_make` says that this is first use.

        Raises KeyFileError when there is no key and none may be made, or a file holds no key.
        """
        keys = _read(folder, purpose)
        if not keys and not may_make:
            raise KeyFileError(
                f"{folder} holds no {purpose}-….key, and there are filings that were encrypted with one: "
                "none of them can be read. Put the key files back from the backup; no new one was made"
            )
        if not keys:
            _make_first(folder, purpose)
            keys = _read(folder, purpose)
        return cls(folder, purpose, keys)

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all keys, oldest first."""
        return tuple(self._keys[number].id for number in sorted(self._keys))

    @property
    def newest(self) -> Key:
        """Return the key that encrypts."""
        return self._keys[max(self._keys)]

    def key(self, key_id: str) -> Key:
        """Return the key with that id; raises MissingKeyError."""
        for _ in range(2):
            found = next((k for k in self._keys.values() if k.id == key_id), None)
            if found:
                return found
            self._keys = _read(self._folder, self._purpose) or self._keys
        raise MissingKeyError(key_id, self._folder)


def _read(folder: Path, purpose: str) -> dict[int, Key]:
    keys = {}
    for file in folder.glob(f"{purpose}-*.key") if folder.is_dir() else ():
        number = file.stem.removeprefix(f"{purpose}-")
        if _NUMBER.fullmatch(number):
            keys[int(number)] = _key(int(number), file)
    return keys


def _key(number: int, file: Path) -> Key:
    try:
        secret = base64.b64decode(file.read_bytes().strip(), validate=True)
    except OSError as error:
        raise KeyFileError(f"{file} cannot be read: {error.strerror}") from None
    except binascii.Error:
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyFileError(f"{file} holds no key of {KEY_BYTES} bytes in base64; put it back from the backup")
    return Key(f"{number}-{hashlib.sha256(secret).hexdigest()[:8]}", secret)


def _make_first(folder: Path, purpose: str) -> None:
    """Write the first key whole or not at all; when another process was first, its key is the one."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=folder)  # readable for its owner alone
        written = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
                file.flush()
                os.fsync(file.fileno())
            os.link(written, folder / f"{purpose}-1.key")  # refuses an existing name, unlike a rename
        finally:
            written.unlink()
    except FileExistsError:
        return
    except OSError as error:
        raise KeyFileError(f"no key can be written in {folder}: {error.strerror}") from None
