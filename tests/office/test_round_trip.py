"""Whatever the office holds: export and import are a round trip, to the byte."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kantoor.office.database import Database, open_database
from kantoor.office.exchange import Imported, export_folder, import_folder
from kantoor.office.exchange.holdings import TABLES, load
from kantoor.office.migrate import upgrade

from .material import OFFICE, VAT, accepting

SIGNS = st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t")
TEXTS = st.text(SIGNS, max_size=20).map(str.strip)
NAMES = TEXTS.filter(bool)
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,9}", fullmatch=True)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def offices(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Draw the rows of every table, such that they may stand together."""
    numbers = draw(st.lists(IDS, unique=True, max_size=3))
    people = draw(st.lists(IDS, unique_by=str.lower, max_size=5))
    split = draw(st.integers(0, len(people)))
    contacts, members = people[:split], people[split:]
    served = [(n, c) for n in numbers for c in contacts if draw(st.booleans())]
    return {
        "relations": [draw(_relation(number)) for number in numbers],
        "contacts": [draw(_contact(contact)) for contact in contacts],
        "team": [draw(_member(member)) for member in members],
        "relation_contacts": [
            {
                "relation": n,
                "contact": c,
                "functions": draw(st.lists(st.sampled_from(OFFICE.functions), unique=True)),
                "primary": (n, c) == next(s for s in served if s[0] == n) and draw(st.booleans()),
            }
            for n, c in served
        ],
        "authorities": [draw(_authority(n, c)) for n, c in served if draw(st.booleans())],
        "standing_authorities": [draw(_standing(n)) for n in numbers if draw(st.booleans())],
        "relation_roles": [
            {"relation": n, "role": role.id, "member": draw(st.sampled_from(members))}
            for n in numbers
            for role in OFFICE.roles
            if members and draw(st.booleans())
        ],
        "relation_products": [draw(_product(n)) for n in numbers if draw(st.booleans())],
    }


def _relation(number: str) -> st.SearchStrategy[dict[str, Any]]:
    own = {
        "dga": st.booleans(),
        "medewerkers": st.integers(-10, 10**6),
        "klant_sinds": DAYS.map(date.isoformat),
        "branche": NAMES,
    }
    return st.fixed_dictionaries(
        {
            "number": st.just(number),
            "name": NAMES,
            "kind": st.sampled_from(["organisation", "natural_person"]),
            "legal_form": st.none(),
            "ob_number": maybe(
                st.from_regex(r"[0-9]{9}B[0-9]{2}", fullmatch=True).filter("123456789B01".__ne__)
            ),
            "rsin": maybe(st.from_regex(r"[0-9]{9}", fullmatch=True)),
            "bsn": maybe(st.from_regex(r"[0-9]{9}", fullmatch=True)),
            "btw_id": st.none(),
            "kvk": maybe(st.from_regex(r"[0-9]{8}", fullmatch=True)),
            "sbr_enabled": st.booleans(),
            "ideal_enabled": st.booleans(),
            "status": st.sampled_from(["active", "left", "in_liquidation"]),
            "status_since": maybe(DAYS),
            "language": st.sampled_from(["nl", "en"]),
            "automations_off": st.lists(IDS, unique=True, max_size=2),
            "fields": st.fixed_dictionaries({}, optional=own),
        }
    )


def _contact(contact: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.just(contact),
            "name": NAMES,
            "salutation": TEXTS,
            "email": maybe(st.just(f"{contact.lower().strip('.').replace('..', '.')}@klant.example")),
            "language": st.sampled_from(["nl", "en"]),
        }
    )


def _member(member: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.just(member),
            "name": NAMES,
            "email": st.just(f"{member.lower().strip('.').replace('..', '.')}@kantoor.example"),
            "phone": TEXTS,
            "qualifications": st.lists(st.sampled_from(["AA", "RA", "RB"]), unique=True),
            "active": st.booleans(),
        }
    )


def _authority(relation: str, contact: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "contact": st.just(contact),
            "relation": st.just(relation),
            "product": st.sampled_from(["*", VAT]),
            "since": st.dates(date(2000, 1, 1), date(2020, 1, 1)),
            "until": maybe(st.dates(date(2020, 1, 1), date(2040, 1, 1))),
            "may": st.lists(st.sampled_from(["see", "answer", "approve", "sign"]), unique=True, min_size=1),
            "jointly": st.lists(st.sampled_from(["approve", "sign"]), unique=True),
            "proof": NAMES,
        }
    ).map(lambda row: row | {"jointly": [right for right in row["jointly"] if right in row["may"]]})


def _standing(relation: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "relation": st.just(relation),
            "product": st.sampled_from(["*", VAT]),
            "since": st.dates(date(2000, 1, 1), date(2020, 1, 1)),
            "until": st.dates(date(2020, 1, 1), date(2040, 1, 1)),
            "proof": NAMES,
        }
    )


def _product(relation: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "relation": st.just(relation),
            "product": st.just(VAT),
            "sub_number": st.sampled_from(["-", "B01", "L02"]),
            "frequency": st.just("month"),
            "first_period": maybe(st.sampled_from(["2026-01", "2031-12"])),
            "until": maybe(DAYS),
            "foreign": st.booleans(),
            "kor": st.booleans(),
            "fiscal_unit": st.booleans(),
            "way": maybe(st.sampled_from(["approval", "signature", "information"])),
            "recipient": maybe(st.sampled_from(["primary_contact", *OFFICE.functions])),
        }
    )


def fill(database: Database, rows: dict[str, list[dict[str, Any]]]) -> None:
    """Put these rows into the database, instead of all that was there."""
    with database.write() as connection:
        for table in reversed(TABLES):
            connection.execute(table.delete())
        for table in TABLES:
            if rows.get(table.name):
                connection.execute(table.insert(), rows[table.name])


def held(database: Database) -> dict[str, Any]:
    with database.read() as connection:
        return load(connection).before


@pytest.fixture
def two(new_url: Callable[[], str]) -> Iterator[tuple[Database, Database]]:
    databases = (open_database(new_url()), open_database(new_url()))
    for database in databases:
        upgrade(database)
    yield databases
    for database in databases:
        database.close()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=offices())
def test_export_and_import_are_a_round_trip(
    two: tuple[Database, Database], tmp_path: Path, rows: dict[str, list[dict[str, Any]]]
) -> None:
    one, other = two
    fill(one, rows)
    fill(other, {})
    export_folder(one, tmp_path / "first", OFFICE)
    result = import_folder(other, tmp_path / "first", OFFICE, accepting)
    assert isinstance(result, Imported), result
    assert held(other) == held(one)
    export_folder(other, tmp_path / "second", OFFICE)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()
