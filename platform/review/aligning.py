"""What of two lists is the same and what is other, in a time that hardly grows faster than they do."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_MOST = 40_000
"""So many pairs of items are compared each with each, which may take the time of the power 1.5."""


class Stretch(NamedTuple):
    """From and until where two lists are the same, or are other."""

    is_same: bool
    old: int
    old_end: int
    new: int
    new_end: int


def align(before: Sequence[str], after: Sequence[str]) -> list[Stretch]:
    """Return two lists as stretches that are the same and that are other, by turns.

    Of long lists what stands once in both tells where they are the same; where nothing does over a long
    stretch, that is other as a whole.
    """
    stretches: list[Stretch] = []
    a = b = 0
    for old, new, size in _list_blocks(before, after):
        if a < old or b < new:
            stretches.append(Stretch(False, a, old, b, new))
        a, b = old + size, new + size
        if size and stretches and stretches[-1].is_same:
            stretches[-1] = stretches[-1]._replace(old_end=a, new_end=b)
        elif size:
            stretches.append(Stretch(True, old, a, new, b))
    return stretches


def _list_blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Yield where both have the same, and how many items, in order; the last is their ends."""
    a = b = 0
    for old, new in _list_anchors(before, after):
        if (old - a) * (new - b) <= _MOST:
            near = SequenceMatcher(None, before[a:old], after[b:new], autojunk=False)
            yield from ((a + one.a, b + one.b, one.size) for one in near.get_matching_blocks())
        yield old, new, int(old < len(before))
        a, b = old + 1, new + 1


def _list_anchors(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of the same items, between which the others are compared; the last is the ends."""
    a, b = len(before), len(after)
    if a * b > _MOST:
        least = min(a, b)
        first = next((n for n in range(least) if before[n] != after[n]), least)
        last = next((n for n in range(least - first) if before[-1 - n] != after[-1 - n]), least - first)
        yield from ((n, n) for n in range(first))
        once, there = _find_once(before, range(first, a - last)), _find_once(after, range(first, b - last))
        yield from _keep_order([(place, there[item]) for item, place in once.items() if item in there])
        yield from ((a - n, b - n) for n in range(last, 0, -1))
    yield a, b


def _find_once(items: Sequence[str], places: range) -> dict[str, int]:
    """Return the place of each item that stands once in some places, in their order."""
    counted = Counter(items[place] for place in places)
    return {items[place]: place for place in places if counted[items[place]] == 1}


def _keep_order(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the most of some pairs that are in one order on both sides; they are in that of the first."""
    ends: list[int] = []  # with which pair the longest row so far of each length ends,
    places: list[int] = []  # and its place
    earlier: list[int | None] = []
    for number, (_, place) in enumerate(pairs):
        length = bisect_left(places, place)
        earlier.append(ends[length - 1] if length else None)
        ends[length : length + 1], places[length : length + 1] = [number], [place]
    kept = []
    at = ends[-1] if ends else None
    while at is not None:
        kept.append(pairs[at])
        at = earlier[at]
    return kept[::-1]
