"""`kantoor inbox`: notices of authorities, by file."""

from datetime import date
from pathlib import Path

import click

from ..service.desk import Desk
from ..service.filings.inbox import Added, Letter, add
from ..service.lists import notice_table
from ..service.overviews import reading
from ..service.results import Refusal
from .desk import ask_desk, at_desk, read_upload, unwrap_result
from .groups import Group
from .options import OfficeDay, RelationNumber, a_file, as_format, as_person
from .printing import print_json, print_list, say

MEANT = {"several_filings": "Geef de opdracht op met --filing."}


@click.group(cls=Group)
def inbox() -> None:
    """Notices of authorities: put one in, and list what became of them."""


@inbox.command("add")
@click.argument("file", type=a_file)
@click.option(
    "--relation",
    required=True,
    type=RelationNumber(),
    metavar="NUMBER",
    help="The relation it is about.",
)
@click.option(
    "--notice", "kind", required=True, metavar="KIND", help="Its kind, as templates name it in `wait`."
)
@click.option("--date", "day", type=OfficeDay(), help="The date of the notice; default: today.")
@click.option("--reference", help="Its reference (kenmerk).")
@click.option("--filing", "filing_name", metavar="FILING", help="The filing it is for, where several wait.")
@as_person
@as_format
def add_command(
    file: Path,
    relation: str,
    kind: str,
    day: date | None,
    reference: str | None,
    filing_name: str | None,
    who: str,
    form: str,
) -> None:
    """Put the notice in FILE into the inbox; the filing that waits for it goes on.

    The file is kept encrypted. Where nothing waits for it yet, it is handed over as soon as one filing of the
    relation does. The command can be repeated.
    """
    upload = read_upload(file)
    letter = Letter(
        relation=relation,
        kind=kind,
        content=upload.content,
        media_type=upload.media_type,
        on=day,
        reference=reference,
        filing=filing_name,
    )

    async def work(desk: Desk) -> Added | Refusal:
        return await add(desk, who, letter)

    added = unwrap_result(at_desk(work), MEANT)
    if form == "json":
        print_json(added)
    else:
        say(_say(added))


@inbox.command("list")
@click.option("--open", "open_only", is_flag=True, help="Only notices that no filing has taken yet.")
@as_format
def list_command(open_only: bool, form: str) -> None:
    """List the notices, the latest first."""
    found = ask_desk(lambda desk: reading.inbox(desk, open_only=open_only))
    print_list(form, found, notice_table, "Er zijn geen berichten.")


def _say(added: Added) -> str:
    notice = added.notice
    again = " (was al vastgelegd)" if added.again else ""
    if notice.taken:
        return f"Vastgelegd: {notice.kind}; {notice.filing} gaat verder{again}"
    if notice.filing:
        return f"Vastgelegd: {notice.kind}; {notice.filing} krijgt het zodra die opdracht erop wacht{again}"
    return f"Vastgelegd: {notice.kind}; er wacht nog geen opdracht op, het bericht blijft bewaard{again}"


commands: list[click.Command] = [inbox]
