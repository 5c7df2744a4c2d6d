"""Hostile messages, against the check itself, the simulator and the client."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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


@dataclass
class Deceiver:
    """A server that answers with what `make` makes of a good answer, and a client of it."""

    client: DigipoortClient
    make: Callable[[Maker, Laboratory], bytes]


@pytest.fixture(scope="module")
def deceiver(lab: Laboratory) -> Iterator[Deceiver]:
    made: list[Deceiver] = []

    def respond(question: bytes) -> bytes:
        return http(made[0].make(_answer(lab, question), lab))

    with (
        impostor(lab, respond) as address,
        DigipoortClient(simulator_settings(address, lab.folder)) as client,
    ):
        made.append(Deceiver(client, lambda maker, lab: b""))
        yield made[0]


@hostile
def test_the_check_refuses_it_for_its_own_reason(case: Hostile, lab: Laboratory) -> None:
    message = case.make(_question(lab), lab)
    with pytest.raises(TrustError) as refused:
        verify(message, trust=lab.trust_in_client, now=datetime.now(UTC), action=DELIVER.request_action)
    assert refused.value.reason == case.reason
    assert FORGED not in str(refused.value)


@hostile
def test_the_simulator_answers_it_with_a_fault_and_takes_nothing(
    case: Hostile, lab: Laboratory, shared_simulator: Running
) -> None:
    message = case.make(_question(lab), lab)
    before = shared_simulator.journal
    status, body = shared_simulator.post(DELIVERY_PATH, DELIVER.request_action, message)
    assert status == 500
    assert b"ALS100" in body
    assert shared_simulator.journal == before


@hostile
def test_the_client_takes_it_for_a_lost_answer(case: Hostile, lab: Laboratory, deceiver: Deceiver) -> None:
    deceiver.make = case.make
    with pytest.raises(AnswerLost) as lost:
        deceiver.client.deliver(delivery())
    assert lost.value.code in ("answer_not_trusted", "answer_unreadable")


@deceiving
def test_a_bare_signature_check_is_deceived(case: Hostile, lab: Laboratory) -> None:
    """This is why there is a check of our own: the signature of each of these is right."""
    assert xmlsec_accepts(case.make(_question(lab), lab))


def test_the_simulator_takes_the_good_question_that_these_are_made_from(
    lab: Laboratory, shared_simulator: Running
) -> None:
    before = shared_simulator.journal
    status, _ = shared_simulator.post(DELIVERY_PATH, DELIVER.request_action, _question(lab).bytes())
    assert status == 200
    assert len(shared_simulator.journal) == len(before) + 1


def test_the_client_believes_the_good_answer_that_these_are_made_from(deceiver: Deceiver) -> None:
    deceiver.make = lambda maker, lab: maker.bytes()
    receipt = deceiver.client.deliver(delivery())
    assert isinstance(receipt, Receipt)
    assert receipt.kenmerk == "k-1"
