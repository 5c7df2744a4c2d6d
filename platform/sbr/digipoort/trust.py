"""Whether a certificate that signed a message is one that we trust."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.verification import (
    Criticality,
    ExtensionPolicy,
    PolicyBuilder,
    Store,
    VerificationError,
)

from .certificates import subject_names


class TrustError(Exception):
    """A message or its signer is refused. `reason` is a stable name; the sentence quotes nothing of it."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom to believe: issued under (or equal to) one of `anchors`, in the name of `name` unless it is None.

    A message brings its signer's certificate alone (FACTS 1.2), so that what lies between it and an anchor
    must be known: `intermediates`, which are believed only where an anchor issued them. What an issuer says
    of the purposes of its certificates is not asked: it names the web's purposes or none, and a signature
    serves none of them. No thumbprint: Digipoort changes its certificates. Revocation is not asked for: that
    would make every message depend on one more server. `skew` is how far two clocks may differ.
    """

    anchors: tuple[x509.Certificate, ...]
    name: str | None
    skew: timedelta = timedelta(seconds=60)
    intermediates: tuple[x509.Certificate, ...] = ()

    def check_signer(self, certificate: x509.Certificate, now: datetime) -> None:
        """Check chain, dates (at `now`, aware) and name. Raises TrustError."""
        # The profile of the web wants an extended key usage that certificates for signing need not have.
        policy = (
            PolicyBuilder()
            .store(Store(list(self.anchors)))
            .time(now)
            .extension_policies(
                ee_policy=ExtensionPolicy.permit_all(),
                ca_policy=ExtensionPolicy.webpki_defaults_ca().may_be_present(
                    x509.ExtendedKeyUsage, Criticality.AGNOSTIC, None
                ),
            )
        )
        try:
            policy.build_client_verifier().verify(certificate, list(self.intermediates))
        except VerificationError:
            raise TrustError(
                "signer", "its signer's certificate is expired or of another authority"
            ) from None
        if self.name is not None and self.name not in subject_names(certificate):
            raise TrustError("signer-name", "its signer has another name than expected")
