"""A TLS connection on which everything together ends at one moment, however the other side drags it out.

A time-out of a socket counts from each call, so that a server which sends a byte now and then holds its
client without end. Here each call gets only what is left. What is not bounded is the lookup of the name,
which ends by the resolver's own limits.
"""

import socket
import ssl
import time
from types import TracebackType

_PIECE = 64 * 1024


class Line:
    """An open connection; every call raises TimeoutError once its time is up, OSError when it breaks."""

    def __init__(self, connection: ssl.SSLSocket, seconds: float) -> None:
        """Take an open connection for so many seconds, all of its calls together."""
        self._connection = connection
        self._until = time.monotonic() + seconds

    def __enter__(self) -> "Line":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def send(self, data: bytes) -> None:
        """Send all of it."""
        rest = memoryview(data)
        while rest:
            self._connection.settimeout(_compute_time_left(self._until))
            rest = rest[self._connection.send(rest[:_PIECE]) :]

    def receive(self) -> bytes:
        """Return what comes next; nothing when the other side has closed."""
        self._connection.settimeout(_compute_time_left(self._until))
        return self._connection.recv(_PIECE)


def open_line(host: str, port: int, context: ssl.SSLContext, *, within: float, seconds: float) -> Line:
    """Connect and shake hands `within` so many seconds; nothing is sent yet. Then it is open for `seconds`.

    Raises TimeoutError, OSError, and ssl.SSLError for a server that is not trusted.
    """
    until = time.monotonic() + within
    plain = _connect(host, port, until)
    try:
        plain.settimeout(_compute_time_left(until))
        return Line(context.wrap_socket(plain, server_hostname=host), seconds)
    except BaseException:
        plain.close()
        raise


def _connect(host: str, port: int, until: float) -> socket.socket:
    """Connect to the first of the host's addresses that takes it."""
    problem: OSError = OSError("the host has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        plain = socket.socket(family, kind, protocol)
        try:
            plain.settimeout(_compute_time_left(until))
            plain.connect(address)
            return plain
        except OSError as error:
            plain.close()
            problem = error
    raise problem


def _compute_time_left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
