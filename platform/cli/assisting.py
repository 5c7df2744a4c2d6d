"""The command for assistants: mcp."""

import os
import signal
from pathlib import Path
from typing import NoReturn

import click

from .definitions import definitions_folder
from .failures import INTERRUPTED, explain, write_report


@click.command()
@definitions_folder
def mcp(folder: Path) -> None:
    """Serve assistants that edit the definitions in DIR, over standard input and output (MCP).

    Tools: check, explain, simulate, diff and policies. Resources: the whole language, and the shipped
    templates. It reads nothing outside DIR and its history in Git, and writes nothing. An assistant starts
    it itself: docs/editor.md has the settings. DIR may also be a repository with the definitions in it.
    """
    from ..mcp_server.server import serve  # what it imports takes a second or more

    signal.signal(signal.SIGINT, _leave)
    serve(_find_definitions(folder), _describe_error)


def _find_definitions(folder: Path) -> Path:
    """Return the definitions of a folder: itself, or those of a repository, where it has them by default."""
    below = folder / "definitions"
    has_office = (below / "office.yaml").is_file() and not (folder / "office.yaml").exists()
    return below if has_office and not below.is_symlink() else folder  # a link may lead out of DIR


def _leave(number: int, frame: object) -> NoReturn:
    """End at once on Ctrl-C: the thread that reads standard input would be waited for until that ends."""
    click.echo("interrupted", err=True)
    os._exit(INTERRUPTED)


def _describe_error(error: Exception) -> str:
    """Return the sentence for an error that nobody expected; a bug of ours gets a report file."""
    known = explain(error)
    if known:
        return known[0]
    return (
        f"this is a bug in kantoor; a report without personal data is in {write_report(error, 'kantoor mcp')}"
    )


commands: list[click.Command] = [mcp]
