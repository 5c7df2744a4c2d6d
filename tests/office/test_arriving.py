"""Who visits with a session is found with one statement, with the office and its clock."""

from datetime import UTC, datetime, timedelta

import pytest

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import team
from kantoor.office.office_clock import read_clock, write_clock
from kantoor.office.people import find_person
from kantoor.office.plans import active_office
from kantoor.office.visits.managers import make_manager
from kantoor.office.visits.second_factors import SecondFactor, put_factor, take_step
from kantoor.office.visits.sessions import begin_session
from kantoor.service.visiting.arriving import find_arrival
from tests.counting import count_statements

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(("who", "manages"), [("ans", True), ("bas", False), ("c1", False)])
def test_who_arrives_is_known_with_all_that_every_page_needs(
    office: Database, who: str, manages: bool
) -> None:
    with office.write() as connection:
        token = begin_session(connection, who, at=NOW, until=NOW + HOUR)
        make_manager(connection, "ans", NOW)
        put_factor(connection, SecondFactor(member="ans", secret=b"sealed"))
        assert take_step(connection, "ans", 1, NOW)
        write_clock(connection, {"kind": "practice"}, datetime(2026, 2, 3))
        told = (find_person(connection, who), active_office(connection), read_clock(connection))
    with office.read() as connection, count_statements(office) as sent:
        found = find_arrival(connection, token, NOW)
        known = (find_person(connection, who), active_office(connection), read_clock(connection))
    assert found is not None
    assert (found.person, found.manages, found.enrolled) == (told[0], manages, manages)
    assert known == told
    assert len([one for one in sent if one.startswith("SELECT")]) == 1


def test_nobody_arrives_with_a_session_that_is_over_or_of_who_left(office: Database) -> None:
    with office.write() as connection:
        over = begin_session(connection, "bas", at=NOW - HOUR, until=NOW)
        left = begin_session(connection, "ans", at=NOW, until=NOW + HOUR)
        connection.execute(team.update().where(team.c.id == "ans").values(active=False))
    with office.read() as connection:
        assert [find_arrival(connection, token, NOW) for token in (over, left, "x")] == [None] * 3
