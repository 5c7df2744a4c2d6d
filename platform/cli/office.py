"""`kantoor deploy`, `start`, `work`, `planner` and `recurrence`: the office as a whole."""

from datetime import datetime
from pathlib import Path

import click

from ..compiler.compilation import Compilation
from ..compiler.reports.text import text as as_text
from ..filing.outcome import Refusal
from ..office.planner import STATE_WORDS, PlannerGrid
from ..office.recurrences import Recurrence
from ..office.worklist import WorkLine
from ..period import Period, in_words
from ..runtime.client import NotRunning, Unknown
from ..service import reading, recurring
from ..service.deploying import Deployed
from ..service.deploying import deploy as publish
from ..service.desk import Desk
from ..service.recurring import Changed
from ..service.starting import Line, Selection, Wish
from ..service.starting import start as start_filings
from .desk import act_id, as_format, as_person, at_desk, print_json, print_table, refused, unanswered
from .failures import NO, WRONG_USE, Failure

RESULT_WORDS = {
    "starts": "start",
    "planned": "gepland",
    "runs_already": "loopt al",
    "not_ready": "niet klaar",
}
STATUS_WORDS = {"running": "loopt", "paused": "gepauzeerd", "stopped": "gestopt"}
CHANGE_WORDS = {"new": "nieuw", "changed": "gewijzigd", "unchanged": "ongewijzigd", "withdrawn": "vervallen"}


@click.command()
@click.argument("folder", metavar="[DIR]", type=click.Path(path_type=Path), default=Path("definitions"))
@click.option("--by", default="", metavar="NAME", help="Who publishes it, for the record.")
@as_format
def deploy(folder: Path, by: str, form: str) -> None:
    """Check the definitions in DIR and publish their plans: new filings start on them.

    Running filings stay on the plan that they started with.
    """

    async def work(desk: Desk) -> Deployed | Compilation:
        return publish(desk, folder, by)

    result = at_desk(work)
    if not isinstance(result, Deployed):
        click.echo(as_text(result), err=True)
        raise Failure(f"nothing published: the definitions in {folder} have mistakes", NO)
    if form == "json":
        print_json(result)
        return
    for plan in result.plans:
        click.echo(f"{plan.template} {plan.digest or '-'} {CHANGE_WORDS[plan.change]}")


@click.command()
@click.argument("template")
@click.option("--period", required=True, metavar="PERIOD", help="2026-01, 2026-Q1 or 2026.")
@click.option(
    "--relation", "relations", multiple=True, metavar="NUMBER", help="One relation; can be repeated."
)
@click.option("--product", metavar="PRODUCT", help="All relations that take this product.")
@click.option("--frequency", type=click.Choice(["month", "quarter", "year"]), help="With --product.")
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Start date; today by default.")
@click.option("--recurring", is_flag=True, help="Start every following period by itself.")
@click.option("--without-automations", is_flag=True, help="First trials: only offers and their reminders.")
@click.option("--again", default="", metavar="REASON", help="A further filing over the same period.")
@click.option("--dry-run", is_flag=True, help="Only show who would start, and why not the others.")
@as_person
@as_format
def start(
    template: str,
    period: str,
    relations: tuple[str, ...],
    product: str | None,
    frequency: str | None,
    day: datetime | None,
    recurring: bool,
    without_automations: bool,
    again: str,
    dry_run: bool,
    who: str,
    form: str,
) -> None:
    """Start TEMPLATE over a period, for one relation or many. Exit 1 when somebody could not start."""
    if bool(relations) == bool(product):
        raise Failure("name either --relation (once or more) or --product", WRONG_USE)
    if frequency and not product:
        raise Failure("--frequency goes with --product", WRONG_USE)
    wish = Wish.model_validate(
        {
            "template": template,
            "period": Period.parse(period),
            "selection": Selection.model_validate(
                {"relations": relations, "product": product, "frequency": frequency}
            ),
            "start_date": day.date() if day else None,
            "recurring": recurring,
            "without_automations": without_automations,
            "again": again,
        }
    )

    async def work(desk: Desk) -> tuple[Line, ...] | Refusal:
        return await start_filings(desk, who, wish, dry_run=dry_run)

    lines = at_desk(work)
    if isinstance(lines, Refusal):
        raise refused(lines)
    if form == "json":
        print_json(lines)
    else:
        dry = " (proef: er is niets gestart)" if dry_run else ""
        click.echo(f"{template} over {wish.period.words}{dry}")
        rows = [(line.relation, line.name, RESULT_WORDS[line.result], line.text) for line in lines]
        print_table(("relatie", "naam", "uitkomst", "toelichting"), rows)
    if any(line.result == "not_ready" for line in lines):
        raise click.exceptions.Exit(NO)


@click.command()
@as_person
@as_format
def work(who: str, form: str) -> None:
    """Show what waits for a person, what is due first coming first."""

    async def ask(desk: Desk) -> tuple[WorkLine, ...] | Refusal:
        return reading.work(desk, who)

    lines = at_desk(ask)
    if isinstance(lines, Refusal):
        raise refused(lines)
    if form == "json":
        print_json(lines)
        return
    if not lines:
        click.echo("Er ligt niets te doen.")
        return
    print_table(
        ("uiterlijk", "relatie", "periode", "wat", "opdracht", "noem", "ontbreekt"),
        [_work_row(line) for line in lines],
    )


@click.command()
@click.option("--product", metavar="PRODUCT", help="Only this product.")
@click.option("--year", type=int, metavar="YEAR", help="Only periods that begin in this year.")
@as_format
def planner(product: str | None, year: int | None, form: str) -> None:
    """Show relations by periods: gepland, loopt, bij klant, ingediend, klaar, te laat."""

    async def ask(desk: Desk) -> tuple[PlannerGrid, ...] | Refusal:
        return reading.planner_grids(desk, product, year)

    grids = at_desk(ask)
    if isinstance(grids, Refusal):
        raise refused(grids)
    if form == "json":
        print_json(grids)
        return
    if not grids:
        click.echo("De planner is leeg.")
    for grid in grids:
        click.echo(grid.product)
        print_table(("relatie", "naam", *grid.periods), _planner_rows(grid))


@click.group()
def recurrence() -> None:
    """Recurrences: what starts by itself; pause, resume or stop it."""


@recurrence.command("list")
@as_format
def list_(form: str) -> None:
    """List recurrences with their next start."""

    async def ask(desk: Desk) -> tuple[Recurrence, ...]:
        return recurring.listed(desk)

    found = at_desk(ask)
    if form == "json":
        print_json(found)
        return
    rows = [
        (
            r.workflow_id.removeprefix("recurrence/").removesuffix("/-"),
            STATUS_WORDS[r.status],
            Period.parse(r.next_period).words,
            in_words(r.next_start),
            r.problem,
        )
        for r in found
    ]
    print_table(("herhaling", "status", "volgende periode", "start op", "probleem"), rows)


def _change(wanted: str, help_text: str) -> click.Command:
    @recurrence.command(wanted, help=help_text)
    @click.argument("name", metavar="TEMPLATE/RELATION[/SUB-NUMBER]")
    @as_person
    @act_id
    def change(name: str, who: str, act_id: str | None) -> None:
        async def work(desk: Desk) -> Changed | Refusal | NotRunning | Unknown:
            return await recurring.change(desk, who, name, wanted, act_id)  # type: ignore[arg-type]

        changed = at_desk(work)
        if isinstance(changed, Refusal):
            raise refused(changed)
        if not isinstance(changed, Changed):
            raise unanswered(changed)
        click.echo(f"{name}: {STATUS_WORDS[changed.recurrence.status]}")

    return change


_change("pause", "Pause a recurrence: nothing new starts until it is resumed.")
_change("resume", "Resume a paused recurrence; what was due meanwhile is started.")
_change("stop", "Stop a recurrence for good; filings that run go on.")


def _work_row(line: WorkLine) -> tuple[str, ...]:
    due = in_words(line.due) if line.due else ""
    name = f"{line.template}/{line.relation}/{line.period}"
    late = f"{due} (te laat)" if line.late else due
    return (
        *(late, f"{line.relation} {line.relation_name}", Period.parse(line.period).words),
        *(f"{KIND_WORDS[line.kind]}: {line.title}", name, line.item, "; ".join(line.missing)),
    )


KIND_WORDS = {
    "phase": "doen",
    "release": "vrijgeven",
    "escalated": "klant zwijgt",
    "decide": "beslissen",
    "task": "taak",
    "stalled": "staat stil",
}


def _planner_rows(grid: PlannerGrid) -> list[tuple[str, ...]]:
    return [
        (
            row.relation,
            row.name,
            *(STATE_WORDS[row.cells[p].state] if p in row.cells else "" for p in grid.periods),
        )
        for row in grid.rows
    ]


commands: list[click.Command] = [deploy, start, work, planner, recurrence]
