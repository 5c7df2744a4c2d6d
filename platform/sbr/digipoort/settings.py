"""What the client has to know: where Digipoort is, who we are, whom we believe, how long we wait."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from ...hosts import is_loopback
from .names import DELIVERY_PATH, STATUS_PATH
from .practice_certificates import SIGNER_NAME, CertificateFolder
from .signing import Algorithm


@dataclass(frozen=True, slots=True, kw_only=True)
class DigipoortSettings:
    """Settings of a client; all files are PEM, all durations real seconds.

    One certificate opens the channel and signs. `signer_name` is the subject (common or DNS name) of the
    certificate that signs Digipoort's answers, which is not the one of its web server (None: any).
    `own_name`, when given, is the name that our own certificate must have. Raises ValueError when an address
    is not https.
    """

    delivery_url: str
    status_url: str
    certificate_file: Path
    key_file: Path
    key_password: str | None = field(default=None, repr=False)
    own_name: str | None = None
    server_authority_file: Path
    signer_authority_file: Path
    intermediates_file: Path | None = None
    """The issuers between the authority and the signers of answers; a server of the web sends its own."""
    signer_name: str | None
    algorithm: Algorithm = "sha1"
    connect_timeout: float = 10
    answer_timeout: float = 60
    """How long an answer may take, from the first byte that is sent to the last that is read."""
    question_timeout: float = 60
    """As `answer_timeout`, for the status service: its questions may be asked again, and get less time."""
    lifetime: float = 300
    """How long a message stays acceptable (its Expires)."""
    skew: float = 60
    """How far Digipoort's clock and ours may differ."""
    warn_days: int = 30
    answer_limit: int = 32 * 1024 * 1024
    authorisation_address: str | None = "http://geenausp.nl"

    def __post_init__(self) -> None:
        for url in (self.delivery_url, self.status_url):
            parts = urlsplit(url)
            if parts.scheme != "https" or not parts.hostname:
                raise ValueError("the address of a Digipoort service must begin with https://")

    @property
    def longest_doubt(self) -> timedelta:
        """How long after its making a message can still arrive and be taken, whatever became of it."""
        return timedelta(seconds=self.lifetime + self.skew)

    @property
    def is_stand_in(self) -> bool:
        """Whether both services are on this machine; a practice office is given to nothing else."""
        return all(is_loopback(urlsplit(url).hostname or "") for url in (self.delivery_url, self.status_url))


def simulator_settings(base_url: str, folder: Path) -> DigipoortSettings:
    """Settings for the simulator at `base_url` (https://host:port) with the certificates in `folder`.

    A message lives ten seconds, so that a lost answer keeps nobody waiting.
    """
    files = CertificateFolder(folder)
    return DigipoortSettings(
        delivery_url=base_url + DELIVERY_PATH,
        status_url=base_url + STATUS_PATH,
        certificate_file=files.certificate("client"),
        key_file=files.key("client"),
        server_authority_file=files.authority,
        signer_authority_file=files.authority,
        signer_name=SIGNER_NAME,
        connect_timeout=5,
        answer_timeout=5,
        lifetime=8,
        skew=2,
    )
