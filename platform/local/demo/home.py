"""The demo's own office: a folder that nobody else uses, free ports, written down in its kantoor.toml."""

import shutil
import socket
from pathlib import Path

from ...files import make_folder, make_private, write_whole
from ...office.own_home import is_claimed
from ...settings import Settings, load_settings
from ..errors import LocalError, MisuseError

MARK = "made-by-kantoor-demo"
"""A file that says that a folder may be thrown away by the next demo."""

_TOML = """\
# Made by kantoor demo: the ports were free when it began.
[temporal]
address = "127.0.0.1:{server}"

[smtp]
port = {mail}

[digipoort]
delivery_url = "https://localhost:{digipoort}/wus/2.0/aanleverservice/1.2"
status_url = "https://localhost:{digipoort}/wus/2.0/statusinformatieservice/1.2"

[portal]
port = {portal}

[local]
server_web_port = {page}
script = "simulator-script.yaml"
"""


def demo_home(home: Path) -> Path:
    """Return where the demo plays for an office in `home`: beside it, or there again where a demo made it."""
    return home if (home / MARK).exists() else home / "demo"


def make_home(home: Path, script: Path) -> Settings:
    """Make the folder again and return its settings; what an earlier demo left there is thrown away.

    Raises MisuseError when the folder has other contents, LocalError when the demo's office still runs.
    """
    home = home.absolute()
    if home.exists():
        if any(home.iterdir()) and not (home / MARK).exists():
            raise MisuseError(f"{home} is not a demo folder and was left unchanged: choose another --home")
        if is_claimed(home):
            raise LocalError(f"the demo office in {home} is still running: stop its kantoor up first")
        shutil.rmtree(home)
    make_folder(home)
    make_private(home / MARK)
    server, page, mail, digipoort, portal = _free_ports(5)
    toml = _TOML.format(server=server, page=page, mail=mail, digipoort=digipoort, portal=portal)
    write_whole(home / "kantoor.toml", toml.encode())
    write_whole(home / "simulator-script.yaml", script.read_bytes())
    address = f"https://localhost:{digipoort}/wus/2.0"
    return load_settings(
        home=home,
        database_url="",
        temporal={"address": f"127.0.0.1:{server}"},
        smtp={"port": mail},
        portal={"port": portal},
        digipoort={
            "delivery_url": f"{address}/aanleverservice/1.2",
            "status_url": f"{address}/statusinformatieservice/1.2",
        },
        local={"server_web_port": page, "script": home / "simulator-script.yaml"},
    )


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()
