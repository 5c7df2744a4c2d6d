"""Frequencies: a template's period is one in which its products can be agreed."""

from collections.abc import Iterator

from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic
from ..examples import Example
from ..suggest import listed

FREQUENCY = Code(
    "K212",
    "product without this period",
    "A template with a fixed period starts only for relations that have its product in that frequency, "
    "and the product cannot be agreed so.",
    wrong=Example(
        "period: month\n",
        others=(("products/aangifte-btw.yaml", "title: Aangifte btw\nfrequencies: [quarter]\n"),),
    ),
    right=Example("period: month\n"),
)


def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report templates whose fixed period a product of theirs does not have."""
    for _, template in definitions.templates():
        if template.period == "by_product" or not template.intact("period"):
            continue
        for name in template.products:
            file = definitions.products.get(name)
            if not file or not file.model or not file.model.intact("frequencies"):
                continue
            if template.period not in file.model.frequencies:
                have = listed(file.model.frequencies, "and")
                message = f"the product '{name}' has no period '{template.period}', it has {have}"
                yield FREQUENCY.at(template.place("period"), message)
