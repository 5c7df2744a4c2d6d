"""The simulator: scenarios, script, content checks, clock, journal."""

import json
import os
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from lxml import etree

from kantoor.sbr.digipoort.messages import Delivery, Fault, Identity, Receipt
from kantoor.sbr.digipoort.names import DELIVER, DELIVERY_PATH, PROCESSES, STATUS_PATH, STATUSES
from kantoor.sbr.digipoort.payloads import delivery_request, statuses_request
from kantoor.sbr.digipoort.problems import AnswerLost, FaultAnswered
from kantoor.sbr.digipoort.simulator.clock import ClockError, office_time
from kantoor.sbr.digipoort.simulator.journal import Journal, JournalError, read_journal
from kantoor.sbr.digipoort.simulator.scenarios import SCENARIOS
from kantoor.sbr.digipoort.simulator.script import Script, ScriptError, read_script
from kantoor.sbr.digipoort.simulator.service import Digipoort, Taken
from kantoor.sbr.digipoort.statuses import Accepted, Failed, Pending, Refused, judge

from .conftest import Running
from .laboratory import IDENTITY, Laboratory, delivery, instance
from .maker import Maker

Start = Callable[..., Running]
NOW = datetime(2026, 2, 24, 9, 0, tzinfo=UTC)


def _outcome(running: Running, *, slow: bool = False, **changes: object) -> object:
    """Deliver and judge: the class of the verdict, of the fault or of the exception.

    A short limit only where the answer is `slow`: a busy machine needs its time for the others.
    """
    client = running.client(answer_timeout=0.3 if slow else 20)
    try:
        answer = client.deliver(delivery(**changes))
        if isinstance(answer, Fault):
            return Fault
        return type(judge(client.statuses(answer.kenmerk)))
    except (AnswerLost, FaultAnswered) as error:
        return type(error)


STUB = {
    "Happyflow": Accepted,
    "AanleverFault": Fault,
    "StatusInformatieFault": FaultAnswered,
    "Afleverfout": Refused,
    "Foutuitvragendepartij": Refused,
    "TechnischProbleemAfleveren": Accepted,
    "MaximaalAantalAfleverpogingen": Failed,
    "ZwaarbelastAanleveren": Accepted,
    "OverbelastAanleveren": AnswerLost,
    "ZwaarbelastStatusInformatie": Accepted,
    "OverbelastStatusInformatie": AnswerLost,
}
SCRIPTED = {
    "happy": Accepted,
    "refused_content": Refused,
    "validation_failed": Refused,
    "authentication_failed": Failed,
    "validation_trouble": Failed,
    "delivery_failed": Refused,
    "delivery_trouble": Accepted,
    "delivery_given_up": Failed,
    "undecided": Pending,
    "no_status": Pending,
    "lost_answer": AnswerLost,
    "slow_answer": AnswerLost,
    "dribbled_answer": AnswerLost,
    "rubbish_answer": AnswerLost,
    "deliver_fault": Fault,
    "busy": AnswerLost,
    "security_fault": AnswerLost,
    "nameless_fault": AnswerLost,
    "status_fault": FaultAnswered,
}


@pytest.mark.parametrize("name", STUB)
def test_the_stub_s_own_aanleverkenmerken_choose_their_scenario(name: str, simulator: Start) -> None:
    assert _outcome(simulator(), slow=name == "slow_answer", aanleverkenmerk=name) is STUB[name]


@pytest.mark.parametrize("name", SCRIPTED)
def test_a_script_chooses_a_scenario_by_identity_and_number(
    name: str, simulator: Start, tmp_path: Path
) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(f"- {{ identity: {IDENTITY}, delivery: 2, scenario: {name} }}\n")
    running = simulator(script=read_script(file))
    assert _outcome(running) is Accepted
    assert _outcome(running, slow=name in ("slow_answer", "dribbled_answer")) is SCRIPTED[name]
    assert _outcome(running) is Accepted


def test_every_scenario_is_tried_above() -> None:
    assert STUB.keys() | SCRIPTED.keys() == SCENARIOS.keys()


def test_the_text_of_a_script_is_what_the_authority_says(simulator: Start, tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    text = "De voorbelasting is hoger dan de omzet toelaat."
    row = f'identity: "{IDENTITY}", delivery: 1, scenario: refused_content, text: "{text}"'
    file.write_text(f"- {{ {row} }}\n")
    client = simulator(script=read_script(file)).client()
    receipt = client.deliver(delivery())
    assert isinstance(receipt, Receipt)
    verdict = judge(client.statuses(receipt.kenmerk))
    assert isinstance(verdict, Refused)
    assert verdict.text == text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("- {identity: a, delivery: 1, scenario: hapy}", "row 1 of the script, scenario: .*unknown scenario"),
        ("- {identity: a, delivery: 0, scenario: happy}", "row 1 of the script, delivery"),
        ("- {identity: a, delivery: 1}", "row 1 of the script, scenario: Field required"),
        ("- {identity: a, delivery: 1, scenario: happy, x: 1}", "row 1 of the script, x: Extra"),
        (
            "- &r {identity: a, delivery: 1, scenario: happy}\n- *r",
            "duplicate row 2 in the script",
        ),
        ("a: b", "not a list of rows"),
        ("- [", r"invalid YAML in the script: .* \(line 2\)"),
        ("- {a: 1, a: 2}", "invalid YAML in the script"),
        ("\tx: 1", "invalid YAML in the script"),
    ],
)
def test_a_script_that_cannot_be_used_is_said_to_be_so(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(text)
    with pytest.raises(ScriptError, match=sentence):
        read_script(file)


def test_a_script_that_is_absent_or_no_text_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="cannot be read: No such file"):
        read_script(tmp_path / "none.yaml")
    file = tmp_path / "script.yaml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ScriptError, match="UTF-8"):
        read_script(file)


def test_an_empty_script_is_no_script(tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text("# nothing yet\n")
    assert read_script(file) == Script()


def _verdict(running: Running, one: Delivery) -> Refused:
    client = running.client()
    receipt = client.deliver(one)
    assert isinstance(receipt, Receipt)
    verdict = judge(client.statuses(receipt.kenmerk))
    assert isinstance(verdict, Refused)
    return verdict


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (instance("123456782B90"), "komt niet overeen"),
        (b"<x/>", "geen XBRL"),
        (b"rubbish", "geen leesbaar XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><x/>', "geen leesbaar XML"),
        (instance(end="2026-01-99"), "tijdvak"),
        (instance().replace(b"endDate", b"instant"), "tijdvak"),
        (instance().replace(b"aangifte-2026", b"aangifte-2025"), "taxonomie"),
        (instance().replace(b"ValueAddedTaxOnInput", b"ValueAddedTaxElse"), "ValueAddedTaxElse is onbekend"),
        (instance().replace(b">210<", b">210.00<"), "voorgeschreven vorm"),
        (instance().replace(b'decimals="INF"', b'decimals="0"'), "voorgeschreven vorm"),
        (instance().replace(b"iso4217:EUR<", b"iso4217:USD<"), "niet de euro"),
        (instance().replace(b"SWO00000", b"SWO1"), "SoftwareVendorAccountNumber heeft niet"),
        (instance().replace(b'"www.', b'"http://www.'), "omzetbelastingnummer"),
        (instance().replace(b">200<", b">201<"), "totalen"),
        (
            instance().replace(b"DateTimeCreation", b"ContactInitials").replace(b"202602241000", b"J"),
            "ontbreekt",
        ),
    ],
    ids=[
        *("another identity", "no instance", "no XML", "a document type", "no such day", "no period"),
        *("another year", "an unknown item", "cents", "decimals", "dollars", "a vendor", "a scheme"),
        *("a total", "no moment"),
    ],
)
def test_an_instance_that_digipoort_cannot_validate_ends_in_311(
    content: bytes, text: str, simulator: Start
) -> None:
    running = simulator()
    verdict = _verdict(running, delivery(content=content))
    assert (verdict.code, verdict.fault_code) == ("311", "VAS500")
    assert text in verdict.text
    assert [entry.final_status for entry in running.journal] == ["311"]


def test_a_lost_answer_does_not_save_an_instance_that_is_refused(simulator: Start, tmp_path: Path) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(f"- {{ identity: {IDENTITY}, delivery: 1, scenario: lost_answer }}\n")
    running = simulator(script=read_script(file))
    assert _outcome(running, content=instance("123456782B90")) is AnswerLost
    assert [entry.final_status for entry in running.journal] == ["311"]


def _clock(file: Path, office: str, *, until: str = "2100-01-01T00:00:00", day: float = 86400) -> None:
    data = {
        "real_anchor": datetime.now(UTC).isoformat(),
        "office_anchor": office,
        "seconds_per_day": day,
        "until": until,
    }
    file.write_text(json.dumps(data))


def test_a_return_before_its_earliest_day_on_the_practice_clock_is_refused(
    simulator: Start, tmp_path: Path
) -> None:
    file = tmp_path / "clock.json"
    running = simulator(clock_file=file)
    _clock(file, "2026-01-23T23:50:00")
    verdict = _verdict(running, delivery())
    assert verdict.code == "510"
    assert verdict.text == "De aangifte is te vroeg: indienen kan vanaf 24-01-2026."
    assert _outcome(running, message_kind="ICP") is Accepted
    _clock(file, "2026-01-24T00:00:00")
    assert _outcome(running) is Accepted


def test_the_earliest_day_of_a_quarter_lies_in_its_last_month(simulator: Start, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    running = simulator(clock_file=file)
    quarter = instance(end="2026-03-31")
    _clock(file, "2026-03-23T12:00:00")
    assert _verdict(running, delivery(content=quarter)).code == "510"
    _clock(file, "2026-03-24T12:00:00")
    assert _outcome(running, content=quarter) is Accepted


def test_without_a_practice_clock_the_real_day_counts(simulator: Start, tmp_path: Path) -> None:
    running = simulator(clock_file=tmp_path / "none.json")
    far = f"{datetime.now(UTC).year + 2}-01-31"
    assert _verdict(running, delivery(content=instance(end=far))).code == "510"


def test_a_practice_clock_that_cannot_be_read_is_a_fault_and_nothing_is_taken(
    simulator: Start, tmp_path: Path
) -> None:
    file = tmp_path / "clock.json"
    file.write_text('{"real_anchor": "yesterday"}')
    running = simulator(clock_file=file)
    answer = running.client().deliver(delivery())
    assert isinstance(answer, Fault)
    assert answer.code == "ALS400"
    assert running.journal == ()


def test_office_time_runs_and_stands_still_as_the_clock_says(tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    data = {"real_anchor": NOW.isoformat(), "office_anchor": "2025-12-31T12:00:00", "seconds_per_day": 2}
    file.write_text(json.dumps(data | {"until": "2026-01-02T00:00:00"}))
    assert office_time(file, NOW) == datetime(2025, 12, 31, 12)
    assert office_time(file, NOW + timedelta(seconds=1)) == datetime(2026, 1, 1)
    assert office_time(file, NOW + timedelta(hours=1)) == datetime(2026, 1, 2)
    assert office_time(file, NOW + timedelta(days=400)) == datetime(2026, 1, 2)
    assert office_time(file, NOW - timedelta(hours=1)) == datetime(2025, 12, 31, 12)
    assert office_time(None, NOW) == datetime(2026, 2, 24, 10)
    file.write_text(json.dumps(data | {"seconds_per_day": 0}))
    with pytest.raises(ClockError):
        office_time(file, NOW)


def test_a_double_delivery_is_two_deliveries(simulator: Start) -> None:
    running = simulator()
    client = running.client()
    first, second = client.deliver(delivery()), client.deliver(delivery())
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert first.kenmerk != second.kenmerk
    assert len({entry.sha256 for entry in running.journal}) == 1
    assert len(running.journal) == 2


def test_statuses_come_one_after_the_other(tmp_path: Path) -> None:
    now = [NOW]
    digipoort = Digipoort(
        Journal(tmp_path),
        script=Script(),
        clock_file=None,
        now=lambda: now[0],
        pace=timedelta(seconds=1),
    )
    taken = digipoort.deliver(delivery())
    assert isinstance(taken, Taken)
    seen = []
    for _ in range(10):
        seen.append([status.code for status in digipoort.statuses(taken.receipt.kenmerk).statuses])
        now[0] += timedelta(seconds=1)
    course = ["105", "100", "110", "200", "301", "301", "405", "400", "500"]
    assert seen == [course[: number + 1] for number in range(10)]


def test_what_was_taken_is_there_after_a_restart(tmp_path: Path) -> None:
    def start() -> Digipoort:
        pace = timedelta(seconds=1)
        return Digipoort(Journal(tmp_path), script=Script(), clock_file=None, now=lambda: NOW, pace=pace)

    first = start()
    taken = first.deliver(delivery())
    assert isinstance(taken, Taken)
    again = start()
    assert again.statuses(taken.receipt.kenmerk) == first.statuses(taken.receipt.kenmerk)
    assert again.processes(Identity(IDENTITY), "Omzetbelasting")[0].kenmerk == taken.receipt.kenmerk


def test_the_numbers_of_a_script_go_on_after_a_restart_refused_ones_included(
    simulator: Start, tmp_path: Path
) -> None:
    file = tmp_path / "script.yaml"
    file.write_text(
        f"- {{ identity: {IDENTITY}, delivery: 1, scenario: deliver_fault }}\n"
        f"- {{ identity: {IDENTITY}, delivery: 3, scenario: refused_content }}\n"
    )
    running = simulator(script=read_script(file))
    assert _outcome(running) is Fault
    assert _outcome(running) is Accepted
    journal = Journal(running.folder)
    assert journal.attempts(IDENTITY) == 2
    journal.close()
    assert _outcome(running) is Refused


def test_the_journal_has_one_line_of_plain_json_for_each_delivery(simulator: Start) -> None:
    running = simulator()
    _outcome(running)
    _outcome(running, aanleverkenmerk="Foutuitvragendepartij")
    lines = [json.loads(line) for line in (running.folder / "journal.jsonl").read_text().splitlines()]
    assert [(line["identity"], line["final_status"]) for line in lines] == [
        (IDENTITY, "500"),
        (IDENTITY, "510"),
    ]
    assert {line["sha256"] for line in lines} == {running.journal[0].sha256}
    assert lines[0].keys() == {
        *("kenmerk", "identity", "identity_kind", "message_kind", "aanleverkenmerk", "sha256"),
        *("accepted", "scenario", "course", "final_status"),
    }


def test_half_a_line_at_the_end_was_never_acknowledged_and_is_dropped(tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    digipoort = Digipoort(journal, script=Script(), clock_file=None, now=lambda: NOW, pace=timedelta(0))
    digipoort.deliver(delivery())
    journal.close()
    file = tmp_path / "journal.jsonl"
    whole = file.read_bytes()
    file.write_bytes(whole + whole[: len(whole) // 2])
    assert len(read_journal(tmp_path)) == 1
    reopened = Journal(tmp_path)
    assert len(reopened.entries) == 1
    assert file.read_bytes() == whole
    reopened.close()


@pytest.mark.parametrize("line", ["rubbish", '{"kenmerk": "k"}', "[]"])
def test_a_journal_that_somebody_wrote_in_is_not_used(line: str, tmp_path: Path) -> None:
    (tmp_path / "journal.jsonl").write_text(f"{line}\n")
    with pytest.raises(JournalError, match="journal"):
        Journal(tmp_path)
    with pytest.raises(JournalError, match="journal"):
        read_journal(tmp_path / "journal.jsonl")


def test_a_folder_without_a_journal_has_no_deliveries(tmp_path: Path) -> None:
    assert read_journal(tmp_path) == ()
    assert read_journal(tmp_path / "none") == ()


def test_a_full_disk_means_that_nothing_is_taken(simulator: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    running = simulator()
    client = running.client()
    assert isinstance(client.deliver(delivery()), Receipt)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    answer = client.deliver(delivery())
    assert isinstance(answer, Fault)
    assert answer.code == "ALS400"
    monkeypatch.undo()
    assert len(running.journal) == 1
    assert isinstance(client.deliver(delivery()), Receipt)
    assert len(running.journal) == 2


@pytest.mark.parametrize(
    ("path", "action"),
    [
        (DELIVERY_PATH, STATUSES.request_action),
        (DELIVERY_PATH, ""),
        (DELIVERY_PATH, PROCESSES.request_action),
    ],
)
def test_an_action_of_another_service_is_a_fault(path: str, action: str, simulator: Start) -> None:
    status, body = simulator().post(path, action, b"<x/>")
    assert status == 500
    assert b"SOAPAction" in body


def test_another_path_or_method_is_not_found(simulator: Start) -> None:
    status, _ = simulator().post("/elsewhere", STATUSES.request_action, b"<x/>")
    assert status == 404


HERE = {"MessageID": "urn:uuid:1", "To": f"https://127.0.0.1{DELIVERY_PATH}"}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"message_kind": "Onbekend"}, "its berichtsoort is unknown"),
        ({"file_name": "../Omzetbelasting.xbrl"}, "not a plain file name"),
        ({"file_name": "C:\\aangifte.xbrl"}, "not a plain file name"),
    ],
)
def test_metadata_that_digipoort_does_not_take_is_a_fault(
    change: dict[str, str], reason: str, simulator: Start
) -> None:
    running = simulator()
    answer = running.client().deliver(delivery(**change))
    assert isinstance(answer, Fault)
    assert answer.code == "ALS100"
    assert reason in answer.text
    assert running.journal == ()


def test_a_signer_other_than_the_client_of_the_channel_is_a_fault(simulator: Start, lab: Laboratory) -> None:
    payload = delivery_request(delivery(), None)
    message = Maker(payload, DELIVER.request_action, HERE, lab.signer).bytes()
    status, body = simulator().post(DELIVERY_PATH, DELIVER.request_action, message)
    assert status == 500
    assert b"its signer is not the client of the channel" in body


@pytest.mark.parametrize(
    "kind", ["application/soap+xml; charset=utf-8", "text/xml", "text/xml; charset=latin1"]
)
def test_another_content_type_is_a_fault(kind: str, simulator: Start, lab: Laboratory) -> None:
    place = urlsplit(simulator().address)
    context = ssl.create_default_context(cafile=lab.files.authority)
    context.load_cert_chain(lab.files.certificate("client"), lab.files.key("client"))
    line = HTTPSConnection(place.hostname or "", place.port, context=context)
    message = _question(lab, delivery_request(delivery(), None), **HERE)
    headers = {"Content-Type": kind, "SOAPAction": f'"{DELIVER.request_action}"'}
    line.request("POST", DELIVERY_PATH, message, headers)
    answer = line.getresponse()
    assert (answer.status, b"its Content-Type is not" in answer.read()) == (500, True)
    line.close()


def _question(lab: Laboratory, payload: etree._Element, **headers: str) -> bytes:
    """A question that is signed well, with these headers."""
    return Maker(payload, DELIVER.request_action, headers, lab.client).bytes()


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({"To": f"https://127.0.0.1{DELIVERY_PATH}"}, b"it has no MessageID"),
        ({"MessageID": "urn:uuid:1", "To": f"https://127.0.0.1{STATUS_PATH}"}, b"its To is another service"),
        ({"MessageID": "urn:uuid:1"}, b"its To is another service"),
        (HERE | {"To": f"http://127.0.0.1{DELIVERY_PATH}"}, b"its To is another endpoint"),
        (HERE | {"To": f"https://wus.digipoort.logius.nl{DELIVERY_PATH}"}, b"its To is another endpoint"),
        (HERE | {"To": f"https://127.0.0.1:1{DELIVERY_PATH}"}, b"its To is another endpoint"),
        (HERE | {"ReplyTo": "https://elsewhere.invalid"}, b"its ReplyTo is not anonymous"),
        (HERE | {"MessageID": "no uri"}, b"its MessageID is not a URI"),
    ],
)
def test_a_question_without_its_addresses_is_a_fault(
    headers: dict[str, str], reason: bytes, simulator: Start, lab: Laboratory
) -> None:
    message = _question(lab, delivery_request(delivery(), None), **headers)
    status, body = simulator().post(DELIVERY_PATH, DELIVER.request_action, message)
    assert status == 500
    assert reason in body


def test_a_payload_of_another_operation_is_a_fault(simulator: Start, lab: Laboratory) -> None:
    running = simulator()
    headers = {"To": running.address + DELIVERY_PATH, "MessageID": "urn:uuid:1"}
    message = _question(lab, statuses_request("k", None), **headers)
    status, body = running.post(DELIVERY_PATH, DELIVER.request_action, message)
    assert status == 500
    assert b"the payload does not belong to the Action" in body


def test_a_question_of_which_only_the_schema_is_wrong_is_a_fault_without_its_values(
    simulator: Start, lab: Laboratory
) -> None:
    running = simulator()
    payload = delivery_request(delivery(), None)
    number = payload.find(".//{*}nummer")
    assert number is not None
    number.text = IDENTITY * 4
    etree.SubElement(payload, "{urn:x}y", nsmap={"x": "urn:x"})
    headers = {"To": running.address + DELIVERY_PATH, "MessageID": "urn:uuid:1"}
    message = _question(lab, payload, **headers)
    status, body = running.post(DELIVERY_PATH, DELIVER.request_action, message)
    assert status == 500
    assert b"does not fit the interface" in body
    assert b"nummer" in body
    assert IDENTITY.encode() not in body
