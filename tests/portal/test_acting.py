"""Acts that many people do at once, and acts that nobody answers: each happens once, and reading goes on."""

import asyncio
import dataclasses
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx2
import psutil
import pytest

from kantoor.office.database.engine import MOST_CONNECTIONS
from kantoor.portal import app as pages_app
from kantoor.portal.acting import Acting, NoAnswerError
from kantoor.portal.threads import ACTING, CHECKING, READING
from kantoor.service.desk import Desk
from tests.portal.test_client_requests import ANSWERS, FORM, asked, until
from tests.portal.visitors import Browser, Pages
from tests.service.town import Town

PEOPLE = 25


@pytest.fixture
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have nobody wait much longer than for the answer itself."""
    monkeypatch.setattr(pages_app, "FOR_THE_REST", timedelta(seconds=2))


def serve(pages: Pages, **temporal: object) -> Pages:
    """Serve the same office with other settings of Temporal."""
    changed = pages.settings.temporal.model_copy(update={"answer_seconds": 1, **temporal})
    settings = pages.settings.model_copy(update={"temporal": changed})
    return Pages(Desk(dataclasses.replace(pages.desk.equipment, settings=settings)))


@contextmanager
def nobody_works(pages: Pages) -> Iterator[None]:
    """Have the office's worker do nothing until the block ends."""
    home = str(pages.settings.home)
    workers = (one for one in psutil.Process().children(recursive=True) if one.cmdline()[-1] == "worker")
    (worker,) = (one for one in workers if one.environ()["KANTOOR_HOME"] == home)
    os.kill(worker.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(worker.pid, signal.SIGCONT)


async def write_notes(pages: Pages, path: str, browser: Browser, *, looks: bool = False) -> list[int]:
    """Have many people write a note at once, each under an id of their own; return what they are answered.

    `looks`: somebody reads, searches, mends, and comes in meanwhile, and is answered before any of them.
    """
    headers = {"Origin": pages.settings.base_url}
    transport, address = httpx2.ASGITransport(pages.app), pages.settings.base_url
    cookies = dict(browser.http.cookies)
    async with httpx2.AsyncClient(transport=transport, base_url=address, cookies=cookies) as many:
        forms = [
            {"doen": "notitie", "tekst": f"Notitie {number:02}.", "act": f"{number:032x}"}
            for number in range(PEOPLE)
        ]
        acts = [asyncio.create_task(many.post(path, data=form, headers=headers)) for form in forms]
        if looks:
            page = await many.get(path)
            assert page.status_code == 200
            sheet = f"/relaties/{path.split('/')[3]}/contactpersonen/bekende"
            for other, status in {"/zoek": 303, sheet: 303, "/in": 422}.items():
                assert (await many.post(other, data={"q": "x"}, headers=headers)).status_code == status
            assert (await many.get("/gezond")).status_code == 200
            assert not any(act.done() for act in acts)
        return [answer.status_code for answer in await asyncio.gather(*acts)]


def test_a_database_has_as_many_connections_as_pages_have_threads() -> None:
    assert READING + ACTING + CHECKING <= MOST_CONNECTIONS


def test_while_the_server_hangs_all_else_goes_on_and_what_is_repeated_happens_once(
    pages: Pages, town: Town, patience: None
) -> None:
    filing = town.begun()
    path = f"/opdrachten/{filing.name}"
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:  # whoever connects hears nothing
        lost = serve(pages, address="{}:{}".format(*silent.getsockname()))
        assert set(asyncio.run(write_notes(lost, path, lost.client_of("sanne"), looks=True))) == {503}
    browser = pages.client_of("sanne")
    for _ in range(2):
        assert asyncio.run(write_notes(pages, path, browser)) == [303] * PEOPLE
    filing.until(lambda found: found.recorded > PEOPLE)
    page = browser.open(path)
    assert [page.text.count(f"Notitie {number:02}.") for number in range(PEOPLE)] == [1] * PEOPLE


def test_what_a_client_sends_while_nobody_works_is_told_in_time_and_happens_once(
    pages: Pages, town: Town
) -> None:
    filing, browser, path = asked(pages, town)
    check = browser.open(f"{path}/{FORM}").press("Verder", ANSWERS)
    hurried = serve(pages)
    waiting = Browser(hurried.app, hurried.settings)
    waiting.http.cookies.update(browser.http.cookies)
    with nobody_works(pages):
        told = waiting.send(f"{path}/{FORM}/controle", check.fields("Versturen"))
        assert told.status == 503
        assert "niet bekend of dit is aangekomen" in told.heading
    again = told.fields("Herhaal")
    assert dict(again)["v-kenteken"] == "XX-123-Y"
    for _ in range(2):
        assert browser.send(f"{path}/{FORM}/controle", again).word.startswith("Uw antwoorden zijn verstuurd")
    until(filing, "auto-van-de-zaak", "received")
    page = browser.open(path.rpartition("/")[0])
    assert page.words.count("Ontvangen van u: De auto van de zaak") == 1


def test_an_act_is_waited_for_so_long_and_then_cut_off() -> None:
    acting, stopped = Acting(timedelta(seconds=0.01)), []

    async def hang() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            stopped.append(True)

    async def time_out() -> None:
        raise TimeoutError("its own")

    with pytest.raises(NoAnswerError):
        acting.run(hang())
    with pytest.raises(TimeoutError, match="its own"):
        acting.run(time_out())
    acting.close()
    assert stopped == [True]
