"""What a reply means: a signed answer that is believed, an unsigned fault, or nothing to rely on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from lxml import etree

from .acknowledgement import readable
from .messages import Fault
from .names import SOAP, SOAP_12, WSA, Operation
from .parsing import XmlError, parse
from .payloads import PayloadError, read_fault
from .problems import AnswerLost, Problem, Trouble
from .saying import quote
from .schema import SchemaError, validate
from .transport import Reply
from .trust import Trust, TrustError
from .verifying import verify

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Answer:
    """The payload of a signed answer to our question, verified and fitting the schema, with the raw bytes."""

    payload: etree._Element
    raw: bytes


def read_reply(
    reply: Reply,
    read: Callable[[Answer], _T],
    *,
    operation: Operation,
    message_id: str,
    trust: Trust,
    now: datetime,
    limit: int,
) -> _T | Fault:
    """Read the reply to the question `message_id`, and what it says with `read`.

    RelatesTo must be that id; the answer's own MessageID may be anything, since Digipoort's stub repeats ours
    or leaves out `urn:`. Raises AnswerLost for everything that is neither a believable answer nor a fault
    about our question, and nothing else: this is the one place where an answer is read.
    """
    try:
        fault = _fault(reply.body, operation, message_id, limit)
        if fault is not None:
            return fault
        return read(_answer(reply, operation, message_id, trust, now, limit))
    except AnswerLost:
        raise
    except PayloadError as error:
        raise _make_answer_lost(Problem.ANSWER_UNREADABLE, str(error)) from None
    except Exception as error:
        # Whatever the other side's bytes make a library raise: the delivery may have arrived all the same.
        raise _make_answer_lost(Problem.ANSWER_UNREADABLE, type(error).__name__) from None


def _answer(
    reply: Reply, operation: Operation, message_id: str, trust: Trust, now: datetime, limit: int
) -> Answer:
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
    """Return the fault of a reply, or None when it does not report one.

    Raises AnswerLost, with what was said, for a fault that is not Digipoort's own answer to our question.
    """
    try:
        envelope = parse(body, limit=limit)
    except XmlError:
        return None
    found = envelope.find(f"{{{SOAP}}}Body/{{{SOAP}}}Fault")
    if found is None:
        found = envelope.find(f"{{{SOAP_12}}}Body/{{{SOAP_12}}}Fault")
    if found is None:
        return None
    details = found.findall(f"detail/{operation.fault_tag}")
    related = [element.text for element in envelope.findall(f"{{{SOAP}}}Header/{{{WSA}}}RelatesTo")]
    if related not in ([], [message_id]):
        raise _make_answer_lost(Problem.ANSWER_FOR_ANOTHER, "RelatesTo of a fault")
    if len(details) != 1 or not related:
        other = _read_other_fault(found, body)
        raise AnswerLost(Trouble(Problem.FAULT, other.sentence), other)
    _check_schema(details[0])
    return _make_fault(*read_fault(details[0]), body)


def _read_other_fault(fault: etree._Element, body: bytes) -> Fault:
    """Read a fault of any service: what it says in its detail, else its code and text (SOAP 1.1 or 1.2)."""
    texts = {
        etree.QName(element).localname: (element.text or "").strip()
        for element in fault.iter("{*}*")
        if len(element) == 0
    }
    code = texts.get("foutcode") or texts.get("faultcode") or texts.get("Value") or ""
    text = texts.get("foutbeschrijving") or texts.get("faultstring") or texts.get("Text") or ""
    return _make_fault(code, text, body)


def _make_fault(code: str, text: str, body: bytes) -> Fault:
    return Fault(quote(code) or "?", quote(readable(text)), body)


def _check_schema(payload: etree._Element) -> None:
    try:
        validate(payload)
    except SchemaError as error:
        raise _make_answer_lost(Problem.ANSWER_UNREADABLE, str(error)) from None


def _make_answer_lost(problem: Problem, detail: str) -> AnswerLost:
    return AnswerLost(Trouble(problem, detail))
