"""The latest recorded state of a filing, with its plan: what an effect asks before it happens."""

import msgspec
from sqlalchemy import Connection

from ...filing.format_1 import read_state
from ...filing.state import State
from ...office.filings.records import (
    Seal,
    UnknownFilingError,
    UnreadableStateError,
    open_state,
    read_recorded,
)
from ...office.plans import plan_by_digest
from ...plan import Plan


def read_latest(connection: Connection, workflow_id: str, open_sealed: Seal) -> tuple[Plan, State] | None:
    """Return a filing's plan and latest recorded state; None where there is none that can be read.

    It may lag behind the filing by the moment that a record takes.
    """
    try:
        known = read_recorded(connection, workflow_id)
        content = open_state(known, open_sealed)
        published = plan_by_digest(connection, known.plan)
        if content is None or published is None:
            return None
        return published.plan, read_state(published.plan, content)
    except (UnknownFilingError, UnreadableStateError, msgspec.MsgspecError):
        return None  # the recording raises the alarm
