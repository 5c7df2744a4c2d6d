"""`kantoor team …`: who is absent when, who their stand-in is, which titles hold."""

from collections.abc import Iterator, Mapping
from datetime import date

import click

from ..period import in_words
from ..service.lists import team_table
from ..service.results import Refusal
from ..service.team import team as service
from ..service.team.team import MemberPage, Noted
from ..words import count_of
from .desk import ask_desk, unwrap_result
from .groups import Group
from .options import OfficeDay, Person, as_format, as_person, far_days_anyway
from .printing import print_json, print_result, print_table, warn

MOST = 20
"""So many of what falls in an absence are shown; the others are counted."""
TAKE_A_DAY = {"not_absent": "Geef met --on een dag van de afwezigheid op."}

dry_run = click.option("--dry-run", is_flag=True, help="Only say what falls in those days.")
a_member = click.argument("member", type=Person(), metavar="MEMBER")
since = click.option(
    "--from", "since", type=OfficeDay(), required=True, metavar="DATE", help="The first day."
)
until = click.option(
    "--until", type=OfficeDay(), metavar="DATE", help="The last day; default: until further notice."
)


@click.group(cls=Group)
def team() -> None:
    """The team: who is absent when, who their stand-in is, which titles hold.

    MEMBER is the id or e-mail address of a team member. `kantoor relation import` takes the same from files.
    """


@team.command("list")
@as_format
def list_(form: str) -> None:
    """List who works here, when they are absent, and on which days nobody is left for some work."""
    page = ask_desk(service.show_team)
    if form == "json":
        print_json(page)
        return
    print_table(team_table(page.members))
    for gap in page.gaps:
        warn(gap)


@team.command()
@a_member
@click.option("--history", is_flag=True, help="Also who changed what, and when.")
@as_format
def show(member: str, history: bool, form: str) -> None:
    """Show when MEMBER is absent, who stands in for them and which titles hold."""
    page = unwrap_result(ask_desk(lambda desk: service.show_member(desk, member)))
    if form == "json":
        print_json(page if history else page.member)
        return
    print_table(team_table([page.member]))
    if history:
        for line in _tell_history(page):
            click.echo(line)


@team.command()
@a_member
@since
@until
@click.option("--stand-in", type=Person(), metavar="COLLEAGUE", help="Who does all their work meanwhile.")
@dry_run
@far_days_anyway
@as_person
@as_format
def absent(
    who: str,
    member: str,
    since: date,
    until: date | None,
    stand_in: str | None,
    dry_run: bool,
    anyway: bool,
    form: str,
) -> None:
    """Record that MEMBER is absent: others do their work, and it comes back to them when they are.

    Without a stand-in it falls to the fallback of each role, or to nobody, which is told. So is what falls in
    those days.
    """
    whom, days = (who, member), (since, until)
    answer = ask_desk(
        lambda desk: service.absent(desk, *whom, *days, stand_in, dry_run=dry_run, anyway=anyway)
    )
    _print_noted(form, answer, dry_run=dry_run)


@team.command("stand-in")
@a_member
@click.argument("colleague", type=Person(), metavar="COLLEAGUE")
@since
@until
@click.option("--role", metavar="ROLE", help="Only in this role of theirs.")
@far_days_anyway
@as_person
@as_format
def stand_in(
    who: str,
    member: str,
    colleague: str,
    since: date,
    until: date | None,
    role: str | None,
    anyway: bool,
    form: str,
) -> None:
    """Record that COLLEAGUE does the work of MEMBER: it is on their list, and they act in their own name.

    MEMBER keeps the work, and does it too unless they are absent.
    """
    whom = (who, member, colleague)
    answer = ask_desk(lambda desk: service.stand_in(desk, *whom, since, until, role, anyway=anyway))
    _print_noted(form, answer)


@team.command()
@a_member
@click.option("--on", type=OfficeDay(), metavar="DATE", help="The first day they are here; default: today.")
@as_person
@as_format
def back(who: str, member: str, on: date | None, form: str) -> None:
    """Record that MEMBER is back: the absence of that day and the stand-ins for it end the day before.

    Later leave stays, and so do stand-ins that reach beyond the absence.
    """
    _print_noted(form, ask_desk(lambda desk: service.back(desk, who, member, on)), TAKE_A_DAY)


@team.command()
@a_member
@click.argument("name", metavar="TITLE")
@since
@until
@far_days_anyway
@as_person
@as_format
def title(who: str, member: str, name: str, since: date, until: date | None, anyway: bool, form: str) -> None:
    """Record from when the title AA, RA or RB of MEMBER holds; outside those days they cannot act with it."""
    answer = ask_desk(lambda desk: service.title(desk, who, member, name, since, until, anyway=anyway))
    _print_noted(form, answer)


def _print_noted(
    form: str, answer: Noted | Refusal, hints: Mapping[str, str] | None = None, *, dry_run: bool = False
) -> None:
    noted = unwrap_result(answer, hints)
    print_result(form, noted, _list_lines)
    if form == "text":
        for gap in noted.gaps:
            warn(gap)
        if dry_run:
            click.echo("proef: er is niets vastgelegd")


def _tell_history(page: MemberPage) -> Iterator[str]:
    if not page.history:
        yield "Van afwezigheid, waarneming en titels is geen wijziging vastgelegd."
    for line in page.history:
        who = line.by or "import van bestanden"
        yield f"  {line.at:%Y-%m-%d %H:%M}  {who}: {line.text}"


def _list_lines(noted: Noted) -> Iterator[str]:
    yield noted.text
    if noted.falls is None:
        return
    many = len(noted.falls)
    if not many:
        yield "In die dagen valt niets."
    else:
        yield f"In die dagen {'valt' if many == 1 else 'vallen'} {count_of(many, 'punt', 'punten')}:"
    for one in noted.falls[:MOST]:
        whose = f", {one.whose}" if one.whose else ""
        yield f"  {in_words(one.day)}: {one.text} ({one.relation} {one.relation_name}){whose}"
    if many > MOST:
        yield f"  en {many - MOST} andere"


commands: list[click.Command] = [team]
