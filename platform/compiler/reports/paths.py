"""Paths in reports: relative to the current folder, with forward slashes."""

import os
from pathlib import Path

from ..compilation import Compilation
from ..diagnostics import Span


def shown_path(compilation: Compilation, span: Span) -> str:
    """Return the path of a place as the reader sees it, relative to the current folder where that can be."""
    path = compilation.folder / span.path
    try:
        return Path(os.path.relpath(path)).as_posix()
    except ValueError:  # another drive, on Windows
        return path.as_posix()
