"""Definitions: every file of a folder, read and validated, with its kind and id."""

import os
import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from ..suggest import did_you_mean, fold_name, join_names, name_foreign_sign, nearest
from . import reading_codes as codes
from .diagnostics import Diagnostic, Span
from .language.base import Definition
from .language.forms import Form
from .language.kinds import KINDS, OFFICE_FILE, SCENARIOS, Kind, find_kind
from .language.law import Law
from .language.office import Message, Office, Product, Role
from .language.policy import Policy
from .language.review import Review
from .language.scenario import Scenario
from .language.workflow import Workflow
from .nodes import Node
from .shape import shape
from .source import Reading, decode, read_bytes, read_content
from .source_text import Source

D = TypeVar("D", bound=Definition)
T = TypeVar("T")

MAX_FOLDERS = 3
MOST_HOMES = 4
"""Folders that are named where definitions lie below the folder that was given."""
MOST_UNKNOWN = 6
"""Of a file with the content of another kind, at most one key in so many may be unknown to that kind."""
NOTHING: Mapping[str, str | bytes] = {}

_NAME = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class File(Generic[D]):
    """The file of a definition: its id (the file's name), its source, and its model (None if unreadable)."""

    id: str
    source: Source
    model: D | None

    @cached_property
    def repeats(self) -> bool:
        """Say whether a list in it has a text twice; of a file that stays as it is, looked at once."""
        return self.model is not None and _repeats(self.model.origin.data)


@dataclass
class Definitions:
    """All definitions of a folder by kind and id. A broken file is included, without a model."""

    office: File[Office] | None = None
    roles: dict[str, File[Role]] = field(default_factory=dict)
    products: dict[str, File[Product]] = field(default_factory=dict)
    messages: dict[str, File[Message]] = field(default_factory=dict)
    forms: dict[str, File[Form]] = field(default_factory=dict)
    law: dict[str, File[Law]] = field(default_factory=dict)
    workflows: dict[str, File[Workflow]] = field(default_factory=dict)
    review: dict[str, File[Review]] = field(default_factory=dict)
    policies: dict[str, File[Policy]] = field(default_factory=dict)
    scenarios: dict[str, File[Scenario]] = field(default_factory=dict)
    """By template and name: btw-aangifte/akkoord."""
    sources: dict[str, Source] = field(default_factory=dict)
    kept: dict[Hashable, Any] = field(default_factory=dict, repr=False)
    """What was worked out from these definitions, by what it is."""

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes of these definitions, made once; `key` says what it is and of what."""
        if key not in self.kept:
            self.kept[key] = make()
        made: T = self.kept[key]
        return made

    def answer(self, question: Callable[["Definitions"], T]) -> T:
        """Return the answer to a question about all definitions, asked once.

        What uses it hangs on the answer alone, not on all that was looked at for it: an answer is compared.
        """
        return self.keep(question, lambda: question(self))

    def templates(self) -> Iterator[tuple[str, Workflow]]:
        """Yield the id and model of every readable workflow, by id."""
        for name, file in sorted(self.workflows.items()):
            if file.model is not None:
                yield name, file.model

    def files(self) -> Iterator[File[Any]]:
        """Yield the file of every definition."""
        if self.office:
            yield self.office
        for kind in (*self._kinds(), self.scenarios):
            yield from kind.values()

    def models(self) -> Iterator[Definition]:
        """Yield every readable definition."""
        yield from (file.model for file in self.files() if file.model)

    def source_of(self, part: Definition | Node) -> Source:
        """Return the source that a definition, a part of it or a node was read from."""
        return self.sources[part.span.path if isinstance(part, Node) else part.path]

    @property
    def functions(self) -> set[str] | None:
        """Return the office's functions, or None when an error hides them."""
        office = self.office.model if self.office else None
        return set(office.functions) if office and office.intact("functions") else None

    @property
    def count(self) -> int:
        """Return the number of definitions."""
        return len({file.source.path for file in self.files()})

    def _kinds(self) -> tuple[dict[str, Any], ...]:
        return (
            *(self.roles, self.products, self.messages, self.forms, self.law, self.workflows),
            *(self.review, self.policies),
        )


class Loaded(NamedTuple):
    """A file as it was read once, with the content that it had."""

    content: bytes
    file: File[Definition]
    diagnostics: list[Diagnostic]
    other: Kind | None = None
    """The kind of which it is a definition, where that is not the kind of its folder."""


class Texts(NamedTuple):
    """The files of a folder as they were read: their content, or the reading that says why there is none."""

    files: dict[str, bytes | Reading]
    """By path relative to the folder, with forward slashes."""
    unreadable: list[Diagnostic]
    """The folders in it that cannot be read."""


def read_folder(folder: Path, unsaved: Mapping[str, str | bytes] = NOTHING) -> Texts:
    """Read the YAML files below a folder, and in their place or beside them what is not saved yet.

    Hidden files and folders are skipped. Linked folders are followed, to a limited depth: links can be
    circular.
    """
    unreadable: list[Diagnostic] = []

    def report(error: OSError) -> None:
        path = _printable(os.path.relpath(os.fsdecode(error.filename), folder))
        unreadable.append(codes.UNREADABLE.at(_top(path), f"cannot read the folder: {error.strerror}"))

    paths = {path for path in unsaved if _is_yaml(path.rsplit("/", 1)[-1])}
    for here, folders, files in os.walk(folder, onerror=report, followlinks=True):
        parts = Path(here).relative_to(folder).parts
        below = "".join(f"{part}/" for part in parts)
        deep = len(parts) >= MAX_FOLDERS
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
        paths |= {f"{below}{name}" for name in files if _is_yaml(name)}
    return Texts({path: _read(folder, path, unsaved.get(path)) for path in sorted(paths)}, unreadable)


def _read(folder: Path, path: str, unsaved: str | bytes | None) -> bytes | Reading:
    if isinstance(unsaved, str):
        return unsaved.encode("utf-8", "surrogatepass")
    return read_content(f"{folder}{os.sep}{path}", _printable(path)) if unsaved is None else unsaved


def _printable(path: str) -> str:
    """Return a path as it is shown: a name in another encoding cannot be printed."""
    return path.encode("utf-8", "replace").decode()


def load(
    folder: Path, unsaved: Mapping[str, str | bytes] = NOTHING, kept: dict[str, Loaded] | None = None
) -> tuple[Definitions, list[Diagnostic]]:
    """Read and validate every definition in a folder; return them with the diagnostics of the files.

    `unsaved` has texts by path relative to the folder, read in place of those files, which need not exist. A
    file of which `kept` has the content is not validated again; those that are go into it.
    """
    return load_texts(read_folder(folder, unsaved), kept)


def load_texts(texts: Texts, kept: dict[str, Loaded] | None = None) -> tuple[Definitions, list[Diagnostic]]:
    """Validate the definitions that were read from a folder, as `load` does.

    One mistake is one diagnostic. Where the folder of a kind cannot be read, or another folder than that of
    the definitions was given, nothing is loaded: all of it would be missed. A file that is misplaced or has a
    wrong name is there as one that cannot be read, under the name that it was meant to have.
    """
    loader = _Loader({} if kept is None else kept)
    for diagnostic in texts.unreadable:
        loader.report(diagnostic)
    closed = {one.span.path for one in texts.unreadable}
    if closed.isdisjoint(kind.folder for kind in KINDS) and (texts.files or not closed):
        loader.load({_printable(path): content for path, content in texts.files.items()})
    return loader.definitions, loader.diagnostics


class _Loader:
    def __init__(self, kept: dict[str, Loaded]) -> None:
        self.kept = kept
        self.definitions = Definitions()
        self.diagnostics: list[Diagnostic] = []
        self.strays: dict[str, list[str]] = {}
        """The files that lie in no folder of a kind, by the outermost folder that is wrong."""

    def load(self, files: Mapping[str, bytes | Reading]) -> None:
        """Take the files into the definitions, and report what is in the wrong place or lacks."""
        if not any(_is_placed(path) for path in files):
            homes = sorted((path.rpartition("/")[0] for path in files if _is_office(path)), key=_by_depth)
            if homes and homes[0]:
                self.report(_say_where(homes))
                return
            if not homes and all("/" not in path for path in files):
                self.report(_say_nothing_here(list(files)))
                return
        for path, content in files.items():
            if _is_placed(path):
                self._load_file(path, content)
        for path, content in files.items():
            if not _is_placed(path):
                self._take_stray(path, content)
        for wrong, paths in self.strays.items():
            self.report(_say_misplaced(wrong, paths))
        if self.definitions.office is None:
            help = "add office.yaml with the name, phone and email of the office"
            self.report(codes.NO_DEFINITIONS.at(_top(OFFICE_FILE), "missing file office.yaml", help=help))

    def _load_file(self, path: str, content: bytes | Reading) -> None:
        """Take one file that is in its place into the definitions."""
        *folders, name = path.split("/")
        kind = find_kind("/".join(folders))
        assert kind is not None
        identity = name.removesuffix(".yaml")
        if not _NAME.fullmatch(identity):
            message = (
                f"invalid file name '{identity}': expected lower-case letters, digits and single hyphens"
            )
            renamed = fold_name(identity)
            help = name_foreign_sign(identity) or (f"rename it to {renamed}.yaml" if renamed else None)
            self.report(codes.FILE_NAME.at(_top(path), message, help=help))
        named = f"{folders[-1]}/{identity}" if kind.folder == SCENARIOS else identity
        loaded = self._load(path, named, kind, content)
        self.definitions.sources[path] = loaded.file.source
        self.diagnostics += loaded.diagnostics
        self._put(kind, loaded.file)
        if loaded.other is not None:
            self._put_unread(loaded.other, identity, loaded.file.source)
        meant = fold_name(identity)
        if meant != identity and kind.folder != SCENARIOS:
            self._put_unread(kind, meant, loaded.file.source)

    def _take_stray(self, path: str, content: bytes | Reading) -> None:
        """Take a file that is not in its place as one that cannot be read: what it defines is not missed."""
        *folders, name = path.split("/")
        source = content.source if isinstance(content, Reading) else Source(path, decode(content))
        self.definitions.sources[path] = source
        self.strays.setdefault(_find_wrong(folders, name), []).append(path)
        identity = re.sub(r"\.ya?ml$", "", name, flags=re.IGNORECASE)
        meant = _guess_kinds(folders, identity)
        for kind in meant:
            for one in {identity, fold_name(identity)}:
                self._put_unread(kind, one, source)

    def _load(self, path: str, identity: str, kind: Kind, content: bytes | Reading) -> Loaded:
        if isinstance(content, Reading):
            return Loaded(b"", File(identity, content.source, None), content.diagnostics)
        kept = self.kept.get(path)
        if kept is None or kept.content != content:
            reading = read_bytes(content, path)
            model, diagnostics = shape(kind.model, reading)
            other = _find_other_kind(reading, kind) if diagnostics else None
            if other is not None:
                model, diagnostics = None, [_say_other_kind(path, kind, other)]
            file = File(identity, reading.source, model)
            kept = self.kept[path] = Loaded(content, file, [*reading.diagnostics, *diagnostics], other)
        return kept

    def _put(self, kind: Kind, file: File[Definition]) -> None:
        if kind.name == "office":
            self.definitions.office = file  # type: ignore[assignment]
        else:
            getattr(self.definitions, kind.folder)[file.id] = file

    def _put_unread(self, kind: Kind, identity: str, source: Source) -> None:
        """Take a definition without a model, where no file in its place has its name."""
        there = {} if kind.name == "office" else getattr(self.definitions, kind.folder)
        taken = self.definitions.office is not None if kind.name == "office" else identity in there
        if not taken:
            self._put(kind, File(identity, source, None))

    def report(self, diagnostic: Diagnostic) -> None:
        """Add a diagnostic of the files."""
        path = diagnostic.span.path
        self.definitions.sources.setdefault(path, Source(path, ""))
        self.diagnostics.append(diagnostic)


@lru_cache(maxsize=4096)
def _is_placed(path: str) -> bool:
    """Say whether a file lies where the definitions of a kind do."""
    folder, _, name = path.rpartition("/")
    kind = find_kind(folder)
    return kind is not None and name.endswith(".yaml") and (kind.folder == "") == (path == OFFICE_FILE)


def _is_office(path: str) -> bool:
    return re.fullmatch(r"office\.ya?ml", path.rpartition("/")[2], re.IGNORECASE) is not None


def _by_depth(folder: str) -> tuple[int, str]:
    return (folder.count("/") if folder else -1, folder)


def _guess_kinds(folders: list[str], identity: str) -> Iterable[Kind]:
    """Return the kind that a misplaced file was meant to be; each of them where nothing tells."""
    by_folder = {kind.folder: kind for kind in KINDS}
    if identity.lower() == "office":
        return [by_folder[""]]
    for folder in reversed(folders):
        meant = folder if folder in by_folder else nearest(folder, filter(None, by_folder))
        if meant:
            return [] if meant == SCENARIOS else [by_folder[meant]]
    return [kind for kind in KINDS if kind.folder not in ("", SCENARIOS)]


def _find_other_kind(reading: Reading, kind: Kind) -> Kind | None:
    """Return the other kind whose keys a file has, or None.

    It has all that the other kind requires, and nearly nothing that this does not know.
    """
    written = reading.node.value if reading.node else None
    keys = set(written) if isinstance(written, dict) else set[str]()
    unknown = keys.difference(kind.model.keys())
    most = min(len(unknown) - 1, len(keys) // MOST_UNKNOWN)
    fits = [
        other
        for other in KINDS
        if other is not kind
        and keys >= other.model.required_keys()
        and len(keys.difference(other.model.keys())) <= most
    ]
    return fits[0] if len(fits) == 1 else None


def _say_other_kind(path: str, kind: Kind, other: Kind) -> Diagnostic:
    """Return the diagnostic of a file with the content of another kind."""
    name = path.rpartition("/")[2]
    template = "TEMPLATE/" if other.folder == SCENARIOS else ""
    home = f"{other.folder}/{template}{name}" if other.folder else OFFICE_FILE
    message = f"this file has the keys of a definition of the kind {other.name}, not {kind.name}"
    help = f"move it to {home}" if other.folder else f"write what belongs here; that is in {home}"
    return codes.PLACE.at(_top(path), message, help=help)


def _find_wrong(folders: list[str], name: str) -> str:
    """Return what is wrong about a misplaced file: its outermost folder that is, or the file itself."""
    if not name.endswith(".yaml") and find_kind("/".join(folders)):
        return "/".join([*folders, name])
    known = bool(folders) and find_kind(folders[0]) is not None
    if folders and folders[0] == SCENARIOS:
        return "/".join(folders)
    return "/".join(folders[:2] if known else folders[:1])


def _say_where(homes: list[str]) -> Diagnostic:
    """Return the diagnostic of a folder that is not that of the definitions and has it below."""
    message = f"no definitions in this folder: they are in {join_names(homes[:MOST_HOMES])}"
    return codes.NO_DEFINITIONS.at(_top("."), message, help="give kantoor that folder instead of this one")


def _say_nothing_here(names: list[str]) -> Diagnostic:
    """Return the diagnostic of a folder without definitions, and of one whose files lie in no folder."""
    if not names:
        return codes.NO_DEFINITIONS.at(_top("."), "no definitions in this folder")
    message = f"no definitions in this folder, only files such as '{names[0]}' outside the folder of a kind"
    help = "check the folder that has office.yaml, such as the one above this"
    return codes.NO_DEFINITIONS.at(_top("."), message, help=help)


def _say_misplaced(wrong: str, paths: list[str]) -> Diagnostic:
    """Return the diagnostic of the files that are misplaced for one reason."""
    place, name = _top(paths[0]), paths[0].rpartition("/")[2]
    if wrong == paths[0]:
        help = f"rename it to {fold_name(name.rpartition('.')[0])}.yaml"
        return codes.PLACE.at(place, "expected a file name ending in .yaml", help=help)
    more = "" if len(paths) == 1 else f" with {len(paths):,} files"
    if wrong.split("/")[0] == SCENARIOS:
        example = f"{SCENARIOS}/btw-aangifte/{name}"
        help = f"put {'it' if len(paths) == 1 else 'them'} there, such as {example}"
        return codes.PLACE.at(place, "a scenario lies in the folder of its template", help=help)
    if not wrong:
        others = "" if len(paths) == 1 else f" and {len(paths) - 1:,} more"
        return codes.PLACE.at(place, f"unexpected file '{name}'{others} in the top folder")
    meant = did_you_mean(wrong, [kind.folder for kind in KINDS if kind.folder])
    return codes.PLACE.at(place, f"unknown folder '{wrong}'{more}", help=meant)


def _repeats(data: object) -> bool:
    """Say whether a list in plain data has a text twice."""
    pending = [data]
    while pending:
        data = pending.pop()
        if isinstance(data, dict):
            pending += [value for value in data.values() if value.__class__ in (dict, list)]
        elif isinstance(data, list):
            pending += [value for value in data if value.__class__ in (dict, list)]
            texts = [item for item in data if item.__class__ is str]
            if len(set(texts)) < len(texts):
                return True
    return False


def _top(path: str) -> Span:
    return Span(path, 1, 1, 1, 2)


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")
