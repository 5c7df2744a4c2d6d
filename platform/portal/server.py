"""The pages as a program of its own: `kantoor up` runs one, more may run beside it."""

import asyncio
import logging
from collections.abc import Callable
from socket import socket

import uvicorn

from ..service.desk import open_desk
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
        server = _Server(config, lambda: say(f"portal ready at {settings.base_url}"))
        await server.serve()


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()
