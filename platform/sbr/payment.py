"""Payment of a return (R24): payment reference (betalingskenmerk), and what a client is told to pay.

Sources: DOMAIN 3.8 (rule and composition, with the published examples), 3.9 (accounts).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ..identifiers import compute_check_digit
from ..period import add_months, last_of_month
from .facts import PaymentTerms
from .findings import ReportError, error
from .numbers import check_ob_number, check_payroll_number
from .tables import Account, account_on

_TAX_KIND = {"B": "1", "L": "6"}
_YEAR_CODE = "40"


@dataclass(frozen=True, slots=True)
class PaymentAdvice:
    """What the client is told; `amount` in whole euros, never negative.

    `pay` now, `wait` for the assessment, a `refund`, `nothing` to pay or get back, or `untold`: the office
    says nothing about paying (R24).

    When there is something to pay: `last_day` the day on which the money must be on the account,
    `transfer_by` the advised day of transfer when that is earlier, `reference` sixteen digits, `account`
    where to.
    """

    direction: Literal["pay", "wait", "refund", "nothing", "untold"]
    amount: int = 0
    last_day: date | None = None
    transfer_by: date | None = None
    reference: str | None = field(default=None, repr=False)
    account: Account | None = None


def make_payment_reference(number: str, year: int, code: str) -> str:
    """Return the sixteen digits for a VAT return (OB number) or payroll return (loonheffingennummer).

    `code` is the two-digit period code. Raises ReportError for a wrong number or code.
    """
    check = check_payroll_number if "L" in number else check_ob_number
    wrong = check(number)
    if wrong:
        raise ReportError(*wrong)
    if not re.fullmatch(r"[0-9]{2}", code):
        raise ReportError(error("period-code", "period", "De tijdvakcode moet uit twee cijfers bestaan."))
    rest = f"{number[:8]}{_TAX_KIND[number[9]]}{year % 10}{number[10:]}{code}0"
    return compute_check_digit(rest) + rest


def find_period_code(start: date, end: date) -> str:
    """Return the code of a month ('01'), a quarter, also a shifted one (20 + first month), or year ('40').

    Raises ReportError for any other period.
    """
    months = next((n for n in (1, 3, 12) if end == last_of_month(add_months(start, n - 1))), 0)
    if start.day == 1 and months == 1:
        return f"{start.month:02d}"
    if start.day == 1 and months == 3:
        return f"{20 + start.month}"
    if (start.month, start.day, months) == (1, 1, 12):
        return _YEAR_CODE
    text = "Dit tijdvak is geen maand, kwartaal of kalenderjaar."
    raise ReportError(error("period-code", "period", text))


def group_digits(text: str) -> str:
    """Return a reference or IBAN in groups of four, as people copy it."""
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def advise_payment(
    total: int, reference: str, terms: PaymentTerms, accounts: Iterable[Account]
) -> PaymentAdvice:
    """Say what to do about `total` (whole euros): pay when positive, refund when negative.

    Only what is paid now needs an account: that of the last day. Raises ReportError when none is known.
    """
    if terms.pay == "nothing":
        return PaymentAdvice("untold", abs(total))
    if total < 0:
        return PaymentAdvice("refund", -total)
    if total == 0:
        return PaymentAdvice("nothing")
    if terms.pay == "after_assessment":
        return PaymentAdvice("wait", total)
    earlier = terms.transfer_by if terms.transfer_by and terms.transfer_by < terms.last_day else None
    account = account_on(accounts, terms.last_day)
    return PaymentAdvice("pay", total, terms.last_day, earlier, reference, account)
