"""Options and arguments that several commands take."""

import re
from datetime import date, datetime
from pathlib import Path

import click

as_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)


class Person(click.types.StringParamType):
    """Who acts; when nobody is named, the error says how to name somebody."""

    def get_missing_message(self, param: click.Parameter, ctx: click.Context | None) -> str:
        """Return what follows on "Missing option '--as'."."""
        return "Say who acts with --as PERSON, or set KANTOOR_AS."


as_person = click.option(
    "--as",
    "who",
    type=Person(),
    envvar="KANTOOR_AS",
    required=True,
    metavar="PERSON",
    help="Who acts: id or e-mail address of a team member or contact (or KANTOOR_AS).",
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
    help="Id of this act, of your choice. An act repeated with the same id is carried out once; the "
    "repetition gets the first answer.",
)
a_filing = click.argument("filing_name", metavar="FILING")
in_phase = click.option("--phase", metavar="PHASE", help="Id of the phase, where several are active.")


def _day(context: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


on_day = click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    callback=_day,
    help="The date to report on; default: today in office time.",
)
a_file = click.Path(path_type=Path, exists=True, dir_okay=False)
