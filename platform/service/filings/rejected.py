"""What a client rejected, or another sent back, for those who work on it again: who, when and why."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...filing.view import DocumentView, View
from ...office.document_store import DocumentError
from ...office.filings.went_back import DECIDED, SentBackBy
from ...office.overviews.rejections import RELEASED, until_offered
from ...office.overviews.sendings_back import Told, pick_sent_back
from ...office.overviews.timeline import TimelineLine, timeline_of
from ...plan import Model, Plan
from ...sbr.header import hash_content
from ..desk import Desk
from .cases import look_up

SAME_VERSION = Refusal(
    code="same_version",
    text="De klant is niet akkoord met deze versie. Voeg een nieuwe versie toe, of zeg dat u toch dezelfde "
    "aanbiedt.",
)


class RejectedOffer(Model):
    """An offer that was rejected and is not out again; `contact` is an id, `at` office time.

    `recorded_by` is the name of the colleague who wrote it down, `unchanged` the titles of documents that
    are still the version that was rejected: a return that was made again of the same figures is too.
    """

    contact: str
    at: datetime
    reason: str
    recorded_by: str
    times: int
    unchanged: tuple[str, ...]


def find_rejected(
    desk: Desk,
    plan: Plan,
    view: View | None,
    documents: Sequence[DocumentView],
    lines: Sequence[TimelineLine],
) -> dict[str, RejectedOffer]:
    """Return by active phase what a client rejected that it works on again."""
    if view is None or view.ended:
        return {}
    active = [one.id for one in view.phases if one.status == "active"]
    found: dict[str, RejectedOffer] = {}
    for offering in (phase for phase in plan.phases if phase.offer):
        here = [one for one in lines if one.phase == offering.id and one.what in (DECIDED, RELEASED)]
        if here and _is_rejection(here[-1]):
            counts = until_offered(plan, offering.id)
            rejected = _describe(desk, here[-1], sum(map(_is_rejection, here)), documents)
            found |= {phase: rejected for phase in active if phase in counts}
    return found


def find_sent_back(
    plan: Plan, view: View | None, lines: Sequence[TimelineLine]
) -> dict[str, tuple[tuple[TimelineLine, SentBackBy], ...]]:
    """Return by active phase what was sent back to it since it was last completed, with who, latest last."""
    if view is None or view.ended:
        return {}
    active = [one.id for one in view.phases if one.status == "active"]
    told = [(one, Told(str(one.data.get("to") or ""), str(one.data.get("answer") or ""))) for one in lines]
    return pick_sent_back(plan, active, told)


def refuse_same_version(desk: Desk, who: str, name: str, phase: str | None) -> Refusal | None:
    """Refuse that a phase is completed with the very version that the client rejected.

    None where nothing is wrong with that, or where the act itself will be refused. Raises DatabaseError.
    """

    def ask(connection: Connection) -> Refusal | None:
        case = look_up(connection, who, name)
        if isinstance(case, Refusal):
            return None
        lines = timeline_of(connection, case.filing.id)
        found = find_rejected(desk, case.plan, case.view, case.view.documents, lines)
        unchanged = any(one.unchanged for id, one in found.items() if phase in (None, id))
        return SAME_VERSION if unchanged else None

    return desk.read(ask)


def _is_rejection(line: TimelineLine) -> bool:
    return line.what == DECIDED and line.data.get("answer") == "reject"


def _describe(desk: Desk, line: TimelineLine, times: int, documents: Sequence[DocumentView]) -> RejectedOffer:
    contact = str(line.data.get("contact") or line.by)
    hashes = [one for one in str(line.data.get("hashes") or "").split(", ") if one]
    return RejectedOffer(
        contact=contact,
        at=line.at,
        reason=str(line.data.get("reason") or ""),
        recorded_by=line.who if contact != line.by else "",
        times=times,
        unchanged=tuple(one.title for one in documents if _is_among(desk, one, hashes)),
    )


def _is_among(desk: Desk, document: DocumentView, hashes: Sequence[str]) -> bool:
    """Say whether a document is one of these versions, or says the same as one of them."""
    if document.shown is None or document.shown.hash in hashes or document.report is None:
        return document.shown is not None and document.shown.hash in hashes
    store = desk.equipment.documents
    try:
        said = hash_content(store.get(document.shown.hash))
        return any(said == hash_content(store.get(one)) for one in hashes)
    except DocumentError:  # the page shows that elsewhere; who works on it again is kept from nothing
        return False
