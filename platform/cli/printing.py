"""How results are printed: as JSON, as lines, or as tables, which rich draws on a terminal."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from ..files import write_whole
from ..tables import Table
from ..unseen import escape_unseen, show_unseen
from .failures import WRONG_USE, Failure

T = TypeVar("T")


def say(text: str, *, err: bool = False) -> None:
    """Print lines at once, also into a pipe or log; what nobody would see in them is marked."""
    click.echo(show_unseen(text), err=err)
    (sys.stderr if err else sys.stdout).flush()


def warn(text: str) -> None:
    """Print something that stops nothing, on standard error."""
    say(f"let op: {text}", err=True)


def write_new(file: Path, text: str) -> None:
    """Write a file that is not there yet, with its folders. Raises Failure where it exists."""
    if file.exists():
        raise Failure(f"{file} exists already", WRONG_USE, "Give another name, or remove it first.")
    file.parent.mkdir(parents=True, exist_ok=True)
    write_whole(file, text.encode())


def print_json(result: object) -> None:
    """Print a result (models, or what holds them) as JSON."""
    import msgspec
    from pydantic_core import to_jsonable_python

    text = json.dumps(to_jsonable_python(result, fallback=msgspec.to_builtins), ensure_ascii=False, indent=2)
    click.echo(escape_unseen(text))


def print_result(form: str, result: T, lines: Callable[[T], Iterable[str]]) -> None:
    """Print a result as JSON, or as the lines that are made of it."""
    if form == "json":
        print_json(result)
        return
    for line in lines(result):
        say(line)


def print_list(form: str, found: Sequence[T], table: Callable[[Sequence[T]], Table], empty: str) -> None:
    """Print what was found as JSON or as a table; where there is nothing, the sentence that says so."""
    if form == "json":
        print_json(found)
    elif found:
        print_table(table(found))
    else:
        click.echo(empty)


def print_table(table: Table) -> None:
    """Print a table: drawn to the width of a terminal, aligned text in a pipe."""
    seen = Table(table.header, tuple(tuple(map(show_unseen, row)) for row in table.rows))
    if not (sys.stdout.isatty() and _draw(seen)):
        click.echo("\n".join(seen.lines()))


def _draw(table: Table) -> bool:
    """Draw a table with rich, if the terminal is wide enough for its longest words.

    Columns of ids stay in one piece, since people type them; sentences are wrapped between words.
    """
    from rich.console import Console
    from rich.table import Table as Drawing
    from rich.text import Text

    drawing = Drawing(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for place, name in enumerate(table.header):
        wraps = any(" " in row[place] for row in table.rows)
        drawing.add_column(Text(name), no_wrap=not wraps, overflow="fold")
    for row in table.rows:
        drawing.add_row(*map(Text, row))
    console = Console(highlight=False)
    unlimited = console.options.update(width=sys.maxsize)
    if console.measure(drawing, options=unlimited).minimum > console.width:
        return False
    console.print(drawing)
    return True
