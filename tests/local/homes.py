"""Homes of offices for tests: free ports, a folder, short waits."""

import os
import socket
from datetime import UTC, datetime
from pathlib import Path

from kantoor.equipment import Equipment
from kantoor.local.demo.players import SAMPLE
from kantoor.local.environment import settings_environment
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.plans import publish
from kantoor.service.relations.identities import check_relation_identity
from kantoor.settings import Settings, load_settings

from ..shipped import compile_shipped


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago; all are held until the last is known."""
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


def settings_in(home: Path, *, portal: bool = False, script: Path | None = None) -> Settings:
    """An office of its own; without its pages, unless a test is about them."""
    server, page, mail, digipoort, pages = free_ports(5)
    base = f"https://localhost:{digipoort}/wus/2.0"
    return load_settings(
        home=home,
        temporal={"address": f"127.0.0.1:{server}"},
        smtp={"port": mail},
        portal={"port": pages},
        digipoort={
            "delivery_url": f"{base}/aanleverservice/1.2",
            "status_url": f"{base}/statusinformatieservice/1.2",
        },
        local={"server_web_port": page, "restart_seconds": 0.1, "portal": portal, "script": script},
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """What a command started by a test needs to find the office."""
    return {**os.environ, **settings_environment(settings)}


def sample_office(equipment: Equipment) -> str:
    """Publish the shipped definitions and import the sample office; return the plan's digest."""
    compiled = compile_shipped()
    assert compiled.office
    now = datetime.now(UTC)
    with equipment.database.write() as connection:
        vat = (compiled.plans["btw-aangifte"],)
        (published,) = publish(connection, vat, compiled.office, revision="", author="", at=now)
    result = import_folder(equipment.database, SAMPLE, compiled.office, check_relation_identity)
    assert isinstance(result, Imported), result
    assert published.digest
    return published.digest
