"""The connection to Temporal: the embedded server, or any cluster (R43)."""

import asyncio
from datetime import timedelta
from functools import lru_cache
from pathlib import Path

from temporalio.client import Client
from temporalio.runtime import Runtime, TelemetryConfig
from temporalio.service import RPCError, TLSConfig

from ..keys.ring import KeyRing
from ..settings import Settings, Temporal
from .codec import data_converter


class ServerAwayError(Exception):
    """The Temporal server cannot be reached or refuses us; the sentence says where it was looked for."""


class UnansweredStartError(ServerAwayError):
    """It is not known whether a start arrived; the sentence is Dutch, for whoever started it."""

    def __init__(self, workflow_id: str) -> None:
        super().__init__(
            f"onbekend of {workflow_id} is gestart. Herhaal het starten; er wordt niets dubbel gestart."
        )


def server_mend(settings: Settings) -> str:
    """Say what to do without the server: start the embedded one, or look at where it should be."""
    if settings.server_is_embedded:
        return "start it with `kantoor up`"
    return "start it, or set KANTOOR_TEMPORAL_ADDRESS (temporal.address) to where it is"


async def connect(
    temporal: Temporal,
    ring: KeyRing,
    limit: timedelta = timedelta(seconds=10),
    mend: str = "",
    *,
    logs: bool = False,
) -> Client:
    """Return a client whose histories only the ring's keys can read.

    With `logs` the SDK's core writes its warnings to standard error, as in a worker's log; whoever types a
    command is told the outcome in our own words. Raises ServerAwayError; `mend` is what that adds to its
    sentence.
    """
    try:
        async with asyncio.timeout(limit.total_seconds()):
            return await Client.connect(
                temporal.address,
                namespace=temporal.namespace,
                data_converter=data_converter(ring),
                tls=_tls(temporal) if temporal.uses_tls else False,
                api_key=temporal.api_key.get_secret_value() if temporal.api_key else None,
                runtime=None if logs else _silent(),
            )
    except (TimeoutError, RPCError, RuntimeError):
        raise ServerAwayError(
            f"the Temporal server at {temporal.address} is unreachable or rejects the connection"
            + (f": {mend}" if mend else "")
        ) from None


@lru_cache(maxsize=1)
def _silent() -> Runtime:
    """Return the SDK's core without a log; one for the whole process, since each has threads of its own."""
    return Runtime(telemetry=TelemetryConfig(logging=None))


def _tls(temporal: Temporal) -> TLSConfig:
    return TLSConfig(
        server_root_ca_cert=_file(temporal.tls_ca),
        client_cert=_file(temporal.tls_certificate),
        client_private_key=_file(temporal.tls_key),
    )


def _file(path: Path | None) -> bytes | None:
    if path is None:
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        raise ServerAwayError(f"{path} cannot be read: {error.strerror}") from None
