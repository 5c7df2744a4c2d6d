"""Needs: what a template asks of relations is a must or advice, not both."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, Related, of_each_template
from ..examples import Example

BOTH = Code(
    "K223",
    "needed and advised",
    "What a template `needs` stops a start where it is missing; what it `advises` is told and stops "
    "nothing. The same thing cannot be both.",
    wrong=Example("needs: [ideal]\nadvises: [ideal, dossier]\n"),
    right=Example("needs: [ideal]\nadvises: [dossier]\n"),
    remedy="remove it from 'advises'",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report what a template both needs and advises."""
    for _, template in definitions.templates():
        for place, one in enumerate(template.advises):
            if one in template.needs:
                related = [Related("needed here", template.place("needs", template.needs.index(one)))]
                message = f"'{one}' is needed already, so it cannot be advice"
                yield BOTH.at(template.place("advises", place), message, related=related)
