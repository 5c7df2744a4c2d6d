"""The VAT return (aangifte omzetbelasting) as a report: figures of the rubrieken in, instance out."""

from ..facts import Facts
from ..findings import Finding, ReportError, error, only_errors
from ..header import make_header, remark_sender
from ..instance import check_identifier, check_period
from ..payment import PaymentAdvice
from ..rendering import Rendering
from ..report import MadeInstance
from ..tables import EntryPoint, entry_point_for, rates_on
from .calculation import read_vat_return
from .example import EXAMPLE
from .instance import OB_SCHEME, REFERENCE_ITEM, extract_vat_return, make_vat_instance, read_vat_instance
from .payment import advise_vat_payment
from .rendering import render_vat_return
from .rubrieken import FIGURE_TITLES, INPUT, OWED, TOTAL, TOTALS


class VatReport:
    """The periodic return; the figures of a file are described in docs/figures.md."""

    id = "omzetbelasting"
    message_kind = "Omzetbelasting"
    identity_type = None  # BTW and Fi are both seen for an OB number (FACTS 1.3)
    identity_needs = ("ob_number", "legal_form", "bsn_or_rsin")
    example = EXAMPLE

    def make_instance(self, figures: bytes, filename: str, facts: Facts) -> MadeInstance:
        """Make the return from a file of figures; warnings are what is not plausible."""
        if not facts.identity.ob_number:
            raise ReportError(
                error("ob-number-missing", "ob_number", "Het OB-nummer van de relatie ontbreekt.")
            )
        result = read_vat_return(figures, filename, rates_on(facts.law.vat_rates, facts.period.start))
        if result.vat_return is None:
            raise ReportError(*only_errors(result.findings))
        header = make_header(facts, facts.identity.ob_number, "OB", REFERENCE_ITEM, figures)
        content = make_vat_instance(result.vat_return, header, self._entry_point(facts))
        return MadeInstance(content, (*result.findings, *remark_sender(facts.sender)))

    def check_instance(self, content: bytes, facts: Facts) -> list[Finding]:
        """Check whose the return is, over when, and whether its totals follow from its rubrieken."""
        try:
            instance, entry_point = read_vat_instance(content), self._entry_point(facts)
        except ReportError as unreadable:
            return list(unreadable.findings)
        return [
            *check_identifier(instance, OB_SCHEME, facts.identity.ob_number, "OB-nummer"),
            *check_period(instance, entry_point, facts.period.start, facts.period.end),
            *extract_vat_return(instance).findings,
        ]

    def identify(self, content: bytes) -> str:
        """Return the OB number."""
        return read_vat_instance(content).identifier

    def advise_payment(self, content: bytes, facts: Facts) -> PaymentAdvice:
        """Say what to do about 5g."""
        return advise_vat_payment(read_vat_instance(content), facts)

    def list_figures(self, content: bytes) -> tuple[tuple[str, int], ...]:
        """Return 5a, 5b and 5g."""
        amounts = read_vat_instance(content).amounts
        return tuple((FIGURE_TITLES[one], amounts.get(TOTALS[one], 0)) for one in (OWED, INPUT, TOTAL))

    def render(self, content: bytes, facts: Facts) -> Rendering:
        """Render the rubrieken that are not zero, the totals, and how to pay."""
        instance = read_vat_instance(content)
        payment = advise_vat_payment(instance, facts)
        return render_vat_return(instance, facts.relation, facts.office, payment)

    def _entry_point(self, facts: Facts) -> EntryPoint:
        year = facts.period.start.year
        return entry_point_for(facts.law.entry_points, self.id, year, inferred=facts.stand_in)
