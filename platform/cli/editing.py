"""Commands for editors: the language server."""

import os
import sys
from contextlib import redirect_stdout

import click

from .failures import WRONG_USE, Failure


@click.command()
@click.option("--stdio", is_flag=True, hidden=True, help="Accepted, since many editors add it.")
@click.pass_context
def lsp(context: click.Context, stdio: bool) -> None:
    """Serve an editor over standard input and output, as a language server for definitions.

    The editor starts it; docs/editor.md has the settings for VS Code and Neovim.
    """
    if sys.stdin.isatty():
        message = "kantoor lsp is started by an editor, which speaks with it over standard input"
        raise Failure(message, WRONG_USE, "docs/editor.md has the settings for VS Code and Neovim.")
    from ..editor.server import serve  # takes long to read, and the lines above need none of it

    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout, redirect_stdout(sys.stderr):
        was_shut_down = serve(sys.stdin.buffer, stdout)
    context.exit(0 if was_shut_down else 1)


commands: list[click.Command] = [lsp]
