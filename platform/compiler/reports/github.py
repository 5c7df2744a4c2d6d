"""Diagnostics as GitHub workflow commands, which GitHub shows as annotations of a pull request."""

from ..compilation import Checked
from ..diagnostics import Diagnostic, Level
from .paths import repository_path


def github(checked: Checked) -> str:
    """Return one workflow command per line."""
    return "".join(f"{_render(diagnostic, checked)}\n" for diagnostic in checked.diagnostics)


def _render(diagnostic: Diagnostic, checked: Checked) -> str:
    span, help = diagnostic.span, diagnostic.help
    message = f"{diagnostic.message}. Help: {help}" if help else diagnostic.message
    return annotate(
        diagnostic.level,
        message,
        file=repository_path(checked, span),
        line=span.line,
        col=span.column,
        endLine=span.end_line,
        endColumn=span.end_column,
        title=f"{diagnostic.code.id} {diagnostic.code.title}",
    )


def annotate(level: Level, message: str, **properties: str | int) -> str:
    """Return a workflow command that shows a message; nothing in it can begin another command."""
    pairs = ",".join(f"{name}={_escape_property(str(value))}" for name, value in properties.items())
    return f"::{level} {pairs}::{_escape_data(message)}"


def _escape_data(text: str) -> str:
    """Escape the characters that would end the command; GitHub decodes them."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
