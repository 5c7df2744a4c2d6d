"""Diagnostics as GitHub workflow commands, which become annotations of a pull request."""

from ..compilation import Compilation
from ..diagnostics import Diagnostic
from .paths import shown_path


def github(compilation: Compilation) -> str:
    """Return a workflow command a line."""
    return "".join(f"{_command(found, compilation)}\n" for found in compilation.diagnostics)


def _command(found: Diagnostic, compilation: Compilation) -> str:
    span = found.span
    properties = {
        "file": shown_path(compilation, span),
        "line": span.line,
        "col": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
        "title": f"{found.code.id} {found.code.title}",
    }
    written = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    message = f"{found.message}. Help: {found.help}" if found.help else found.message
    return f"::{found.level} {written}::{_data(message)}"


def _data(words: str) -> str:
    """Escape what would end the command; GitHub undoes it."""
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")
