"""Filings that wait for, start and leave notes for others, on a real server with an office's own parts."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.testing import ActivityEnvironment

from kantoor.data import replace
from kantoor.filing.digests import state_digest
from kantoor.filing.events import AnyEvent, Cancel, Complete, Failed, RecordFact, Retry, Started
from kantoor.filing.outcome import Step
from kantoor.filing.step import step
from kantoor.office.alarms import all_alarms
from kantoor.office.database.tables import (
    authorities,
    relation_contacts,
    relation_links,
    relation_products,
    relation_roles,
    relations,
)
from kantoor.office.filings.links import links_of
from kantoor.office.filings.notes import notes_in
from kantoor.office.filings.notices import NewNotice, keep_notice, list_notices
from kantoor.office.overviews.timeline import timeline_of
from kantoor.office.plans import publish
from kantoor.period import Period
from kantoor.plan import (
    Automation,
    FactDefinition,
    FilingAwaited,
    LeaveNote,
    NoticeAwaited,
    Plan,
    StartFiling,
    Text,
)
from kantoor.runtime.activities.other_filings import other_period
from kantoor.runtime.activities.recording import Recording
from kantoor.runtime.inputs import RecordInput, StepRecord
from kantoor.runtime.notices import match_notices
from tests.filing.driver import ADMIN, FISCAL
from tests.filing.plans import VAT

from .office import OfficeAtWork, make_office, office_of
from .running import CLOSE, DO, Running, automated, plan_of, run_office, waiting

RETURN = plan_of("aangifte-ib", DO, CLOSE)
FOR_ITS_PHASE = plan_of("jaarrekening", waiting(FilingAwaited(template="aangifte-ib", phase="doen")), CLOSE)
FOR_ITS_END = plan_of("jaarrekening", waiting(FilingAwaited(template="aangifte-ib")), CLOSE)
FOR_A_NOTICE = plan_of("bezwaar", waiting(NoticeAwaited(notice="naheffingsaanslag")), CLOSE)
STARTING = plan_of("onboarding", automated("completed", start=StartFiling(template="aangifte-ib")), CLOSE)
NOTING = plan_of(
    "suppletie",
    automated("completed", note=LeaveNote(template="aangifte-ib", message="btw-klaar")),
    CLOSE,
)


@pytest.fixture
async def running(tmp_path: Path, dev_client: Client) -> AsyncIterator[Running]:
    async with run_office(tmp_path / "home", dev_client) as running:
        yield running


async def test_a_filing_goes_on_when_the_phase_of_another_is_completed_and_both_are_linked(
    running: Running,
) -> None:
    running.publish(RETURN, FOR_ITS_PHASE)
    waits = await running.start("jaarrekening")
    await running.until_in(waits, "wachten")
    other = await running.start("aangifte-ib")
    await running.until_in(other, "doen")
    await running.do(other, Complete, ADMIN, phase="doen")
    await running.until_in(waits, "afronden")
    assert running.links(waits) == [("waits_for", True, other)]
    assert running.links(other) == [("waits_for", False, waits)]


async def test_a_cancelled_filing_ends_no_wait_and_one_that_is_left_is_not_watched_any_more(
    running: Running,
) -> None:
    running.publish(RETURN, FOR_ITS_END)
    other, waits = await running.start("aangifte-ib"), await running.start("jaarrekening")
    await running.until_in(other, "doen")
    await running.do(other, Cancel, ADMIN, reason="dubbel")
    await running.until(lambda: (row := running.row(other)) is not None and row.ended == "cancelled")
    await running.until_in(waits, "wachten")
    await running.do(waits, Cancel, FISCAL, reason="niet meer nodig")
    handle = running.client.get_workflow_handle(waits)
    await asyncio.wait_for(handle.result(), 60)
    assert "filing_reached" not in running.told(waits)


async def test_a_filing_goes_on_where_the_other_one_is_optional_and_nobody_agreed_on_it(
    running: Running,
) -> None:
    optional = FilingAwaited(template="loonaangifte", optional=True)
    running.publish(plan_of("jaarrekening", waiting(optional), CLOSE))
    goes_on = await running.start("jaarrekening")
    await running.until_in(goes_on, "afronden")
    assert running.told(goes_on).count("nothing_to_await") == 1
    assert running.links(goes_on) == []


async def test_a_filing_is_started_once_and_linked_both_ways(running: Running) -> None:
    running.publish(RETURN, STARTING)
    starts = await running.start("onboarding")
    await running.until_in(starts, "doen")
    await running.do(starts, Complete, ADMIN, phase="doen")
    other = "filing/aangifte-ib/1001/2026-01/-/1"
    await running.until_in(other, "doen")
    await running.until(lambda: bool(running.links(starts)))
    assert running.links(starts) == [("started", True, other)]
    assert running.links(other) == [("started", False, starts)]


async def test_a_filing_waits_for_those_of_all_linked_relations_and_is_linked_with_each(
    running: Running,
) -> None:
    members = FilingAwaited(template="aangifte-ib", phase="doen", of="unit_member", optional=True)
    running.publish(RETURN, plan_of("jaarrekening", waiting(members), CLOSE))
    alone = await running.start("jaarrekening", "2026-03")
    await running.until_in(alone, "afronden")
    assert "nobody_linked" in running.told(alone)
    link_unit(running, "2001", "2002")
    waits = await running.start("jaarrekening")
    await running.until_in(waits, "wachten")
    others = [await running.start("aangifte-ib", relation=number) for number in ("2001", "2002")]
    for other in others:
        await running.until_in(other, "doen")
        await running.do(other, Complete, ADMIN, phase="doen")
        assert running.told(waits).count("filing_reached") < 2
    await running.until_in(waits, "afronden")
    assert running.links(waits) == [("waits_for", True, other) for other in others]
    with running.office.database.read() as connection:
        assert [one.relation for one in links_of(connection, waits)] == ["2001", "2002"]
        (back,) = links_of(connection, others[0])
    assert (back.forward, back.other, back.relation) == (False, waits, "1001")


async def test_a_filing_is_started_for_each_linked_relation_and_stands_still_where_one_must_be_there(
    running: Running,
) -> None:
    start = StartFiling(template="aangifte-ib", of="unit_member")
    running.publish(RETURN, plan_of("onboarding", automated("completed", start=start), CLOSE))
    starts = await running.start("onboarding")
    await running.until_in(starts, "doen")
    await running.do(starts, Complete, ADMIN, phase="doen")
    await running.until(lambda: "stands_still" in running.told(starts))
    link_unit(running, "2001")
    await running.do(starts, Retry, ADMIN, phase="doen")
    other = "filing/aangifte-ib/2001/2026-01/-/1"
    await running.until_in(other, "doen")
    await running.until(lambda: bool(running.links(starts)))
    assert running.links(starts) == [("started", True, other)]


def link_unit(running: Running, *members: str) -> None:
    """Make the relation the head of a fiscal unit of these, which take what it takes."""
    with running.office.database.write() as connection:
        for number in members:
            for table, column in (
                (relations, "number"),
                (relation_contacts, "relation"),
                (relation_products, "relation"),
                (relation_roles, "relation"),
                (authorities, "relation"),
            ):
                rows = connection.execute(table.select().where(table.c[column] == "1001")).mappings().all()
                copies = [dict(row) | {column: number} for row in rows]
                connection.execute(table.insert(), copies)
            unit = {"relation": number, "link": "unit_head", "other": "1001", "since": date(2020, 1, 1)}
            connection.execute(relation_links.insert().values(**unit))


async def test_a_filing_that_ran_already_is_linked_and_not_said_to_be_started(running: Running) -> None:
    running.publish(RETURN, STARTING)
    other = await running.start("aangifte-ib")
    starts = await running.start("onboarding")
    await running.until_in(starts, "doen")
    await running.do(starts, Complete, ADMIN, phase="doen")
    await running.until(lambda: "ran_already" in running.told(starts))
    assert running.links(starts) == [("started", True, other)]


async def test_a_filing_that_cannot_be_started_is_a_stall_and_an_alarm_once_nobody_works_on_it(
    running: Running,
) -> None:
    gone = replace(STARTING, phases=(automated("completed", start=StartFiling(template="vpb")),))
    running.publish(gone)
    starts = await running.start("onboarding")
    await running.until_in(starts, "doen")
    await running.do(starts, Complete, ADMIN, phase="doen")
    await running.until(lambda: "not_started" in alarms(running, starts))
    told = running.told(starts)
    assert "stands_still" in told
    assert "started_another" not in told


async def test_a_note_is_shown_by_the_next_filing_of_its_template_and_by_no_later_one(
    running: Running,
) -> None:
    running.publish(RETURN, NOTING)
    leaves = await running.start("suppletie")
    await running.until_in(leaves, "doen")
    await running.do(leaves, Complete, ADMIN, phase="doen")
    await running.until(lambda: "note_left" in running.told(leaves))
    shown, later = (
        await running.start("aangifte-ib", "2026-02"),
        await running.start("aangifte-ib", "2026-03"),
    )
    with running.office.database.read() as connection:
        (note,) = notes_in(connection, shown, running.office.equipment.document_ring.open_sealed)
        assert notes_in(connection, later) == ()
    assert (note.filing, note.title, note.text) == (leaves, "btw-klaar", "…")


async def test_a_note_names_what_was_recorded(running: Running) -> None:
    fact = FactDefinition(id="bedrag", type="money", title="Bedrag", set_in=("doen",))
    other = FactDefinition(id="dag", type="date", title="Dag", set_in=("doen",), optional=True)
    text = Text(subject="Let op", body="{{ facts.bedrag }} op {{ facts.dag }}")
    message = replace(NOTING.message("btw-klaar"), texts={"nl": text})
    running.publish(RETURN, replace(NOTING, facts=(fact, other), messages=(message,)))
    leaves = await running.start("suppletie")
    await running.until_in(leaves, "doen")
    await running.do(leaves, RecordFact, ADMIN, phase="doen", fact="bedrag", value=123_456)
    await running.do(leaves, Complete, ADMIN, phase="doen")
    await running.until(lambda: "note_left" in running.told(leaves))
    shown = await running.start("aangifte-ib", "2026-02")
    with running.office.database.read() as connection:
        (note,) = notes_in(connection, shown, running.office.equipment.document_ring.open_sealed)
    assert note.text == "€\N{NO-BREAK SPACE}1.234,56 op nog niet bekend"


async def test_a_kept_notice_wakes_the_filing_that_begins_to_wait_for_it_afterwards(
    running: Running,
) -> None:
    running.publish(FOR_A_NOTICE)
    with running.office.database.write() as connection:
        keep_notice(connection, letter(), running.office.equipment.document_ring)
    await match_notices(running.office.equipment, running.client)
    waits = await running.start("bezwaar")
    await running.until_in(waits, "wachten")
    await match_notices(running.office.equipment, running.client)
    await running.until_in(waits, "afronden")
    with running.office.database.read() as connection:
        (notice,) = list_notices(connection, running.office.equipment.document_ring)
    assert (notice.filing, notice.taken_at is not None) == (waits, True)


async def test_a_notice_that_several_filings_wait_for_is_left_for_a_person(running: Running) -> None:
    running.publish(FOR_A_NOTICE)
    first, second = await running.start("bezwaar"), await running.start("bezwaar", "2026-02")
    await running.until_in(first, "wachten")
    await running.until_in(second, "wachten")
    with running.office.database.write() as connection:
        keep_notice(connection, letter(), running.office.equipment.document_ring)
    await match_notices(running.office.equipment, running.client)
    with running.office.database.write() as connection:
        assert [one.taken_at for one in list_notices(connection, running.office.equipment.document_ring)] == [
            None
        ]
        keep_notice(connection, letter(filing=second), running.office.equipment.document_ring)
    await match_notices(running.office.equipment, running.client)
    await running.until_in(second, "afronden")
    assert (row := running.row(first)) is not None
    assert row.phases == ("wachten",)


def test_links_that_a_database_lost_are_made_again_by_the_steps_that_tell_of_them(tmp_path: Path) -> None:
    office = make_office(tmp_path / "home")
    with office.database.write() as connection:
        plans = (RETURN, STARTING)
        publish(connection, plans, office_of(VAT), revision="r2", author="test", at=datetime.now(UTC))
    other = replace_plan(office, RETURN).prepared()
    starts = replace_plan(office, STARTING).prepared()
    at = datetime(2025, 12, 31, 9)
    events = (
        starts.start,
        Complete(at=at, id="a", by=ADMIN, phase="doen"),
        Started(at=at, number=1, filing=other.new.id.removeprefix("filing/")),
    )
    record(office, STARTING, starts.new.id, events)
    with office.database.read() as connection:
        (link,) = links_of(connection, other.new.id)
    office.equipment.close()
    assert (link.kind, link.forward, link.other) == ("started", False, starts.new.id)


def test_what_is_left_undone_when_a_filing_ends_raises_an_alarm_also_when_it_fails_afterwards(
    tmp_path: Path,
) -> None:
    office = make_office(tmp_path / "home")
    start = Automation(id="ib", at="entered", start=StartFiling(template="aangifte-ib"))
    note = Automation(id="let_op", at="entered", note=LeaveNote(template="aangifte-ib", message="btw-klaar"))
    plan = plan_of("onboarding", replace(DO, automations=(start, note)))
    with office.database.write() as connection:
        publish(connection, (plan,), office_of(VAT), revision="r2", author="test", at=datetime.now(UTC))
    prepared = replace_plan(office, plan).prepared()
    at = datetime(2025, 12, 31, 9)
    events = (
        prepared.start,
        Failed(at=at, number=1, error="Niet afgesproken."),
        Complete(at=at, id="a", by=ADMIN, phase="doen"),
        Failed(at=at, number=2, error="De tekst is niet in te vullen."),
    )
    record(office, plan, prepared.new.id, events)
    with office.database.read() as connection:
        ring = office.equipment.document_ring.open_sealed
        told = [(alarm.kind, alarm.text) for alarm in all_alarms(connection, prepared.new.id)]
        texts = [line.text for line in timeline_of(connection, prepared.new.id, ring)]
    office.equipment.close()
    assert told == [
        ("not_started", "in step 3 another filing could not be started, and this one has ended"),
        ("note_not_left", "in step 4 a note for another filing could not be left, and this one has ended"),
    ]
    undone = "Niet meer gedaan, omdat de opdracht is afgesloten: het starten van een andere opdracht"
    assert f"{undone}. Niet afgesproken." in texts


def record(office: OfficeAtWork, plan: Plan, filing: str, events: Sequence[AnyEvent]) -> None:
    """Write the steps of a filing down, as its workflow has them recorded."""
    state, steps = None, []
    for event in events:
        taken = step(plan, state, event)
        assert isinstance(taken, Step)
        state = taken.state
        digest = state_digest(plan, state)
        steps.append(StepRecord(sequence=taken.sequence, event=event, digest=digest))
    recording = Recording(office.database, office.equipment.document_ring)
    ActivityEnvironment().run(recording.record, RecordInput(workflow_id=filing, steps=tuple(steps)))


@pytest.mark.parametrize(
    ("own", "which", "kind", "code"),
    [
        ("2026-01", "same", "month", "2026-01"),
        ("2026-01", "previous", "month", "2025-12"),
        ("2026-Q4", "next", "quarter", "2027-Q1"),
        ("2026-Q4", "same", "year", "2026"),
        ("2026", "previous", "year", "2025"),
        ("2026", "same", "quarter", "2026-Q4"),
        ("2026", "next", "month", "2027-01"),
        ("2026", "same", "four_weeks", "2026-P13"),
        ("2026-03", "same", "half_year", "2026-H1"),
        ("2026-07..2027-06", "previous", "book_year", "2025-07..2026-06"),
        ("2026", "same", "book_year", "2026-01..2026-12"),
        ("2026-Q1", "same", "range", "2026-01-01..2026-03-31"),
    ],
)
def test_another_filing_is_over_the_period_of_its_own_kind(
    own: str, which: Any, kind: Any, code: str
) -> None:
    assert other_period(Period.parse(own), which, kind).code == code


def replace_plan(office: OfficeAtWork, plan: Plan) -> OfficeAtWork:
    """Return the office with another plan to prepare filings of."""
    return dataclasses.replace(office, plan=plan)


def letter(**facts: Any) -> NewNotice:
    known: dict[str, Any] = {
        "relation": "1001",
        "kind": "naheffingsaanslag",
        "date": date(2025, 12, 30),
        "document": "a" * 64,
        "by": "anna",
        "at": datetime(2025, 12, 31, 9),
    }
    return NewNotice(**known | facts)


def alarms(running: Running, filing: str) -> list[str]:
    with running.office.database.read() as connection:
        return [alarm.kind for alarm in all_alarms(connection, filing)]
