"""The command that gives definitions their canonical layout."""

import difflib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from ..compiler.compilation import Checked
from ..compiler.format import Formatted, Refused, format_definition
from ..compiler.format.folders import Target, find_targets
from ..compiler.format.schema_comment import add_schema_comment
from ..compiler.language.kinds import KINDS, OFFICE_FILE, Kind, find_kind
from ..compiler.one_file import UnknownFileError, name_by_path, name_by_schema
from ..compiler.reports import FORMATS
from ..compiler.source import MAX_BYTES
from ..compiler.source_text import Source
from ..files import replace_content
from .failures import WRONG_USE, Failure

HELP = "Give DIR, the folder with the definitions, or files in it such as definitions/office.yaml."


INPUT = Path("-")
DEFAULT = Path("definitions")


@dataclass(frozen=True)
class _File:
    name: str
    before: bytes
    result: Formatted | Refused
    file: Path | None = None
    """Where it is written; None for standard input."""

    @property
    def changed(self) -> bool:
        return isinstance(self.result, Formatted) and self.result.text.encode() != self.before


@click.command("fmt")
@click.argument("paths", metavar="[DIR | FILES | -]", nargs=-1, type=click.Path(path_type=Path))
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit 1 when a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change.")
@click.option("--as", "path", metavar="PATH", help="With -: which file this is, such as workflows/x.yaml.")
@click.pass_context
def fmt(
    context: click.Context, paths: tuple[Path, ...], only_check: bool, diff: bool, path: str | None
) -> None:
    """Give the definitions in DIR, or single files, their canonical layout.

    Values and comments stay what they are, and so do the plans. Where office.yaml has a comment with its
    $schema, every file gets one. When one file cannot be laid out, none is written.

    With -, lay out one file of standard input, on standard output. Its kind follows from its $schema comment
    when --as does not say which file it is.
    """
    is_input = INPUT in paths
    if is_input and len(paths) > 1:
        raise click.UsageError("expected files, or - alone", context)
    if path is not None and not is_input:
        hint = "Give - too: kantoor fmt - --as PATH"
        raise Failure("--as says which file standard input is", WRONG_USE, hint)
    if is_input:
        files = [_lay_out_input(path)]
    else:
        files = [_lay_out(target) for target in _find_files(paths or (DEFAULT,))]
    refused = [one for one in files if isinstance(one.result, Refused)]
    for one in refused:
        _show_refusal(one)
    changed = [one for one in files if one.changed]
    if is_input and not (refused or diff or only_check):
        assert isinstance(files[0].result, Formatted)
        click.echo(files[0].result.text.encode(), nl=False)
        return
    if diff:
        for one in changed:
            click.echo("".join(_compare(one)), nl=False)
    elif only_check:
        for one in changed:
            click.echo(f"{one.name}: not in canonical layout")
    elif not refused:
        for one in changed:
            assert isinstance(one.result, Formatted)
            assert one.file is not None
            replace_content(one.file, one.result.text.encode())
            click.echo(one.name)
    click.echo(_sum_up(len(files), len(changed), len(refused), written=not (diff or only_check)), err=True)
    context.exit(1 if refused or (only_check and changed) else 0)


def _find_files(paths: tuple[Path, ...]) -> Iterator[Target]:
    for path in paths:
        if not path.exists():
            raise Failure(f"no such file or folder: '{path}'", WRONG_USE, HELP)
        targets = find_targets(path)
        if not targets:
            what = "there are no definitions in" if path.is_dir() else "this is not the file of a definition:"
            raise Failure(f"{what} '{path}'", WRONG_USE, HELP)
        yield from targets


def _lay_out(target: Target) -> _File:
    before, name = target.file.read_bytes(), os.path.relpath(target.file)
    return _File(name, before, _format(before, name, target.kind, target.folder), target.file)


def _format(data: bytes, name: str, kind: Kind, folder: Path) -> Formatted | Refused:
    """Return a file in canonical layout, with the comment of its schema where the office has those."""
    result = format_definition(data, name, kind.model)
    if isinstance(result, Refused):
        return result
    with_comment = add_schema_comment(result.text.encode(), kind, folder)
    return format_definition(with_comment, name, kind.model)


def _lay_out_input(path: str | None) -> _File:
    if sys.stdin is None:
        raise Failure("standard input is closed", WRONG_USE, "Send the text of the file to kantoor fmt -.")
    before = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        name = name_by_path(path, DEFAULT) if path is not None else name_by_schema(before)
    except UnknownFileError as error:
        raise Failure(str(error), WRONG_USE, "Say which file this is: --as workflows/x.yaml.") from None
    kind = KINDS[0] if name == OFFICE_FILE else find_kind(name.rpartition("/")[0])
    assert kind is not None
    shown = path or "stdin"
    return _File(shown, before, _format(before, shown, kind, DEFAULT))


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
