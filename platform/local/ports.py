"""The ports that our programs listen on: fixed by settings, so that people and other programs find them."""

import errno
import socket
from dataclasses import dataclass

import psutil

from .errors import LocalError, PortTakenError


@dataclass(frozen=True, slots=True)
class Listening:
    """Where a program listens, and the setting that says so."""

    host: str
    port: int
    setting: str


def check_free(place: Listening, title: str) -> None:
    """Raise PortTakenError, with who holds it, when something listens there; LocalError when nobody may."""
    try:
        family, *_, address = socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            where = f"{place.host}:{place.port}"
            text = f"the {title} cannot listen on {where}: {error.strerror}; set {place.setting}"
            raise LocalError(text) from None
        raise PortTakenError(
            f"port {place.port} is taken by {_holder(place.port)}: stop that, or give the {title} another "
            f"port with {place.setting}"
        ) from None


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


def _holder(port: int) -> str:
    process = holder(port)
    try:
        return (
            "another program" if process is None else f"{psutil.Process(process).name()} (process {process})"
        )
    except psutil.Error:
        return "another program"
