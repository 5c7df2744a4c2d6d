"""The recorded state of a filing, opened: what its row does not keep in the clear is read from it."""

from sqlalchemy import Connection

from ...filing.format_1 import read_state
from ...filing.state import State
from ...office.filings.filing import Filing
from ...office.filings.records import open_state, read_recorded
from ...office.plans import find_plan
from ...plan import Plan
from ..desk import Desk


def read_state_of(connection: Connection, desk: Desk, filing: Filing) -> tuple[Plan, State] | None:
    """Return plan and state of a filing as last recorded; None where it has none yet.

    Raises UnreadableStateError when the state cannot be opened.
    """
    plan = find_plan(connection, filing.plan)
    content = open_state(read_recorded(connection, filing.id), desk.equipment.document_ring.open_sealed)
    if plan is None or content is None:
        return None
    return plan, read_state(plan, content)
