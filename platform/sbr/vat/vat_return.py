"""The VAT return as data: whole euros by rubriek, with totals that cannot disagree with their parts."""

from collections.abc import Iterator
from dataclasses import dataclass

from .rubrieken import BY_ID, INPUT, OWED, TOTAL, TOTALS


@dataclass(frozen=True, slots=True)
class Box:
    """One rubriek of sections 1 to 4 in whole euros; None where the rubriek has no such column."""

    rubriek: str
    turnover: int | None
    vat: int | None


@dataclass(frozen=True, slots=True)
class VatReturn:
    """A VAT return in whole euros: the boxes 1a to 4b in the form's order, and 5b as entered."""

    boxes: tuple[Box, ...]
    input_vat: int

    @property
    def owed(self) -> int:
        """Return 5a: the sum of the rounded VAT of 1a to 4b."""
        return sum(box.vat or 0 for box in self.boxes)

    @property
    def total(self) -> int:
        """Return 5g: to pay when positive, to get back when negative."""
        return self.owed - self.input_vat

    @property
    def is_nil(self) -> bool:
        """Say whether every amount is zero (nihilaangifte)."""
        return not any(amount for _, _, amount in self.amounts())

    def box(self, rubriek: str) -> Box:
        """Return one of the boxes 1a to 4b; raises StopIteration for another name."""
        return next(box for box in self.boxes if box.rubriek == rubriek)

    def amounts(self) -> Iterator[tuple[str, str, int]]:
        """Yield field ('1a.omzet'), XBRL item and whole euros of all 21 amounts, in the form's order."""
        for box in self.boxes:
            names = BY_ID[box.rubriek]
            if names.turnover and box.turnover is not None:
                yield f"{box.rubriek}.omzet", names.turnover, box.turnover
            if names.vat and box.vat is not None:
                yield f"{box.rubriek}.btw", names.vat, box.vat
        for rubriek, amount in ((OWED, self.owed), (INPUT, self.input_vat), (TOTAL, self.total)):
            yield f"{rubriek}.btw", TOTALS[rubriek], amount
