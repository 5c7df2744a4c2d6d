"""What the client makes of answers that are signed well and still not to be relied on, and of faults."""

import gzip
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from time import sleep
from typing import Any

import pytest
from lxml import etree

from kantoor.sbr.digipoort.client import DigipoortClient
from kantoor.sbr.digipoort.envelope import answer, fault, security_fault
from kantoor.sbr.digipoort.messages import Fault, Identity, Process, Receipt, Status
from kantoor.sbr.digipoort.names import DELIVER, PROCESSES, STATUSES, Operation
from kantoor.sbr.digipoort.payloads import (
    delivery_response,
    fault_element,
    processes_response,
    statuses_response,
)
from kantoor.sbr.digipoort.problems import AnswerLost, NotSent
from kantoor.sbr.digipoort.saying import quote
from kantoor.sbr.digipoort.settings import simulator_settings
from kantoor.sbr.digipoort.signing import Signer, sign

from .impostor import Respond, http, impostor
from .laboratory import IDENTITY, Laboratory, delivery
from .reference import reference

WHO = Identity(IDENTITY)
NOW = datetime.now(UTC)
GOOD: dict[str, Any] = {
    "kenmerk": "k-1",
    "message_kind": "Omzetbelasting",
    "aanleverkenmerk": "attempt-1",
    "identity": WHO,
    "taken_at": NOW,
}


def _message_id(question: bytes) -> str:
    found = re.search(rb"MessageID[^>]*>([^<]+)<", question)
    assert found is not None
    return found[1].decode()


def _signed(
    lab: Laboratory, payload: etree._Element, relates_to: str, operation: Operation = DELIVER
) -> bytes:
    envelope = answer(payload, action=operation.response_action, relates_to=relates_to)
    now = datetime.now(UTC)
    return sign(envelope, Signer(lab.signer), now, now + timedelta(minutes=10))


def _receipt(**changes: Any) -> etree._Element:
    return delivery_response(Receipt(raw=b"", **(GOOD | changes)), "Bedrijf")


def _fault(operation: Operation, relates_to: str | None) -> bytes:
    detail = fault_element(operation.fault, "ALS100", "tekst")
    return etree.tostring(fault(detail, action=operation.fault_action, relates_to=relates_to))


def _deliver(lab: Laboratory, respond: Respond, **changes: Any) -> Receipt | Fault:
    with impostor(lab, respond) as address:
        settings = replace(simulator_settings(address, lab.folder), **changes)
        with DigipoortClient(settings) as client:
            return client.deliver(delivery())


def _lost(lab: Laboratory, respond: Respond, **changes: Any) -> str:
    with pytest.raises(AnswerLost) as lost:
        _deliver(lab, respond, **changes)
    assert IDENTITY not in f"{lost.value} {lost.value.dutch}"
    return lost.value.code


@pytest.mark.parametrize(
    "change",
    [
        {"identity": Identity("123456782B90")},
        {"identity": Identity(IDENTITY, "Fi")},
        {"message_kind": "ICP"},
        {"aanleverkenmerk": "attempt-2"},
    ],
    ids=["identity", "type of identity", "message kind", "aanleverkenmerk"],
)
def test_a_receipt_for_somebody_or_something_else_is_a_lost_answer(
    change: dict[str, Any], lab: Laboratory
) -> None:
    def respond(question: bytes) -> bytes:
        return http(_signed(lab, _receipt(**change), _message_id(question)))

    assert _lost(lab, respond) == "answer_for_another"


def test_a_receipt_without_an_aanleverkenmerk_is_accepted(lab: Laboratory) -> None:
    def respond(question: bytes) -> bytes:
        return http(_signed(lab, _receipt(aanleverkenmerk=None), _message_id(question)))

    assert isinstance(_deliver(lab, respond), Receipt)


def test_an_answer_to_another_question_is_a_lost_answer(lab: Laboratory) -> None:
    respond = lambda question: http(_signed(lab, _receipt(), "urn:uuid:another"))  # noqa: E731
    assert _lost(lab, respond) == "answer_for_another"


def test_an_answer_of_another_operation_is_a_lost_answer(lab: Laboratory) -> None:
    empty = statuses_response((), None)

    def right_action(question: bytes) -> bytes:
        return http(_signed(lab, empty, _message_id(question), DELIVER))

    def its_own_action(question: bytes) -> bytes:
        return http(_signed(lab, empty, _message_id(question), STATUSES))

    assert _lost(lab, right_action) == "answer_for_another"
    assert _lost(lab, its_own_action) == "answer_not_trusted"


def test_our_own_question_sent_back_is_a_lost_answer(lab: Laboratory) -> None:
    assert _lost(lab, http) == "answer_not_trusted"


def test_an_answer_signed_in_another_name_of_the_same_authority_is_a_lost_answer(lab: Laboratory) -> None:
    def respond(question: bytes) -> bytes:
        envelope = answer(_receipt(), action=DELIVER.response_action, relates_to=_message_id(question))
        now = datetime.now(UTC)
        return http(sign(envelope, Signer(lab.client), now, now + timedelta(minutes=10)))

    assert _lost(lab, respond) == "answer_not_trusted"


@pytest.mark.parametrize("change", [{"kenmerk": ""}, {"kenmerk": "x" * 41}], ids=["empty", "too long"])
def test_a_receipt_that_cannot_be_used_is_a_lost_answer(change: dict[str, Any], lab: Laboratory) -> None:
    def respond(question: bytes) -> bytes:
        return http(_signed(lab, _receipt(**change), _message_id(question)))

    assert _lost(lab, respond) == "answer_unreadable"


def test_a_time_that_no_calendar_holds_is_a_lost_answer(lab: Laboratory) -> None:
    def respond(question: bytes) -> bytes:
        payload = _receipt()
        time = payload.find("{*}tijdstempelAangeleverd")
        assert time is not None
        time.text = "12026-02-01T10:00:00Z"
        return http(_signed(lab, payload, _message_id(question)))

    assert _lost(lab, respond) == "answer_unreadable"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda good: http(good, "500 Internal Server Error"), "answer_unreadable"),
        (lambda good: http(b"<html>bad gateway</html>", "502 Bad Gateway"), "answer_unreadable"),
        (lambda good: http(b"", "503 Service Unavailable"), "answer_unreadable"),
        (lambda good: http(b"", "302 Found", "Location: https://127.0.0.1:1/"), "answer_unreadable"),
        (lambda good: http(b""), "answer_unreadable"),
        (lambda good: http(gzip.compress(good), "200 OK", "Content-Encoding: gzip"), "answer_unreadable"),
        (lambda good: http(good)[:-20], "cut"),
        (lambda good: http(good)[:30], "cut"),
        (lambda good: b"", "cut"),
        (lambda good: b"SSH-2.0-OpenSSH_9.2\r\n", "cut"),
    ],
    ids=[
        "good answer under HTTP 500",
        "bad gateway",
        "unavailable",
        "elsewhere",
        "empty",
        "compressed",
        "half a body",
        "half a header",
        "nothing",
        "another protocol",
    ],
)
def test_whatever_else_comes_is_a_lost_answer(
    make: Callable[[bytes], bytes], code: str, lab: Laboratory
) -> None:
    respond = lambda question: make(_signed(lab, _receipt(), _message_id(question)))  # noqa: E731
    assert _lost(lab, respond) == code


def test_an_answer_over_the_limit_is_a_lost_answer(lab: Laboratory) -> None:
    assert _lost(lab, lambda question: http(b"x" * 5000), answer_limit=4000) == "answer_unreadable"


def _drip(first: bytes, piece: bytes) -> Respond:
    """Respond with a beginning, then piece by piece without end."""

    def respond(question: bytes) -> Iterator[bytes]:
        yield first
        while True:
            sleep(0.02)
            yield piece

    return respond


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        (http(b"x" * 10**6)[: -(10**6)], b"x"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
        (b"HTTP/1.1 200 OK\r\n", b"X-Slow: x\r\n"),
        (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (CHUNKED + b"1;", b"x"),
        (CHUNKED, b"1;x=y\r\na\r\n"),
        (CHUNKED + b"0\r\n", b"X-Trailer: x\r\n"),
    ],
    ids=["body", "a header", "headers", "102s", "100s", "a chunk's extension", "chunks", "trailers"],
)
def test_an_answer_that_drips_is_cut_off_in_time(first: bytes, piece: bytes, lab: Laboratory) -> None:
    assert _lost(lab, _drip(first, piece), answer_timeout=0.3) == "slow"


def test_a_server_that_never_finishes_its_handshake_got_nothing(lab: Laboratory) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}"
        settings = replace(simulator_settings(address, lab.folder), connect_timeout=0.2)
        with DigipoortClient(settings) as client, pytest.raises(NotSent, match="does not answer"):
            client.deliver(delivery())


def test_an_interim_response_is_read_over(lab: Laboratory) -> None:
    def respond(question: bytes) -> Iterator[bytes]:
        yield b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n"
        yield http(_signed(lab, _receipt(), _message_id(question)))

    assert isinstance(_deliver(lab, respond), Receipt)


@pytest.mark.parametrize("status", ["500 Internal Server Error", "200 OK"])
def test_an_unsigned_fault_about_our_question_is_a_fault_and_nothing_better(
    status: str, lab: Laboratory
) -> None:
    answered = _deliver(lab, lambda question: http(_fault(DELIVER, _message_id(question)), status))
    assert answered == Fault("ALS100", "tekst")


@pytest.mark.parametrize("name", ["recorded/fault-deliver-response.xml"])
def test_a_recorded_fault_is_read_as_a_fault(name: str, lab: Laboratory) -> None:
    recorded = reference(name).read_bytes()

    def respond(question: bytes) -> bytes:
        related = re.sub(rb"(RelatesTo>)[^<]+", rb"\g<1>" + _message_id(question).encode(), recorded, count=1)
        return http(related, "500 Internal Server Error")

    answered = _deliver(lab, respond)
    assert isinstance(answered, Fault)
    assert answered.code == "ALS100"
    assert answered.text.startswith("Het verzoek voldoet niet aan de koppelvlakspecificaties")


def _said(lab: Laboratory, body: bytes, status: str = "500 Internal Server Error") -> Fault | None:
    with pytest.raises(AnswerLost) as lost:
        _deliver(lab, lambda question: http(body, status))
    assert lost.value.code in ("fault", "answer_unreadable")
    return lost.value.fault


def test_a_fault_without_digipoort_s_own_detail_is_a_lost_answer_that_keeps_what_was_said(
    lab: Laboratory,
) -> None:
    body = etree.tostring(security_fault("The certificate is revoked."))
    assert _said(lab, body) == Fault("o:FailedAuthentication", "The certificate is revoked.")


def test_a_fault_of_soap_1_2_is_read_too(lab: Laboratory) -> None:
    body = (
        b'<e:Envelope xmlns:e="http://www.w3.org/2003/05/soap-envelope"><e:Body><e:Fault><e:Code><e:Value>'
        b"e:Sender</e:Value></e:Code><e:Reason><e:Text>no</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>"
    )
    assert _said(lab, body) == Fault("e:Sender", "no")


def test_a_fault_that_names_no_question_or_comes_of_another_service_keeps_what_was_said(
    lab: Laboratory,
) -> None:
    assert _said(lab, _fault(DELIVER, None)) == Fault("ALS100", "tekst")
    assert _said(lab, _fault(STATUSES, None)) == Fault("ALS100", "tekst")


def test_a_page_or_an_error_of_http_says_nothing_that_is_kept(lab: Laboratory) -> None:
    assert _said(lab, b"<html>bad gateway</html>", "502 Bad Gateway") is None
    assert _said(lab, b"", "503 Service Unavailable") is None


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (f"Onbekend nummer {IDENTITY}.", "Onbekend nummer …"),
        ("BSN 123456782 of 1234.56.782 of 123 456 782", "BSN … of … of …"),
        ("vraag els@jansen.example, de helpdesk", "vraag … de helpdesk"),
        ("regel 1\n\tregel\x7f2", "regel 1 regel 2"),
        ("x " * 500, "x " * 199 + "x…"),
    ],
)
def test_what_was_said_is_kept_without_what_tells_of_whom(said: str, kept: str) -> None:
    assert quote(said) == kept


def test_a_fault_that_is_not_about_our_question_is_a_lost_answer(lab: Laboratory) -> None:
    def other_question(question: bytes) -> bytes:
        return http(_fault(DELIVER, "urn:uuid:another"), "500 Internal Server Error")

    assert _lost(lab, other_question) == "answer_for_another"


def test_statuses_of_another_delivery_are_a_lost_answer(lab: Laboratory) -> None:
    status = Status(kenmerk="k-2", code="500", at=NOW, text="x")

    def respond(question: bytes) -> bytes:
        return http(_signed(lab, statuses_response((status,), WHO), _message_id(question), STATUSES))

    with (
        impostor(lab, respond) as address,
        DigipoortClient(simulator_settings(address, lab.folder)) as client,
        pytest.raises(AnswerLost, match="kenmerk"),
    ):
        client.statuses("k-1")


@pytest.mark.parametrize(
    "process", [Process("k", "ICP", WHO), Process("k", "Omzetbelasting", Identity("123456782B90"))]
)
def test_processes_that_were_not_asked_for_are_a_lost_answer(process: Process, lab: Laboratory) -> None:
    def respond(question: bytes) -> bytes:
        return http(_signed(lab, processes_response((process,)), _message_id(question), PROCESSES))

    with (
        impostor(lab, respond) as address,
        DigipoortClient(simulator_settings(address, lab.folder)) as client,
        pytest.raises(AnswerLost, match="does not match the request"),
    ):
        client.processes(WHO, "Omzetbelasting")


def test_a_process_of_the_number_under_another_type_is_left_out_and_noted(
    lab: Laboratory, caplog: pytest.LogCaptureFixture
) -> None:
    ours = Process("k-1", "Omzetbelasting", WHO)
    other = Process("k-2", "Omzetbelasting", Identity(IDENTITY, "Fi"))

    def respond(question: bytes) -> bytes:
        return http(_signed(lab, processes_response((other, ours)), _message_id(question), PROCESSES))

    with (
        impostor(lab, respond) as address,
        DigipoortClient(simulator_settings(address, lab.folder)) as client,
    ):
        assert client.processes(WHO, "Omzetbelasting") == (ours,)
    assert "1 deliveries under another type of the identity are left out" in caplog.text
    assert IDENTITY not in caplog.text


def test_a_channel_with_an_answer_that_cannot_be_read_is_not_proved(lab: Laboratory) -> None:
    with (
        impostor(lab, lambda question: http(b"<html/>")) as address,
        DigipoortClient(simulator_settings(address, lab.folder)) as client,
        pytest.raises(NotSent) as refused,
    ):
        client.prove_channel(WHO, "Omzetbelasting")
    assert refused.value.code == "answer_unreadable"
