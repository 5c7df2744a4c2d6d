"""`kantoor bulk …`: one thing for many relations, shown first and confirmed with the number shown."""

import click

from ..service.bulk import reading, runs
from ..service.bulk.asking import EDITS
from ..service.bulk.reading import RunPage
from ..service.bulk.telling import say_saved
from ..service.lists import bulk_run_table
from ..service.results import Refusal
from .bulk_preparing import commands as preparing
from .bulk_showing import show_run
from .desk import ask_desk, at_desk, unwrap_result
from .groups import Group
from .options import as_format, as_person
from .printing import print_list, say

a_run = click.argument("number", type=int, metavar="RUN")


@click.group(cls=Group)
def bulk() -> None:
    """Bulk runs: one thing for many, shown first; then confirm, pause, resume or cancel it."""


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
    show_run(number, form)


@bulk.command("confirm")
@a_run
@click.option("--count", required=True, type=int, help="How many lines it said it would do.")
@as_person
def confirm(number: int, count: int, who: str) -> None:
    """Have a bulk run carried out, as it was shown."""
    _tell(at_desk(lambda desk: runs.confirm(desk, who, number, count)))
    found = ask_desk(lambda desk: reading.read_run(desk, number))
    if isinstance(found, RunPage) and found.run.asked.action in EDITS:
        say(f"bulkactie {number}: {say_saved(found.run)}")
        if found.run.outcomes.get("done"):
            say(f"`kantoor bulk undo {number}` laat zien hoe die terug kan")
    else:
        say(f"bulkactie {number} wordt uitgevoerd; `kantoor bulk show {number}` toont de voortgang")


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
    say(f"bulkactie {number} is geannuleerd")


def _tell(refusal: Refusal | None) -> None:
    if refusal is not None:
        unwrap_result(refusal)


for _one in preparing:
    bulk.add_command(_one)

commands: list[click.Command] = [bulk]
