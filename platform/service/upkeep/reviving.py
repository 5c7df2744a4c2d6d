"""Reviving what the office has open and the Temporal server does not run (R65)."""

from asyncio import to_thread
from collections.abc import Callable, Sequence
from typing import Literal

from sqlalchemy import Connection
from temporalio.client import Client

from ...data import ListLine
from ...keys.ring import KeyFileError
from ...keys.sealing import BrokenSealError
from ...office.alarms import NOT_RUNNING, ROW_MISSING, drop_alarm
from ...office.document_store import DocumentError
from ...office.filings.filing import Filing, list_filings, list_planned
from ...office.filings.recurrences import Recurrence as Row
from ...office.filings.recurrences import list_recurrences
from ...office.filings.sent_acts import SentAct
from ...office.plans import UnknownPlanError
from ...runtime.catching_up import CatchingUp, CaughtUp, NoBeginningError, Stretch
from ...runtime.lagging import find_behind, find_lagging, find_unknown
from ...runtime.missing import Missing, MissingWorkflow, find_missing_workflows
from ...runtime.preparing import NotReady
from ...runtime.reviving import ReviveError, Reviver
from ...runtime.starter import Starter
from ..desk import Desk
from ..progress import Progress, show_nothing

_UNREADABLE = (KeyFileError, BrokenSealError, DocumentError)
_MEND = "what it told cannot be read: put its key files and documents back, then try again"

_NO_PLAN = "a plan that it was moved to is not in this database: publish the same definitions again"

_NOT_TOLD = "it took steps that are not in this database, and "
_NOBODY = "its history does not tell them"

_ODD_ROW = (
    "its history cannot be read ({}), so nobody knows whether its row is old: report it to the maintainers"
)
_ODD = "its history cannot be read ({}), so nobody knows whether steps lack: report it to the maintainers"


class Revived(ListLine):
    """What came of one workflow: `text` says which steps were fetched, from where it goes on, or why not.

    `unrecorded` are ids of acts that were sent and are not in the record: who sent them looks, and repeats.
    """

    workflow_id: str
    result: Literal["fetched", "revived", "failed"]
    text: str
    unrecorded: tuple[str, ...] = ()


def join_lines(lines: Sequence[Revived]) -> tuple[Revived, ...]:
    """Return one line for each workflow, with all that came of it: it goes on if any of its lines says so.

    One whose steps were fetched and that was then started again has two.
    """
    found: dict[str, list[Revived]] = {}
    for line in lines:
        found.setdefault(line.workflow_id, []).append(line)
    return tuple(map(_join, found.values()))


def _join(lines: Sequence[Revived]) -> Revived:
    done = [line for line in lines if line.result != "failed"]
    lacks = [line for line in lines if line.result == "failed"]
    parts = ("; ".join(line.text for line in some) for some in (done, lacks) if some)
    return Revived(
        workflow_id=lines[0].workflow_id,
        result=done[-1].result if done else "failed",
        text="; but ".join(parts),
        unrecorded=tuple(id for line in lines for id in line.unrecorded),
    )


async def revive(desk: Desk, tell: Callable[[Revived], None], progress: Progress = show_nothing) -> None:
    """Make whole what is open here: fetch the steps that the database lacks, start again what does not run.

    Each goes on as it was recorded, and is told when it does; what runs is left alone. Raises
    ServerAwayError, RPCError and DatabaseError; what was told until then goes on, and the same call does the
    rest.
    """
    client = await desk.client()
    await _fetch_steps(desk, client, tell)
    filings, recurrences, planned = desk.read(_list_open)
    missing = await find_missing_workflows(client, [*filings, *planned, *recurrences])
    reviver, starter = Reviver(desk.equipment, client, desk.limit), Starter(desk.equipment, client)
    for done, one in enumerate(missing, start=1):
        if one.workflow_id in recurrences:
            line = await _revive_recurrence(starter, recurrences[one.workflow_id])
        elif one.workflow_id in planned:
            line = await _begin_planned(starter, planned[one.workflow_id], one)
        else:
            line = await _revive_filing(reviver, one)
        if line.result == "revived":
            with desk.equipment.database.write() as connection:
                drop_alarm(connection, NOT_RUNNING, one.workflow_id)
        tell(line)
        progress("reviving", done, len(missing))


async def _fetch_steps(desk: Desk, client: Client, tell: Callable[[Revived], None]) -> None:
    """Fetch the rows and steps that the database lacks, and that the filings' histories still have."""
    catching_up = CatchingUp(desk.equipment, client)
    behind = await find_behind(client, desk.equipment.database)
    for before, saved in behind.rows.values():
        tell(await _fetch_recurrence(desk, catching_up, before, saved))
    for id, kind in behind.unreadable.items():
        tell(Revived(workflow_id=id, result="failed", text=_ODD_ROW.format(kind)))
    for id in await find_unknown(client, desk.equipment.database):
        if id not in behind.rows and id not in behind.unreadable:
            tell(await _fetch_row(desk, catching_up, id))
    lagging = await find_lagging(client, desk.equipment.database)
    for id, kind in lagging.unreadable.items():
        tell(Revived(workflow_id=id, result="failed", text=_ODD.format(kind)))
    if lagging.ids:
        await catching_up.scan_store()
    for id in lagging.ids:
        try:
            done = await catching_up.catch_up(id, scanned=True)
            await catching_up.alarm_gap(id, lagging.steps[id], done)
        except _UNREADABLE:
            tell(Revived(workflow_id=id, result="failed", text=_MEND))
            continue
        except UnknownPlanError:
            tell(Revived(workflow_id=id, result="failed", text=_NO_PLAN))
            continue
        if done.fetched:
            tell(Revived(workflow_id=id, result="fetched", text=_describe(done)))
        else:
            tell(Revived(workflow_id=id, result="failed", text=_NOT_TOLD + (_say_astray(done) or _NOBODY)))


async def _fetch_recurrence(desk: Desk, catching_up: CatchingUp, before: Row | None, saved: Row) -> Revived:
    """Write what a recurrence saved last over a row that is older, or in the place of none."""
    id = saved.workflow_id
    try:
        await to_thread(catching_up.restore_recurrence, before, saved)
    except NoBeginningError as error:
        return Revived(workflow_id=id, result="failed", text=str(error))
    with desk.equipment.database.write() as connection:
        drop_alarm(connection, ROW_MISSING, id)
    stands = f"{saved.status}, next {saved.next_period} on {saved.next_start.isoformat()}"
    return Revived(workflow_id=id, result="fetched", text=f"its row, from its history: {stands}")


async def _fetch_row(desk: Desk, catching_up: CatchingUp, workflow_id: str) -> Revived:
    """Write the row of a filing that runs without one."""
    try:
        if not workflow_id.startswith("filing/"):
            raise NoBeginningError("no history tells its row: stop it on the server and set it up again")
        done = await catching_up.restore_row(workflow_id)
    except NoBeginningError as error:
        return Revived(workflow_id=workflow_id, result="failed", text=str(error))
    except _UNREADABLE:
        return Revived(workflow_id=workflow_id, result="failed", text=_MEND)
    except UnknownPlanError:
        return Revived(workflow_id=workflow_id, result="failed", text=_NO_PLAN)
    with desk.equipment.database.write() as connection:
        drop_alarm(connection, ROW_MISSING, workflow_id)
    return Revived(workflow_id=workflow_id, result="fetched", text=f"its row, {_describe(done)}")


def _describe(done: CaughtUp) -> str:
    deliveries = "1 delivery" if done.deliveries == 1 else f"{done.deliveries} deliveries"
    steps = f"steps {_list_stretches(done.fetched)}" if done.fetched else "no steps"
    lacking = f"; no history tells steps {_list_stretches(done.lacking)}" if done.lacking else ""
    astray = f"; {_say_astray(done)}" if done.astray else ""
    return f"{steps} and {deliveries}, from its history{lacking}{astray}"


def _say_astray(done: CaughtUp) -> str:
    if done.astray is None:
        return ""
    steps = _list_stretches([done.astray])
    return f"its history tells steps {steps}, which lead to another state here; put back a newer backup"


def _list_stretches(stretches: Sequence[Stretch]) -> str:
    return ", ".join(f"{first} to {last}" for first, last in stretches)


def _list_open(connection: Connection) -> tuple[list[str], dict[str, Row], dict[str, Filing]]:
    """Return filings that have begun and not ended, recurrences that go on, and filings only planned."""
    opened = [filing for filing in list_filings(connection) if filing.status != "afgesloten"]
    return (
        [filing.id for filing in opened if filing.begun],
        {row.workflow_id: row for row in list_recurrences(connection) if row.status != "stopped"},
        {filing.id: filing for filing in list_planned(connection)},
    )


async def _begin_planned(starter: Starter, filing: Filing, missing: MissingWorkflow) -> Revived:
    """Begin a filing that has a row and of which nothing was recorded: its start was interrupted, or lost."""
    if missing.why is not Missing.UNKNOWN:
        return Revived(workflow_id=filing.id, result="failed", text=missing.why.value)
    outcome = await starter.begin_planned(filing)
    if isinstance(outcome, NotReady):
        text = f"it was planned and never began, and cannot begin now: {outcome.text}"
        return Revived(workflow_id=filing.id, result="failed", text=text)
    return Revived(workflow_id=filing.id, result="revived", text="begins: it was planned and never began")


async def _revive_filing(reviver: Reviver, missing: MissingWorkflow) -> Revived:
    if missing.why is Missing.COMPLETED:
        return Revived(workflow_id=missing.workflow_id, result="failed", text=missing.why.value)
    try:
        reached = await reviver.revive(missing.workflow_id, missing.why)
    except ReviveError as error:
        return Revived(workflow_id=missing.workflow_id, result="failed", text=str(error))
    text = f"goes on from step {reached.step}"
    if reached.unrecorded:
        acts = ", ".join(map(_describe_act, reached.unrecorded))
        text += f"; sent to it and not recorded, so that whoever sent it looks and repeats it: {acts}"
    ids = tuple(one.id for one in reached.unrecorded)
    return Revived(workflow_id=missing.workflow_id, result="revived", text=text, unrecorded=ids)


def _describe_act(sent: SentAct) -> str:
    """Say of what kind an act was and who sent it; of one that was sealed whole, its id."""
    return f"{sent.act['kind']} by {sent.act['by']['id']}" if "kind" in sent.act else f"act {sent.id}"


async def _revive_recurrence(starter: Starter, row: Row) -> Revived:
    """Start a recurrence again as its row has it, on today's terms."""
    if await starter.begin_as_written(row) is None:
        text = "its product is no longer agreed, or its template not deployed"
        return Revived(workflow_id=row.workflow_id, result="failed", text=text)
    text = f"goes on with {row.next_period}, on {row.next_start.isoformat()}"
    return Revived(workflow_id=row.workflow_id, result="revived", text=text)
