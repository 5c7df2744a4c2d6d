"""The pages as a program of its own: `kantoor up` runs one, more may run beside it."""

import asyncio
import gc
import logging
from collections.abc import Callable
from socket import socket

import uvicorn

from ..service.desk import Desk, open_desk
from ..settings import Settings
from .app import make_app


def run_portal(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve the pages until SIGTERM or Ctrl-C; `say` gets one line when they listen.

    Raises DatabaseError, KeyFileError, SettingsError and OSError where the port is taken.
    """
    asyncio.run(_serve(settings, say))


async def _serve(settings: Settings, say: Callable[[str], None]) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    async with open_desk(settings) as desk:
        server = make_server(desk, settings, lambda: say(f"portal ready at {settings.base_url}"))
        await server.serve()


def make_server(desk: Desk, settings: Settings, ready: Callable[[], None]) -> uvicorn.Server:
    """Return the server of an office's pages; once it listens it calls `ready`.

    What is in memory by then is taken to stay: see `_Server`.
    """
    config = uvicorn.Config(
        make_app(desk),
        host=settings.portal.host,
        port=settings.portal.port,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(settings.portal.proxies),
        forwarded_allow_ips=settings.portal.proxies,
        timeout_graceful_shutdown=5,
    )
    return _Server(config, ready)


class _Server(uvicorn.Server):
    """Says when it listens, and has the garbage collector leave alone what is there by then.

    Modules, templates and definitions stay until the end: to go through them all takes 200 to 300 ms, time
    and again, while somebody waits for a page.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            gc.collect()
            gc.freeze()
            self._ready()
