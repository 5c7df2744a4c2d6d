"""Definitions: every file of a folder, read and shaped, with its kind and id."""

import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeVar

from . import reading_codes as codes
from .diagnostics import Diagnostic, Span
from .language.base import Definition
from .language.kinds import KINDS, LATER_FOLDERS, OFFICE_FILE, Kind, kind_in
from .language.law import Law
from .language.office import Message, Office, Product, Role
from .language.workflow import Workflow
from .nodes import Node
from .shape import shape
from .shape_codes import LATER
from .source import Source, read_file
from .suggest import did_you_mean

D = TypeVar("D", bound=Definition)

MAX_FOLDERS = 3

_NAME = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class File(Generic[D]):
    """A definition's file: its id (the file's name), its source, and its model unless it is unreadable."""

    id: str
    source: Source
    model: D | None


@dataclass
class Definitions:
    """All definitions of a folder by kind and id. A broken file is there without its model."""

    office: File[Office] | None = None
    roles: dict[str, File[Role]] = field(default_factory=dict)
    products: dict[str, File[Product]] = field(default_factory=dict)
    messages: dict[str, File[Message]] = field(default_factory=dict)
    law: dict[str, File[Law]] = field(default_factory=dict)
    workflows: dict[str, File[Workflow]] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def templates(self) -> Iterator[tuple[str, Workflow]]:
        """Yield id and model of every workflow that could be read, by id."""
        for name, file in sorted(self.workflows.items()):
            if file.model is not None:
                yield name, file.model

    def nodes(self) -> Iterator[Node]:
        """Yield the top node of every definition that could be read."""
        kinds = (self.roles, self.products, self.messages, self.law, self.workflows)
        models: list[Definition | None] = [self.office.model if self.office else None]
        models += [file.model for kind in kinds for file in kind.values()]
        yield from (model.node for model in models if model)

    def source_of(self, node: Node) -> Source:
        """Return the source that a node was read from."""
        return self.sources[node.span.path]

    @property
    def functions(self) -> set[str] | None:
        """Return the office's functions, or None when they are not known for a mistake."""
        office = self.office.model if self.office else None
        return set(office.functions) if office and office.intact("functions") else None

    @property
    def count(self) -> int:
        """Return how many definitions there are."""
        kinds = (self.roles, self.products, self.messages, self.law, self.workflows)
        return sum(len(kind) for kind in kinds) + (self.office is not None)


def load(folder: Path) -> tuple[Definitions, list[Diagnostic]]:
    """Read and shape every definition in a folder; what is wrong with the files is in the list."""
    loader = _Loader(folder)
    for path in loader.paths():
        loader.take(path)
    loader.look_for_office()
    return loader.definitions, loader.diagnostics


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.definitions = Definitions()
        self.diagnostics: list[Diagnostic] = []
        self.found = False

    def paths(self) -> list[str]:
        """Return the YAML files below the folder, relative to it; hidden files and folders aside.

        Linked folders count, so what is below a few levels is left alone: links can go round.
        """
        found: list[str] = []
        for here, folders, files in os.walk(self.folder, onerror=self._unreadable, followlinks=True):
            below = Path(here).relative_to(self.folder)
            deep = len(below.parts) >= MAX_FOLDERS
            folders[:] = [] if deep else sorted(name for name in folders if not name.startswith("."))
            found += [(below / name).as_posix() for name in files if _is_yaml(name)]
        return sorted(found)

    def take(self, file: str) -> None:
        """Read one file into the definitions."""
        self.found = True
        path = file.encode("utf-8", "replace").decode()  # a name in another encoding could not be shown
        *folders, name = path.split("/")
        kind = kind_in("/".join(folders))
        if kind is None or not name.endswith(".yaml") or (kind.folder == "") != (path == OFFICE_FILE):
            self._misplaced(path, "/".join(folders))
            return
        identity = name.removesuffix(".yaml")
        if not _NAME.fullmatch(identity):
            message = f"'{identity}' is no id: a file name has small letters, digits and single hyphens"
            self._report(codes.FILE_NAME.at(_top(path), message))
        model = self._shaped(self.folder / file, path, kind)
        self._put(kind, File(identity, self.definitions.sources[path], model))

    def look_for_office(self) -> None:
        """Report a folder without definitions, or without office.yaml."""
        if not self.found and not self.diagnostics:
            self._report(codes.NO_DEFINITIONS.at(_top("."), "the folder holds no definitions"))
        elif self.found and self.definitions.office is None:
            help = "it names the office, its telephone number and its e-mail address"
            self._report(codes.NO_DEFINITIONS.at(_top(OFFICE_FILE), "there is no office.yaml", help=help))

    def _shaped(self, file: Path, path: str, kind: Kind) -> Definition | None:
        if not _is_regular(file):
            self.definitions.sources[path] = Source(path, "")
            self._report(codes.UNREADABLE.at(_top(path), "this is no file that can be read"))
            return None
        reading = read_file(file, path)
        self.definitions.sources[path] = reading.source
        self.diagnostics += reading.diagnostics
        if reading.node is None:
            return None
        model, diagnostics = shape(kind.model, reading.node)
        self.diagnostics += diagnostics
        return model

    def _put(self, kind: Kind, file: File[Definition]) -> None:
        if kind.name == "office":
            self.definitions.office = file  # type: ignore[assignment]
        else:
            getattr(self.definitions, kind.folder)[file.id] = file

    def _misplaced(self, path: str, folder: str) -> None:
        name = path.rsplit("/", 1)[-1]
        if folder in LATER_FOLDERS:
            message = f"the folder '{folder}' is not in this version yet"
            self._report(LATER.at(_top(path), message))
        elif name.endswith(".yml"):
            message = "a definition's file name ends in .yaml"
            self._report(codes.PLACE.at(_top(path), message))
        else:
            where = f"in the folder '{folder}'" if folder else "at the top"
            help = did_you_mean(folder, [kind.folder for kind in KINDS if kind.folder])
            self._report(codes.PLACE.at(_top(path), f"no definitions stand {where}", help=help))

    def _unreadable(self, error: OSError) -> None:
        path = os.path.relpath(os.fsdecode(error.filename), self.folder).encode("utf-8", "replace").decode()
        self._report(codes.UNREADABLE.at(_top(path), f"the folder cannot be read: {error.strerror}"))

    def _report(self, diagnostic: Diagnostic) -> None:
        path = diagnostic.span.path
        self.definitions.sources.setdefault(path, Source(path, ""))
        self.diagnostics.append(diagnostic)


def _top(path: str) -> Span:
    return Span(path, 1, 1, 1, 2)


def _is_yaml(name: str) -> bool:
    return name.lower().endswith((".yaml", ".yml")) and not name.startswith(".")


def _is_regular(file: Path) -> bool:
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return False
