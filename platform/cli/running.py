"""Running an office on this machine: up, practice, doctor."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from ..equipment import open_equipment
from ..local import practice as practice_office
from ..local.claims import is_claimed
from ..local.doctor import Finding, examine
from ..local.office import running_office
from ..local.practice import PracticeTime
from ..local.presenting import places
from ..local.problems import LocalError
from ..office.database.engine import Database, open_database
from ..office.database.migrate import check_schema
from ..period import in_words
from ..runtime.connecting import connect, server_mend
from ..settings import Settings, load_settings
from .failures import NO, Failure
from .programs import as_format, say, until_signal


@click.command(help="Run the whole office on this machine until Ctrl-C; it goes on where it was.")
def up() -> None:
    """Start server, worker, mail catcher and simulator, and watch them."""
    asyncio.run(_up(load_settings()))


@click.group(help="The practice office's clock: init, run, pause, show.")
def practice() -> None:
    """Collect the commands on the practice clock."""


@practice.command("init")
@click.option(
    "--date", "day", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The day on which it starts."
)
@click.option(
    "--day",
    "seconds",
    required=True,
    type=click.FloatRange(min=0, min_open=True),
    help="How many real seconds a day lasts: 1, or 3600.",
)
def practice_init(day: datetime, seconds: float) -> None:
    """Make this home a practice office; its clock stands still until `kantoor practice run`."""
    say(_told(practice_office.init(load_settings(), day.date(), seconds)))


@practice.command("run")
@click.option(
    "--until",
    required=True,
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    help="The day, until 18:00 on it, or day and time.",
)
@click.option("--no-wait", is_flag=True, help="Come back at once, while the clock runs.")
def practice_run(until: datetime, no_wait: bool) -> None:
    """Let the clock run on until a day, and stand still there."""
    asyncio.run(_practice_run(load_settings(), practice_office.closing_of(until), not no_wait))


@practice.command("pause")
def practice_pause() -> None:
    """Let the clock stand still now."""
    asyncio.run(_practice_pause(load_settings()))


@practice.command("show")
@as_format
def practice_show(form: str) -> None:
    """Show what the clock shows, how long a day lasts and where it stops."""
    settings = load_settings()
    with _database(settings) as database:
        shown = practice_office.show(settings, database)
    say(shown.model_dump_json(indent=2) if form == "json" else _told(shown))


@click.command(help="Say what is wrong on this machine and how to mend it.")
@as_format
def doctor(form: str) -> None:
    """Look at ports, keys, certificates, database, servers, clock and filings; 1 when something is wrong."""
    findings = asyncio.run(examine(load_settings()))
    if form == "json":
        say(json.dumps([finding.model_dump() for finding in findings], ensure_ascii=False, indent=2))
    else:
        say("\n".join(map(_diagnosis, findings)))
    wrong = sum(finding.state == "wrong" for finding in findings)
    if wrong:
        raise Failure(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong", NO)


commands: list[click.Command] = [up, practice, doctor]


async def _up(settings: Settings) -> None:
    stop = until_signal()
    async with running_office(settings, say) as office:
        say(places(office.equipment))
        await stop.wait()
        say("Stopping …")
    say("Stopped. kantoor up goes on where it was.")


async def _practice_run(settings: Settings, until: datetime, waiting: bool) -> None:
    _check_runs(settings)
    equipment = await asyncio.to_thread(open_equipment, settings)
    try:
        client = await connect(settings.temporal, equipment.ring, mend=server_mend(settings))
        missed = await practice_office.run(settings, equipment.database, client, until)
        _tell_missed(missed)
        if waiting:
            await reach(equipment.database, until)
        say(_told(practice_office.show(settings, equipment.database)))
    finally:
        equipment.close()


async def reach(database: Database, until: datetime) -> None:
    """Wait till the clock gets there; it goes on when only the waiting is interrupted."""
    try:
        with _clock_line() as shown:
            reached = await practice_office.wait(database, until, shown)
    except asyncio.CancelledError:
        click.echo(
            f"the clock runs on to {_moment(until)}; stop it with kantoor practice pause",
            err=True,
        )
        raise
    if reached < until:
        raise Failure(
            f"the clock was stopped at {_moment(reached)}, before {_moment(until)}: run it again to go on", NO
        )


async def _practice_pause(settings: Settings) -> None:
    _check_runs(settings)
    equipment = await asyncio.to_thread(open_equipment, settings)
    try:
        client = await connect(settings.temporal, equipment.ring, mend=server_mend(settings))
        _tell_missed(await practice_office.pause(settings, equipment.database, client))
        say(_told(practice_office.show(settings, equipment.database)))
    finally:
        equipment.close()


def _check_runs(settings: Settings) -> None:
    """A clock moves only in an office that runs; without one the server need not be asked."""
    if is_claimed(settings.home):
        return
    with _database(settings):  # where there is no office, none is to be started
        raise LocalError(
            "the office does not run: start it with kantoor up (its clock stands still till then)"
        )


@contextmanager
def _database(settings: Settings) -> Iterator[Database]:
    database = open_database(settings.database_url)
    try:
        check_schema(database)
        yield database
    finally:
        database.close()


@contextmanager
def _clock_line() -> Iterator[practice_office.Shown]:
    """Give what shows the office's time on one line of a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda moment: None
        return
    try:
        yield lambda moment: click.echo(f"\r{_moment(moment)}   ", nl=False, err=True)
    finally:
        click.echo("\r", nl=False, err=True)


def _tell_missed(missed: tuple[str, ...]) -> None:
    if missed:
        click.echo(f"{len(missed)} filings have not answered yet; kantoor up tells them again", err=True)


def _told(clock: PracticeTime) -> str:
    now = _moment(clock.shows)
    pace = f"a day takes {clock.seconds_per_day:g} s"
    if not clock.runs:
        return f"The practice office stands still at {now} ({pace})."
    return f"The practice office is at {now} and runs until {in_words(clock.until.date())} ({pace})."


def _moment(moment: datetime) -> str:
    return f"{in_words(moment.date())} {moment:%H:%M}"


def _diagnosis(finding: Finding) -> str:
    mend = f"\n{'':25}→ {finding.mend}" if finding.mend else ""
    return f"{finding.state:<9} {finding.subject:<14} {finding.text}{mend}"
