"""How many examples a property is tried on: a third in every run, all of them by `make properties`."""

import os

SHARE = 1 if os.environ.get("EXAMPLES") == "all" else 3
FEWEST = 10
"""So many at least: with fewer a property is hardly tried."""


def so_many(examples: int) -> int:
    """Return how many of these examples are tried in this run."""
    return min(examples, max(examples // SHARE, FEWEST))
