"""What goes wrong in one line of a bulk run is that line's alone: the others are done."""

import logging
import traceback
from collections.abc import Awaitable

from ...office.bulk import Line, Outcome
from ...office.database.errors import DatabaseError
from ...runtime.connecting import ServerAwayError
from .kinds import FAULT, come_to

_log = logging.getLogger(__name__)


async def guard(line: Line, doing: Awaitable[Outcome]) -> Outcome:
    """Return what a line has come to; what nobody expected is told as not known.

    Raises ServerAwayError and DatabaseError: with those no line can be done.
    """
    try:
        return await doing
    except (DatabaseError, ServerAwayError):
        raise
    except Exception as error:
        return tell_fault(line, error)


def tell_fault(line: Line, error: Exception) -> Outcome:
    """Return a line as not known, and log where it went wrong; never the error's text: it can name people."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    _log.error("a bulk line failed: %s in %s:%s", type(error).__name__, place.name, place.lineno)
    return come_to(line, "unknown", FAULT)
