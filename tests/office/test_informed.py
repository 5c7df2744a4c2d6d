"""What a contact can still object to is found by the database, and is bounded."""

from kantoor.office.database.engine import Database
from kantoor.office.database.tables import filings
from kantoor.office.overviews.informed import MOST_INFORMED, list_informing

from .material import start


def put(office: Database, relation: str, period: str, *offers: dict[str, object], **values: object) -> None:
    with office.write() as connection:
        made = start(connection, relation, period)
        row = {"status": "loopt", "view": {"offers": [*offers]}, **values}
        connection.execute(filings.update().where(filings.c.id == made.id).values(**row))


def offer(until: str | None, *waiting: str) -> dict[str, object]:
    return {"object_until": until, "waiting": [*waiting]}


def test_only_what_somebody_can_object_to_is_read_the_earliest_day_first(office: Database) -> None:
    put(office, "1001", "2026-01", offer("2026-03-02", "c1", "c2"))
    put(office, "1003", "2026-02", offer(None, "c1"), offer("2026-03-01", "c1"))
    put(office, "1001", "2026-03", offer("2026-02-01", "c2"))
    put(office, "1001", "2026-04", offer(None, "c1"))
    put(office, "1001", "2026-05")
    put(office, "1001", "2026-07", view=None)
    put(office, "1001", "2026-06", offer("2026-02-01", "c1"), status="afgesloten", ended="cancelled")
    put(office, "1002", "2026-01", offer("2026-02-01", "c1"))
    with office.read() as connection:
        assert [(one.relation, one.period) for one in list_informing(connection, "c1")] == [
            ("1003", "2026-02"),
            ("1001", "2026-01"),
        ]
        assert [one.period for one in list_informing(connection, "c2")] == ["2026-03", "2026-01"]
        assert list_informing(connection, "c3") == ()


def test_of_many_no_more_are_read_than_tell_that_there_are_more(office: Database) -> None:
    for number in range(MOST_INFORMED + 2):
        period = f"{2026 + number // 12}-{number % 12 + 1:02}"
        put(office, "1001", period, offer("2026-03-02", "c1"))
    with office.read() as connection:
        assert len(list_informing(connection, "c1")) == MOST_INFORMED + 1
