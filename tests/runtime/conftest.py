from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from kantoor.keys.ring import KeyRing
from kantoor.runtime.codec import data_converter

from .world import World, dev_server, skipping_server


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.open(tmp_path / "keys", may_make=True)


@pytest.fixture
async def env(ring: KeyRing) -> AsyncIterator[WorkflowEnvironment]:
    """A time-skipping server of its own: time belongs to one test."""
    async with skipping_server(data_converter(ring)) as env:
        yield env


@pytest.fixture
async def world() -> World:
    return World()


@pytest.fixture
async def dev_client(ring: KeyRing) -> AsyncIterator[Client]:
    """A client of a dev server of its own."""
    async with dev_server(data_converter(ring)) as client:
        yield client
