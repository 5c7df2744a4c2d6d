"""The one folder of which a server for assistants tells: checked as it is, or as it would be with changes."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path, PurePosixPath

from ..compiler import Compilation, compile_definitions
from ..compiler.definitions import MAX_FOLDERS

MOST_FILES = 1_000
MOST_SIGNS = 5_000_000
"""What changes may hold together: a hundred times the longest definition."""

Changes = Mapping[str, str | None]
"""By path in the folder: what a file would hold; None for one that would be gone."""


class OutsideError(Exception):
    """What is asked lies outside the folder, or could; the message says what, and what to do."""


class Folder:
    """A folder of definitions. Nothing outside it is read, whatever links it holds."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def check(self, changes: Changes | None = None) -> Compilation:
        """Compile the definitions, with changes as if they had been saved; raises OutsideError.

        Paths in the diagnostics are those of the folder itself.
        """
        with self.open(changes) as opened:
            return replace(compile_definitions(opened), folder=self.path)

    @contextmanager
    def open(self, changes: Changes | None = None) -> Iterator[Path]:
        """Have the definitions in a folder while somebody reads them, with changes as if they had been saved.

        Raises OutsideError.
        """
        if not self.path.is_dir():
            raise OutsideError(
                f"the folder {self.path} is gone: start kantoor mcp again with one that exists"
            )
        self._refuse_links()
        if not changes:
            yield self.path
            return
        with tempfile.TemporaryDirectory() as name:
            copy = Path(name)
            _copy(self.path, copy)
            _apply(changes, copy)
            yield copy

    def _refuse_links(self) -> None:
        """Raise OutsideError for a link that leads out of the folder: the compiler follows links."""
        inside = self.path.resolve()
        for file in _list_links(self.path):
            if not file.resolve().is_relative_to(inside):
                shown = file.relative_to(self.path).as_posix()
                raise OutsideError(
                    f"'{shown}' is a link that leads out of the folder: put the file itself there"
                )


def _list_links(folder: Path) -> Iterator[Path]:
    for here, folders, files in os.walk(folder):
        yield from (path for name in (*folders, *files) if (path := Path(here, name)).is_symlink())


def _copy(folder: Path, copy: Path) -> None:
    """Copy the definitions of a folder without links, so that nothing is written through one."""
    for here, folders, files in os.walk(folder, followlinks=True):
        below = Path(here).relative_to(folder)
        folders[:] = (
            [one for one in folders if not one.startswith(".")] if len(below.parts) < MAX_FOLDERS else []
        )
        for name in files:
            if name.lower().endswith((".yaml", ".yml")) and Path(here, name).is_file():
                (copy / below).mkdir(parents=True, exist_ok=True)
                shutil.copyfile(Path(here, name), copy / below / name)


def _apply(changes: Changes, copy: Path) -> None:
    if len(changes) > MOST_FILES or sum(len(text or "") for text in changes.values()) > MOST_SIGNS:
        raise OutsideError(
            f"too many changes: at most {MOST_FILES} files, with {MOST_SIGNS} characters together"
        )
    for written, text in changes.items():
        file = copy / _read_path(written)
        try:
            if text is None:
                file.unlink(missing_ok=True)
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8", errors="surrogatepass")
        except OSError as error:
            raise OutsideError(f"'{written}' cannot be a file here: {error.strerror}") from None


def _read_path(written: str) -> PurePosixPath:
    """Return a path below the folder; raises OutsideError for any other."""
    path = PurePosixPath(written)
    plain = not path.is_absolute() and ".." not in path.parts and path.parts and "\0" not in written
    if not plain or path.suffix != ".yaml" or "\\" in written:
        expected = "a path below the folder such as workflows/btw-aangifte.yaml"
        raise OutsideError(f"invalid path '{written[:200]}': expected {expected}")
    return path
