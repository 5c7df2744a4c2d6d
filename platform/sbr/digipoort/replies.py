"""What a reply means: a signed answer that is believed, an unsigned fault, or nothing to rely on."""

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from .messages import Fault
from .names import SOAP, WSA, Operation
from .parsing import XmlError, parse
from .payloads import read_fault
from .problems import AnswerLost, Problem, Trouble
from .schema import SchemaError, validate
from .transport import Reply
from .trust import Trust, TrustError
from .verifying import verify


@dataclass(frozen=True, slots=True)
class Answer:
    """The payload of a signed answer to our question, verified and fitting the schema, with the raw bytes."""

    payload: etree._Element
    raw: bytes


def read_reply(
    reply: Reply, *, operation: Operation, message_id: str, trust: Trust, now: datetime, limit: int
) -> Answer | Fault:
    """Read the reply to the question `message_id`.

    RelatesTo must be that id; the answer's own MessageID may be anything, since Digipoort's stub repeats ours
    or leaves out `urn:`. Raises AnswerLost for everything that is neither a believable answer nor a fault.
    """
    fault = _fault(reply.body, operation, message_id, limit)
    if fault is not None:
        return fault
    if reply.status != 200:
        raise _make_answer_lost(Problem.ANSWER_UNREADABLE, f"HTTP {reply.status}")
    try:
        verified = verify(reply.body, trust=trust, now=now, action=operation.response_action, limit=limit)
    except TrustError as error:
        unreadable = error.reason in ("not-xml", "envelope")
        problem = Problem.ANSWER_UNREADABLE if unreadable else Problem.ANSWER_NOT_TRUSTED
        raise _make_answer_lost(problem, str(error)) from None
    if verified.relates_to != message_id:
        raise _make_answer_lost(Problem.ANSWER_FOR_ANOTHER, "RelatesTo")
    if verified.payload.tag != operation.response_tag:
        raise _make_answer_lost(Problem.ANSWER_FOR_ANOTHER, "payload")
    _check_schema(verified.payload)
    return Answer(verified.payload, reply.body)


def _fault(body: bytes, operation: Operation, message_id: str, limit: int) -> Fault | None:
    """Return the fault of a reply, or None when it does not report one."""
    try:
        envelope = parse(body, limit=limit)
    except XmlError:
        return None
    if envelope.find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault") is None:
        return None
    details = envelope.findall(f"{{{SOAP}}}Body/{{{SOAP}}}Fault/detail/{operation.fault_tag}")
    if len(details) != 1:
        raise _make_answer_lost(Problem.ANSWER_UNREADABLE, "a fault of another service")
    related = [element.text for element in envelope.findall(f"{{{SOAP}}}Header/{{{WSA}}}RelatesTo")]
    if related != [message_id]:
        raise _make_answer_lost(Problem.ANSWER_FOR_ANOTHER, "RelatesTo of a fault")
    _check_schema(details[0])
    code, text = read_fault(details[0])
    return Fault(code, text, body)


def _check_schema(payload: etree._Element) -> None:
    try:
        validate(payload)
    except SchemaError as error:
        raise _make_answer_lost(Problem.ANSWER_UNREADABLE, str(error)) from None


def _make_answer_lost(problem: Problem, detail: str) -> AnswerLost:
    return AnswerLost(Trouble(problem, detail))
