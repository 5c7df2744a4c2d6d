"""Certificates for the simulator and the embedded mode: an authority of our own that nobody else trusts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from ...files import make_folder, write_whole

CLIENT_NAME = "kantoor.invalid"
SIGNER_NAME = "digipoort-simulator.invalid"
"""Subject of the certificate that signs the simulator's answers; `.invalid` can be nobody's real name."""

VALIDITY = timedelta(days=5 * 365)
_LOOPBACK = (
    x509.IPAddress(ip_address("127.0.0.1")),
    x509.IPAddress(ip_address("::1")),
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: RSAPrivateKey = field(repr=False)

    def write(self, certificate: Path, key: Path) -> None:
        """Write both as PEM; the key for its owner alone."""
        write_whole(key, self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        write_whole(certificate, self.certificate.public_bytes(Encoding.PEM))


@dataclass(frozen=True, slots=True)
class Authority:
    """An issuer of certificates."""

    issued: Issued

    @classmethod
    def make(cls, name: str, now: datetime | None = None) -> "Authority":
        """Make an authority that is valid for five years from `now` (real time)."""
        key = generate_private_key(65537, 2048)
        subject = _name(name)
        begin = _begin(now)
        builder = _builder(subject, subject, key, begin, begin + VALIDITY)
        builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        builder = builder.add_extension(_usage(issues=True), critical=True)
        return cls(Issued(_sign(builder, key, key), key))

    def issue(
        self,
        name: str,
        *,
        purposes: Sequence[x509.ObjectIdentifier] = (),
        alternatives: Sequence[x509.GeneralName] = (),
        begin: datetime | None = None,
        end: datetime | None = None,
    ) -> Issued:
        """Issue a certificate; without `end` it is valid for five years."""
        key = generate_private_key(65537, 2048)
        begin = _begin(begin)
        issuer = self.issued.certificate
        builder = _builder(_name(name), issuer.subject, key, begin, end or begin + VALIDITY)
        builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        builder = builder.add_extension(_usage(issues=False), critical=True)
        if purposes:
            builder = builder.add_extension(x509.ExtendedKeyUsage(purposes), critical=False)
        names = [x509.DNSName(name), *alternatives]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return Issued(_sign(builder, key, self.issued.key), key)


@dataclass(frozen=True, slots=True)
class CertificateFolder:
    """Where the certificates of simulator and client lie."""

    folder: Path

    @property
    def authority(self) -> Path:
        """The authority's certificate: trusted by both sides, for channel and signatures."""
        return self.folder / "authority.pem"

    @property
    def intermediates(self) -> Path:
        """The issuers between the authority and the others, where there are any."""
        return self.folder / "intermediates.pem"

    def certificate(self, role: str) -> Path:
        """The certificate of `client`, `server` or `signer`."""
        return self.folder / f"{role}.pem"

    def key(self, role: str) -> Path:
        """The key of `client`, `server` or `signer`."""
        return self.folder / f"{role}-key.pem"


def make_test_authority(folder: Path) -> CertificateFolder:
    """Make the certificates of simulator and client in `folder`, or return those that lie there already.

    The authority's own key is thrown away: nothing more can be issued in its name. Its certificate is written
    last, so a folder that has it is complete. Valid for five years from now, real time.
    """
    files = CertificateFolder(folder)
    if files.authority.exists():
        return files
    make_folder(folder)
    authority = Authority.make("kantoor practice authority")
    for role, issued in issue_roles(authority).items():
        issued.write(files.certificate(role), files.key(role))
    write_whole(files.authority, authority.issued.certificate.public_bytes(Encoding.PEM))
    return files


def issue_roles(authority: Authority) -> dict[str, Issued]:
    """Issue the certificates of the client (channel and signature), of the server and of its signer."""
    client, server = ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH
    return {
        "client": authority.issue(CLIENT_NAME, purposes=[client]),
        "server": authority.issue("localhost", purposes=[server], alternatives=_LOOPBACK),
        "signer": authority.issue(SIGNER_NAME, purposes=[server]),
    }


def _begin(moment: datetime | None) -> datetime:
    # An hour back, for clocks that do not agree to the second.
    return moment or datetime.now(UTC) - timedelta(hours=1)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: RSAPrivateKey, begin: datetime, end: datetime
) -> x509.CertificateBuilder:
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(identifier, critical=False)
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=False,
        key_encipherment=not issues,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )


def _sign(builder: x509.CertificateBuilder, key: RSAPrivateKey, issuer: RSAPrivateKey) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())
    return builder.add_extension(identifier, critical=False).sign(issuer, SHA256())
