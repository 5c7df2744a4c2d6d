import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from temporalio.testing import ActivityEnvironment

from kantoor.data import canonical, replace
from kantoor.filing.digests import state_digest
from kantoor.filing.events import Actor, AnyEvent, Delivered, Hold, Note, Tick
from kantoor.filing.outcome import Step
from kantoor.filing.stalls import WRONG_RESULT
from kantoor.filing.state import State
from kantoor.filing.step import step
from kantoor.keys.ring import KeyRing
from kantoor.office.alarms import all_alarms
from kantoor.office.database.tables import filings, states, steps
from kantoor.office.filings.filing import Filing, find_filing
from kantoor.office.filings.records import UnknownFilingError
from kantoor.office.overviews.timeline import timeline_of
from kantoor.runtime.activities.offers import Offers
from kantoor.runtime.activities.recording import Recording, RecordingError
from kantoor.runtime.inputs import RecordAnswer, RecordInput, ResolveInput, StepRecord
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


def record(office: OfficeAtWork, input: RecordInput) -> RecordAnswer:
    """Have the activity record, as a worker does."""
    recording = Recording(office.database, office.equipment.document_ring)
    answer: RecordAnswer = ActivityEnvironment().run(recording.record, input)
    return answer


def first_then_second(input: RecordInput) -> tuple[RecordInput, RecordInput, State]:
    """Split two steps into a record each; return with them the state between."""
    began = step(VAT, None, input.steps[0].event)
    assert isinstance(began, Step)
    first, second = (replace(input, steps=(one,)) for one in input.steps)
    return first, second, began.state


def spoil(office: OfficeAtWork, content: bytes) -> None:
    """Put something in the place of every state that the office keeps."""
    with office.database.write() as connection:
        connection.execute(states.update().values(state=content))


def lines(office: OfficeAtWork, input: RecordInput) -> list[str]:
    with office.database.read() as connection:
        ring = office.equipment.document_ring.open_sealed
        return [line.text for line in timeline_of(connection, input.workflow_id, ring)]


def filing_of(office: OfficeAtWork, input: RecordInput) -> Filing:
    with office.database.read() as connection:
        found = find_filing(connection, input.workflow_id)
    assert found is not None
    return found


def alarms(office: OfficeAtWork) -> list[str]:
    with office.database.read() as connection:
        return [alarm.kind for alarm in all_alarms(connection)]


@pytest.mark.parametrize("held", [True, False])
def test_a_legal_day_that_passes_while_a_filing_is_held_raises_an_alarm(
    office: OfficeAtWork, *, held: bool
) -> None:
    prepared = office.prepared()
    said = {"id": "a1", "by": MANAGER, "at": datetime(2025, 12, 31, 9)}
    first = Hold(**said, reason="Wacht") if held else Note(**said, text="Belt terug")
    state, taken = None, []
    for event in (prepared.start, first, Tick(at=datetime(2026, 3, 1, 9))):
        done = step(VAT, state, event)
        assert isinstance(done, Step)
        state = done.state
        taken.append(as_recorded(event, done))
    record(office, RecordInput(workflow_id=prepared.new.id, steps=tuple(taken)))
    assert alarms(office) == (["missed_while_held"] if held else [])


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


def test_somebody_who_acted_in_a_role_of_others_raises_an_alarm(office: OfficeAtWork) -> None:
    liar = Actor(kind="team", id="anna", roles=("administratie", "accountant"))
    record(office, noted(office.prepared(), by=liar))
    assert alarms(office) == ["actor_differs"]


def test_a_result_of_another_kind_than_its_command_raises_an_alarm(office: OfficeAtWork) -> None:
    prepared = office.prepared()
    began = step(VAT, None, prepared.start)
    assert isinstance(began, Step)
    tick = Tick(at=datetime(2026, 2, 1, 8))
    entered = step(VAT, began.state, tick)
    assert isinstance(entered, Step)
    (command,) = entered.commands
    wrong = Delivered(at=tick.at, number=command.number, reference="kenmerk")
    stalled = step(VAT, entered.state, wrong)
    assert isinstance(stalled, Step)
    taken = ((prepared.start, began), (tick, entered), (wrong, stalled))
    input = RecordInput(workflow_id=prepared.new.id, steps=tuple(as_recorded(*one) for one in taken))
    for _ in range(2):
        record(office, input)
    with office.database.read() as connection:
        (alarm,) = all_alarms(connection)
    assert (alarm.kind, alarm.filing) == ("wrong_result", input.workflow_id)
    assert alarm.text == (
        "in step 3 the command 'send' was answered with 'delivered': it is stalled until somebody retries it"
    )
    assert lines(office, input)[-1] == f"Niet gelukt: het versturen van een bericht. {WRONG_RESULT}"


def test_a_filing_without_a_row_is_not_recorded(office: OfficeAtWork) -> None:
    input = noted(office.prepared())
    with pytest.raises(UnknownFilingError):
        record(office, replace(input, workflow_id="filing/btw-aangifte/1001/2026-02/-/1"))


def test_a_state_that_is_gone_is_asked_for_and_the_steps_are_recorded_from_the_one_sent(
    office: OfficeAtWork,
) -> None:
    whole = noted(office.prepared())
    first, second, between = first_then_second(whole)
    record(office, first)
    with office.database.write() as connection:
        connection.execute(states.delete())
    assert record(office, second) == RecordAnswer(needs_state=True)
    assert filing_of(office, whole).recorded == 1
    assert record(office, replace(second, asked=True, before=between)) == RecordAnswer(needs_state=False)
    assert alarms(office) == []
    assert filing_of(office, whole).state_digest == whole.steps[1].digest
    assert lines(office, whole)[-1] == "Notitie: Belt terug"


@pytest.mark.parametrize("content", [b"", b"no seal at all", b"\x01" + bytes(60)])
def test_a_state_that_cannot_be_read_stops_nothing(office: OfficeAtWork, content: bytes) -> None:
    whole = noted(office.prepared())
    first, second, between = first_then_second(whole)
    record(office, first)
    spoil(office, content)
    assert record(office, second).needs_state
    assert alarms(office) == ["state_differs"]
    assert not record(office, replace(second, asked=True, before=between)).needs_state
    assert filing_of(office, whole).recorded == 2


def test_a_state_of_another_key_is_asked_for(office: OfficeAtWork, tmp_path: Path) -> None:
    whole = noted(office.prepared())
    first, second, between = first_then_second(whole)
    record(office, first)
    other = KeyRing.open(tmp_path / "other", "documents", may_make=True)
    spoil(office, other.seal(zlib.compress(canonical(between)), whole.workflow_id.encode()))
    assert record(office, second).needs_state


def test_the_first_steps_of_a_filing_need_no_state(office: OfficeAtWork) -> None:
    whole = noted(office.prepared())
    first, _, _ = first_then_second(whole)
    record(office, first)
    spoil(office, b"")
    assert not record(office, whole).needs_state
    assert filing_of(office, whole).recorded == 2
    assert alarms(office) == ["state_differs"]


def test_steps_that_are_missing_before_are_told_and_the_rest_is_recorded(office: OfficeAtWork) -> None:
    whole = noted(office.prepared())
    _, second, between = first_then_second(whole)
    assert record(office, second).needs_state
    record(office, replace(second, asked=True, before=between))
    assert filing_of(office, whole).recorded == 2
    assert lines(office, whole) == ["Notitie: Belt terug"]
    assert alarms(office) == ["record_gap"]
    with office.database.read() as connection:
        (gap,) = [alarm.text for alarm in all_alarms(connection) if alarm.kind == "record_gap"]
    assert gap == "steps 1 to 1 are in no record and no history: the timeline lacks them"


def test_steps_that_lead_elsewhere_from_the_filings_own_state_are_not_recorded(office: OfficeAtWork) -> None:
    whole = noted(office.prepared())
    first, second, between = first_then_second(whole)
    record(office, first)
    other = replace(second, steps=(replace(second.steps[0], digest="0" * 64),))
    assert record(office, other).needs_state
    with pytest.raises(RecordingError):
        record(office, replace(other, asked=True, before=between))
    assert filing_of(office, whole).recorded == 1
    assert alarms(office) == ["state_differs"]


def test_a_record_of_format_1_is_read_and_its_events_are_asked_for(office: OfficeAtWork) -> None:
    prepared = office.prepared()
    old = {"sequence": 1, "digest": "d", "entries": [{"what": "noted"}], "actors": []}
    content = {"workflow_id": prepared.new.id, "steps": [old], "view": {"title": "Aangifte BTW"}}
    input = msgspec.convert(content, RecordInput)
    assert record(office, input).needs_state
    assert (filing_of(office, input).recorded, alarms(office)) == (0, [])


def test_steps_of_format_1_that_have_no_event_any_more_are_told(office: OfficeAtWork) -> None:
    input = RecordInput(
        workflow_id=office.prepared().new.id, steps=(StepRecord(sequence=1, digest="d"),), asked=True
    )
    assert not record(office, input).needs_state
    assert alarms(office) == ["record_gap"]


def test_what_format_1_recorded_is_known_again_by_its_digest(office: OfficeAtWork) -> None:
    whole = noted(office.prepared())
    rows = [
        {"filing": whole.workflow_id, "sequence": one.sequence, "digest": one.digest, "content": "format 1"}
        for one in whole.steps
    ]
    with office.database.write() as connection:
        connection.execute(steps.insert(), rows)
        connection.execute(filings.update().values(recorded=len(rows)))
    record(office, whole)
    assert alarms(office) == []
    record(office, replace(whole, steps=(replace(whole.steps[0], digest="0" * 64),)))
    assert alarms(office) == ["record_differs"]


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
    answer = ActivityEnvironment().run(Offers(office.database, office.equipment.document_ring).resolve, input)
    (recipient,) = answer.result.recipients
    assert (recipient.contact, "approve" in recipient.may) == ("c-jansen", True)
    assert (answer.result.sender, answer.result.problem) == ("carla", None)
