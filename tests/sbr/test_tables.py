"""Dated tables of law: what the shipped ones say, and what they do not know."""

from datetime import date

import pytest

from kantoor.plan import EntryPoint, TaxAccount, VatRates
from kantoor.sbr.tables import TableError, account_on, entry_point_for, rates_on


def test_every_year_from_2024_to_2027_has_its_entry_point(entry_points: tuple[EntryPoint, ...]) -> None:
    assert [row.year for row in entry_points] == [2024, 2025, 2026, 2027]
    assert [row.confirmed for row in entry_points] == [True, True, True, False]
    assert entry_point_for(entry_points, 2026).entry_point == (
        "http://www.nltaxonomie.nl/nt20/bd/20251210/entrypoints/bd-rpt-ob-aangifte-2026.xsd"
    )


def test_a_year_without_a_row_is_refused(entry_points: tuple[EntryPoint, ...]) -> None:
    with pytest.raises(TableError, match="2023"):
        entry_point_for(entry_points, 2023)


def test_a_day_before_the_table_begins_is_refused(accounts: tuple[TaxAccount, ...]) -> None:
    with pytest.raises(TableError, match="2013-12-31"):
        account_on(accounts, date(2013, 12, 31))
    with pytest.raises(TableError, match="2013-12-31"):
        rates_on((), date(2013, 12, 31))


def test_the_rates_of_2026_are_21_and_9_percent(rates: VatRates) -> None:
    assert (rates.general, rates.reduced) == (21, 9)
