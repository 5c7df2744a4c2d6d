"""Certificates of PKIoverheid's shape: root, intermediate, issuing, and those that are used (FACTS 1.5)."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from kantoor.sbr.digipoort.messages import Receipt
from kantoor.sbr.digipoort.practice_certificates import Authority, CertificateFolder, Issued, issue_roles
from kantoor.sbr.digipoort.problems import AnswerLost, NotSent
from kantoor.sbr.digipoort.trust import Trust, TrustError

from .conftest import Running
from .laboratory import delivery
from .test_client import KIND, WHO

Start = Callable[..., Running]
WEB_ONLY = [ExtendedKeyUsageOID.SERVER_AUTH]


def _issuer(
    name: str, above: Issued | None, depth: int, purposes: Sequence[x509.ObjectIdentifier] = ()
) -> Issued:
    """Make an issuer that may have `depth` issuers below it; without one above it is a root."""
    key = generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing, issuer = (above.key, above.certificate.subject) if above else (key, subject)
    now = datetime.now(UTC)
    usage = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=9))
        .add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True)
        .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
    )
    if purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
    return Issued(builder.sign(signing, SHA256()), key)


class Chain:
    """The certificates of both sides, issued three steps below the root."""

    def __init__(self, folder: Path) -> None:
        self.root = _issuer("root", None, 2)
        self.intermediate = _issuer("intermediate", self.root, 1)
        self.issuing = _issuer("issuing", self.intermediate, 0, WEB_ONLY)
        self.issuing_clients = _issuer("issuing clients", self.intermediate, 0)
        self.between = (
            self.issuing.certificate,
            self.issuing_clients.certificate,
            self.intermediate.certificate,
        )
        of_client = issue_roles(Authority(self.issuing_clients))["client"]
        self.roles = issue_roles(Authority(self.issuing)) | {"client": of_client}
        self.files = CertificateFolder(folder)
        for role, issued in self.roles.items():
            issued.write(self.files.certificate(role), self.files.key(role))
            issuing = self.issuing_clients if role == "client" else self.issuing
            with self.files.certificate(role).open("ab") as file:
                # For the channel: each side sends what the other needs to reach the root.
                file.write(_pem(issuing.certificate, self.intermediate.certificate))
        self.files.authority.write_bytes(_pem(self.root.certificate))
        self.files.intermediates.write_bytes(_pem(*self.between))


def _pem(*certificates: x509.Certificate) -> bytes:
    return b"".join(one.public_bytes(Encoding.PEM) for one in certificates)


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> Chain:
    return Chain(tmp_path_factory.mktemp("chain"))


def _client_of(running: Running, chain: Chain, between: Path | None) -> dict[str, Path | None]:
    return {
        "certificate_file": chain.files.certificate("client"),
        "key_file": chain.files.key("client"),
        "server_authority_file": chain.files.authority,
        "signer_authority_file": chain.files.authority,
        "intermediates_file": between,
    }


def test_a_return_is_delivered_with_the_root_as_authority_and_its_intermediates(
    chain: Chain, simulator: Start
) -> None:
    running = simulator(certificates=chain.files.folder)
    client = running.client(**_client_of(running, chain, chain.files.intermediates))
    assert client.try_channel() is None
    assert client.prove_channel(WHO, KIND).listed == ()
    assert isinstance(client.deliver(delivery()), Receipt)


def test_without_the_intermediates_the_channel_is_not_proved_and_nothing_is_sent(
    chain: Chain, simulator: Start
) -> None:
    running = simulator(certificates=chain.files.folder)
    client = running.client(**_client_of(running, chain, None))
    for prove in (client.try_channel, lambda: client.prove_channel(WHO, KIND)):
        with pytest.raises(NotSent, match="of another authority"):
            prove()
    with pytest.raises(AnswerLost):
        client.processes(WHO, KIND)
    assert running.journal == ()


def test_an_issuing_authority_may_be_trusted_by_itself(
    chain: Chain, simulator: Start, tmp_path: Path
) -> None:
    running = simulator(certificates=chain.files.folder)
    issuing = tmp_path / "issuing.pem"
    issuing.write_bytes(_pem(chain.issuing.certificate))
    changes = {"server_authority_file": issuing, "signer_authority_file": issuing}
    client = running.client(**(_client_of(running, chain, None) | changes))
    assert isinstance(client.deliver(delivery()), Receipt)


def test_an_intermediate_of_another_root_is_not_believed(chain: Chain) -> None:
    other = _issuer("root", None, 2)
    trust = Trust((other.certificate,), None, intermediates=chain.between)
    with pytest.raises(TrustError):
        trust.check_signer(chain.roles["signer"].certificate, datetime.now(UTC))
