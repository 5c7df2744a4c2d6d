"""`kantoor bulk …`: one thing for many relations, shown first and confirmed with the number shown."""

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar, get_args

import click

from ..period import Period
from ..service.bulk import reading, runs
from ..service.bulk.asking import Action, Asked
from ..service.bulk.reading import RunPage, Summary
from ..service.bulk.selecting import Chosen
from ..service.desk import Desk
from ..service.lists import bulk_run_table, bulk_table
from ..service.results import Refusal
from ..words import BULK_STEP_WORDS, FORESEEN_WORDS, LINE_WORDS, RUN_WORDS
from .desk import ask_desk, at_desk, unwrap_result
from .options import OfficeDay, PeriodOf, act_id, as_format, as_person
from .printing import print_json, print_list, print_table, say

F = TypeVar("F", bound=Callable[..., Any])

HINTS = {"unusual": "Is dit zo bedoeld, voeg dan --anyway toe.", "no_date": "Geef de startdatum met --date."}
a_run = click.argument("number", type=int, metavar="RUN")


def for_whom(command: F) -> F:
    """Add the options that select relations."""
    for option in (
        click.option(
            "--filter",
            "filter_",
            metavar="FILTER",
            default="",
            help="All relations that a filter finds, as in `kantoor relation list FILTER`.",
        ),
        click.option(
            "--relation", "relations", multiple=True, metavar="NUMBER", help="One relation; can be repeated."
        ),
    ):
        command = option(command)
    return command


@click.group()
def bulk() -> None:
    """Bulk runs: one thing for many, shown first; then confirm, pause, resume or cancel it."""


@bulk.command("start")
@click.argument("template")
@click.option("--period", required=True, type=PeriodOf(), metavar="PERIOD", help="As of `kantoor start`.")
@for_whom
@click.option("--date", "day", type=OfficeDay(), help="Start date; default: today.")
@click.option("--recurring", is_flag=True, help="Start every following period automatically.")
@click.option(
    "--without-automations", is_flag=True, help="Switch automations off, except offers and reminders."
)
@click.option("--anyway", is_flag=True, help="Also for a period or date that is unlikely.")
@as_person
@act_id
@as_format
def start(
    template: str,
    period: Period,
    relations: tuple[str, ...],
    filter_: str,
    day: date | None,
    recurring: bool,
    without_automations: bool,
    anyway: bool,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare the start of TEMPLATE for many relations: nothing is started before it is confirmed."""
    asked = Asked(
        action="start",
        template=template,
        period=period.code,
        start_date=day,
        recurring=recurring,
        without_automations=without_automations,
        anyway=anyway,
    )
    _prepare(asked, _choose(relations, filter_), who, act_id, form)


@bulk.command("act")
@click.argument("action", type=click.Choice([one for one in get_args(Action) if one != "start"]))
@for_whom
@click.option(
    "--template", metavar="TEMPLATE", default="", help="Only filings or recurrences of this template."
)
@click.option("--period", type=PeriodOf(), metavar="PERIOD", help="Only filings over this period.")
@click.option("--reason", default="", metavar="TEXT", help="Why: for hold and reassign.")
@click.option("--until", type=OfficeDay(), help="With hold: the day on which they go on by themselves.")
@click.option(
    "--from", "person", metavar="PERSON", default="", help="With reassign: whose work it is (an id)."
)
@click.option("--to", metavar="PERSON", default="", help="With reassign: who gets it (an id).")
@as_person
@act_id
@as_format
def act(
    action: Action,
    relations: tuple[str, ...],
    filter_: str,
    template: str,
    period: Period | None,
    reason: str,
    until: date | None,
    person: str,
    to: str,
    who: str,
    act_id: str | None,
    form: str,
) -> None:
    """Prepare an act on many filings: release, hold, resume, reassign; or stop their recurrences."""
    asked = Asked(
        action=action,
        template=template,
        period=period.code if period else "",
        reason=reason,
        until=until,
        person=person,
        to=to,
    )
    _prepare(asked, _choose(relations, filter_), who, act_id, form)


@bulk.command("list")
@as_format
def list_(form: str) -> None:
    """List bulk runs, the last first."""
    found = ask_desk(reading.list_runs).runs
    print_list(form, found, bulk_run_table, "Er zijn nog geen bulkacties.")


@bulk.command("show")
@a_run
@as_format
def show(number: int, form: str) -> None:
    """Show a bulk run: what would happen for each line, and what became of it."""
    _show(number, form)


@bulk.command("confirm")
@a_run
@click.option("--count", required=True, type=int, help="How many lines it said it would do.")
@as_person
def confirm(number: int, count: int, who: str) -> None:
    """Have a bulk run carried out, as it was shown."""
    _tell(at_desk(lambda desk: runs.confirm(desk, who, number, count)))
    say(f"bulkactie {number} wordt uitgevoerd; `kantoor bulk show {number}` zegt hoe ver hij is")


@bulk.command("pause")
@a_run
@as_person
def pause(number: int, who: str) -> None:
    """Begin no more lines until it is resumed."""
    _tell(ask_desk(lambda desk: runs.pause(desk, who, number)))
    say(f"bulkactie {number} is gepauzeerd")


@bulk.command("resume")
@a_run
@as_person
def resume(number: int, who: str) -> None:
    """Go on with a paused run, or try again the lines of which nobody knows whether they were done."""
    _tell(at_desk(lambda desk: runs.resume(desk, who, number)))
    say(f"bulkactie {number} gaat verder")


@bulk.command("cancel")
@a_run
@as_person
def cancel(number: int, who: str) -> None:
    """End a bulk run: what was done stays done."""
    _tell(ask_desk(lambda desk: runs.cancel(desk, who, number)))
    say(f"bulkactie {number} is geannuleerd; wat al gedaan was, blijft gedaan")


def _choose(relations: tuple[str, ...], filter_: str) -> Chosen:
    return Chosen(numbers=" ".join(relations), filter=filter_)


def _prepare(asked: Asked, chosen: Chosen, who: str, act_id: str | None, form: str) -> None:
    def work(desk: Desk) -> int | Refusal:
        return runs.prepare(desk, who, asked, chosen, act_id)

    _show(unwrap_result(ask_desk(work), HINTS), form)


def _show(number: int, form: str) -> None:
    def work(desk: Desk) -> tuple[RunPage, Any] | Refusal:
        page = reading.read_run(desk, number)
        return page if isinstance(page, Refusal) else (page, reading.read_lines(desk, number))

    page, lines = unwrap_result(ask_desk(work))
    if form == "json":
        print_json({"run": page.run, "lines": lines})
        return
    for line in _describe(page.run):
        say(line)
    for step in page.steps:
        say(f"{BULK_STEP_WORDS[step.did]} door {step.who_name or step.who}")
    print_table(bulk_table(lines))


def _describe(run: Summary) -> list[str]:
    shown = ", ".join(f"{many} {FORESEEN_WORDS[one]}" for one, many in sorted(run.foreseen.items()))
    said = [f"bulkactie {run.number}: {run.title} ({RUN_WORDS[run.status]}, van {run.who_name})", shown]
    if run.void:
        said.append(run.void)
    elif run.status == "shown":
        said.append(f"nog niets gedaan; bevestig met `kantoor bulk confirm {run.number} --count {run.ready}`")
    else:
        said.append(", ".join(f"{many} {LINE_WORDS[one]}" for one, many in sorted(run.outcomes.items())))
    return [one for one in said if one]


def _tell(refusal: Refusal | None) -> None:
    if refusal is not None:
        unwrap_result(refusal)


commands: list[click.Command] = [bulk]
