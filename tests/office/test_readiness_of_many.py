"""One relation is judged by the same code as many: what it lacks does not depend on who is asked with it."""

from collections import Counter
from dataclasses import replace as replace_parts
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kantoor.data import canonical, replace
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import (
    authorities,
    contacts,
    relation_contacts,
    relation_products,
    relation_roles,
    relations,
    standing_authorities,
    team,
)
from kantoor.office.relations.demands import Demands
from kantoor.office.relations.next_starts import find_missing_of
from kantoor.office.relations.readiness import find_advice, find_missing
from kantoor.office.relations.redacting import RedactedNeeds, redact_relations, restore_snapshot
from kantoor.office.relations.snapshot import load_snapshot
from kantoor.plan import Offer, Phase, Plan, To, Work
from kantoor.rights import RIGHTS
from kantoor.words import RELATION_STATUS_WORDS
from tests.examples import so_many

from .material import FILES, NEEDS, OFFICE, PLAN, ROLES, TODAY, VAT, have_in_force, vat_plan

DAYS = st.sampled_from([date(2025, 1, 1), date(2026, 1, 4), date(2026, 1, 5), date(2027, 1, 1)])
MEMBERS = ("ans", "bas", "weg")
FUNCTIONS = ("directeur", "vennoot")


def _plans() -> list[Plan]:
    """Plans that ask something of everything: titles, four eyes, all who sign, information."""
    directors = To(kind="function", name="directeur", decide="all")
    asked = {"documents": ("aangifte",), "on_behalf_of": "fiscaal", "message": "akkoord"}
    signed = vat_plan(Offer(**asked, to=directors, offer_as="signature"))
    first, *rest = PLAN.phases
    check = Phase(
        id="controle",
        title="Controle",
        role="accountant",
        four_eyes=("opstellen",),
        qualification=("AA",),
        back_to="opstellen",
        block=Work(),
    )
    checked = replace(PLAN, template="nagekeken", phases=(first, check, *rest))
    asks = {"needs": ("standing_authority",), "advises": ("ideal", "dossier", "identification")}
    return [PLAN, replace(signed, template="getekend"), checked, replace(PLAN, template="vraagt", **asks)]


def _some(*values: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), unique=True)


@st.composite
def offices(draw: st.DrawFn) -> dict[Any, list[dict[str, Any]]]:
    """The rows of up to four relations, by table, with two contacts and three members between them."""
    rows: dict[Any, list[dict[str, Any]]] = {
        team: [
            {
                "id": m,
                "name": m,
                "email": f"{m}@linde.example",
                "active": m != "weg",
                "qualifications": titles,
            }
            for m, titles in zip(MEMBERS, draw(st.tuples(*[_some("AA", "RB")] * 3)), strict=True)
        ],
        contacts: [
            {"id": c, "name": c, "email": draw(st.sampled_from([None, f"{c}@klant.example", f"{c}@klant"]))}
            for c in ("c1", "c2")
        ],
    }
    tables = (relations, relation_contacts, authorities, standing_authorities, relation_roles)
    rows |= {table: [] for table in (*tables, relation_products)}
    for number in range(draw(st.integers(1, 4))):
        _draw_relation(draw, str(number), rows)
    return rows


def _draw_relation(draw: st.DrawFn, number: str, rows: dict[Any, list[dict[str, Any]]]) -> None:
    maybe, at = st.sampled_from([None, "x"]), {"relation": number}
    rows[relations].append(
        {"number": number, "name": number}
        | {name: draw(st.booleans()) for name in ("sbr_enabled", "ideal_enabled")}
        | {name: draw(maybe) for name in ("legal_form", "ob_number", "rsin", "bsn")}
        | {"kind": draw(st.sampled_from(["organisation", "natural_person"]))}
        | {"status": draw(st.sampled_from([*RELATION_STATUS_WORDS, *["active"] * 8]))}
    )
    primary = draw(st.sampled_from([None, "c1", "c2"]))
    for contact in draw(_some("c1", "c2")):
        there = {"contact": contact, "functions": draw(_some(*FUNCTIONS)), "primary": contact == primary}
        rows[relation_contacts].append(at | there)
        for product in draw(_some(VAT, "*", "ander")):
            rights = {"may": draw(_some(*RIGHTS)), "jointly": draw(_some("approve", "sign"))}
            days = {"since": draw(DAYS), "until": draw(st.none() | DAYS)}
            rows[authorities].append(at | {"contact": contact, "product": product} | rights | days)
    for product in draw(_some(VAT, "*")):
        days = {"since": draw(DAYS), "until": draw(DAYS), "proof": "m"}
        rows[standing_authorities].append(at | {"product": product} | days)
    for role in draw(_some(*(role.id for role in ROLES))):
        rows[relation_roles].append(at | {"role": role, "member": draw(st.sampled_from(MEMBERS))})
    for sub_number in draw(_some("-", "B01")):
        agreed = {"way": draw(st.sampled_from([None, "information", "signature"]))}
        agreed["recipient"] = draw(st.sampled_from([None, "primary_contact", *FUNCTIONS]))
        taken = {"product": VAT, "frequency": "month", "until": draw(st.none() | DAYS)}
        rows[relation_products].append(at | {"sub_number": sub_number} | taken | agreed)


@pytest.fixture
def dialect() -> str:
    """One dialect is enough: what is asked of it, another test asks of both."""
    return "sqlite"


@settings(
    max_examples=so_many(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(office=offices())
def test_what_many_lack_is_what_each_lacks_alone(
    database: Database, office: dict[Any, list[dict[str, Any]]]
) -> None:
    plans = _plans()
    in_force = have_in_force(*plans)
    numbers = [row["number"] for row in office[relations]]
    with (
        database.engine.connect().execution_options(writing=True) as connection,
        connection.begin() as change,
    ):
        for table, rows in office.items():
            if rows:
                connection.execute(table.insert(), rows)
        together = find_missing_of(connection, in_force, NEEDS, TODAY)
        alone = [find_missing_of(connection, in_force, NEEDS, TODAY, [number]) for number in numbers]
        change.rollback()
    assert together == {key: missing for one in alone for key, missing in one.items()}
    assert len(together) == len(numbers) * len(plans)


@settings(
    max_examples=so_many(25), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(office=offices())
def test_what_relations_lack_can_be_told_without_who_they_are(
    database: Database, office: dict[Any, list[dict[str, Any]]]
) -> None:
    with (
        database.engine.connect().execution_options(writing=True) as connection,
        connection.begin() as change,
    ):
        for table, rows in office.items():
            if rows:
                connection.execute(table.insert(), rows)
        snapshot = replace_parts(load_snapshot(connection, None, TODAY), office=OFFICE)
        change.rollback()
    redacted = redact_relations(snapshot, NEEDS, lambda number: f"relation {number}")
    restored = replace_parts(restore_snapshot(redacted), office=OFFICE)
    needs = RedactedNeeds(NEEDS, redacted.undeliverable)
    for plan in _plans():
        for number, held in snapshot.held.items():
            if held.products:
                true = find_missing(snapshot, Demands(plan, NEEDS), number, TODAY)
                told = find_missing(restored, Demands(plan, needs), f"relation {number}", TODAY)
                assert Counter(one.code for one in told) == Counter(one.code for one in true)
                advice = find_advice(snapshot, Demands(plan, NEEDS), number, TODAY)
                assert find_advice(restored, Demands(plan, needs), f"relation {number}", TODAY) == advice


def test_relations_that_leave_the_office_name_nobody(office: Database) -> None:
    with office.read() as connection:
        snapshot = load_snapshot(connection, None, TODAY)
    told = canonical(redact_relations(snapshot, NEEDS, lambda number: "r")).decode()
    personal = {
        cell
        for name, columns in PERSONAL.items()
        for line in FILES[name].splitlines()[1:]
        for place, cell in enumerate(line.split(";"))
        if cell and FILES[name].splitlines()[0].split(";")[place] in columns
    }
    assert len(personal) > 20
    assert not [cell for cell in personal if cell in told]


PERSONAL = {
    "relations.csv": ("name", "ob_number", "rsin", "bsn"),
    "contacts.csv": ("name", "salutation", "email"),
    "team.csv": ("name", "email", "phone"),
}
