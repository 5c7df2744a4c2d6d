"""Closed filings of a template compared by a process for each core."""

import gc
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import msgspec

from ..data import decoder, replace
from ..filing.events import Calendars, Start
from ..plan import Plan
from ..processes import share
from .closed import ClosedFiling
from .comparing import Compared, compare

TOGETHER = 200
"""With fewer filings than this no other process is begun."""
PORTION = 50
"""Filings that a process takes at a time."""

COLLECT_AFTER = 50_000
"""So many new objects before a process looks for garbage, of which there is next to none."""

Told = Callable[[int], None]
"""Takes how many filings have been compared."""


class Comparison:
    """What is compared: the plans before and after, those that filings ran on, and their calendars."""

    def __init__(
        self, before: Plan, after: Plan, own: Mapping[str, Plan], calendars: Sequence[Calendars]
    ) -> None:
        self.before = before
        self.after = after
        self.own = {name: before if plan == before else plan for name, plan in own.items()}
        self.calendars = tuple(calendars)

    def compare(self, filing: ClosedFiling | msgspec.Raw) -> Compared:
        """Compare one filing, that may still be as it is in its file. Raises msgspec.ValidationError."""
        one = filing if isinstance(filing, ClosedFiling) else decoder(ClosedFiling).decode(filing)
        return compare(self._with_calendars(one), self.own, self.before, self.after)

    def _with_calendars(self, filing: ClosedFiling) -> ClosedFiling:
        place, start = filing.calendars, filing.events[0] if filing.events else None
        if place is None or not isinstance(start, Start) or not 0 <= place < len(self.calendars):
            return filing
        begun = replace(start, calendars=self.calendars[place])
        return replace(filing, events=(begun, *filing.events[1:]))


_shared: Comparison | None = None
"""What a process of the pool compares by: it has it from its parent, which began it."""


def compare_all(
    comparison: Comparison, filings: Sequence[ClosedFiling | msgspec.Raw], told: Told
) -> list[Compared]:
    """Compare filings, in their order. Raises msgspec.ValidationError."""
    cores = min(os.cpu_count() or 1, len(filings) // TOGETHER + 1)
    found: list[Compared] = []
    for some in _compare_in_turn(comparison, filings) if cores < 2 else _share(comparison, filings, cores):
        found += some
        told(len(found))
    return found


def _compare_in_turn(comparison: Comparison, filings: Sequence[Any]) -> Iterator[list[Compared]]:
    for portion in _divide(filings):
        yield [comparison.compare(one) for one in portion]


def _share(comparison: Comparison, filings: Sequence[Any], cores: int) -> Iterator[list[Compared]]:
    with share(cores, _begin, comparison) as pool:
        yield from pool.map(_compare_portion, _divide(filings))


def _begin(comparison: Comparison) -> None:
    global _shared
    _shared = comparison
    gc.freeze()  # what the parent holds is never garbage here: looking through it cost a fifth of all
    gc.set_threshold(COLLECT_AFTER)


def _compare_portion(portion: list[bytes | ClosedFiling]) -> list[Compared]:
    assert _shared is not None, "a process of the pool begins with it"
    return [_shared.compare(one if isinstance(one, ClosedFiling) else msgspec.Raw(one)) for one in portion]


def _divide(filings: Sequence[Any]) -> Iterator[list[Any]]:
    rest = iter(filings)
    while portion := [bytes(one) if isinstance(one, msgspec.Raw) else one for one in islice(rest, PORTION)]:
        yield portion
