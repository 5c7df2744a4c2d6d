"""What the office knows of a filing that was moved, and how it goes on when something was lost."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from temporalio.client import Client

from kantoor.data import canonical, digest_of, replace
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Complete
from kantoor.filing.state import State
from kantoor.office.alarms import all_alarms
from kantoor.office.database.tables import plans
from kantoor.office.filings.filing import find_filing
from kantoor.office.filings.records import read_events
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.plans import UnknownPlanError, compare_published, require_plan
from kantoor.office.visits.managers import make_manager
from kantoor.plan import Checkpoint, FilingAwaited, Plan, digest, load_plan, plan_bytes
from kantoor.runtime.catching_up import CatchingUp
from kantoor.runtime.client import filing_state
from kantoor.runtime.missing import list_running
from kantoor.runtime.rebuilding import rebuild
from kantoor.service.desk import Desk
from kantoor.service.filings.move_verdicts import MoveWish
from kantoor.service.filings.moving import Carried, move_filing, preview_move
from kantoor.service.filings.sending import Done
from kantoor.service.overviews.reading import filing_page
from kantoor.service.results import Refusal
from kantoor.service.reviewing.scenarios import make_scenario
from kantoor.service.upkeep.reviving import Revived, revive
from tests.filing.driver import ADMIN

from .office import make_office
from .running import CLOSE, DO, Running, plan_of, publish_in, run_office, waiting
from .world import office_clock

OLD = plan_of("suppletie", DO, CLOSE)
NEW = replace(
    OLD,
    title="Suppletie, nieuw",
    phases=(replace(DO, checkpoints=(Checkpoint(id="nagekeken", title="Nagekeken", required=True),)), CLOSE),
)

RETURN = plan_of("aangifte-ib", DO, CLOSE)
WAITS = plan_of("jaarrekening", waiting(FilingAwaited(template="aangifte-ib")), CLOSE)
WAITS_OTHERWISE = plan_of(
    "jaarrekening",
    waiting(FilingAwaited(template="aangifte-ib", phase="afronden")),
    replace(CLOSE, checkpoints=(Checkpoint(id="nagekeken", title="Nagekeken", required=True),)),
)


@pytest.fixture
async def running(tmp_path: Path, dev_client: Client) -> AsyncIterator[Running]:
    """An office with Carla as its manager, and both plans published, the newer one active."""
    async with run_office(tmp_path / "home", dev_client) as running:
        running.publish(OLD)
        with running.office.database.write() as connection:
            make_manager(connection, "carla", datetime.now(UTC))
        yield running


async def move_shown(desk: Desk, filing: str, wish: MoveWish, id: str | None = None) -> Carried:
    shown = preview_move(desk, filing, wish)
    assert not isinstance(shown, Refusal)
    return await move_filing(desk, "carla", filing, wish, shown.mark, id)


async def moved(running: Running) -> tuple[Desk, str]:
    """Start a filing, publish the newer plan, move the filing to it, and wait until that is recorded."""
    desk, filing = Desk(running.office.equipment, running.client), await running.start("suppletie")
    await running.until_in(filing, "doen")
    running.publish(NEW)
    carried = await move_shown(desk, filing, MoveWish(reason="Nieuwe werkwijze"), "m1")
    assert isinstance(carried.outcome, Done), carried
    assert carried.effects == (
        "Het verplichte controlepunt 'Nagekeken' in de fase 'Doen' is nieuw en staat open.",
    )
    await running.until(lambda: (row := running.row(filing)) is not None and row.plan == digest(NEW))
    return desk, filing


def rebuilt(desk: Desk, filing: str) -> list[str]:
    """Return the digests of the states that the recorded events lead to."""

    def ask(connection: Any) -> list[str]:
        events = read_events(connection, filing, desk.equipment.document_ring.open_sealed)
        found = rebuild(digest(NEW), events, lambda name: require_plan(connection, name))
        return [state_digest(NEW, one.state) for one in found]

    return desk.read(ask)


async def test_the_office_knows_the_plan_of_a_moved_filing_who_moved_it_and_why(running: Running) -> None:
    desk, filing = await moved(running)
    row = running.row(filing)
    assert row is not None
    assert (row.plan, row.title) == (digest(NEW), "Suppletie, nieuw")
    lines = desk.read(lambda c: timeline_of(c, filing, desk.equipment.document_ring.open_sealed))
    told = [(line.who, line.text) for line in lines if line.what == "moved"]
    ((who, text),) = told
    assert who == "Carla Blauw"
    # When each was published and by whom: no digest, which nobody reads.
    named = r"het plan van \d+ [a-z]+ \d{4} \d\d:\d\d( door [^:]+)?( \(revisie \w+\))?"
    said = rf"Verplaatst naar een ander plan: van {named} naar {named}: Nieuwe werkwijze"
    assert re.fullmatch(said, text), text
    assert rebuilt(desk, filing)[-1] == row.state_digest
    assert desk.read(all_alarms) == ()
    scenario = make_scenario(desk, filing)
    assert isinstance(scenario, Refusal)
    again = await move_filing(desk, "carla", filing, MoveWish(reason="Nieuwe werkwijze"), "", "m1")
    assert isinstance(again.outcome, Done)
    assert again.outcome.repeated
    assert running.told(filing).count("moved") == 1
    back = await move_shown(desk, filing, MoveWish(to=digest(OLD)))
    assert isinstance(back.outcome, Done), back
    await running.do(filing, Complete, ADMIN, phase="doen")
    await running.until_in(filing, "afronden")


async def test_only_who_has_the_right_beheer_moves_and_only_to_a_plan_of_the_template(
    running: Running,
) -> None:
    desk, filing = Desk(running.office.equipment, running.client), await running.start("suppletie")
    await running.until_in(filing, "doen")
    running.publish(NEW)
    outcomes = [
        (await move_filing(desk, who, filing, MoveWish(to=to), "")).outcome
        for who, to in (("anna", "active"), ("c-jansen", "active"), ("carla", "f00"), ("carla", digest(OLD)))
    ]
    codes = [one.code for one in outcomes if isinstance(one, Refusal)]
    assert codes == ["not_manager", "unknown_person", "unknown_plan", "move_stays"]
    shown = preview_move(desk, filing, MoveWish())
    assert not isinstance(shown, Refusal)
    assert (shown.verdict, shown.from_plan, shown.to_plan) == ("moves", digest(OLD), digest(NEW))
    assert running.told(filing).count("moved") == 0


async def test_a_moved_filing_that_the_server_lost_is_revived_on_its_plan(running: Running) -> None:
    desk, filing = await moved(running)
    await running.client.get_workflow_handle(filing).terminate("lost")
    async with asyncio.timeout(60):
        while filing in await list_running(running.client):
            await asyncio.sleep(0.05)
    told: list[Revived] = []
    await revive(desk, told.append)
    assert [(line.result, line.unrecorded) for line in told] == [("revived", ())]
    refused = await running.try_to(filing, Complete, ADMIN, phase="doen")
    assert isinstance(refused, Refusal)
    state = await filing_state(running.client, filing)
    assert isinstance(state, State)
    row = running.row(filing)
    assert row is not None
    assert state_digest(NEW, state) == row.state_digest


async def test_an_office_that_lacks_a_moved_filing_gets_it_from_the_filings_own_history(
    running: Running, tmp_path: Path
) -> None:
    _, filing = await moved(running)
    second = make_office(tmp_path / "second", office_clock())
    publish_in(second, OLD)
    catching_up = CatchingUp(second.equipment, running.client)
    with pytest.raises(UnknownPlanError):
        await catching_up.restore_row(filing)
    lines: list[Revived] = []
    await revive(Desk(second.equipment, running.client), lines.append)
    text = "a plan that it was moved to is not in this database: publish the same definitions again"
    assert [one for one in lines if one.workflow_id == filing] == [
        Revived(workflow_id=filing, result="failed", text=text)
    ]
    publish_in(second, NEW)
    await catching_up.catch_up(filing)
    with second.database.read() as connection:
        row, known = find_filing(connection, filing), [one.kind for one in all_alarms(connection)]
        told = [line.what for line in timeline_of(connection, filing)]
    second.equipment.close()
    ours = running.row(filing)
    assert row is not None
    assert ours is not None
    assert (row.plan, row.title, row.state_digest) == (digest(NEW), NEW.title, ours.state_digest)
    assert (told.count("moved"), known) == (1, ["plan_missing"])


async def test_a_move_that_waits_is_shown_survives_a_lost_workflow_and_is_carried_out(
    running: Running,
) -> None:
    running.publish(RETURN, WAITS)
    desk = Desk(running.office.equipment, running.client)
    other, filing = await running.start("aangifte-ib"), await running.start("jaarrekening")
    await running.until_in(filing, "wachten")
    await running.until_in(other, "doen")
    running.publish(RETURN, WAITS_OTHERWISE)
    later = preview_move(desk, filing, MoveWish())
    shown = preview_move(desk, filing, MoveWish(), when_safe=True)
    assert not isinstance(later, Refusal)
    assert not isinstance(shown, Refusal)
    assert (later.verdict, later.mark, shown.verdict) == ("later", "", "later")
    wish = MoveWish(reason="Nieuwe werkwijze")
    asked = await move_filing(desk, "carla", filing, wish, shown.mark, "m1", when_safe=True)
    assert isinstance(asked.outcome, Done), asked
    await running.until(lambda: "move_asked" in running.told(filing))
    page = filing_page(desk, filing)
    assert not isinstance(page, Refusal)
    assert page.view
    assert page.view.moving
    assert (page.view.moving.by, page.view.moving.reason) == ("carla", "Nieuwe werkwijze")
    assert page.move_waits == tuple(one.text for one in shown.reasons)
    row = running.row(filing)
    assert row is not None
    assert row.view is not None
    assert row.view["moving"]["reason"] == ""
    await running.client.get_workflow_handle(filing).terminate("lost")
    async with asyncio.timeout(60):
        while filing in await list_running(running.client):
            await asyncio.sleep(0.05)
    told: list[Revived] = []
    await revive(desk, told.append)
    assert [line.result for line in told] == ["revived"]
    await running.do(other, Complete, ADMIN, phase="doen")
    await running.do(other, Complete, ADMIN, phase="afronden")
    await running.until(
        lambda: (row := running.row(filing)) is not None and row.plan == digest(WAITS_OTHERWISE)
    )
    assert [one for one in running.told(filing) if one.startswith("move")] == ["move_asked", "moved"]
    lines = desk.read(lambda c: timeline_of(c, filing, desk.equipment.document_ring.open_sealed))
    (said,) = [(line.who, line.text) for line in lines if line.what == "moved"]
    assert said[0] == "Carla Blauw"
    assert ", zoals op 31 december 2025 is gevraagd: Nieuwe werkwijze" in said[1]
    assert desk.read(all_alarms) == ()
    again = await move_filing(desk, "carla", filing, wish, shown.mark, "m1", when_safe=True)
    assert isinstance(again.outcome, Done)
    assert again.outcome.repeated


def spell_out(running: Running, plan: Plan) -> str:
    """Have a published plan be stored with a default in its bytes; return the name that it has by those."""
    plain = msgspec.json.decode(plan_bytes(plan))
    plain["phases"][0]["was"] = []
    text = canonical(plain)
    name = digest_of(text)
    with running.office.database.write() as connection:
        row = plans.c.digest == digest(plan)
        connection.execute(plans.update().where(row).values(digest=name, json=text.decode()))
    assert load_plan(text.decode()) == plan
    assert name != digest(plan)
    return name


async def test_a_plan_that_kantoor_would_write_otherwise_today_keeps_the_name_of_its_stored_bytes(
    running: Running,
) -> None:
    """It is started on, reviewed, moved from and to, and found again by that name alone."""
    old = spell_out(running, OLD)
    desk, filing = Desk(running.office.equipment, running.client), await running.start("suppletie")
    await running.until_in(filing, "doen")
    assert (row := running.row(filing))
    assert row.plan == old
    running.publish(NEW)
    new = spell_out(running, NEW)
    again = desk.read(lambda connection: compare_published(connection, [NEW]))
    assert [(one.change, one.digest) for one in again] == [("changed", digest(NEW))]
    shown = preview_move(desk, filing, MoveWish())
    assert not isinstance(shown, Refusal)
    assert (shown.verdict, shown.from_plan, shown.to_plan) == ("moves", old, new)
    carried = await move_filing(desk, "carla", filing, MoveWish(), shown.mark)
    assert isinstance(carried.outcome, Done), carried
    await running.until(lambda: (row := running.row(filing)) is not None and row.plan == new)

    def rebuild_by_name(connection: Any) -> str:
        events = read_events(connection, filing, desk.equipment.document_ring.open_sealed)
        *_, last = rebuild(new, events, lambda name: require_plan(connection, name))
        return state_digest(NEW, last.state)

    assert (row := running.row(filing))
    assert desk.read(rebuild_by_name) == row.state_digest
    assert desk.read(all_alarms) == ()
