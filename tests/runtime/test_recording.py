from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from temporalio.testing import ActivityEnvironment

from kantoor.data import replace
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Actor, AnyEvent, Note
from kantoor.filing.outcome import Step
from kantoor.filing.step import step
from kantoor.office.alarms import all_alarms
from kantoor.office.filings.filing import Filing, find_filing
from kantoor.office.filings.records import UnknownFilingError
from kantoor.runtime.activities.offers import Offers
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.inputs import RecordInput, ResolveInput, StepRecord
from kantoor.runtime.preparing import Prepared
from tests.filing.driver import MANAGER
from tests.filing.plans import VAT

from .office import OfficeAtWork, make_office, origin_of


@pytest.fixture
def office(tmp_path: Path) -> Iterator[OfficeAtWork]:
    office = make_office(tmp_path / "home")
    yield office
    office.equipment.close()


def noted(prepared: Prepared, by: Actor = MANAGER) -> RecordInput:
    """A filing that began and in which somebody wrote a note."""
    began = step(VAT, None, prepared.start)
    assert isinstance(began, Step)
    note = Note(at=datetime(2025, 12, 31, 9), id="a1", by=by, text="Belt terug")
    then = step(VAT, began.state, note)
    assert isinstance(then, Step)
    return RecordInput(
        workflow_id=prepared.new.id,
        steps=(as_recorded(prepared.start, began), as_recorded(note, then)),
    )


def as_recorded(event: AnyEvent, taken: Step) -> StepRecord:
    return StepRecord(sequence=taken.sequence, event=event, digest=state_digest(VAT, taken.state))


def record(office: OfficeAtWork, input: RecordInput) -> None:
    ActivityEnvironment().run(Recording(office.database, office.equipment.document_ring).record, input)


def filing_of(office: OfficeAtWork, input: RecordInput) -> Filing:
    with office.database.read() as connection:
        found = find_filing(connection, input.workflow_id)
    assert found is not None
    return found


def alarms(office: OfficeAtWork) -> list[str]:
    with office.database.read() as connection:
        return [alarm.kind for alarm in all_alarms(connection)]


def test_recording_twice_changes_nothing(office: OfficeAtWork) -> None:
    input = noted(office.prepared())
    record(office, input)
    first = filing_of(office, input)
    record(office, input)
    assert filing_of(office, input) == first
    assert (first.status, first.recorded, first.state_digest) == ("loopt", 2, input.steps[-1].digest)
    assert not alarms(office)


def test_another_content_under_the_same_number_raises_an_alarm_and_keeps_the_first(
    office: OfficeAtWork,
) -> None:
    input = noted(office.prepared())
    record(office, input)
    other = replace(input.steps[1], digest="0" * 64)
    record(office, replace(input, steps=(input.steps[0], other)))
    assert filing_of(office, input).state_digest == input.steps[1].digest
    assert alarms(office) == ["record_differs"]


def test_somebody_who_acted_in_a_role_that_he_has_not_raises_an_alarm(office: OfficeAtWork) -> None:
    liar = Actor(kind="team", id="anna", roles=("administratie", "accountant"))
    record(office, noted(office.prepared(), by=liar))
    assert alarms(office) == ["actor_differs"]


def test_a_filing_without_a_row_is_not_recorded(office: OfficeAtWork) -> None:
    input = noted(office.prepared())
    with pytest.raises(UnknownFilingError):
        record(office, replace(input, workflow_id="filing/btw-aangifte/1001/2026-02/-/1"))


def test_an_offer_is_resolved_to_who_may_decide_today(office: OfficeAtWork) -> None:
    prepared = office.prepared()
    input = msgspec.convert(
        {
            "workflow_id": prepared.new.id,
            "origin": origin_of(prepared),
            "at": datetime(2026, 2, 3, 10),
            "command": {"kind": "resolve", "number": 4, "phase": "aanbieden"},
        },
        ResolveInput,
    )
    answer = ActivityEnvironment().run(Offers(office.database).resolve, input)
    (recipient,) = answer.result.recipients
    assert (recipient.contact, "approve" in recipient.may) == ("c-jansen", True)
    assert (answer.result.sender, answer.result.problem) == ("carla", None)
