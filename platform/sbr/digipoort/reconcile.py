"""After a lost answer: did the delivery arrive, and as which kenmerk?

Digipoort's list of processes carries nothing of ours (FACTS 1.4), and others deliver for the same identity
too: the taxpayer, or their previous office. So a kenmerk that nobody here knows is ours only when its first
status lies between our sending and our `Expires`, after which Digipoort refuses the message, and when the
authority's acknowledgement, where there is one, names our message. Whatever else is there is for a person.

Two rules for the caller:

* Attempts with an unknown outcome are settled one at a time for each identity and message kind: no other
  delivery of that pair is sent, and no other one settled, until this one is. Two unknown attempts side by
  side could not be told apart.
* A kenmerk is handed in only when nobody knows it: not those of any receipt or earlier settlement of that
  pair, nor those that were listed before the attempt was sent.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from .messages import Status
from .statuses import find_acknowledgement


@dataclass(frozen=True, slots=True)
class Sighting:
    """A kenmerk that nobody here knows, and what its statuses tell of it.

    `first` is the moment of its first status (aware), None while it has none; `refers_to` is the message that
    the authority's acknowledgement names, None while there is no acknowledgement or it names none.
    """

    kenmerk: str
    first: datetime | None
    refers_to: str | None


@dataclass(frozen=True, slots=True)
class Found:
    """It arrived and has this kenmerk: go on with its statuses, never send it again."""

    kenmerk: str


@dataclass(frozen=True, slots=True)
class NotArrived:
    """The delivery did not arrive and no longer can: another attempt is safe."""


@dataclass(frozen=True, slots=True)
class TooEarly:
    """Not known yet, and the message may still be on its way: ask again at `until`, send nothing."""

    until: datetime


@dataclass(frozen=True, slots=True)
class OfOthers:
    """Ours did not arrive and no longer can; these were made by somebody else. A person decides."""

    kenmerken: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """One of these may be ours, and nothing tells. A person decides."""

    kenmerken: tuple[str, ...]


Outcome = Found | NotArrived | TooEarly | OfOthers | Ambiguous


def sight(kenmerk: str, statuses: Iterable[Status]) -> Sighting:
    """Return what the statuses of a kenmerk tell of whose it is."""
    known = sorted(statuses, key=lambda status: status.at)
    acknowledgement = find_acknowledgement(known)
    refers_to = acknowledgement.refers_to if acknowledgement else ""
    return Sighting(kenmerk, known[0].at if known else None, refers_to or None)


def reconcile(
    sightings: Sequence[Sighting],
    own_name: str | None,
    *,
    asked: datetime,
    sent: datetime,
    expires: datetime,
    margin: timedelta = timedelta(seconds=60),
) -> Outcome:
    """Settle one unknown attempt.

    `sightings` are the kenmerken that nobody knows, of the attempt's identity and message kind, listed by a
    question sent at `asked`. `own_name` is what an acknowledgement calls our message; None when that is not
    known, and then acknowledgements tell nothing. The attempt was `sent` then; after `expires` Digipoort
    refuses it. `margin` covers clocks that differ and a list that lags. All times are aware.
    """
    candidates = [one for one in sightings if not _names_another(one, own_name)]
    in_time = [one for one in candidates if one.first and sent - margin <= one.first <= expires + margin]
    named = [one for one in in_time if own_name and one.refers_to == own_name]
    # What has no status yet, or is named as ours at an impossible moment, may be ours as well.
    doubtful = [one for one in candidates if one.first is None or (own_name and one.refers_to == own_name)]
    sure = named or ([] if set(doubtful) - set(in_time) else in_time)
    if len(sure) == 1:
        return Found(sure[0].kenmerk)
    until = expires + margin
    if asked <= until:
        return TooEarly(until)
    possible = [one.kenmerk for one in candidates if one in in_time or one in doubtful]
    if possible:
        return Ambiguous(tuple(possible))
    return OfOthers(tuple(one.kenmerk for one in sightings)) if sightings else NotArrived()


def _names_another(sighting: Sighting, own_name: str | None) -> bool:
    """Say whether the authority says that this is another's; one that names its own kenmerk says nothing."""
    return bool(own_name and sighting.refers_to and sighting.refers_to not in (own_name, sighting.kenmerk))
