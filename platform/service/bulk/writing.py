"""Writing a bulk run of edits in one transaction: lines that are as they were shown, and its end (R30)."""

from sqlalchemy import Connection

from ...office import bulk as rows
from ...office.office_clock import office_now
from ..desk import Desk
from .actions import WRITING
from .keeping import open_asked


def write_all(desk: Desk, connection: Connection, number: int) -> None:
    """Write a run that may be confirmed, unless that was done before. Needs a writing connection."""
    run, now = rows.find_run(connection, number), office_now(connection)
    moments = {"confirmed_at": now, "ended_at": now}
    if run is None or not rows.change_status(connection, number, ["shown"], "done", **moments):
        return
    rows.keep_step(connection, number, "confirmed", run.who, now)
    kind, lines = WRITING[run.asked["action"]], rows.list_lines(connection, number, statuses=["open"])
    outcomes = kind.write(desk, connection, run, open_asked(desk, run), lines)
    rows.write_outcomes(connection, number, ["open"], outcomes)
