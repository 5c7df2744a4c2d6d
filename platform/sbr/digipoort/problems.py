"""What can stand between us and Digipoort: each problem declared once.

In English for logs and commands, in Dutch for the timeline; neither quotes an identity, a URL or a document.
"""

from dataclasses import dataclass
from enum import Enum

from .messages import Fault


class Problem(Enum):
    """A kind of problem: English sentence, Dutch sentence. `{}` takes a detail (a name, a number of days)."""

    CERTIFICATE_UNREADABLE = (
        "the certificate cannot be read ({})",
        "het certificaat is niet te lezen ({})",
    )
    KEY_UNREADABLE = (
        "the key of the certificate cannot be read ({})",
        "de sleutel van het certificaat is niet te lezen ({})",
    )
    KEY_DOES_NOT_FIT = (
        "the key does not belong to the certificate",
        "de sleutel hoort niet bij het certificaat",
    )
    KEY_KIND = (
        "the key is not an RSA key of at least 2048 bits",
        "de sleutel is geen RSA-sleutel van minstens 2048 bits",
    )
    NOT_YET_VALID = (
        "the certificate is not valid before {}",
        "het certificaat geldt pas vanaf {}",
    )
    EXPIRED = (
        "the certificate expired on {}",
        "het certificaat is verlopen op {}",
    )
    EXPIRES_SOON = (
        "the certificate expires in {} days: ask for a new one now",
        "het certificaat verloopt over {} dagen: vraag nu een nieuw aan",
    )
    WRONG_PURPOSE = (
        "the certificate is not valid for {}",
        "het certificaat mag niet gebruikt worden voor {}",
    )
    WRONG_NAME = (
        "the certificate was issued to another name than {}",
        "het certificaat staat op een andere naam dan verwacht ({})",
    )
    AUTHORITY_UNREADABLE = (
        "the certificates of the trusted authority cannot be read ({})",
        "de certificaten van de vertrouwde uitgever zijn niet te lezen ({})",
    )
    QUESTION_INVALID = (
        "the message was not sent, because it violates the interface: {}",
        "het bericht is niet verzonden, want het past niet bij het koppelvlak: {}",
    )
    TOO_LATE = (
        "the message was not sent, because it had expired",
        "het bericht is niet verzonden, want de maximale wachttijd was verstreken",
    )
    UNREACHABLE = (
        "Digipoort cannot be reached ({})",
        "Digipoort is niet bereikbaar ({})",
    )
    SERVER_NOT_TRUSTED = (
        "the server is not Digipoort: its certificate is refused ({})",
        "de server is niet van Digipoort: het certificaat is geweigerd ({})",
    )
    CANNOT_SIGN = (
        "the message cannot be signed with {}: this machine's crypto policy may forbid it",
        "het bericht is niet te ondertekenen met {}: mogelijk staat deze machine dat niet toe",
    )
    CUT = (
        "the connection was cut before an answer came ({}); Digipoort may refuse our certificate",
        "de verbinding is verbroken voor er antwoord kwam ({}); mogelijk weigert Digipoort ons certificaat",
    )
    SLOW = (
        "no answer came within {} seconds",
        "er kwam geen antwoord binnen {} seconden",
    )
    ANSWER_UNREADABLE = (
        "the answer cannot be read ({})",
        "het antwoord is niet te lezen ({})",
    )
    ANSWER_NOT_TRUSTED = (
        "the answer cannot be trusted ({})",
        "het antwoord is niet te vertrouwen ({})",
    )
    ANSWER_FOR_ANOTHER = (
        "the answer does not match the request ({})",
        "het antwoord gaat over iets anders dan gevraagd is ({})",
    )
    FAULT = (
        "Digipoort answered with a fault ({})",
        "Digipoort antwoordde met een foutmelding ({})",
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """A problem with its detail."""

    problem: Problem
    detail: str = ""

    @property
    def code(self) -> str:
        """Stable name, for instance `expired`."""
        return self.problem.name.lower()

    @property
    def english(self) -> str:
        """The sentence for logs and commands, without a full stop."""
        return self.problem.value[0].format(self.detail)

    @property
    def dutch(self) -> str:
        """The sentence for the timeline, without a full stop."""
        return self.problem.value[1].format(self.detail)


class DigipoortError(Exception):
    """A question to Digipoort did not bring an answer to rely on."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.english)
        self.trouble = trouble

    @property
    def code(self) -> str:
        """Stable name of the problem."""
        return self.trouble.code

    @property
    def dutch(self) -> str:
        """The sentence for the timeline."""
        return self.trouble.dutch


class NotSent(DigipoortError):  # noqa: N818 (says what happened)
    """Surely nothing arrived: another attempt is safe.

    `lasting` says that another attempt will fail the same way until a person mends something (a certificate,
    the message itself). `fault` is what the other side said instead of answering, when it said something.
    """

    def __init__(self, trouble: Trouble, *, lasting: bool = False, fault: Fault | None = None) -> None:
        super().__init__(trouble)
        self.lasting = lasting
        self.fault = fault


class AnswerLost(DigipoortError):  # noqa: N818
    """It may have arrived. After a delivery: reconcile, never send again blindly.

    `fault` is what the other side said instead of answering, in a form that is not Digipoort's own or that
    names no question; None where it said nothing.
    """

    def __init__(self, trouble: Trouble, fault: Fault | None = None) -> None:
        super().__init__(trouble)
        self.fault = fault


class FaultAnswered(DigipoortError):  # noqa: N818
    """A question to the status service was answered with an unsigned fault; asking again is safe."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(Trouble(Problem.FAULT, fault.sentence))
        self.fault = fault
