"""`kantoor recurrence …`: what starts by itself."""

from collections.abc import Callable
from datetime import date

import click

from ..period import Period, in_words
from ..service.lists import recurrence_table
from ..service.results import RecurrenceLine, Refusal
from ..service.starting import recurrences
from ..service.starting.recurrences import Change, Unknown
from ..words import CHANGE_WORDS
from .acting import AGAIN, make_unknown_failure
from .desk import ask_desk, at_desk, make_refusal_failure
from .groups import Group
from .options import OfficeDay, act_id, as_format, as_person
from .printing import print_list


@click.group(cls=Group)
def recurrence() -> None:
    """Recurrences: what starts by itself; pause, resume, skip, unskip, set its day, stop."""


@recurrence.command("list")
@as_format
def list_(form: str) -> None:
    """List recurrences with their next start."""
    found = ask_desk(recurrences.list_recurrences)
    print_list(form, found, recurrence_table, "Er zijn geen herhalingen.")


a_recurrence = click.argument("name", metavar="TEMPLATE/RELATION[/SUB-NUMBER]")
INSTEAD = {
    "past_legal_day": "Toch zo laat: --past-legal-day.",
    "holds_up": "Overslaan: `kantoor recurrence skip NAME`.",
    "recurrence_stopped": "Een nieuwe herhaling: `kantoor start … --recurring`.",
    "recurrence_not_begun": "Voer `kantoor start …` opnieuw uit zoals de eerste keer.",
}


def _add_change(wanted: Change, help_text: str) -> None:
    @recurrence.command(wanted, help=help_text)
    @a_recurrence
    @as_person
    @act_id
    def change(name: str, who: str, act_id: str | None) -> None:
        _change(name, who, wanted, act_id)


@recurrence.command("set-start")
@a_recurrence
@click.argument("day", type=OfficeDay(), metavar="DATE")
@click.option("--past-legal-day", is_flag=True, help="Also where a statutory deadline ends before DATE.")
@as_person
@act_id
def set_start(name: str, day: date, past_legal_day: bool, who: str, act_id: str | None) -> None:
    """Start the next filing on another day, before the one after it starts on its own."""
    _change(name, who, "set_start", act_id, day, past_legal_day)


def _change(
    name: str,
    who: str,
    wanted: Change,
    act_id: str | None,
    day: date | None = None,
    past_legal_day: bool = False,
) -> None:
    changed = at_desk(
        lambda desk: recurrences.change(
            desk, who, name, wanted, act_id, start=day, past_legal_day=past_legal_day
        )
    )
    if isinstance(changed, Refusal):
        raise make_refusal_failure(changed, INSTEAD)
    if isinstance(changed, Unknown):
        raise make_unknown_failure(changed)
    say = _SAY_AFTER.get(wanted)
    after = AGAIN if changed.repeated else say(changed.recurrence) if say else ""
    click.echo(f"{name}: {CHANGE_WORDS[wanted]}{after}")


def _say_next(left: RecurrenceLine) -> str:
    return f"; nu is de volgende {Period.parse(left.next_period).words}, op {in_words(left.next_start)}"


def _say_left(left: RecurrenceLine) -> str:
    return f"; {Period.parse(left.next_period).words} en wat daarna komt start niet meer vanzelf"


_SAY_AFTER: dict[Change, Callable[[RecurrenceLine], str]] = {
    "skip": _say_next,
    "unskip": _say_next,
    "stop": _say_left,
}


_add_change("pause", "Pause a recurrence: nothing new starts until it is resumed.")
_add_change("resume", "Resume a paused recurrence; what was due meanwhile is started.")
_add_change("skip", "Pass over the next filing of a recurrence.")
_add_change("unskip", "Start the filing over the period before after all: what was skipped by mistake.")
_add_change("stop", "Stop a recurrence for good; running filings continue.")


commands: list[click.Command] = [recurrence]
