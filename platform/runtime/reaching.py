"""The way of who acts in an office to its own server, which is waited for while the office starts."""

import asyncio
from datetime import timedelta

from temporalio.client import Client

from ..equipment import Equipment
from ..office.own_home import is_claimed
from .connecting import ServerAwayError, connect, server_mend
from .office_mark import claim_server

LOOK_SECONDS = 0.1


class OfficeStartsError(ServerAwayError):
    """The office is up, and its server does not answer, or not yet: nothing was sent."""

    def __init__(self) -> None:
        super().__init__("the Temporal server of this office does not answer: it starts, or hangs; try again")


async def reach_server(equipment: Equipment, patience: timedelta) -> Client:
    """Return a client of the office's own server; for `patience` of one that a `kantoor up` is starting.

    Raises OfficeStartsError where it does not come up in that time, ServerAwayError, also where the server is
    another office's, and RPCError.
    """
    settings = equipment.settings
    loop = asyncio.get_running_loop()
    end = loop.time() + patience.total_seconds()
    while True:
        try:
            client = await connect(settings.temporal, equipment.ring, mend=server_mend(settings))
            break
        except ServerAwayError:
            if not (settings.server_is_embedded and is_claimed(settings.home)):
                raise
            if loop.time() > end:
                raise OfficeStartsError from None
        await asyncio.sleep(LOOK_SECONDS)
    await claim_server(client, equipment)
    return client
