"""The fiscal identity of a relation (R20): each number, and their consistency.

Sources: FACTS 4, DOMAIN 3 and 5.1. Findings are returned, nothing is raised, and no text holds a number.
"""

from dataclasses import dataclass, field, replace

from .findings import Finding, error, only_errors, warning
from .legal_form import LegalForm, find_legal_form, suggest_form
from .numbers import (
    check_bsn,
    check_btw_id,
    check_kvk_number,
    check_ob_number,
    check_payroll_number,
    check_rsin,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The identifying numbers of one relation, as stored; None or empty is 'not known' and is not judged.

    `fiscal_unit` says that returns are filed by a fiscal unit (fiscale eenheid), whose number differs from
    the relation's own.
    """

    legal_form: str | None = None
    bsn: str | None = field(default=None, repr=False)
    rsin: str | None = field(default=None, repr=False)
    ob_number: str | None = field(default=None, repr=False)
    btw_id: str | None = field(default=None, repr=False)
    kvk_number: str | None = None
    payroll_number: str | None = field(default=None, repr=False)
    fiscal_unit: bool = False


def check_identity(identity: Identity) -> list[Finding]:
    """Check every number that is given, and the given numbers against legal form and one another."""
    if not identity.legal_form:
        return _check_numbers(identity, None)
    form = find_legal_form(identity.legal_form)
    if form is None:
        unknown = error("legal-form-unknown", "legal_form", _unknown_form(identity.legal_form))
        return [*_check_numbers(identity, None), unknown]
    if form.natural_person and _btw_id_holds_bsn(identity):
        text = "Het btw-id bevat het BSN; sinds 2020 heeft een natuurlijk persoon een ander btw-id."
        identity = replace(identity, btw_id=None)
        return [*check_identity(identity), error("btw-id-holds-bsn", "btw_id", text)]
    found = _check_numbers(identity, form)
    wrong = {finding.field for finding in only_errors(found)}
    found += _check_owner(identity, form)
    found += _check_base(identity, form, wrong)
    found += _check_btw_id_base(identity, form, wrong)
    return found


def _unknown_form(written: str) -> str:
    near = suggest_form(written)
    meant = f"bedoelt u '{near}'?" if near else f"bekend zijn: {', '.join(LegalForm)}."
    return f"Deze rechtsvorm is niet bekend; {meant}"


def _check_numbers(identity: Identity, form: LegalForm | None) -> list[Finding]:
    found: list[Finding] = []
    natural = None if form is None or form is LegalForm.BUITENLANDS else form.natural_person
    if identity.bsn:
        found += check_bsn(identity.bsn)
    if identity.rsin:
        found += check_rsin(identity.rsin)
    if identity.ob_number:
        found += check_ob_number(identity.ob_number)
    if identity.btw_id:
        found += check_btw_id(identity.btw_id, natural)
    if identity.kvk_number:
        found += check_kvk_number(identity.kvk_number)
    if identity.payroll_number:
        found += check_payroll_number(identity.payroll_number)
    return found


def _check_owner(identity: Identity, form: LegalForm) -> list[Finding]:
    if form.natural_person and identity.rsin:
        text = f"Een {form.label} heeft geen RSIN maar een BSN."
        return [error("rsin-of-natural-person", "rsin", text)]
    if not form.natural_person and identity.bsn:
        text = f"Een {form.label} heeft geen BSN maar een RSIN."
        return [error("bsn-of-legal-person", "bsn", text)]
    return []


def _check_base(identity: Identity, form: LegalForm, wrong: set[str]) -> list[Finding]:
    """Check that OB and payroll number are built on the relation's own BSN or RSIN."""
    number, name = ("bsn", "BSN") if form.natural_person else ("rsin", "RSIN")
    own = identity.bsn if form.natural_person else identity.rsin
    if not own or number in wrong:
        return []
    found = []
    ob_differs = identity.ob_number and "ob_number" not in wrong and identity.ob_number[:9] != own
    # A fiscal unit files under a number of its own (FACTS 4); nobody else does, so it must be known as one.
    if ob_differs and not identity.fiscal_unit:
        text = f"De eerste negen cijfers van het OB-nummer zijn niet het {name} van deze relatie."
        found.append(error("ob-number-base", "ob_number", text))
    payroll_differs = (
        identity.payroll_number and "payroll_number" not in wrong and identity.payroll_number[:9] != own
    )
    if payroll_differs:
        text = f"De eerste negen cijfers van het loonheffingennummer zijn niet het {name} van deze relatie."
        found.append(warning("payroll-number-base", "payroll_number", text))
    return found


def _btw_id_holds_bsn(identity: Identity) -> bool:
    # An OB number tells the BSN only where none is given, and only when it can be one itself.
    number = identity.ob_number or ""
    told = "" if identity.bsn or only_errors(check_ob_number(number)) else number[:9]
    nine = (identity.btw_id or "")[2:11]
    return len(nine) == 9 and nine in (identity.bsn, told)


def _check_btw_id_base(identity: Identity, form: LegalForm, wrong: set[str]) -> list[Finding]:
    # Members of a fiscal unit keep a btw-id of their own; of foreign forms the family is not known.
    judged = not (form.natural_person or identity.fiscal_unit or form is LegalForm.BUITENLANDS)
    if not judged or not identity.ob_number or not identity.btw_id or wrong & {"ob_number", "btw_id"}:
        return []
    if identity.btw_id == f"NL{identity.ob_number}":
        return []
    return [error("btw-id-base", "btw_id", "Het btw-id moet bestaan uit NL, gevolgd door het OB-nummer.")]
