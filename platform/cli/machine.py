"""Running an office on this machine: up, practice, doctor."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from ..local import practice as practice_office
from ..local.doctor import Finding, examine
from ..local.office import running_office
from ..local.practice import PracticeTime, RunningPractice
from ..local.presenting import places
from ..service.upkeep.reviving import Revived, join_lines
from ..service.upkeep.reviving import revive as revive_workflows
from ..settings import Settings, load_settings
from ..words import count_of
from .desk import at_desk
from .failures import NO, Failure
from .groups import Group
from .options import Moment, as_format
from .printing import print_result, say
from .programs import interrupted_by_signals, until_signal
from .progress import show_bar, show_progress


@click.command(help="Run the whole office on this machine until Ctrl-C; it continues where it stopped.")
@click.option(
    "--here",
    is_flag=True,
    help="Also where the office was copied, put back or moved to: the one that it is a copy of is stopped.",
)
def up(here: bool) -> None:
    """Start server, worker, mail catcher and simulator, and watch them."""
    asyncio.run(_up(load_settings(), here=here))


@click.group(cls=Group, help="The practice office's clock: init, run, pause, show.")
def practice() -> None:
    """Collect the commands on the practice clock."""


@practice.command("init")
@click.option("--date", "day", required=True, type=Moment(), help="The day on which it starts.")
@click.option(
    "--day",
    "seconds",
    required=True,
    type=click.FloatRange(min=0, min_open=True),
    help="Real seconds per day of the practice clock, such as 1 or 3600.",
)
@click.option(
    "--convert",
    is_flag=True,
    help="Also an office that has relations: it gives up real time for good, and mail and returns go to the "
    "simulators.",
)
def practice_init(day: datetime, seconds: float, convert: bool) -> None:
    """Make this home a practice office; its clock is stopped until `kantoor practice run`."""
    say(_clock_text(practice_office.init(load_settings(), day.date(), seconds, converts=convert)))


@practice.command("run")
@click.option(
    "--until",
    required=True,
    type=Moment(timed=True),
    help="When the clock stops: a day (at 18:00), or a day and time such as 2026-02-02T09:00.",
)
@click.option("--no-wait", is_flag=True, help="Return at once; the clock keeps running.")
@click.option("--anyway", is_flag=True, help="Also to a day more than a year ahead.")
def practice_run(until: datetime, no_wait: bool, anyway: bool) -> None:
    """Run the clock until a day and stop it there; it cannot go back."""
    closing = practice_office.closing_of(until)
    if not anyway:
        practice_office.check_near(load_settings(), closing)
    asyncio.run(_practice_run(closing, not no_wait))


@practice.command("pause")
def practice_pause() -> None:
    """Stop the clock now."""
    asyncio.run(_practice_pause())


@practice.command("show")
@as_format
def practice_show(form: str) -> None:
    """Show what the clock shows, how long a day lasts and where it stops."""
    print_result(form, practice_office.show_clock(load_settings()), _clock_lines)


_REVIVE = "First fetch what an older database lacks, and start again what is open here and does not run."


@click.command(help="Report what is wrong on this machine and how to fix it.")
@click.option("--revive", is_flag=True, help=_REVIVE)
@as_format
def doctor(form: str, *, revive: bool) -> None:
    """Look at ports, keys, certificates, database, servers, clock and filings; 1 when something is wrong."""
    revived = _revive(lambda line: click.echo(line, err=form != "text")) if revive else frozenset()
    with show_bar() as bar:
        findings = asyncio.run(examine(load_settings(), lambda what: bar(what, 0, 0), revived))
    print_result(form, findings, lambda found: map(_finding_text, found))
    wrong = sum(finding.state == "wrong" for finding in findings)
    if wrong:
        raise Failure(f"{count_of(wrong, 'problem', 'problems')} found", NO)


commands: list[click.Command] = [up, practice, doctor]


def _revive(tell: Callable[[str], None]) -> frozenset[str]:
    """Revive what does not run, and return what goes on again.

    What was done is told, also when something outside stops it halfway.
    """
    revived: list[Revived] = []
    try:
        with show_progress() as progress:
            at_desk(lambda desk: revive_workflows(desk, revived.append, progress))
    finally:
        lines = join_lines(revived)
        for line in lines:
            tell(f"{line.result}: {line.workflow_id} {line.text}")
    failed = sum(line.result == "failed" for line in lines)
    going = len(lines) - failed
    if not lines:
        tell("everything that is open here runs: nothing had to be revived")
    elif failed:
        tell(
            f"{going} of {len(lines)} made whole; of the other {failed} the line above says why not. "
            "All else that is open here runs."
        )
    else:
        what = count_of(len(lines), "filing or recurrence was", "filings and recurrences were")
        tell(f"{what} made whole: everything that is open here runs again")
    tell("what the doctor finds now:")
    return frozenset(line.workflow_id for line in lines if line.result != "failed")


async def _up(settings: Settings, *, here: bool) -> None:
    stop = until_signal()
    async with running_office(settings, say, here=here) as office:
        say(places(office.equipment))
        await stop.wait()
        say("Stopping …")
    say("Stopped. kantoor up continues where it stopped.")


async def _practice_run(until: datetime, waiting: bool) -> None:
    async with practice_office.running_practice(load_settings()) as office:
        _tell_missed(await office.run(until))
        if waiting:
            await reach(office, until)
        say(_clock_text(office.show()))


async def reach(office: RunningPractice, until: datetime) -> None:
    """Wait till the clock gets there; it goes on when only the waiting is interrupted."""
    try:
        with _clock_bar(until) as shown, interrupted_by_signals():
            reached = await office.wait(until, shown)
    except asyncio.CancelledError:
        click.echo(
            f"the clock keeps running until {_moment(until)}; pause it with kantoor practice pause",
            err=True,
        )
        raise
    if reached < until:
        raise Failure(
            f"the clock stopped at {_moment(reached)}, before {_moment(until)}: "
            "run the command again to continue",
            NO,
        )


async def _practice_pause() -> None:
    async with practice_office.running_practice(load_settings()) as office:
        _tell_missed(await office.pause())
        say(_clock_text(office.show()))


@contextmanager
def _clock_bar(until: datetime) -> Iterator[practice_office.Shown]:
    """Give what shows the office's time on its way."""
    with show_bar() as bar:
        begin: datetime | None = None

        def show(now: datetime) -> None:
            nonlocal begin
            begin = begin or now
            bar(f"clock at {_moment(now)}", (now - begin).total_seconds(), (until - begin).total_seconds())

        yield show


def _tell_missed(missed: tuple[str, ...]) -> None:
    if missed:
        late = count_of(len(missed), "filing has", "filings have")
        click.echo(f"{late} not confirmed the new time yet; kantoor up repeats it", err=True)


def _clock_lines(clock: PracticeTime) -> Iterator[str]:
    yield _clock_text(clock)


def _clock_text(clock: PracticeTime) -> str:
    now = _moment(clock.shows)
    pace = f"a day takes {clock.seconds_per_day:g} s"
    if not clock.runs:
        return f"The practice clock is stopped at {now} ({pace})."
    return f"The practice clock is at {now} and runs until {_moment(clock.until)} ({pace})."


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _finding_text(finding: Finding) -> str:
    mend = f"\n{'':25}→ {finding.mend}" if finding.mend else ""
    return f"{finding.state:<9} {finding.subject:<14} {finding.text}{mend}"
