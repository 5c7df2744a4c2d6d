"""What a filing lives by is a snapshot of relation and product; a product covers its own periods."""

from datetime import date

import pytest

from kantoor.office.database.engine import Database
from kantoor.office.filings.records import FilingRecord, StepRecord, read_recorded, record
from kantoor.office.overviews.worklist import work_of_nobody
from kantoor.office.relations.relation import (
    RelationProduct,
    all_relations,
    find_relation,
    product_values,
    products_of,
    relation_values,
)
from kantoor.period import Period

from .material import OFFICE, TODAY, VAT, start


def test_the_snapshot_of_a_relation_has_every_field_of_the_office_and_no_number(office: Database) -> None:
    with office.read() as connection:
        relation = find_relation(connection, "1002")
        assert [r.number for r in all_relations(connection, {"1001", "1003"})] == ["1001", "1003"]
    assert relation is not None
    assert relation_values(relation, OFFICE) == {
        "number": "1002",
        "name": "Schilder Jansen",
        "legal_form": "eenmanszaak",
        "natural_person": True,
        "dga": None,
        "medewerkers": None,
        "klant_sinds": None,
        "branche": None,
    }


def test_the_snapshot_of_a_product_says_how_it_was_agreed(office: Database) -> None:
    with office.read() as connection:
        (taken,) = products_of(connection, "1002")
    assert product_values(taken, OFFICE) == {
        "id": VAT,
        "title": "Aangifte BTW",
        "frequency": "quarter",
        "sub_number": "B01",
        "foreign": False,
        "kor": False,
        "fiscal_unit": False,
    }


@pytest.mark.parametrize(
    ("period", "covered"),
    [("2025-12", False), ("2026-01", True), ("2026-06", True), ("2026-07", False), ("2026-Q1", False)],
)
def test_a_product_covers_periods_of_its_kind_from_its_first_until_its_last_day(
    period: str, covered: bool
) -> None:
    taken = RelationProduct(
        relation="1", product=VAT, frequency="month", since=date(2026, 1, 1), until=date(2026, 6, 1)
    )
    assert taken.covers(Period.parse(period)) is covered


def test_work_that_is_on_nobody_s_list_can_be_found(office: Database) -> None:
    item = {"kind": "phase", "id": "opstellen", "phase": "opstellen", "title": "Opstellen"}
    for relation in ("1001", "1003"):
        with office.write() as connection:
            filing = start(connection, relation)
        batch = FilingRecord(
            state=b"{}",
            steps=(StepRecord(sequence=1, event=b"{}", digest="d"),),
            view={"work": [{**item, "roles": ["administratie"]}]},
            planner="loopt",
            phases=("opstellen",),
            due=None,
        )
        with office.write() as connection:
            record(connection, read_recorded(connection, filing.id), batch, lambda content, _: content)
    with office.read() as connection:
        lines = [line for line in work_of_nobody(connection, TODAY) if line.kind == "phase"]
    assert [line.relation for line in lines] == ["1003"]
