"""A definitions folder that somebody has open: its unsaved texts, and what was last found in it.

It is compiled in a thread of its own, one compile at a time and always of the newest texts: what is typed
meanwhile waits for nothing, and comes into the next one.
"""

import asyncio
import gc
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from ..compiler.compilation import Compilation
from ..compiler.language.kinds import OFFICE_FILE
from ..compiler.one_file import read_alone
from ..compiler.workspace import Workspace
from .diagnostics import group_diagnostics
from .index import Index

PAUSE = 0.003
"""Seconds between a change and the compile that takes it in, for the changes that come with it."""

DEFINITIONS = "definitions"
LEVELS = 4


class OpenText(NamedTuple):
    """The text of a file that is open in the editor, under the address that the editor has for it."""

    uri: str
    text: str
    version: int | None = None


Publish = Callable[[str, list[types.Diagnostic], int | None], None]
"""Takes the address of a file, its diagnostics, and the version of the text that has them."""
Show = Callable[[str], Callable[[], None]]
"""Shows that something under a title goes on, until what it returns is called."""


class OpenFolder:
    """The definitions of a folder, with the texts that are open. `index` is of its last compile."""

    def __init__(
        self,
        root: Path,
        encoding: str,
        publish: Publish,
        report: Callable[[str], None],
        show: Show,
    ) -> None:
        self.root = root
        self.encoding = encoding
        self.index = Index({})
        self.published: dict[str, list[types.Diagnostic]] = {}
        self._checked: dict[str, str] = {}
        """The texts whose diagnostics are published, by path."""
        self._texts: dict[str, OpenText] = {}
        self._publish = publish
        self._report = report
        self._show = show
        self._workspace = Workspace(root)
        self._thread = ThreadPoolExecutor(1, "compile")
        self._changed = False
        self._checking: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    def find_path(self, uri: str) -> str | None:
        """Return the path below the folder of a YAML file at an address, or None where it is none."""
        name = to_fs_path(uri)
        file = Path(name) if name else None
        if file is None or file.suffix.lower() not in (".yaml", ".yml"):
            return None
        for one, root in ((file, self.root), (file.resolve(), self.root.resolve())):
            if one.is_relative_to(root):
                path = one.relative_to(root)
                return None if any(part.startswith(".") for part in path.parts) else path.as_posix()
        return None

    def make_uri(self, path: str) -> str:
        """Return the address of a file: the editor's own where it is open."""
        known = self._texts.get(path)
        return known.uri if known else from_fs_path(str(self.root / path)) or ""

    def version_of(self, path: str) -> int | None:
        """Return the editor's version of an open text."""
        known = self._texts.get(path)
        return known.version if known else None

    def put(self, path: str, text: OpenText) -> None:
        """Take in the text of a file that is open."""
        self._texts[path] = text
        if not self._ready.is_set():
            self._publish_alone(path, text)
        self.check()

    def drop(self, path: str) -> None:
        """Read a file from disk again: it was closed."""
        self._texts.pop(path, None)
        self.check()

    def check(self) -> None:
        """Have the folder compiled soon, and the diagnostics of what changed published."""
        self._changed = True
        if self._checking is None or self._checking.done():
            self._checking = asyncio.ensure_future(self._check())

    async def read_index(self) -> Index:
        """Return the names of the newest texts; at first, when the folder has been compiled once."""
        await self._ready.wait()
        texts = {path: file.page.text for path, file in self.index.files.items()}
        texts |= {path: one.text for path, one in self._texts.items()}
        if any(texts[path] != self._read(path) for path in self._texts):
            self.index = self.index.replace(texts, self.encoding)
        return self.index

    async def read_fresh_index(self) -> Index:
        """Return the names of the newest texts, of files on disk too: for changes, which miss none."""
        self.check()
        while self._checking and not self._checking.done():
            await asyncio.shield(self._checking)
        return await self.read_index()

    def is_checked(self, path: str) -> bool:
        """Say whether the diagnostics of a file are of its newest text."""
        text, known = self._checked.get(path), self._texts.get(path)
        return text is not None and (known is None or known.text == text)

    def close(self) -> None:
        """Take the diagnostics of the folder back and stop compiling."""
        for path in self.published:
            self._publish(self.make_uri(path), [], None)
        self.published = {}
        if self._checking is not None:
            self._checking.cancel()
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _check(self) -> None:
        if self._ready.is_set():
            await self._check_again()
            return
        stop = self._show(f"kantoor: reading {self.root.name}")
        try:
            await self._check_again()
        finally:
            stop()

    async def _check_again(self) -> None:
        loop = asyncio.get_running_loop()
        while self._changed:
            await asyncio.sleep(PAUSE)
            self._changed = False
            texts = dict(self._texts)
            try:
                compilation = await loop.run_in_executor(self._thread, self._compile, texts)
                self._publish_changed(compilation, texts)
                self.index = await loop.run_in_executor(self._thread, self._list_names, compilation)
            except Exception as error:  # a bug of ours: the next change may come past it
                self._report(f"kantoor could not check {self.root.name}: {type(error).__name__}")
            if not self._ready.is_set():
                gc.freeze()  # a full collection would pass all that stays, 0.1 s every some thirty compiles
                self._ready.set()

    def _compile(self, texts: dict[str, OpenText]) -> Compilation:
        return self._workspace.compile({path: one.text for path, one in texts.items()})

    def _list_names(self, compilation: Compilation) -> Index:
        sources = {path: source.text for path, source in compilation.sources.items() if path != "."}
        return self.index.replace(sources, self.encoding)

    def _publish_changed(self, compilation: Compilation, texts: dict[str, OpenText]) -> None:
        found = group_diagnostics(compilation.diagnostics, compilation.sources, self.encoding, self.make_uri)
        checked = {path: source.text for path, source in compilation.sources.items()}
        if not self._ready.is_set():  # those of a text that was opened meanwhile stay until it was looked at
            later = [path for path, text in self._texts.items() if texts.get(path) != text]
            found |= {path: self.published[path] for path in later if path in self.published}
            checked |= {path: self._checked[path] for path in later if path in self._checked}
        every = found.keys() | self.published.keys()
        for path in sorted(every, key=lambda path: (path not in self._texts, path)):
            now = found.get(path, [])
            if now != self.published.get(path, []):
                version = texts[path].version if path in texts else None
                self._publish(self.make_uri(path), now, version)
        self.published = found
        self._checked = checked

    def _publish_alone(self, path: str, text: OpenText) -> None:
        """Publish what is wrong with a file by itself: to compile its folder first can take long."""
        found = group_diagnostics(*read_alone(path, text.text), self.encoding, self.make_uri).get(path, [])
        if found != self.published.get(path, []):
            self._publish(text.uri, found, text.version)
            self.published[path] = found
        self._checked[path] = text.text

    def _read(self, path: str) -> str | None:
        file = self.index.files.get(path)
        return file.page.text if file else None


def find_definitions(folder: Path) -> Path | None:
    """Return the definitions folder of a folder that is open in an editor: itself, below it, or above it."""
    if (folder / OFFICE_FILE).is_file():
        return folder
    if (folder / DEFINITIONS).is_dir():
        return folder / DEFINITIONS
    return find_above(folder)


def find_above(place: Path) -> Path | None:
    """Return the nearest folder above a file or folder that holds an office.yaml, or None."""
    return next((one for one in [*place.parents][:LEVELS] if (one / OFFICE_FILE).is_file()), None)
