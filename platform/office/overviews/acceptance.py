"""How the acceptance of a prospect as a client stands: what templates for prospects came to."""

from typing import Literal, NamedTuple

from sqlalchemy import Connection

from ..filings.filing import list_filings
from ..plans import find_plans


class Acceptance(NamedTuple):
    """How the latest one stands: it runs, was completed, or ended at another end, of this title."""

    template: str
    status: Literal["running", "completed", "ended"]
    end: str = ""


def find_acceptance(connection: Connection, relation: str) -> Acceptance | None:
    """Return how the latest acceptance of a relation stands; None where there was none but cancelled ones."""
    rows = [one for one in list_filings(connection, relation=relation) if one.ended != "cancelled"]
    plans = find_plans(connection, {one.plan for one in rows}, ()).by_digest
    rows = [one for one in rows if one.plan in plans and plans[one.plan].for_prospects]
    if not rows:
        return None
    last = max(rows, key=lambda one: (one.start_date, one.sequence, one.id))
    if last.ended is None:
        return Acceptance(last.template, "running")
    if last.ended == "completed":
        return Acceptance(last.template, "completed")
    return Acceptance(last.template, "ended", (last.view or {}).get("end_title") or "")
