"""What recurrences start by is marked when it changes, with what changed it, until they have been told."""

from datetime import date
from pathlib import Path

from kantoor.office.database.engine import Database
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.filings.recurrences import (
    Recurrence,
    list_stale,
    mark_stale,
    mark_told,
    save_recurrence,
)

from .material import OFFICE, VAT, accepting


def recurrence(relation: str, **facts: str) -> Recurrence:
    known = {"relation": relation, "template": "btw-aangifte", "product": VAT, "next_period": "2026-02"}
    return Recurrence.model_validate({**known, "next_start": date(2026, 1, 31), **facts})


def stale(office: Database) -> list[str]:
    with office.read() as connection:
        return [one.relation for one in list_stale(connection, 10)]


def test_an_import_marks_the_recurrences_whose_agreement_it_changed(office: Database, tmp_path: Path) -> None:
    with office.write() as connection:
        for relation in ("1001", "1002"):
            save_recurrence(connection, recurrence(relation))
    rows = "relation;product;sub_number;frequency;first_period\n1001;{};;{};{}\n1002;{};B01;quarter;2026-Q1\n"
    (tmp_path / "products.csv").write_text(rows.format(VAT, "quarter", "2026-Q4", VAT))
    assert isinstance(import_folder(office, tmp_path, OFFICE, accepting), Imported)
    assert stale(office) == ["1001"]


def test_a_mark_stays_over_what_a_recurrence_saves_of_itself_until_it_was_told(office: Database) -> None:
    with office.write() as connection:
        save_recurrence(connection, recurrence("1001"))
        save_recurrence(connection, recurrence("1002", status="stopped"))
        mark_stale(connection, templates=["ander"])
        assert list_stale(connection, 10) == ()
        mark_stale(connection)
        save_recurrence(connection, recurrence("1001", next_period="2026-03"))
        (marked,) = list_stale(connection, 10)
        assert marked.next_period == "2026-03"
        mark_told(connection, [marked])
    assert stale(office) == []
