"""The comment that names a file's schema for editors: where the office's files have it, every one gets it.

`kantoor init` begins with it. Whether an office has it, and where its schemas are, office.yaml says.
"""

import re
from pathlib import Path

from ..language.kinds import OFFICE_FILE, SCENARIOS, Kind
from ..source import MAX_BYTES

_COMMENT = re.compile(r"#[ \t]*yaml-language-server:")
_OF_OFFICE = re.compile(rf"{_COMMENT.pattern}[ \t]*\$schema=(?P<where>\S*?)office\.schema\.json[ \t]*$")


def add_schema_comment(data: bytes, kind: Kind, folder: Path) -> bytes:
    """Return a file of a kind, in canonical layout, with the comment before it where the office has that.

    `folder` is that of the definitions. A file that has such a comment keeps its own.
    """
    where, text = _find_schemas(folder), data.decode()
    if where is None or any(_COMMENT.match(line) for line in text.splitlines()):
        return data
    return f"# yaml-language-server: $schema={_climb(where, kind)}{kind.name}.schema.json\n{text}".encode()


def _climb(where: str, kind: Kind) -> str:
    """Return the way to the schemas from the folder of a kind; an address is the same from everywhere."""
    if "://" in where or where.startswith("/"):
        return where
    return "../" * {"": 0, SCENARIOS: 2}.get(kind.folder, 1) + where


def _find_schemas(folder: Path) -> str | None:
    """Return the folder of the schemas as office.yaml names it, with its slash; None where it does not."""
    try:
        with (folder / OFFICE_FILE).open(encoding="utf-8-sig") as stream:
            lines = stream.read(MAX_BYTES).splitlines()
    except (OSError, UnicodeDecodeError):
        return None
    found = (_OF_OFFICE.match(line) for line in lines)
    return next((match["where"] for match in found if match), None)
