"""Looking up who an offer goes to, with which authority, when the offer is prepared (R13 to R16, R57)."""

from temporalio import activity

from ...filing.events import Resolved, ResolvedContact
from ...filing.reasons import find_offered_way
from ...keys.ring import KeyRing
from ...office.database.engine import Database
from ...office.filings.filing import find_filing
from ...office.plans import plan_by_digest
from ..commands import RESOLVE
from ..footings import read_footing
from ..inputs import Answer, ResolveInput
from .latest_state import read_latest


class Offers:
    """The activity that resolves offers."""

    def __init__(self, database: Database, ring: KeyRing) -> None:
        """`ring` opens the recorded state."""
        self._database = database
        self._ring = ring

    @activity.defn(name=RESOLVE, no_thread_cancel_exception=True)
    def resolve(self, input: ResolveInput) -> Answer:
        """Return who decides, on what footing, and in whose name it is sent; or what stands in the way."""
        with self._database.read() as connection:
            filing = find_filing(connection, input.workflow_id)
            published = plan_by_digest(connection, input.plan or filing.plan) if filing else None
            if published is None:
                raise LookupError(f"{input.workflow_id} has no row, or its plan is not published")
            latest = read_latest(connection, input.workflow_id, self._ring.open_sealed)
            phase = input.command.phase
            offered = find_offered_way(*latest, phase) if latest else None
            on, own = input.at.date(), input.command.own
            footing = read_footing(connection, published.plan, input.origin, phase, on, offered, own)
        recipients = tuple(
            ResolvedContact(contact=r.contact, may=r.may, jointly=r.jointly, own=r.own)
            for r in footing.recipients
        )
        return Answer(
            result=Resolved(
                at=input.at,
                number=input.command.number,
                recipients=recipients,
                sender=footing.sender,
                way=footing.way,
                standing_until=footing.standing_until,
                problem=footing.problem,
            )
        )
