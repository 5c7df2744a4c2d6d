"""The XBRL instance of a VAT return: made from a return, read back from bytes (FACTS 2.2 to 2.4)."""

from collections.abc import Iterator

from ..findings import Finding, ReportError, error
from ..header import InstanceHeader
from ..instance import Instance, InstanceForm, read_instance, write_instance
from ..numbers import check_ob_number
from ..tables import EntryPoint
from .calculation import VatReturnResult, check_sizes
from .rubrieken import AMOUNT_ITEMS, INPUT, OWED, RUBRIEKEN, TOTAL, TOTALS, digits_allowed
from .vat_return import Box, VatReturn

# Without http:// before it: so the taxonomy writes it (FACTS 2.2).
OB_SCHEME = "www.belastingdienst.nl/omzetbelastingnummer"
REFERENCE_ITEM = "MessageReferenceSupplierVAT"
FORM = InstanceForm(
    scheme=OB_SCHEME,
    amounts={item: digits_allowed(item) for item in AMOUNT_ITEMS},
    reference_item=REFERENCE_ITEM,
    former={"SmallEntrepreneurProvisionReduction": 2021},
)
"""All that a VAT return may hold (FACTS 2.3); rubriek 5d is gone since, and is zero where it still stands."""


def make_vat_instance(vat_return: VatReturn, header: InstanceHeader, entry_point: EntryPoint) -> bytes:
    """Return the bytes of the instance; the same input gives the same bytes.

    All 21 amounts are written, zeros too: which are mandatory is not published, the official sample return
    has them all, and a zero that is written cannot be a rubriek that was forgotten. Raises ReportError.
    """
    wrong = [*check_ob_number(header.identifier), *check_sizes(vat_return)]
    if wrong:
        raise ReportError(*wrong)
    amounts = ((item, amount) for _, item, amount in vat_return.amounts())
    return write_instance(header, OB_SCHEME, amounts, entry_point)


def read_vat_instance(content: bytes) -> Instance:
    """Read a VAT return; raises ReportError with what the filing rules and the form refuse."""
    return read_instance(content, FORM)


def find_total(instance: Instance) -> int:
    """Return 5g in whole euros: to pay when positive, to get back when negative."""
    return instance.amounts.get(TOTALS[TOTAL], 0)


def extract_vat_return(instance: Instance) -> VatReturnResult:
    """Return the VAT return that an instance holds, or errors when its totals do not follow from its parts.

    No taxonomy formula checks 5a and 5g, so this is the check (FACTS 2.3).
    """
    boxes = tuple(
        Box(
            rubriek.id,
            instance.amounts.get(rubriek.turnover, 0) if rubriek.turnover else None,
            instance.amounts.get(rubriek.vat, 0) if rubriek.vat else None,
        )
        for rubriek in RUBRIEKEN
    )
    made = VatReturn(boxes, instance.amounts.get(TOTALS[INPUT], 0))
    wrong = [*_check_totals(instance, made), *check_sizes(made)]
    for name, amount in instance.amounts.items():
        if amount and name not in AMOUNT_ITEMS:  # of an older form
            wrong.append(error("amount-unknown", name, f"Het bericht bevat een onbekend bedrag ({name})."))
    return VatReturnResult(None if wrong else made, tuple(wrong))


def _check_totals(instance: Instance, made: VatReturn) -> Iterator[Finding]:
    for rubriek, right in ((OWED, made.owed), (TOTAL, made.total)):
        given = instance.amounts.get(TOTALS[rubriek])
        if given != right:
            missing = "ontbreekt" if given is None else "komt niet overeen met de andere rubrieken"
            yield error(f"total-{rubriek}", f"{rubriek}.btw", f"Rubriek {rubriek} {missing}.")
