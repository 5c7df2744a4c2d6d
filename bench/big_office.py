"""An office of real size, made up: 20,000 relations, 60,000 filings, 50,000 things to do.

Written in bulk straight into the tables, since importing and running so much takes hours. What it holds
follows from the numbers alone, so that two runs measure the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table

from kantoor.compiler.compilation import compile_definitions
from kantoor.office.database.engine import Database, open_database, sqlite_url
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import (
    authorities,
    contacts,
    filings,
    recurrences,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
    team,
    work,
)
from kantoor.office.plans import publish
from kantoor.period import Period
from kantoor.plan import Plan, digest

from .material import PRODUCT, TEMPLATE

DEFINITIONS = Path(__file__).parents[1] / "definitions"
TODAY = date(2026, 1, 12)
MEMBER = "m-07"
"""One of forty who work at the office: their work list is measured."""

_TEAM = 40
_OPEN_WORK = (("phase", "administratie"), ("phase", "accountant"), ("task", "fiscaal"))
_Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True)
class Size:
    """How many there are of what."""

    relations: int = 20_000
    filings: int = 60_000
    work: int = 50_000


def make_office(home: Path, size: Size, url: str = "") -> Database:
    """Make the office in a database; without its `url`, in an SQLite file in a folder."""
    database = open_database(url or sqlite_url(home / "kantoor.db"))
    upgrade(database)
    compiled = compile_definitions(DEFINITIONS)
    plan = compiled.plans[TEMPLATE]
    assert compiled.office is not None
    with database.write() as connection:
        now = datetime(2025, 12, 1, tzinfo=UTC)
        publish(connection, [plan], compiled.office, revision="bench", author="bench", at=now)
        for table, rows in _tables(plan, size):
            _insert(connection, table, rows)
    database.renew_statistics()  # as an import does
    return database


def _tables(plan: Plan, size: Size) -> Iterator[tuple[Table, _Rows]]:
    everybody = range(size.relations)
    yield team, _team()
    yield relations, map(_relation, everybody)
    yield contacts, map(_contact, everybody)
    yield relation_contacts, map(_contact_there, everybody)
    yield authorities, (_authority(index) for index in everybody if index % 40)
    yield standing_authorities, map(_standing, everybody[::20])
    yield relation_roles, (row for index in everybody for row in _roles(index))
    yield relation_products, map(_product, everybody)
    yield filings, islice(_filings(plan, size), size.filings)
    yield work, islice(_work(plan, size), size.work)
    yield recurrences, map(_recurrence, everybody)


def _insert(connection: Connection, table: Table, rows: _Rows) -> None:
    while chunk := list(islice(rows, 5000)):
        connection.execute(table.insert(), chunk)


def _number(index: int) -> str:
    return f"{10_001 + index}"


def _member(index: int) -> str:
    return f"m-{index % _TEAM:02}"


def _team() -> _Rows:
    for index in range(_TEAM):
        member = _member(index)
        yield {
            "id": member,
            "name": f"Medewerker {index}",
            "email": f"{member}@delinde.example",
            "qualifications": ["AA"],
        }


def _relation(index: int) -> dict[str, Any]:
    """Return one company; every 50th lacks its OB number, every 75th has SBR off, every 100th has left."""
    rsin = f"{1_000_000 + index:09}"
    return {
        "number": _number(index),
        "name": f"Proefbedrijf {index} B.V.",
        "kind": "organisation",
        "legal_form": "bv",
        "ob_number": None if index % 50 == 0 else f"{rsin}B01",
        "rsin": rsin,
        "sbr_enabled": index % 75 != 0,
        "status": "left" if index % 100 == 0 else "active",
    }


def _contact(index: int) -> dict[str, Any]:
    address = None if index % 30 == 0 else f"directeur{index}@klanten.example"
    return {"id": f"c-{index}", "name": f"Directeur {index}", "email": address}


def _contact_there(index: int) -> dict[str, Any]:
    at = {"relation": _number(index), "contact": f"c-{index}"}
    return at | {"functions": ["directeur"], "primary": True}


def _authority(index: int) -> dict[str, Any]:
    may = ["see", "answer", "approve", "sign"]
    return {"contact": f"c-{index}", "relation": _number(index), "since": date(2024, 1, 1), "may": may}


def _standing(index: int) -> dict[str, Any]:
    days = {"since": date(2024, 1, 1), "until": date(2030, 12, 31)}
    return {"relation": _number(index), "product": PRODUCT, "proof": "machtiging", **days}


def _roles(index: int) -> _Rows:
    """Yield who has which role; every fifth relation leaves fiscaal to its fallback, the accountant."""
    held = {"relatiebeheerder": index, "accountant": index // 3, "administratie": index // 7}
    if index % 5:
        held["fiscaal"] = index // 11
    for role, number in held.items():
        yield {"relation": _number(index), "role": role, "member": _member(number)}


def _frequency(index: int) -> str:
    return "year" if index % 10 == 9 else "quarter" if index % 10 > 5 else "month"


def _product(index: int) -> dict[str, Any]:
    way = "information" if index % 20 == 0 else None
    taken = {"relation": _number(index), "product": PRODUCT, "frequency": _frequency(index), "way": way}
    return taken | {"since": Period.parse(_periods(index)[0]).start}


def _periods(index: int) -> tuple[str, ...]:
    frequency = _frequency(index)
    if frequency == "year":
        return ("2023", "2024", "2025")
    return ("2025-Q3", "2025-Q4", "2026-Q1") if frequency == "quarter" else ("2025-11", "2025-12", "2026-01")


def _id(index: int, period: str) -> str:
    return f"filing/{TEMPLATE}/{_number(index)}/{period}/-/1"


def _filings(plan: Plan, size: Size) -> _Rows:
    """Yield three filings a relation, the first of which is closed; each with a view of two kilobytes."""
    name, view = digest(plan), {"phases": ["x" * 60] * 32}
    for index in range(size.relations):
        for place, period in enumerate(_periods(index)):
            ended = place == 0
            yield {
                "id": _id(index, period),
                "template": TEMPLATE,
                "relation": _number(index),
                "period": period,
                "sub_number": "-",
                "sequence": 1,
                "first_day": Period.parse(period).start,
                "last_day": Period.parse(period).end,
                "product": PRODUCT,
                "plan": name,
                "title": plan.title,
                "start_date": TODAY - timedelta(days=40 - place),
                "status": "afgesloten" if ended else "loopt",
                "planner": "klaar" if ended else "loopt",
                "phases": [] if ended else ["verzamelen"],
                "due": None if ended else TODAY + timedelta(days=index % 30 - 3),
                "recorded": 12,
                "view": view,
                "ended": "completed" if ended else None,
            }


def _work(plan: Plan, size: Size) -> _Rows:
    """Yield what is to be done for the open filings, round after round until there is enough of it."""
    for position in range(len(_OPEN_WORK)):
        for index in range(size.relations):
            for period in _periods(index)[1:]:
                kind, role = _OPEN_WORK[(position + index) % len(_OPEN_WORK)]
                yield {
                    "filing": _id(index, period),
                    "position": position,
                    "kind": kind,
                    "item": f"{kind}-{position}",
                    "phase": "verzamelen",
                    "title": "Stukken verzamelen",
                    "roles": [role],
                    "contacts": [],
                    "due": TODAY + timedelta(days=index % 30 - 3),
                    "missing": ["De stukken zijn er nog niet."] if index % 3 else [],
                }


def _recurrence(index: int) -> dict[str, Any]:
    """Return what goes on after the last filing, so that every period is covered."""
    last = Period.parse(_periods(index)[-1])
    return {
        "relation": _number(index),
        "template": TEMPLATE,
        "sub_number": "-",
        "product": PRODUCT,
        "next_period": last.next().code,
        "next_start": last.end,
        "problem": "Het RSIN ontbreekt." if index % 200 == 0 else "",
    }
