"""Paths in reports: relative to the current folder."""

import os

from ..compilation import Compilation
from ..diagnostics import Span


def shown_path(compilation: Compilation, span: Span) -> str:
    """Return the path of a place as the reader sees it, relative to the current folder."""
    return os.path.relpath(compilation.folder / span.path)
