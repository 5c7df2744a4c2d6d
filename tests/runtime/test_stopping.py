"""A caller that is told to stop, by Ctrl-C or a limit of its own, stops: it is not told that nobody knows."""

import asyncio
from datetime import datetime, timedelta

import pytest

from kantoor.filing.events import Actor, Note
from kantoor.runtime.client import Unknown, act

NOTE = Note(at=datetime(2026, 2, 3, 9), id="n", by=Actor(kind="team", id="sanne"), text="Gebeld")


async def no_worker(client):
    """A workflow that nobody carries on."""
    await client.start_workflow("btw-aangifte", id="filing/x", task_queue="nobody")
    return "filing/x"


async def test_an_act_that_is_stopped_while_it_waits_is_not_answered(dev_client):
    waiting = asyncio.create_task(act(dev_client, await no_worker(dev_client), NOTE, timedelta(seconds=30)))
    async with asyncio.timeout(20):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await asyncio.shield(waiting)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_a_limit_of_the_caller_is_the_callers_own(dev_client):
    workflow = await no_worker(dev_client)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await act(dev_client, workflow, NOTE, timedelta(seconds=30))
    assert isinstance(await act(dev_client, workflow, NOTE, timedelta(seconds=0.5)), Unknown)
