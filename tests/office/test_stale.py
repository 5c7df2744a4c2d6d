"""What recurrences start by is marked when it changes, with what changed it, until they have been told."""

from datetime import date
from pathlib import Path

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import filings
from kantoor.office.exchange import Imported, import_folder
from kantoor.office.filings.open_offers import remark, take_marked
from kantoor.office.filings.recurrences import (
    Recurrence,
    list_stale,
    mark_stale,
    mark_told,
    save_recurrence,
)

from .material import OFFICE, VAT, accepting, start


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


def marked_offers(office: Database, most: int = 10, after: str = "") -> list[str]:
    with office.write() as connection:
        return [id.split("/")[2] for id in take_marked(connection, most, after)]


def test_an_import_of_people_marks_the_open_filings_of_their_relations(
    office: Database, tmp_path: Path
) -> None:
    with office.write() as connection:
        for relation in ("1001", "1002"):
            start(connection, relation)
        ended = start(connection, "1001", "2026-02")
        connection.execute(filings.update().where(filings.c.id == ended.id).values(status="afgesloten"))
    rows = "contact;relation;product;may;jointly;since;until;proof\nc1;1001;{};see;;2026-01-01;;\n"
    (tmp_path / "authorities.csv").write_text(rows.format(VAT))
    done = import_folder(office, tmp_path, OFFICE, accepting)
    assert isinstance(done, Imported), done
    assert marked_offers(office) == ["1001"]
    assert marked_offers(office) == []


def test_marked_filings_are_taken_in_turn_so_that_none_waits_for_others(office: Database) -> None:
    with office.write() as connection:
        ids = [start(connection, "1001", period).id for period in ("2026-01", "2026-02", "2026-03")]
        remark(connection, ids)
        first = take_marked(connection, 2)
        remark(connection, first)
        assert take_marked(connection, 2, first[-1]) == (ids[2],)
        assert take_marked(connection, 2) == first
