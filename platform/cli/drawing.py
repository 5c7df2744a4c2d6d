"""Commands that show templates to people who read no YAML: draw, pages."""

import sys
from pathlib import Path

import click

from ..compiler import compile_definitions
from ..compiler.reports.text import summary
from ..drawing.mermaid import draw_mermaid
from ..drawing.page import write_index, write_page
from ..drawing.svg import draw_svg
from .authoring import find_plan
from .definitions import definitions_folder
from .failures import NO, Failure

PICTURES = {"mermaid": draw_mermaid, "svg": draw_svg}


@click.command()
@click.argument("template")
@definitions_folder
@click.option("--format", "form", type=click.Choice(list(PICTURES)), default="mermaid", show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the picture here.")
@click.pass_context
def draw(context: click.Context, template: str, folder: Path, form: str, out: Path | None) -> None:
    """Draw TEMPLATE: its phases, where they lead, deadlines and ends, in Dutch words.

    A pull request shows Mermaid text, between ```mermaid and ```, as a picture; SVG is a picture by itself.
    """
    _, plan = find_plan(context, template, folder)
    picture = _encode(PICTURES[form](plan))
    if out:
        out.write_bytes(picture)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(picture)


@click.command()
@definitions_folder
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="Where they go.")
@click.option("--year", required=True, type=click.IntRange(2000, 2090), help="The year of the dates.")
def pages(folder: Path, out: Path, year: int) -> None:
    """Write a page with a picture for every template of DIR, and one that lists them, in Dutch.

    A page says who does what, on which dates of the year, what is asked of the client, and every message.
    Files in the folder of templates that are gone stay.
    """
    compilation = compile_definitions(folder)
    office = compilation.office
    if compilation.errors or office is None:
        raise Failure(f"{summary(compilation)}; nothing was written", NO, "kantoor check shows them.")
    out.mkdir(parents=True, exist_ok=True)
    plans = [plan for _, plan in sorted(compilation.plans.items())]
    titles = {plan.template: plan.title for plan in plans}
    for plan in plans:
        (out / f"{plan.template}.svg").write_bytes(_encode(draw_svg(plan, titles)))
        (out / f"{plan.template}.md").write_bytes(_encode(write_page(plan, office, year, titles)))
    (out / "README.md").write_bytes(_encode(write_index(plans)))
    click.echo(f"{len(plans)} templates, in {out}")


def _encode(text: str) -> bytes:
    """Return a text as UTF-8, whatever the terminal's encoding; half a surrogate pair becomes '?'."""
    return text.encode("utf-8", "replace")


commands: list[click.Command] = [draw, pages]
