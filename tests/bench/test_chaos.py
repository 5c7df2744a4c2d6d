"""`make chaos` in short: one round, a few filings, each program killed; and what its checks find."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType, TimeoutType
from temporalio.api.history.v1 import HistoryEvent

from bench.chaos.bulk import judge_lines
from bench.chaos.dribble import DRIBBLED, judge
from bench.chaos.evidence import Evidence
from bench.chaos.kills import PROGRAMS
from bench.chaos.opening import open_office
from bench.chaos.people import Manners
from bench.chaos.printed import report, report_opening
from bench.chaos.proof import CHECKS
from bench.chaos.run import Ran, Wanted, run
from bench.chaos.tasks import Tasks, count_tasks
from kantoor.office.bulk import Foreseen, Line, LineStatus

SHORT = Wanted(
    seed=5,
    rounds=1,
    filings=5,
    informed=1,
    kills=len(PROGRAMS),
    day=0.2,
    manners=Manners(thinking=0.2, clumsy=0.3),
    scenes=frozenset({"people", "mail", "unit", "frequency"}),
)


def violations(ran: Ran) -> dict[str, list[str]]:
    return {title: found for title, check in CHECKS.items() if (found := list(check(ran)))}


def falsified(ran: Ran, change: Callable[[Evidence], dict[str, object]]) -> Ran:
    return replace(ran, evidence=replace(ran.evidence, **change(ran.evidence)))


def without_last(name: str) -> Callable[[Evidence], dict[str, object]]:
    return lambda evidence: {name: getattr(evidence, name)[:-1]}


def other_bytes(evidence: Evidence) -> dict[str, object]:
    first, *others = evidence.journal
    return {"journal": (replace(first, sha256="0" * 64), *others)}


def twice_taken(evidence: Evidence) -> dict[str, object]:
    return {"journal": (*evidence.journal, replace(evidence.journal[0], kenmerk="another"))}


def unmarked_repeat(evidence: Evidence) -> dict[str, object]:
    return {"caught": (*evidence.caught, replace(evidence.caught[0], repeated=False))}


def stale_record(evidence: Evidence) -> dict[str, object]:
    first, *others = evidence.filings
    return {"filings": (first.model_copy(update={"state_digest": "0" * 64}), *others)}


def act_lost(evidence: Evidence) -> dict[str, object]:
    last = next(line for line in reversed(evidence.timeline) if line.what == "checkpoint_ticked")
    return {"timeline": tuple(line for line in evidence.timeline if line != last)}


def act_doubled(evidence: Evidence) -> dict[str, object]:
    last = next(line for line in reversed(evidence.timeline) if line.what == "checkpoint_ticked")
    return {"timeline": (*evidence.timeline, replace(last, sequence=last.sequence + 1000))}


def crashed(evidence: Evidence) -> dict[str, object]:
    return {"said": (*evidence.said, "The worker exited (status 70); it is restarted in 1 s.")}


def accepted_for_another(evidence: Evidence) -> dict[str, object]:
    accepted = next(one for one in evidence.deliveries if one.status == "accepted")
    other = next(one.id for one in evidence.filings if one.id != accepted.filing)
    return {"deliveries": (*evidence.deliveries, accepted.model_copy(update={"filing": other}))}


def messages_left_late(evidence: Evidence) -> dict[str, object]:
    return {"left": {number: left + timedelta(hours=1) for number, left in evidence.left.items()}}


def offer_again(evidence: Evidence) -> dict[str, object]:
    offers = {one.message_id for one in evidence.messages if one.purpose == "offer"}
    mail = next(one for one in evidence.caught if one.message_id in offers)
    return {"caught": (*evidence.caught, replace(mail, repeated=False))}


def dribbled_long_ago(evidence: Evidence) -> dict[str, object]:
    first, *others = evidence.journal
    past = first.accepted - timedelta(hours=1)
    return {"journal": (replace(first, scenario=DRIBBLED, accepted=past), *others)}


FALSE_RECORDS = {
    "every filing ended as its story says": [without_last("filings")],
    "recorded state and view are the workflow's own": [stale_record],
    "no acknowledged act lost, none doubled": [act_lost, act_doubled],
    "every delivery made once, byte for byte": [without_last("journal"), other_bytes, twice_taken],
    "only what was agreed was delivered": [without_last("deliveries")],
    "every message arrived, repeats by kills only, marked": [without_last("caught"), unmarked_repeat],
    "no alarms, no crashes of its own": [crashed],
    "one accepted return per identity, report and day": [accepted_for_another],
    "no period without a filing, a start or a line": [without_last("filings")],
    "no message about what was over when it left": [messages_left_late],
    "nobody has one offer twice unmarked": [offer_again],
}


@pytest.mark.timeout(300)
def test_a_short_run_is_proved_and_each_false_record_is_found(tmp_path):
    ran = asyncio.run(run(SHORT, tmp_path / "home", lambda line: None))
    text, count = report(ran)
    assert count == 0, text
    assert ran.kills
    assert any(sent.unknown for sent in ran.memory.sent)
    assert any(sent.repeated for sent in ran.memory.sent)
    assert set(CHECKS) == set(FALSE_RECORDS)
    for title, changes in FALSE_RECORDS.items():
        for change in changes:
            assert title in violations(falsified(ran, change)), change
    assert list(judge(falsified(ran, dribbled_long_ago)).violations())


@pytest.mark.timeout(300)
def test_at_the_opening_hour_every_filing_acts_although_the_worker_was_killed(tmp_path):
    opening = asyncio.run(open_office(5, tmp_path / "home", notes=1))
    text, count = report_opening(opening)
    assert count == 0, text
    assert (opening.filings, opening.acts) == (5, 5)
    assert opening.tasks.completed >= 5


KILLED = datetime(2026, 2, 1, tzinfo=UTC)
OLD, NEW = ("old", "old-sticky"), ("new", "new-sticky")


def history(*events: tuple[int, str, Any]) -> list[HistoryEvent]:
    """Make a history of (seconds after the kill, kind of event, its attributes)."""
    made = []
    for number, (seconds, kind, facts) in enumerate(events, 1):
        attributes = {f"workflow_task_{kind}_event_attributes": facts}
        name = EventType.Value(f"EVENT_TYPE_WORKFLOW_TASK_{kind.upper()}")
        event = HistoryEvent(event_id=number, event_type=name, **attributes)
        event.event_time.FromDatetime((KILLED + timedelta(seconds=seconds)).replace(tzinfo=None))
        made.append(event)
    return made


def task(worker: tuple[str, str], since: int, attempt: int = 1) -> list[tuple[int, str, Any]]:
    """A workflow task that waits on a worker's sticky queue and is taken by that worker."""
    identity, queue = worker
    scheduled = {"task_queue": {"name": queue}, "attempt": attempt}
    return [(since, "scheduled", scheduled), (since, "started", {"identity": identity})]


def counted(*events: tuple[int, str, Any]) -> Tasks:
    tasks = Tasks()
    count_tasks(tasks, history(*events), KILLED)
    return tasks


def test_workflow_tasks_that_time_out_are_counted_by_kind_and_by_whose_they_were():
    done = [*task(OLD, -9), (-8, "completed", {})]
    to_close = {"timeout_type": TimeoutType.TIMEOUT_TYPE_START_TO_CLOSE}
    to_start = {"timeout_type": TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START, "scheduled_event_id": 4}
    taken = (9, "timed_out", {**to_close, "started_event_id": 5})
    waiting = (9, "timed_out", to_start)
    assert counted(*done, *task(OLD, -1), taken).lost == 1
    assert counted(*done, *task(NEW, 1), taken).start_to_close == 1
    assert counted(*done, task(OLD, 1)[0], waiting).lost == 1
    assert counted(*done, task(NEW, 1)[0], waiting).schedule_to_start == 1


def test_attempts_that_the_server_did_not_write_down_are_counted():
    failed = (2, "failed", {"failure": {"message": "kapot"}})
    tasks = counted(*task(NEW, 1), failed, *task(NEW, 3, attempt=4), (4, "completed", {}))
    assert (tasks.failed, tasks.unwritten, tasks.completed) == (["kapot"], 2, 1)


def bulk_line(relation: str, foreseen: Foreseen, status: LineStatus, text: str = "start nu") -> Line:
    return Line(
        relation=relation,
        product=None,
        sub_number="-",
        filing=None,
        item="",
        foreseen=foreseen,
        text=text,
        seen="",
        number=1,
        status=status,
        said="",
        name="",
    )


@pytest.mark.parametrize(
    ("lines", "started", "found"),
    [
        ([bulk_line("1", "ready", "done"), bulk_line("2", "not_ready", "left")], {"1": 1}, []),
        (
            [bulk_line("1", "ready", "done"), bulk_line("2", "not_ready", "left", "")],
            {"1": 2, "2": 1},
            [
                "relation 1 has 2 filings, not 1",
                "relation 2 has 1 filings, not 0",
                "the line of relation 2 has no reason",
            ],
        ),
        (
            [bulk_line("1", "ready", "unknown")],
            {},
            [
                "relation 1 has 0 filings, not 1",
                "relation 2 has 0 lines",
                "the line of relation 1 is ready and unknown: ",
            ],
        ),
    ],
)
def test_what_a_bulk_start_left_undone_or_did_twice_is_found(
    lines: list[Line], started: dict[str, int], found: list[str]
) -> None:
    assert list(judge_lines(["1", "2"], ["2"], lines, Counter(started))) == found
