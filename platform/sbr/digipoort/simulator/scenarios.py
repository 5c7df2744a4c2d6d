"""What can become of a delivery: how the question is answered, and which statuses follow.

The Dutch names are those of Digipoort's own test stub, which chooses by aanleverkenmerk; what each does there
is known by its name only. The English names are for scripts.
"""

from dataclasses import dataclass
from enum import Enum

from ..messages import Status
from ..statuses import Pending, judge


class Manner(Enum):
    """How a question is answered."""

    ANSWER = "a signed answer"
    HEAVY = "a signed answer after a second or so"
    SLOW = "a signed answer after longer than a client waits"
    CUT = "the connection is cut"
    DRIBBLE = "a header, byte by byte, without end"
    RUBBISH = "bytes that are not a message"
    FAULT = "an unsigned fault"
    STRANGE_FAULT = "a fault of WS-Security, without Digipoort's own detail"
    NAMELESS_FAULT = "an unsigned fault that names no question"
    BUSY = "HTTP 503"


@dataclass(frozen=True, slots=True)
class Step:
    """One status of a course. An empty `fault_text` takes the script's text, or the course's own."""

    code: str
    text: str
    fault_code: str | None = None
    fault_text: str | None = None


_STARTED = (
    Step("105", "Aanleverproces gestart."),
    Step("100", "Aanleveren gelukt."),
    Step("110", "Aanleverproces wordt aangeboden."),
)
_AUTHENTICATED = (*_STARTED, Step("200", "Authenticatie gelukt."))
_VALIDATED = (*_AUTHENTICATED, Step("301", "Validatie gelukt."), Step("301", "Validatie gelukt."))
_OFFERED = (*_VALIDATED, Step("405", "Afleveren naar uitvragende partij bezig..."))
_DELIVERED = (*_OFFERED, Step("400", "Afleveren uitvragende partij gelukt."))
_TROUBLE = "Technisch probleem bij het afleveren aan de uitvragende partij."

HAPPY = (*_DELIVERED, Step("500", "Validatie bij de uitvragende partij gelukt."))
UNAUTHENTICATED = (
    *_STARTED,
    Step("210", "Authenticatie niet gelukt.", "SIM210", "De afzender is niet gemachtigd."),
)
INVALID = (
    *_AUTHENTICATED,
    Step("311", "Validatie niet gelukt.", "VAS500", "Het bericht voldoet niet aan de taxonomie."),
)
VALIDATION_TROUBLE = (
    *_AUTHENTICATED,
    Step("321", "Technisch probleem bij validatie.", "VAS400", "De validatie is niet beschikbaar."),
)
UNDELIVERED = (
    *_OFFERED,
    Step("410", "Afleveren niet gelukt.", "AFO100", "De uitvragende partij neemt het bericht niet aan."),
)
RECOVERED = (*_OFFERED, Step("420", "Technisch probleem bij afleveren.", "AFS400", _TROUBLE), *HAPPY[-3:])
GIVEN_UP = (
    *_OFFERED,
    Step("420", "Technisch probleem bij afleveren.", "AFS400", _TROUBLE),
    Step("420", "Technisch probleem bij afleveren.", "AFS600", "Het maximale aantal pogingen is bereikt."),
)
REFUSED = (
    *_DELIVERED,
    Step(
        "510",
        "Validatie bij de uitvragende partij niet gelukt.",
        "SIM510",
        "De aangifte kan niet worden verwerkt: de opgegeven bedragen zijn niet aannemelijk.",
    ),
)


_NOT_TAKEN = (Manner.FAULT, Manner.STRANGE_FAULT, Manner.NAMELESS_FAULT, Manner.BUSY)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One scenario: how the delivery and later questions for its statuses are answered, and its course."""

    name: str
    delivery: Manner = Manner.ANSWER
    status: Manner = Manner.ANSWER
    course: tuple[Step, ...] = HAPPY

    @property
    def takes(self) -> bool:
        """Whether the delivery is taken, whatever the sender gets to see."""
        return self.delivery not in _NOT_TAKEN


HAPPY_FLOW = Scenario("Happyflow")

_ALL = (
    HAPPY_FLOW,
    Scenario("AanleverFault", delivery=Manner.FAULT),
    Scenario("StatusInformatieFault", status=Manner.FAULT),
    Scenario("Afleverfout", course=UNDELIVERED),
    Scenario("Foutuitvragendepartij", course=REFUSED),
    Scenario("TechnischProbleemAfleveren", course=RECOVERED),
    Scenario("MaximaalAantalAfleverpogingen", course=GIVEN_UP),
    Scenario("ZwaarbelastAanleveren", delivery=Manner.HEAVY),
    Scenario("OverbelastAanleveren", delivery=Manner.BUSY),
    Scenario("ZwaarbelastStatusInformatie", status=Manner.HEAVY),
    Scenario("OverbelastStatusInformatie", status=Manner.BUSY),
    Scenario("happy"),
    Scenario("refused_content", course=REFUSED),
    Scenario("validation_failed", course=INVALID),
    Scenario("authentication_failed", course=UNAUTHENTICATED),
    Scenario("validation_trouble", course=VALIDATION_TROUBLE),
    Scenario("delivery_failed", course=UNDELIVERED),
    Scenario("delivery_trouble", course=RECOVERED),
    Scenario("delivery_given_up", course=GIVEN_UP),
    Scenario("undecided", course=_OFFERED),
    Scenario("no_status", course=()),
    Scenario("lost_answer", delivery=Manner.CUT),
    Scenario("slow_answer", delivery=Manner.SLOW),
    Scenario("dribbled_answer", delivery=Manner.DRIBBLE),
    Scenario("rubbish_answer", delivery=Manner.RUBBISH),
    Scenario("deliver_fault", delivery=Manner.FAULT),
    Scenario("security_fault", delivery=Manner.STRANGE_FAULT),
    Scenario("nameless_fault", delivery=Manner.NAMELESS_FAULT),
    Scenario("busy", delivery=Manner.BUSY),
    Scenario("status_fault", status=Manner.FAULT),
)

SCENARIOS = {scenario.name: scenario for scenario in _ALL}
"""By name; the same name serves the stub's aanleverkenmerk and a script."""


def final_code(statuses: list[Status]) -> str | None:
    """The code in which a course ends; None when it does not end."""
    verdict = judge(statuses)
    return None if isinstance(verdict, Pending) else verdict.status.code
