"""Returns of which Digipoort gives no final status, and what a person recorded of them, to read.

Apart from the act (`judgements.py`): what only reads needs no client of Temporal's.
"""

from typing import Literal

from sqlalchemy import Connection

from ...filing.state import DeliveryState, State
from ...office.alarms import JUDGEMENT_WAITS, STATUS_WAITS, all_alarms
from ...office.filings.deliveries import BY_HAND, DeliveryStatus, deliveries_of, find_delivery
from ...words import JUDGEMENT_WORDS

__all__ = ["RETRY", "SOON", "TAKEN", "Judgement", "find_unjudged", "list_recorded"]

Judgement = Literal["accepted", "refused", "lost"]
"""What a person records: the authority's answer, or that it says not to have the return."""

TAKEN: DeliveryStatus = "taken"

RETRY = (
    "Kies 'Opnieuw proberen' (retry). Kantoor vraagt het Digipoort dan nog eens: staat daar een uitslag, dan "
    "geldt die; anders geldt wat is vastgelegd."
)
SOON = (
    "Kantoor vraagt het Digipoort nog eens, binnen een uur (als kantoor draait). Staat daar dan een uitslag, "
    "dan geldt die; anders geldt wat is vastgelegd, en gaat de opdracht verder."
)


def find_unjudged(connection: Connection, filing: str, state: State) -> dict[str, tuple[int, bool]]:
    """Return by phase the number of each delivery that may be judged by hand, and whether it stands still."""
    waiting, follows = _find_waiting(state)
    if not waiting:
        return {}
    told = any(one.kind in (STATUS_WAITS, JUDGEMENT_WAITS) for one in all_alarms(connection, filing))
    rows = {one.phase: find_delivery(connection, filing, one.number) for one in waiting}
    return {
        one.phase: (one.number, one.phase in follows)
        for one in waiting
        if (row := rows[one.phase]) and row.status == TAKEN and (told or one.phase in follows)
    }


def list_recorded(connection: Connection, filing: str, state: State) -> dict[str, str]:
    """Return by phase what was recorded of a delivery, in Dutch, until the filing has gone on by it."""
    waiting, follows = _find_waiting(state)
    if not waiting:
        return {}
    rows = {row.number: row for row in deliveries_of(connection, filing)}
    found = {}
    for one in waiting:
        row = rows.get(one.number)
        if row is not None and row.code == BY_HAND and row.status != TAKEN:
            word = JUDGEMENT_WORDS["lost" if row.status == "failed" else row.status]
            goes_on = RETRY if one.phase in follows else SOON
            found[one.phase] = f"De uitslag '{word}' is {row.text}. {goes_on}"
    return found


def _find_waiting(state: State) -> tuple[list[DeliveryState], set[str]]:
    """Return the deliveries that wait for their judgement, and the phases where asking stands still."""
    follows = {
        one.pending.phase for one in state.case.stalls if one.pending.what == "follow" and not one.over
    }
    waiting = [one for one in state.case.deliveries if one.status == "following" or one.phase in follows]
    return waiting, follows
