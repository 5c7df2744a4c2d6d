"""Diagnostics as GitHub workflow commands, which GitHub shows as annotations of a pull request."""

from collections.abc import Iterator

from ..compilation import Checked
from ..diagnostics import Diagnostic, Level
from .paths import repository_path, show


def github(checked: Checked) -> str:
    """Return one workflow command per line."""
    return "".join(f"{one}\n" for one in list_commands(checked))


def list_commands(checked: Checked) -> Iterator[str]:
    """Yield the workflow commands, without the ends of their lines."""
    return (_render(diagnostic, checked) for diagnostic in checked.diagnostics)


def _render(diagnostic: Diagnostic, checked: Checked) -> str:
    span, help = show(checked, diagnostic.span), diagnostic.help
    message = f"{diagnostic.message.rstrip('.')}. Help: {help}" if help else diagnostic.message
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
    """Escape the characters that would end the command, which GitHub decodes; others that do not print go."""
    shown = "".join(sign if sign.isprintable() or sign in "\r\n" else " " for sign in text)
    return shown.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape_data(text).replace(":", "%3A").replace(",", "%2C")
