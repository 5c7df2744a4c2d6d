"""How long after something could be done it was done, and when that is in another course of the filing."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import NamedTuple

from ..days import add_working_days, is_working_day

DAY = timedelta(days=1)


class Delay(NamedTuple):
    """What lay between the moment at which something could be done and that at which it was done.

    `days` are whole days in between, of the office its working days; nothing counts but the hours where both
    were on one day. `hours` is then what lay between, else the time of the day.
    """

    since: datetime
    at: datetime
    days: int
    by_office: bool

    def after(self, ready: datetime, closed: Collection[date]) -> datetime:
        """Return when it is done where it can be done from another moment on."""
        if ready == self.since:
            return self.at
        if self.since.date() == self.at.date():
            return self._open(ready + (self.at - self.since), closed)
        if self.by_office:
            day = add_working_days(ready.date(), self.days, closed)
        else:
            day = ready.date() + self.days * DAY
        return self._open(max(ready, datetime.combine(day, self.at.time())), closed)

    def _open(self, at: datetime, closed: Collection[date]) -> datetime:
        """Return the moment, or for the office the same time of the next day on which it works."""
        if not self.by_office or not is_working_day(self.at.date(), closed):
            return at  # who worked on a closed day then may do so again
        while not is_working_day(at.date(), closed):
            at += DAY
        return at


def measure_delay(since: datetime, at: datetime, closed: Collection[date], *, by_office: bool) -> Delay:
    """Return how long after `since` something was done at `at`; `closed` are days on which nobody works."""
    days = (at.date() - since.date()).days
    if by_office:
        every = (since.date() + (place + 1) * DAY for place in range(days))
        days = sum(is_working_day(day, closed) for day in every)
    return Delay(since, at, days, by_office)
