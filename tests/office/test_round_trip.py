"""Whatever the office holds: export and import are a round trip, to the byte.

And whatever part of a file comes in over it leaves an office that can make that trip.
"""

import csv
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from stdnum.nl import bsn

from kantoor.office.database.engine import Database, open_database
from kantoor.office.database.migrate import upgrade
from kantoor.office.database.tables import BEGINNING, presence_changes, relation_changes
from kantoor.office.exchange import Imported, export_folder, import_folder
from kantoor.office.exchange.columns import file_kinds
from kantoor.office.exchange.holdings import TABLES, load
from kantoor.period import Period
from kantoor.service.relations.identities import check_relation_identity
from tests.examples import so_many
from tests.patterns import matching

from .material import OFFICE, VAT, accepting

SIGNS = st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp"))


def on_one_line(text: str) -> str:
    return " ".join(text.split())


TEXTS = st.text(SIGNS, max_size=20).map(on_one_line)
NAMES = st.text(SIGNS, min_size=1, max_size=20).map(on_one_line).filter(bool)
IDS = matching(r"[A-Za-z0-9][A-Za-z0-9._-]{0,3}[0-9]|[0-9]{1,9}|[0-9]{1,4}[.-]0{1,4}").filter(
    lambda name: not (re.fullmatch("[0-9]{9}", name) and bsn.is_valid(name))
)
"""Also such as a spreadsheet makes of numbers, and of eight and nine digits, but what can be a BSN."""
PHONES = st.just("") | matching(r"((06|\+31 |0031-)[0-9]{4,8}|020 / [0-9]{4,7})( na 9 uur)?")
MOSTLY = st.integers(0, 3).map(bool)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
PAST = st.dates(date(1990, 1, 1), date(2020, 12, 31))
LATER = st.dates(date(2028, 1, 1), date(2090, 12, 31))
NUMBERS = st.lists(IDS, unique=True, max_size=3)
PEOPLE = st.lists(IDS, unique_by=str.lower, max_size=5)
FUNCTIONS = st.lists(st.sampled_from(OFFICE.functions), unique=True)
FREQUENCIES = st.sampled_from([("month", "2023-12"), ("quarter", "2026-Q1"), ("year", "2026")])


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


Office = dict[str, list[dict[str, Any]]]

STRETCHES = st.fixed_dictionaries(
    {
        "since": st.dates(date(2000, 1, 1), date(2020, 1, 1)),
        "until": maybe(st.dates(date(2020, 1, 1), date(2040, 1, 1))),
    }
)


@st.composite
def offices(draw: st.DrawFn) -> Office:
    """Draw an office of anybody."""
    numbers = draw(NUMBERS)
    people = draw(PEOPLE)
    split = draw(st.integers(0, len(people)))
    return draw(_office(numbers, people[:split], people[split:]))


@st.composite
def _office(draw: st.DrawFn, numbers: list[str], contacts: list[str], members: list[str]) -> Office:
    """Draw the rows of every table, such that they may stand together."""
    served = [(n, c) for n in numbers for c in contacts if draw(MOSTLY)]
    return {
        "relations": [draw(_relation(number)) for number in numbers],
        "contacts": [draw(_contact(contact)) for contact in contacts],
        "team": [draw(_member(member)) for member in members],
        "relation_contacts": [
            {
                "relation": n,
                "contact": c,
                "functions": draw(FUNCTIONS),
                "primary": (n, c) == next(s for s in served if s[0] == n) and draw(st.booleans()),
            }
            for n, c in served
        ],
        "authorities": [draw(_authority(n, c)) for n, c in served if draw(MOSTLY)],
        "standing_authorities": [draw(_standing(n)) for n in numbers if draw(MOSTLY)],
        "process_teams": [
            {"process_team": "Team Noord", "role": role.id, "member": draw(st.sampled_from(members))}
            for role in OFFICE.roles
            if members and draw(MOSTLY)
        ],
        "qualifications": [
            {"member": m, "qualification": title} | draw(STRETCHES)
            for m in members
            for title in ("AA", "RB")
            if draw(MOSTLY)
        ],
        "absences": [{"member": m} | draw(STRETCHES) for m in members if draw(MOSTLY)],
        "stand_ins": [
            {"member": m, "role": role, "stand_in": colleague} | draw(STRETCHES)
            for m, colleague in pairwise(members)
            for role in ("*", "fiscaal")
            if draw(MOSTLY)
        ],
        "relation_roles": [
            {"relation": n, "role": role.id, "member": draw(st.sampled_from(members))}
            for n in numbers
            for role in OFFICE.roles
            if members and draw(MOSTLY)
        ],
        "relation_products": [
            stretch for n in numbers if draw(MOSTLY) for stretch in stretches_of(draw(_product(n)), draw)
        ],
    }


# Rows are drawn from strategies that are kept: hypothesis looks over a new one at each draw, which costs more
# than drawing from it.


@cache
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
            "ob_number": maybe(matching(r"[0-9]{9}B[0-9]{2}").filter("123456789B01".__ne__)),
            "rsin": maybe(matching(r"[0-9]{9}")),
            "bsn": maybe(matching(r"[0-9]{9}")),
            "btw_id": st.none(),
            "kvk": maybe(matching(r"[0-9]{8}")),
            "sbr_enabled": st.booleans(),
            "ideal_enabled": st.booleans(),
            "status": st.sampled_from(["active", "left", "in_liquidation"]),
            "status_since": maybe(PAST),
            "language": st.sampled_from(["nl", "en"]),
            "automations_off": st.lists(IDS, unique=True, max_size=2),
            "fields": st.fixed_dictionaries({}, optional=own),
        }
    )


@cache
def _contact(contact: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.just(contact),
            "name": NAMES,
            "salutation": TEXTS,
            "email": maybe(st.just(f"{contact.lower().encode().hex()}@klant.example")),
            "language": st.sampled_from(["nl", "en"]),
            "phone": PHONES,
        }
    )


@cache
def _member(member: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "id": st.just(member),
            "name": NAMES,
            "email": st.just(f"{member.lower().encode().hex()}@kantoor.example"),
            "phone": PHONES,
            "qualifications": st.lists(st.sampled_from(["AA", "RA", "RB"]), unique=True),
            "active": st.booleans(),
        }
    )


@cache
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


@cache
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


@cache
def _product(relation: str) -> st.SearchStrategy[dict[str, Any]]:
    return FREQUENCIES.flatmap(lambda taken: _taken(relation, *taken))


def stretches_of(product: dict[str, Any], draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return a product as it was agreed, and perhaps as it changed some years later: without a common day."""
    if draw(MOSTLY):
        return [product]
    change = date(2027, 1, 1)
    later = {"since": change, "frequency": draw(FREQUENCIES)[0], "fiscal_unit": draw(st.booleans())}
    last = change - timedelta(days=1)
    return [
        product | {"until": min(product["until"] or last, last)},
        product | later | {"until": draw(maybe(LATER))},
    ]


@cache
def _taken(relation: str, frequency: str, first: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "relation": st.just(relation),
            "product": st.just(VAT),
            "sub_number": st.sampled_from(["-", "B01", "L02"]),
            "frequency": st.just(frequency),
            "since": st.sampled_from([BEGINNING, Period.parse(first).start]),
            "until": maybe(LATER),
            "foreign": st.booleans(),
            "kor": st.booleans(),
            "fiscal_unit": st.booleans(),
            "way": maybe(st.sampled_from(["approval", "signature", "information"])),
            "recipient": maybe(st.sampled_from(["primary_contact", *OFFICE.functions])),
        }
    )


def fill(database: Database, rows: Office) -> None:
    """Put these rows into the database, instead of all that was there."""
    with database.write() as connection:
        for table in (presence_changes, relation_changes, *reversed(TABLES)):
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


@settings(max_examples=so_many(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=offices())
def test_export_and_import_are_a_round_trip(
    two: tuple[Database, Database], tmp_path: Path, rows: Office
) -> None:
    one, other = two
    fill(one, rows)
    fill(other, {})
    export_folder(one, tmp_path / "first", OFFICE, overwrite=True)
    result = import_folder(other, tmp_path / "first", OFFICE, accepting)
    assert isinstance(result, Imported), result
    assert held(other) == held(one)
    export_folder(other, tmp_path / "second", OFFICE, overwrite=True)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


ODD = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=20)
"""What an older import took: with line breaks, unseen signs and too much of it."""
OLD = st.builds("{}{}{}".format, NAMES, ODD, st.sampled_from(["", "x" * 300]))


# What was taken before a rule was there is not elsewhere, so it goes back to where it came from.
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@settings(max_examples=so_many(40), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=offices(),
    texts=st.tuples(OLD, OLD),
    ids=st.permutations(["111222333", "totaal", "1234567.0", "1234567-00"]),
)
def test_whatever_the_office_holds_of_old_is_exported_and_comes_back_in(
    two: tuple[Database, Database], tmp_path: Path, rows: Office, texts: tuple[str, str], ids: list[str]
) -> None:
    name, proof = texts
    old = relation_of_old(rows, *ids[:3], name=name, proof=proof)
    one, _ = two
    fill(one, old)
    before = held(one)
    said: list[str] = []
    export_folder(one, tmp_path / "first", OFFICE, said, overwrite=True)
    assert said == []
    result = import_folder(one, tmp_path / "first", OFFICE, accepting)
    assert isinstance(result, Imported), result
    after = held(one)
    assert all({*after[table]} == {*before[table]} for table in before)
    export_folder(one, tmp_path / "second", OFFICE, overwrite=True)
    for file in (tmp_path / "first").iterdir():
        assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes()


def relation_of_old(rows: Office, number: str, contact: str, member: str, *, name: str, proof: str) -> Office:
    """Add to an office a relation, a contact and a member with such ids, and give them such texts."""
    rights = {"may": ["see", "sign"], "jointly": []}
    stretch = {"product": VAT, "since": date(2001, 1, 1), "until": date(2030, 1, 1), "proof": proof}
    role = {"relation": number, "role": OFFICE.roles[0].id, "member": member}
    blank = {"language": "nl", "automations_off": [], "status_since": None, "status": "active"}
    blank |= dict.fromkeys(("legal_form", "ob_number", "rsin", "bsn", "btw_id", "kvk"))
    blank |= {"kind": "organisation", "sbr_enabled": False, "ideal_enabled": False}
    served = {"relation": number, "contact": contact, "functions": [], "primary": True}
    person = {"name": name, "email": None, "language": "nl", "salutation": name, "phone": ""}
    colleague = {"name": name, "email": f"{'q' * 200}@x", "phone": "", "qualifications": [], "active": True}
    own = {"branche": proof}
    added: Office = {
        "relations": [blank | {"number": number, "name": name, "fields": own}],
        "contacts": [person | {"id": contact}],
        "team": [colleague | {"id": member}],
        "relation_contacts": [served],
        "authorities": [stretch | rights | {"relation": number, "contact": contact}],
        "standing_authorities": [stretch | {"relation": number}],
        "relation_roles": [role],
    }
    return {table: [*records, *added.get(table, [])] for table, records in rows.items()}


IDENTITIES = [
    ("bv", "801234505B01", "801234505", False),
    ("bv", "801234517B01", "801234505", True),
    ("bv", None, "801234517", False),
    (None, None, None, True),
]
"""Legal form, OB number and RSIN that the rules accept, of who files in a fiscal unit or not."""


@st.composite
def _small(draw: st.DrawFn) -> Office:
    """Draw an office of the same few: two of these are about one another's relations and people."""
    rows = draw(_office(["r1", "r2"], ["c1", "c2"], ["m1", "m2"]))
    for relation in rows["relations"]:
        form, ob_number, rsin, unit = draw(st.sampled_from(IDENTITIES))
        kind = {"kind": "organisation"} if form else {}
        relation |= {
            "legal_form": form,
            "ob_number": ob_number,
            "rsin": rsin,
            "bsn": None,
            "kvk": None,
        } | kind
        taken = [p for p in rows["relation_products"] if p["relation"] == relation["number"]]
        for product in taken or [draw(_product(relation["number"]))]:
            product |= {"sub_number": "-", "fiscal_unit": unit}
            rows["relation_products"] += [] if taken else [product]
    for authority in rows["authorities"] + rows["standing_authorities"]:
        authority |= {"product": "*", "since": date(2020, 1, 1)}
        if "jointly" in authority and draw(st.booleans()):
            authority |= {"may": ["see", "sign"], "jointly": ["sign"]}
        authority["proof"] = draw(NAMES) if {"approve", "sign"} & {*authority.get("may", ["sign"])} else ""
    return rows


@st.composite
def _parts(draw: st.DrawFn) -> dict[str, tuple[set[str], set[int]]]:
    """Draw by file which columns stay beside the required ones, and which of the first rows."""
    kinds = file_kinds(OFFICE)
    files = draw(st.lists(st.sampled_from([*kinds]), min_size=1, max_size=3, unique=True))
    return {
        name: (
            {column.name for column in kinds[name].columns if column.required or draw(st.booleans())},
            draw(st.sets(st.integers(0, 3), min_size=1)),
        )
        for name in files
    }


def cut(folder: Path, parts: dict[str, tuple[set[str], set[int]]]) -> None:
    """Leave only these files, and of them only these columns and rows; a file without rows goes."""
    for name in file_kinds(OFFICE):
        columns, places = parts.get(name, (set(), set()))
        header, *rows = csv.reader((folder / name).open(encoding="utf-8-sig", newline=""), delimiter=";")
        left = [row for place, row in enumerate(rows) if place in places]
        (folder / name).unlink()
        if left:
            kept = [place for place, column in enumerate(header) if column in columns]
            with (folder / name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, delimiter=";").writerows([row[i] for i in kept] for row in [header, *left])


# One dialect is enough: what is asked of the database, the round trip above asks of both.
@pytest.mark.parametrize("dialect", ["sqlite"], indirect=True)
@settings(max_examples=so_many(70), deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=_small(), others=_small(), parts=_parts())
def test_an_office_over_which_a_part_came_in_takes_its_own_export(
    two: tuple[Database, Database],
    tmp_path: Path,
    rows: Office,
    others: Office,
    parts: dict[str, tuple[set[str], set[int]]],
) -> None:
    one, other = two
    fill(one, rows)
    fill(other, others)
    export_folder(other, tmp_path / "part", OFFICE, overwrite=True)
    cut(tmp_path / "part", parts)
    if not isinstance(import_folder(one, tmp_path / "part", OFFICE, check_relation_identity), Imported):
        event("refused")
        return
    event("accepted")
    before = held(one)
    export_folder(one, tmp_path / "whole", OFFICE, overwrite=True)
    result = import_folder(one, tmp_path / "whole", OFFICE, check_relation_identity)
    assert isinstance(result, Imported), result
    assert all(counted.new == counted.changed == 0 for counted in result.counts.values())
    assert held(one) == before
