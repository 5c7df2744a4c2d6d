"""How an activity says that it still runs, and that it will be tried again."""

import contextvars
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event, Thread

from temporalio import activity
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

WAITING = "Waiting"
"""Something outside does not work; when that lasts, somebody has to mend it."""

POLLING = "Polling"
"""All is well and it only takes its time: nobody has to do anything."""

BEAT_SECONDS = 0.5

HELD_POLLS = 6
"""So many times the usual wait lies between two looks at whether a held filing was resumed."""


def again(why: str, after: timedelta | None = None) -> ApplicationError:
    """Return the error that has the activity tried again, after the usual wait or `after`.

    Benign, since waiting for the world is not an error. `why` is English, for operators, and free of personal
    data: the log shows it.
    """
    return _benign(why, WAITING, after)


def polling(why: str, after: timedelta) -> ApplicationError:
    """Return the error that has the activity look again after `after`, where nothing is wrong.

    `why` as for `again`.
    """
    return _benign(why, POLLING, after)


def delay_of_attempt(first: timedelta, most: timedelta) -> timedelta:
    """Return how long after this attempt the next one is due: `first`, then twice as long, up to `most`."""
    delay: timedelta = first * 2 ** min(activity.info().attempt - 1, 20)
    return min(delay, most)


def _benign(why: str, kind: str, after: timedelta | None) -> ApplicationError:
    return ApplicationError(why, type=kind, next_retry_delay=after, category=ApplicationErrorCategory.BENIGN)


def await_resume(poll: timedelta) -> ApplicationError:
    """Return the error that has the activity look again later whether a held filing was resumed (R30)."""
    return polling("the filing is held", poll * HELD_POLLS)


class Heartbeats:
    """What is told to the server while an activity runs, and its next attempt is told again.

    That is a number, and since when, in office time, every attempt failed.
    """

    def __init__(self) -> None:
        told = activity.info().heartbeat_details
        self._counted: int = told[0] if told else 0
        self._since: str = told[1] if len(told) > 1 else ""

    def send(self) -> None:
        """Say that the activity lives."""
        activity.heartbeat(self._counted, self._since)

    def keep_since(self, now: datetime) -> datetime:
        """Return the moment of the first failure that nothing else came after: `now` where this is it."""
        self._since = self._since or now.isoformat()
        self.send()
        return datetime.fromisoformat(self._since)

    def count_again(self) -> None:
        """Count from nought again."""
        self._counted = 0

    def forget(self) -> None:
        """Begin again: an attempt came through, though it may not have been the last."""
        if self._counted or self._since:
            self._counted, self._since = 0, ""
            self.send()

    def count(self) -> int:
        """Count something once more; return how often that was done, with the attempts before this one."""
        self._counted += 1
        self.send()
        return self._counted


@contextmanager
def send_heartbeats() -> Iterator[Heartbeats]:
    """Tell the server that the activity lives, so that one whose worker was killed is soon tried again."""
    over, beats = Event(), Heartbeats()

    def beat() -> None:
        while not over.wait(BEAT_SECONDS):
            beats.send()

    thread = Thread(target=contextvars.copy_context().run, args=(beat,), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield beats
    finally:
        over.set()
        thread.join()
