"""Reports: diagnostics as text, JSON, GitHub annotations and SARIF."""

from collections.abc import Callable

from ..compilation import Checked
from .github import github
from .json import as_json
from .sarif import sarif
from .text import text

FORMATS: dict[str, Callable[[Checked], str]] = {
    "text": text,
    "json": as_json,
    "github": github,
    "sarif": sarif,
}
"""The formats of a report; a report is empty or ends with a newline."""
