"""What an office still has to do before its first filing, for who acts at its desk."""

from ...office.overviews.first_steps import FirstStep, find_first_step
from ..desk import Desk

__all__ = ["FirstStep", "read_first_step"]


def read_first_step(desk: Desk) -> FirstStep | None:
    """Return what comes first in an office; None once something was started. Raises DatabaseError."""
    return desk.read(find_first_step)
