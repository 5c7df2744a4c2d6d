"""`kantoor recurrence …`: what starts by itself."""

import click

from ..filing.outcome import Refusal
from ..office.database.tables import ONE_SUB_NUMBER
from ..office.filings.recurrences import Recurrence
from ..period import Period, in_words
from ..runtime.client import Unknown
from ..runtime.recurrence_client import Change
from ..service import recurrences
from ..service.desk import Desk
from ..service.recurrences import Changed
from .desk import act_id, as_format, as_person, at_desk, print_json, print_table, refused, unanswered

STATUS_WORDS = {"running": "loopt", "paused": "gepauzeerd", "stopped": "gestopt"}
CHANGED_WORDS: dict[Change, str] = {"pause": "gepauzeerd", "resume": "loopt", "stop": "gestopt"}
"""What a change does: a repeated one says the same, however the recurrence stands by now."""

ONCE_WORDS = STATUS_WORDS | {"running": "eenmalig", "stopped": "voorbij"}
"""A single start on a later day: when it is over it was started or stopped, `filing list` says which."""


@click.group()
def recurrence() -> None:
    """Recurrences: what starts by itself; pause, resume or stop it."""


@recurrence.command("list")
@as_format
def list_(form: str) -> None:
    """List recurrences with their next start."""

    async def ask(desk: Desk) -> tuple[Recurrence, ...]:
        return recurrences.listed(desk)

    found = at_desk(ask)
    if form == "json":
        print_json(found)
        return
    if not found:
        click.echo("Er zijn geen herhalingen.")
        return
    print_table(
        ("herhaling", "status", "volgende periode", "start op", "probleem"), map(_recurrence_row, found)
    )


def _change(wanted: Change, help_text: str) -> click.Command:
    @recurrence.command(wanted, help=help_text)
    @click.argument("name", metavar="TEMPLATE/RELATION[/SUB-NUMBER]")
    @as_person
    @act_id
    def change(name: str, who: str, act_id: str | None) -> None:
        async def work(desk: Desk) -> Changed | Refusal | Unknown:
            return await recurrences.change(desk, who, name, wanted, act_id)

        changed = at_desk(work)
        if isinstance(changed, Refusal):
            raise refused(changed)
        if isinstance(changed, Unknown):
            raise unanswered(changed)
        again = " (was al gedaan)" if changed.repeated else ""
        click.echo(f"{name}: {CHANGED_WORDS[wanted]}{again}")

    return change


_change("pause", "Pause a recurrence: nothing new starts until it is resumed.")
_change("resume", "Resume a paused recurrence; what was due meanwhile is started.")
_change("stop", "Stop a recurrence for good; filings that run go on.")


def _recurrence_row(found: Recurrence) -> tuple[str, ...]:
    status = (ONCE_WORDS if found.once else STATUS_WORDS)[found.status]
    return (
        found.workflow_id.removeprefix("recurrence/").removesuffix(f"/{ONE_SUB_NUMBER}"),
        status,
        *(("", "") if found.status == "stopped" else _following(found)),
        found.problem,
    )


def _following(found: Recurrence) -> tuple[str, str]:
    return Period.parse(found.next_period).words, in_words(found.next_start)


commands: list[click.Command] = [recurrence]
