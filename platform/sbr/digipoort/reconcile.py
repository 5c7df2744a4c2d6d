"""After a lost answer: did the delivery arrive?

Digipoort's list of processes does not carry our aanleverkenmerk, so the only sign is a kenmerk of that
identity and message kind that nobody here knows yet. Hence two rules for the caller:

* Attempts with an unknown outcome are settled one at a time for each identity and message kind: no other
  delivery of that pair is sent, and no other one settled, until this one is. Two unknown attempts side by
  side could not be told apart.
* `known` holds every kenmerk of that pair from any receipt or earlier settlement, and those that were listed
  before the attempt was sent.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .messages import Process


@dataclass(frozen=True, slots=True)
class Found:
    """It arrived and has this kenmerk: go on with its statuses, never send it again."""

    kenmerk: str


@dataclass(frozen=True, slots=True)
class NotArrived:
    """The delivery did not arrive and no longer can: another attempt is safe."""


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Not there yet, but the message may still be on its way: ask again at `until`, send nothing."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Several unknown deliveries: somebody else delivers for this identity too. A person decides."""

    kenmerken: tuple[str, ...]


Outcome = Found | NotArrived | TooEarly | Ambiguous


def reconcile(
    processes: Sequence[Process],
    known: Collection[str],
    *,
    asked: datetime,
    expires: datetime,
    margin: timedelta = timedelta(seconds=60),
) -> Outcome:
    """Settle one unknown attempt.

    `processes` is Digipoort's answer for the attempt's identity and message kind, to a question sent at
    `asked`; `expires` is the attempt's own, after which Digipoort refuses the message; `margin` covers clocks
    that differ and a list that lags. All times are aware.
    """
    kenmerken = dict.fromkeys(process.kenmerk for process in processes)
    unknown = tuple(kenmerk for kenmerk in kenmerken if kenmerk not in known)
    if len(unknown) > 1:
        return Ambiguous(unknown)
    if unknown:
        return Found(unknown[0])
    until = expires + margin
    return NotArrived() if asked > until else TooEarly(until)
