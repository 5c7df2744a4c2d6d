"""The client against the simulator, over real sockets with mutual TLS and real signatures."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID

from kantoor.sbr.digipoort.client import DigipoortClient
from kantoor.sbr.digipoort.messages import Fault, Identity, Receipt
from kantoor.sbr.digipoort.practice_certificates import CLIENT_NAME, Issued
from kantoor.sbr.digipoort.problems import AnswerLost, DigipoortError, FaultAnswered, NotSent
from kantoor.sbr.digipoort.reconcile import Found, NotArrived, TooEarly, reconcile, sight
from kantoor.sbr.digipoort.settings import DigipoortSettings, simulator_settings
from kantoor.sbr.digipoort.simulator.script import Row, Script
from kantoor.sbr.digipoort.statuses import Accepted, judge

from .conftest import Running
from .laboratory import IDENTITY, Laboratory, delivery

Start = Callable[..., Running]
WHO = Identity(IDENTITY)
KIND = "Omzetbelasting"


def scripted(*scenarios: str) -> Script:
    """A script for the deliveries of our identity, in order."""
    rows = [Row(identity=IDENTITY, delivery=n, scenario=name) for n, name in enumerate(scenarios, 1)]
    return Script({(row.identity, row.delivery): row for row in rows})


def test_a_delivery_is_taken_byte_for_byte_and_accepted(simulator: Start) -> None:
    running = simulator()
    client = running.client()
    assert client.prove_channel(WHO, KIND).listed == ()
    receipt = client.deliver(delivery())
    assert isinstance(receipt, Receipt)
    assert receipt.aanleverkenmerk == "attempt-1"
    assert receipt.kenmerk.encode() in receipt.raw
    verdict = judge(client.statuses(receipt.kenmerk))
    assert isinstance(verdict, Accepted)
    assert receipt.kenmerk.encode() in verdict.status.raw
    (entry,) = running.journal
    assert (entry.kenmerk, entry.final_status) == (receipt.kenmerk, "500")
    assert (running.folder / "contents" / entry.sha256).read_bytes() == delivery().content


@pytest.mark.parametrize(("ours", "theirs"), [("sha256", "sha256"), ("sha1", "sha256"), ("sha256", "sha1")])
def test_each_side_verifies_what_the_other_signs_with(ours: str, theirs: str, simulator: Start) -> None:
    client = simulator(algorithm=theirs).client(algorithm=ours)
    assert isinstance(client.deliver(delivery()), Receipt)


def test_an_answer_that_is_lost_ends_with_one_delivery(simulator: Start) -> None:
    running = simulator(script=scripted("lost_answer"))
    client = running.client()
    sent, expires = datetime.now(UTC), client.new_expiry()
    with pytest.raises(AnswerLost) as lost:
        client.deliver(delivery(), expires=expires)
    assert lost.value.code == "cut"
    asked = datetime.now(UTC)
    seen = [sight(one.kenmerk, client.statuses(one.kenmerk)) for one in client.processes(WHO, KIND)]
    outcome = reconcile(seen, "attempt-1", asked=asked, sent=sent, expires=expires)
    assert isinstance(outcome, Found)
    assert isinstance(judge(client.statuses(outcome.kenmerk)), Accepted)
    assert [entry.kenmerk for entry in running.journal] == [outcome.kenmerk]


@pytest.mark.parametrize(
    ("scenario", "code"), [("slow_answer", "slow"), ("rubbish_answer", "answer_unreadable")]
)
def test_an_answer_that_is_slow_or_rubbish_is_a_lost_one(scenario: str, code: str, simulator: Start) -> None:
    running = simulator(script=scripted(scenario))
    with pytest.raises(AnswerLost) as lost:
        running.client(answer_timeout=0.2 if code == "slow" else 20).deliver(delivery())
    assert lost.value.code == code
    (process,) = running.client().processes(WHO, KIND)
    assert [entry.kenmerk for entry in running.journal] == [process.kenmerk]


def test_a_busy_server_took_nothing_and_another_attempt_follows_only_when_that_is_sure(
    simulator: Start,
) -> None:
    running = simulator(script=scripted("busy"))
    client = running.client()
    expires = client.new_expiry()
    with pytest.raises(AnswerLost):
        client.deliver(delivery(), expires=expires)
    assert client.processes(WHO, KIND) == ()
    now = datetime.now(UTC)
    assert isinstance(reconcile((), None, asked=now, sent=now, expires=expires), TooEarly)
    later = now + client.settings.longest_doubt + timedelta(minutes=1)
    assert reconcile((), None, asked=later, sent=now, expires=expires) == NotArrived()
    assert isinstance(client.deliver(delivery()), Receipt)
    assert len(running.journal) == 1


def test_a_fault_is_an_answer_but_no_success(simulator: Start) -> None:
    running = simulator(script=scripted("deliver_fault"))
    client = running.client()
    fault = client.deliver(delivery())
    assert isinstance(fault, Fault)
    assert fault.code == "ALS100"
    assert running.journal == ()
    assert isinstance(client.deliver(delivery()), Receipt)


def test_a_fault_of_the_status_service_is_raised_and_may_be_asked_again(simulator: Start) -> None:
    client = simulator(script=scripted("status_fault")).client()
    receipt = client.deliver(delivery())
    assert isinstance(receipt, Receipt)
    with pytest.raises(FaultAnswered, match="STS100") as raised:
        client.statuses(receipt.kenmerk)
    assert raised.value.fault.code == "STS100"


def test_nobody_s_kenmerk_has_no_statuses(simulator: Start) -> None:
    assert simulator().client().statuses("00000000-0000-4000-8000-000000000000") == ()


def test_processes_are_those_of_one_identity_and_message_kind(simulator: Start, lab: Laboratory) -> None:
    client = simulator().client()
    other = Identity("123456782B90")
    first, second, third = (
        client.deliver(one)
        for one in (
            delivery(),
            delivery(message_kind="ICP"),
            delivery(identity=other, content=delivery().content.replace(IDENTITY.encode(), b"123456782B90")),
        )
    )
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert isinstance(third, Receipt)
    assert [process.kenmerk for process in client.processes(WHO, KIND)] == [first.kenmerk]
    assert [process.kenmerk for process in client.processes(WHO, "ICP")] == [second.kenmerk]
    assert [process.kenmerk for process in client.processes(other, KIND)] == [third.kenmerk]


def test_many_threads_share_one_client(simulator: Start) -> None:
    running = simulator()
    client = running.client()
    kenmerken = [f"attempt-{number}" for number in range(12)]
    with ThreadPoolExecutor(6) as pool:
        receipts = list(pool.map(lambda one: client.deliver(delivery(aanleverkenmerk=one)), kenmerken))
    assert [receipt.aanleverkenmerk for receipt in receipts if isinstance(receipt, Receipt)] == kenmerken
    assert len(running.journal) == 12


def test_a_server_that_is_away_means_not_sent(lab: Laboratory) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with DigipoortClient(simulator_settings(f"https://127.0.0.1:{port}", lab.folder)) as client:
        for call in (lambda: client.prove_channel(WHO, KIND), lambda: client.deliver(delivery())):
            with pytest.raises(NotSent) as refused:
                call()
            assert refused.value.code == "unreachable"
            assert not refused.value.lasting
            assert refused.value.dutch == "Digipoort is niet bereikbaar (Connection refused)"


def test_a_server_with_a_foreign_certificate_means_not_sent(
    lab: Laboratory, simulator: Start, tmp_path: Path
) -> None:
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    _write(lab.foreign_roles, lab.foreign.issued, foreign)
    client = simulator().client(server_authority_file=foreign / "authority.pem")
    with pytest.raises(NotSent) as refused:
        client.deliver(delivery())
    assert refused.value.code == "server_not_trusted"


def test_a_client_certificate_that_the_server_refuses_shows_before_anything_is_written_down(
    lab: Laboratory, simulator: Start, tmp_path: Path
) -> None:
    """Under TLS 1.3 the refusal comes after the message: on a delivery that would be a lost answer."""
    _write(lab.foreign_roles, lab.foreign.issued, tmp_path)
    running = simulator()
    client = running.client(certificate_file=tmp_path / "client.pem", key_file=tmp_path / "client-key.pem")
    with pytest.raises(NotSent) as refused:
        client.prove_channel(WHO, KIND)
    assert refused.value.code == "cut"
    with pytest.raises(AnswerLost):
        client.deliver(delivery())
    assert running.journal == ()


def test_an_expired_certificate_is_noticed_without_asking_anybody(lab: Laboratory, simulator: Start) -> None:
    running = simulator()
    client = running.client(now=lambda: datetime.now(UTC) + timedelta(days=6 * 365))
    for call in (lambda: client.prove_channel(WHO, KIND), lambda: client.deliver(delivery())):
        with pytest.raises(NotSent, match="the certificate expired on") as refused:
            call()
        assert refused.value.lasting
    assert running.journal == ()


def test_a_renewed_certificate_is_used_by_a_client_that_read_the_old_one(
    lab: Laboratory, simulator: Start, tmp_path: Path
) -> None:
    running = simulator()
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    long_ago = {"begin": datetime(2020, 1, 1, tzinfo=UTC), "end": datetime(2021, 1, 1, tzinfo=UTC)}
    client_purpose = [ExtendedKeyUsageOID.CLIENT_AUTH]
    lab.authority.issue(CLIENT_NAME, purposes=client_purpose, **long_ago).write(certificate, key)
    client = running.client(certificate_file=certificate, key_file=key)
    with pytest.raises(NotSent, match="expired"):
        client.prove_channel(WHO, KIND)
    renewed = lab.roles["client"]
    other = tmp_path / "other.key"
    renewed.write(certificate, other)
    with pytest.raises(NotSent, match="expired"):  # its key is not there yet: the old pair stays
        client.prove_channel(WHO, KIND)
    other.replace(key)
    client.prove_channel(WHO, KIND)
    assert isinstance(client.deliver(delivery()), Receipt)


def test_a_certificate_that_is_not_good_yet_does_not_replace_one_that_is(
    lab: Laboratory, simulator: Start, tmp_path: Path
) -> None:
    certificate, key = tmp_path / "client.pem", tmp_path / "client.key"
    lab.roles["client"].write(certificate, key)
    client = simulator().client(certificate_file=certificate, key_file=key)
    client.prove_channel(WHO, KIND)
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    purpose = [ExtendedKeyUsageOID.CLIENT_AUTH]
    lab.authority.issue(CLIENT_NAME, purposes=purpose, begin=tomorrow).write(certificate, key)
    client.prove_channel(WHO, KIND)
    assert isinstance(client.deliver(delivery()), Receipt)


def test_a_certificate_in_another_name_than_the_office_s_is_not_used(simulator: Start) -> None:
    with pytest.raises(NotSent, match="another name") as refused:
        simulator().client(own_name="kantoor.example").prove_channel(WHO, KIND)
    assert refused.value.lasting


def test_a_certificate_that_ends_soon_is_a_warning_of_the_channel(simulator: Start) -> None:
    channel = simulator().client(warn_days=10_000).prove_channel(WHO, KIND)
    assert [finding.trouble.code for finding in channel.findings] == ["expires_soon"]


@pytest.mark.parametrize(
    "name", ["certificate_file", "key_file", "server_authority_file", "signer_authority_file"]
)
def test_a_file_that_cannot_be_read_is_said_and_works_once_mended(
    name: str, simulator: Start, tmp_path: Path
) -> None:
    running = simulator()
    broken = tmp_path / "broken.pem"
    broken.write_text("rubbish")
    good = getattr(running.settings, name).read_bytes()
    client = running.client(**{name: broken})
    with pytest.raises(NotSent, match="cannot be read") as refused:
        client.prove_channel(WHO, KIND)
    assert refused.value.lasting
    broken.write_bytes(good)
    assert client.prove_channel(WHO, KIND).findings == ()


def test_an_unsigned_fault_proves_no_channel(simulator: Start) -> None:
    """A message that is signed wrongly travels well: the fault says so, and anybody could have said it."""
    running = simulator(skew=0)
    client = running.client(now=lambda: datetime.now(UTC) + timedelta(minutes=5))
    fault = client.try_channel()
    assert fault is not None
    assert fault.code == "STS100"
    assert "timestamp lies in the future" in fault.text
    with pytest.raises(NotSent, match="STS100") as refused:
        client.prove_channel(WHO, KIND)
    assert refused.value.fault == fault


def test_a_channel_is_tried_with_both_services_and_a_signed_answer(simulator: Start) -> None:
    running = simulator()
    assert running.client().try_channel() is None
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(NotSent, match="cannot be reached"):
        running.client(delivery_url=f"https://127.0.0.1:{port}/").try_channel()
    with pytest.raises(NotSent, match="cannot be trusted"):
        running.client(signer_name="else.invalid").try_channel()


def test_a_message_that_breaks_the_interface_is_not_sent(simulator: Start) -> None:
    running = simulator()
    client = running.client()
    wrong = (
        delivery(message_kind="x" * 81),
        delivery(aanleverkenmerk="x" * 41),
        delivery(identity=Identity(IDENTITY * 4)),
        delivery(identity=Identity(f"{IDENTITY}\x00")),
        delivery(content=b"x" * 20_971_521),
    )
    for one in wrong:
        with pytest.raises(NotSent, match="violates the interface") as refused:
            client.deliver(one)
        assert refused.value.lasting
        assert IDENTITY not in f"{refused.value} {refused.value.dutch} {refused.value!r}"
    assert running.journal == ()


def test_a_message_whose_time_has_passed_is_not_sent(simulator: Start) -> None:
    running = simulator()
    with pytest.raises(NotSent, match="it had expired"):
        running.client().deliver(delivery(), expires=datetime.now(UTC))
    assert running.journal == ()


def test_a_message_that_arrives_after_its_time_is_not_taken(simulator: Start) -> None:
    """That is what lets a lost answer be settled: after `expires` nothing can arrive any more."""
    running = simulator(skew=0)
    late = running.client(now=lambda: datetime.now(UTC) - timedelta(minutes=2))
    fault = late.deliver(delivery(), expires=datetime.now(UTC) - timedelta(minutes=1))
    assert isinstance(fault, Fault)
    assert "timestamp has expired" in fault.text
    assert running.journal == ()


def test_nothing_said_or_shown_holds_the_identity(simulator: Start) -> None:
    client = simulator(script=scripted("lost_answer")).client()
    with pytest.raises(DigipoortError) as lost:
        client.deliver(delivery())
    shown = [lost.value, lost.value.dutch, delivery(), WHO, *client.processes(WHO, KIND)]
    assert all(IDENTITY not in f"{one} {one!r}" for one in shown)
    assert "geheim" not in repr(replace(client.settings, key_password="geheim"))


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/a", "https:///a", "ftp://127.0.0.1/a", "a"])
def test_an_address_that_is_not_https_is_refused(url: str, lab: Laboratory) -> None:
    settings = simulator_settings("https://127.0.0.1:1", lab.folder)
    with pytest.raises(ValueError, match="https://"):
        replace(settings, status_url=url)


@pytest.mark.parametrize(
    ("base", "stand_in"),
    [
        ("https://127.0.0.1:8443", True),
        ("https://localhost:8443", True),
        ("https://[::1]:8443", True),
        ("https://wus.digipoort.logius.nl", False),
        ("https://localhost.example", False),
        ("https://127.0.0.1.example", False),
    ],
)
def test_only_this_machine_is_a_stand_in(base: str, stand_in: bool, lab: Laboratory) -> None:
    settings: DigipoortSettings = simulator_settings(base, lab.folder)
    assert settings.is_stand_in is stand_in


def _write(roles: dict[str, Issued], authority: Issued, folder: Path) -> None:
    for role, issued in roles.items():
        issued.write(folder / f"{role}.pem", folder / f"{role}-key.pem")
    authority.write(folder / "authority.pem", folder / "authority-key.pem")


def test_an_authority_that_is_withdrawn_counts_no_more(
    lab: Laboratory, simulator: Start, tmp_path: Path
) -> None:
    both, ours = tmp_path / "both.pem", lab.files.authority.read_bytes()
    other = lab.foreign.issued.certificate.public_bytes(Encoding.PEM)
    both.write_bytes(other + ours)
    client = simulator().client(server_authority_file=both, signer_authority_file=both)
    client.prove_channel(WHO, KIND)
    both.write_bytes(other)
    with pytest.raises(NotSent, match="certificate is refused"):
        client.prove_channel(WHO, KIND)
    both.unlink()
    with pytest.raises(NotSent, match="cannot be read"):
        client.prove_channel(WHO, KIND)
    both.write_bytes(ours)
    client.prove_channel(WHO, KIND)


def test_a_withdrawn_authority_counts_no_more_although_our_new_certificate_is_no_good(
    lab: Laboratory, simulator: Start, tmp_path: Path
) -> None:
    authority, certificate = tmp_path / "authority.pem", tmp_path / "client.pem"
    authority.write_bytes(lab.files.authority.read_bytes())
    certificate.write_bytes(lab.files.certificate("client").read_bytes())
    client = simulator().client(
        server_authority_file=authority, signer_authority_file=authority, certificate_file=certificate
    )
    client.prove_channel(WHO, KIND)
    certificate.write_text("half of it")
    client.prove_channel(WHO, KIND)
    authority.write_bytes(lab.foreign.issued.certificate.public_bytes(Encoding.PEM))
    with pytest.raises(NotSent):
        client.prove_channel(WHO, KIND)


def test_no_secret_of_the_channel_is_written_where_the_environment_says(
    simulator: Start, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "secrets"
    monkeypatch.setenv("SSLKEYLOGFILE", str(secrets))
    assert isinstance(simulator().client().deliver(delivery()), Receipt)
    assert not secrets.exists()
