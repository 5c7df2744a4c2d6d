"""The rubrieken of the VAT return: their words for people, their columns and their XBRL items (FACTS 2.3)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rubriek:
    """A box of sections 1 to 4 and its XBRL items: `turnover`, `vat`; None where it has no such column."""

    id: str
    title: str
    turnover: str | None
    vat: str | None


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the form with its boxes."""

    number: int
    title: str
    rubrieken: tuple[Rubriek, ...]


SECTIONS = (
    Section(
        1,
        "Prestaties binnenland",
        (
            Rubriek(
                "1a",
                "Leveringen/diensten belast met hoog tarief",
                "TaxedTurnoverSuppliesServicesGeneralTariff",
                "ValueAddedTaxSuppliesServicesGeneralTariff",
            ),
            Rubriek(
                "1b",
                "Leveringen/diensten belast met laag tarief",
                "TaxedTurnoverSuppliesServicesReducedTariff",
                "ValueAddedTaxSuppliesServicesReducedTariff",
            ),
            Rubriek(
                "1c",
                "Leveringen/diensten belast met overige tarieven, behalve 0%",
                "TaxedTurnoverSuppliesServicesOtherRates",
                "ValueAddedTaxSuppliesServicesOtherRates",
            ),
            Rubriek("1d", "Privégebruik", "TaxedTurnoverPrivateUse", "ValueAddedTaxPrivateUse"),
            Rubriek(
                "1e",
                "Leveringen/diensten belast met 0% of niet bij u belast",
                "SuppliesServicesNotTaxed",
                None,
            ),
        ),
    ),
    Section(
        2,
        "Verleggingsregelingen binnenland",
        (
            Rubriek(
                "2a",
                "Leveringen/diensten waarbij de omzetbelasting naar u is verlegd",
                "TurnoverSuppliesServicesByWhichVATTaxationIsTransferred",
                "ValueAddedTaxSuppliesServicesByWhichVATTaxationIsTransferred",
            ),
        ),
    ),
    Section(
        3,
        "Prestaties naar of in het buitenland",
        (
            Rubriek(
                "3a", "Leveringen naar landen buiten de EU (uitvoer)", "SuppliesToCountriesOutsideTheEC", None
            ),
            Rubriek(
                "3b",
                "Leveringen naar of diensten in landen binnen de EU",
                "SuppliesToCountriesWithinTheEC",
                None,
            ),
            Rubriek(
                "3c",
                "Installatie/afstandsverkopen binnen de EU",
                "InstallationDistanceSalesWithinTheEC",
                None,
            ),
        ),
    ),
    Section(
        4,
        "Prestaties vanuit het buitenland aan u verricht",
        (
            Rubriek(
                "4a",
                "Leveringen/diensten uit landen buiten de EU",
                "TurnoverFromTaxedSuppliesFromCountriesOutsideTheEC",
                "ValueAddedTaxOnSuppliesFromCountriesOutsideTheEC",
            ),
            Rubriek(
                "4b",
                "Leveringen/diensten uit landen binnen de EU",
                "TurnoverFromTaxedSuppliesFromCountriesWithinTheEC",
                "ValueAddedTaxOnSuppliesFromCountriesWithinTheEC",
            ),
        ),
    ),
)

RUBRIEKEN = tuple(rubriek for section in SECTIONS for rubriek in section.rubrieken)
BY_ID = {rubriek.id: rubriek for rubriek in RUBRIEKEN}

# Section 5. 5a and 5g are computed, 5b is entered; 5c to 5f are no longer part of the message.
OWED, INPUT, TOTAL = "5a", "5b", "5g"
TOTALS = {
    OWED: "ValueAddedTaxOwed",
    INPUT: "ValueAddedTaxOnInput",
    TOTAL: "ValueAddedTaxOwedToBePaidBack",
}
TOTAL_TITLES = {
    OWED: "Verschuldigde omzetbelasting (rubrieken 1 tot en met 4)",
    INPUT: "Voorbelasting",
    TOTAL: "Totaal",
}
FIGURE_TITLES = {
    OWED: "Verschuldigde btw",
    INPUT: "Voorbelasting",
    TOTAL: "Te betalen (min: terug te krijgen)",
}
"""How 5a, 5b and 5g are called where returns stand side by side."""

# Digits that the taxonomy allows: ten for turnover, 5a and 5b, nine for a box's VAT and 5g (FACTS 2.2).
_NINE_DIGITS = {rubriek.vat for rubriek in RUBRIEKEN if rubriek.vat} | {TOTALS[TOTAL]}
AMOUNT_ITEMS = tuple(
    item for rubriek in RUBRIEKEN for item in (rubriek.turnover, rubriek.vat) if item
) + tuple(TOTALS.values())


def digits_allowed(item: str) -> int:
    """Return how many digits the amount of an item may have."""
    return 9 if item in _NINE_DIGITS else 10
