"""The worker as a program of its own: `kantoor up` runs one, a cluster may have many."""

from collections.abc import Callable

from ..runtime import worker
from ..service.bulk.carrying import carry
from ..settings import Settings


def run_worker(settings: Settings, say: Callable[[str], None]) -> None:
    """Run a worker until SIGTERM or Ctrl-C; `say` gets one line when it is ready.

    Raises DatabaseError, KeyFileError, SettingsError and ServerAwayError.
    """
    worker.run(settings, say, carry)
