"""Make a VAT return from figures (R21): rounding, totals and what does not add up (DOMAIN 4.1, 4.2)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ..findings import Finding, error
from ..tables import Rates
from ..wording import format_cents
from .figures import Amount, Figures, read_figures
from .plausibility import check_plausibility
from .rubrieken import INPUT, OWED, RUBRIEKEN, TOTAL, digits_allowed
from .vat_return import Box, VatReturn

_EURO = 100
_OWING = tuple(rubriek.id for rubriek in RUBRIEKEN if rubriek.vat)
"""The rubrieken whose VAT makes 5a."""


@dataclass(frozen=True, slots=True)
class VatReturnResult:
    """A return, or None when there are errors; `findings` holds errors, or the warnings of a return."""

    vat_return: VatReturn | None
    findings: tuple[Finding, ...]


def read_vat_return(content: bytes, filename: str, rates: Rates | None) -> VatReturnResult:
    """Make the return from a figures file (format: module `figures`).

    `rates` are those of the period, for the plausibility warnings; None leaves the warnings about rates out.
    """
    figures = read_figures(content, filename)
    if isinstance(figures, list):
        return VatReturnResult(None, tuple(figures))
    return calculate_vat_return(figures, rates)


def calculate_vat_return(figures: Figures, rates: Rates | None) -> VatReturnResult:
    """Round to whole euros in the taxpayer's favour, compute 5a and 5g, and check given totals and sizes."""
    boxes = tuple(
        Box(
            rubriek.id,
            round_down(_find_cents(figures.turnover, rubriek.id)) if rubriek.turnover else None,
            round_down(_find_cents(figures.vat, rubriek.id)) if rubriek.vat else None,
        )
        for rubriek in RUBRIEKEN
    )
    made = VatReturn(boxes, round_up(_find_cents(figures.vat, INPUT)))
    wrong = (*_check_totals(figures, made), *check_sizes(made))
    if wrong:
        return VatReturnResult(None, tuple(_place_finding(finding, figures) for finding in wrong))
    odd = check_plausibility(made, rates)
    return VatReturnResult(made, tuple(_place_finding(finding, figures) for finding in odd))


def round_down(cents: int) -> int:
    """Return whole euros, never more than the cents: an amount due in the taxpayer's favour (-0.50 is -1)."""
    return cents // _EURO


def round_up(cents: int) -> int:
    """Return whole euros, never less than the cents: input VAT in the taxpayer's favour (-0.50 is 0)."""
    return -(-cents // _EURO)


def check_sizes(made: VatReturn) -> list[Finding]:
    """Check that every amount has no more digits than the taxonomy allows."""
    return [
        error(
            "amount-too-large",
            field,
            f"Het bedrag bij {field} is te groot voor de aangifte.",
        )
        for field, item, amount in made.amounts()
        if len(str(abs(amount))) > digits_allowed(item)
    ]


def _check_totals(figures: Figures, made: VatReturn) -> Iterator[Finding]:
    # Bookkeeping gives either its own sum of cents or the sum in the return; nothing between.
    owed, paid = sum(_find_cents(figures.vat, name) for name in _OWING), _find_cents(figures.vat, INPUT)
    sums = (
        (OWED, owed, made.owed, f"{', '.join(_OWING[:-1])} en {_OWING[-1]} samen"),
        (
            TOTAL,
            owed - paid,
            made.total,
            f"{OWED} ({format_cents(owed)}) min {INPUT} ({format_cents(paid)})",
        ),
    )
    for rubriek, cents, rounded, how in sums:
        given = figures.vat.get(rubriek)
        if given and given.cents not in (cents, rounded * _EURO):
            yield _explain_total(rubriek, given.cents, how, cents, rounded * _EURO)


def _explain_total(rubriek: str, given: int, how: str, cents: int, rounded: int) -> Finding:
    """Say what was given, what the other rubrieken come to and how, and what to do."""
    in_return = f" (in de aangifte, per rubriek afgerond: {format_cents(rounded)})"
    text = (
        f"Rubriek {rubriek} is {format_cents(given)}, maar {how} is {format_cents(cents)}"
        f"{in_return if rounded != cents else ''}."
        f" Verbeter de bedragen, of laat {rubriek} weg: die wordt berekend."
    )
    return error(f"total-{rubriek}", f"{rubriek}.btw", text)


def _place_finding(finding: Finding, figures: Figures) -> Finding:
    """Point a finding about a rubriek to its amount in the file, where it was given."""
    rubriek, _, column = finding.field.partition(".")
    amount = (figures.turnover if column == "omzet" else figures.vat).get(rubriek)
    if amount is None:
        return finding
    return replace(finding, line=amount.line, column=amount.column, where=amount.where)


def _find_cents(amounts: Mapping[str, Amount], rubriek: str) -> int:
    return amounts[rubriek].cents if rubriek in amounts else 0
