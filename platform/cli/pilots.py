"""`kantoor pilot …`: relations to begin with, what happened, and what a colleague remarks."""

from uuid import uuid4

import click

from ..service.releasing.pilot_remarks import remark
from ..service.releasing.pilot_reports import read_reports, say_report
from ..service.releasing.pilot_suggesting import suggest_relations
from ..service.releasing.release_lists import suggestion_table
from ..service.results import Refusal
from .desk import ask_desk, unwrap_result
from .groups import Group
from .options import a_filing, act_id, as_format, as_person
from .printing import print_json, print_list, say

a_template = click.argument("template", required=False)


@click.group(cls=Group)
def pilot() -> None:
    """Pilots: relations to begin with, what happened, and remarks."""


@pilot.command("suggest")
@a_template
@as_format
def suggest(template: str | None, form: str) -> None:
    """Propose up to five relations for a pilot of TEMPLATE: ready, and different from each other.

    They differ in legal form, frequency, way of approval and people; monthly ones come first. Without
    TEMPLATE it is for the one that most relations have every month.
    """
    found = unwrap_result(ask_desk(lambda desk: suggest_relations(desk, template)))
    print_list(form, found, suggestion_table, "Er is geen relatie om voor te stellen.")


@pilot.command("show")
@a_template
@as_format
def show(template: str | None, form: str) -> None:
    """Report what happened in the filings of each pilot that runs, or of the last one, with remarks.

    Beside it: filings on the plan before, over the same periods.
    """
    found = unwrap_result(ask_desk(lambda desk: read_reports(desk, template)))
    if form == "json":
        print_json(found)
        return
    for report in found:
        for line in say_report(report):
            say(line)


@pilot.command("remark")
@a_filing
@click.argument("text")
@as_person
@act_id
def write(filing_name: str, text: str, who: str, act_id: str | None) -> None:
    """Keep what you noticed in FILING, which is of a pilot: TEXT, for the report."""
    refusal = ask_desk(lambda desk: remark(desk, who, filing_name, text, act_id or uuid4().hex))
    if isinstance(refusal, Refusal):
        unwrap_result(refusal)
    say("Bewaard bij de pilot.")


commands: list[click.Command] = [pilot]
