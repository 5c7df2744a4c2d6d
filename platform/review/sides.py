"""The two sides of a comparison, from folders or revisions of Git, compiled.

Both are compiled by one workspace, so that what is the same on both sides is validated and checked once.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from ..compiler.compilation import Compilation, list_paths
from ..compiler.definitions import Definitions
from ..compiler.diagnostics import Diagnostic
from ..compiler.workspace import Workspace
from .comparing import Two
from .guards import Guards, Waiver
from .review import Side
from .revisions import Repository, RevisionError

OFFICE = "office.yaml"
SCENARIOS = "scenarios"


class Source(NamedTuple):
    """Where a side comes from: its name, and its folder or the texts and short name of its revision."""

    name: str
    folder: Path
    texts: Mapping[str, bytes] | None
    revision: str = ""


class NotCompiledError(Exception):
    """A side has errors, so that nothing can be said of what changes."""

    def __init__(self, name: str, compilation: Compilation) -> None:
        errors = len(compilation.errors)
        super().__init__(f"{name} has {errors} error{'' if errors == 1 else 's'}, so nothing was compared")
        self.compilation = compilation


def find_sources(base: str, head: str | None, folder: Path) -> tuple[Source, Source]:
    """Return the two sides that were asked for.

    Each is a folder with an office.yaml or a revision of Git; without `head` it is `folder` as it is now.
    `base` may be two revisions, as BASE..HEAD, or BASE...HEAD for what HEAD changed since it left BASE.
    Raises RevisionError.
    """
    if head is None and ".." in base and not Path(base).exists():
        first, dots, last = base.partition("...") if "..." in base else base.partition("..")
        first, last = first or "HEAD", last or "HEAD"
        start = Repository(folder).find_common(first, last) if dots == "..." else first
        return _find(start, folder), _find(last, folder)
    return _find(base, folder), _find(head, folder) if head is not None else _find_folder(folder)


def _find(word: str, folder: Path) -> Source:
    path = Path(word)
    if (path / OFFICE).is_file():
        return Source(word, path, None)
    try:
        repository = Repository(folder)
        texts = repository.read(word, folder)
    except RevisionError as error:
        if path.is_dir():
            message = f"'{word}' is a folder without {OFFICE}, and no revision"
            raise RevisionError(message, "Give the folder with the definitions.") from error
        raise
    return Source(word, Path(f"{word}:{os.path.relpath(folder)}"), texts, repository.find_short_name(word))


def _find_folder(folder: Path) -> Source:
    if not folder.is_dir():
        hint = "Give the folder with --dir, or go to the repository that holds it first."
        raise RevisionError(f"no such folder: '{folder}'", hint)
    return Source(str(folder), folder, None)


def load_sides(sources: tuple[Source, Source]) -> tuple[Side, Side]:
    """Compile both sides; of templates that nothing changed for, no plan is made.

    Raises NotCompiledError where one of them has an error, those of scenarios aside.
    """
    with TemporaryDirectory() as empty:
        workspace = Workspace(Path(empty))
        loaded = Two(*(_load(source, workspace, Path(empty)) for source in sources))
    changed = _list_changed(loaded)
    before, after = (_make_side(source, one, changed) for source, one in zip(sources, loaded, strict=True))
    return before, after


class _Loaded(NamedTuple):
    compilation: Compilation
    definitions: Definitions


def _load(source: Source, workspace: Workspace, empty: Path) -> _Loaded:
    workspace.folder = source.folder if source.texts is None else empty
    compilation = workspace.compile({} if source.texts is None else source.texts)
    found = tuple(one for one in compilation.diagnostics if not _is_of_scenario(one))
    shown = replace(compilation, folder=source.folder, diagnostics=found)
    if shown.errors or shown.office is None:
        raise NotCompiledError(source.name, shown)
    return _Loaded(shown, workspace.definitions)


def _is_of_scenario(diagnostic: Diagnostic) -> bool:
    return diagnostic.span.path.startswith(f"{SCENARIOS}/")


def _list_changed(loaded: Two) -> frozenset[str]:
    """Return the files that are not the same on both sides: the workspace reads the same content once."""
    old, new = loaded.before.compilation.sources, loaded.after.compilation.sources
    return frozenset(path for path in {*old, *new} if old.get(path) is not new.get(path))


def _make_side(source: Source, loaded: _Loaded, changed: frozenset[str]) -> Side:
    compilation, definitions = loaded
    assert compilation.office is not None
    touched = [name for name in compilation.plans if not changed.isdisjoint(list_paths(name, definitions))]
    plans = {name: compilation.plans[name] for name in touched}
    guards = _read_guards(definitions)
    scenarios = {name: file.source.text for name, file in compilation.scenarios.items()}
    return Side(source.name, plans, compilation.office, guards, compilation.policies, scenarios)


def _read_guards(definitions: Definitions) -> Guards:
    """Return what the office set for its reviews, from all files of its folder."""
    models = [file.model for _, file in sorted(definitions.review.items()) if file.model]
    classes = tuple((one.part, one.cls) for model in models for one in model.classes)
    waivers = tuple(
        Waiver(change=one.change, reason=one.reason, owner=one.owner, until=one.until)
        for model in models
        for one in model.waivers
    )
    return Guards(classes=classes, waivers=waivers)
