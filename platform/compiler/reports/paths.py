"""Paths in reports: relative to the current folder, or to the repository for what reads them there."""

import os

from ..compilation import Checked
from ..diagnostics import Span


def shown_path(checked: Checked, span: Span) -> str:
    """Return the path of a place as the reader sees it, relative to the current folder."""
    return os.path.relpath(checked.folder / span.path)


def repository_path(checked: Checked, span: Span) -> str:
    """Return the path of a place from the root of its Git repository; outside one that of `shown_path`."""
    folder = checked.folder.resolve()
    root = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    return shown_path(checked, span) if root is None else os.path.relpath(folder / span.path, root)
