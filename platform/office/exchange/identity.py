"""What an import asks about the fiscal identity of a relation; the rules themselves are not the office's."""

from collections.abc import Callable

from ...plan import Model


class IdentityGiven(Model):
    """The identity of a relation as it was given; None is not known. `fiscal_unit`: it files in one."""

    legal_form: str | None = None
    ob_number: str | None = None
    rsin: str | None = None
    bsn: str | None = None
    btw_id: str | None = None
    kvk: str | None = None
    fiscal_unit: bool = False


class IdentityRemark(Model):
    """What is wrong (or doubtful) with one field, by IdentityGiven's names; Dutch, without the number."""

    field: str
    text: str


class IdentityVerdict(Model):
    """The judgement: the identity in canonical writing, whether it is a natural person, and remarks.

    `natural_person` is None where the legal form does not tell. Errors stop an import, warnings are told.
    """

    identity: IdentityGiven
    natural_person: bool | None = None
    errors: tuple[IdentityRemark, ...] = ()
    warnings: tuple[IdentityRemark, ...] = ()


IdentityChecker = Callable[[IdentityGiven], IdentityVerdict]
"""The service gives one that knows the rules of numbers and legal forms (R20)."""
IDENTITY_FIELDS = tuple(name for name in IdentityGiven.model_fields if name != "fiscal_unit")
