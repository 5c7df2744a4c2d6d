"""An office of its own to be measured: a folder that is thrown away, free ports, the shipped definitions."""

import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

from temporalio.runtime import LoggingConfig, Runtime, TelemetryConfig, TelemetryFilter

from kantoor.compiler.compilation import Compilation
from kantoor.local import practice
from kantoor.local.office import RunningOffice, running_office
from kantoor.office.exchange import NotImported, import_folder
from kantoor.office.plans import active_office
from kantoor.service.deploying import deploy
from kantoor.service.desk import Desk
from kantoor.service.identities import check_relation_identity
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
        local={"server_web_port": page, **local},
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


def quiet() -> None:
    """Have the client's core keep to itself that a server is away: here it is killed on purpose."""
    errors = LoggingConfig(filter=TelemetryFilter(core_level="ERROR", other_level="ERROR"))
    Runtime.set_default(Runtime(telemetry=TelemetryConfig(logging=errors)))


@asynccontextmanager
async def practice_office(
    settings: Settings,
    relations: Iterable[Made],
    say: Callable[[str], None],
    *,
    day: date,
    seconds_per_day: float,
) -> AsyncIterator[tuple[RunningOffice, Desk]]:
    """Run a practice office with these relations; its clock stands still on the morning of `day`.

    Raises UnfitError, LocalError.
    """
    practice.init(settings, day, seconds_per_day)
    async with running_office(settings, say) as office:
        desk = Desk(office.equipment, await office.client())
        _furnish(desk, settings.home / "import", relations)
        yield office, desk


def _furnish(desk: Desk, folder: Path, relations: Iterable[Made]) -> None:
    deployed = deploy(desk, DEFINITIONS, "bench")
    if isinstance(deployed, Compilation):
        raise UnfitError("the shipped definitions have mistakes: kantoor check shows them")
    definitions = desk.read(active_office)
    assert definitions is not None
    write_folder(folder, relations)
    imported = import_folder(desk.equipment.database, folder, definitions, check_relation_identity)
    if isinstance(imported, NotImported):
        raise UnfitError("; ".join(f"{p.file}:{p.line}: {p.text}" for p in imported.problems[:5]))
