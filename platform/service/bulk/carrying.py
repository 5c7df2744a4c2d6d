"""Carrying out a bulk run: lines are taken from the database, judged again, done, and written (R30).

A line is written as begun before anything is done for it. One that is begun when its process dies is tried
again by the next: what it does happens once however often it is tried. What nobody was shown is not sent.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection

from ...equipment import Equipment
from ...filing.outcome import Refusal
from ...office.bulk import (
    Line,
    Outcome,
    begin_lines,
    change_status,
    find_run,
    list_lines,
    set_lines,
    write_outcomes,
)
from ...office.office_clock import office_now
from ...office.plans import read_published
from ..desk import Desk
from .actions import SENDING
from .asking import Asked
from .keeping import open_asked
from .kinds import CHANGED, By, Judged, come_to

AT_ONCE = 40
"""Lines that are taken together: after a crash as many are looked at again."""
TURN_SECONDS = 20.0
BEAT_SECONDS = 1.0
"""How often it is said that the work goes on: what is done for one line can take longer than that."""
DEPLOYED = "Intussen is er gepubliceerd; maak een nieuwe bulkactie."


class _Taken(NamedTuple):
    """Lines that are begun, each with how it was judged."""

    asked: Asked
    by: By
    lines: list[tuple[Line, Judged]]


def carry(equipment: Equipment, number: int, beat: Callable[[], bool]) -> bool:
    """Carry out lines of a run for a while, in a thread of an activity; say whether there are more.

    `beat` is called between them, and says whether to go on. Raises ServerAwayError and DatabaseError; then
    the same again goes on.
    """
    return asyncio.run(_carry(Desk(equipment), number, beat))


async def _carry(desk: Desk, number: int, beat: Callable[[], bool]) -> bool:
    end = time.monotonic() + TURN_SECONDS
    while beat():
        some = asyncio.ensure_future(carry_some(desk, number))
        while not (await asyncio.wait([some], timeout=BEAT_SECONDS))[0]:
            beat()
        if not some.result():
            return False
        if time.monotonic() > end:
            break
    return True


async def carry_some(desk: Desk, number: int) -> bool:
    """Carry out the next lines of a run; false when there are none, or it is paused or cancelled."""
    taken = _take(desk, number)
    if taken is None:
        return False
    if taken.lines:
        done = await SENDING[taken.asked.action].carry_out(desk, taken.by, taken.asked, taken.lines)
        with desk.equipment.database.write() as connection:
            write_outcomes(connection, number, ["begun"], done)
    with desk.equipment.database.write() as connection:
        _end_paused(connection, number)
    return True


def _end_paused(connection: Connection, number: int) -> None:
    """Write that a run is done where it was paused while its last lines were carried out: none is left."""
    run = find_run(connection, number)
    left = list_lines(connection, number, statuses=["begun", "open"], most=1)
    if run and run.status == "paused" and not left:
        change_status(connection, number, ["paused"], "done", ended_at=office_now(connection))


def _take(desk: Desk, number: int) -> _Taken | None:
    """Take the next lines; those that another process had begun come first, whatever they are like by now.

    They are tried also when the run was paused or cancelled since: nobody can say that they were not done.
    """
    with desk.equipment.database.read() as connection:
        run = find_run(connection, number)
        begun = list_lines(connection, number, statuses=["begun"], most=AT_ONCE)
        if run is None or (run.status != "running" and not begun):
            return None
        lines = begun or list_lines(connection, number, statuses=["open"], most=AT_ONCE)
        asked, by = open_asked(desk, run), By(run.id, run.who, again=bool(begun))
        deployed = not begun and read_published(connection) != run.worked_out_under
        judged: list[Judged] | Refusal = []
        if lines and not deployed:
            judged = SENDING[asked.action].judge(desk, connection, run.who, asked, lines)
    if deployed or not lines:
        _finish(desk, number)
        return None
    if isinstance(judged, Refusal):
        return _refuse(desk, number, lines, judged, by)
    pairs = list(zip(lines, judged, strict=True))
    if begun:
        return _Taken(asked, by, pairs)
    same = [(line, one) for line, one in pairs if one.line.seen == line.seen]
    others = [
        come_to(line, "changed", CHANGED.format(one.line.text))
        for line, one in pairs
        if one.line.seen != line.seen
    ]
    with desk.equipment.database.write() as connection:
        there = find_run(connection, number)
        if there is None or there.status != "running":
            return None
        write_outcomes(connection, number, ["open"], others)
        ours = begin_lines(connection, number, [line.number for line, _ in same])
    return _Taken(asked, by, [(line, one) for line, one in same if line.number in ours])


def _refuse(desk: Desk, number: int, lines: Sequence[Line], refusal: Refusal, by: By) -> _Taken:
    """Write that nothing can be done for these lines any more: for one as for all the same reason.

    Whether an earlier attempt did those that were begun, nobody knows.
    """
    text = refusal.text if by.again else CHANGED.format(refusal.text)
    told: list[Outcome] = [come_to(line, "unknown" if by.again else "changed", text) for line in lines]
    with desk.equipment.database.write() as connection:
        write_outcomes(connection, number, ("begun", "open"), told)
    return _Taken(Asked(action="start"), by, [])


def _finish(desk: Desk, number: int) -> None:
    """Write that a run is done, unless it was cancelled meanwhile.

    What is not begun by then was shown under other definitions than those of now.
    """
    with desk.equipment.database.write() as connection:
        set_lines(connection, number, ["open"], "changed", DEPLOYED)
        change_status(connection, number, ["running"], "done", ended_at=office_now(connection))
