"""What should have started by itself and could not is work for somebody (R28)."""

from datetime import date
from typing import Any

import pytest

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import relation_roles
from kantoor.office.filings.recurrences import Recurrence, save_recurrence
from kantoor.office.overviews.worklist import WorkLine, work_of, work_of_nobody
from kantoor.office.people import find_person
from kantoor.office.plans import publish

from .material import NOW, OFFICE, TODAY

PROBLEM = "Het omzetbelastingnummer ontbreekt."


def save(office: Database, **facts: Any) -> None:
    values = {
        "relation": "1001",
        "template": "btw-aangifte",
        "product": "aangifte-btw",
        "next_period": "2026-01",
        "next_start": date(2025, 12, 31),
        "problem": PROBLEM,
        **facts,
    }
    with office.write() as connection:
        save_recurrence(connection, Recurrence.model_validate(values))


def work(office: Database, who: str) -> list[WorkLine]:
    with office.read() as connection:
        person = find_person(connection, who)
        assert person is not None
        return [line for line in work_of(connection, person, TODAY) if line.kind != "uncovered"]


def test_a_start_that_is_not_possible_is_work_for_who_sends_on_behalf_of_the_office(office: Database) -> None:
    save(office)
    (line,) = work(office, "ans")
    assert (line.kind, line.title, line.missing) == (
        "recurrence",
        "Aangifte BTW",
        (PROBLEM,),
    )
    assert (line.filing, line.relation_name, line.period) == (
        "recurrence/btw-aangifte/1001/-",
        "Bakkerij De Korenaar B.V.",
        "2026-01",
    )
    assert (line.due, line.late) == (date(2025, 12, 31), True)
    assert work(office, "bas") == []
    assert work(office, "c1") == []


@pytest.mark.parametrize("facts", [{"problem": ""}, {"status": "paused"}, {"status": "stopped"}])
def test_one_that_waits_is_paused_or_was_stopped_is_nobodys_work(
    office: Database, facts: dict[str, str]
) -> None:
    save(office, **facts)
    assert work(office, "ans") == []


def test_where_nobody_sends_on_behalf_of_the_office_it_is_work_for_who_has_another_role(
    office: Database,
) -> None:
    save(office)
    with office.write() as connection:
        connection.execute(relation_roles.delete().where(relation_roles.c.role == "relatiebeheerder"))
    assert [line.kind for line in work(office, "bas")] == ["recurrence"]


def test_where_nobody_has_any_role_it_is_among_the_work_of_nobody(office: Database) -> None:
    save(office, relation="1003")
    assert work(office, "ans") == []
    with office.read() as connection:
        found = [line for line in work_of_nobody(connection, TODAY) if line.kind != "uncovered"]
        assert [line.relation for line in found] == ["1003"]


def test_one_whose_template_was_withdrawn_is_still_seen(office: Database) -> None:
    save(office)
    with office.write() as connection:
        publish(connection, [], OFFICE, revision="", author="", at=NOW)
    assert [line.kind for line in work(office, "ans")] == ["recurrence"]
