"""A server that replies, byte for byte, what a test makes of the question."""

import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

from .laboratory import Laboratory

Respond = Callable[[bytes], bytes | Iterator[bytes]]


@contextmanager
def impostor(lab: Laboratory, respond: Respond) -> Iterator[str]:
    """Serve with the certificate of the real server; give the address.

    `respond` gets the body of a question and returns what goes over the line, whole or in pieces; after that
    the connection is closed.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(lab.files.certificate("server"), lab.files.key("server"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_serve, args=(listener, context, respond), daemon=True)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        thread.join()


def http(body: bytes, status: str = "200 OK", *headers: str) -> bytes:
    """An HTTP response."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/xml", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body


def _serve(listener: socket.socket, context: ssl.SSLContext, respond: Respond) -> None:
    with suppress(OSError):
        while True:
            plain, _ = listener.accept()
            with suppress(OSError), context.wrap_socket(plain, server_side=True) as connection:
                reply = respond(_question(connection))
                for piece in [reply] if isinstance(reply, bytes) else reply:
                    connection.sendall(piece)


def _question(connection: ssl.SSLSocket) -> bytes:
    data = _until(connection, b"", lambda data: b"\r\n\r\n" in data)
    head, _, body = data.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    length = int(fields[b"content-length"])
    return _until(connection, body, lambda body: len(body) >= length)


def _until(connection: ssl.SSLSocket, data: bytes, enough: Callable[[bytes], bool]) -> bytes:
    while not enough(data):
        more = connection.recv(65536)
        if not more:
            raise OSError("the client went away")
        data += more
    return data
