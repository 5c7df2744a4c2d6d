"""`kantoor policies`: the office's rules held against all that can happen in the filings of its templates."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import click

from ..compiler import Compilation, compile_definitions
from ..compiler.reports.text import summary, text
from ..plan import Office, Plan
from ..policies.holding import MOST_STATES
from ..policies.keeping import find_cache
from ..policies.many import hold_all
from ..policies.mending import find_mends
from ..policies.paths import write_failing
from ..policies.reporting import (
    Finding,
    as_data,
    fails,
    list_findings,
    summarise,
    write_markdown,
    write_text,
)
from ..policy import Policy
from ..simulation.recording import UnrecordableError
from ..suggest import ask_if_meant, nearest
from .definitions import definitions_folder
from .failures import NO, WRONG_USE, Failure
from .printing import print_json, write_new
from .progress import show_bar

most_states = click.option(
    "--most",
    type=click.IntRange(min=1),
    default=MOST_STATES,
    show_default=True,
    help="States of a template after which holding policies stops and says that it is not exhaustive.",
)


@click.command("policies")
@definitions_folder
@click.option("--template", "templates", metavar="TEMPLATE", multiple=True, help="Only of this template.")
@click.option("-k", "chosen", metavar="TEXT", default="", help="Only policies with this in their name.")
@click.option(
    "--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)
@click.option("--all", "every", is_flag=True, help="Show the way to a breach that is excepted too.")
@click.option(
    "--scenario",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the first breach that can be one as a scenario that fails, such as "
    "definitions/scenarios/TEMPLATE/NAME.yaml.",
)
@most_states
@click.option("--fresh", is_flag=True, help="Walk again what did not change since it was walked.")
@click.pass_context
def policies(
    context: click.Context,
    folder: Path,
    templates: tuple[str, ...],
    chosen: str,
    form: str,
    every: bool,
    scenario: Path | None,
    most: int,
    fresh: bool,
) -> None:
    """Hold the policies of DIR against every state that its templates can come to.

    For one that is broken it prints the shortest way there, step by step, in a filing that is invented (as
    markdown with a picture), and an edit by which it holds, where one alone does. The exit status is 1 when
    one is broken, never says anything, has an exception that is not needed, or was not held against
    everything, and when no filing of a template can be completed.
    """
    compilation = compile_definitions(folder)
    if compilation.errors or compilation.office is None:
        click.echo(text(compilation, None), nl=False)
        raise Failure(summary(compilation), NO, "kantoor check shows what is wrong.")
    meant = _choose_policies(compilation, chosen)
    plans = _choose_plans(compilation, templates)
    kept = None if fresh else find_cache()
    with show_bar() as shown:

        def tell(left: Sequence[str]) -> None:
            held = len(plans) - len(left)
            text = f"holding policies against every state: {held} of {len(plans)} templates, left:"
            shown(f"{text} {', '.join(left)}", held, len(plans))

        found = hold_all(list(plans.values()), compilation.office, meant, kept, most, tell)
        shown("looking for edits by which what is broken holds", 0, 0)
        mends = find_mends(plans, compilation.office, meant, found, kept, most)
    findings = list(list_findings(meant, found))
    if form == "json":
        print_json(as_data(meant, found, plans, mends))
    else:
        write = write_markdown if form == "markdown" else partial(write_text, every=every)
        for line in write(meant, found, plans, mends):
            click.echo(line)
    click.echo(summarise(meant, found), err=True)
    if scenario is not None:
        _write(scenario, plans, compilation.office, meant, findings)
    context.exit(NO if any(fails(one) for one in findings) else 0)


def _choose_policies(compilation: Compilation, chosen: str) -> tuple[Policy, ...]:
    if not compilation.policies:
        text = f"no policies in {compilation.folder}"
        raise Failure(text, NO, "Write one as policies/NAME.yaml: see docs/policies.md.")
    meant = tuple(policy for policy in compilation.policies if chosen in policy.id)
    if not meant:
        near = nearest(chosen, [policy.id for policy in compilation.policies])
        also = f"; {ask_if_meant(chosen, near)}" if near else ""
        raise Failure(f"no policy has '{chosen}' in its name{also}", WRONG_USE, "They lie in policies/.")
    return meant


def _choose_plans(compilation: Compilation, templates: tuple[str, ...]) -> dict[str, Plan]:
    for name in templates:
        if name not in compilation.plans:
            near = nearest(name, compilation.plans)
            meant = f"; {ask_if_meant(name, near)}" if near else ""
            raise Failure(f"no template '{name}'{meant}", WRONG_USE, "They lie in workflows/.")
    return {name: compilation.plans[name] for name in templates or sorted(compilation.plans)}


def _write(
    file: Path, plans: dict[str, Plan], office: Office, meant: tuple[Policy, ...], findings: list[Finding]
) -> None:
    broken = [one for one in findings if one.breach]
    if not broken:
        click.echo("no scenario was written: no policy is broken", err=True)
        return
    untold = []
    for one in sorted(broken, key=lambda one: one.kind != "broken"):
        assert one.breach is not None, "it was chosen by that"
        name = f"{one.policy} on {one.template}"
        policy = next(two for two in meant if two.id == one.policy)
        try:
            recorded = write_failing(plans[one.template], office, policy, one.breach)
        except UnrecordableError as error:
            untold.append(f"{name}: {error}")
            continue
        write_new(file, recorded.text)
        for why in untold:
            click.echo(f"not written: {why}", err=True)
        click.echo(f"wrote {file}: {name}", err=True)
        for note in recorded.notes:
            click.echo(f"  not as it was: {note}", err=True)
        return
    raise Failure(f"the scenario cannot be written: {'; '.join(untold)}", NO, HELD_BY_POLICY)


HELD_BY_POLICY = (
    "The policy itself guards this way: `kantoor policies` fails as long as it is open. "
    "Its steps are above, with who acts and on which day."
)

commands: list[click.Command] = [policies]
