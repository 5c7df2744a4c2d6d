"""The latest recorded state of a filing, with its plan: what an effect asks before it happens."""

from collections.abc import Collection

import msgspec
from sqlalchemy import Connection

from ...filing.format_1 import read_state
from ...filing.state import State
from ...office.filings.records import Seal, UnreadableStateError, open_state, read_many_recorded
from ...office.plans import plans_by_digest
from ...plan import Plan


def read_latest(connection: Connection, workflow_id: str, open_sealed: Seal) -> tuple[Plan, State] | None:
    """Return a filing's plan and latest recorded state; None where there is none that can be read.

    It may lag behind the filing by the moment that a record takes.
    """
    return read_many_latest(connection, [workflow_id], open_sealed).get(workflow_id)


def read_many_latest(
    connection: Connection, ids: Collection[str], open_sealed: Seal
) -> dict[str, tuple[Plan, State]]:
    """Return plan and latest recorded state of those of these filings that have one that can be read."""
    known = read_many_recorded(connection, ids)
    plans = plans_by_digest(connection, {one.plan for one in known})
    found: dict[str, tuple[Plan, State]] = {}
    for one in known:
        try:
            content = open_state(one, open_sealed)
            if content is not None and one.plan in plans:
                found[one.filing] = (plans[one.plan], read_state(plans[one.plan], content))
        except (UnreadableStateError, msgspec.MsgspecError):
            pass  # the recording raises the alarm
    return found
