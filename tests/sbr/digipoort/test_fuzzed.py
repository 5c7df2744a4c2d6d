"""Whatever bytes come, in either direction: an answer or a refusal, never a surprise."""

import re
from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree

from kantoor.sbr.digipoort.acknowledgement import read_acknowledgement, readable
from kantoor.sbr.digipoort.envelope import question
from kantoor.sbr.digipoort.names import DELIVER, DELIVERY_PATH
from kantoor.sbr.digipoort.parsing import MESSAGE_LIMIT, XmlError, parse
from kantoor.sbr.digipoort.payloads import delivery_request
from kantoor.sbr.digipoort.problems import AnswerLost
from kantoor.sbr.digipoort.replies import read_reply
from kantoor.sbr.digipoort.signing import Signer, sign
from kantoor.sbr.digipoort.transport import Reply
from kantoor.sbr.digipoort.trust import TrustError
from kantoor.sbr.digipoort.verifying import Verified, verify
from tests.examples import so_many

from .laboratory import Laboratory, delivery

NOW = datetime.now(UTC)
fuzzing = settings(
    max_examples=so_many(150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def message(lab: Laboratory) -> bytes:
    """A good question."""
    payload = delivery_request(delivery(), None)
    to = f"https://127.0.0.1{DELIVERY_PATH}"
    envelope = question(payload, action=DELIVER.request_action, to=to, message_id="urn:uuid:1")
    return sign(envelope, Signer(lab.client), NOW, NOW + timedelta(minutes=5))


def _verify(data: bytes, lab: Laboratory) -> Verified:
    return verify(data, trust=lab.trust_in_client, now=NOW, action=DELIVER.request_action)


@fuzzing
@given(place=st.floats(0, 1, exclude_max=True), junk=st.binary(max_size=4), cut=st.integers(0, 4))
def test_a_message_with_a_few_other_bytes_is_refused_or_reads_the_same(
    place: float, junk: bytes, cut: int, message: bytes, lab: Laboratory
) -> None:
    """A change outside what is signed (white space between headers) may pass: it changes nothing."""
    at = int(place * len(message))
    genuine = etree.tostring(_verify(message, lab).payload, method="c14n", exclusive=True)
    try:
        verified = _verify(message[:at] + junk + message[at + cut :], lab)
    except TrustError:
        return
    assert etree.tostring(verified.payload, method="c14n", exclusive=True) == genuine
    assert (verified.message_id, verified.to) == ("urn:uuid:1", f"https://127.0.0.1{DELIVERY_PATH}")


TOKEN = re.compile(rb"(<o:BinarySecurityToken[^>]*>)([^<]+)<")


def _with_token(message: bytes, der: bytes) -> bytes:
    return TOKEN.sub(lambda found: found[1] + b64encode(der) + b"<", message)


def _assert_refused_or_the_same(data: bytes, genuine: bytes, lab: Laboratory) -> None:
    try:
        verified = _verify(data, lab)
    except TrustError:
        pass
    else:
        assert verified.signer.public_bytes(Encoding.DER) == genuine
    with pytest.raises(AnswerLost):
        read_reply(
            Reply(200, data),
            lambda answer: answer,
            operation=DELIVER,
            message_id="urn:uuid:1",
            trust=lab.trust_in_signer,
            now=NOW,
            limit=MESSAGE_LIMIT,
        )


@fuzzing
@given(place=st.floats(0, 1, exclude_max=True), junk=st.binary(max_size=4), cut=st.integers(0, 4))
def test_a_certificate_with_a_few_other_bytes_is_refused(
    place: float, junk: bytes, cut: int, message: bytes, lab: Laboratory
) -> None:
    genuine = lab.client.certificate.public_bytes(Encoding.DER)
    at = int(place * len(genuine))
    _assert_refused_or_the_same(_with_token(message, genuine[:at] + junk + genuine[at + cut :]), genuine, lab)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x7c"),
        (b"\x06\x03\x55\x04\x03\x0c\x0fkantoor", b"\x05\x03\x55\x04\x03\x0c\x0fkantoor"),
        (b"\x55\x1d\x13", b"\x55\x1d\x0f"),
    ],
    ids=["a version that is none", "a subject that cannot be read", "an extension twice"],
)
def test_a_certificate_whose_parts_cannot_be_read_is_refused(
    old: bytes, new: bytes, message: bytes, lab: Laboratory
) -> None:
    genuine = lab.client.certificate.public_bytes(Encoding.DER)
    assert old in genuine
    data = _with_token(message, genuine.replace(old, new, 1))
    with pytest.raises(TrustError):
        _verify(data, lab)
    _assert_refused_or_the_same(data, b"", lab)


@pytest.mark.parametrize(
    "body",
    [
        b"<s:Envelope><s:Body xmlns='h'/></s:Envelope>",
        b"<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/'><s:Header><a:To/><b xmlns='h'/>"
        b"</s:Header><s:Body><c/></s:Body></s:Envelope>",
    ],
)
def test_a_prefix_that_is_declared_nowhere_or_relatively_is_no_xml(body: bytes) -> None:
    with pytest.raises(XmlError):
        parse(body)


@fuzzing
@given(body=st.binary(max_size=200), status=st.sampled_from([200, 202, 302, 500, 503]))
@example(body=b"<a>" * 100_000, status=200)
@example(body=b"<a>" * 1500 + b"</a>" * 1500, status=200)
@example(body=b"\xef\xbb\xbf<a/>", status=200)
@example(body="<a/>".encode("utf-16"), status=200)
@example(body=b'<?xml version="1.0" encoding="EBCDIC-CP-NL"?><a/>', status=500)
def test_rubbish_is_a_lost_answer(body: bytes, status: int, lab: Laboratory) -> None:
    with pytest.raises(AnswerLost):
        read_reply(
            Reply(status, body),
            lambda answer: answer,
            operation=DELIVER,
            message_id="urn:uuid:1",
            trust=lab.trust_in_signer,
            now=NOW,
            limit=MESSAGE_LIMIT,
        )


@fuzzing
@given(text=st.text(max_size=60) | st.text(max_size=60).map(lambda text: f"<{text}>"))
@example(text="\ud800")
def test_any_details_are_read_or_left_alone(text: str) -> None:
    assert read_acknowledgement(text) is None
    assert isinstance(readable(text), str)
