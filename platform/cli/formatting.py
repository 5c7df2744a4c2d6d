"""The command that gives definitions their canonical layout."""

import difflib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from ..compiler.compilation import Checked
from ..compiler.format import Formatted, Refused, format_definition
from ..compiler.format.folders import find_targets
from ..compiler.reports import FORMATS
from ..compiler.source_text import Source
from ..files import replace_content
from .failures import WRONG_USE, Failure

HELP = "Give DIR, the folder with the definitions, or files in it such as definitions/office.yaml."


@dataclass(frozen=True)
class _File:
    file: Path
    before: bytes
    result: Formatted | Refused

    @property
    def name(self) -> str:
        return os.path.relpath(self.file)


@click.command("fmt")
@click.argument("paths", metavar="[DIR | FILES]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.pass_context
def fmt(context: click.Context, paths: tuple[Path, ...], only_check: bool, diff: bool) -> None:
    """Give the definitions in DIR, or single files, their canonical layout.

    Values and comments stay what they are, and so do the plans. When one file cannot be laid out, none is
    written.
    """
    files = [_lay_out(file, model) for file, model in _find_files(paths or (Path("definitions"),))]
    refused = [one for one in files if isinstance(one.result, Refused)]
    for one in refused:
        _show_refusal(one)
    changed = [one for one in files if isinstance(one.result, Formatted) and one.result.changed]
    if diff:
        for one in changed:
            click.echo("".join(_compare(one)), nl=False)
    elif only_check:
        for one in changed:
            click.echo(f"{one.name}: not in canonical layout")
    elif not refused:
        for one in changed:
            assert isinstance(one.result, Formatted)
            replace_content(one.file, one.result.text.encode())
            click.echo(one.name)
    click.echo(_sum_up(len(files), len(changed), len(refused), written=not (diff or only_check)), err=True)
    context.exit(1 if refused or (only_check and changed) else 0)


def _find_files(paths: tuple[Path, ...]) -> Iterator[tuple[Path, type]]:
    for path in paths:
        if not path.exists():
            raise Failure(f"no such file or folder: '{path}'", WRONG_USE, HELP)
        targets = find_targets(path)
        if not targets:
            what = "there are no definitions in" if path.is_dir() else "this is not the file of a definition:"
            raise Failure(f"{what} '{path}'", WRONG_USE, HELP)
        yield from ((target.file, target.kind.model) for target in targets)


def _lay_out(file: Path, model: type) -> _File:
    before = file.read_bytes()
    return _File(file, before, format_definition(before, os.path.relpath(file), model))


def _show_refusal(one: _File) -> None:
    assert isinstance(one.result, Refused)
    source = Source(one.name, one.before.decode("utf-8-sig", "replace"))
    found = Checked(folder=Path(), diagnostics=one.result.diagnostics, sources={one.name: source}, count=1)
    click.echo(FORMATS["text"](found), nl=False)
    if one.result.span is not None:
        place = f"{one.name}:{one.result.span.line}:{one.result.span.column}"
        click.echo(f"{place}: error: {one.result.reason}\n  help: {one.result.help}")


def _compare(one: _File) -> Iterator[str]:
    assert isinstance(one.result, Formatted)
    before = one.before.decode("utf-8", "replace").splitlines(keepends=True)
    after = one.result.text.splitlines(keepends=True)
    for line in difflib.unified_diff(before, after, one.name, f"{one.name} (canonical)"):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _sum_up(count: int, changed: int, refused: int, *, written: bool) -> str:
    files = f"{count} file" if count == 1 else f"{count} files"
    if refused:
        return f"{files}: {refused} cannot be laid out; nothing was written"
    if not changed:
        return f"{files} in canonical layout"
    return f"{files}: {changed} {'laid out' if written else 'would change'}"


commands: list[click.Command] = [fmt]
