"""The plans of one filing: the one it is on, those that steps which are still to be recorded were on, and
the one to which a move of it waits.
"""

from collections.abc import Iterable

from ..data import digest_of
from ..filing.events import Move, MoveWhenSafe
from ..filing.following import find_first
from ..plan import Plan, load_plan
from .inputs import StepRecord


class OwnPlans:
    """Plans by the digests of their stored bytes; `digest` is that of the plan that the filing is on."""

    def __init__(self, text: str, others: Iterable[str] = ()) -> None:
        self._texts = {_name(one): one for one in others}
        self.digest = ""
        self.go_on_by(text)

    @property
    def text(self) -> str:
        """Return the plan that the filing is on, as it was published."""
        return self._texts[self.digest]

    def find(self, digest: str) -> Plan:
        """Return a plan by its digest. Raises KeyError for one that the filing never was on."""
        return load_plan(self._texts[digest])

    def read(self, digest: str) -> str:
        """Return a plan by its digest, as it was published. Raises KeyError as `find` does."""
        return self._texts[digest]

    def keep(self, text: str) -> None:
        """Have a plan at hand, to which a move waits."""
        self._texts[_name(text)] = text

    def go_on_by(self, text: str) -> None:
        """Be on this plan from now on."""
        self.digest = _name(text)
        self._texts[self.digest] = text

    def read_newer(self, act: Move | MoveWhenSafe, text: str | None) -> str | None:
        """Return the plan that a move goes to; None where that, or the one it comes from, is another."""
        there = text is not None and _name(text) == act.plan
        return text if there and act.before == self.digest else None

    def find_before(self, steps: Iterable[StepRecord]) -> str:
        """Return the digest of the plan that the filing was on before these steps, which are its last."""
        return find_first(self.digest, (one.event for one in steps if one.event is not None))

    def list_others(self, steps: Iterable[StepRecord], waiting: str | None) -> tuple[str, ...]:
        """Return the other plans that these steps, its last, were on, and that to which a move waits."""
        moves = [one.event for one in steps if isinstance(one.event, Move)]
        named = {digest for one in moves for digest in (one.before, one.plan)} | (
            {waiting} if waiting else set()
        )
        return tuple(self._texts[digest] for digest in sorted(named - {self.digest}))


def _name(text: str) -> str:
    return digest_of(text.encode())
