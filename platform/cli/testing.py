"""`kantoor test`: scenarios that definitions are tried with."""

import json
from collections.abc import Iterable
from pathlib import Path

import click

from ..compiler import Compilation, compile_definitions
from ..compiler.reports import FORMATS
from ..compiler.reports.text import text
from ..policies.following import keeps_of
from ..simulation.coverage import KINDS, Coverage, coverage_lines
from ..simulation.trying import Tried, choose_scenarios, cover_templates, report_of, try_scenarios
from ..suggest import ask_if_meant, nearest
from .definitions import definitions_folder
from .failures import NO, WRONG_USE, Failure


@click.command("test")
@definitions_folder
@click.option("--format", "form", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("-k", "chosen", metavar="TEXT", default="", help="Only scenarios with this in their name.")
@click.option("--coverage", is_flag=True, help="Show what of the templates the scenarios reach.")
@click.option(
    "--fail-under",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="Fail when less than this of a template is reached.",
)
@click.option(
    "--all", "every", is_flag=True, help="Show what fails after the first failure of a scenario too."
)
@click.option("--list", "listed", is_flag=True, help="List the scenarios and run none.")
@click.pass_context
def test(
    context: click.Context,
    folder: Path,
    form: str,
    chosen: str,
    coverage: bool,
    fail_under: int | None,
    every: bool,
    listed: bool,
) -> None:
    """Run the scenarios of DIR, and print what did not come as they say.

    Of a scenario the first step that fails is told, with the lines of what may follow from that.

    The exit status is 1 when one fails, or cannot be run because definitions have errors.
    """
    compilation = compile_definitions(folder)
    names = _choose(compilation, chosen)
    if listed:
        for name in names:
            model = compilation.scenarios[name].model
            click.echo(f"{name}  {model.title if model else '(cannot be read)'}")
        return
    tried = try_scenarios(compilation, names, keeps_of(compilation.policies))
    report = report_of(compilation, names, tried, every=every)
    covered: tuple[Coverage, ...] = ()
    if coverage or fail_under is not None:
        covered = cover_templates(compilation, tried, () if chosen else sorted(compilation.plans))
    told = text(report, None) if every and form == "text" else FORMATS[form](report)
    if coverage and form == "json":
        told = _as_json(told, covered)
    click.echo(told, nl=False)
    click.echo(_summarise(tried, len(names) - len(tried)), err=True)
    failed = bool(report.diagnostics) or len(tried) < len(names)
    for line in coverage_lines(covered) if coverage and form != "json" else ():
        click.echo(line, err=form != "text")
    for one in covered:
        if fail_under is not None and one.percent < fail_under:
            click.echo(f"{one.template}: {one.percent} % is reached, less than {fail_under} %", err=True)
            failed = True
    context.exit(NO if failed else 0)


def _as_json(diagnostics: str, covered: Iterable[Coverage]) -> str:
    """Return what failed, which is JSON already, with what of each template was reached."""
    reached = [
        {
            "template": one.template,
            "percent": one.percent,
            "parts": {kind: dict(zip(("reached", "all"), one.count_of(kind), strict=True)) for kind in KINDS},
            "missing": [{"kind": part.kind, "name": part.name} for part in one.missing],
        }
        for one in covered
    ]
    return json.dumps({"diagnostics": json.loads(diagnostics), "coverage": reached}, indent=2) + "\n"


def _choose(compilation: Compilation, chosen: str) -> tuple[str, ...]:
    """Return the scenarios that are meant. Raises Failure where there are none."""
    names = choose_scenarios(compilation, chosen)
    if names:
        return names
    if not compilation.scenarios:
        text = f"no scenarios in {compilation.folder}"
        raise Failure(text, NO, "Write one as scenarios/TEMPLATE/NAME.yaml: see docs/scenarios.md.")
    near = nearest(
        chosen, [*compilation.scenarios, *(name.rpartition("/")[2] for name in compilation.scenarios)]
    )
    meant = f"; {ask_if_meant(chosen, near)}" if near else ""
    raise Failure(
        f"no scenario has '{chosen}' in its name{meant}", WRONG_USE, "kantoor test --list shows all."
    )


def _summarise(tried: tuple[Tried, ...], not_run: int) -> str:
    failed = sum(bool(one.outcome.failures) for one in tried)
    rest = f", {not_run} not run because of errors" if not_run else ""
    return f"{len(tried)} {'scenario' if len(tried) == 1 else 'scenarios'}, {failed or 'none'} failed{rest}"


commands: list[click.Command] = [test]
