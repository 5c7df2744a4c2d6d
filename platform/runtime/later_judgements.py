"""Asking Digipoort each office day about returns of which a person recorded the judgement (decision 220).

What a person recorded counts once Digipoort was asked and said nothing final. It may say that later, when no
filing asks any more: that a return which was recorded as lost, and was sent again, is accepted as well.
Nothing is changed by it, since what is sent again asks for itself: it is an alarm and a line for who delivers
there, until a correction is started, or it is not asked about any more.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from ..office.alarms import FILED_TWICE, JUDGED_LATER, keep_alarms
from ..office.database.engine import Database
from ..office.filings.deliveries import Delivery, DeliveryStatus, find_beside, list_recorded_by_hand
from ..office.filings.links import is_corrected
from ..sbr.digipoort.client import DigipoortClient
from ..sbr.digipoort.problems import AnswerLost, FaultAnswered, NotSent
from ..sbr.digipoort.statuses import Accepted, Pending, Refused, judge

ASKED_FOR = timedelta(weeks=6)
"""So long, in real time, a recorded judgement is asked about: as long as one can object (Awb art. 6:7)."""

_Said = list[tuple[Delivery, DeliveryStatus]]


def ask_later_judgements(
    database: Database, make_gateway: Callable[[], DigipoortClient], own: timedelta
) -> bool:
    """Ask about what was recorded, and have alarms of what Digipoort says otherwise; say whether it answered.

    For the time `own`, which is real, a filing asks itself. Where Digipoort does not answer, all alarms stay
    as they were. Raises DatabaseError.
    """
    now = datetime.now(UTC)
    with database.read() as connection:
        recorded = list_recorded_by_hand(connection, now - ASKED_FOR, now - own)
    said = _ask(make_gateway(), recorded) if recorded else []
    if said is None:
        return False
    with database.write() as connection:
        twice, later = {}, {}
        for one, to in said:
            beside = find_beside(connection, one) if to == "accepted" else None
            if beside is None:
                recorded_as = "lost" if one.status == "failed" else one.status
                later[one.filing, f"{to} {recorded_as} {one.kenmerk}"] = (
                    f"Digipoort says that delivery {one.number} is {to}; it was recorded as {recorded_as}"
                )
            elif not is_corrected(connection, (one.filing, beside.filing)):
                twice[beside.filing, f"{one.kenmerk} {beside.kenmerk or beside.aanleverkenmerk}"] = (
                    f"delivery {one.number} of {one.filing}, recorded otherwise, is accepted beside "
                    f"delivery {beside.number}"
                )
        keep_alarms(connection, JUDGED_LATER, later)
        keep_alarms(connection, FILED_TWICE, twice)
    return True


def _ask(gateway: DigipoortClient, recorded: Sequence[Delivery]) -> _Said | None:
    """Return what Digipoort says otherwise than was recorded; None where it does not answer.

    A fault about one, which nobody signs, says nothing of it.
    """
    found: _Said = []
    with gateway:
        for one in recorded:
            assert one.kenmerk is not None
            try:
                verdict = judge(gateway.statuses(one.kenmerk))
            except FaultAnswered:
                continue
            except (NotSent, AnswerLost):
                return None
            if isinstance(verdict, Pending):
                continue
            to: DeliveryStatus = "failed"
            if isinstance(verdict, Accepted | Refused):
                to = "accepted" if isinstance(verdict, Accepted) else "refused"
            if to != one.status:
                found.append((one, to))
    return found
