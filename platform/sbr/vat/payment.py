"""Paying a VAT return: its payment reference, and what the client is told (R24)."""

from datetime import date

from ..facts import Facts
from ..instance import Instance
from ..payment import PaymentAdvice, advise_payment, payment_reference, period_code
from .instance import total_of


def vat_reference(ob_number: str, start: date, end: date) -> str:
    """Return the payment reference of the VAT return over start..end; raises ReportError.

    The year is that of the first day (an assumption for shifted quarters that cross New Year; no published
    example shows one).
    """
    return payment_reference(ob_number, start.year, period_code(start, end))


def advise_vat_payment(instance: Instance, facts: Facts) -> PaymentAdvice:
    """Say what to do about 5g; raises ReportError."""
    reference = vat_reference(instance.identifier, instance.start, instance.end)
    return advise_payment(total_of(instance), reference, facts.terms, facts.law.tax_accounts)
