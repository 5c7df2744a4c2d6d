"""What the simulator took, on disk: a journal of JSON lines and the contents beside it.

`journal.jsonl` has one line for each delivery that was taken, in order, with these keys:

* `kenmerk`, `identity`, `identity_kind`, `message_kind`, `aanleverkenmerk`;
* `sha256`: of the delivered bytes, which lie in `contents/<sha256>`;
* `accepted`: real time, ISO, UTC;
* `scenario`; `course`: its statuses, so that a restart tells the same story;
* `final_status`: the code in which that course ends, null when it does not end. It is known from the first
  moment on, and given out when its time comes.

`refused.jsonl` has one line for each delivery that a scenario answered without taking it; those count for the
script's numbers only. A last line without its line feed was being written when the process was killed:
nothing was acknowledged for it, and it is dropped.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ....files import make_folder, make_private, sync_folder, write_whole
from .scenarios import Step


class JournalError(Exception):
    """The journal holds what the simulator did not write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One delivery that was taken."""

    kenmerk: str
    identity: str = field(repr=False)
    identity_kind: str
    message_kind: str
    aanleverkenmerk: str
    sha256: str
    accepted: datetime
    scenario: str
    course: tuple[Step, ...] = field(repr=False)
    final_status: str | None

    def line(self) -> dict[str, Any]:
        """Return the entry as a line of the journal."""
        return asdict(self) | {"accepted": self.accepted.isoformat()}

    @classmethod
    def read(cls, line: dict[str, Any]) -> "Entry":
        """Read a line of the journal."""
        try:
            course = tuple(Step(**step) for step in line["course"])
            return cls(**(line | {"accepted": datetime.fromisoformat(line["accepted"]), "course": course}))
        except (KeyError, TypeError, ValueError):
            raise JournalError("a line of the simulator's journal is of another version") from None


class Journal:
    """The state folder of a simulator. One process at a time writes it."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, made when absent, and read what it holds. Raises OSError or JournalError."""
        self._contents = folder / "contents"
        make_folder(self._contents)
        self._taken = _Lines(folder / "journal.jsonl")
        self._refused = _Lines(folder / "refused.jsonl")
        sync_folder(folder)
        entries = [Entry.read(line) for line in self._taken.read()]
        self.entries = {entry.kenmerk: entry for entry in entries}
        self._attempts: dict[str, int] = {}
        for identity in (*(entry.identity for entry in entries), *map(_read_identity, self._refused.read())):
            self._count(identity)

    def attempts(self, identity: str) -> int:
        """Return how many deliveries of an identity arrived so far, refused ones included."""
        return self._attempts.get(identity, 0)

    def take(self, entry: Entry, content: bytes) -> None:
        """Write a delivery down, so that it survives a crash. Raises OSError: then nothing is taken."""
        self._store(content, entry.sha256)
        self._taken.append(entry.line())
        self.entries[entry.kenmerk] = entry
        self._count(entry.identity)

    def refuse(self, identity: str, scenario: str, at: datetime) -> None:
        """Write down that a delivery was answered without being taken. Raises OSError."""
        self._refused.append({"identity": identity, "scenario": scenario, "at": at.isoformat()})
        self._count(identity)

    def of(self, identity: str, identity_kind: str, message_kind: str) -> list[Entry]:
        """Return the deliveries of an identity and message kind, oldest first."""
        wanted = (identity, identity_kind, message_kind)
        return [
            entry
            for entry in self.entries.values()
            if (entry.identity, entry.identity_kind, entry.message_kind) == wanted
        ]

    def close(self) -> None:
        """Close the files."""
        self._taken.close()
        self._refused.close()

    def _count(self, identity: str) -> None:
        self._attempts[identity] = self.attempts(identity) + 1

    def _store(self, content: bytes, digest: str) -> None:
        file = self._contents / digest
        if not file.exists():
            write_whole(file, content)


def read_journal(path: Path) -> tuple[Entry, ...]:
    """Read the journal of a simulator, running or not; `path` is its folder or its journal.jsonl.

    Raises JournalError.
    """
    file = path / "journal.jsonl" if path.is_dir() else path
    if not file.exists():
        return ()
    return tuple(Entry.read(line) for line in _complete_lines(file.read_bytes()))


def digest(content: bytes) -> str:
    """Return the SHA-256 of content in hexadecimal, as in `Entry.sha256`."""
    return sha256(content).hexdigest()


class _Lines:
    """A file of JSON lines that is appended to, each line on disk before `append` returns."""

    def __init__(self, file: Path) -> None:
        make_private(file)
        self._stream = file.open("a+b", buffering=0)
        self._stream.seek(0)
        whole = self._stream.read().rfind(b"\n") + 1
        self._stream.truncate(whole)

    def read(self) -> list[dict[str, Any]]:
        self._stream.seek(0)
        return list(_complete_lines(self._stream.read()))

    def append(self, line: dict[str, Any]) -> None:
        data = json.dumps(line, ensure_ascii=False).encode() + b"\n"
        end = self._stream.seek(0, os.SEEK_END)
        try:
            if self._stream.write(data) != len(data):
                raise OSError("the disk took half a line")
            os.fsync(self._stream.fileno())
        except OSError:
            self._stream.truncate(end)
            raise

    def close(self) -> None:
        self._stream.close()


def _complete_lines(data: bytes) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(data[: data.rfind(b"\n") + 1].splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError:
            raise JournalError(f"line {number} of the simulator's journal is damaged") from None


def _read_identity(refused: dict[str, Any]) -> str:
    try:
        return str(refused["identity"])
    except (KeyError, TypeError):
        raise JournalError("a line of the simulator's refused.jsonl is of another version") from None
