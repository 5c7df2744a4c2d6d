"""The rules of fiscal identity, as the office's import asks for them (R20)."""

from ...identifiers import normalize_number
from ...office.exchange import IdentityGiven, IdentityRemark, IdentityVerdict
from ...sbr.findings import Finding
from ...sbr.identity import Identity, check_identity
from ...sbr.legal_form import LegalForm, find_legal_form

_FIELDS = {"kvk_number": "kvk"}
"""Fields that the office calls otherwise."""


def check_relation_identity(given: IdentityGiven) -> IdentityVerdict:
    """Judge a relation's identity and give it back in canonical writing. Texts are Dutch, without numbers."""
    form = find_legal_form(given.legal_form) if given.legal_form else None
    clean = IdentityGiven(
        legal_form=str(form) if form else given.legal_form,
        ob_number=_clean(given.ob_number),
        rsin=_clean(given.rsin),
        bsn=_clean(given.bsn),
        btw_id=_clean(given.btw_id),
        kvk=_clean(given.kvk),
        fiscal_unit=given.fiscal_unit,
    )
    found = check_identity(
        Identity(
            legal_form=clean.legal_form,
            bsn=clean.bsn,
            rsin=clean.rsin,
            ob_number=clean.ob_number,
            btw_id=clean.btw_id,
            kvk_number=clean.kvk,
            fiscal_unit=clean.fiscal_unit,
        )
    )
    return IdentityVerdict(
        identity=clean,
        natural_person=None if form in (None, LegalForm.BUITENLANDS) else form.natural_person,
        errors=tuple(_remark(finding) for finding in found if finding.severity == "error"),
        warnings=tuple(_remark(finding) for finding in found if finding.severity == "warning"),
    )


def _clean(number: str | None) -> str | None:
    return normalize_number(number) if number else None


def _remark(finding: Finding) -> IdentityRemark:
    return IdentityRemark(field=_FIELDS.get(finding.field, finding.field), text=finding.text)
