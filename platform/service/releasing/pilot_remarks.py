"""What staff and clients remark on the filings of a pilot, sealed as other words of people (R34)."""

from typing import Literal

from sqlalchemy import Connection

from ...audience import Viewer
from ...office.filings.filing import Filing
from ...office.office_clock import office_now
from ...office.pilots import Remark, find_pilot_of, write_remark
from ...words import say_too_long
from ..access import Visitor, find_by_key
from ..desk import Desk
from ..filings.audiences import find_viewer
from ..filings.cases import find_by_name
from ..results import Refusal

LONGEST = 2000

Done = Literal["done"]
DONE: Done = "done"

NOT_ON_PILOT = Refusal(
    code="not_on_pilot",
    text="Deze opdracht hoort niet bij een pilot die loopt; er is niets om op te merken.",
)
EMPTY = Refusal(code="no_remark", text="Schrijf wat u opviel.")


def remark(desk: Desk, who: str, name: str, text: str, id: str) -> Refusal | None:
    """Keep what a colleague or contact (id or e-mail address) remarks on a filing of a pilot that runs.

    Sent again under its `id` it is kept once. Raises DatabaseError and KeyFileError.
    """
    said = text.strip()
    if not said:
        return EMPTY
    long = say_too_long(said, LONGEST)
    if long:
        return Refusal(code="long_remark", text=long)

    def ask(connection: Connection) -> tuple[Filing, int, Viewer] | Refusal:
        filing = find_by_name(connection, name)
        if isinstance(filing, Refusal):
            return filing
        viewer = find_viewer(connection, filing, who)
        if isinstance(viewer, Refusal):
            return viewer
        pilot = _find_pilot(connection, filing)
        return NOT_ON_PILOT if pilot is None else (filing, pilot, viewer)

    found = desk.read(ask)
    if isinstance(found, Refusal):
        return found
    filing, pilot, viewer = found
    with desk.equipment.database.write() as connection:
        kept = Remark(
            id=id,
            pilot=pilot,
            filing=filing.id,
            at=office_now(connection),
            by=viewer.id or "",
            of_client=viewer.client,
            said=desk.equipment.document_ring.seal(said.encode(), place_of(id)),
        )
        write_remark(connection, kept)
    return None


def remark_as_client(desk: Desk, visitor: Visitor, key: str, text: str, id: str) -> Done | Refusal | None:
    """Keep what a client remarks on the filing with this key; None where it is not of their relation.

    As `remark`, else.
    """
    filing = desk.read(lambda connection: find_by_key(connection, visitor, key))
    if filing is None or visitor.kind != "client":
        return None
    return remark(desk, visitor.id, filing.id, text, id) or DONE


def place_of(id: str) -> bytes:
    """Return what the seal of a remark is bound to."""
    return f"pilot remark {id}".encode()


def _find_pilot(connection: Connection, filing: Filing) -> int | None:
    return find_pilot_of(connection, filing.plan, filing.relation)
