"""Starting filings for one relation or many by the same call (R27, R28, R30): who starts, and who cannot."""

import asyncio
from collections.abc import Sequence
from typing import Literal

from sqlalchemy import Connection

from ...data import replace
from ...office.database.errors import DatabaseError
from ...office.filings.filing import find_filing
from ...office.filings.links import link_filings
from ...office.filings.recurrences import find_recurrence, save_recurrence
from ...recurrence import Recurrence
from ...runtime.connecting import ServerAwayError
from ...runtime.preparing import NotReady, Started
from ...runtime.recurrence_client import row_of, wait_until_ended
from ...runtime.starter import Starter, Written
from ..desk import Desk
from ..filings.cases import find_by_name
from ..progress import Progress, show_nothing
from ..results import Refusal
from .candidates import Candidate, Line, candidates
from .wishes import Selection, Wish, refuse_start

__all__ = ["Line", "Refusal", "Selection", "Wish", "foresee", "refuse", "start"]

AT_ONCE = 8
ROWS_AT_ONCE = 40
"""Rows that are written together before their workflows start: a crash leaves as many to be started again."""

Row = Written | Started | NotReady


async def start(
    desk: Desk, who: str, wish: Wish, *, dry_run: bool, progress: Progress = show_nothing
) -> tuple[Line, ...] | Refusal:
    """Start filings, or say for each relation what would happen. Repeating it starts nothing twice.

    A start date in the future, and recurrence, are durable: they survive restarts. Raises ServerAwayError,
    DatabaseError and RPCError; what was started until then stays started.
    """
    progress("checking")
    # In threads, as of sending: one loop carries the acts of all who use the pages.
    found = await desk.ask(lambda connection: _judge(connection, desk, who, wish))
    if isinstance(found, Refusal):
        return found
    if dry_run or not any(candidate.to_do for candidate in found):
        return tuple(candidate.line for candidate in found)
    return tuple(await carry_out(desk, wish, found, progress))


def foresee(desk: Desk, who: str, wish: Wish) -> tuple[Line, ...] | Refusal:
    """Say for each relation what `start` would do. Raises DatabaseError."""
    found = desk.read(lambda connection: _judge(connection, desk, who, wish))
    return found if isinstance(found, Refusal) else tuple(candidate.line for candidate in found)


def _judge(connection: Connection, desk: Desk, who: str, wish: Wish) -> list[Candidate] | Refusal:
    return candidates(connection, who, wish, desk.equipment.reports.identity_needs())


async def carry_out(
    desk: Desk, wish: Wish, found: Sequence[Candidate], progress: Progress = show_nothing
) -> list[Line]:
    """Start what candidates are to start, one or thousands; return a line for each, in order.

    Raises ServerAwayError, DatabaseError and RPCError; then the same again goes on.
    """
    lines: list[Line] = []
    for told in await try_each(desk, wish, found, progress):
        if isinstance(told, Exception):
            raise told
        lines.append(told)
    return lines


async def try_each(
    desk: Desk, wish: Wish, found: Sequence[Candidate], progress: Progress = show_nothing
) -> list[Line | Exception]:
    """Do what `carry_out` does, with what went wrong in one instead of its line.

    Raises ServerAwayError and DatabaseError: with those none can start.
    """
    starter = Starter(desk.equipment, await desk.client())
    slots = asyncio.Semaphore(AT_ONCE)
    lines: list[Line | Exception] = []
    done = 0

    async def one(candidate: Candidate, row: Row | None, was_stopped: bool) -> Line | Exception:
        nonlocal done
        async with slots:
            try:
                line: Line | Exception = await _carry_out(
                    desk, starter, candidate, row, was_stopped=was_stopped
                )
            except (ServerAwayError, DatabaseError):
                raise
            except Exception as error:
                line = error
        done += 1
        progress("starting", done, len(found))
        return line

    for first in range(0, len(found), ROWS_AT_ONCE):
        some = found[first : first + ROWS_AT_ONCE]
        rows = await _write_rows(starter, some)
        stopped = await asyncio.to_thread(_write_recurrences, desk, some, rows)
        await asyncio.to_thread(_link_corrections, desk, wish, some)
        lines += await asyncio.gather(*(one(*them) for them in zip(some, rows, stopped, strict=True)))
    return lines


def refuse(desk: Desk, who: str, wish: Wish) -> Refusal | None:
    """Return why nothing can be started at all, before anything is; None when `start` may start something."""
    return desk.read(lambda connection: refuse_start(connection, who, wish))


async def _write_rows(starter: Starter, some: Sequence[Candidate]) -> list[Row | None]:
    """Write the rows of the filings that start now; None for who needs none."""
    written = iter(await starter.write([one.request for one in some if one.request]))
    return [next(written) if one.request else None for one in some]


def _write_recurrences(desk: Desk, some: Sequence[Candidate], rows: Sequence[Row | None]) -> list[bool]:
    """Write the rows of the recurrences, before anything begins; say of each whether a stopped one was there.

    What begins no workflow now, as on a server that fails, is begun with its recurrence by a worker, or when
    it is repeated.
    """
    wanted = [
        None if isinstance(row, NotReady) else one.recurrence for one, row in zip(some, rows, strict=True)
    ]
    if not any(wanted):
        return [False] * len(wanted)
    with desk.equipment.database.write() as connection:
        return [one is not None and _write_recurrence(connection, one) for one in wanted]


def _write_recurrence(connection: Connection, recurrence: Recurrence) -> bool:
    """Write the row where there is none that goes on; say whether one was stopped."""
    there = find_recurrence(connection, recurrence.relation, recurrence.template, recurrence.sub_number)
    if there is None or there.status == "stopped":
        save_recurrence(connection, row_of(recurrence).model_copy(update={"begun": False}))
    return there is not None and there.status == "stopped"


def _link_corrections(desk: Desk, wish: Wish, some: Sequence[Candidate]) -> None:
    """Link what corrects a filing to it, before it begins: what stops here is linked when it is repeated."""
    if not wish.corrects:
        return
    with desk.equipment.database.write() as connection:
        corrected = find_by_name(connection, wish.corrects)
        for one in some:
            there = find_filing(connection, one.line.filing) if one.line.filing else None
            if there is not None and not isinstance(corrected, Refusal):
                link_filings(connection, there.id, corrected.id, "corrects")


async def _carry_out(
    desk: Desk, starter: Starter, candidate: Candidate, row: Row | None, *, was_stopped: bool
) -> Line:
    line = candidate.line
    if candidate.standing:
        if row is not None:
            line = await _start_filing(starter, line, row)
        left = await _set_up(desk, starter, candidate.standing, was_stopped=False)
        if row is not None:
            return line
        if not left:
            return _with_result(line, "runs_already", candidate.stands)
        return _with_result(line, "planned", f"was niet volledig gestart; {candidate.stands}")
    if row is not None:
        line = await _start_filing(starter, line, row)
        if line.result == "not_ready":
            return line
    if candidate.recurrence and not await _set_up(
        desk, starter, candidate.recurrence, was_stopped=was_stopped
    ):
        return _with_result(line, "runs_already", "de herhaling loopt al")
    return line


async def _start_filing(starter: Starter, line: Line, row: Row) -> Line:
    started = await starter.begin(row) if isinstance(row, Written) else row
    if isinstance(started, NotReady):
        return _with_result(line, "not_ready", started.text)
    if started.again:
        return _with_result(line, "runs_already", "loopt al")
    return replace(line, text=line.text.replace("start nu", "gestart", 1))


async def _set_up(desk: Desk, starter: Starter, recurrence: Recurrence, *, was_stopped: bool) -> bool:
    """Start the workflow of a recurrence whose row is written: one for each relation and template.

    False when that ran already. `was_stopped`: there was one before that may still be ending.
    """
    began = await starter.begin_recurrence(recurrence)
    if was_stopped and not began:  # the stopped one ends a moment after its row says so
        await wait_until_ended(await desk.client(), recurrence.workflow_id)
        began = await starter.begin_recurrence(recurrence)
    return began


def _with_result(line: Line, result: Literal["planned", "runs_already", "not_ready"], text: str) -> Line:
    return replace(line, result=result, text=text)
