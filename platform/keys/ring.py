"""The keys that make histories and documents unreadable for others: a file each, made on first use.

`<folder>/temporal-1.key`, `temporal-2.key` … each hold 32 random bytes in base64 and are never overwritten.
Only the first is made here. The one with the highest number encrypts, all decrypt. A key's id comes from its
secret alone: a file put in another's place is noticed, and a key is found under whichever name it lies.
"""

import base64
import binascii
import hashlib
import os
import re
import secrets
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
HISTORIES = "temporal"
DOCUMENTS = "documents"
ID_DIGITS = 12
"""An id stands in every payload, so it is short: no two of an office's few keys will share one."""


class KeyFileError(Exception):
    """A key cannot be had; the message says which one and what to do, and holds no secret.

    `text` and `mend` are its two halves, for who shows them apart.
    """

    def __init__(self, text: str, mend: str = "") -> None:
        super().__init__(f"{text}. {mend[0].upper()}{mend[1:]}" if mend else text)
        self.text = text
        self.mend = mend


class NoKeyError(KeyFileError):
    """There is no key at all, and none may be made."""


class MissingKeyError(KeyFileError):
    """Something was encrypted with a key that is not here."""

    def __init__(self, key_id: str, folder: Path, purpose: str) -> None:
        super().__init__(
            f"key {key_id} is not in {folder}: what was encrypted with it cannot be read",
            f"put its file ({purpose}-….key) back from the backup; nothing was changed or overwritten",
        )
        self.key_id = key_id


@dataclass(frozen=True)
class Key:
    """One key: its id as it stands in every payload it encrypted, the secret bytes, and its file's name."""

    id: str
    secret: bytes
    file: str

    def __repr__(self) -> str:
        return f"Key({self.id})"


class KeyRing:
    """All keys of one purpose. Reads the folder again when it meets an id it does not know.

    `made` says that this opening made the first key.
    """

    def __init__(self, folder: Path, purpose: str, keys: tuple[Key, ...], *, made: bool = False) -> None:
        self._folder = folder
        self._purpose = purpose
        self._keys = keys
        self.made = made

    @classmethod
    def open(
        cls, folder: Path, purpose: str = HISTORIES, *, may_make: bool, needed: str | None = None
    ) -> "KeyRing":
        """Read the keys; make the first one if there is none and `may_make` says that this is first use.

        `needed` is the id of the key that the office used last. Raises MissingKeyError when that is not among
        them, NoKeyError when there is none and none may be made, and KeyFileError when the folder or a file
        cannot be read or a file holds no key.
        """
        keys = _read(folder, purpose)
        if needed is not None and needed not in {key.id for key in keys}:
            raise MissingKeyError(needed, folder, purpose)
        if keys:
            return cls(folder, purpose, keys)
        if may_make:
            _make_first(folder, purpose)
            keys = _read(folder, purpose)
        if not keys:
            mend = "put the key files back from the backup; none was made"
            raise NoKeyError(f"{folder} holds no {purpose}-….key", mend)
        return cls(folder, purpose, keys, made=True)

    @property
    def keys(self) -> tuple[Key, ...]:
        """Return all keys, oldest first."""
        return self._keys

    @property
    def ids(self) -> tuple[str, ...]:
        """Return the ids of all keys, oldest first."""
        return tuple(key.id for key in self._keys)

    @property
    def newest(self) -> Key:
        """Return the key that encrypts."""
        return self._keys[-1]

    def key(self, key_id: str) -> Key:
        """Return the key with that id. Raises KeyFileError, a MissingKeyError when it is not here."""
        for _ in range(2):
            found = next((key for key in self._keys if key.id == key_id), None)
            if found:
                return found
            self.read_again()
        raise MissingKeyError(key_id, self._folder, self._purpose)

    def seal(self, content: bytes, bound_to: bytes) -> bytes:
        """Encrypt bytes with the newest key; `bound_to` says what they belong to, and opens them again."""
        nonce = os.urandom(12)
        name = self.newest.id.encode()
        sealed = AESGCM(self.newest.secret).encrypt(nonce, zlib.compress(content), name + bound_to)
        return name + nonce + sealed

    def open_sealed(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Return what was sealed. Raises KeyFileError, a MissingKeyError when its key is not here."""
        name, nonce, rest = sealed[:ID_DIGITS], sealed[ID_DIGITS : ID_DIGITS + 12], sealed[ID_DIGITS + 12 :]
        try:
            packed = AESGCM(self.key(name.decode()).secret).decrypt(nonce, rest, name + bound_to)
        except (InvalidTag, UnicodeDecodeError):
            raise KeyFileError("sealed bytes were changed, or belong to something else") from None
        return zlib.decompress(packed)

    def read_again(self) -> None:
        """Add what came into the folder, and keep what was removed.

        When the newest was removed it encrypts on: what lies in its place may be another office's. Raises
        KeyFileError.
        """
        fresh = _read(self._folder, self._purpose)
        gone = tuple(key for key in self._keys if key.id not in {one.id for one in fresh})
        self._keys = fresh + gone if self.newest in gone else gone + fresh


def names_in(folder: Path) -> list[str]:
    """Return the names of all files in a key folder; none when it is not there. Raises KeyFileError."""
    try:
        return [file.name for file in folder.iterdir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise KeyFileError(
            f"the key folder {folder} cannot be read: {error.strerror}",
            "see the rights on it, and KANTOOR_KEYS; nothing was changed or overwritten",
        ) from None


def _read(folder: Path, purpose: str) -> tuple[Key, ...]:
    """Return the keys of a purpose by their numbers. Raises KeyFileError."""
    numbered = re.compile(rf"{purpose}-([1-9]\d*)\.key")
    files = {int(found[1]): folder / name for name in names_in(folder) if (found := numbered.fullmatch(name))}
    return tuple(_key(files[number]) for number in sorted(files))


def _key(file: Path) -> Key:
    try:
        secret = base64.b64decode(file.read_bytes().strip(), validate=True)
    except OSError as error:
        mend = "see the rights on it; nothing was changed or overwritten"
        raise KeyFileError(f"the key file {file} cannot be read: {error.strerror}", mend) from None
    except binascii.Error:
        secret = b""
    if len(secret) != KEY_BYTES:
        mend = "put it back from the backup; nothing was changed or overwritten"
        raise KeyFileError(f"{file} holds no key of {KEY_BYTES} bytes in base64", mend)
    return Key(hashlib.sha256(b"kantoor key" + secret).hexdigest()[:ID_DIGITS], secret, file.name)


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
        _keep_names(folder)
    except FileExistsError:
        return
    except OSError as error:
        raise KeyFileError(f"no key can be written in {folder}: {error.strerror}") from None


def _keep_names(folder: Path) -> None:
    """Have the folder's own entries on disk before anything is encrypted; Windows keeps them by itself."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
