from datetime import timedelta

from temporalio.testing import WorkflowEnvironment

from kantoor.filing.events import Attach, Check, Complete, Decide
from tests.filing.driver import ACCOUNTANT, ADMIN, CLIENT, shown
from tests.filing.plans import VAT

from .world import World, office_clock, start


async def test_a_whole_filing_runs_by_acts_and_timers_to_its_end(
    env: WorkflowEnvironment, world: World
) -> None:
    clock = office_clock(await env.get_current_time())
    async with world.workers(env.client):
        filing = await start(env.client, world, VAT, clock)
        await world.until_told("started")
        await env.sleep(timedelta(days=32, hours=1))
        await filing.must(Check, ADMIN, phase="verzamelen", checkpoint="bank_compleet")
        await filing.must(Complete, ADMIN, phase="verzamelen")
        await filing.must(Attach, ADMIN, shown=shown())
        await filing.must(Complete, ADMIN, phase="opstellen")
        await filing.must(Complete, ACCOUNTANT, phase="controle", documents=(shown(),))
        await world.until_told("message_sent", 2)
        await filing.must(Decide, CLIENT, phase="aanbieden", answer="approve", documents=(shown(),))
        await world.until_told("delivered")
        await env.sleep(timedelta(days=32))
        await world.until_told("accepted")
        await filing.must(Complete, ADMIN, phase="afronden")
        await world.until_told("filing_ended")
    told = world.told()
    assert told[0] == "started"
    assert told.count("phase_completed") == 6
    assert told[-1] == "filing_ended"
    assert [step.sequence for step in world.steps] == list(range(1, len(world.steps) + 1))
