"""The simulator of Digipoort as a program of its own; `kantoor up` runs one."""

from collections.abc import Callable

from ..sbr.digipoort.simulator.program import CannotRun, Options, run
from .errors import LocalError, MisuseError

__all__ = ["Options", "run_simulator"]


def run_simulator(options: Options, say: Callable[[str], None]) -> None:
    """Run a simulator until SIGTERM or Ctrl-C; `say` gets one line when it is ready.

    Raises MisuseError for a script that cannot be used, LocalError for anything outside.
    """
    try:
        run(options, say)
    except CannotRun as error:
        raise (MisuseError if error.status == 2 else LocalError)(str(error)) from None
