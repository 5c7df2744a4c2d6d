"""One file that is checked by itself, such as what an editor has: the others come from the folder."""

import os
import re
from dataclasses import replace
from pathlib import Path

from ..suggest import did_you_mean
from .compilation import Compilation, compile_definitions
from .definitions import Texts, load_texts
from .diagnostics import Diagnostic, gather_lacks, sort_diagnostics
from .language.kinds import KINDS, OFFICE_FILE, Kind, find_kind
from .silencing import silence
from .source_text import Source

_SCHEMA = re.compile(rb"#[ \t]*yaml-language-server:[ \t]*\$schema=\S*?(?P<kind>[a-z]+)\.schema\.json")

UNNAMED = "stdin.yaml"
"""The name of a file of which only the kind is known."""


class UnknownFileError(ValueError):
    """It is not known which definition this is; the message says what was found."""


def name_by_path(path: str, folder: Path) -> str:
    """Return the path in a folder of definitions that somebody gave, with or without the folder itself.

    Raises UnknownFileError when no definition can have it.
    """
    inside = path.removeprefix(f"{folder.as_posix()}/").removeprefix("./")
    *folders, name = inside.split("/")
    kind = find_kind("/".join(folders))
    if kind is None or not name.endswith(".yaml") or (kind.folder == "") != (name == OFFICE_FILE):
        near = did_you_mean("/".join(folders), [kind.folder for kind in KINDS if kind.folder])
        hint = f": {near}" if near else ""
        raise UnknownFileError(f"'{path}' is not the path of a definition, such as workflows/x.yaml{hint}")
    return inside


def find_folder_of(file: Path) -> tuple[Path, str]:
    """Return the folder of definitions that a file is in, and its path there, by the names of its folders.

    Raises UnknownFileError when it can be no definition.
    """
    whole = file.absolute()
    for folder in whole.parents:
        try:
            path = name_by_path(whole.relative_to(folder).as_posix(), folder)
            return Path(os.path.relpath(folder)), path
        except UnknownFileError:
            continue
    raise UnknownFileError(f"'{file}' is not the file of a definition, such as definitions/workflows/x.yaml")


def name_by_schema(content: bytes) -> str:
    """Return the path of a file by the comment that names its schema. Raises UnknownFileError without one."""
    match = _SCHEMA.search(content)
    kinds: dict[str, Kind] = {kind.name: kind for kind in KINDS}
    if match is None:
        raise UnknownFileError(
            "the text does not say of which kind it is: it has no comment with its $schema"
        )
    kind = kinds.get(match["kind"].decode())
    if kind is None:
        raise UnknownFileError(f"the text names the schema of an unknown kind: '{match['kind'].decode()}'")
    return f"{kind.folder}/{UNNAMED}" if kind.folder else OFFICE_FILE


def compile_one(folder: Path, path: str, content: bytes | None = None) -> Compilation:
    """Compile a folder and keep what is said of one file alone, with other content in its place if given."""
    whole = compile_definitions(folder, {} if content is None else {path: content})
    unnamed = path.endswith(f"/{UNNAMED}")
    own = tuple(
        diagnostic
        for diagnostic in whole.diagnostics
        if diagnostic.span.path == path and not (unnamed and diagnostic.code.last)
    )
    return replace(whole, diagnostics=own, count=1)


def read_alone(path: str, text: str) -> tuple[tuple[Diagnostic, ...], dict[str, Source]]:
    """Return what is wrong with a file whatever the others hold, and its source by path.

    That is how it is written: YAML, keys, types. What hangs on other files is not looked at.
    """
    definitions, found = load_texts(Texts({path: text.encode("utf-8", "surrogatepass")}, []))
    own = [one for one in found if one.span.path == path and not one.code.last]
    left, _ = silence(definitions, own)
    told = sort_diagnostics(one for one in left if one in own)
    return gather_lacks(told), definitions.sources
