"""Corrections: each says in exactly one way how a closed filing is put right."""

from collections.abc import Iterator

from ...suggest import join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example

_WHEN = "correction:\n  - when: De laatste dag is nog niet voorbij\n"

ONE_WAY = Code(
    "K361",
    "correction needs exactly one way",
    "An item of `correction` says when a closed filing is put right in one way: by the same work again "
    "(`resend`), by a filing of another `template`, by a `note` to the next filing of a template, or by a "
    "`procedure` in words. Other cases are items of their own.",
    wrong=Example(_WHEN + "    resend: true\n    procedure: Bel de Belastingdienst\n"),
    right=Example(_WHEN + "    resend: true\n"),
)
WAYS = ("resend", "template", "note", "procedure")


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report corrections without a way, and those with several."""
    for _, template in definitions.templates():
        for one in template.correction:
            if not one.sound:
                continue
            found = [key for key in WAYS if getattr(one, key)]
            if not found:
                help = f"add {join_names(WAYS, 'or')}"
                yield ONE_WAY.at(one.place(), "this correction does not say how", help=help)
            elif len(found) > 1:
                message = f"expected one way to correct, found {join_names(found, 'and')}"
                yield ONE_WAY.at(one.key_place(found[1]), message, help="make each an item of its own")
