"""Hostile messages, against the check itself, the simulator and the client."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kantoor.sbr.digipoort.client import DigipoortClient
from kantoor.sbr.digipoort.messages import Identity, Receipt
from kantoor.sbr.digipoort.names import ANONYMOUS, DELIVER, DELIVERY_PATH
from kantoor.sbr.digipoort.payloads import delivery_request, delivery_response
from kantoor.sbr.digipoort.problems import AnswerLost
from kantoor.sbr.digipoort.settings import simulator_settings
from kantoor.sbr.digipoort.trust import TrustError
from kantoor.sbr.digipoort.verifying import verify

from .conftest import Running
from .hostile import FORGED, HOSTILE, Hostile
from .impostor import http, impostor
from .laboratory import IDENTITY, Laboratory, delivery
from .maker import Maker, xmlsec_accepts

hostile = pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case.name)
deceiving = pytest.mark.parametrize(
    "case", [case for case in HOSTILE if case.validly_signed], ids=lambda case: case.name
)


def _question(lab: Laboratory) -> Maker:
    payload = delivery_request(delivery(), None)
    headers = {"To": f"https://127.0.0.1{DELIVERY_PATH}", "MessageID": "urn:uuid:1"}
    return Maker(payload, DELIVER.request_action, headers, lab.client)


def _answer(lab: Laboratory, question: bytes) -> Maker:
    """A maker of good answers to a question."""
    receipt = Receipt(
        kenmerk="k-1",
        message_kind="Omzetbelasting",
        aanleverkenmerk="attempt-1",
        identity=Identity(IDENTITY),
        taken_at=datetime.now(UTC),
        raw=b"",
    )
    relates_to = re.search(rb"MessageID[^>]*>([^<]+)<", question)
    assert relates_to is not None
    headers = {"To": ANONYMOUS, "MessageID": "uuid:2", "RelatesTo": relates_to[1].decode()}
    return Maker(delivery_response(receipt, "Bedrijf"), DELIVER.response_action, headers, lab.signer)


@hostile
def test_the_check_refuses_it_for_its_own_reason(case: Hostile, lab: Laboratory) -> None:
    message = case.make(_question(lab), lab)
    with pytest.raises(TrustError) as refused:
        verify(message, trust=lab.trust_in_client, now=datetime.now(UTC), action=DELIVER.request_action)
    assert refused.value.reason == case.reason
    assert FORGED not in str(refused.value)


@hostile
def test_the_simulator_answers_it_with_a_fault_and_takes_nothing(
    case: Hostile, lab: Laboratory, simulator: Callable[..., Running]
) -> None:
    running = simulator()
    status, body = running.post(DELIVERY_PATH, DELIVER.request_action, case.make(_question(lab), lab))
    assert status == 500
    assert b"ALS100" in body
    assert running.journal == ()


@hostile
def test_the_client_takes_it_for_a_lost_answer(case: Hostile, lab: Laboratory) -> None:
    with (
        impostor(lab, lambda question: http(case.make(_answer(lab, question), lab))) as address,
        DigipoortClient(simulator_settings(address, lab.folder)) as client,
        pytest.raises(AnswerLost) as lost,
    ):
        client.deliver(delivery())
    assert lost.value.code in ("answer_not_trusted", "answer_unreadable")


@deceiving
def test_a_bare_signature_check_is_deceived(case: Hostile, lab: Laboratory) -> None:
    """This is why there is a check of our own: the signature of each of these is right."""
    assert xmlsec_accepts(case.make(_question(lab), lab))


def test_the_simulator_takes_the_good_question_that_these_are_made_from(
    lab: Laboratory, simulator: Callable[..., Running]
) -> None:
    running = simulator()
    status, _ = running.post(DELIVERY_PATH, DELIVER.request_action, _question(lab).bytes())
    assert status == 200
    assert [entry.identity for entry in running.journal] == [IDENTITY]


def test_the_client_believes_the_good_answer_that_these_are_made_from(lab: Laboratory) -> None:
    with (
        impostor(lab, lambda question: http(_answer(lab, question).bytes())) as address,
        DigipoortClient(simulator_settings(address, lab.folder)) as client,
    ):
        receipt = client.deliver(delivery())
    assert isinstance(receipt, Receipt)
    assert receipt.kenmerk == "k-1"
