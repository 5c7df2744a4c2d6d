"""Options and arguments that several commands take."""

import re
from datetime import date, datetime
from pathlib import Path

import click

as_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)


class Person(click.types.StringParamType):
    """Who acts; where nobody is named it says where a name may stand."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return what follows on "Missing option '--as'."."""
        return "Say who does it with --as PERSON, or once for all by setting KANTOOR_AS."


as_person = click.option(
    "--as",
    "who",
    type=Person(),
    envvar="KANTOOR_AS",
    required=True,
    metavar="PERSON",
    help="Who does it: id or e-mail address of a team member or contact (or KANTOOR_AS).",
)

_ID = re.compile(r"[\w.:-]{1,100}")


def _check_id(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _ID.fullmatch(value):
        raise click.BadParameter("write 1 to 100 letters, digits or any of _ . : -")
    return value


act_id = click.option(
    "--id",
    "act_id",
    metavar="ID",
    callback=_check_id,
    help="Number or name of this act, of your choice: repeated with the same id it happens once, and is "
    "answered as the first time.",
)
a_filing = click.argument("filing_name", metavar="FILING")
in_phase = click.option("--phase", metavar="PHASE", help="Id of the phase, where several are active.")


def _day(context: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


on_day = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="The date to answer for; by default the office's today.",
)
a_file = click.Path(path_type=Path, exists=True, dir_okay=False)
