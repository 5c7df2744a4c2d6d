"""Workspace: a folder that is compiled again and again while somebody writes in it.

For a process that stays: an editor's server, a watcher. What it returns is what a cold compile of the same
texts returns, always. This is the plain version: it compiles everything each time; a later one keeps what did
not change, behind the same names.
"""

from collections.abc import Mapping
from pathlib import Path

from .compilation import Compilation, compile_loaded
from .definitions import NOTHING, Definitions, load


class Workspace:
    """The definitions of a folder, with texts that are not saved yet.

    `definitions` are those of the last compile, for whoever looks for names and places in them; nobody
    changes them. Not for several threads at once.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.definitions = Definitions()

    def compile(self, unsaved: Mapping[str, str] = NOTHING) -> Compilation:
        """Compile the folder as it is now on disk. Never raises for its content.

        `unsaved` has texts by path relative to the folder, with forward slashes, such as
        `workflows/btw-aangifte.yaml`. They are read in place of those files, which need not exist. What it
        leaves out next time is the file again.
        """
        self.definitions, found = load(self.folder, unsaved)
        return compile_loaded(self.folder, self.definitions, found)
