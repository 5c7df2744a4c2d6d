"""Dated tables of law: what the shipped ones say, and what they do not know."""

from datetime import date

import pytest

from kantoor.plan import EntryPoint, TaxAccount, VatRates
from kantoor.sbr.findings import ReportError
from kantoor.sbr.tables import account_on, entry_point_for, rates_on

REPORT = "omzetbelasting"


def test_every_year_from_2024_to_2027_has_its_entry_point(entry_points: tuple[EntryPoint, ...]) -> None:
    assert [row.year for row in entry_points] == [2024, 2025, 2026, 2027]
    assert [row.confirmed for row in entry_points] == [True, True, True, False]
    assert entry_point_for(entry_points, REPORT, 2026).entry_point == (
        "http://www.nltaxonomie.nl/nt20/bd/20251210/entrypoints/bd-rpt-ob-aangifte-2026.xsd"
    )


def test_a_year_without_a_row_is_refused(entry_points: tuple[EntryPoint, ...]) -> None:
    with pytest.raises(ReportError, match=r"over 2023 .* vul definitions/law/omzetbelasting\.yaml aan"):
        entry_point_for(entry_points, REPORT, 2023)


def test_the_rows_of_another_report_are_not_taken(entry_points: tuple[EntryPoint, ...]) -> None:
    with pytest.raises(ReportError, match=r"definitions/law/icp-opgaaf\.yaml"):
        entry_point_for(entry_points, "icp-opgaaf", 2026)


def test_an_inferred_row_counts_only_where_inferred_ones_will_do(
    entry_points: tuple[EntryPoint, ...],
) -> None:
    assert entry_point_for(entry_points, REPORT, 2027, inferred=True).year == 2027
    with pytest.raises(ReportError, match="nog niet gecontroleerd"):
        entry_point_for(entry_points, REPORT, 2027)


def test_on_a_day_before_the_table_begins_no_account_and_no_rates_are_known(
    accounts: tuple[TaxAccount, ...],
) -> None:
    with pytest.raises(ReportError, match="31 december 2013"):
        account_on(accounts, date(2013, 12, 31))
    assert rates_on((), date(2013, 12, 31)) is None


def test_the_rates_of_2026_are_21_and_9_percent(rates: VatRates) -> None:
    assert (rates.general, rates.reduced) == (21, 9)
