"""Paying: a template that asks for payment needs an account of the tax authority."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example
from ..language.law import AccountRow
from ..language.workflow import Workflow
from ..walks import sbr_of
from .references import lacked_file

_ACCOUNT = (
    "title: Rekening\nsource: belastingdienst.nl\nrows:\n"
    "  - { from: 2026-05-01, iban: NL04RABO0200112244, name: Belastingdienst, bic: RABONL2U }\n"
)

NO_ACCOUNT = Code(
    "K216",
    "missing tax account",
    "With `pay: now` the client is told the account of the tax authority. A statutory table defines it with "
    "the date from which it is valid: law/belastingdienst-rekening.yaml. No table here defines accounts.",
    wrong=Example("sbr: { message: ter-accordering, pay: now }\n"),
    right=Example(
        "sbr: { message: ter-accordering, pay: now }\n",
        others=(("law/belastingdienst-rekening.yaml", _ACCOUNT),),
    ),
    remedy="add the table with the accounts of the authority, such as law/belastingdienst-rekening.yaml",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report templates with `pay: now` when no account is defined."""
    tables = definitions.law.values()
    if any(f.model is None or any(isinstance(r, AccountRow) for r in f.model.rows) for f in tables):
        return
    for _, template in definitions.templates():
        yield from _check_payments(template, lacked_file(definitions, "law", "belastingdienst-rekening"))


def _check_payments(template: Workflow, lacks: str) -> Iterator[Diagnostic]:
    default = sbr_of(template)
    for phase in template.phases:
        for block in (phase.offer, phase.deliver):
            if block and (block.pay or default.pay) == "now":
                place = block.place("pay") if block.pay else default.place("pay")
                message = "no account to pay to: no table in 'law' defines accounts"
                yield NO_ACCOUNT.at(place, message, lacks=lacks)
