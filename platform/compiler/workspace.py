"""Workspace: a folder that is compiled again and again while somebody writes in it.

For a process that stays: an editor's server, a watcher. What it returns is what a cold compile of the same
texts returns, always. A file is validated again when its content changed. A check is asked again when
something that it looked at the last time changed; one that judges each template by itself, only of those.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from ..collecting import no_collecting
from .compilation import Asking, Compilation, compile_loaded
from .definitions import NOTHING, Definitions, File, Loaded, Texts, load_texts, read_folder
from .diagnostics import Check, Diagnostic, judges_each_template
from .language.office import Office

T = TypeVar("T")
KINDS = ("roles", "products", "messages", "forms", "law", "workflows", "review", "policies", "scenarios")

Look = tuple[str, Any]
"""What was looked at: a kind and a name, the names of the kind themselves (None), or a question's answer."""


class Workspace:
    """The definitions of a folder, with texts that are not saved yet.

    `definitions` are those of the last compile, for whoever looks for names and places in them; nobody
    changes them. Not for several threads at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.definitions = Definitions()
        self.asked = 0
        """How many questions the last compile asked: checks of everything or of one template."""
        self._loaded: dict[str, Loaded] = {}
        self._known: dict[Hashable, _Known[Any]] = {}
        self._seen: dict[Look, object] = {}
        self._watching: dict[Look, set[str | None]] = {}

    def compile(self, unsaved: Mapping[str, str | bytes] = NOTHING) -> Compilation:
        """Compile the folder as it is now on disk. Never raises for its content.

        `unsaved` has texts by path relative to the folder, with forward slashes, such as
        `workflows/btw-aangifte.yaml`. They are read in place of those files, which need not exist. What it
        leaves out next time is the file again.
        """
        return self.compile_texts(read_folder(self.folder, unsaved))

    def compile_texts(self, texts: Texts) -> Compilation:
        """Compile the folder as it was read, or as somebody else has it. Never raises for its content."""
        with no_collecting():
            self.definitions, found = load_texts(texts, self._loaded)
            asking = _AskingAgain(self.definitions, self._known, self._seen, self._watching)
            compilation = compile_loaded(self.folder, found, asking)
        self._known, self._seen, self.asked = asking.known, asking.seen, asking.asked
        self._loaded = {path: one for path, one in self._loaded.items() if path in self.definitions.sources}
        return compilation


class _Known(NamedTuple, Generic[T]):
    """What follows from what was looked at, and what that was then."""

    answer: T
    seen: dict[Look, object]


class _AskingAgain(Asking):
    """Asks what was not asked before, or where something changed that was looked at then."""

    def __init__(
        self,
        definitions: Definitions,
        before: Mapping[Hashable, _Known[Any]],
        seen: Mapping[Look, object],
        watching: dict[Look, set[str | None]],
    ) -> None:
        super().__init__(definitions)
        self.known: dict[Hashable, _Known[Any]] = {}
        self.seen = dict(seen)
        """What checks that judge each template looked at, and what that was then."""
        self.asked = 0
        self._before = before
        self._seen_before = seen
        self._watching = watching
        """The templates for which each of these was looked at: also some that no longer do."""
        self._templates = [name for name, _ in definitions.templates()] or (None,)
        self._kept: dict[Hashable, _Known[Any]] = {}
        self._files: dict[str, Mapping[str, Any]] = {kind: getattr(definitions, kind) for kind in KINDS}
        self._names = {kind: tuple(files) for kind, files in self._files.items()}

    def check(self, check: Check) -> Iterable[Diagnostic]:
        """Return what a check reports."""
        if not judges_each_template(check):
            return self.ask(check, lambda definitions: tuple(check(definitions)))
        return [found for name in self._templates for found in self._ask_of_one(check, name)]

    def ask(self, key: Hashable, question: Callable[[Definitions], T]) -> T:
        """Return what follows from the definitions; `key` says what is asked."""
        return self._ask(key, question, None)

    def _ask_of_one(self, check: Check, name: str | None) -> tuple[Diagnostic, ...]:
        """Return what a check reports of a template: the same, where nothing changed for any check of it."""
        key = (check, name)
        known = None if name in self._changed else self._before.get(key)
        if known is not None:
            self.known[key] = known
            kept: tuple[Diagnostic, ...] = known.answer
            return kept
        answer = self._ask(key, lambda definitions: tuple(check(definitions)), name)
        seen = self.known[key].seen
        self.seen.update(seen)
        for look in seen:
            self._watching.setdefault(look, set()).add(name)
        return answer

    @cached_property
    def _changed(self) -> set[str | None]:
        """The templates for which something changed that a check of them looked at."""
        gone = [look for look, then in self._seen_before.items() if not self._is_still(look, then)]
        for look in gone:
            del self.seen[look]  # whoever still looks at it is asked again, and puts it back
        return {name for look in gone for name in self._watching.get(look, ())}

    def _ask(self, key: Hashable, question: Callable[[Definitions], T], only: str | None) -> T:
        if key in self.known:
            asked: T = self.known[key].answer
            return asked
        known = self._before.get(key)
        if known is None or not all(self._is_still(look, then) for look, then in known.seen.items()):
            self.asked += 1
            watched = _Watched(self, self._kept, only)
            known = _Known(question(watched), watched.seen)
        self.known[key] = known
        answer: T = known.answer
        return answer

    def look(self, look: Look) -> object:
        """Return what is there now: a file, which is another object where its content changed, or names."""
        kind, name = look
        if kind in self._files:
            return self._names[kind] if name is None else self._files[kind].get(name)
        return self.definitions.office if kind == "office" else self.ask(("answer", name), name)

    def _is_still(self, look: Look, then: object) -> bool:
        now = self.look(look)
        return now is then or (isinstance(now, tuple | frozenset) and now == then)


class _Watched(Definitions):
    """Definitions that remember what is looked at, on demand with one template to judge.

    What is kept of them is kept with what was looked at for it.
    """

    def __init__(self, asking: _AskingAgain, kept: dict[Hashable, _Known[Any]], only: str | None) -> None:
        real = asking.definitions
        super().__init__(sources=real.sources, kept=kept)
        self.seen: dict[Look, object] = {}
        self._asking = asking
        self._only = only
        for kind in KINDS:
            setattr(self, kind, _WatchedFiles(kind, getattr(real, kind), self.look))

    def look(self, look: Look) -> None:
        """Remember that something is looked at."""
        if look not in self.seen:
            self.seen[look] = self._asking.look(look)

    @property
    def office(self) -> File[Office] | None:
        """The office, which is looked at."""
        self.look(("office", None))
        return self._asking.definitions.office

    @office.setter
    def office(self, office: File[Office] | None) -> None:
        """Leave it as it is: it is that of the real definitions."""

    def templates(self) -> Iterator[tuple[str, Any]]:
        """Yield the id and model of every readable workflow, or of the one to judge."""
        yield from super().templates() if self._only is None else self._list_one(self._only)

    def _list_one(self, name: str) -> Iterator[tuple[str, Any]]:
        file = self.workflows.get(name)
        if file and file.model:
            yield name, file.model

    def answer(self, question: Callable[[Definitions], T]) -> T:
        """Return the answer to a question, which is what is looked at."""
        self.look(("answer", question))
        answer: T = self._asking.ask(("answer", question), question)
        return answer

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes of these definitions, made once; with what was looked at for it."""
        if key not in self.kept:
            before, self.seen = self.seen, {}
            made = make()
            self.kept[key] = _Known(made, self.seen)
            self.seen = before
        known: _Known[T] = self.kept[key]
        self.seen.update(known.seen)
        return known.answer


class _WatchedFiles(Mapping[str, Any]):
    """The definitions of a kind, which tell what is looked at."""

    def __init__(self, kind: str, files: Mapping[str, Any], look: Callable[[Look], None]) -> None:
        self._kind = kind
        self._files = files
        self._look = look

    def __getitem__(self, name: str) -> Any:
        """Return the file of a definition."""
        self._look((self._kind, name))
        return self._files[name]

    def __contains__(self, name: object) -> bool:
        """Say whether there is a definition of that name."""
        self._look((self._kind, str(name)))
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        self._look((self._kind, None))
        return iter(self._files)

    def __len__(self) -> int:
        """Return how many there are."""
        self._look((self._kind, None))
        return len(self._files)
