"""How far long work is, told to whoever shows it."""

import asyncio
from typing import Literal, Protocol

Stage = Literal["reading", "checking", "writing", "starting", "reviving", "collecting", "comparing"]


class Progress(Protocol):
    """Takes what is being done, how much of it is done and of how much; `total` 0 is not known."""

    def __call__(self, stage: Stage, done: int = 0, total: int = 0) -> None:
        """Take it; called often, so it must be quick."""


def show_nothing(stage: Stage, done: int = 0, total: int = 0) -> None:
    """Take it and show nothing."""


class Telling:
    """How far all that lives by the office's clock is told that it was moved: so many of `total`.

    It goes on until all of them have heard.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self.told = 0
        self.task: asyncio.Task[None] | None = None

    @property
    def runs(self) -> bool:
        """Say whether it goes on."""
        return self.task is not None and not self.task.done()

    def count(self, heard: bool) -> None:
        """Count one more, if it heard."""
        self.told += heard
