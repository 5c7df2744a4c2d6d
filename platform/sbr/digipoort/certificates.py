"""Our own certificate and key: loaded once, checked before use, what is wrong said as findings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

import xmlsec
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from .problems import NotSent, Problem, Trouble

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing noticed about a certificate; an error makes it unusable."""

    severity: Severity
    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Credentials:
    """A certificate with its key, ready to sign; the key is read (and checked) once, which takes 50 ms."""

    certificate: x509.Certificate
    key: xmlsec.Key = field(repr=False)


def load_credentials(certificate: Path, key: Path, password: str | None = None) -> Credentials:
    """Read a certificate (the first of its PEM file) and its RSA key (PEM).

    Raises NotSent, lasting, when one cannot be read or they do not belong together. No message holds
    the key's password.
    """
    return make_credentials(_read_certificate(certificate), _read_key(key, password))


def make_credentials(certificate: x509.Certificate, key: RSAPrivateKey) -> Credentials:
    """Join a certificate and its key. Raises NotSent, lasting, when they do not belong together."""
    if certificate.public_key() != key.public_key():
        raise _unusable(Problem.KEY_DOES_NOT_FIT)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Credentials(certificate, xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem))


def check_certificate(
    certificate: x509.Certificate, now: datetime, *, name: str | None = None, warn_days: int = 30
) -> tuple[Finding, ...]:
    """Hold a client certificate against the day (`now`, aware), its purpose and, when given, its name."""
    findings = [*_dates(certificate, now, warn_days), *_purposes(certificate)]
    if name is not None and name not in subject_names(certificate):
        findings.append(_error(Problem.WRONG_NAME, name))
    return tuple(findings)


def days_left(certificate: x509.Certificate, now: datetime) -> int:
    """Whole days until it expires, negative after."""
    return (certificate.not_valid_after_utc - now).days


def first_error(findings: Sequence[Finding]) -> Trouble | None:
    """Return the first finding that makes the certificate unusable."""
    return next((finding.trouble for finding in findings if finding.severity == "error"), None)


def subject_names(certificate: x509.Certificate) -> frozenset[str]:
    """The common names of its subject and its DNS names."""
    common = {str(part.value) for part in certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)}
    try:
        other = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return frozenset(common)
    return frozenset(common | set(other.get_values_for_type(x509.DNSName)))


def load_authorities(file: Path) -> tuple[x509.Certificate, ...]:
    """Read the certificates of a PEM bundle; all of them are trusted. Raises NotSent, lasting."""
    try:
        return tuple(x509.load_pem_x509_certificates(file.read_bytes()))
    except (OSError, ValueError) as error:
        raise _unusable(Problem.AUTHORITY_UNREADABLE, _why(error)) from None


def _read_certificate(file: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(file.read_bytes())[0]
    except (OSError, ValueError) as error:
        raise _unusable(Problem.CERTIFICATE_UNREADABLE, _why(error)) from None


def _read_key(file: Path, password: str | None) -> RSAPrivateKey:
    secret = None if password is None else password.encode()
    pem = b""
    try:
        pem = file.read_bytes()
        key = load_pem_private_key(pem, secret)
    except (OSError, ValueError, TypeError, UnsupportedAlgorithm) as error:
        # A wrong password yields rubbish that looks well padded once in 200 times, so that the error
        # then speaks of the data: that the file is encrypted is what can be known.
        why = "wrong or missing password" if b"ENCRYPTED" in pem else _why(error)
        raise _unusable(Problem.KEY_UNREADABLE, why) from None
    if not isinstance(key, RSAPrivateKey) or key.key_size < 2048:
        raise _unusable(Problem.KEY_KIND)
    return key


def _why(error: Exception) -> str:
    """Say shortly why a file cannot be read; OpenSSL's own words help nobody."""
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "wrong or missing password" if "assword" in str(error) else "not the expected PEM"


def _dates(certificate: x509.Certificate, now: datetime, warn_days: int) -> list[Finding]:
    if now < certificate.not_valid_before_utc:
        return [_error(Problem.NOT_YET_VALID, f"{certificate.not_valid_before_utc:%d-%m-%Y}")]
    if now > certificate.not_valid_after_utc:
        return [_error(Problem.EXPIRED, f"{certificate.not_valid_after_utc:%d-%m-%Y}")]
    left = days_left(certificate, now)
    return [Finding("warning", Trouble(Problem.EXPIRES_SOON, str(left)))] if left < warn_days else []


def _purposes(certificate: x509.Certificate) -> list[Finding]:
    """One certificate does both: it opens the channel and signs. An absent extension forbids nothing."""
    findings = []
    try:
        usages = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        if not {ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE} & set(usages):
            findings.append(_error(Problem.WRONG_PURPOSE, "client authentication"))
    except x509.ExtensionNotFound:
        pass
    try:
        if not certificate.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature:
            findings.append(_error(Problem.WRONG_PURPOSE, "signing"))
    except x509.ExtensionNotFound:
        pass
    return findings


def _error(problem: Problem, detail: str = "") -> Finding:
    return Finding("error", Trouble(problem, detail))


def _unusable(problem: Problem, detail: str = "") -> NotSent:
    return NotSent(Trouble(problem, detail), lasting=True)
