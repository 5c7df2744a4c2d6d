"""Places in reports: by the lines of an editor, relative to the current folder or to the repository."""

import os

from ..compilation import Checked
from ..diagnostics import Span


def show(checked: Checked, span: Span) -> Span:
    """Return a place by the lines that the reader's editor counts."""
    source = checked.sources.get(span.path)
    return source.show(span) if source else span


def shown_path(checked: Checked, span: Span) -> str:
    """Return the path of a place as the reader sees it, relative to the current folder."""
    return os.path.relpath(checked.folder / span.path)


def repository_path(checked: Checked, span: Span) -> str:
    """Return the path of a place from the root of its Git repository; outside one that of `shown_path`."""
    folder = checked.folder.resolve()
    root = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    return shown_path(checked, span) if root is None else os.path.relpath(folder / span.path, root)
