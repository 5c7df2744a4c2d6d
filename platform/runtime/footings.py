"""Who an offer of a filing goes to on a day, by what the office holds then."""

from datetime import date

from sqlalchemy import Connection

from ..filing.state import Origin
from ..office.relations.recipients import OfferFooting, find_footing
from ..office.relations.snapshot import Snapshot, load_snapshot
from ..plan import Plan, Way


def read_footing(
    connection: Connection,
    plan: Plan,
    origin: Origin,
    phase: str,
    on: date,
    offered: Way | None,
    own: tuple[str, ...] = (),
) -> OfferFooting:
    """Return it from the database; see `footing_of`."""
    snapshot = load_snapshot(connection, [origin.filing.relation], on)
    return footing_of(snapshot, plan, origin, phase, on, offered, own)


def footing_of(
    snapshot: Snapshot,
    plan: Plan,
    origin: Origin,
    phase: str,
    on: date,
    offered: Way | None,
    own: tuple[str, ...] = (),
) -> OfferFooting:
    """Return it from a snapshot that holds the filing's relation; see `find_footing` for `offered` and `own`.

    Raises LookupError when the plan has no such phase, or the phase no offer.
    """
    return find_footing(
        snapshot,
        plan,
        phase,
        origin.filing.relation,
        str(origin.product["id"]),
        on,
        origin.filing.sub_number,
        origin.period.start,
        offered,
        own,
    )
