"""Renaming: an id of a file or of its definition gets another one, everywhere at once."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from ..compiler.diagnostics import Span
from ..compiler.language.base import ID_PATTERN
from ..compiler.language.kinds import SCENARIOS
from .descriptions import name_kind
from .index import Index
from .names import FILES, Symbol

FILE_ID = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
OWN_ID = re.compile(ID_PATTERN.strip("^$"))
FIXED = {"report": "kantoor has the report of that name built in", "law": "kantoor reads it by that name"}
"""The kinds of names that cannot be changed, with the reason."""

_FOLDERS = {kind: folder for folder, kind in FILES.items()}


class NotRenamedError(Exception):
    """A name cannot be changed, or not into this one; the message says why."""


class Renaming(NamedTuple):
    """What a rename changes: the spans that get the new id, and the file that gets another name."""

    spans: tuple[Span, ...]
    file: tuple[str, str] | None = None
    """The path of the file before and after, below the definitions folder."""
    folder: tuple[str, str] | None = None
    """The folder of a template's scenarios before and after, where it has any."""


def check_renameable(symbols: set[Symbol]) -> None:
    """Raise NotRenamedError where what a name names is fixed."""
    for symbol in symbols:
        if symbol.kind in FIXED:
            raise NotRenamedError(
                f"{name_kind(symbol.kind)} '{symbol.id}' cannot be renamed: {FIXED[symbol.kind]}"
            )


def rename(index: Index, symbols: set[Symbol], new: str) -> Renaming:
    """Return what a rename changes; raises NotRenamedError where that would not be the same office."""
    check_renameable(symbols)
    every = index.close(symbols)
    one = next(iter(every))
    is_file = one.kind in _FOLDERS
    _check_id(one, new, is_file=is_file)
    for symbol in sorted(every):
        if symbol._replace(id=new) in index.definitions:
            raise NotRenamedError(f"there is already a {name_kind(symbol.kind)} '{new}'")
    if one.kind == "role":
        _check_default_sender(index, one)
    spans = list(_list_spans(index, every))
    folder = _FOLDERS.get(one.kind)
    file = (f"{folder}/{one.id}.yaml", f"{folder}/{new}.yaml") if folder else None
    return Renaming(tuple(sorted(set(spans))), file, _find_scenarios(index, one, new))


def _find_scenarios(index: Index, symbol: Symbol, new: str) -> tuple[str, str] | None:
    """Return how the folder of a template's scenarios is called before and after."""
    before, after = f"{SCENARIOS}/{symbol.id}", f"{SCENARIOS}/{new}"
    if symbol.kind != "template" or not any(path.startswith(f"{before}/") for path in index.files):
        return None
    if any(path.startswith(f"{after}/") for path in index.files):
        raise NotRenamedError(f"there are already scenarios in {after}")
    return before, after


def _check_id(symbol: Symbol, new: str, *, is_file: bool) -> None:
    if is_file and not FILE_ID.fullmatch(new):
        raise NotRenamedError(
            f"invalid file name '{new}': expected lower-case letters, digits and single hyphens"
        )
    if not is_file and not OWN_ID.fullmatch(new):
        expected = "expected lower-case letters, digits and single underscores, starting with a letter"
        raise NotRenamedError(f"invalid id '{new}': {expected}")


def _check_default_sender(index: Index, symbol: Symbol) -> None:
    """Raise where the role is a sender's without being named: the new name would not be found there."""
    for path, file in sorted(index.files.items()):
        for mention in file.nameless:
            if mention.symbol == symbol:
                raise NotRenamedError(
                    f"role '{symbol.id}' is the sender where none is named: "
                    f"write on_behalf_of at {path}:{mention.span.line} first"
                )


def _list_spans(index: Index, symbols: set[Symbol]) -> Iterator[Span]:
    for symbol in symbols:
        for definition in index.definitions.get(symbol, ()):
            if symbol.kind not in _FOLDERS:
                yield definition.span
    yield from (mention.span for mention in index.list_mentions(symbols))
