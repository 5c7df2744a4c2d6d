"""Reports: diagnostics as text for people, JSON, GitHub annotations and SARIF."""

from collections.abc import Callable

from ..compilation import Compilation
from .github import github
from .json import as_json
from .sarif import sarif
from .text import text

FORMATS: dict[str, Callable[[Compilation], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "sarif": sarif,
}
"""How a report can be written; each is '' or ends in a new line."""
