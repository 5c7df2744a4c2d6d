"""The inbox, letters that are recorded by hand, and corrections: as people do it, in an office that runs."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from kantoor.compiler import compile_definitions
from kantoor.compiler.examples import Example, lay_out
from kantoor.data import replace
from kantoor.filing.events import Complete
from kantoor.filing.outcome import Refusal
from kantoor.keys.ring import KeyRing
from kantoor.office.database.tables import notices
from kantoor.period import Period
from kantoor.plan import Plan
from kantoor.runtime.codec import data_converter
from kantoor.service.desk import Desk
from kantoor.service.filings.acts import Acts, Done
from kantoor.service.filings.inbox import Added, Letter, add
from kantoor.service.overviews import reading
from kantoor.service.starting.candidates import Line
from kantoor.service.starting.starting import start
from kantoor.service.starting.wishes import Selection, Wish
from tests.filing.driver import ADMIN
from tests.runtime.running import DO, Running, plan_of, run_office
from tests.runtime.world import dev_server

OBJECTION = """\
title: Bezwaar
products: [aangifte-btw]
period: by_product
created: { before: period.start, days: 1 }
start: by_hand
phases:
  - id: wachten
    title: Aanslag afwachten
    role: accountant
    wait:
      for: [{ notice: naheffingsaanslag }, { date: { after: period.end, months: 5 } }]
      chase:
        remind: { every_days: 30 }
        give_up: { after: period.end, months: 36, then: ends.vervallen }
  - id: afronden
    title: Afronden
    role: administratie
ends:
  - id: vervallen
    title: Geen aanslag gekomen
    planner: klaar
"""
CORRECTED = replace(plan_of("aangifte-ib", DO), corrected_by="suppletie")
CORRECTION = plan_of("suppletie", DO)


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    ring = KeyRing.open(tmp_path / "keys", may_make=True)
    async with dev_server(data_converter(ring)) as client, run_office(tmp_path / "home", client) as running:
        running.publish(compiled(tmp_path / "definitions"), CORRECTED, CORRECTION)
        yield running


def compiled(folder: Path) -> Plan:
    """Return the plan of the template that waits, among the definitions of the small office."""
    lay_out(Example(OBJECTION, "workflows/bezwaar.yaml", "whole"), folder)
    compilation = compile_definitions(folder)
    assert compilation.diagnostics == ()
    return compilation.plans["bezwaar"]


@pytest.fixture
def desk(running: Running) -> Desk:
    return Desk(running.office.equipment, running.client)


def letter(**facts: Any) -> Letter:
    return Letter(
        **{"relation": "1001", "kind": "naheffingsaanslag", "content": b"%PDF", "on": date(2025, 12, 30)}
        | facts
    )


async def added(desk: Desk, **facts: Any) -> Added:
    answer = await add(desk, "anna", letter(**facts))
    assert isinstance(answer, Added), answer
    return answer


async def refused(desk: Desk, who: str = "anna", **facts: Any) -> Refusal:
    answer = await add(desk, who, letter(**facts))
    assert isinstance(answer, Refusal), answer
    return answer


async def test_a_notice_wakes_the_one_filing_that_waits_and_is_kept_as_its_proof(
    running: Running, desk: Desk
) -> None:
    waits = await running.start("bezwaar")
    await running.until_in(waits, "wachten")
    notice = (await added(desk, reference="B.01")).notice
    assert (notice.filing, notice.taken) == ("bezwaar/1001/2026-01", True)
    await running.until_in(waits, "afronden")
    page = reading.filing_page(desk, "bezwaar/1001/2026-01")
    assert not isinstance(page, Refusal)
    (entry,) = (line for line in page.timeline if line.what == "notice_received")
    assert entry.text.startswith("Bericht 'naheffingsaanslag' van 30 december 2025 is ontvangen (bewijsstuk")
    assert "reference" not in entry.data
    with desk.equipment.database.read() as connection:
        (kept,) = connection.execute(select(notices.c.reference)).scalars()
    assert b"B.01" not in kept
    assert [one.reference for one in reading.inbox(desk)] == ["B.01"]
    assert desk.equipment.documents.get(str(entry.data["proof"])) == b"%PDF"
    assert [(one.kind, one.taken) for one in reading.inbox(desk)] == [("naheffingsaanslag", True)]
    assert reading.inbox(desk, open_only=True) == ()
    again = await added(desk)
    assert (again.again, again.notice.taken) == (True, True)
    assert running.told(waits).count("notice_received") == 1


async def test_a_notice_that_nothing_waits_for_is_kept_and_one_for_several_asks_which(
    running: Running, desk: Desk
) -> None:
    kept = (await added(desk)).notice
    assert (kept.filing, kept.taken) == (None, False)
    first, second = await running.start("bezwaar"), await running.start("bezwaar", "2026-02")
    await running.until_in(first, "wachten")
    await running.until_in(second, "wachten")
    answer = await refused(desk, content=b"other")
    assert answer.code == "several_filings"
    assert "bezwaar/1001/2026-01, bezwaar/1001/2026-02" in answer.text
    named = (await added(desk, content=b"other", filing="bezwaar/1001/2026-02")).notice
    assert (named.filing, named.taken) == ("bezwaar/1001/2026-02", True)


async def test_what_cannot_be_a_notice_is_refused_with_what_is_probably_meant(desk: Desk) -> None:
    unknown = await refused(desk, kind="naheffing_aanslag")
    assert (unknown.code, "naheffingsaanslag" in unknown.text) == ("unknown_notice", True)
    assert (await refused(desk, relation="1002")).code == "no_relation"
    assert (await refused(desk, content=b"")).code == "empty_document"
    assert (await refused(desk, on=date(2026, 2, 1))).code == "date_in_future"
    assert (await refused(desk, who="c-jansen")).code == "unknown_person"


async def test_a_letter_is_recorded_by_hand_by_the_role_of_the_phase(running: Running, desk: Desk) -> None:
    waits = await running.start("bezwaar")
    await running.until_in(waits, "wachten")
    name, said = "bezwaar/1001/2026-01", {"reason": "per post", "document": "a" * 64}
    day = date(2025, 12, 30)
    answer = await Acts(desk, "anna").notice(name, "naheffingsaanslag", day, **said)
    assert isinstance(answer, Refusal)
    assert (answer.code, "Bart Groen" in answer.text) == ("wrong_role", True)
    done = await Acts(desk, "bart").notice(name, "naheffingsaanslag", day, **said)
    assert isinstance(done, Done), done
    await running.until_in(waits, "afronden")


async def test_a_closed_filing_is_corrected_with_its_own_template_and_linked_both_ways(
    running: Running, desk: Desk
) -> None:
    first = await running.start("aangifte-ib")
    await running.until_in(first, "doen")

    async def correct(template: str, **facts: Any) -> tuple[Line, ...] | Refusal:
        wish = Wish(
            template=template,
            period=Period.parse("2026-01"),
            selection=Selection(relations=("1001",)),
            corrects="aangifte-ib/1001/2026-01",
            anyway=True,
            **facts,
        )
        return await start(desk, "carla", wish, dry_run=False)

    early = await correct("suppletie")
    assert isinstance(early, Refusal)
    assert early.code == "not_closed"
    await running.do(first, Complete, ADMIN, phase="doen")
    await running.until(lambda: (row := running.row(first)) is not None and row.ended == "completed")
    other = await correct("bezwaar")
    assert isinstance(other, Refusal)
    assert (other.code, "wordt gecorrigeerd met suppletie" in other.text) == ("not_corrected_so", True)
    for _ in range(2):  # repeated, it is the same correction
        lines = await correct("suppletie")
        assert not isinstance(lines, Refusal)
        assert lines[0].result in ("starts", "runs_already"), lines
    correction = "filing/suppletie/1001/2026-01/-/1"
    assert running.links(correction) == [("corrects", True, first)]
    assert running.links(first) == [("corrects", False, correction)]


@pytest.mark.parametrize(
    ("corrected_with", "corrects"),
    [((), ("aangifte-ib",)), (("suppletie",), ())],
    ids=["itself", "corrected"],
)
async def test_either_template_may_say_that_the_one_corrects_the_other(
    running: Running, desk: Desk, corrected_with: tuple[str, ...], corrects: tuple[str, ...]
) -> None:
    corrected = replace(CORRECTED, corrected_by=None, corrected_with=corrected_with)
    running.publish(corrected, replace(CORRECTION, corrects=corrects))
    first = await running.start("aangifte-ib")
    await running.until_in(first, "doen")
    await running.do(first, Complete, ADMIN, phase="doen")
    await running.until(lambda: (row := running.row(first)) is not None and row.ended == "completed")
    wish = Wish(
        template="suppletie",
        period=Period.parse("2026-01"),
        selection=Selection(relations=("1001",)),
        corrects="aangifte-ib/1001/2026-01",
        anyway=True,
    )
    lines = await start(desk, "carla", wish, dry_run=False)
    assert not isinstance(lines, Refusal)
    correction = "filing/suppletie/1001/2026-01/-/1"
    assert running.links(correction) == [("corrects", True, first)]
    assert running.links(first) == [("corrects", False, correction)]
