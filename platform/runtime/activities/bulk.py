"""What a bulk run asks of the world: carry out the lines that come next (R30)."""

from collections.abc import Callable

from temporalio import activity

from ...equipment import Equipment
from ..commands import CARRY_OUT
from ..inputs import BulkWent

Beat = Callable[[], bool]
"""Says that the work goes on; false when it has to stop, because the worker does."""

Carry = Callable[[Equipment, int, Beat], bool]
"""Carries out lines of a run by its number, for a while; says whether there are more.

It comes from above: what people do, and whether they may, is known to the service alone.
"""


class Bulk:
    """The activity of bulk runs."""

    def __init__(self, equipment: Equipment, carry: Carry) -> None:
        self._equipment = equipment
        self._carry = carry

    @activity.defn(name=CARRY_OUT, no_thread_cancel_exception=True)
    def carry_out(self, run: int) -> BulkWent:
        """Carry out lines; those that an earlier attempt had begun come first."""
        return BulkWent(more=self._carry(self._equipment, run, _beat))


def _beat() -> bool:
    activity.heartbeat()
    return not (activity.is_worker_shutdown() or activity.is_cancelled())
