"""The whole examination, in an order in which each part explains the next."""

import asyncio
from collections.abc import Callable, Collection

from ...clock import PracticeClock
from ...office.database.engine import Database
from ...office.database.errors import DatabaseError
from ...office.own_home import find_starting, is_claimed
from ...settings import Settings
from ..clocks import read_clock
from ..programs import runs_catcher, runs_server, runs_simulator
from .findings import Finding, warning
from .machine import check_home, check_machine
from .outside import check_certificates, check_connections, check_digipoort, check_mail
from .storage import (
    check_alarms,
    check_clock,
    check_contents,
    check_database,
    check_examples,
    check_keys,
    check_work,
    database_trouble,
)
from .temporal import check_running, check_server_file
from .waiting import check_waiting

Tell = Callable[[str], None]
"""Takes what is looked at now."""


def _tell_nobody(what: str) -> None:
    pass


async def examine(
    settings: Settings, tell: Tell = _tell_nobody, revived: Collection[str] = ()
) -> list[Finding]:
    """Look at everything; what cannot be looked at because of an earlier finding is left out.

    Of an office that is being started nothing more is said than that. What was `revived` a moment ago has not
    acted yet on the dates that came meanwhile.
    """
    tell("looking at this machine and the database")
    home, readable = await asyncio.to_thread(check_home, settings.home)
    if not readable:
        return [home]
    starting = await asyncio.to_thread(find_starting, settings.home)
    if starting is not None:  # whatever does not answer yet may only have to begin
        text = f"kantoor up is starting the office, since {starting:%H:%M:%S} UTC; nothing else was looked at"
        return [home, warning("office", text, "look again once kantoor up says that the office is running")]
    findings = [home, *await asyncio.to_thread(check_machine, settings)]
    found, database = await asyncio.to_thread(check_database, settings)
    findings += found
    practice = False
    if database is not None:
        found, practice = await _of_database(settings, database, tell, revived)
        findings += [*found, *check_connections(settings, practice=practice)]
    findings += await asyncio.to_thread(check_certificates, settings, practice=practice)
    running = is_claimed(settings.home)
    if running or not runs_simulator(settings):
        tell("asking Digipoort, or its simulator")
        findings += await check_digipoort(settings, practice=practice)
    if running or not runs_catcher(settings):
        tell("asking the mail server")
        findings += await check_mail(settings)
    return findings


async def _of_database(
    settings: Settings, database: Database, tell: Tell, revived: Collection[str]
) -> tuple[list[Finding], bool]:
    """Return what is said of what the database holds, and whether it is a practice office's."""
    findings: list[Finding] = []
    practice = looked = False
    try:
        practice = isinstance(await asyncio.to_thread(read_clock, database), PracticeClock)
        findings += await asyncio.to_thread(check_clock, settings, database)
        findings += await asyncio.to_thread(check_contents, database)
        findings += [] if practice else await asyncio.to_thread(check_examples, database)
        findings += await asyncio.to_thread(check_work, database)
        found, ring = await asyncio.to_thread(check_keys, settings, database)
        findings += found
        if runs_server(settings) and not is_claimed(settings.home):
            findings += await asyncio.to_thread(check_server_file, settings, database)
        elif ring is not None:
            tell("asking the Temporal server")
            running = await check_running(settings, database, ring)
            looked = not any(one.subject == "server" and one.state == "wrong" for one in running)
            findings += running
            findings += await asyncio.to_thread(check_waiting, settings, database, revived)
        findings += await asyncio.to_thread(check_alarms, database, looked=looked)
    except DatabaseError as error:  # a page of it is damaged, or it went away
        findings.append(database_trouble(error))
    finally:
        database.close()
    return findings, practice
