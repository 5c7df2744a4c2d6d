"""A long list, a page at a time."""

from ..plan import Model


class Leaf(Model):
    """Which page of a list is shown: `number` from 1, of `pages` (at least 1), with so many lines in all."""

    number: int
    pages: int
    count: int
    size: int

    @property
    def skip(self) -> int:
        """Return how many lines come before it."""
        return (self.number - 1) * self.size


def turn_to(asked: int, count: int, size: int) -> Leaf:
    """Return the page that was asked of a list; the last one where there are not so many."""
    pages = max(1, -(-count // size))
    return Leaf(number=min(max(asked, 1), pages), pages=pages, count=count, size=size)
