"""Rings: what leads, by one step at a time, back to itself."""

from collections.abc import Iterator, Mapping

SHOWN = 10


def find_rings(step: Mapping[str, str | None]) -> Iterator[list[str]]:
    """Yield each ring once, from the name of it that comes first; every name is walked over once."""
    walked: set[str] = set()
    for start in step:
        path: dict[str, None] = {}
        here: str | None = start
        while here is not None and here in step and here not in walked:
            walked.add(here)
            path[here] = None
            here = step[here]
        if here in path:
            names = list(path)
            yield names[names.index(here) :]


def describe_ring(ring: list[str]) -> str:
    """Return a ring in words; of a long one its beginning and its end."""
    names = [*ring, ring[0]]
    if len(names) > SHOWN:
        names = [*names[: SHOWN // 2], f"{len(names) - SHOWN} more", *names[-(SHOWN // 2) :]]
    return " → ".join(names)
