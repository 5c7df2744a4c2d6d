"""`kantoor simulate`: a filing of a template on a virtual calendar; nothing is sent and nothing written."""

from datetime import date
from pathlib import Path
from typing import Literal

import click

from ..compiler import Compilation
from ..period import Period
from ..plan import Office, Plan
from ..service.desk import Desk
from ..service.results import Refusal
from ..service.reviewing.simulating import Taken, take_relation
from ..simulation.calendar_text import calendar_lines
from ..simulation.engine import NeverAtRestError, Simulation
from ..simulation.recording import write_scenario
from ..simulation.replacing import Replacing
from ..simulation.starting import find_last_day, find_start_day, make_start
from ..simulation.story import Story, story_as_json
from ..simulation.wishes import (
    WishError,
    list_notes,
    list_year,
    make_people,
    read_invented,
    read_period_of,
    read_verdict,
)
from ..simulation.world import World
from ..simulation.year_page import render_page
from ..typed import TypedError, read_day
from .authoring import find_plan
from .definitions import definitions_folder
from .desk import ask_desk, unwrap_result
from .failures import NO, WRONG_USE, Failure
from .printing import print_json, write_new


class _Day(click.ParamType[date]):
    """A day that an author types."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day."""
        try:
            return value if isinstance(value, date) else read_day(value)
        except TypedError:
            self.fail(f"'{value}' is not a date: write 2027-01-31.", param, ctx)


@click.command()
@click.argument("template")
@definitions_folder
@click.option("--period", "written", required=True, metavar="PERIOD", help="2027-01, 2027-Q1 or 2027.")
@click.option(
    "--year", "whole_year", is_flag=True, help="All filings of the year of PERIOD, on one calendar."
)
@click.option("--relation", metavar="NUMBER", help="A relation of the office: its product, contacts, fields.")
@click.option(
    "--as",
    "invented",
    metavar="WORDS",
    help="An invented relation: legal form, frequency, and what is true of it, such as bv,month,foreign.",
)
@click.option("--start", "start_day", type=_Day(), help="The day it starts; default: as the template says.")
@click.option("--until", type=_Day(), help="The last day; default: until it ends or nothing more happens.")
@click.option("--silent", is_flag=True, help="The client never reacts.")
@click.option("--reject", type=click.Choice(["once", "always"]), help="The client rejects what is offered.")
@click.option("--refuse", metavar="CODE", help="The authority refuses the first delivery: 510.")
@click.option(
    "--pace",
    type=click.Choice(["at-once", "on-target"]),
    default="at-once",
    show_default=True,
    help="When the office works: the day after it can, or on the target date of each phase.",
)
@click.option("--mails", is_flag=True, help="Print each message whole.")
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write a scenario of it, such as definitions/scenarios/TEMPLATE/NAME.yaml.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    help="How to print the result; html is a page of the year.",
)
@click.pass_context
def simulate(
    context: click.Context,
    template: str,
    folder: Path,
    written: str,
    whole_year: bool,
    relation: str | None,
    invented: str | None,
    start_day: date | None,
    until: date | None,
    silent: bool,
    reject: Literal["once", "always"] | None,
    refuse: str | None,
    pace: Literal["at-once", "on-target"],
    mails: bool,
    record: Path | None,
    form: str,
) -> None:
    """Show a filing of TEMPLATE day by day: phases, messages, dates; nothing is sent.

    The template is that of the definitions in DIR, whatever is deployed. People act as they usually do.
    """
    if relation and invented is not None:
        raise Failure("give --relation or --as, not both", WRONG_USE)
    if silent and reject:
        raise Failure("give --silent or --reject, not both", WRONG_USE)
    if whole_year and (record or start_day):
        raise Failure("give --year without --start and --record: those are of one filing", WRONG_USE)
    compilation, plan = find_plan(context, template, folder)
    office = _find_office(compilation)
    people = make_people(silent=silent, reject=reject, pace="on_target" if pace == "on-target" else "at_once")

    def tell(period: Period) -> Story:
        try:
            day = start_day or find_start_day(plan, period, office)
            taken = _take(plan, office, period, day, relation, invented)
            world = taken.world.refusing(read_verdict(refuse)) if refuse else taken.world
        except WishError as error:
            raise Failure(str(error), WRONG_USE, error.help) from None
        start = make_start(
            plan,
            office,
            period,
            taken.relation,
            taken.product,
            on=day,
            automations_off=taken.automations_off,
        )
        last = until or find_last_day(start)
        if last < day:
            raise Failure(f"--until {last} is before the start on {day}", WRONG_USE)
        simulation = Simulation(plan, start, world, people)
        try:
            stopped = simulation.run(last)
        except NeverAtRestError as error:
            raise Failure(f"'{template}' cannot be simulated: {error}", NO) from None
        notes = (*taken.notes, *list_notes(plan, refuse=refuse is not None))
        return simulation.tell(stopped, notes)

    try:
        period = read_period_of(plan, office, written)
    except WishError as error:
        raise Failure(str(error), WRONG_USE, error.help) from None
    stories = tuple(map(tell, list_year(period) if whole_year else (period,)))
    if record:
        replacing = Replacing.everything() if relation else Replacing.nothing()
        _record(stories[0], office, replacing, record)
    _print(stories, form, mails=mails, whole_year=whole_year)


def _find_office(compilation: Compilation) -> Office:
    if compilation.office is None:
        raise Failure("office.yaml or one of the roles, products or laws has errors: see kantoor check", NO)
    return compilation.office


def _take(
    plan: Plan, office: Office, period: Period, day: date, relation: str | None, invented: str | None
) -> Taken:
    if relation is None:
        values, product = read_invented(plan, office, period, invented or "")
        return Taken(values, product, (), World(), ())

    def ask(desk: Desk) -> Taken | Refusal:
        return take_relation(desk, plan, office, relation, period, day)

    return unwrap_result(ask_desk(ask), status=WRONG_USE)


def _record(story: Story, office: Office, replacing: Replacing, file: Path) -> None:
    title = f"{story.plan.title} over {story.start.period.words}"
    made = write_scenario(story.plan, office, story.events, story.now.date(), title, replacing)
    write_new(file, made.text)
    for note in made.notes:
        click.echo(f"{file}: {note}", err=True)


def _print(stories: tuple[Story, ...], form: str, *, mails: bool, whole_year: bool) -> None:
    if form == "json":
        found = [story_as_json(story) for story in stories]
        print_json(found if whole_year else found[0])
        return
    if form == "html":
        click.echo(render_page(*stories), nl=False)
        return
    for line in calendar_lines(*stories, mails=mails):
        click.echo(line)


commands: list[click.Command] = [simulate]
