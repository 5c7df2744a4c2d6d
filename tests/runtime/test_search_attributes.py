"""What the Temporal server finds filings by."""

from datetime import date

from kantoor.filing.turn import Reader
from kantoor.runtime.search_attributes import read_search_attributes
from tests.filing.driver import MANAGER, Driver
from tests.filing.test_facts import ACCOUNTS, compiled, record


def due(filing: Driver) -> date | None:
    assert filing.state is not None
    return read_search_attributes(Reader(ACCOUNTS, filing.state))[1]


def test_a_filing_whose_deadline_is_not_known_yet_is_found_by_no_day_until_it_is() -> None:
    filing = compiled()
    assert due(filing) is None
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-10")
    assert due(filing) == date(2026, 3, 18)
    record(filing, MANAGER, "vaststellen", "vastgesteld_op", "2026-03-12", "verschoven")
    assert due(filing) == date(2026, 3, 20)
