"""Handing notices to the filings that wait for them: at once when one is put in, and by a worker ever after.

A notice is kept before any filing hears of it. Whoever kept it hands it over; when they were cut off, or
nothing waited for it yet, a worker does, as soon as exactly one filing of the relation waits for its kind. So
none is lost and none needs to be asked for. That a filing took it is written down with its step.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection
from temporalio.client import Client, WorkflowUpdateFailedError

from ..equipment import Equipment
from ..filing.events import SYSTEM, Notice
from ..filing.waiting import awaited_notices
from ..office.filings.filing import Filing, list_filings
from ..office.filings.notices import StoredNotice, act_id_of, list_notices
from ..office.plans import plans_by_digest
from ..plan import Plan
from .client import act
from .inputs import ActAnswer

_log = logging.getLogger(__name__)


class Waiting(NamedTuple):
    """An open filing with a phase that can take a notice of some kind; `now` when that phase is active."""

    filing: Filing
    phase: str
    now: bool


def find_waiting(connection: Connection, relation: str, kind: str) -> list[Waiting]:
    """Return the open filings of a relation that wait for a kind of notice, or will by their plan."""
    return _list_waiting(connection, [relation]).get((relation, kind), [])


def _list_waiting(connection: Connection, relations: Sequence[str]) -> dict[tuple[str, str], list[Waiting]]:
    """Return by relation and kind of notice the filings that wait for it, or will by their plan."""
    found = [one for one in list_filings(connection, relations=relations) if one.status != "afgesloten"]
    plans = plans_by_digest(connection, {one.plan for one in found})
    waiting: dict[tuple[str, str], list[Waiting]] = {}
    for filing in found:
        for kind, phase in _list_kinds(plans[filing.plan]):
            one = Waiting(filing, phase, phase in filing.phases)
            waiting.setdefault((filing.relation, kind), []).append(one)
    return waiting


def _list_kinds(plan: Plan) -> list[tuple[str, str]]:
    return [(kind, phase.id) for phase in plan.phases for kind in awaited_notices(phase)]


def known_kinds(plans: Sequence[Plan]) -> list[str]:
    """Return the kinds of notice that plans name, sorted."""
    return sorted({kind for plan in plans for kind, _ in _list_kinds(plan)})


def choose(notice: StoredNotice, waiting: Sequence[Waiting]) -> Waiting | None:
    """Return which filing a notice goes to now: the one it is for, else the only one that waits for it."""
    now = [one for one in waiting if one.now and notice.filing in (None, one.filing.id)]
    return now[0] if len({one.filing.id for one in now}) == 1 else None


async def hand_over(client: Client, notice: StoredNotice, to: Waiting) -> bool:
    """Give a notice to a filing, once; False where it did not take it, or that is not known.

    Raises RPCError and WorkflowUpdateFailedError.
    """
    said = Notice(
        at=datetime.min,
        id=act_id_of(notice.id),
        by=SYSTEM,
        phase=to.phase,
        notice=notice.kind,
        on=notice.date,
        reference=notice.reference,
        document=notice.document,
    )
    return isinstance(await act(client, to.filing.id, said), ActAnswer)


async def match_notices(equipment: Equipment, client: Client) -> None:
    """Hand over the notices that a filing waits for by now. Raises DatabaseError and RPCError."""
    for notice, to in await asyncio.to_thread(_list_matches, equipment):
        try:
            await hand_over(client, notice, to)
        except WorkflowUpdateFailedError as error:
            _log.warning("%s was not told of a notice: %s", to.filing.id, type(error).__name__)


def _list_matches(equipment: Equipment) -> list[tuple[StoredNotice, Waiting]]:
    with equipment.database.read() as connection:
        kept = list_notices(connection, equipment.document_ring, open_only=True)
        if not kept:
            return []
        waiting = _list_waiting(connection, sorted({one.relation for one in kept}))
    pairs = ((one, choose(one, waiting.get((one.relation, one.kind), []))) for one in kept)
    return [(one, to) for one, to in pairs if to is not None]
