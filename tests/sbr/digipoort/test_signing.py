"""Signing and verifying, against two independent implementations and a recorded answer of Digipoort."""

import re
from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import signxml
from cryptography import x509
from lxml import etree
from signxml.algorithms import DigestAlgorithm, SignatureMethod

from kantoor.sbr.digipoort.certificates import Credentials
from kantoor.sbr.digipoort.envelope import question
from kantoor.sbr.digipoort.messages import Identity
from kantoor.sbr.digipoort.names import (
    DELIVER,
    DELIVERY_PATH,
    DIGEST_METHODS,
    DS,
    EXCLUSIVE,
    SIGNATURE_METHODS,
    WSSE,
)
from kantoor.sbr.digipoort.parsing import MESSAGE_LIMIT
from kantoor.sbr.digipoort.payloads import delivery_request, read_delivery, read_receipt
from kantoor.sbr.digipoort.problems import AnswerLost, NotSent
from kantoor.sbr.digipoort.replies import read_reply
from kantoor.sbr.digipoort.schema import validate
from kantoor.sbr.digipoort.signing import Algorithm, Signer, sign
from kantoor.sbr.digipoort.transport import Reply
from kantoor.sbr.digipoort.trust import Trust, TrustError
from kantoor.sbr.digipoort.verifying import verify

from .laboratory import Laboratory, delivery
from .maker import Maker, xmlsec_accepts
from .reference import reference

algorithms = pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
RECORDED_DAY = datetime(2021, 3, 7, 11, 40, tzinfo=UTC)
RECORDED_NAME = "cs-bedrijven.procesinfrastructuur.nl"


def _ours(
    lab: Laboratory,
    algorithm: Algorithm = "sha1",
    content: bytes = b"<x/>",
    signer: Credentials | None = None,
) -> bytes:
    envelope = question(
        delivery_request(delivery(content=content), None),
        action=DELIVER.request_action,
        to=f"https://127.0.0.1{DELIVERY_PATH}",
        message_id="urn:uuid:1",
    )
    now = datetime.now(UTC)
    return sign(envelope, Signer(signer or lab.client, algorithm), now, now + timedelta(minutes=5))


def _check(message: bytes, trust: Trust, **changes: Any) -> Any:
    arguments = {"trust": trust, "now": datetime.now(UTC), "action": DELIVER.request_action}
    return verify(message, **(arguments | changes))


class _Sha1Signer(signxml.XMLSigner):
    def check_deprecated_methods(self) -> None:
        """Accept SHA-1."""


class _Sha1Verifier(signxml.XMLVerifier):
    """signxml refuses SHA-1, which Digipoort's policy asks for."""

    def check_deprecated_methods(self) -> None:
        """Accept SHA-1."""


def _signxml_accepts(message: bytes) -> bool:
    root = etree.fromstring(message)
    token = root.find(f".//{{{WSSE}}}BinarySecurityToken")
    assert token is not None
    references = len(root.findall(f".//{{{DS}}}Reference"))
    config = replace(
        signxml.SignatureConfiguration(),
        signature_methods=frozenset({SignatureMethod.RSA_SHA1, SignatureMethod.RSA_SHA256}),
        digest_algorithms=frozenset({DigestAlgorithm.SHA1, DigestAlgorithm.SHA256}),
        location=".//",
        expect_references=references,
    )
    certificate = x509.load_der_x509_certificate(b64decode(token.text or ""))
    try:
        _Sha1Verifier().verify(root, x509_cert=certificate, expect_config=config)
    except signxml.exceptions.InvalidInput as error:
        raise AssertionError("signxml was used wrongly") from error
    except signxml.exceptions.SignXMLException:
        return False
    return True


@algorithms
def test_what_we_sign_everybody_accepts(algorithm: Algorithm, lab: Laboratory) -> None:
    message = _ours(lab, algorithm)
    assert xmlsec_accepts(message)
    assert _signxml_accepts(message)
    assert read_delivery(_check(message, lab.trust_in_client).payload) == delivery(content=b"<x/>")


@algorithms
def test_what_bare_xmlsec_signs_we_accept(algorithm: Algorithm, lab: Laboratory) -> None:
    headers = {"To": "https://127.0.0.1", "MessageID": "urn:uuid:1"}
    maker = Maker(delivery_request(delivery(), None), DELIVER.request_action, headers, lab.client)
    assert read_delivery(_check(maker.bytes(algorithm=algorithm), lab.trust_in_client).payload) == delivery()


@algorithms
def test_what_signxml_signs_we_accept(algorithm: Algorithm, lab: Laboratory) -> None:
    headers = {"To": "https://127.0.0.1", "MessageID": "urn:uuid:1"}
    maker = Maker(delivery_request(delivery(), None), DELIVER.request_action, headers, lab.client)
    root = maker.signed()
    security = root.find(f".//{{{WSSE}}}Security")
    assert security is not None
    signature = security[2]
    security.remove(signature)
    signer = _Sha1Signer(
        method=signxml.methods.detached,
        signature_algorithm=f"rsa-{algorithm}",
        digest_algorithm=algorithm,
        c14n_algorithm=EXCLUSIVE,
    )
    uris = [str(reference.get("URI")) for reference in signature.iter(f"{{{DS}}}Reference")]
    key = lab.roles["client"].key
    security.append(signer.sign(root, key=key, reference_uri=uris, key_info=signature[2]))
    message = etree.tostring(root)
    assert read_delivery(_check(message, lab.trust_in_client).payload) == delivery()


@algorithms
@pytest.mark.parametrize("place", [b"Omzetbelasting<", b"urn:uuid:1<", b"IBI", b"Z</u:Expires"])
def test_one_changed_byte_everybody_refuses(place: bytes, algorithm: Algorithm, lab: Laboratory) -> None:
    message = _ours(lab, algorithm, content=b" \x12\x04\x80 ")
    message = message.replace(place, b"X" + place[1:], 1)
    assert not xmlsec_accepts(message)
    assert not _signxml_accepts(message)
    with pytest.raises(TrustError):
        _check(message, lab.trust_in_client)


def test_the_recorded_answer_is_accepted_on_its_own_day() -> None:
    message, trust = _recorded()
    verified = verify(message, trust=trust, now=RECORDED_DAY, action=DELIVER.response_action)
    validate(verified.payload)
    receipt = read_receipt(verified.payload, message)
    assert receipt.kenmerk == "700627b6-383e-4d8d-809f-b066845b36e0"
    assert receipt.identity == Identity("001000044B37", "Fi")
    assert receipt.taken_at == datetime(2021, 3, 7, 11, 37, 39, 702000, tzinfo=UTC)
    assert verified.relates_to == "urn:uuid:de1dc4f7-98ab-4a03-90a5-e9efd20b1003"


@pytest.mark.parametrize("hours", [-1, 1])
def test_the_recorded_answer_is_refused_an_hour_before_and_after(hours: int) -> None:
    message, trust = _recorded()
    now = RECORDED_DAY + timedelta(hours=hours)
    with pytest.raises(TrustError) as refused:
        verify(message, trust=trust, now=now, action=DELIVER.response_action)
    assert refused.value.reason == "timestamp"


@pytest.mark.parametrize(
    ("genuine", "forged"),
    [
        (b"001000044B37", b"001000044B38"),
        (b"<wsa:RelatesTo ", b"<wsa:RelatesTo x='' "),
        (b"11:37:39.708Z", b"11:37:39.709Z"),
        (b"Happyflow", b"Happyflaw"),
    ],
)
def test_the_recorded_answer_with_a_change_is_refused(genuine: bytes, forged: bytes) -> None:
    message, trust = _recorded()
    assert genuine in message
    with pytest.raises(TrustError) as refused:
        verify(
            message.replace(genuine, forged, 1), trust=trust, now=RECORDED_DAY, action=DELIVER.response_action
        )
    assert refused.value.reason == "tampered"


def test_the_recorded_answer_is_refused_from_a_signer_of_another_name() -> None:
    message, trust = _recorded()
    with pytest.raises(TrustError) as refused:
        verify(
            message,
            trust=replace(trust, name="wus.digipoort.logius.nl"),
            now=RECORDED_DAY,
            action=DELIVER.response_action,
        )
    assert refused.value.reason == "signer-name"


def test_a_signer_outside_the_given_authorities_is_refused(lab: Laboratory) -> None:
    with pytest.raises(TrustError) as refused:
        _check(_ours(lab), Trust((lab.foreign.issued.certificate,), None))
    assert refused.value.reason == "signer"


def test_clocks_may_differ_by_the_skew_and_no_more(lab: Laboratory) -> None:
    message = _ours(lab)
    trust = replace(lab.trust_in_client, skew=timedelta(seconds=60))
    now = datetime.now(UTC)
    for offset in (timedelta(seconds=-55), timedelta(minutes=5, seconds=55)):
        assert _check(message, trust, now=now + offset)
    for offset in (timedelta(seconds=-65), timedelta(minutes=6, seconds=5)):
        with pytest.raises(TrustError, match="timestamp"):
            _check(message, trust, now=now + offset)


def test_a_list_of_prefixes_in_the_canonical_form_is_accepted(lab: Laboratory) -> None:
    """WSS4J, which many servers run, writes one everywhere; it changes no coverage."""
    message = _with_prefixes(lab)
    assert b"InclusiveNamespaces" in message
    assert xmlsec_accepts(message)
    assert _check(message, lab.trust_in_client)


def test_a_message_over_the_limit_is_refused_unread(lab: Laboratory) -> None:
    message = _ours(lab, content=b"x" * 10_000)
    with pytest.raises(TrustError, match="larger than 10000 bytes"):
        _check(message, lab.trust_in_client, limit=10_000)


def test_the_largest_content_that_digipoort_takes_survives_the_whole_way(lab: Laboratory) -> None:
    content = b"\x00" * 20_971_520
    verified = _check(_ours(lab, "sha256", content), lab.trust_in_client)
    validate(verified.payload)
    assert read_delivery(verified.payload).content == content


def _recorded() -> tuple[bytes, Trust]:
    """The recorded answer; its issuers are not at hand, so its own certificate is the anchor."""
    message = reference("recorded/valid-deliver-response.xml").read_bytes()
    token = re.search(rb"BinarySecurityToken [^>]*>([^<]+)<", message)
    assert token is not None
    certificate = x509.load_der_x509_certificate(b64decode(token[1]))
    return message, Trust((certificate,), RECORDED_NAME)


def _with_prefixes(lab: Laboratory) -> bytes:
    """A signed message whose canonical forms all name a prefix."""
    headers = {"To": "https://127.0.0.1", "MessageID": "urn:uuid:1"}
    maker = Maker(delivery_request(delivery(), None), DELIVER.request_action, headers, lab.client)
    return maker.bytes(prefixes="soap wsa")


def test_a_machine_that_does_not_let_us_sign_is_said_to_be_so(lab: Laboratory, monkeypatch: Any) -> None:
    # Where the crypto policy forbids SHA-1 its name leads to nothing; a name that leads to nothing does too.
    monkeypatch.setitem(SIGNATURE_METHODS, "sha1", "urn:forbidden")
    with pytest.raises(NotSent, match="cannot be signed with sha1") as refused:
        _ours(lab)
    assert refused.value.lasting


@pytest.mark.parametrize(("methods", "name"), [(SIGNATURE_METHODS, "rsa-sha1"), (DIGEST_METHODS, "sha1")])
def test_an_answer_whose_signature_this_machine_does_not_let_us_check_is_a_lost_answer(
    methods: dict[str, str], name: str, lab: Laboratory, monkeypatch: Any
) -> None:
    message = _ours(lab, signer=lab.signer)
    genuine, forbidden = f'{methods["sha1"]}"'.encode(), f'urn:forbidden#{name}"'.encode()
    assert genuine in message
    monkeypatch.setitem(methods, "sha1", f"urn:forbidden#{name}")
    with pytest.raises(AnswerLost, match=r"signature \(rsa-sha1, sha1\) is damaged, or this machine's"):
        read_reply(
            Reply(200, message.replace(genuine, forbidden)),
            lambda answer: answer,
            operation=DELIVER,
            message_id="urn:uuid:1",
            trust=lab.trust_in_signer,
            now=datetime.now(UTC),
            limit=MESSAGE_LIMIT,
        )
