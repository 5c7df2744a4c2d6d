"""The ports that our programs listen on: fixed by settings, so that people and other programs find them."""

import errno
import socket
from dataclasses import dataclass

import psutil

from .environment import MARK
from .errors import LocalError, PortTakenError

OTHER_PORT = "{other}"
"""Stands in a setting for the number of another port."""


NEVER_BESIDE = (
    "this one is a copy, which never runs beside the office that it is a copy of: both would deliver"
)


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a program listens, and the setting that gives it OTHER_PORT."""

    host: str
    port: int
    setting: str


def propose_setting(place: Listening) -> str:
    """Return the setting with another port, on which nothing listens now, to be typed as it is."""
    others = [*range(place.port + 1000, 64000, 1000), *range(place.port - 1000, 1024, -1000)]
    port = next((one for one in others if _can_listen(place.host, one)), others[0])
    return place.setting.replace(OTHER_PORT, str(port))


def _can_listen(host: str, port: int) -> bool:
    try:
        _bind(host, port)
    except OSError:
        return False
    return True


def _bind(host: str, port: int) -> None:
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        trial.bind(address)


def check_free(place: Listening, title: str, *, copied: bool = False) -> None:
    """Raise PortTakenError, with who holds it, when something listens there; LocalError when nobody may.

    Who holds it may be the original of an office that was `copied`: no other port is proposed then.
    """
    try:
        _bind(place.host, place.port)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            where = f"{place.host}:{place.port}"
            text = f"the {title} cannot listen on {where}: {error.strerror}; set {propose_setting(place)}"
            raise LocalError(text) from None
        who, ours = _describe_holder(place.port)
        taken = f"port {place.port} is taken by {who}"
        if copied:
            stop = "stop that office" if ours else "stop that"
            raise PortTakenError(taken, f"{stop}; {NEVER_BESIDE}") from None
        stop = "two offices need ports of their own: stop that office" if ours else "stop that"
        mend = f"{stop}, or give the {title} another port with {propose_setting(place)}"
        raise PortTakenError(taken, mend) from None


def answers(place: Listening) -> bool:
    """Say whether something takes connections there."""
    try:
        with socket.create_connection((place.host, place.port), timeout=1):
            return True
    except OSError:
        return False


def holder(port: int) -> int | None:
    """Return the process that listens at a port; None when nobody does or the system does not tell."""
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                return int(connection.pid)
    except (psutil.Error, OSError):
        pass  # some systems tell only the administrator
    return None


def _describe_holder(port: int) -> tuple[str, bool]:
    """Return who listens at a port, of a program of kantoor with its office; say whether it is such a one."""
    process = holder(port)
    try:
        who = f"{psutil.Process(process).name()} (process {process})" if process else "another program"
    except psutil.Error:
        return "another program", False
    try:
        home = psutil.Process(process).environ().get(MARK) if process else None
    except (psutil.Error, OSError):
        home = None  # another user's
    if home is None:
        return who, False
    return f"{who} of the kantoor office in {home}", True
