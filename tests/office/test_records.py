"""A step is recorded once: the same again is nothing, another one an alarm; lists follow the view."""

from datetime import date, datetime
from typing import Any

import pytest

from kantoor.office.alarms import all_alarms
from kantoor.office.database.engine import Database
from kantoor.office.database.tables import authorities
from kantoor.office.filings import records
from kantoor.office.filings.filing import (
    FilingExists,
    NewFiling,
    create_filing,
    create_filings,
    find_filing,
    list_filings,
)
from kantoor.office.filings.records import (
    ActorRecord,
    EntryRecord,
    FilingRecord,
    StepRecord,
    UnknownFilingError,
)
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.overviews.worklist import work_of
from kantoor.office.people import find_person

from ..counting import count_statements
from .material import ROLES, TODAY, VAT, start

AT = datetime(2026, 1, 5, 9, 0)


ID = "filing/btw-aangifte/1001/2026-01/-/1"


def record(database: Database, batch: FilingRecord, id: str = ID) -> int:
    """Record as the activity does, without a key; return the last step that is recorded then."""
    with database.write() as connection:
        known = records.read_recorded(connection, id)
        new = records.find_new(connection, known, batch.steps)
        if new:
            recorded = batch.model_copy(update={"steps": new})
            records.record(connection, known, recorded, lambda content, bound_to: bound_to + b" " + content)
        return records.read_recorded(connection, id).sequence


def step(sequence: int, text: str = "hallo", **facts: Any) -> StepRecord:
    entry = EntryRecord(at=AT, by="ans", what="noted", data={"text": text})
    return StepRecord(
        sequence=sequence, event=text.encode(), digest=f"digest-{sequence}", entries=(entry,), **facts
    )


def work_item(**facts: Any) -> dict[str, Any]:
    return {
        "kind": "phase",
        "id": "opstellen",
        "phase": "opstellen",
        "title": "Opstellen",
        "roles": ["administratie"],
        "contacts": [],
        "due": "2026-02-10",
        "missing": [],
        "proof": None,
        **facts,
    }


def batch(*steps: StepRecord, **facts: Any) -> FilingRecord:
    values = {
        "roles": ROLES,
        "steps": steps,
        "state": b"state",
        "view": {"title": "Aangifte BTW", "work": [work_item()]},
        "planner": "loopt",
        "phases": ("opstellen",),
        "due": date(2026, 2, 28),
        **facts,
    }
    return FilingRecord.model_validate(values)


@pytest.fixture
def filing(office: Database) -> Database:
    with office.write() as connection:
        start(connection)
    return office


def texts(database: Database) -> list[str]:
    with database.read() as connection:
        return [line.text for line in timeline_of(connection, ID, lambda sealed, at: sealed[len(at) + 1 :])]


def alarms(database: Database) -> list[str]:
    with database.read() as connection:
        return [alarm.kind for alarm in all_alarms(connection)]


def test_a_record_of_many_steps_looks_up_who_acted_once(filing: Database) -> None:
    actor = ActorRecord(kind="team", id="ans", roles=("administratie",))

    def count(first: int, last: int) -> int:
        numbers = range(first, last + 1)
        with count_statements(filing) as statements:
            assert record(filing, batch(*(step(number, actors=(actor,)) for number in numbers))) == last
        return len(statements)

    record(filing, batch(step(1)))
    assert count(2, 101) == count(102, 102)
    assert alarms(filing) == []


def test_a_step_is_on_the_timeline_and_its_view_is_the_filings(filing: Database) -> None:
    assert record(filing, batch(step(1), step(2, "nog iets"))) == 2
    assert texts(filing) == ["Notitie: hallo", "Notitie: nog iets"]
    with filing.read() as connection:
        found = find_filing(connection, ID)
    assert found is not None
    assert (found.status, found.planner, found.phases) == ("loopt", "loopt", ("opstellen",))
    assert (found.recorded, found.state_digest, found.due) == (2, "digest-2", date(2026, 2, 28))
    assert found.view == batch().view


def test_the_same_step_again_changes_nothing(filing: Database) -> None:
    record(filing, batch(step(1)))
    assert record(filing, batch(step(1), planner="klaar")) == 1
    assert record(filing, batch(step(1), step(2, "nieuw"))) == 2
    assert texts(filing) == ["Notitie: hallo", "Notitie: nieuw"]
    assert alarms(filing) == []


def test_another_step_under_the_same_number_raises_one_alarm_and_the_first_one_stays(
    filing: Database,
) -> None:
    record(filing, batch(step(1, "eerste")))
    for _ in range(2):
        assert record(filing, batch(step(1, "tweede"), planner="klaar")) == 1
    assert texts(filing) == ["Notitie: eerste"]
    assert alarms(filing) == ["record_differs"]
    with filing.read() as connection:
        found = find_filing(connection, ID)
    assert found is not None
    assert found.planner == "loopt"


def test_an_older_step_that_comes_late_changes_nothing(filing: Database) -> None:
    record(filing, batch(step(2), planner="bij_klant"))
    assert record(filing, batch(step(1), planner="loopt")) == 2
    with filing.read() as connection:
        found = find_filing(connection, ID)
    assert found is not None
    assert found.planner == "bij_klant"


def test_a_filing_that_ended_is_closed_at_its_last_moment(filing: Database) -> None:
    record(filing, batch(step(1), planner="klaar", ended="completed", due=None, view={"work": []}))
    with filing.read() as connection:
        found = find_filing(connection, ID)
    assert found is not None
    assert (found.status, found.ended, found.ended_at) == ("afgesloten", "completed", AT)


def test_a_record_of_a_filing_without_a_row_is_refused(office: Database) -> None:
    with pytest.raises(UnknownFilingError):
        record(office, batch(step(1)))


def test_nothing_to_record_is_nothing(filing: Database) -> None:
    assert record(filing, batch()) == 0


@pytest.mark.parametrize(
    ("actor", "kinds"),
    [
        (ActorRecord(kind="team", id="ans", roles=("relatiebeheerder", "administratie")), []),
        (ActorRecord(kind="team", id="ans", roles=("accountant",)), ["actor_differs"]),
        (ActorRecord(kind="team", id="ans", qualifications=("RA",)), ["actor_differs"]),
        (ActorRecord(kind="team", id="cor"), ["actor_differs"]),
        (ActorRecord(kind="team", id="nobody"), ["actor_differs"]),
        (ActorRecord(kind="contact", id="c1", may=("see", "approve")), []),
        (ActorRecord(kind="contact", id="c1", may=("sign",)), ["actor_differs"]),
        (ActorRecord(kind="contact", id="c3", may=("approve",)), ["actor_differs"]),
        (ActorRecord(kind="system", id="kantoor"), []),
    ],
)
def test_who_acted_is_held_against_the_database_again(
    filing: Database, actor: ActorRecord, kinds: list[str]
) -> None:
    record(filing, batch(step(1, actors=(actor,))))
    assert alarms(filing) == kinds


@pytest.mark.parametrize(
    ("jointly", "texts"),
    [
        ((), ["approve alone, sign alone"]),
        (("approve",), ["sign alone"]),
        (("approve", "sign"), []),
    ],
)
def test_who_decided_alone_what_they_may_only_jointly_raises_an_alarm(
    filing: Database, jointly: tuple[str, ...], texts: list[str]
) -> None:
    rights = ["approve", "sign"]
    row = {"contact": "c2", "relation": "1001", "product": VAT, "may": rights, "jointly": rights}
    with filing.write() as connection:
        connection.execute(authorities.insert().values(**row, since=date(2026, 1, 1), proof="volmacht"))
    actor = ActorRecord(kind="contact", id="c2", may=("see", "approve", "sign"), jointly=jointly)
    record(filing, batch(step(1, actors=(actor,))))
    with filing.read() as connection:
        found = [alarm.text for alarm in all_alarms(connection)]
    assert found == [f"c2 acted in step 1 with what the office did not give: {text}" for text in texts]


def work_for(database: Database, who: str) -> list[tuple[str, bool]]:
    with database.read() as connection:
        person = find_person(connection, who)
        assert person is not None
        lines = work_of(connection, person, TODAY)
        return [(line.title, line.late) for line in lines if line.kind != "uncovered"]


def test_work_is_on_the_list_of_who_has_the_role_or_its_fallback(filing: Database) -> None:
    record(filing, batch(step(1)))
    assert work_for(filing, "ans") == [("Opstellen", False)]
    assert work_for(filing, "bas") == []
    late = work_item(title="Indienen", roles=["fiscaal"], due="2026-01-04")
    record(filing, batch(step(2), view={"work": [late]}))
    assert work_for(filing, "ans") == []
    assert work_for(filing, "bas@linde.example") == [("Indienen", True)]


def test_what_waits_for_a_contact_is_on_their_list(filing: Database) -> None:
    view = {"work": [work_item(roles=[], contacts=["c1"], title="Akkoord geven")]}
    record(filing, batch(step(1), view=view))
    assert work_for(filing, "anna@korenaar.example") == [("Akkoord geven", False)]
    assert work_for(filing, "c2") == []
    assert work_for(filing, "c3") == []


def test_what_waits_for_the_client_is_on_the_list_of_who_may_answer(office: Database) -> None:
    with office.write() as connection:
        start(connection, "1002")
    other = ID.replace("1001", "1002")
    view = {"work": [work_item(roles=[], client=True, title="Stukken sturen")]}
    record(office, batch(step(1), view=view), other)
    assert work_for(office, "c3") == [("Stukken sturen", False)]
    assert work_for(office, "c1") == []


def test_a_second_row_of_the_same_filing_is_refused(filing: Database) -> None:
    with filing.write() as connection:
        found = find_filing(connection, ID)
        assert found is not None
        again = NewFiling.model_validate(found.model_dump(include=set(NewFiling.model_fields)))
        assert create_filing(connection, again) == FilingExists(filing=found)


def test_of_two_rows_with_one_id_in_a_batch_the_first_is_written(filing: Database) -> None:
    with filing.write() as connection:
        found = find_filing(connection, ID)
        assert found is not None
        known = found.model_dump(include=set(NewFiling.model_fields))
        new = NewFiling.model_validate(known | {"id": ID.replace("-01/", "-02/"), "period": "2026-02"})
        written, again = create_filings(connection, [new, new])
        assert not isinstance(written, FilingExists)
        assert again == FilingExists(filing=written)
        assert find_filing(connection, new.id) == written


def test_filings_are_listed_by_what_is_asked(filing: Database) -> None:
    with filing.write() as connection:
        start(connection, "1002", "2026-Q1")
    with filing.read() as connection:
        assert [f.relation for f in list_filings(connection)] == ["1001", "1002"]
        assert [f.relation for f in list_filings(connection, period="2026-Q1")] == ["1002"]
        assert [f.relation for f in list_filings(connection, relation="1001", status="gepland")] == ["1001"]
        assert list_filings(connection, template="x") == ()
        assert find_filing(connection, ID.removeprefix("filing/")) == find_filing(connection, ID)


def test_a_row_as_it_was_written_is_the_row_that_is_read(office: Database) -> None:
    with office.write() as connection:
        made = start(connection)
        assert find_filing(connection, made.id) == made
