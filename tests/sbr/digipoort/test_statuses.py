"""What statuses amount to."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from kantoor.sbr.digipoort.acknowledgement import Acknowledgement, read_acknowledgement, readable
from kantoor.sbr.digipoort.messages import Status
from kantoor.sbr.digipoort.statuses import TABLE, Accepted, Failed, Meaning, Pending, Refused, judge

START = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)
DETAILS = (
    '<?xml version="1.0"?><r:Responsemessage xmlns:r="urn:bd" version="2006.1"><r:Identification>'
    "<r:MessageId>m-1</r:MessageId><r:RefersToMessageId>OB-1</r:RefersToMessageId>"
    "<r:MessageIdBd>bd-1</r:MessageIdBd><r:DatumTijdOntvangst>202602240900</r:DatumTijdOntvangst>"
    "<r:ResponseType>acknowledgement</r:ResponseType></r:Identification><r:Specification><r:Class>A</r:Class>"
    "<r:Code>0001</r:Code><r:Description>Status: Verwerkbaar</r:Description></r:Specification>"
    "</r:Responsemessage>"
)


def _statuses(*codes: str) -> list[Status]:
    """Statuses of these codes (or code:fault), a second apart."""
    return [_status(code, seconds) for seconds, code in enumerate(codes)]


def _status(code: str, seconds: int = 0) -> Status:
    code, _, fault = code.partition(":")
    return Status(
        kenmerk="k",
        code=code,
        at=START + timedelta(seconds=seconds),
        text=f"status {code}",
        fault_code=fault or None,
        fault_text=f"tekst bij {fault}" if fault else None,
        details=DETAILS if code == "500" else None,
    )


HAPPY = ("105", "100", "110", "200", "301", "301", "405", "400", "500")


def test_the_recorded_happy_course_ends_accepted_with_the_authority_s_receipt() -> None:
    verdict = judge(_statuses(*HAPPY))
    assert isinstance(verdict, Accepted)
    assert verdict.alerts == ()
    assert verdict.acknowledgement is not None
    assert verdict.acknowledgement.authority_id == "bd-1"
    assert verdict.acknowledgement.description == "Status: Verwerkbaar"


@pytest.mark.parametrize("length", range(len(HAPPY)))
def test_the_happy_course_is_pending_until_its_last_status(length: int) -> None:
    verdict = judge(_statuses(*HAPPY[:length]))
    assert isinstance(verdict, Pending)
    assert verdict.alerts == ()
    assert (verdict.last.code if verdict.last else None) == (HAPPY[length - 1] if length else None)


@pytest.mark.parametrize("code", ["311:VAS500", "311", "410:AFO100", "510:BD1", "510"])
def test_a_content_refusal_sends_back_with_the_authority_s_own_text(code: str) -> None:
    verdict = judge(_statuses("105", "100", code))
    assert isinstance(verdict, Refused)
    number, _, fault = code.partition(":")
    assert (verdict.code, verdict.fault_code) == (number, fault or None)
    assert verdict.text == (f"tekst bij {fault}" if fault else f"status {number}")


@pytest.mark.parametrize("code", ["210", "230:AUS400", "321:VAS400", "410", "410:AFS400", "420:AFS600"])
def test_a_technical_failure_is_for_an_operator(code: str) -> None:
    verdict = judge(_statuses("105", "100", code))
    assert isinstance(verdict, Failed)
    assert verdict.code == code[:3]


@pytest.mark.parametrize("code", ["420", "420:AFS400"])
def test_trouble_at_delivering_is_pending_while_digipoort_tries_again(code: str) -> None:
    assert isinstance(judge(_statuses("105", "405", code)), Pending)
    assert isinstance(judge(_statuses("105", "405", code, "405", "400", "500")), Accepted)
    assert isinstance(judge(_statuses("105", "405", code, "420:AFS600")), Failed)


@pytest.mark.parametrize("code", ["100:X", "301:X", "400:X", "500:X", "999:X"])
def test_a_fault_on_any_other_status_is_a_failure(code: str) -> None:
    assert isinstance(judge(_statuses("105", code)), Failed)


def test_an_unknown_code_is_not_final_and_an_alert() -> None:
    verdict = judge(_statuses("105", "777"))
    assert isinstance(verdict, Pending)
    assert verdict.alerts == ("unknown status code 777",)
    accepted = judge(_statuses("105", "777", "500"))
    assert isinstance(accepted, Accepted)
    assert accepted.alerts == ("unknown status code 777",)


def test_the_last_final_status_decides_and_a_contradiction_is_an_alert() -> None:
    verdict = judge(_statuses("105", "500", "510"))
    assert isinstance(verdict, Refused)
    assert verdict.alerts == ("contradictory final statuses 500, 510",)


def test_the_time_decides_and_not_the_order_of_the_answer() -> None:
    for order in permutations(_statuses("105", "400", "510", "500")):
        assert isinstance(judge(order), Accepted)


def test_at_one_moment_the_order_of_the_answer_decides() -> None:
    together = [replace(status, at=START) for status in _statuses("510", "500")]
    assert isinstance(judge(together), Accepted)
    assert isinstance(judge(reversed(together)), Refused)


def test_statuses_of_several_answers_count_once() -> None:
    first, second = _statuses("105", "301"), _statuses("105", "301", "500")
    assert judge([*first, *second]) == judge(second)


def test_every_code_of_the_table_has_the_meaning_that_judging_gives_it() -> None:
    kinds = {
        Meaning.UNDERWAY: Pending,
        Meaning.RETRYING: Pending,
        Meaning.ACCEPTED: Accepted,
        Meaning.REFUSED: Refused,
        Meaning.FAILED: Failed,
    }
    assert {code: type(judge(_statuses(code))) for code in TABLE} == {
        code: kinds[meaning] for code, meaning in TABLE.items()
    }


def test_an_acceptance_without_a_receipt_is_accepted_with_an_alert() -> None:
    for details in (None, "", "Verwerkbaar", "<x/>", "<half", '<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>'):
        verdict = judge([replace(_status("500"), details=details)])
        assert isinstance(verdict, Accepted)
        assert verdict.acknowledgement is None
        assert len(verdict.alerts) == 1


def test_the_receipt_is_read_whatever_its_namespace() -> None:
    plain = DETAILS.replace("r:", "").replace("xmlns:r", "xmlns").replace(' xmlns="urn:bd"', "")
    expected = Acknowledgement(
        message_id="m-1",
        refers_to="OB-1",
        authority_id="bd-1",
        received_at="202602240900",
        response_type="acknowledgement",
        class_="A",
        code="0001",
        description="Status: Verwerkbaar",
    )
    assert read_acknowledgement(DETAILS) == read_acknowledgement(plain) == expected


def test_a_text_that_is_xml_is_made_readable() -> None:
    fault = "<fout><code>1</code><tekst>Het bedrag\nklopt niet.</tekst></fout>"
    assert readable(fault) == "1; Het bedrag\nklopt niet."
    assert readable("<5 euro mag") == "<5 euro mag"
    assert readable("gewoon") == "gewoon"


@pytest.mark.parametrize("class_", ["E", "W"])
def test_an_acknowledgement_that_it_cannot_be_processed_is_no_acceptance(class_: str) -> None:
    details = DETAILS.replace("<r:Class>A<", f"<r:Class>{class_}<").replace("Verwerkbaar", "Niet verwerkbaar")
    verdict = judge([replace(_status("500"), details=details)])
    assert isinstance(verdict, Failed)
    assert (verdict.code, verdict.fault_code, verdict.text) == ("500", "0001", "Status: Niet verwerkbaar")
    assert verdict.alerts == ("status 500 came with an acknowledgement that it is not processable",)


def test_an_acknowledgement_without_a_class_is_accepted_with_an_alert() -> None:
    verdict = judge([replace(_status("500"), details=DETAILS.replace("<r:Class>A<", "<r:Class><"))])
    assert isinstance(verdict, Accepted)
    assert verdict.alerts == ("status 500 came with an acknowledgement without a class",)
