"""Bulk runs in the database: kept once, told from each other, changed only from where they stand."""

from datetime import date, datetime
from typing import Any

from kantoor.office.bulk import (
    Foreseen,
    LineStatus,
    NewLine,
    NewRun,
    Outcome,
    Run,
    begin_lines,
    change_status,
    count_lines,
    create_run,
    find_run,
    list_lines,
    list_running,
    list_runs,
    set_lines,
    write_outcomes,
)
from kantoor.office.database.engine import Database
from kantoor.office.relations.removing import remove_relation

AT = datetime(2026, 1, 5, 9)
MOST = 5


def new(id: str = "a", **facts: Any) -> NewRun:
    known = {"id": id, "asked": {"action": "start"}, "who": "ans", "worked_out_under": {"": "x"}}
    return NewRun(**known | {"day": date(2026, 1, 5), "made_at": AT} | facts)


def line(relation: str, foreseen: Foreseen = "ready") -> NewLine:
    return NewLine(
        relation=relation,
        product=None,
        sub_number="-",
        filing=None,
        item="",
        foreseen=foreseen,
        text="start nu",
        seen="x",
    )


def keep(database: Database, *lines: NewLine, id: str = "a") -> Run:
    with database.write() as connection:
        return create_run(connection, new(id), lines)


def statuses(database: Database, run: Run) -> list[LineStatus]:
    with database.read() as connection:
        return [one.status for one in list_lines(connection, run.number)]


def test_a_run_is_kept_once_under_its_id_and_read_as_it_was(database: Database) -> None:
    first, again = keep(database, line("1"), line("9", "not_ready")), keep(database, line("2"))
    other = keep(database, line("3"), id="b")
    assert first == again
    assert first.number != other.number
    with database.read() as connection:
        assert find_run(connection, first.number) == first
        assert [one.number for one in list_runs(connection, 0, MOST)] == [other.number, first.number]
        lines = list_lines(connection, first.number)
    assert [(one.relation, one.number, one.status, one.name) for one in lines] == [
        ("1", 1, "open", ""),
        ("9", 2, "left", ""),
    ]


def test_how_a_run_stands_changes_from_where_it_stands_alone(database: Database) -> None:
    run = keep(database, line("1"))
    with database.write() as connection:
        assert change_status(connection, run.number, ["shown"], "running", confirmed_at=AT)
        assert not change_status(connection, run.number, ["shown"], "running")
        assert list_running(connection) == (run.number,)
        assert change_status(connection, run.number, ["running", "paused"], "done", ended_at=AT)
        assert list_running(connection) == ()
        found = find_run(connection, run.number)
    assert found is not None
    assert (found.status, found.confirmed_at, found.ended_at) == ("done", AT, AT)


def test_outcomes_are_written_over_what_still_stands_so(database: Database) -> None:
    run = keep(database, *(line(str(number)) for number in range(4)))
    with database.write() as connection:
        begun = [Outcome(number=number, status="begun", said="") for number in (1, 2)]
        write_outcomes(connection, run.number, ["open"], begun)
        done = [Outcome(number=number, status="done", said="gestart") for number in (1, 2, 3)]
        write_outcomes(connection, run.number, ["begun"], done)
        set_lines(connection, run.number, ["open"], "cancelled")
    assert statuses(database, run) == ["done", "done", "cancelled", "cancelled"]
    with database.read() as connection:
        counted = count_lines(connection, [run.number])
        some = list_lines(connection, run.number, statuses=["done"], skip=1, most=1)
    assert counted == {run.number: {("ready", "done"): 2, ("ready", "cancelled"): 2}}
    assert [(one.number, one.said) for one in some] == [(2, "gestart")]


def test_of_a_relation_that_is_removed_only_its_number_stays(database: Database) -> None:
    run = keep(database, line("1"), line("2"))
    with database.write() as connection:
        remove_relation(connection, "1")
        lines = list_lines(connection, run.number)
    assert [(one.relation, one.text) for one in lines] == [("1", ""), ("2", "start nu")]


def test_only_lines_that_stood_open_are_ours_to_do(database: Database) -> None:
    run = keep(database, line("1"), line("2"), line("3"))
    with database.write() as connection:
        assert begin_lines(connection, run.number, [1, 2]) == {1, 2}
        assert begin_lines(connection, run.number, [2, 3]) == {3}
    assert statuses(database, run) == ["begun", "begun", "begun"]
