"""Office time inside a workflow: its clock, moments that never go back, one timer for what comes first."""

import asyncio
from datetime import datetime

from temporalio import workflow

from ..clock import Clock


class OfficeTimer:
    """The clock as data, and one timer, replaced only when the moment that it waits for changes."""

    def __init__(self, clock: Clock, latest: datetime | None = None) -> None:
        self.clock = clock
        self.latest = latest or datetime.min
        self.fired = False
        """The moment has come; `wait_for` takes it back."""
        self._moment: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def shows(self) -> datetime:
        """Return office time now, never before a moment given out. Changes nothing, so validators may ask."""
        return max(self.clock.office_time(workflow.now()), self.latest)

    def stamp(self) -> datetime:
        """Return office time now and remember that it was given out."""
        self.latest = self.shows()
        return self.latest

    def set(self, clock: Clock) -> bool:
        """Use another clock; say whether it differs. Then whoever waits must call `wait_for` again."""
        if clock == self.clock:
            return False
        self.clock = clock
        self._drop()
        return True

    def wait_for(self, moment: datetime | None) -> None:
        """Have `fired` set when the clock shows `moment`; None, or a clock that stops before it: never."""
        self.fired = False
        if moment == self._moment and self._task is not None:
            return
        self._drop()
        real = None if moment is None else self.clock.real_time(moment)
        if moment is None or real is None:
            return
        self._moment = moment
        self._task = asyncio.create_task(self._sleep(moment, real))

    async def _sleep(self, moment: datetime, real: datetime) -> None:
        delay = real - workflow.now()
        if delay.total_seconds() > 0:
            await workflow.sleep(delay)
        self._task = self._moment = None
        # The server's timers round; what waits for this moment must not find it a microsecond away.
        self.latest = max(self.latest, moment)
        self.fired = True

    def _drop(self) -> None:
        if self._task is not None:
            self._task.cancel()
        self._task = self._moment = None
