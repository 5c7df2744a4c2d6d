"""Beginning what was planned and never began: by a worker, which says so where it cannot (decision 222)."""

import asyncio
import logging
import time
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection
from temporalio.client import Client
from temporalio.service import RPCError

from ..equipment import Equipment
from ..office.alarms import NOT_BEGUN, Alarm, all_alarms, drop_alarm, raise_alarm
from ..office.database.errors import DatabaseError
from ..office.filings.filing import Filing, list_planned
from ..office.filings.recurrences import Recurrence, list_not_begun
from ..office.office_clock import office_now
from .connecting import ServerAwayError, UnansweredStartError
from .missing import Missing, find_why_missing
from .preparing import NotReady
from .starter import Starter
from .transient import find_transient

PATIENCE_SECONDS = 60.0
"""So long, in real seconds, something may be a row alone: whoever starts it is still at it."""

ANSWERS_WITHIN_SECONDS = 10.0

MOST_SILENT = 3
"""After so many starts in a round that the server does not answer, the others wait for the next."""

_AWAY = "planned, and the Temporal server does not answer"
_SILENT = "planned, and the Temporal server does not answer about it in time"
_LACKS = "planned, and cannot begin: something is missing for it, which its start says"

_log = logging.getLogger(__name__)


class StartWatch:
    """Begins filings and recurrences that stay a row alone.

    Nothing begins twice: a start that still goes on is the same one.
    """

    def __init__(self, equipment: Equipment, client: Client) -> None:
        self._database = equipment.database
        self._client = client
        self._starter = Starter(equipment, client)
        self._seen: dict[str, tuple[float, datetime]] = {}
        self._tried: dict[str, float] = {}
        """When each was tried last: who was not comes first, so that the slow hold up none."""

    async def look(self) -> bool:
        """Begin what was planned long enough ago; what does not begin is an alarm until it does.

        What goes wrong in one keeps none of the others from it: each is told its own reason, and then the
        first of these errors is raised, whatever it is. Nothing is left to be done at once.
        """
        late = await asyncio.to_thread(self._list_late)
        failed, troubles, silent = dict[str, str](), list[Exception](), 0
        for id in sorted(late, key=lambda one: self._tried.get(one, 0.0)):
            self._tried[id] = time.monotonic()
            try:
                async with asyncio.timeout(ANSWERS_WITHIN_SECONDS):
                    failed[id] = await self._begin(id, late[id])
            except (TimeoutError, UnansweredStartError):
                silent += 1
                failed[id] = _SILENT
            except (ServerAwayError, DatabaseError) as error:
                troubles.append(error)
                failed = dict.fromkeys(late, _AWAY) | failed  # so it is for the others
            except Exception as error:
                failed[id] = f"planned, and its start fails: {type(error).__name__}"
                troubles.append(error)
                if _is_away(error):
                    failed = dict.fromkeys(late, _AWAY) | failed
            if silent == MOST_SILENT or len(failed) == len(late):
                break
        await asyncio.to_thread(self._tell, failed, late.keys() - failed.keys())
        for trouble in troubles:
            if not isinstance(trouble, ServerAwayError):
                raise trouble
        return False

    def _list_late(self) -> dict[str, Filing | Recurrence]:
        """Return what is planned alone for longer than it may be, and for which an alarm says so already."""
        with self._database.read() as connection:
            planned = _read_planned(connection)
            told = _list_told(connection) if planned else {}
            now = office_now(connection)
        seen = time.monotonic()
        self._seen = {id: self._seen.get(id, (seen, now)) for id in planned}
        self._tried = {id: at for id, at in self._tried.items() if id in planned}
        return {
            id: one
            for id, one in planned.items()
            if id in told or seen - self._seen[id][0] >= PATIENCE_SECONDS
        }

    async def _begin(self, id: str, planned: Filing | Recurrence) -> str:
        """Begin a filing or recurrence; return why it does not, or nothing."""
        why = await find_why_missing(self._client, id)
        if why is None:
            return ""  # it runs, and is about to be recorded
        if isinstance(planned, Recurrence):
            # What ended under its id was there before its row: one that was stopped, and is started again.
            if await self._starter.begin_as_written(planned) is None:
                return _LACKS
        elif why is not Missing.UNKNOWN:
            return f"planned, and {why.value}"
        elif isinstance(await self._starter.begin_planned(planned), NotReady):
            return _LACKS
        _log.warning("%s: it was planned and never began, and begins now", id)
        return ""

    def _tell(self, failed: dict[str, str], untried: Collection[str]) -> None:
        """Have of each that failed an alarm that says why; of what was not tried what was told before."""
        with self._database.read() as connection:
            told = _list_told(connection)
            still: Collection[str] = _read_planned(connection) if failed else ()
        kept = {id: told[id].text for id in untried if id in told}
        failed = {id: text for id, text in (kept | failed).items() if text and id in still}
        if failed == {id: alarm.text for id, alarm in told.items()}:
            return
        with self._database.write() as connection:
            for id, alarm in told.items():
                if failed.get(id) != alarm.text:
                    drop_alarm(connection, NOT_BEGUN, id)
            for id, text in failed.items():
                if id not in told or told[id].text != text:
                    since = self._seen[id][1].isoformat(timespec="minutes")
                    raise_alarm(connection, NOT_BEGUN, id, told[id].detail if id in told else since, text)


def _is_away(error: Exception) -> bool:
    return isinstance(error, RPCError) and find_transient(error) is not None


def _read_planned(connection: Connection) -> dict[str, Filing | Recurrence]:
    """Return by workflow id what is only a row."""
    filings = {one.id: one for one in list_planned(connection)}
    return filings | {one.workflow_id: one for one in list_not_begun(connection)}


def _list_told(connection: Connection) -> dict[str, Alarm]:
    """Return by workflow id the alarms of what does not begin."""
    return {one.filing: one for one in all_alarms(connection) if one.kind == NOT_BEGUN}
