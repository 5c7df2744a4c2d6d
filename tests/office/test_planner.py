"""The planner's grid and the filters on relations."""

from datetime import date
from typing import Any

import pytest

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import filings
from kantoor.office.filings.filing import find_filing
from kantoor.office.overviews.insights import Filter, list_relations
from kantoor.office.overviews.planner import planner
from kantoor.office.overviews.relation_page import relation_page

from .material import NEEDS, TODAY, VAT, start

DUE = date(2026, 2, 28)


def stand(office: Database, relation: str, period: str, **values: Any) -> None:
    sequence = values.pop("sequence", 1)
    with office.write() as connection:
        made = start(connection, relation, period, sequence=sequence, due=DUE)
        if values:
            connection.execute(filings.update().where(filings.c.id == made.id).values(**values))


def cells(office: Database, on: date, year: int | None = None) -> dict[str, dict[str, str]]:
    with office.read() as connection:
        grid = planner(connection, VAT, on, year)
    return {row.relation: {p: cell.state for p, cell in row.cells.items()} for row in grid.rows}


def test_a_new_filing_is_planned_before_anything_happens(office: Database) -> None:
    with office.write() as connection:
        start(connection)
    assert cells(office, TODAY) == {"1001": {"2026-01": "gepland"}}


@pytest.mark.parametrize(
    ("values", "on", "state"),
    [
        ({"planner": "loopt", "status": "loopt"}, DUE, "loopt"),
        ({"planner": "loopt", "status": "loopt"}, date(2026, 3, 1), "te_laat"),
        ({"planner": "bij_klant", "status": "loopt"}, DUE, "bij_klant"),
        ({"planner": "bij_klant", "status": "loopt"}, date(2026, 3, 1), "te_laat"),
        ({"planner": "ingediend", "status": "loopt", "due": None}, date(2026, 3, 1), "ingediend"),
        ({"planner": "klaar", "status": "afgesloten", "ended": "completed"}, date(2026, 3, 1), "klaar"),
        ({"planner": "te_laat", "status": "afgesloten", "ended": "end"}, DUE, "te_laat"),
    ],
)
def test_the_six_states_and_lateness_by_the_day(
    office: Database, values: dict[str, Any], on: date, state: str
) -> None:
    stand(office, "1001", "2026-01", **values)
    assert cells(office, on) == {"1001": {"2026-01": state}}


def test_columns_are_in_order_of_time_and_a_year_can_be_chosen(office: Database) -> None:
    for relation, period in [("1002", "2026-Q1"), ("1001", "2026-02"), ("1001", "2026-01"), ("1003", "2025")]:
        stand(office, relation, period)
    with office.read() as connection:
        grid = planner(connection, VAT, TODAY)
    assert grid.periods == ("2025", "2026-01", "2026-02", "2026-Q1")
    assert grid.rows[0].name == "Bakkerij De Korenaar B.V."
    assert cells(office, TODAY, 2025) == {"1003": {"2025": "gepland"}}


def test_of_several_filings_over_a_period_the_last_one_counts(office: Database) -> None:
    stand(office, "1001", "2026-01", planner="klaar", status="afgesloten", ended="cancelled")
    stand(office, "1001", "2026-01", sequence=2, planner="loopt", status="loopt")
    assert cells(office, TODAY) == {"1001": {"2026-01": "loopt"}}


@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        ({}, ["1001", "1002", "1003"]),
        ({"product": VAT}, ["1001", "1002", "1003"]),
        ({"product": "jaarrekening"}, ["1003"]),
        ({"product": VAT, "frequency": "month"}, ["1001", "1003"]),
        ({"product": "jaarrekening", "frequency": "month"}, []),
        ({"frequency": "quarter"}, ["1002"]),
        ({"role": "administratie"}, ["1002"]),
        ({"member": "bas"}, ["1001", "1002"]),
        ({"role": "relatiebeheerder", "member": "bas"}, ["1002"]),
        ({"status": "left"}, []),
        ({"sbr": False}, ["1003"]),
        ({"running": True}, ["1001"]),
        ({"running": False, "frequency": "month"}, ["1003"]),
        ({"missing": "any"}, ["1003"]),
        ({"missing": "no_rsin"}, ["1003"]),
        ({"missing": "no_bsn"}, []),
    ],
)
def test_relations_are_filtered_on_anything(
    office: Database, wanted: dict[str, Any], numbers: list[str]
) -> None:
    stand(office, "1001", "2026-01")
    with office.read() as connection:
        found = list_relations(connection, Filter(**wanted), TODAY, NEEDS)
    assert [line.number for line in found] == numbers


def test_lists_hide_identifying_numbers(office: Database) -> None:
    with office.read() as connection:
        found = list_relations(connection, Filter(), TODAY, NEEDS)
    assert [line.ob_number for line in found] == ["******560B01", "******333B01", ""]


def test_a_relation_on_one_page(office: Database) -> None:
    stand(office, "1001", "2026-01")
    with office.read() as connection:
        page = relation_page(connection, "1001", TODAY, NEEDS)
        found = find_filing(connection, "btw-aangifte/1001/2026-01/-/1")
        assert relation_page(connection, "9999", TODAY, NEEDS) is None
    assert page is not None
    assert [(line.contact.id, line.authority[VAT].may) for line in page.contacts] == [
        ("c1", ("see", "approve")),
        ("c2", ()),
    ]
    roles = {line.role: (line.member, line.fallen_to) for line in page.roles}
    assert roles["fiscaal"] == (None, "bas")
    assert roles["accountant"] == ("bas", None)
    assert page.filings == (found,)
    assert page.missing == ()


def test_a_cancelled_filing_leaves_its_period_open_and_another_one_counts(office: Database) -> None:
    stand(office, "1001", "2026-01", planner="klaar", status="afgesloten", ended="cancelled")
    assert cells(office, TODAY) == {"1001": {}}
    stand(office, "1001", "2026-01", sequence=2, planner="loopt", status="loopt")
    assert cells(office, TODAY) == {"1001": {"2026-01": "loopt"}}
