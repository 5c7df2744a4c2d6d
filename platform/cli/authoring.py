"""Commands for authors of definitions: check, compile, show, schema, explain."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import click
from msgspec import MsgspecError

from ..compiler import Compilation, compile_definitions
from ..compiler.cache import check_definitions, find_folder
from ..compiler.compilation import Checked
from ..compiler.explain import UnknownNameError, list_names
from ..compiler.explain import explain as explained
from ..compiler.one_file import (
    UnknownFileError,
    compile_one,
    find_folder_of,
    name_by_path,
    name_by_schema,
)
from ..compiler.plan_yaml import plan_as_yaml
from ..compiler.reports import FORMATS
from ..compiler.reports.text import MOST, summary, text
from ..compiler.schemas import schemas, write_schemas
from ..compiler.source import MAX_BYTES
from ..files import write_whole
from ..plan import Plan, digest, load_plan, plan_bytes
from ..suggest import ask_if_meant, nearest
from .definitions import Asked, asked_definitions, definitions_folder
from .failures import WRONG_USE, Failure

PLAN = ".plan.json"


@click.command()
@asked_definitions
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--as", "path", metavar="PATH", help="With -: which file this is, such as workflows/x.yaml.")
@click.option("--all", "every", is_flag=True, help=f"Show more than the first {MOST} as text.")
@click.option("--no-cache", is_flag=True, help="Check again what was checked before, and keep nothing.")
@click.pass_context
def check(
    context: click.Context, asked: Asked, form: str, path: str | None, every: bool, no_cache: bool
) -> None:
    """Check the definitions in DIR and print every error and warning.

    With FILE, check the folder that it is in and print what is wrong with that file alone. With -, check
    one file of standard input in place of that of DIR, and print what is wrong with it alone.
    Its kind follows from its $schema comment when --as does not say which file it is.

    A comment `# kantoor: allow K231 because ...` at the line silences a warning, with the reason.

    What was found is kept in kantoor/check of your cache folder ($XDG_CACHE_HOME or ~/.cache), or in
    $KANTOOR_CACHE, by a digest of all texts: what did not change since is not looked at again.
    """
    if path is not None and not asked.is_input:
        raise Failure(
            "--as says which file standard input is", WRONG_USE, "Give - too: kantoor check - --as PATH"
        )
    if form in FOR_A_HOST and asked.path.is_dir():
        _refuse_links(asked.path)
    checked = _check_asked(asked, path, None if no_cache else find_folder(os.environ))
    report = text(checked, None) if every and form == "text" else FORMATS[form](checked)
    click.echo(report, nl=False)
    click.echo(summary(checked), err=True)
    context.exit(1 if checked.errors else 0)


FOR_A_HOST = ("github", "sarif")
"""Forms in which a host shows what was found, to whoever can see the change that was checked."""


def _refuse_links(folder: Path) -> None:
    """Refuse links in what may be a change of somebody else: mistakes quote the file that one leads to."""
    from ..review.revisions import RevisionError, refuse_links  # most checks do without

    try:
        refuse_links(folder)
    except RevisionError as error:
        raise Failure(str(error), WRONG_USE, error.hint) from None


def _check_asked(asked: Asked, path: str | None, cache: Path | None) -> Checked:
    if asked.is_input:
        return _compile_input(asked.path, path)
    if asked.path.is_dir():
        return check_definitions(asked.path, cache)
    try:
        return compile_one(*find_folder_of(asked.path))
    except UnknownFileError as error:
        next_step = "Give DIR, the folder with the definitions, or a file in it."
        raise Failure(str(error), WRONG_USE, next_step) from None


def _compile_input(folder: Path, path: str | None) -> Compilation:
    if sys.stdin is None:
        raise Failure("standard input is closed", WRONG_USE, "Send the text of the file to kantoor check -.")
    content = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        name = name_by_path(path, folder) if path is not None else name_by_schema(content)
    except UnknownFileError as error:
        raise Failure(str(error), WRONG_USE, "Say which file this is: --as workflows/x.yaml.") from None
    return compile_one(folder, name, content)


@click.command("compile")
@definitions_folder
@click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where plans go."
)
@click.pass_context
def compile_command(context: click.Context, folder: Path, out: Path) -> None:
    """Compile DIR into one <template>.plan.json per template, and print each plan's digest.

    Plans of templates that are gone are removed. Nothing is written when the definitions have errors.
    """
    compilation = compile_definitions(folder)
    click.echo(FORMATS["text"](compilation), nl=False, err=True)
    if compilation.errors:
        click.echo(f"{summary(compilation)}; nothing was written", err=True)
        context.exit(1)
    out.mkdir(parents=True, exist_ok=True)
    for name, plan in sorted(compilation.plans.items()):
        write_whole(out / f"{name}{PLAN}", plan_bytes(plan))
        click.echo(f"{name} {digest(plan)}")
    for file in _find_plans_of_gone_templates(out, set(compilation.plans)):
        file.unlink()
        click.echo(f"removed {file}: there is no such template any more", err=True)


def _find_plans_of_gone_templates(folder: Path, templates: set[str]) -> Iterator[Path]:
    """Yield the plans in a folder that this command wrote for other templates; other files are not plans."""
    for file in sorted(folder.glob(f"*{PLAN}")):
        name = file.name.removesuffix(PLAN)
        if name in templates or not file.is_file():
            continue
        with suppress(MsgspecError, ValueError, OSError):
            if load_plan(file.read_text("utf-8")).template == name:
                yield file


@click.command()
@click.argument("template")
@definitions_folder
@click.pass_context
def show(context: click.Context, template: str, folder: Path) -> None:
    """Show the plan of TEMPLATE, with every default filled in, as YAML."""
    _, plan = find_plan(context, template, folder)
    click.echo(plan_as_yaml(plan), nl=False)


def find_plan(context: click.Context, template: str, folder: Path) -> tuple[Compilation, Plan]:
    """Return the plan of a template in a folder, with all that was compiled.

    Ends the command with what is wrong where the template has errors, or raises the Failure that says that
    there is none, with the name that is near.
    """
    compilation = compile_definitions(folder)
    if template in compilation.plans:
        return compilation, compilation.plans[template]
    if f"workflows/{template}.yaml" in compilation.sources:
        click.echo(FORMATS["text"](compilation), nl=False, err=True)
        click.echo(f"{summary(compilation)}, so '{template}' has no plan", err=True)
        raise click.exceptions.Exit(1)
    known = sorted(Path(path).stem for path in compilation.sources if path.startswith("workflows/"))
    near = nearest(template, known)
    said = f"there is no template '{template}' in {compilation.folder}"
    raise Failure(
        said + (f"; {ask_if_meant(template, near)}" if near else ""),
        WRONG_USE,
        f"Known templates: {', '.join(known) or 'none'}.",
    )


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="Write a file per kind here.")
def schema(out: Path | None) -> None:
    """Print the JSON Schemas of the definition language, or write them to files."""
    if out is None:
        named = {name: json.loads(text) for name, text in schemas().items()}
        click.echo(json.dumps(named, ensure_ascii=False, indent=2))
        return
    for file in write_schemas(out):
        click.echo(file)


@click.command()
@click.argument("name", metavar="[NAME]", required=False)
def explain(name: str | None) -> None:
    """Explain a code (K201), construct (offer), variable (filing.link) or key (offer.chase).

    Without an argument, list every code, every construct and the groups of variables.
    """
    try:
        click.echo(explained(name) if name else list_names(), nl=False)
    except UnknownNameError as error:
        next_step = "kantoor explain lists what can be explained; docs/language.md has every key."
        raise Failure(str(error), WRONG_USE, next_step) from None


commands: list[click.Command] = [check, compile_command, show, schema, explain]
