"""How far long work is, told to whoever shows it."""

from typing import Literal, Protocol

Stage = Literal["reading", "checking", "writing", "starting", "reviving", "comparing"]


class Progress(Protocol):
    """Takes what is being done, how much of it is done and of how much; `total` 0 is not known."""

    def __call__(self, stage: Stage, done: int = 0, total: int = 0) -> None:
        """Take it; called often, so it must be quick."""


def show_nothing(stage: Stage, done: int = 0, total: int = 0) -> None:
    """Take it and show nothing."""
