"""Asking Digipoort each office day about returns of which a person recorded the judgement (decision 220).

What a person recorded counts once Digipoort was asked and said nothing final. It may say that later, when no
filing asks any more: that a return which was recorded as lost, and was sent again, is accepted as well.
Nothing is changed by it, since what is sent again asks for itself: it is an alarm and a line for who delivers
there, until it is no longer so, a correction goes on, or it is not asked about any more.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from ..office.alarms import FILED_TWICE, JUDGED_LATER, all_alarms, keep_alarms
from ..office.database.engine import Database
from ..office.filings.deliveries import Delivery, DeliveryStatus, list_beside, list_recorded_by_hand
from ..office.filings.links import is_corrected
from ..sbr.digipoort.client import DigipoortClient
from ..sbr.digipoort.problems import AnswerLost, FaultAnswered, NotSent
from ..sbr.digipoort.statuses import Accepted, Pending, Refused, Verdict, judge

ASKED_FOR = timedelta(weeks=6)
"""So long, in real time, a recorded judgement is asked about: as long as one can object (Awb art. 6:7)."""


def ask_later_judgements(
    database: Database, make_gateway: Callable[[], DigipoortClient], own: timedelta
) -> None:
    """Ask about what was recorded, and have alarms of what Digipoort says otherwise.

    For the time `own`, which is real, a filing asks itself. Where Digipoort does not answer for one, or by a
    fault, which nobody signs, what it said before counts. Raises DatabaseError.
    """
    now = datetime.now(UTC)
    with database.read() as connection:
        recorded = list_recorded_by_hand(connection, now - ASKED_FOR, now - own)
    verdicts = _ask(make_gateway(), recorded) if recorded else {}
    with database.write() as connection:
        before = _list_said(connection)
        said = [
            (one, _name(verdicts[one.kenmerk]) if one.kenmerk in verdicts else before.get(one.kenmerk or ""))
            for one in recorded
        ]
        differ = [(one, to) for one, to in said if to and _is_filed(to) != _is_filed(one.status)]
        not_filed = {(one.filing, one.number) for one, to in differ if not _is_filed(to)}
        twice, later = {}, {}
        for one, to in differ:
            others = list_beside(connection, one)
            beside = next((at for at in others if (at.filing, at.number) not in not_filed), None)
            ends = is_corrected(connection, {at.filing for at in (one, beside) if at})
            if _is_filed(to) and beside and not ends:
                twice[beside.filing, f"{one.kenmerk} {beside.kenmerk or beside.aanleverkenmerk}"] = (
                    f"delivery {one.number} of {one.filing}, recorded otherwise, is accepted beside "
                    f"delivery {beside.number}"
                )
            elif not beside and not ends:
                recorded_as = "lost" if one.status == "failed" else one.status
                later[one.filing, f"{to} {recorded_as} {one.kenmerk}"] = (
                    f"Digipoort says that delivery {one.number} is {to}; it was recorded as {recorded_as}"
                )
        keep_alarms(connection, JUDGED_LATER, later)
        keep_alarms(connection, FILED_TWICE, twice)


def _ask(gateway: DigipoortClient, recorded: Sequence[Delivery]) -> dict[str | None, Verdict]:
    """Return what Digipoort says, by kenmerk, of those that it answers for."""
    verdicts: dict[str | None, Verdict] = {}
    with gateway:
        for one in recorded:
            assert one.kenmerk is not None
            try:
                verdicts[one.kenmerk] = judge(gateway.statuses(one.kenmerk))
            except (NotSent, AnswerLost, FaultAnswered):
                continue
    return verdicts


def _list_said(connection: Connection) -> Mapping[str, DeliveryStatus]:
    """Return by kenmerk what Digipoort said otherwise when it answered last, as the alarms have it."""
    said: dict[str, DeliveryStatus] = {}
    for alarm in all_alarms(connection):
        if alarm.kind == FILED_TWICE:
            said[alarm.detail.split()[0]] = "accepted"
        elif alarm.kind == JUDGED_LATER:
            to, _, kenmerk = alarm.detail.split()
            said[kenmerk] = "accepted" if to == "accepted" else "refused" if to == "refused" else "failed"
    return said


def _name(verdict: Verdict) -> DeliveryStatus | None:
    if isinstance(verdict, Pending):
        return None
    if isinstance(verdict, Accepted):
        return "accepted"
    return "refused" if isinstance(verdict, Refused) else "failed"


def _is_filed(status: DeliveryStatus) -> bool:
    return status == "accepted"
