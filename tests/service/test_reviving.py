"""Open work that the Temporal server lost goes on from what was recorded, and nothing is done twice."""

import asyncio

import pytest
from sqlalchemy import Connection
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest

from kantoor.filing.digests import state_digest
from kantoor.filing.events import SYSTEM
from kantoor.filing.state import State
from kantoor.local.doctor.temporal import check_running
from kantoor.office.filings.deliveries import deliveries_of
from kantoor.office.filings.filing import find_filing
from kantoor.office.filings.recurrences import list_recurrences
from kantoor.office.plans import plan_by_digest
from kantoor.recurrence import recurrence_id
from kantoor.runtime.client import filing_state
from kantoor.runtime.missing import Missing, find_why_missing, list_running
from kantoor.runtime.preparing import StartRequest
from kantoor.runtime.starter import Starter, Written
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Done, NotRunning
from kantoor.service.filings.states import read_state_of
from kantoor.service.results import Refusal
from kantoor.service.upkeep.reviving import Revived, revive

from .town import MAKE, REVIEW, TODAY, Return, Town


def lose(town: Town, workflow_id: str, *, forget: bool) -> None:
    """End a workflow behind its filing's back, and let the server forget it."""

    async def scene(desk: Desk) -> None:
        client = await desk.client()
        await client.get_workflow_handle(workflow_id).terminate("lost")
        async with asyncio.timeout(60):
            while workflow_id in await list_running(client):
                await asyncio.sleep(0.1)
        if not forget:
            return
        execution = WorkflowExecution(workflow_id=workflow_id)
        await client.workflow_service.delete_workflow_execution(
            DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
        )
        async with asyncio.timeout(60):
            while await find_why_missing(client, workflow_id) is not Missing.UNKNOWN:
                await asyncio.sleep(0.1)

    if workflow_id.startswith("filing/"):
        until_settled(town, workflow_id)
    town.play(scene)


def until_recurring(town: Town, relation: str, period: str) -> None:
    """Wait until a relation's recurrence has this period as its next."""

    async def scene(desk: Desk) -> None:
        async with asyncio.timeout(90):
            while desk.read(lambda c: list_recurrences(c, numbers=[relation]))[0].next_period != period:
                await asyncio.sleep(0.05)

    town.play(scene)


def revived(town: Town, workflow_id: str) -> list[Revived]:
    """Revive what is missing; return the result for one workflow."""
    told: list[Revived] = []
    town.play(lambda desk: revive(desk, told.append))
    return [line for line in told if line.workflow_id == workflow_id]


def examined(town: Town, workflow_id: str) -> list[str]:
    """Return what the doctor says about one workflow."""

    async def scene(desk: Desk) -> list[str]:
        found = await check_running(desk.settings, desk.equipment.database, desk.equipment.ring)
        return [f"{one.text}; {one.mend}" for one in found if workflow_id in one.text]

    return town.play(scene)


def until_settled(town: Town, workflow_id: str) -> None:
    """Wait until a filing has nothing on its way, by what is recorded: what runs is not to be asked."""

    async def scene(desk: Desk) -> None:
        def is_settled(connection: Connection) -> bool:
            row = find_filing(connection, workflow_id)
            known = row and read_state_of(connection, desk, row)
            return known is not None and not known[1].journal.in_flight

        async with asyncio.timeout(90):
            while not desk.read(is_settled):
                await asyncio.sleep(0.05)

    town.play(scene)


def digests(town: Town, workflow_id: str) -> tuple[str, str]:
    """Return the digest of a filing's own state, and the one that the office recorded."""

    async def scene(desk: Desk) -> tuple[str, str]:
        state = await filing_state(await desk.client(), workflow_id)
        assert isinstance(state, State), state
        with desk.equipment.database.read() as connection:
            row = find_filing(connection, workflow_id)
            assert row is not None
            published = plan_by_digest(connection, row.plan)
        assert published is not None
        return state_digest(published.plan, state), row.state_digest

    return town.play(scene)


def statuses(town: Town, workflow_id: str) -> list[str]:
    """Return how the deliveries of a filing stand."""

    async def scene(desk: Desk) -> list[str]:
        found = desk.read(lambda connection: deliveries_of(connection, workflow_id))
        return [delivery.status for delivery in found]

    return town.play(scene)


@pytest.mark.parametrize("forget", [False, True], ids=["terminated", "forgotten"])
def test_a_filing_that_the_server_lost_is_told_revived_to_its_state_and_goes_on_to_its_end(
    lonely_town: Town, forget: bool
) -> None:
    filing = lonely_town.begun().to("opstellen")
    id, step = filing.now().id, filing.now().recorded
    lose(lonely_town, id, forget=forget)
    why = (Missing.UNKNOWN if forget else Missing.CLOSED).value
    told = f"{id} is open and does not run: {why}; kantoor doctor --revive starts it again"
    assert examined(lonely_town, id) == [f"{told} from what was recorded"]
    assert revived(lonely_town, id) == [
        Revived(workflow_id=id, result="revived", text=f"goes on from step {step}")
    ]
    own, recorded = digests(lonely_town, id)
    assert own == recorded
    assert examined(lonely_town, id) == []
    assert revived(lonely_town, id) == []
    filing.attach()
    filing.tick("sanne", *MAKE)
    filing.tick("tom", *REVIEW)
    filing.until_offer("waiting")
    filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
    filing.until_in("afronden")
    assert statuses(lonely_town, id) == ["accepted"]


def test_what_was_on_its_way_when_a_filing_was_lost_is_not_done_twice(lonely_town: Town) -> None:
    filing = lonely_town.begun().to("aanbieden")
    id, sent = filing.now().id, len(lonely_town.mail(filing.relation))
    lose(lonely_town, id, forget=False)
    assert [line.result for line in revived(lonely_town, id)] == ["revived"]
    filing.acts(filing.client, lambda acts: acts.decide(filing.name, "approve"))
    filing.until_in("afronden")
    subjects = [one.subject for one in lonely_town.mail(filing.relation)]
    assert len(subjects) == len({*subjects}) >= sent


def test_an_act_that_was_taken_before_its_filing_was_lost_is_known_after_it_was_revived(
    lonely_town: Town,
) -> None:
    filing = lonely_town.begun()
    id = filing.now().id
    first = filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), id="bel")
    lose(lonely_town, id, forget=False)
    assert [line.result for line in revived(lonely_town, id)] == ["revived"]
    again = filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), id="bel")
    assert not isinstance(again, Refusal)
    assert (again.sequence, again.repeated) == (first.sequence, True)


def test_an_act_that_is_not_in_the_record_is_told_when_its_filing_is_revived_and_taken_once_when_repeated(
    lonely_town: Town,
) -> None:
    filing = lonely_town.begun()
    id = filing.now().id
    lose(lonely_town, id, forget=True)
    step = filing.now().recorded
    note = filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), id="bel")
    assert isinstance(note, NotRunning)
    (line,) = revived(lonely_town, id)
    assert line.unrecorded == ("bel",)
    assert line.text == (
        f"goes on from step {step}; sent to it and not recorded, so that whoever sent it looks and repeats "
        "it: note by sanne"
    )
    told = [filing.act("sanne", lambda acts: acts.note(filing.name, "Gebeld"), id="bel") for _ in range(2)]
    assert [(one.sequence, one.repeated) for one in told if isinstance(one, Done)] == [
        (step + 1, False),
        (step + 1, True),
    ]


def test_a_recurrence_that_the_server_lost_goes_on_with_its_next_period(lonely_town: Town) -> None:
    relation = lonely_town.relation()
    lonely_town.start(relation, recurring=True)
    id = recurrence_id("btw-aangifte", relation)
    until_recurring(lonely_town, relation, "2026-03")  # February begins at once
    lose(lonely_town, id, forget=False)
    assert examined(lonely_town, id)
    (line,) = revived(lonely_town, id)
    assert (line.result, line.text.split(",")[0]) == ("revived", "goes on with 2026-03")
    assert examined(lonely_town, id) == []


def test_a_filing_that_was_planned_and_never_began_is_begun(lonely_town: Town) -> None:
    relation = lonely_town.relation()

    async def plan(desk: Desk) -> str:
        starter = Starter(desk.equipment, await desk.client())
        wanted = StartRequest(
            template="btw-aangifte", relation=relation, period="2026-01", start_date=TODAY, by=SYSTEM
        )
        (written,) = await starter.write([wanted])
        assert isinstance(written, Written)
        return wanted.key.workflow_id

    id = lonely_town.play(plan)
    assert "kantoor doctor --revive begins it" in examined(lonely_town, id)[0]
    (line,) = revived(lonely_town, id)
    assert (line.result, line.text) == ("revived", "begins: it was planned and never began")
    filing = Return(lonely_town, f"btw-aangifte/{relation}/2026-01")
    filing.until_in("verzamelen")
    assert revived(lonely_town, id) == []
