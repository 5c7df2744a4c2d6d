"""What is agreed is kept with its dates: a change by an import is a new stretch of days (R64)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kantoor.data import replace
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import filings
from kantoor.office.exchange import Imported, NotImported, export_folder, import_folder
from kantoor.office.relations.relation import RelationProduct, pick_product, products_of
from kantoor.period import Period
from kantoor.plan import Product

from .material import OFFICE, VAT, accepting, start

BOOK_YEARS = replace(
    OFFICE,
    products=(
        *OFFICE.products,
        Product(id="samenstellen", title="Samenstellen", frequencies=("year", "book_year")),
    ),
)
HEADER = "relation;product;frequency;first_period"
LONG = f"{HEADER};until;fiscal_unit;way"


@pytest.fixture
def bring(office: Database, tmp_path: Path) -> Callable[..., str]:
    """Import rows of products.csv; return what is wrong with them, or nothing."""

    def bring(*rows: str, header: str = HEADER) -> str:
        folder = tmp_path / "more"
        folder.mkdir(exist_ok=True)
        (folder / "products.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
        found = import_folder(office, folder, BOOK_YEARS, accepting)
        if isinstance(found, Imported):
            return ""
        assert isinstance(found, NotImported)
        return "; ".join(problem.text for problem in found.problems)

    return bring


def agreed(office: Database, relation: str = "1001") -> list[str]:
    """Return how the VAT return is agreed, a stretch each."""
    with office.read() as connection:
        return [_say(one) for one in products_of(connection, relation, VAT)]


def _say(one: RelationProduct) -> str:
    first = one.first_period.code if one.first_period else "-"
    unit = " unit" if one.fiscal_unit else ""
    return f"{one.frequency} {first}..{one.until or ''}{unit}"


def run(office: Database, period: str) -> None:
    with office.write() as connection:
        start(connection, "1001", period)


def test_a_change_from_a_later_period_ends_what_was_agreed_on_the_day_before(
    office: Database, bring: Callable[..., str]
) -> None:
    run(office, "2026-08")
    assert bring(f"1001;{VAT};quarter;2026-Q4") == ""
    assert agreed(office) == ["month 2026-01..2026-09-30", "quarter 2026-Q4.."]
    with office.read() as connection:
        taken = products_of(connection, "1001", VAT)
    for code, frequency in (("2026-09", "month"), ("2026-Q4", "quarter"), ("2027-Q1", "quarter")):
        period = Period.parse(code)
        found = pick_product(taken, "-", period.start)
        assert found is not None
        assert (found.frequency, found.covers(period)) == (frequency, True)
    assert not any(one.covers(Period.parse("2026-10")) for one in taken)


@pytest.mark.parametrize(
    ("row", "header", "first"),
    [
        (f"1001;{VAT};quarter;", HEADER, "2026-Q4"),
        (f"1001;{VAT};quarter", "relation;product;frequency", "2026-Q4"),
        (f"1001;{VAT};quarter;2026-Q3", HEADER, "2026-Q4"),
        (f"1001;{VAT};quarter;2026-Q1", HEADER, "2026-Q4"),
        (f"1001;{VAT};year;2026", HEADER, "2027"),
    ],
)
def test_a_change_that_does_not_say_from_when_or_over_days_that_run_is_told_what_can_be(
    office: Database, bring: Callable[..., str], row: str, header: str, first: str
) -> None:
    run(office, "2026-08")
    words = "jaar" if ";year;" in row else "kwartaal"
    assert bring(row, header=header) == (
        "het product is per maand afgesproken; vul in vanaf welke periode het per "
        f"{words} gaat: {first} of later"
    )
    assert agreed(office) == ["month 2026-01.."]


def test_what_nothing_ran_of_can_be_corrected_from_its_first_period(
    office: Database, bring: Callable[..., str]
) -> None:
    with office.write() as connection:
        gone = start(connection, "1001", "2026-01")
        ended = {"ended": "cancelled", "status": "afgesloten"}
        connection.execute(filings.update().where(filings.c.id == gone.id).values(**ended))
    assert bring(f"1001;{VAT};quarter;2026-Q1") == ""
    assert agreed(office) == ["quarter 2026-Q1.."]


def test_the_same_kind_from_another_period_corrects_when_it_began(
    office: Database, bring: Callable[..., str]
) -> None:
    assert bring(f"1001;{VAT};month;2026-03") == ""
    assert agreed(office) == ["month 2026-03.."]
    assert bring(f"1001;{VAT};month;2025-11") == ""
    assert agreed(office) == ["month 2025-11.."]
    assert bring(f"1001;{VAT};month;") == ""
    assert agreed(office) == ["month -.."]


def test_a_planned_change_that_is_put_off_leaves_no_day_between(
    office: Database, bring: Callable[..., str]
) -> None:
    assert bring(f"1001;{VAT};quarter;2026-Q4") == ""
    assert bring(f"1001;{VAT};quarter;2027-Q1") == ""
    assert agreed(office) == ["month 2026-01..2026-12-31", "quarter 2027-Q1.."]


def test_a_fiscal_unit_is_entered_from_a_period_and_what_the_row_does_not_say_stays(
    office: Database, bring: Callable[..., str]
) -> None:
    assert bring(f"1001;{VAT};month;2026-01;;nee;signature", header=LONG) == ""
    unit = "relation;product;frequency;first_period;fiscal_unit"
    assert bring(f"1001;{VAT};month;2026-07;ja", header=unit) == ""
    assert agreed(office) == ["month 2026-01..2026-06-30", "month 2026-07.. unit"]
    with office.read() as connection:
        assert {one.way for one in products_of(connection, "1001", VAT)} == {"signature"}


def test_a_product_that_ended_is_taken_again_later(office: Database, bring: Callable[..., str]) -> None:
    assert bring(f"1001;{VAT};month;2026-01;2026-03-31;nee;", header=LONG) == ""
    assert bring(f"1001;{VAT};month;2026-09") == ""
    assert agreed(office) == ["month 2026-01..2026-03-31", "month 2026-09.."]


def test_rows_of_one_folder_follow_each_other_in_any_order(
    office: Database, bring: Callable[..., str]
) -> None:
    rows = (f"1001;{VAT};quarter;2026-Q4", f"1001;{VAT};month;2026-01", f"1001;{VAT};year;2028")
    assert bring(*rows) == ""
    expected = ["month 2026-01..2026-09-30", "quarter 2026-Q4..2027-12-31", "year 2028.."]
    assert agreed(office) == expected
    assert bring(*reversed(rows)) == ""
    assert agreed(office) == expected


def test_where_several_are_agreed_a_row_says_which(office: Database, bring: Callable[..., str]) -> None:
    assert bring(f"1001;{VAT};quarter;2026-Q4") == ""
    text = "over dit product zijn meer afspraken gemaakt; vul de eerste periode in"
    assert bring(f"1001;{VAT};quarter", header="relation;product;frequency") == text
    assert bring(f"1001;{VAT};quarter;") == text


def test_two_rows_from_one_day_are_told(office: Database, bring: Callable[..., str]) -> None:
    said = bring(f"1001;{VAT};month;2026-01", f"1001;{VAT};quarter;2026-Q1")
    assert said == (
        "nog een rij voor dezelfde relatie, hetzelfde product en subnummer en dezelfde eerste periode"
    )


def test_dated_agreements_come_in_elsewhere_as_they_were(
    office: Database, new_databases: Callable[[], Database], bring: Callable[..., str], tmp_path: Path
) -> None:
    assert bring(f"1001;{VAT};quarter;2026-Q4") == ""
    export_folder(office, tmp_path / "out", OFFICE)
    other = new_databases()
    assert isinstance(import_folder(other, tmp_path / "out", OFFICE, accepting), Imported)
    assert agreed(other) == agreed(office) == ["month 2026-01..2026-09-30", "quarter 2026-Q4.."]


def test_a_broken_book_year_is_agreed_by_its_first_one(office: Database, bring: Callable[..., str]) -> None:
    assert bring("1001;samenstellen;book_year;2026-07..2027-06") == ""
    with office.read() as connection:
        (taken,) = products_of(connection, "1001", "samenstellen")
    assert taken.first_period == Period.parse("2026-07..2027-06")
    assert taken.covers(Period.parse("2027-07..2028-06"))
    assert not taken.covers(Period.parse("2027"))
    assert "geen periode van de frequentie" in bring("1001;samenstellen;book_year;2026")
    of_days = bring("1001;samenstellen;book_year;1-7-2027 t/m 30-6-2028")
    assert "bedoelt u '2027-07..2028-06'?" in of_days
