"""The two sides of a comparison, from folders or revisions of Git, compiled.

What is the same on both sides is validated and checked once; what was checked before is not checked again.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from ..collecting import no_collecting
from ..compiler.cache import Outcome, find_checked, find_outcome, keep_checked
from ..compiler.compilation import Checked, list_paths
from ..compiler.definitions import Definitions, Loaded, Texts, load_texts, read_folder
from ..compiler.language.kinds import SCENARIOS, find_kind
from ..compiler.lower import lower_office, lower_template
from ..compiler.policies import lower_policies
from ..compiler.source import decode
from ..compiler.workspace import Workspace
from .comparing import Two
from .guards import Guards, Waiver
from .review import Side
from .revisions import Repository, RevisionError, refuse_links

OFFICE = "office.yaml"
WORKFLOWS = "workflows"


class Source(NamedTuple):
    """Where a side comes from: its name, and its folder or the texts and short name of its revision."""

    name: str
    folder: Path
    texts: Mapping[str, bytes] | None
    revision: str = ""


class NotCompiledError(Exception):
    """A side has errors, so that nothing can be said of what changes."""

    def __init__(self, name: str, checked: Checked) -> None:
        errors = len(checked.errors)
        super().__init__(f"{name} has {errors} error{'' if errors == 1 else 's'}, so nothing was compared")
        self.checked = checked


def find_sources(base: str, head: str | None, folder: Path) -> tuple[Source, Source]:
    """Return the two sides that were asked for.

    Each is a folder with an office.yaml or a revision of Git; without `head` it is `folder` as it is now.
    `base` may be two revisions, as BASE..HEAD, or BASE...HEAD for what HEAD changed since it left BASE.
    Raises RevisionError.
    """
    objects: dict[str, bytes] = {}
    if head is None and ".." in base and not Path(base).exists():
        first, dots, last = base.partition("...") if "..." in base else base.partition("..")
        first, last = first or "HEAD", last or "HEAD"
        start = Repository(folder).find_common(first, last) if dots == "..." else first
        return _find(start, folder, objects), _find(last, folder, objects)
    sides = (
        _find(base, folder, objects),
        _find(head, folder, objects) if head is not None else _find_folder(folder),
    )
    if any(side.texts is not None for side in sides):
        for side in sides:  # a revision has none: what a link leads to would be compared with nothing
            if side.texts is None:
                refuse_links(side.folder)
    return sides


def _find(word: str, folder: Path, objects: dict[str, bytes]) -> Source:
    path = Path(word)
    if (path / OFFICE).is_file():
        return Source(word, path, None)
    try:
        repository = Repository(folder, objects)
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


def load_sides(sources: tuple[Source, Source], entries: Path | None = None) -> tuple[Side, Side]:
    """Compile both sides; of templates that nothing changed for, no plan is made.

    One is where another is newly for its product: what that lacks is told by it.

    Of a side that `entries` knows to be sound (`compiler/cache.py`) only what the other can differ in is
    read; what is found out about one that it does not know is kept there. Raises NotCompiledError where one
    of them has an error, those of scenarios aside.
    """
    with no_collecting():
        texts = Two(*map(_read, sources))
        changed = _list_changed(texts)
        loading = _Loading(entries, changed)
        loaded = [loading.load(*one) for one in zip(sources, texts, strict=True)]
        products = _list_gained(*(one.definitions for one in loaded))
        if products:
            loaded = [
                one if one.is_whole else loading.load(*side, whole=True)
                for one, *side in zip(loaded, sources, texts, strict=True)
            ]
        before, after = (
            _make_side(source, one, changed, products) for source, one in zip(sources, loaded, strict=True)
        )
    return before, after


def _read(source: Source) -> Texts:
    if source.texts is None:
        return read_folder(source.folder)
    return Texts(dict(sorted(source.texts.items())), [])


def _list_changed(texts: Two) -> frozenset[str]:
    """Return the files that are not the same on both sides."""
    old, new = texts.before.files, texts.after.files
    return frozenset(path for path in {*old, *new} if old.get(path) != new.get(path))


def _list_gained(before: Definitions, after: Definitions) -> frozenset[str]:
    """Return the products that a template is newly for."""
    had = {name: template.products for name, template in before.templates()}
    return frozenset(
        product
        for name, template in after.templates()
        for product in template.products
        if product not in had.get(name, ())
    )


class _Loaded(NamedTuple):
    """The definitions of a side, of its templates at least those that changed, and texts of scenarios.

    `wrong` are the files of scenarios that have errors, `roles` those that any of its templates names;
    `is_whole` where none of its templates was left out.
    """

    definitions: Definitions
    scenarios: Mapping[str, str]
    wrong: tuple[str, ...]
    roles: tuple[str, ...]
    is_whole: bool


class _Loading:
    """Loads sides; what is the same on both is validated, and where need be checked, once."""

    def __init__(self, entries: Path | None, changed: frozenset[str]) -> None:
        self._entries, self._changed = entries, changed
        self._workspace = Workspace(Path())
        self._kept: dict[str, Loaded] = {}
        folders = {path.partition("/")[0] for path in changed}
        self._templates_alone = folders <= {WORKFLOWS, SCENARIOS, "review", "policies"}

    def load(self, source: Source, texts: Texts, *, whole: bool = False) -> _Loaded:
        """Load one side, with `whole` also the templates that did not change. Raises NotCompiledError."""
        whole = whole or not self._templates_alone
        known = find_outcome(texts, self._entries)
        if known is not None and all(map(_is_of_scenario, known.wrong)):
            needed = {
                path: content for path, content in texts.files.items() if self._is_needed(path, whole=whole)
            }
            definitions, _ = load_texts(Texts(needed, []), self._kept)
            wrong = tuple(sorted({*known.wrong}))
            return _Loaded(definitions, dict(_list_scenarios(texts, known)), wrong, known.roles, whole)
        if known is not None:
            checked = find_checked(source.folder, texts, self._entries)
            if checked is not None:
                _refuse_errors(source, checked)
        compilation = self._workspace.compile_texts(texts)
        keep_checked(compilation, texts, self._entries)
        _refuse_errors(source, compilation)
        definitions = self._workspace.definitions
        scenarios = {name: file.source.text for name, file in compilation.scenarios.items()}
        wrong = tuple(sorted({one.span.path for one in compilation.errors}))
        return _Loaded(definitions, scenarios, wrong, compilation.roles, is_whole=True)

    def _is_needed(self, path: str, *, whole: bool) -> bool:
        """Say whether a change can show in a file: other than in a template alone, in each template."""
        folder = path.partition("/")[0]
        if folder == WORKFLOWS and not whole:
            return path in self._changed
        return folder != SCENARIOS


def _refuse_errors(source: Source, checked: Checked) -> None:
    found = tuple(one for one in checked.diagnostics if not _is_of_scenario(one.span.path))
    shown = replace(checked, folder=source.folder, diagnostics=found)
    if shown.errors:
        raise NotCompiledError(source.name, shown)


def _is_of_scenario(path: str) -> bool:
    return path.startswith(f"{SCENARIOS}/")


def _list_scenarios(texts: Texts, known: Outcome) -> Iterator[tuple[str, str]]:
    """Yield the scenarios of a side by name, with their texts."""
    for path, content in texts.files.items():
        folder, _, name = path.rpartition("/")
        kind = find_kind(folder)
        if kind is not None and kind.folder == SCENARIOS and name.endswith(".yaml"):
            text = decode(content) if isinstance(content, bytes) and path not in known.without_text else ""
            yield path.removeprefix(f"{SCENARIOS}/").removesuffix(".yaml"), text


def _make_side(source: Source, loaded: _Loaded, changed: frozenset[str], products: frozenset[str]) -> Side:
    definitions = loaded.definitions
    plans = {
        name: lower_template(name, template, definitions)
        for name, template in definitions.templates()
        if not (changed.isdisjoint(list_paths(name, definitions)) and products.isdisjoint(template.products))
    }
    office, policies = lower_office(definitions), lower_policies(definitions)
    guards = _read_guards(definitions)
    roles = frozenset(loaded.roles)
    return Side(source.name, plans, office, guards, policies, loaded.scenarios, loaded.wrong, roles)


def _read_guards(definitions: Definitions) -> Guards:
    """Return what the office set for its reviews, from all files of its folder."""
    models = [file.model for _, file in sorted(definitions.review.items()) if file.model]
    classes = tuple((one.part, one.cls) for model in models for one in model.classes)
    waivers = tuple(
        Waiver(change=one.change, reason=one.reason, owner=one.owner, since=one.since, until=one.until)
        for model in models
        for one in model.waivers
    )
    return Guards(classes=classes, waivers=waivers)
