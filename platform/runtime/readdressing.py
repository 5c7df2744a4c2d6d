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

from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from ..equipment import Equipment
from ..filing.events import SYSTEM, ResolveAgain
from ..filing.reasons import find_offered_way, find_own_documents
from ..filing.state import OfferState, State
from ..office.filings.open_offers import has_marked, mark_all_offers, remark, take_marked
from ..office.office_clock import office_now
from ..office.relations.snapshot import Snapshot, load_snapshot
from ..plan import Plan
from .activities.latest_state import read_many_latest
from .client import NotRunning, Unknown, act, for_each
from .footings import footing_of

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
        self._last = ""
        """The last filing that was compared: the next round goes on after it, so that none waits for ever."""

    async def refresh(self) -> bool:
        """Have filings look again whose offers go to others by now; say whether more are marked.

        Compares AT_ONCE at most. What could not be told stays marked. Raises DatabaseError and RPCError.
        """
        ids, today = await asyncio.to_thread(self._take)
        if not ids:
            return False
        again: Sequence[str] = ids
        try:
            wanted, unsettled = await asyncio.to_thread(self._judge, ids, today)
            told = await for_each(wanted, lambda filing: self._tell(filing, wanted[filing]))
            again = [*unsettled, *(filing for filing, done in told.items() if not done)]
        finally:
            await asyncio.to_thread(self._mark, again)
        return len(ids) == AT_ONCE

    def _take(self) -> tuple[tuple[str, ...], date]:
        """Take the marks of the next filings; on a new office day all that offer are marked first.

        Nobody waits for a look that finds no mark: only who has something to write keeps others from writing.
        """
        with self._equipment.database.read() as connection:
            today = office_now(connection).date()
            marked = has_marked(connection, self._last)
        if today == self._day and not marked:
            self._last = ""
            return (), today
        with self._equipment.database.write() as connection:
            if today != self._day:
                mark_all_offers(connection)
            ids = take_marked(connection, AT_ONCE, self._last)
        self._day = today
        self._last = ids[-1] if len(ids) == AT_ONCE else ""
        return ids, today

    def _judge(self, ids: Sequence[str], today: date) -> tuple[Phases, list[str]]:
        """Return what has to look again, and what cannot be judged yet."""
        wanted, unsettled = Phases(), list[str]()
        with self._equipment.database.read() as connection:
            found = read_many_latest(connection, ids, self._equipment.document_ring.open_sealed)
            relations = {state.origin.filing.relation for _, state in found.values()}
            snapshot = load_snapshot(connection, relations, today)
        for id, (plan, state) in found.items():
            offers = list(_open_offers(state))
            if any(offer.lookup is None for offer in offers):  # it was asked, by what was known then
                unsettled.append(id)
            changed = [offer.phase for offer in offers if _differs(snapshot, plan, state, offer, today)]
            if changed:
                wanted[id] = changed
        return wanted, unsettled

    def _mark(self, ids: Sequence[str]) -> None:
        if ids:
            with self._equipment.database.write() as connection:
                remark(connection, ids)

    async def _tell(self, filing: str, phases: Sequence[str]) -> bool:
        """Have a filing look again; False where it is not known whether it heard, or nothing runs."""
        for phase in phases:
            again = ResolveAgain(at=datetime.min, id=f"again-{uuid4()}", by=SYSTEM, phase=phase)
            try:
                answer = await act(self._client, filing, again)
            except (RPCError, WorkflowUpdateFailedError) as error:
                logger.warning("%s was not told to look up its recipients: %s", filing, type(error).__name__)
                return False
            if isinstance(answer, Unknown | NotRunning):
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
    known = offer.lookup
    if known is None:
        return False
    offered = find_offered_way(plan, state, offer.phase)
    own = find_own_documents(plan, state, offer.phase)
    now = footing_of(snapshot, plan, state.origin, offer.phase, today, offered, own)
    recipients = {r.contact: (r.may, r.jointly, r.own) for r in now.recipients}
    return (
        recipients != {r.contact: (r.may, r.jointly, r.own) for r in known.recipients}
        or (now.sender, now.standing_until, now.problem)
        != (known.sender, known.standing_until, known.problem)
        or (not offer.documents and now.way != known.way)
    )
