"""Reduced exploring compared with exploring that leaves less out, on random plans.

`python -m tests.policies.agreeing` compares 200. Every move is tried a few moves deep, since each move more
makes five times as many states. Farther goes who tries the reduced moves and tells states apart by all that
they hold.
"""

import sys
from collections.abc import Iterator
from typing import NamedTuple

from kantoor.policies.judging import Judged, judge

from .random_plans import POLICIES, make_plan, start_of


class Depth(NamedTuple):
    """How many moves deep both are looked at."""

    unreduced: int
    told_apart: int


SHALLOW = Depth(unreduced=4, told_apart=6)
DEEP = Depth(unreduced=4, told_apart=7)
COUNT = 200
MOST = 60_000


def list_differences(seed: int, depth: Depth) -> Iterator[str]:
    """Yield what reduced exploring of a random plan finds otherwise: lengths of breaches, what applied."""
    plan = make_plan(seed)
    start = start_of(plan)
    reduced = judge(plan, start, POLICIES, most=MOST)
    if not reduced.walked.exhausted:
        yield f"{seed}: not exhaustive"
    others = {
        f"every move, {depth.unreduced} deep": (
            depth.unreduced,
            judge(plan, start, POLICIES, reduced=False, depth=depth.unreduced),
        ),
        f"every state told apart, {depth.told_apart} deep": (
            depth.told_apart,
            judge(plan, start, POLICIES, forgets=False, depth=depth.told_apart),
        ),
    }
    for what, (deep, other) in others.items():
        if _list_near(reduced, deep) != _list_near(other, deep):
            yield f"{seed}: {what}: {_list_near(reduced, deep)} and {_list_near(other, deep)}"
        if not other.applied <= reduced.applied:
            yield f"{seed}: {what}: {sorted(other.applied - reduced.applied)} applied"


def _list_near(judged: Judged, depth: int) -> dict[str, int]:
    return {name: one.length for name, one in judged.breaches.items() if one.length <= depth}


def main() -> None:
    """Compare on as many random plans as asked for, and say what differs."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    differing = [line for seed in range(count) for line in list_differences(seed, DEEP)]
    sys.stdout.write("\n".join((*differing, f"{count} random plans, {len(differing)} differences\n")))
    sys.exit(bool(differing))


if __name__ == "__main__":
    main()
