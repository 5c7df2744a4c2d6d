"""Running an office on this machine: up, worker, practice, mail, digipoort-simulator, doctor."""

import asyncio
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import click

from ..local import practice as practice_office
from ..local.claims import is_claimed
from ..local.demo import play
from ..local.doctor import Finding, examine
from ..local.office import running_office
from ..local.practice import PracticeTime
from ..local.presenting import places
from ..local.problems import LocalError
from ..mail import catcher
from ..office.database import Database, open_database
from ..office.migrate import check_schema
from ..period import in_words
from ..runtime import worker as workers
from ..runtime.connecting import connect
from ..runtime.equipment import open_equipment
from ..sbr.digipoort.simulator.command import digipoort_simulator
from ..settings import Settings, load_settings
from .failures import NO, OUTSIDE, Failure

as_format = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How to print the result."
)


@click.command(help="Run the whole office on this machine until Ctrl-C; it goes on where it was.")
def up() -> None:
    """Start server, worker, mail catcher and simulator, and watch them."""
    asyncio.run(_up(load_settings()))


@click.command(help="Run a worker for the Temporal server of the settings, until Ctrl-C.")
def worker() -> None:
    """Run one worker: `kantoor up` starts one by itself, a cluster may have many."""
    workers.run(load_settings(), _say)


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
    with _local_errors():
        _say(_told(practice_office.init(load_settings(), day.date(), seconds)))


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
    with _local_errors():
        asyncio.run(_practice_run(load_settings(), practice_office.closing_of(until), not no_wait))


@practice.command("pause")
def practice_pause() -> None:
    """Let the clock stand still now."""
    with _local_errors():
        asyncio.run(_practice_pause(load_settings()))


@practice.command("show")
@as_format
def practice_show(form: str) -> None:
    """Show what the clock shows, how long a day lasts and where it stops."""
    settings = load_settings()
    with _local_errors(), _database(settings) as database:
        shown = practice_office.show(settings, database)
    _say(shown.model_dump_json(indent=2) if form == "json" else _told(shown))


@click.group(help="The mail catcher: list and show messages.")
def mail() -> None:
    """Collect the commands on caught mail."""


@mail.command("list")
@click.option("--to", help="Only messages to this address.")
@as_format
def mail_list(to: str | None, form: str) -> None:
    """List the messages that were caught, in the order in which they came."""
    messages = [one for one in catcher.caught(load_settings().mailbox) if to is None or to in one.to]
    if form == "json":
        rows = [{name: getattr(one, name) for name in _MAIL_COLUMNS} for one in messages]
        _say(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for one in messages:
        _say(f"{one.number:>5}  {one.at:<16}  {one.to:<32}  {one.subject}{_repeated(one)}")
    if not messages:
        click.echo("no mail yet", err=True)


@mail.command("show")
@click.argument("number", type=click.IntRange(min=1))
def mail_show(number: int) -> None:
    """Show message NUMBER of `kantoor mail list`."""
    try:
        message = catcher.read(load_settings().mailbox, number)
    except FileNotFoundError:
        raise Failure(f"there is no message {number}; kantoor mail list shows which there are") from None
    _say(f"From:    {message.sender}\nTo:      {message.to}\nDate:    {message.at}")
    _say(f"Subject: {message.subject}{_repeated(message)}\n\n{message.text}")


@mail.command("catch")
def mail_catch() -> None:
    """Run the mail catcher by itself, until Ctrl-C; `kantoor up` runs one."""
    settings = load_settings()
    asyncio.run(_catch(settings.mailbox, settings.smtp.host, settings.smtp.port))


@click.command(help="Say what is wrong on this machine and how to mend it.")
@as_format
def doctor(form: str) -> None:
    """Look at ports, keys, certificates, database, servers, clock and filings; 1 when something is wrong."""
    findings = asyncio.run(examine(load_settings()))
    if form == "json":
        _say(json.dumps([finding.model_dump() for finding in findings], ensure_ascii=False, indent=2))
    else:
        _say("\n".join(map(_diagnosis, findings)))
    wrong = sum(finding.state == "wrong" for finding in findings)
    if wrong:
        raise Failure(f"{wrong} {'thing is' if wrong == 1 else 'things are'} wrong", NO)


@click.command(help="Play a month of VAT returns in a practice office of its own.")
@click.option(
    "--home",
    type=click.Path(file_okay=False, path_type=Path),
    help="Its folder; by default demo in the home.",
)
@click.option("--day", type=click.FloatRange(min=0.1), default=0.4, show_default=True, help="Seconds a day.")
def demo(home: Path | None, day: float) -> None:
    """Exit status 0 only when the simulator's journal holds exactly what the database says was delivered."""
    with _local_errors(NO):
        asyncio.run(play(home or load_settings().home / "demo", day, _say))


commands: list[click.Command] = [up, worker, practice, mail, digipoort_simulator, doctor, demo]

_MAIL_COLUMNS = ("number", "at", "to", "sender", "subject", "repeated", "message_id")


def _say(text: str) -> None:
    click.echo(text)
    sys.stdout.flush()


async def _up(settings: Settings) -> None:
    stop = _until_signal()
    with _local_errors():
        async with running_office(settings, _say) as office:
            _say(places(office.equipment))
            await stop.wait()
            _say("Stopping …")
    _say("Stopped. kantoor up goes on where it was.")


async def _practice_run(settings: Settings, until: datetime, waiting: bool) -> None:
    _check_runs(settings)
    equipment = await asyncio.to_thread(open_equipment, settings)
    try:
        client = await connect(settings.temporal, equipment.ring)
        missed = await practice_office.run(settings, equipment.database, client, until)
        _tell_missed(missed)
        if waiting:
            with _clock_line() as shown:
                await practice_office.wait(equipment.database, until, shown)
        _say(_told(practice_office.show(settings, equipment.database)))
    finally:
        equipment.close()


async def _practice_pause(settings: Settings) -> None:
    _check_runs(settings)
    equipment = await asyncio.to_thread(open_equipment, settings)
    try:
        client = await connect(settings.temporal, equipment.ring)
        _tell_missed(await practice_office.pause(settings, equipment.database, client))
        _say(_told(practice_office.show(settings, equipment.database)))
    finally:
        equipment.close()


def _check_runs(settings: Settings) -> None:
    """A clock moves only in an office that runs; without one the server need not be asked."""
    if not is_claimed(settings.home):
        raise LocalError(
            "the office does not run: start it with kantoor up (its clock stands still till then)"
        )


async def _catch(folder: Path, host: str, port: int) -> None:
    stop = _until_signal()
    try:
        server = await catcher.start_catcher(folder, host, port)
    except OSError as error:
        raise Failure(f"the mail catcher cannot listen on {host}:{port}: {error.strerror}", OUTSIDE) from None
    _say(f"mail catcher ready on {host}:{port}, messages in {folder}")
    await stop.wait()
    server.close()


def _until_signal() -> asyncio.Event:
    """Return an event that Ctrl-C or SIGTERM sets."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # Windows: Ctrl-C ends asyncio.run by itself
            loop.add_signal_handler(number, stop.set)
    return stop


@contextmanager
def _local_errors(status: int = OUTSIDE) -> Iterator[None]:
    try:
        yield
    except LocalError as error:
        raise Failure(str(error), status) from None


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
    yield lambda moment: click.echo(f"\r{in_words(moment.date())} {moment:%H:%M}   ", nl=False, err=True)
    click.echo("\r", nl=False, err=True)


def _tell_missed(missed: tuple[str, ...]) -> None:
    if missed:
        click.echo(f"{len(missed)} filings have not answered yet; kantoor up tells them again", err=True)


def _told(clock: PracticeTime) -> str:
    now = f"{in_words(clock.shows.date())} {clock.shows:%H:%M}"
    pace = f"a day takes {clock.seconds_per_day:g} s"
    if not clock.runs:
        return f"The practice office stands still at {now} ({pace})."
    return f"The practice office is at {now} and runs until {in_words(clock.until.date())} ({pace})."


def _diagnosis(finding: Finding) -> str:
    mend = f"\n{'':25}→ {finding.mend}" if finding.mend else ""
    return f"{finding.state:<9} {finding.subject:<14} {finding.text}{mend}"


def _repeated(message: catcher.Caught) -> str:
    return "  (repeated)" if message.repeated else ""
