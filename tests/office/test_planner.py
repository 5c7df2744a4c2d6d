"""The planner's grid, and a relation on one page."""

from datetime import date
from typing import Any

import pytest

from kantoor.filters import Filter
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import filings
from kantoor.office.filings.filing import find_filing
from kantoor.office.filings.recurrences import Recurrence, save_recurrence
from kantoor.office.overviews.browsing import Wanted, browse_filings
from kantoor.office.overviews.insights import list_relations
from kantoor.office.overviews.planner import planner
from kantoor.office.overviews.relation_page import relation_page
from kantoor.service.lists import planner_table

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


def test_what_is_planned_takes_the_place_of_what_was_cancelled(office: Database) -> None:
    stand(office, "1003", "2026-01", status="afgesloten", ended="cancelled")
    once = {"template": "btw-aangifte", "product": VAT, "next_start": date(2026, 1, 31)}
    with office.write() as connection:
        save_recurrence(connection, Recurrence(relation="1003", next_period="2026-01", **once))
    with office.read() as connection:
        assert planner_table(planner(connection, VAT, TODAY)).rows[0][2:] == ("gepland",)


def test_a_further_filing_hides_nothing_of_the_one_before(office: Database) -> None:
    stand(office, "1001", "2026-01", planner="klaar", status="afgesloten", ended="completed", due=None)
    stand(office, "1001", "2026-01", sequence=2, planner="loopt", status="loopt")
    stand(office, "1001", "2026-01", sequence=3, status="afgesloten", ended="cancelled")
    with office.read() as connection:
        grid = planner(connection, VAT, TODAY)
    cell = grid.rows[0].cells["2026-01"]
    assert ([one.state for one in cell.before], cell.state) == (["klaar"], "loopt")
    assert planner_table(grid).rows[0][2:] == ("klaar, loopt",)


@pytest.mark.parametrize(("year", "shown"), [(None, True), (2026, True), (2025, False)])
def test_a_start_that_is_planned_is_shown_and_what_has_a_filing_is_not_planned_again(
    office: Database, year: int | None, shown: bool
) -> None:
    known = {"template": "btw-aangifte", "product": VAT, "next_start": date(2026, 1, 31)}
    with office.write() as connection:
        save_recurrence(connection, Recurrence(relation="1001", next_period="2026-02", **known))
        save_recurrence(connection, Recurrence(relation="1003", next_period="2026-01", **known))
        paused = {"status": "paused", "sub_number": "B01"}
        save_recurrence(connection, Recurrence(relation="1002", next_period="2026-Q1", **known, **paused))
    stand(office, "1003", "2026-01", planner="loopt", status="loopt")
    expected = {"1001": {"2026-02": "gepland"}, "1003": {"2026-01": "loopt"}}
    assert cells(office, TODAY, year) == (expected if shown else {})
    with office.read() as connection:
        page = relation_page(connection, "1001", TODAY, NEEDS)
    assert page is not None
    assert [(one.next_period, one.workflow_id) for one in page.planned] == [
        ("2026-02", "recurrence/btw-aangifte/1001/-")
    ]


def test_a_list_has_what_begins_first_where_no_phase_has_begun(office: Database) -> None:
    begins = {"begins": "2026-02-01", "comes": "yes"}
    phases = [{"id": "aanbieden"}, {"id": "controle", "begins": "2026-01-20", "comes": "no"}]
    view = {"phases": [*phases, {"id": "opstellen", **begins}, {"id": "afronden", **begins}]}
    stand(office, "1001", "2026-01", status="loopt", view=view)
    stand(office, "1003", "2026-01", status="loopt", view=view, phases=["aanbieden"])
    with office.read() as connection:
        found = browse_filings(connection, Wanted(), TODAY, 0, 10)
    assert [(one.relation, one.first, one.begins) for one in found] == [
        ("1001", "opstellen", date(2026, 2, 1)),
        ("1003", "", None),
    ]


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
    with office.read() as connection:
        assert planner_table(planner(connection, VAT, TODAY)).rows[0][2:] == ("geannuleerd",)
    stand(office, "1001", "2026-01", sequence=2, planner="loopt", status="loopt")
    assert cells(office, TODAY) == {"1001": {"2026-01": "loopt"}}
