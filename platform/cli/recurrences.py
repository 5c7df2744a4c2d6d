"""`kantoor recurrence …`: what starts by itself."""

import click

from ..service import recurrences
from ..service.lists import recurrence_table
from ..service.recurrences import Change, Unknown
from ..service.results import Refusal
from ..words import CHANGE_WORDS
from .acting import AGAIN, make_unknown_failure
from .desk import ask_desk, at_desk, make_refusal_failure
from .options import act_id, as_format, as_person
from .printing import print_list


@click.group()
def recurrence() -> None:
    """Recurrences: what starts by itself; pause, resume or stop it."""


@recurrence.command("list")
@as_format
def list_(form: str) -> None:
    """List recurrences with their next start."""
    found = ask_desk(recurrences.list_recurrences)
    print_list(form, found, recurrence_table, "Er zijn geen herhalingen.")


def _add_change(wanted: Change, help_text: str) -> None:
    @recurrence.command(wanted, help=help_text)
    @click.argument("name", metavar="TEMPLATE/RELATION[/SUB-NUMBER]")
    @as_person
    @act_id
    def change(name: str, who: str, act_id: str | None) -> None:
        changed = at_desk(lambda desk: recurrences.change(desk, who, name, wanted, act_id))
        if isinstance(changed, Refusal):
            raise make_refusal_failure(changed)
        if isinstance(changed, Unknown):
            raise make_unknown_failure(changed)
        click.echo(f"{name}: {CHANGE_WORDS[wanted]}{AGAIN if changed.repeated else ''}")


_add_change("pause", "Pause a recurrence: nothing new starts until it is resumed.")
_add_change("resume", "Resume a paused recurrence; what was due meanwhile is started.")
_add_change("stop", "Stop a recurrence for good; running filings continue.")


commands: list[click.Command] = [recurrence]
