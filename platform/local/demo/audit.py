"""The final check: the simulator's journal against the office database, byte for byte."""

import hashlib
from collections import Counter
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, select

from ...equipment import Equipment
from ...office.database.tables import timeline
from ...office.document_store import DocumentError, DocumentStore
from ...office.filings.deliveries import Delivery, list_deliveries
from ...office.filings.filing import list_filings
from ...office.filings.records import read_events
from ...office.plans import require_plan
from ...runtime.rebuilding import RebuildError, rebuild
from ...sbr.digipoort.simulator.journal import Entry, read_journal


def differences(equipment: Equipment, journal: Path) -> list[str]:
    """Return every way in which journal and database disagree; nothing when each delivery happened once.

    What the gateway took (refused later or not) must be exactly what the database says was made, with the
    bytes that the client approved or was shown under a standing authority. No text holds an identity.
    """
    found = _find_unrebuilt(equipment)
    entries = read_journal(journal)
    with equipment.database.read() as connection:
        made = [one for one in list_deliveries(connection) if one.kenmerk or one.status != "failed"]
        agreed = {one.filing: agreed_hashes(connection, one.filing) for one in made}
    found += _find_duplicates(entries) + _compare_kenmerken(entries, made)
    taken = {entry.kenmerk: entry for entry in entries}
    for delivery in made:
        entry = taken.get(delivery.kenmerk or "")
        if entry is not None:
            found += _compare(delivery, entry, journal, equipment.documents)
        if delivery.sha256 not in agreed[delivery.filing]:
            found.append(f"{delivery.filing}: what was delivered was neither approved nor shown")
    return found


def _find_unrebuilt(equipment: Equipment) -> list[str]:
    """Rebuild every filing from its events; return where the result differs from the recorded states."""
    found = []
    with equipment.database.read() as connection:
        for filing in list_filings(connection):
            events = read_events(connection, filing.id, equipment.document_ring.open_sealed)
            try:
                steps = list(rebuild(filing.plan, events, partial(require_plan, connection)))
            except RebuildError as error:
                found.append(f"{filing.id}: {error}")
                continue
            if len(steps) != filing.recorded:
                found.append(f"{filing.id}: {len(steps)} events are kept of {filing.recorded} steps")
    return found


def agreed_hashes(connection: Connection, filing: str) -> set[str]:
    """Return the hashes that the client approved, or was shown under a standing authority."""
    query = select(timeline.c.what, timeline.c.data).where(timeline.c.filing == filing)
    agreed: set[str] = set()
    shown: set[str] = set()
    for what, data in connection.execute(query.order_by(timeline.c.sequence, timeline.c.index)):
        if what == "offer_released":
            shown = set(data["hashes"].split(", "))
        elif what == "unopposed" or (what == "informed" and "object_until" not in data):
            agreed |= shown
        elif what == "decided" and data["answer"] in ("approve", "sign"):
            agreed |= set(data["hashes"].split(", "))
    return agreed


def _find_duplicates(entries: tuple[Entry, ...]) -> list[str]:
    """Return the contents that were taken more than once: no two returns are equal, each has its own time."""
    counts = Counter(entry.sha256 for entry in entries)
    return [f"{sha[:12]} was delivered {count} times" for sha, count in counts.items() if count > 1]


def _compare_kenmerken(entries: tuple[Entry, ...], made: list[Delivery]) -> list[str]:
    taken = {entry.kenmerk for entry in entries}
    known = {delivery.kenmerk for delivery in made}
    strange = [f"the journal has {kenmerk}, the database does not" for kenmerk in sorted(taken - known)]
    lost = [
        f"{one.filing}: delivery {one.number} is not in the journal"
        for one in made
        if one.kenmerk not in taken
    ]
    return strange + lost


def _compare(delivery: Delivery, entry: Entry, journal: Path, store: DocumentStore) -> list[str]:
    found = []
    if delivery.aanleverkenmerk != entry.aanleverkenmerk or delivery.sha256 != entry.sha256:
        found.append(f"{delivery.filing}: {entry.kenmerk} is a different delivery in the journal")
    arrived = (journal / "contents" / entry.sha256).read_bytes()
    try:
        ours = store.get(delivery.sha256)
    except DocumentError as error:
        return [*found, f"{delivery.filing}: {error}"]
    if arrived != ours or hashlib.sha256(arrived).hexdigest() != delivery.sha256:
        found.append(f"{delivery.filing}: the bytes that arrived differ from those sent")
    expected = {"500": "accepted", "510": "refused", "311": "refused"}.get(entry.final_status or "")
    if expected and delivery.status not in (expected, "taken"):
        found.append(f"{delivery.filing}: {entry.kenmerk} ended differently from what the database says")
    return found
