"""Having open offers go to whom they go to now, after people, authority or agreements have changed (R66).

A worker compares what was looked up for each marked offer with what would be found today, and has the filing
look again where that differs. On each new office day all open offers are compared: authority begins and ends
by date.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from uuid import uuid4

from sqlalchemy import Connection
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from ..equipment import Equipment
from ..filing.events import SYSTEM, ResolveAgain
from ..filing.state import OfferState, State
from ..office.filings.open_offers import mark_all_offers, remark, take_marked
from ..office.office_clock import office_now
from ..office.relations.recipients import find_footing
from ..office.relations.snapshot import Snapshot, load_snapshot
from ..plan import Plan
from .activities.latest_state import read_latest
from .client import Unknown, act, for_each

AT_ONCE = 100

logger = logging.getLogger(__name__)

Phases = dict[str, list[str]]
"""By filing the offer phases in which it has to look again."""


class OfferWatch:
    """Looks after the open offers of one office, for as long as its worker runs."""

    def __init__(self, equipment: Equipment, client: Client) -> None:
        self._equipment = equipment
        self._client = client
        self._day: date | None = None

    async def refresh(self) -> int:
        """Have filings look again whose offers go to others by now; return how many were compared.

        At most AT_ONCE. What could not be told stays marked. Raises DatabaseError and RPCError.
        """
        ids, wanted, unsettled = await asyncio.to_thread(self._compare)
        told = await for_each(wanted, lambda filing: self._tell(filing, wanted[filing]))
        again = [*unsettled, *(filing for filing, done in told.items() if not done)]
        await asyncio.to_thread(self._mark, again)
        return len(ids) - len(again)

    def _compare(self) -> tuple[tuple[str, ...], Phases, list[str]]:
        """Take the marks; return what was marked, what has to look again, what cannot be judged yet."""
        with self._equipment.database.read() as connection:
            today = office_now(connection).date()
        with self._equipment.database.write() as connection:
            if today != self._day:
                mark_all_offers(connection)
            ids = take_marked(connection, AT_ONCE)
        self._day = today
        try:
            with self._equipment.database.read() as connection:
                return ids, *self._judge(connection, ids, today)
        except BaseException:
            self._mark(ids)
            raise

    def _judge(self, connection: Connection, ids: Sequence[str], today: date) -> tuple[Phases, list[str]]:
        wanted, unsettled = Phases(), list[str]()
        found = [
            (id, *latest)
            for id in ids
            if (latest := read_latest(connection, id, self._equipment.document_ring.open_sealed))
        ]
        relations = {state.origin.filing.relation for _, _, state in found}
        snapshot = load_snapshot(connection, relations) if relations else None
        for id, plan, state in found:
            offers = list(_open_offers(state))
            if any(offer.lookup is None for offer in offers):  # it was asked, by what was known then
                unsettled.append(id)
            changed = [o.phase for o in offers if snapshot and _differs(snapshot, plan, state, o, today)]
            if changed:
                wanted[id] = changed
        return wanted, unsettled

    def _mark(self, ids: Sequence[str]) -> None:
        if ids:
            with self._equipment.database.write() as connection:
                remark(connection, ids)

    async def _tell(self, filing: str, phases: Sequence[str]) -> bool:
        """Have a filing look again; False where it is not known whether it heard."""
        for phase in phases:
            again = ResolveAgain(at=datetime.min, id=f"again-{uuid4()}", by=SYSTEM, phase=phase)
            try:
                answer = await act(self._client, filing, again)
            except (RPCError, WorkflowUpdateFailedError) as error:
                logger.warning("%s was not told to look up its recipients: %s", filing, type(error).__name__)
                return False
            if isinstance(answer, Unknown):
                return False
        return True


def _open_offers(state: State) -> Iterator[OfferState]:
    """Yield the offers of phases that are active now, and not answered."""
    active = {p.id for p in state.case.phases if p.status == "active"}
    if state.case.ended is None:
        yield from (o for o in state.case.offers if o.phase in active and o.outcome is None)


def _differs(snapshot: Snapshot, plan: Plan, state: State, offer: OfferState, today: date) -> bool:
    """Say whether an offer that was looked up would go to others today, or on another footing.

    How a released offer is offered stays as it was.
    """
    known, origin = offer.lookup, state.origin
    if known is None:
        return False
    now = find_footing(
        snapshot,
        plan,
        offer.phase,
        origin.filing.relation,
        str(origin.product["id"]),
        today,
        origin.filing.sub_number,
        origin.period.start,
    )
    recipients = {r.contact: (r.may, r.jointly) for r in now.recipients}
    return (
        recipients != {r.contact: (r.may, r.jointly) for r in known.recipients}
        or (now.sender, now.standing_until, now.problem)
        != (known.sender, known.standing_until, known.problem)
        or (not offer.documents and now.way != known.way)
    )
