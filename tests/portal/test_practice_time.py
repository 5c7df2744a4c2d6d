"""A manager of a practice office lets its clock run; in an office of real time there is no such page."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from kantoor.clock import PracticeClock
from kantoor.local.environment import settings_environment
from kantoor.office.filings.recurrences import Recurrence, save_recurrence
from kantoor.office.office_clock import clock_of
from kantoor.runtime.client import AT_ONCE
from kantoor.service.desk import Desk
from kantoor.service.upkeep import practice_time
from kantoor.service.upkeep.practice_time import let_time_run
from kantoor.service.visiting.managing import give_management
from tests.portal.visitors import Pages, open_pages
from tests.service.town import TODAY, Town, furnish, running_town

KLOK = "/beheer/systeem/klok"
REFUSED = {"": "geen bestaande datum", "2026-02-01": "kan niet terug", "2030-01-01": "een jaar"}


def stops_at(pages: Pages) -> datetime:
    """Return where the office's clock is to stop."""
    clock = pages.desk.read(clock_of)
    assert isinstance(clock, PracticeClock)
    return clock.until


def plan_where_nobody_works(pages: Pages, town: Town) -> int:
    """Plan starts that hear of nothing, more than one form waits for; return how many live by the clock."""
    relation = town.relation()
    planned = [
        Recurrence(
            relation=relation,
            template="btw-aangifte",
            sub_number=f"B{number:02}",
            product="aangifte-btw",
            next_period="2026-12",
            next_start=date(2027, 1, 1),
        )
        for number in range(1, 2 * AT_ONCE + 2)
    ]
    with pages.desk.equipment.database.write() as connection:
        for one in planned:
            save_recurrence(connection, one)

    async def begin(desk: Desk) -> None:
        client = await desk.client()
        begun = (
            client.start_workflow("Recurrence", id=one.workflow_id, task_queue="nobody") for one in planned
        )
        await asyncio.gather(*begun)

    town.play(begin)
    return len(planned)


async def move_twice_at_once(desk: Desk) -> int:
    """Move the clock twice at the same moment; return how many clocks are still told of."""
    moves = (let_time_run(desk, date(2026, 2, day)) for day in (9, 10))
    assert await asyncio.gather(*moves) == [None, None]
    names = [getattr(one.get_coro(), "__name__", "") for one in asyncio.all_tasks()]
    return names.count("_tell")


def test_a_manager_lets_the_clock_of_a_practice_office_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running_town(tmp_path) as town, open_pages(town.settings) as pages:
        for name, value in settings_environment(town.settings).items():
            monkeypatch.setenv(name, value)
        furnish(town)
        give_management(pages.desk, "marieke")
        manager = pages.client_of("marieke")
        page = manager.open("/beheer/systeem")
        assert "/beheer/systeem#klok" in page.links
        for wrong, said in REFUSED.items():
            refused = manager.send(KLOK, {"tot": wrong})
            assert refused.status == 422
            assert refused.tree.xpath("//div[@class='problem']//a[@href='#day']")
            assert refused.tree.xpath("//input[@id='day'][@aria-invalid='true']")
            assert said in refused.tree.xpath("//p[@id='day-fout']")[0].text_content()
        again = manager.open(KLOK)
        assert (again.status, again.path, again.heading) == (200, "/beheer/systeem", "Systeem")
        assert stops_at(pages).date() == TODAY
        moved = page.press("Tot en met 3 februari 2026")
        assert moved.word == "De klok loopt tot en met 3 februari 2026."
        assert stops_at(pages) == datetime(2026, 2, 3, 18)
        assert manager.send(KLOK, {"tot": "2026-02-05"}).word == "De klok loopt tot en met 5 februari 2026."
        assert stops_at(pages) == datetime(2026, 2, 5, 18)
        told = plan_where_nobody_works(pages, town)
        moved = manager.send(KLOK, {"tot": "2026-02-06"})
        assert moved.word == "De klok loopt tot en met 6 februari 2026."
        assert f"De klok is verzet. 0 van {told} opdrachten en herhalingen hebben het gehoord" in moved.words
        assert stops_at(pages) == datetime(2026, 2, 6, 18)
        assert town.play(move_twice_at_once) == 1
        assert pages.client_of("tom").send(KLOK, {"tot": "2026-02-19"}).status == 404
        assert stops_at(pages) in (datetime(2026, 2, 9, 18), datetime(2026, 2, 10, 18))


async def test_what_did_not_hear_of_the_clock_is_told_again_until_it_has(
    quiet_practice: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody answers at first, then the server refuses, then one is reached, and then the other."""
    ids = ("filing/one", "filing/other")
    answers = iter([RPCError("no", RPCStatusCode.PERMISSION_DENIED, b""), ids[1:], ()])
    told: list[tuple[str, ...]] = []

    async def move(_client: object, all: tuple[str, ...], *_: object, **_more: object) -> tuple[str, ...]:
        return all

    async def signal(_client: object, left: tuple[str, ...], *_: object) -> tuple[str, ...]:
        told.append(left)
        answer = next(answers)
        if isinstance(answer, RPCError):
            raise answer
        return answer

    desk = quiet_practice.desk
    until = desk.now() + timedelta(days=1)
    monkeypatch.setattr(practice_time, "AGAIN_SECONDS", 0)
    monkeypatch.setattr("kantoor.runtime.client.move_clock", move)
    monkeypatch.setattr("kantoor.runtime.client.reanchor", signal)
    monkeypatch.setattr("kantoor.runtime.practice_clock.write_moved", lambda *_: (desk.read(clock_of), ids))
    mover = Desk(desk.equipment, cast(Client, object()))
    assert await let_time_run(mover, until.date()) is None
    assert mover.telling is not None
    assert mover.telling.task is not None
    await mover.telling.task
    assert told == [ids, ids, ids[1:]]
    assert (mover.telling.told, mover.telling.runs) == (2, False)


def test_an_office_of_real_time_has_no_such_page(quiet_practice: Pages) -> None:
    give_management(quiet_practice.desk, "marieke")
    manager = quiet_practice.client_of("marieke")
    assert manager.send(KLOK, {"tot": "2026-02-09"}).status == 404
    assert "Laat de tijd lopen" not in manager.open("/beheer/systeem").words
