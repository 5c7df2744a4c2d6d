"""Macros in files of office programs, found by what is in a file, whatever its parts are called.

Nothing is run or laid out here. How much is unpacked is bounded, and what goes over it counts as unreadable.
"""

import html
import re
import zipfile
import zlib
from io import BytesIO

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""How a file of an older office program begins; so do the macros in a newer one."""
_ZIP = b"PK\x03\x04"
_MOST_PARTS = 10_000
_MOST_UNPACKED = 100_000_000
_DEEPEST = 3
"""Archives in an archive that are looked into."""

_NAME_EVERY = 128
"""Where the directory of an older file has the names of what is in it; elsewhere the same signs are text."""
_IN_DIRECTORY = re.compile(
    b"|".join(re.escape(name.encode("utf-16-le")) for name in ("_VBA_PROJECT", "VBA\0")), re.IGNORECASE
)
_SHEET = re.compile(rb"(?s)\x85\0(..).{4}[\0-\x02]\x01(.)")
"""How an older Excel file lists a sheet of macros: the length of the record, where the sheet is, that it is
hidden, that it holds macros, and the length of its name."""
_SAID = ("vbaproject", "vbadata", "macroenabled", "macrosheet")
"""What a newer file says of its macros, in its list of kinds or where one part refers to another."""
_FOLDERS = frozenset({"basic", "scripts", "macrosheets"})


class UnreadableError(Exception):
    """It cannot be unpacked, or there is too much in it."""


def holds_macros(content: bytes) -> bool:
    """Say whether a file of an office program has macros in it; of no other file.

    Raises UnreadableError for an archive that is damaged, locked or far too large.
    """
    return _hold(content, [_MOST_UNPACKED], 0)


def _hold(content: bytes, left: list[int], depth: int) -> bool:
    if content.startswith(OLE):
        return _older_holds(content)
    if not content.startswith(_ZIP):
        return False
    if depth == _DEEPEST:
        raise UnreadableError
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return _newer_holds(archive, left, depth)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as error:
        raise UnreadableError from error


def _older_holds(content: bytes) -> bool:
    if any(found.start() % _NAME_EVERY == 0 for found in _IN_DIRECTORY.finditer(content)):
        return True
    for found in _SHEET.finditer(content):
        length, name = int.from_bytes(found[1], "little"), found[2][0]
        if length in (7 + name, 8 + name, 8 + 2 * name):  # by how the name is written; else it is chance
            return True
    return False


def _newer_holds(archive: zipfile.ZipFile, left: list[int], depth: int) -> bool:
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise UnreadableError
    for part in parts:
        name = part.filename.lower()
        if "vbaproject" in name or _FOLDERS.intersection(name.split("/")[:-1]):
            return True
        refers = name == "[content_types].xml" or name.endswith(".rels")
        with archive.open(part) as opened:
            begin = opened.read(len(OLE))
            if not (refers or begin == OLE or begin.startswith(_ZIP)):
                continue
            content = begin + opened.read(left[0] + 1)
        left[0] -= len(content)
        if left[0] < 0:
            raise UnreadableError
        if _says_macros(content) if refers else _hold(content, left, depth + 1):
            return True
    return False


def _says_macros(content: bytes) -> bool:
    """Say whether a list of kinds or references names macros, in whatever way it is written."""
    text = html.unescape(content.replace(b"\0", b"").decode("latin-1")).lower()
    if "<!doctype" in text:  # these lists have none, and one could spell a name in pieces
        raise UnreadableError
    return any(one in text for one in _SAID)
