"""A request of data on the test server: by acts, timers and messages of a filing that runs."""

from datetime import timedelta

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from kantoor.filing.events import AcceptItem, AnswerRequest, Complete
from kantoor.filing.outcome import Refusal
from tests.filing.driver import ADMIN, CLIENT
from tests.filing.test_requests import FORM, LIST, NO_HOUSE, PLAN, paper

from .world import World, office_clock, start


@pytest.mark.parametrize("cached", [1000, 0])
async def test_a_client_is_asked_reminded_answers_and_the_filing_goes_on(
    env: WorkflowEnvironment, world: World, cached: int
) -> None:
    clock = office_clock(await env.get_current_time())
    async with world.workers(env.client, max_cached_workflows=cached):
        filing = await start(env.client, world, PLAN, clock)
        await world.until_told("message_sent", 2)
        await env.sleep(timedelta(days=6))
        await world.until_told("message_sent", 3)
        await filing.must(AnswerRequest, CLIENT, request=FORM, values=NO_HOUSE)
        given = {"request": LIST, "item": "jaaropgave", "documents": (paper(),)}
        await filing.must(AnswerRequest, CLIENT, **given)
        await env.sleep(timedelta(days=30))
        refused = await filing.act(Complete, ADMIN, phase="uitvraag")
        assert isinstance(refused, Refusal)
        await filing.must(AcceptItem, ADMIN, request=FORM)
        await filing.must(AcceptItem, ADMIN, request=LIST, item="jaaropgave")
        await filing.must(Complete, ADMIN, phase="uitvraag")
        await filing.must(Complete, ADMIN, phase="afronden")
        await world.until_told("filing_ended")
    assert world.told().count("reminded") == 1
    assert "escalated_asked" not in world.told()
    assert world.told().count("request_answered") == 2


async def test_wrong_answers_are_refused_before_they_are_history(dev_client: Client, world: World) -> None:
    async with world.workers(dev_client):
        filing = await start(dev_client, world, PLAN, office_clock(seconds_per_day=0.01))
        await world.until_told("request_made", 2)
        refused = await filing.act(AnswerRequest, CLIENT, request=FORM, values={"postcode": "geheim"})
        history = await dev_client.get_workflow_handle(filing.id).fetch_history()
    assert isinstance(refused, Refusal)
    assert refused.code == "invalid_answers"
    assert "geheim" not in refused.text
    assert not [
        e for e in history.events if e.HasField("workflow_execution_update_accepted_event_attributes")
    ]
