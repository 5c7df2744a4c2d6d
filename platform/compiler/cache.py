"""What was found wrong with definitions, kept between runs: the same texts need no second look.

An entry is named by a digest of all that the answer hangs on: every text with its path in the folder, the
files of kantoor's compiler themselves, Python, and the libraries that read texts. It holds diagnostics
alone, as JSON that is checked by its digest and its types. Whatever is wrong with an entry, or with the
folder of entries, is as if there was none: the definitions are checked, and it is written again.

Entries lie in the user's own cache folder, so that an office's repository has nothing to ignore. That user
alone can read them, and the oldest make way for new ones.
"""

import hashlib
import os
import re
import stat
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec

from ..files import make_folder, write_whole
from .compilation import Checked, compile_texts
from .definitions import Texts, read_folder
from .diagnostics import Diagnostic, Related, Span, all_codes
from .silencing import Silenced
from .source import Reading, decode
from .source_text import Source

VARIABLE = "KANTOOR_CACHE"
"""Names another folder in the environment; empty for no cache."""
MOST_ENTRIES, MOST_BYTES, LARGEST = 100, 20_000_000, 4_000_000
"""So many entries are kept, of so many bytes together; a larger one is not written."""

_NAME = re.compile(r"\.?[0-9a-f]{64}\.json(?:\.[0-9a-f]{8})?")
"""An entry, or one whose writing was cut off."""
_ROOT = Path(__file__).parents[1]
_LIBRARIES = ("kantoor", "holidays", "jinja2", "pydantic", "pydantic-core", "ruamel.yaml", "ruamel.yaml.clib")

Place = Annotated[int, msgspec.Meta(ge=1)]


class _Span(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    path: str
    line: Place
    column: Place
    end_line: Place
    end_column: Place


class _Found(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    code: str
    message: str
    span: _Span
    help: str | None
    related: tuple[tuple[str, _Span], ...]
    also: tuple[_Span, ...]


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    count: int
    diagnostics: tuple[_Found, ...]
    silenced: tuple[tuple[_Found, str], ...]
    without_text: tuple[str, ...]
    """The paths that something is said of and whose text is not shown."""
    wrong: tuple[str, ...]
    """The paths of files with errors."""
    roles: tuple[str, ...]


class Outcome(NamedTuple):
    """What is known of some texts without what is said of them, for which every check has to be loaded.

    `wrong` are the paths of files with errors, `without_text` those whose text is not shown, `roles` those
    that a template names.
    """

    wrong: tuple[str, ...]
    without_text: tuple[str, ...]
    roles: tuple[str, ...]


def find_folder(environment: Mapping[str, str]) -> Path | None:
    """Return the folder of entries: in KANTOOR_CACHE, else in the user's own folder for caches, else none."""
    named, user = environment.get(VARIABLE), Path(environment.get("XDG_CACHE_HOME", ""))
    with suppress(RuntimeError):  # nobody's home
        if named is not None:
            return Path(named).expanduser() / "check" if named else None
        return (user if user.is_absolute() else Path.home() / ".cache") / "kantoor" / "check"
    return None


def check_definitions(folder: Path, entries: Path | None) -> Checked:
    """Return what is wrong with the definitions in a folder, from the folder of entries where it is known.

    Never raises for the content of either.
    """
    texts = read_folder(folder)
    checked = find_checked(folder, texts, entries)
    if checked is None:
        checked = compile_texts(folder, texts)
        keep_checked(checked, texts, entries)
    return checked


def find_checked(folder: Path, texts: Texts, entries: Path | None) -> Checked | None:
    """Return what is known to be wrong with the texts of a folder; None where nobody looked or kept it."""
    name = _name_entry(texts) if entries else None
    known = _read_entry(entries / name, name) if entries and name else None
    return _open_entry(known, folder, texts) if known else None


def find_outcome(texts: Texts, entries: Path | None) -> Outcome | None:
    """Return which files of some texts are known to have errors; None where nobody looked or kept it."""
    name = _name_entry(texts) if entries else None
    known = _read_entry(entries / name, name) if entries and name else None
    return Outcome(known.wrong, known.without_text, known.roles) if known else None


def keep_checked(checked: Checked, texts: Texts, entries: Path | None) -> None:
    """Keep what was found wrong with some texts, where there is a folder of entries. Never raises."""
    name = _name_entry(texts) if entries else None
    if entries and name:
        with suppress(OSError, ValueError):  # a full disk; half a character, which no file can hold
            _write_entry(entries / name, name, _make_entry(checked, texts))
            _remove_oldest(entries)


def _name_entry(texts: Texts) -> str | None:
    """Return the name of the entry of some texts; None where an answer hangs on more than these."""
    if texts.unreadable:
        return None
    try:
        digest = sha256(_stamp())
    except (OSError, PackageNotFoundError):
        return None
    for path, content in texts.files.items():
        if isinstance(content, Reading) or not path.isprintable():
            return None
        _add(digest, path, content)
    return f"{digest.hexdigest()}.json"


@lru_cache(maxsize=1)
def _stamp() -> bytes:
    """Return a digest of what reads definitions: Python, its libraries and kantoor's own files."""
    digest = sha256(repr((sys.version, [(name, version(name)) for name in _LIBRARIES])).encode())
    for file in list_own_files():
        _add(digest, file.relative_to(_ROOT).as_posix(), file.read_bytes())
    return digest.digest()


def _add(digest: "hashlib._Hash", path: str, content: bytes) -> None:
    name = path.encode()
    digest.update(b"%d %d\n%b%b" % (len(name), len(content), name, content))


def list_own_files() -> list[Path]:
    """Return the files of kantoor that an answer hangs on."""
    below = (_ROOT / "compiler").rglob("*")
    files = (file for file in (*_ROOT.glob("*.py"), *below) if file.suffix != ".pyc" and file.is_file())
    return sorted(files)


def _read_entry(file: Path, name: str) -> _Entry | None:
    with suppress(OSError, ValueError, RecursionError):
        if not _is_own(file.parent.stat()):
            return None
        handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode) or not _is_own(status) or status.st_size > LARGEST:
                return None
            digest, _, body = stream.read().partition(b"\n")
        if digest == _seal(name, body):
            entry = msgspec.json.decode(body, type=_Entry)
            with suppress(OSError):
                os.utime(file)  # what was used last is kept longest
            return entry
    return None


def _write_entry(file: Path, name: str, entry: _Entry) -> None:
    body = msgspec.json.encode(entry)
    if len(body) < LARGEST:
        make_folder(file.parent)
        if _is_own(file.parent.stat()):
            write_whole(file, b"%b\n%b" % (_seal(name, body), body))


def _seal(name: str, body: bytes) -> bytes:
    """Return what says that an entry is whole and has its own name."""
    return sha256(name.encode() + body).hexdigest().encode()


def _is_own(status: os.stat_result) -> bool:
    """Say whether something is this user's, and nobody else can write it."""
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _remove_oldest(entries: Path) -> None:
    """Remove what was not used for longest, and no other files; another process may do the same."""
    found: list[tuple[float, int, str]] = []
    for one in os.scandir(entries):
        if _NAME.fullmatch(one.name):
            with suppress(FileNotFoundError):
                status = one.stat(follow_symlinks=False)
                found.append((status.st_mtime, status.st_size, one.path))
    room = MOST_BYTES
    for number, (_, size, path) in enumerate(sorted(found, reverse=True)):
        room -= size
        if number >= MOST_ENTRIES or room < 0:
            Path(path).unlink(missing_ok=True)


def _make_entry(checked: Checked, texts: Texts) -> _Entry:
    shown = {path: decode(content) for path, content in texts.files.items() if isinstance(content, bytes)}
    return _Entry(
        checked.count,
        tuple(map(_close, checked.diagnostics)),
        tuple((_close(one.diagnostic), one.reason) for one in checked.silenced),
        tuple(path for path, source in checked.sources.items() if source.text != shown.get(path)),
        tuple(sorted({one.span.path for one in checked.errors})),
        checked.roles,
    )


def _open_entry(entry: _Entry, folder: Path, texts: Texts) -> Checked | None:
    """Return what an entry says of the texts in a folder; None where it is not of this version."""
    sources = {path: Source(path, "") for path in entry.without_text}
    for path, content in texts.files.items():
        if path not in sources and isinstance(content, bytes):
            sources[path] = Source(path, decode(content))
    try:
        return Checked(
            folder=folder,
            diagnostics=tuple(map(_open, entry.diagnostics)),
            sources=sources,
            count=entry.count,
            silenced=tuple(Silenced(_open(found), reason) for found, reason in entry.silenced),
            roles=entry.roles,
        )
    except KeyError:
        return None


def _close(diagnostic: Diagnostic) -> _Found:
    related = tuple((one.note, _Span(*one.span[:])) for one in diagnostic.related)
    span = _Span(*diagnostic.span[:])
    also = tuple(_Span(*place[:]) for place in diagnostic.also)
    return _Found(diagnostic.code.id, diagnostic.message, span, diagnostic.help, related, also)


def _open(found: _Found) -> Diagnostic:
    related = tuple(Related(note, _open_span(span)) for note, span in found.related)
    also = tuple(map(_open_span, found.also))
    code, span = all_codes()[found.code], _open_span(found.span)
    return Diagnostic(code, found.message, span, found.help, related, also=also)


def _open_span(span: _Span) -> Span:
    return Span(span.path, span.line, span.column, span.end_line, span.end_column)
