"""The hand-written return on a real server: what it acknowledged survives continue-as-new."""

import asyncio
from datetime import UTC, datetime

from temporalio import activity

from bench.bare_inputs import QUEUE, BareInput, BareRecord
from bench.bare_return import BareReturn
from bench.bare_worker import make_workers
from kantoor.clock import PracticeClock
from kantoor.filing.events import Attach, Check, Complete, Decide, Note
from kantoor.filing.outcome import Refusal
from kantoor.filing.state import Origin
from kantoor.keys.ring import KeyRing
from kantoor.runtime.client import act
from kantoor.runtime.codec import data_converter
from kantoor.runtime.inputs import ActAnswer
from tests.filing.driver import ACCOUNTANT, ADMIN, CLIENT, MANAGER, shown
from tests.filing.plans import VAT
from tests.runtime.world import TIMING, World, dev_server, started

NOON = datetime(2026, 2, 3, 12)
NOTES = 25
WORK = {
    "verzamelen": (ADMIN, "verkoop_compleet"),
    "opstellen": (ADMIN, "bank_aangesloten"),
    "controle": (ACCOUNTANT, "grootboek"),
    "afronden": (ADMIN, "ontvangstbevestiging"),
}


class BareWorld(World):
    """A world that keeps what the hand-written return records."""

    def activities(self):
        @activity.defn(name="record")
        def record(input: BareRecord) -> None:
            self.records.append(input)
            self.loop.call_soon_threadsafe(self.news.set)

        return super().activities()[0], [record]

    def told(self):
        return [what for step in self.steps for what, _, _ in step.entries]


def start_input():
    """A return over January on a clock that stands still in February."""
    start = started(VAT)
    facts = {name: getattr(start, name) for name in Origin.__struct_fields__}
    clock = PracticeClock(
        real_anchor=datetime.now(UTC), office_anchor=NOON, seconds_per_day=86400, until=NOON
    )
    return start.filing.workflow_id, BareInput(origin=Origin(**facts), clock=clock, timing=TIMING)


async def test_a_return_is_filed_across_runs_and_no_act_is_lost_or_doubled(tmp_path):
    ring, world = KeyRing.open(tmp_path / "keys", may_make=True), BareWorld()
    setting = "limit.historyCount.suggestContinueAsNew=30"
    async with dev_server(data_converter(ring), "--dynamic-config-value", setting) as client:
        main, records = make_workers(client, *world.activities())
        async with main, records:
            id, input = start_input()
            handle = await client.start_workflow(BareReturn.run, input, id=id, task_queue=QUEUE)
            first = handle.first_execution_run_id
            taken = []

            async def must(kind, by, name, **facts):
                answer = await act(client, id, kind(at=NOON, id=name, by=by, **facts))
                assert isinstance(answer, ActAnswer), answer
                taken.append(answer.sequence)

            async def work(phase, **facts):
                by, point = WORK[phase]
                await must(Check, by, f"check-{phase}", phase=phase, checkpoint=point)
                await must(Complete, by, f"complete-{phase}", phase=phase, **facts)

            notes = [must(Note, MANAGER, f"note-{n}", text=f"Notitie {n}") for n in range(NOTES)]
            await asyncio.gather(*notes)
            await work("verzamelen")
            await must(Attach, ADMIN, "attach", shown=shown())
            await work("opstellen")
            refused = await act(
                client, id, Complete(at=NOON, id="early", by=ADMIN, phase="controle", documents=(shown(),))
            )
            assert isinstance(refused, Refusal)
            assert refused.code == "wrong_role"
            await work("controle", documents=(shown(),))
            await world.until(lambda: any(m.command.purpose == "offer" for m in world.sent))
            await world.until(lambda: world.told().count("message_sent") == 2)
            await must(Decide, CLIENT, "decide", phase="aanbieden", answer="approve", documents=(shown(),))
            await world.until_told("accepted")
            await work("afronden")
            await world.until_told("filing_ended")
            last = (await client.get_workflow_handle(id).describe()).run_id
    assert last != first
    assert len({*taken}) == len(taken) == NOTES + 10
    assert world.told().count("noted") == NOTES
    assert [step.sequence for step in world.steps] == list(range(1, len(world.steps) + 1))
    # A run that continues as new issues again what is on its way, under its number: the office sends it once.
    assert {(one.command.number, one.command.hash) for one in world.delivered} == {
        (world.delivered[0].command.number, shown().hash)
    }
