"""What is odd about a VAT return: warnings for whoever reviews it, never a reason to refuse (DOMAIN 4.2)."""

from collections.abc import Iterator

from ..findings import Finding, warning
from ..tables import Rates
from .vat_return import Box, VatReturn

# Invoices round to cents and boxes to euros, so tax is never exactly its rate: room in euros and as a part.
_ROOM_EUROS = 5
_ROOM_PART = 100
_REVERSE_CHARGED = ("2a", "4a", "4b")


def check_plausibility(made: VatReturn, rates: Rates | None) -> list[Finding]:
    """Return the warnings about a return; those about rates only when `rates` are given."""
    found = [*_check_signs(made), *_check_reverse_charge(made), *_check_whole(made)]
    if rates is not None:
        found += _check_rates(made, rates)
    return found


def _check_rates(made: VatReturn, rates: Rates) -> Iterator[Finding]:
    for rubriek, percent in (("1a", rates.general), ("1b", rates.reduced)):
        box = made.box(rubriek)
        if not _near(box.vat or 0, box.turnover or 0, percent):
            text = f"De btw bij {rubriek} is niet ongeveer {percent}% van de omzet."
            yield warning("vat-rate", f"{rubriek}.btw", text)
    for rubriek in ("1c", *_REVERSE_CHARGED):
        box = made.box(rubriek)
        if _more_than(box, rates.general):
            text = f"De btw bij {rubriek} is meer dan {rates.general}% van de omzet."
            yield warning("vat-rate-high", f"{rubriek}.btw", text)


def _check_signs(made: VatReturn) -> Iterator[Finding]:
    for box in made.boxes:
        if (box.turnover or 0) * (box.vat or 0) < 0:
            text = f"Omzet en btw bij {box.rubriek} hebben niet hetzelfde teken."
            yield warning("signs-differ", f"{box.rubriek}.btw", text)
    if made.input_vat < 0:
        yield warning("input-vat-negative", "5b.btw", "De voorbelasting (5b) is negatief.")


def _check_reverse_charge(made: VatReturn) -> Iterator[Finding]:
    for rubriek in _REVERSE_CHARGED:
        box = made.box(rubriek)
        if (box.turnover or 0) > 0 and not box.vat:
            text = f"Bij {rubriek} staat omzet maar geen btw; u bent die btw verschuldigd."
            yield warning("reverse-charge-without-vat", f"{rubriek}.btw", text)


def _check_whole(made: VatReturn) -> Iterator[Finding]:
    if made.is_nil:
        yield warning("nil-return", "figures", "Alle rubrieken zijn nul: dit is een nihilaangifte.")


def _near(vat: int, turnover: int, percent: int) -> bool:
    expected = abs(turnover * percent)
    room = max(_ROOM_EUROS * 100, expected // _ROOM_PART)
    return abs(vat * 100 - turnover * percent) <= room


def _more_than(box: Box, percent: int) -> bool:
    vat, turnover = abs(box.vat or 0) * 100, abs(box.turnover or 0) * percent
    return vat > turnover + max(_ROOM_EUROS * 100, turnover // _ROOM_PART)
