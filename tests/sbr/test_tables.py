"""Dated tables of law: the shipped ones are right, and a wrong one is refused with its place."""

from datetime import date

import pytest

from kantoor.sbr.tables import (
    AccountRow,
    EntryPointRow,
    RateRow,
    TableError,
    account_on,
    entry_point_for,
    load_table,
    rates_on,
)


def test_every_year_from_2024_to_2027_has_its_entry_point(entry_points: tuple[EntryPointRow, ...]) -> None:
    assert [row.year for row in entry_points] == [2024, 2025, 2026, 2027]
    assert [row.confirmed for row in entry_points] == [True, True, True, False]
    assert entry_point_for(entry_points, 2026).entry_point == (
        "http://www.nltaxonomie.nl/nt20/bd/20251210/entrypoints/bd-rpt-ob-aangifte-2026.xsd"
    )


def test_a_year_without_a_row_is_refused(entry_points: tuple[EntryPointRow, ...]) -> None:
    with pytest.raises(TableError, match="2023"):
        entry_point_for(entry_points, 2023)


def test_a_day_before_the_table_begins_is_refused(accounts: tuple[AccountRow, ...]) -> None:
    with pytest.raises(TableError, match="2013-12-31"):
        account_on(accounts, date(2013, 12, 31))
    with pytest.raises(TableError, match="2013-12-31"):
        rates_on((), date(2013, 12, 31))


def test_the_rates_of_2026_are_21_and_9_percent(rates: RateRow) -> None:
    assert (rates.general, rates.reduced) == (21, 9)


TABLE = """title: Rekening
source: x
rows:
  - {{ from: {since}, iban: {iban}, name: B, bic: {bic} }}
  - {{ from: 2026-05-01, iban: NL04RABO0200112244, name: B, bic: RABONL2U }}
"""


@pytest.mark.parametrize(
    ("since", "iban", "bic", "message"),
    [
        ("2026-05-01", "NL86INGB0002445588", "INGBNL2A", "two rows for 2026-05-01"),
        ("2020-01-01", "NL86INGB0002445589", "INGBNL2A", "rows.0.iban: .*check digits"),
        ("soon", "NL86INGB0002445588", "INGBNL2A", "rows.0.from"),
        ("2020-01-01", "NL86INGB0002445588", "ing", "rows.0.bic"),
        ("2020-01-01", "NL86INGB0002445588", "INGBNL2A, note: x", "rows.0.note"),
        ("2020-01-01", "'", "INGBNL2A", "no YAML"),
    ],
)
def test_a_wrong_table_is_refused_with_the_place_of_its_mistake(
    since: str, iban: str, bic: str, message: str
) -> None:
    with pytest.raises(TableError, match=message):
        load_table(TABLE.format(since=since, iban=iban, bic=bic), AccountRow)


@pytest.mark.parametrize("text", ["", "[]", "title: x\nsource: x\nrows: []", "title: x"])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(TableError):
        load_table(text, RateRow)


def test_an_entry_point_whose_parts_disagree_is_refused() -> None:
    text = """title: x
source: x
rows:
  - year: 2026
    nt: nt20
    namespace_date: 2025-12-11
    entry_point: http://www.nltaxonomie.nl/nt20/bd/20251210/entrypoints/bd-rpt-ob-aangifte-2026.xsd
    namespace: http://www.nltaxonomie.nl/nt20/bd/20251210/dictionary/bd-data
    source: x
    confidence: H
"""
    with pytest.raises(TableError, match="/nt20/bd/20251211/"):
        load_table(text, EntryPointRow)
