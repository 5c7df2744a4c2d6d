"""What the statuses of a delivery amount to: on its way, accepted, refused, or failed.

The table is the whole knowledge of codes. 105, 100, 110, 200, 301, 405, 400 and 500 were seen in recorded
traffic; 210, 230, 311, 321, 410, 420 and 510 rest on other implementers. The order of the numbers is not the
order in time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from .acknowledgement import Acknowledgement, read_acknowledgement, readable
from .messages import Status


class Meaning(Enum):
    """What a status code means for the delivery."""

    UNDERWAY = "on its way"
    ACCEPTED = "accepted by the authority; final"
    REFUSED = "its content is refused: the work goes back; final"
    FAILED = "it failed on the way: a person tries again; final"
    RETRYING = "delivering fails for now; Digipoort tries again for up to 72 hours, then says AFS600"


TABLE = {
    "105": Meaning.UNDERWAY,
    "100": Meaning.UNDERWAY,
    "110": Meaning.UNDERWAY,
    "200": Meaning.UNDERWAY,
    "210": Meaning.FAILED,
    "230": Meaning.FAILED,
    "301": Meaning.UNDERWAY,
    "311": Meaning.REFUSED,
    "321": Meaning.FAILED,
    "405": Meaning.UNDERWAY,
    "400": Meaning.UNDERWAY,
    "410": Meaning.FAILED,
    "420": Meaning.RETRYING,
    "500": Meaning.ACCEPTED,
    "510": Meaning.REFUSED,
}

GIVEN_UP = "AFS600"
"""The fault that makes 420 final."""

PROCESSABLE = "A"
"""The class of an acknowledgement that the return can be processed; no other was seen (FACTS 1.4)."""

BY_RECEIVER = "AFO"
"""How faults of the receiving party begin, which make 410 a refusal (AFO100); AFS is Digipoort's trouble."""


@dataclass(frozen=True, slots=True)
class Pending:
    """Not final. `alerts` are sentences for an operator: something is not as expected."""

    last: Status | None
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Accepted:
    """The authority accepted it. `status.raw` and `acknowledgement` are the proof of receipt."""

    status: Status
    acknowledgement: Acknowledgement | None
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The content is refused, in the authority's own text: the work goes back."""

    code: str
    text: str = field(repr=False)
    fault_code: str | None
    status: Status
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """It failed on the way for good, for technical reasons: an operator tries again."""

    code: str
    text: str = field(repr=False)
    fault_code: str | None
    status: Status
    alerts: tuple[str, ...] = ()


Verdict = Pending | Accepted | Refused | Failed


def judge(statuses: Iterable[Status]) -> Verdict:
    """Judge all statuses of one delivery, from one answer or several.

    Sorted by time, then by the order given; a status that comes again counts once. The last final one
    decides; one that contradicts it is an alert.
    """
    known = {status.key: status for status in statuses}
    ordered = sorted(known.values(), key=lambda status: status.at)
    alerts = [f"unknown status code {code}" for code in _unknown(ordered)]
    finals = [status for status in ordered if _meaning(status) not in (Meaning.UNDERWAY, Meaning.RETRYING)]
    if not finals:
        return Pending(ordered[-1] if ordered else None, tuple(alerts))
    if len({_meaning(status) for status in finals}) > 1:
        alerts.append(f"contradictory final statuses {', '.join(status.code for status in finals)}")
    return _verdict(finals[-1], alerts)


def find_acknowledgement(statuses: Iterable[Status]) -> Acknowledgement | None:
    """Return the authority's acknowledgement among the statuses of one delivery, when there is one."""
    read = (read_acknowledgement(status.details) for status in statuses)
    return next((found for found in read if found is not None), None)


def _judge_acknowledgement(status: Status, alerts: list[str]) -> Verdict:
    """Accept what the authority's own receipt calls processable; a receipt that says otherwise is a failure.

    Of such receipts nothing is published (FACTS 1.4): whether the content is refused a person sees.
    """
    acknowledgement = read_acknowledgement(status.details)
    if acknowledgement is None:
        alerts.append("status 500 came without a readable acknowledgement")
    elif not acknowledgement.class_:
        alerts.append("status 500 came with an acknowledgement without a class")
    elif acknowledgement.class_ != PROCESSABLE:
        alerts.append("status 500 came with an acknowledgement that it is not processable")
        text = acknowledgement.description or status.text
        return Failed(status.code, text, acknowledgement.code or None, status, tuple(alerts))
    return Accepted(status, acknowledgement, tuple(alerts))


def _meaning(status: Status) -> Meaning:
    """The meaning of a status with its fault: a fault is a failure, except while Digipoort still tries."""
    meaning = TABLE.get(status.code, Meaning.UNDERWAY)
    if status.code == "410" and (status.fault_code or "").startswith(BY_RECEIVER):
        return Meaning.REFUSED
    if status.fault_code is None or meaning in (Meaning.REFUSED, Meaning.FAILED):
        return meaning
    if meaning is Meaning.RETRYING and status.fault_code != GIVEN_UP:
        return meaning
    return Meaning.FAILED


def _unknown(statuses: list[Status]) -> list[str]:
    return sorted({status.code for status in statuses} - TABLE.keys())


def _verdict(status: Status, alerts: list[str]) -> Verdict:
    meaning = _meaning(status)
    if meaning is Meaning.ACCEPTED:
        return _judge_acknowledgement(status, alerts)
    text = readable(status.fault_text or status.text)
    kind = Refused if meaning is Meaning.REFUSED else Failed
    return kind(status.code, text, status.fault_code, status, tuple(alerts))
