"""What runs: the Temporal server, workers, and filings that do not get on."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflow.v1 import PendingActivityInfo, PendingWorkflowTaskInfo
from temporalio.api.workflowservice.v1 import GetWorkflowExecutionHistoryRequest
from temporalio.client import Client
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from ...clock import PracticeClock
from ...keys.ring import KeyFileError, KeyRing
from ...keys.sealing import BrokenSealError
from ...office.backed_up import backed_up_at
from ...office.database.engine import Database
from ...office.filings.filing import list_planned
from ...office.filings.recurrences import list_not_begun
from ...office.office_clock import clock_of
from ...office.office_name import name_of_office
from ...runtime.activities.retrying import POLLING, WAITING
from ...runtime.codec import key_id, payloads_in
from ...runtime.commands import RECORD
from ...runtime.connecting import ServerAwayError, connect
from ...runtime.faults import find_fault
from ...runtime.lagging import find_behind, find_lagging, find_unknown
from ...runtime.missing import Missing, judge_execution
from ...runtime.office_mark import describe_other, is_own, read_owner
from ...runtime.polling import count_pollers
from ...runtime.practice_clock import open_workflows
from ...runtime.retention import read_retention
from ...settings import Settings
from ...words import count_of
from ..programs import runs_server, server_file
from .findings import Finding, good, summarize_names, warning, wrong

MANY_ATTEMPTS = 5
MANY_LOOKS = 100
"""Where nothing is wrong, as with a status that is not final yet, this often is worth knowing."""

MANY_TASKS = 3
"""A workflow task tried so often may fail by our own fault: its history is asked."""

MAY_WAIT = timedelta(minutes=5)
"""So long a workflow task may wait: a worker that was restarted first reads all its filings again."""

ANSWERS_WITHIN = timedelta(seconds=5)
"""A server on this machine or near it answers in less; whoever asks the doctor is waiting."""

AT_ONCE = 20
LOOKS, LOOK_SECONDS = 20, 0.1


@dataclass(frozen=True, slots=True)
class Trouble:
    """What keeps a workflow from going on; `what` and `why` are said of all that have it in common."""

    workflow_id: str
    what: str
    mend: str
    times: int = 0
    """How often it was tried; the highest is told."""

    why: str = ""
    say: Callable[[str, str, str], Finding] = wrong


def check_server_file(settings: Settings, database: Database) -> list[Finding]:
    """Report, of an office that is stopped, that the file of its own Temporal server is gone.

    Without it what is open runs nowhere, and a new server knows nothing of it.
    """
    file = server_file(settings)
    with database.read() as connection:
        waiting = len(open_workflows(connection))
    if file.exists() or not waiting:
        return []
    open_here = f"{count_of(waiting, 'open filing or recurrence', 'open filings and recurrences')}"
    mend = (
        "put the file back from the backup (kantoor restore); where there is none: kantoor up, and then "
        "kantoor doctor --revive starts again from what was recorded"
    )
    return [wrong("server", f"{file} is missing: {open_here} of the database run nowhere", mend)]


async def check_running(settings: Settings, database: Database, ring: KeyRing) -> list[Finding]:
    """Look at the server, its workers, and every open filing and recurrence."""
    try:
        client = await connect(settings.temporal, ring, ANSWERS_WITHIN)
        async with asyncio.timeout(ANSWERS_WITHIN.total_seconds()):
            owner = await read_owner(client)
    except (ServerAwayError, TimeoutError) as error:
        said = str(error) or f"the Temporal server at {settings.temporal.address} does not answer"
        mend = "kantoor up" if runs_server(settings) else "see KANTOOR_TEMPORAL_… in docs/settings.md"
        return [wrong("server", said, mend)]
    except RPCError as error:
        return [_reject(error)]
    findings = [good("server", f"the Temporal server at {settings.temporal.address} answers")]
    try:
        with database.read() as connection:
            name = name_of_office(connection)
        if owner is not None and not is_own(owner, name):
            return [wrong("server", describe_other(settings), "set one of these, and restart the worker")]
        findings += await _check_retention(client, settings, database)
        findings += await _check_workers(client, settings.temporal.task_queue)
        with database.read() as connection:
            planned = {one.id for one in list_planned(connection)}
            planned |= {one.workflow_id for one in list_not_begun(connection)}
            ids = open_workflows(connection)
        findings += await _check_workflows(client, database, ids, planned, ring.ids)
        findings += await _check_records(client, database)
    except RPCError as error:
        findings.append(_reject(error))
    return findings


def _reject(error: RPCError) -> Finding:
    return wrong("server", f"it rejected the request: {error.status.name}", "try again")


async def _check_retention(client: Client, settings: Settings, database: Database) -> list[Finding]:
    """Say whether what the last backup lacks could still be fetched from the server's histories (R65)."""
    kept = await read_retention(client)
    with database.read() as connection:
        made, practice = backed_up_at(connection), isinstance(clock_of(connection), PracticeClock)
    if kept is None or (made is None and practice):
        return []
    days = count_of(kept.days, "day", "days")
    if made is None:
        text = f"no backup of this office is known; what has ended, the server remembers for {days}"
        return [warning("backup", text, "kantoor backup FILE, or FOLDER, on another disk; best every day")]
    age = datetime.now(UTC) - made
    text = f"the last one is of {made:%Y-%m-%d %H:%M} UTC; what has ended, the server remembers for {days}"
    if age < kept:
        return [good("backup", text)]
    where = "temporal.retention_days" if runs_server(settings) else f"namespace {client.namespace}"
    mend = f"make one with kantoor backup, or have the server remember more: {where}"
    return [warning("backup", f"{text}, so that some of what came since could not be fetched again", mend)]


async def _check_workers(client: Client, task_queue: str) -> list[Finding]:
    for _ in range(LOOKS):  # a worker that has just started is not known at once
        pollers = await count_pollers(client, task_queue)
        if pollers:
            return [good("worker", f"{pollers} on task queue {task_queue}")]
        await asyncio.sleep(LOOK_SECONDS)
    return [
        wrong(
            "worker",
            f"none on task queue {task_queue}: no filing makes progress",
            "kantoor up, or kantoor worker",
        )
    ]


async def _check_workflows(
    client: Client,
    database: Database,
    ids: Sequence[str],
    planned: Collection[str],
    keys: Sequence[str],
) -> list[Finding]:
    """Look at workflows; those that are `planned` have recorded nothing yet."""
    slots = asyncio.Semaphore(AT_ONCE)

    async def one(workflow_id: str) -> list[Trouble]:
        async with slots:
            return await _check_workflow(client, workflow_id, keys, planned=workflow_id in planned)

    troubles = [trouble for found in await asyncio.gather(*map(one, ids)) for trouble in found]
    with database.read() as connection:
        still = {*open_workflows(connection)}  # what has ended this moment is well
    troubles = [trouble for trouble in troubles if trouble.workflow_id in still]
    return _findings(troubles) or [good("filings", f"{len(ids)} open filings and recurrences, none blocked")]


async def _check_records(client: Client, database: Database) -> list[Finding]:
    """Look for what the server has and the database lacks: it is older, as when a copy was put back."""
    found = await find_lagging(client, database)
    lagging = [Trouble(id, _LAGS, _FETCH) for id in found.ids]
    lagging += [Trouble(id, _ODD, _REPORT, why=kind) for id, kind in found.unreadable.items()]
    behind = await find_behind(client, database)
    lagging += [Trouble(id, _OLD_ROW, _FETCH_ROW) for id, (row, _) in behind.rows.items() if row]
    lagging += [Trouble(id, _ODD_ROW, _REPORT, why=kind) for id, kind in behind.unreadable.items()]
    unknown = [Trouble(id, _NO_ROW, _NEWER) for id in await find_unknown(client, database)]
    return _findings([*lagging, *unknown])


_LAGS = " took steps that are not in this database, which is older"
_OLD_ROW = " went on since what this database says of it, which is older"
_FETCH = "kantoor doctor --revive fetches them from its history"
_FETCH_ROW = "kantoor doctor --revive fetches its present row from its history"
_ODD = ": its history cannot be read, so that nobody knows whether steps lack: "
_ODD_ROW = ": its history cannot be read, so that nobody knows whether its next start is right: "
_REPORT = "report it to the maintainers of kantoor; all others were looked at"
_NO_ROW = " runs on the server but is missing here: this database is an older copy"
_NEWER = "kantoor doctor --revive writes it again from its history"


def _findings(troubles: Iterable[Trouble]) -> list[Finding]:
    """Return one finding for each kind of trouble, in the order in which they were met."""
    kinds: dict[Trouble, list[Trouble]] = {}
    for trouble in troubles:
        kinds.setdefault(replace(trouble, workflow_id="", times=0), []).append(trouble)
    return [_finding(kind, found) for kind, found in kinds.items()]


def _finding(kind: Trouble, found: Sequence[Trouble]) -> Finding:
    times = max(trouble.times for trouble in found)
    ids = summarize_names(trouble.workflow_id for trouble in found)
    return kind.say("filings", f"{ids}{kind.what.format(times=times)}{kind.why}", kind.mend)


async def _check_workflow(
    client: Client, workflow_id: str, keys: Sequence[str], *, planned: bool
) -> list[Trouble]:
    try:
        execution = await client.get_workflow_handle(workflow_id).describe()
        tasks = execution.raw_description.pending_workflow_task.attempt
        missing = await _missing_keys(client, workflow_id, keys, whole=tasks >= MANY_TASKS)
    except RPCError as error:
        if error.status == RPCStatusCode.NOT_FOUND:
            if planned:
                return [Trouble(workflow_id, _NOT_STARTED, _START)]
            return [_describe_missing(workflow_id, Missing.UNKNOWN)]
        raise
    missing_because = judge_execution(execution)
    if missing_because:
        return [_describe_missing(workflow_id, missing_because)]
    troubles = [Trouble(workflow_id, f" cannot be read: key {key} is missing", _KEY) for key in missing]
    if not missing:
        troubles += await _check_task(client, workflow_id, execution.raw_description.pending_workflow_task)
    for pending in execution.raw_description.pending_activities:
        found = await _check_activity(client, workflow_id, pending)
        troubles += [found] if found else []
    return troubles


async def _check_task(client: Client, workflow_id: str, task: PendingWorkflowTaskInfo) -> list[Trouble]:
    """Report a workflow task that fails, and one that nobody answers; one that is tried again may be late.

    After a restart tasks of killed workers time out several times: only what their history tells is a fault.
    """
    fault = await find_fault(client, workflow_id) if task.attempt >= MANY_TASKS else None
    if fault is not None:
        what = ": blocked by a bug in kantoor (workflow task at attempt {times})"
        return [Trouble(workflow_id, what, _FAULT, task.attempt, f": {fault.error}" if fault.error else "")]
    if not task.HasField("original_scheduled_time"):
        return []
    waited = datetime.now(UTC) - task.original_scheduled_time.ToDatetime(tzinfo=UTC)
    if waited < MAY_WAIT:
        return []
    what = ": no worker has answered its workflow task for {times} minutes"
    return [Trouble(workflow_id, what, _UNANSWERED, int(waited.total_seconds() // 60))]


def _describe_missing(workflow_id: str, why: Missing) -> Trouble:
    return Trouble(workflow_id, " is open and does not run: ", _REVIVE, why=why.value)


_REVIVE = "kantoor doctor --revive starts it again from what was recorded"
_NOT_STARTED = ": planned, but never started; the start was interrupted, or is still going on"
_START = (
    "kantoor doctor --revive begins it; or repeat the start: kantoor start TEMPLATE --period PERIOD "
    "--relation RELATION, with the options of the first time; nothing is started twice"
)
_KEY = "put its key file back from the backup, beside the others; nothing was overwritten"
_UNANSWERED = "kantoor up, or kantoor worker; where one runs, its log says why: report it to the maintainers"
_FAULT = "report the worker's log to the maintainers of kantoor; after the fix it continues by itself"


async def _check_activity(client: Client, workflow_id: str, pending: PendingActivityInfo) -> Trouble | None:
    """Report an activity that keeps failing; one that only polls is fine, unless it polls for very long."""
    name, attempt = pending.activity_type.name, pending.attempt
    if attempt < MANY_ATTEMPTS:
        return None
    kind, said = await _last_failure(client, pending)
    if kind == POLLING and attempt < MANY_LOOKS:
        return None
    why = f" ({said})" if said else ""
    if kind == POLLING:
        mend = "it continues by itself; where it takes longer than it may, an alarm says so and what to do"
        return Trouble(workflow_id, f": {name} has polled {{times}} times", mend, attempt, why, warning)
    mend = "see the database above" if name == RECORD else "see the servers above, and the worker's log"
    return Trouble(workflow_id, f": {name} is at attempt {{times}}", mend, attempt, why)


async def _last_failure(client: Client, pending: PendingActivityInfo) -> tuple[str, str]:
    """Return the kind of the last failure and what our own code said of it.

    Both are empty for any other error: its text may hold what is not ours to show.
    """
    try:
        failure = await client.data_converter.decode_failure(pending.last_failure)
    except (KeyFileError, BrokenSealError):
        return "", ""
    if isinstance(failure, ApplicationError) and failure.type in (POLLING, WAITING):
        return failure.type, failure.message
    return "", ""


async def _missing_keys(
    client: Client, workflow_id: str, keys: Sequence[str], *, whole: bool
) -> tuple[str, ...]:
    """Return the ids of keys that encrypted a workflow's input, or its whole history, and are not here."""
    token, found = b"", dict[str, None]()
    while True:
        page = await client.workflow_service.get_workflow_execution_history(
            GetWorkflowExecutionHistoryRequest(
                namespace=client.namespace,
                execution=WorkflowExecution(workflow_id=workflow_id),
                maximum_page_size=0 if whole else 1,
                next_page_token=token,
            )
        )
        found |= dict.fromkeys(key for key in map(key_id, payloads_in(page.history)) if key is not None)
        token = page.next_page_token
        if not (whole and token):
            return tuple(key for key in found if key not in keys)
