"""Paying a VAT return: its payment reference, and what the client is told (R24)."""

from datetime import date

from ..facts import Facts
from ..instance import Instance
from ..payment import PaymentAdvice, advise_payment, find_period_code, make_payment_reference
from .instance import find_total


def make_vat_reference(ob_number: str, start: date, end: date) -> str:
    """Return the payment reference of the VAT return over start..end; raises ReportError.

    The year is that of the first day (an assumption for shifted quarters that cross New Year; no published
    example shows one).
    """
    return make_payment_reference(ob_number, start.year, find_period_code(start, end))


def advise_vat_payment(instance: Instance, facts: Facts) -> PaymentAdvice:
    """Say what to do about 5g; raises ReportError."""
    reference = make_vat_reference(instance.identifier, instance.start, instance.end)
    return advise_payment(find_total(instance), reference, facts.terms, facts.law.tax_accounts)
