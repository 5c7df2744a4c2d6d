"""The keys that make histories and documents unreadable for others: a file each, made on first use.

`<folder>/temporal-1.key`, `temporal-2.key` … each hold 32 random bytes in base64 and are never overwritten.
Only the first is made here. The one with the highest number seals, all open. A key's id comes from its secret
alone: a file put in another's place is noticed, and a key is found whatever its file is called.
"""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import NewType

from ..files import make_folder, write_new
from .sealing import ID_BYTES, key_id_of, open_sealed, seal

KEY_BYTES = 32
HISTORIES = "temporal"
DOCUMENTS = "documents"
"""The purpose of what the office itself stores: documents, and what its database keeps sealed."""

Mark = NewType("Mark", str)
"""What stands for an address or a name, made with a key: who has the database alone cannot guess them."""


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
    """One key: its id as in all that it sealed, the secret bytes, and its file's name."""

    id: str
    secret: bytes
    file: str

    def __repr__(self) -> str:
        return f"Key({self.id})"


class KeyRing:
    """All keys of one purpose. Reads the folder again when it meets an id it does not know.

    The key that was the newest at the opening seals until the next opening: that is when the office notes
    that it is used. `made` says that this opening made the first key.
    """

    def __init__(self, folder: Path, purpose: str, keys: tuple[Key, ...], *, made: bool = False) -> None:
        self._folder = folder
        self._purpose = purpose
        self._keys = keys
        self._newest = keys[-1]
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
        """Return the key that seals."""
        return self._newest

    def seal(self, content: bytes, bound_to: bytes) -> bytes:
        """Return content sealed with the newest key, to be opened with the same `bound_to` only."""
        return seal(self.newest.id, self.newest.secret, content, bound_to)

    def open_sealed(self, sealed: bytes, bound_to: bytes) -> bytes:
        """Return what was sealed with any of the keys.

        Raises MissingKeyError when its key is not here, KeyFileError when the folder cannot be read, and
        BrokenSealError when it was changed or is bound to something else.
        """
        return open_sealed(self.key(key_id_of(sealed)).secret, sealed, bound_to)

    def mark(self, who: str) -> Mark:
        """Return what stands for somebody without telling who: always the same, whichever keys are added."""
        own = hmac.digest(self.keys[0].secret, b"kantoor mark", "sha256")
        return Mark(hmac.new(own, who.encode(), "sha256").hexdigest())

    def key(self, key_id: str) -> Key:
        """Return the key with that id. Raises KeyFileError, a MissingKeyError when it is not here."""
        for _ in range(2):
            found = next((key for key in self._keys if key.id == key_id), None)
            if found:
                return found
            self.read_again()
        raise MissingKeyError(key_id, self._folder, self._purpose)

    def read_again(self) -> None:
        """Add what came into the folder, and keep what was removed. Raises KeyFileError."""
        fresh = _read(self._folder, self._purpose)
        here = {key.id for key in fresh}
        self._keys = (*(key for key in self._keys if key.id not in here), *fresh)


def names_in(folder: Path) -> list[str]:
    """Return the names of all files in a key folder; none when it does not exist. Raises KeyFileError."""
    try:
        return [file.name for file in folder.iterdir()]
    except FileNotFoundError:
        return []
    except OSError as error:
        raise KeyFileError(
            f"the key folder {folder} cannot be read: {error.strerror}",
            "check its permissions and KANTOOR_KEYS; nothing was changed or overwritten",
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
        mend = "check its permissions; nothing was changed or overwritten"
        raise KeyFileError(f"the key file {file} cannot be read: {error.strerror}", mend) from None
    except binascii.Error:
        secret = b""
    if len(secret) != KEY_BYTES:
        mend = "put it back from the backup; nothing was changed or overwritten"
        raise KeyFileError(f"{file} is not a {KEY_BYTES}-byte key in base64", mend)
    return Key(hashlib.sha256(b"kantoor key" + secret).hexdigest()[: 2 * ID_BYTES], secret, file.name)


def _make_first(folder: Path, purpose: str) -> None:
    """Write the first key whole or not at all; when another process was first, its key is the one."""
    try:
        make_folder(folder)
        write_new(folder / f"{purpose}-1.key", base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
    except FileExistsError:
        return
    except OSError as error:
        raise KeyFileError(f"no key can be written in {folder}: {error.strerror}") from None
