"""An office of its own to be measured: a folder that is thrown away, free ports, the shipped definitions."""

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import click
from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from kantoor.local import practice
from kantoor.local.office import RunningOffice, running_office
from kantoor.office.exchange import NotImported, import_folder
from kantoor.office.plans import active_office
from kantoor.service.desk import Desk
from kantoor.service.relations.identities import check_relation_identity
from kantoor.service.releasing.deploying import Mistaken, deploy, read_definitions
from kantoor.settings import Settings, load_settings

from .material import Made, write_folder

DEFINITIONS = Path(__file__).parents[1] / "definitions"


class UnfitError(Exception):
    """The office could not be made: the definitions or the made-up relations are refused."""


def settings_in(home: Path, **local: Any) -> Settings:
    """Return the settings of an office in a folder, on ports that were free a moment ago."""
    server, page, mail, digipoort = free_ports(4)
    base = f"https://localhost:{digipoort}/wus/2.0"
    return load_settings(
        home=home,
        database_url=f"sqlite:///{home.absolute() / 'kantoor.db'}",
        temporal={"address": f"127.0.0.1:{server}"},
        smtp={"port": mail},
        digipoort={
            "delivery_url": f"{base}/aanleverservice/1.2",
            "status_url": f"{base}/statusinformatieservice/1.2",
        },
        local={"server_web_port": page, "portal": False, **local},
    )


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on; all are held until the last is known."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


@dataclass
class Folder:
    """A folder for one run; it is thrown away afterwards unless it is to be kept."""

    path: Path
    keep: bool


@contextmanager
def own_folder(name: str, keep: bool = False) -> Iterator[Folder]:
    """Give a new folder, and remove it also on Ctrl-C (exit status 130); after an error it is kept."""
    folder = Folder(Path(tempfile.mkdtemp(prefix=f"kantoor-{name}-")), keep)
    try:
        yield folder
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception:
        folder.keep = True
        raise
    finally:
        if folder.keep:
            click.echo(f"The office's folder is kept: {folder.path}", err=True)
        else:
            shutil.rmtree(folder.path, ignore_errors=True)


def stop_on_signals() -> None:
    """Stop as on Ctrl-C, cleaning up, when the process is told to end or its terminal closes."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: os.kill(os.getpid(), signal.SIGINT))


def quiet() -> None:
    """Have the client's core keep to itself that a server is unavailable: here it is killed on purpose."""
    errors = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=errors)))


@asynccontextmanager
async def practice_office(
    settings: Settings,
    relations: Iterable[Made],
    say: Callable[[str], None],
    *,
    day: date,
    seconds_per_day: float = 1,
    definitions: Path = DEFINITIONS,
) -> AsyncIterator[tuple[RunningOffice, Desk]]:
    """Run a practice office with these relations; its clock stands still on the morning of `day`.

    Raises UnfitError, LocalError.
    """
    practice.init(settings, day, seconds_per_day)
    async with running_office(settings, say) as office:
        desk = Desk(office.equipment, await office.client())
        _furnish(desk, definitions, settings.home / "import", relations)
        yield office, desk


def _furnish(desk: Desk, definitions: Path, folder: Path, relations: Iterable[Made]) -> None:
    ready = read_definitions(definitions)
    if isinstance(ready, Mistaken):
        raise UnfitError(f"the definitions in {definitions} have errors: kantoor check shows them")
    deploy(desk, ready, "bench", without_scenarios="only what is measured runs")
    office = desk.read(active_office)
    assert office is not None
    write_folder(folder, relations)
    imported = import_folder(desk.equipment.database, folder, office, check_relation_identity)
    if isinstance(imported, NotImported):
        raise UnfitError("; ".join(f"{p.file}:{p.line}: {p.text}" for p in imported.problems[:5]))
