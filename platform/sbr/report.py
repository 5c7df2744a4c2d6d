"""A report: a kind of message for an authority, such as the VAT return, behind one interface.

A report has a room of its own (`sbr/vat`) and a line in `registry.REPORTS`; nothing else imports the room.
Documents name it by its id (`report: omzetbelasting` in a template), and so does its table of entry points
(`law/omzetbelasting.yaml`). docs/reports.md tells how to add one.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from .facts import Facts
from .findings import Finding, ReportError, only_errors
from .payment import PaymentAdvice
from .rendering import Rendering


@dataclass(frozen=True, slots=True)
class MadeInstance:
    """The bytes of an instance, and what is odd about the figures that it was made from (warnings)."""

    content: bytes
    warnings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class FiguresExample:
    """What a file of figures looks like: what to write in it (Dutch), and a file to begin with."""

    explanation: str
    filename: str
    text: str


class Report(Protocol):
    """What the rest of kantoor asks of a report: figures and facts in; instance, identity, rendering out.

    Every method that takes an instance takes its bytes and reads them again: what is shown, checked and paid
    is what is sent. All raise ReportError, with every reason, where they cannot do what they were asked.
    """

    @property
    def id(self) -> str:
        """Return how documents and the table of entry points name it."""

    @property
    def message_kind(self) -> str:
        """Return Digipoort's name of the message (berichtsoort, FACTS 1.3)."""

    @property
    def identity_type(self) -> str | None:
        """Return Digipoort's type of the identity; None leaves it to the office's setting."""

    @property
    def identity_needs(self) -> tuple[str, ...]:
        """Return the fields of a relation without which nothing can be made, as the office names them.

        The first that is a number is the one by which the authority knows whose an instance is (`identify`).
        """

    @property
    def example(self) -> FiguresExample | None:
        """Return an example of a file of figures; None where people know of none."""

    def make_instance(self, figures: bytes, filename: str, facts: Facts) -> MadeInstance:
        """Make an instance from a file of figures; the same figures and facts give the same bytes."""

    def check_instance(self, content: bytes, facts: Facts) -> list[Finding]:
        """Check an instance, made here or elsewhere: whose it is, over when, whether it adds up (R20)."""

    def identify(self, content: bytes) -> str:
        """Return the number under which the authority knows whose an instance is."""

    def advise_payment(self, content: bytes, facts: Facts) -> PaymentAdvice:
        """Say what the client pays or gets back, by when, to which account (R24)."""

    def list_figures(self, content: bytes) -> tuple[tuple[str, int], ...]:
        """Return the main figures with their Dutch labels, in whole euros, for a look at earlier periods."""

    def render(self, content: bytes, facts: Facts) -> Rendering:
        """Render an instance for the client, with what to pay (R23)."""


@dataclass(frozen=True, slots=True)
class MadeReport:
    """An instance that was checked, how the client reads it, and warnings about its figures."""

    content: bytes
    rendering: Rendering
    warnings: tuple[Finding, ...]


def make_report(report: Report, figures: bytes, filename: str, facts: Facts) -> MadeReport:
    """Make an instance from figures, check what it says by reading it back, and render that.

    Raises ReportError with every reason why nothing was made.
    """
    made = report.make_instance(figures, filename, facts)
    wrong = only_errors(report.check_instance(made.content, facts))
    if wrong:
        # Their places are those of the instance, which nobody has; places told are of the file of figures.
        raise ReportError(*(replace(finding, line=None, column=None) for finding in wrong))
    return MadeReport(made.content, report.render(made.content, facts), made.warnings)
