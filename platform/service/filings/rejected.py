"""What a client rejected, for colleagues who work on it again: who, when, why, and what is still the same."""

from collections.abc import Sequence
from datetime import datetime

from ...filing.view import DocumentView, View
from ...office.overviews.rejections import DECIDED, RELEASED, until_offered
from ...office.overviews.timeline import TimelineLine
from ...plan import Model, Plan


class RejectedOffer(Model):
    """An offer that was rejected and is not out again; `contact` is an id, `at` office time.

    `recorded_by` is the name of the colleague who wrote it down, `unchanged` the titles of documents that
    are still the version that was rejected.
    """

    contact: str
    at: datetime
    reason: str
    recorded_by: str
    times: int
    unchanged: tuple[str, ...]


def find_rejected(
    plan: Plan, view: View | None, documents: Sequence[DocumentView], lines: Sequence[TimelineLine]
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
            rejected = _describe(here[-1], sum(map(_is_rejection, here)), documents)
            found |= {phase: rejected for phase in active if phase in counts}
    return found


def _is_rejection(line: TimelineLine) -> bool:
    return line.what == DECIDED and line.data.get("answer") == "reject"


def _describe(line: TimelineLine, times: int, documents: Sequence[DocumentView]) -> RejectedOffer:
    contact = str(line.data.get("contact") or line.by)
    hashes = str(line.data.get("hashes") or "").split(", ")
    return RejectedOffer(
        contact=contact,
        at=line.at,
        reason=str(line.data.get("reason") or ""),
        recorded_by=line.who if contact != line.by else "",
        times=times,
        unchanged=tuple(one.title for one in documents if one.shown and one.shown.hash in hashes),
    )
