"""An office of which pages are read: many relations, filings in every state, and nothing that runs."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from kantoor.office.alarms import NOT_RUNNING, raise_alarm
from kantoor.office.database.tables import filings, recurrences, relation_links, relations, work
from kantoor.office.filings.filing import NewFiling, create_filings
from kantoor.office.plans import publish
from kantoor.office.visits.managers import make_manager
from kantoor.service.bulk.asking import Asked
from kantoor.service.bulk.runs import prepare
from kantoor.service.bulk.selecting import Chosen
from kantoor.service.desk import open_desk
from kantoor.settings import Settings
from tests.local.homes import sample_office, settings_in
from tests.portal.visitors import Pages, open_pages
from tests.shipped import compile_shipped

VAT, TEMPLATE = "aangifte-btw", "btw-aangifte"
MANY, FIRST, YEAR = 120, 5001, 2026
STALLED, IDLE = 5002, 5003
"""Relations of which a filing is stalled, and of which one does not run."""
NOBODY_DECIDES = "Niemand bij deze relatie mag hierover beslissen."
BOOK_YEAR = "2023-07..2024-06"
LONG_AGO, FAR = date(2026, 1, 2), date(2126, 1, 1)
FORMULA = "=SOM(A1) B.V."
RSIN = "123456782"


def name_of(number: int) -> str:
    """Return the name of one of the many relations; every tenth is a bakery, the first a formula."""
    return FORMULA if number == FIRST else f"{'Bakkerij' if number % 10 == 0 else 'Zaak'} {number}"


@contextmanager
def serve_reading(home: Path) -> Iterator[Pages]:
    """Serve the pages of an office with many relations, in which nothing runs."""
    settings = settings_in(home)
    portal = settings.portal.model_copy(update={"second_factor": False})
    settings = settings.model_copy(update={"portal": portal})
    asyncio.run(_make(settings))
    with open_pages(settings) as pages:
        yield pages


def publish_all(pages: Pages) -> None:
    """Publish every shipped template in an office."""
    compiled = compile_shipped()
    assert compiled.office
    with pages.desk.equipment.database.write() as connection:
        plans, at = [*compiled.plans.values()], datetime.now(UTC)
        publish(connection, plans, compiled.office, revision="", author="", at=at)


async def _make(settings: Settings) -> None:
    async with open_desk(settings, makes=True) as desk:
        plan = sample_office(desk.equipment)
        with desk.equipment.database.write() as connection:
            _fill(connection, plan)
        asked = Asked(action="start", template=TEMPLATE, period="2026-01", anyway=True)
        numbers = " ".join(str(number) for number in range(FIRST, FIRST + MANY))
        assert prepare(desk, "marieke", asked, Chosen(numbers=numbers)) == 1


def _fill(connection: Connection, plan: str) -> None:
    numbers = range(FIRST, FIRST + MANY)
    facts = {"kind": "organisation", "rsin": None}
    rows = [facts | {"number": str(number), "name": name_of(number)} for number in numbers]
    rows[0]["rsin"] = RSIN
    connection.execute(relations.insert(), rows)
    owner = {"relation": "1004", "link": "owner", "other": "1005", "since": date(2020, 1, 1)}
    connection.execute(relation_links.insert().values(owner))
    create_filings(connection, [_filing(str(number), "2026-01", plan) for number in numbers])
    further = [_filing(str(FIRST), "2026-01", plan, sequence=2), _filing(str(FIRST), "2025-12", plan)]
    create_filings(connection, [*further, _filing(str(FIRST + 9), BOOK_YEAR, plan)])
    for number, (planner, facts) in enumerate(_STATES, FIRST):
        row = filings.c.id == f"filing/{TEMPLATE}/{number}/2026-01/-/1"
        connection.execute(filings.update().where(row).values(planner=planner, status="loopt", **facts))
    connection.execute(
        recurrences.insert().values(
            relation=str(FIRST),
            template=TEMPLATE,
            sub_number="-",
            product=VAT,
            next_period="2026-02",
            next_start=date(2026, 2, 28),
            problem="Het omzetbelastingnummer ontbreekt.",
        )
    )
    stalled = {
        "filing": f"filing/{TEMPLATE}/{STALLED}/2026-01/-/1",
        "kind": "stalled",
        "item": "aanbieden",
        "phase": "aanbieden",
        "title": "Aanbieden aan de klant",
        "roles": ["relatiebeheerder"],
        "contacts": [],
        "due": date(2026, 2, 20),
        "missing": [NOBODY_DECIDES],
        "escalated": date(2026, 2, 24),
    }
    connection.execute(work.insert().values(position=0, **stalled))
    raise_alarm(connection, NOT_RUNNING, f"filing/{TEMPLATE}/{IDLE}/2026-01/-/1", "", "no workflow")
    raise_alarm(connection, "test", f"filing/{TEMPLATE}/{FIRST}/2026-01/-/1", "", "something is odd")
    make_manager(connection, "marieke", datetime.now(UTC))


_STATES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("gepland", {"due": FAR}),
    ("loopt", {"due": FAR}),
    ("bij_klant", {"due": FAR}),
    ("ingediend", {"due": FAR}),
    ("klaar", {"ended": "completed", "due": None}),
    ("loopt", {"due": LONG_AGO}),
    ("loopt", {"ended": "cancelled", "due": None}),
)
"""Of the first of the many, in turn: the sixth is too late, the seventh cancelled."""


def _filing(relation: str, period: str, plan: str, sequence: int = 1) -> NewFiling:
    return NewFiling(
        id=f"filing/{TEMPLATE}/{relation}/{period}/-/{sequence}",
        template=TEMPLATE,
        relation=relation,
        period=period,
        sequence=sequence,
        product=VAT,
        plan=plan,
        title="Aangifte btw",
        start_date=date(2026, 1, 31),
        due=FAR,
    )
