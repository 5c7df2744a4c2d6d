"""Frequencies: the products of a template can be agreed for its period."""

from collections.abc import Iterator

from ...suggest import join_names
from ..definitions import Definitions
from ..diagnostics import Code, Diagnostic, of_each_template
from ..examples import Example

FREQUENCY = Code(
    "K212",
    "period is not a frequency of the product",
    "A template with a fixed period starts only for relations that take its product in that frequency, but "
    "the product does not list it in `frequencies`.",
    wrong=Example(
        "period: month\n",
        others=(("products/aangifte-btw.yaml", "title: Aangifte btw\nfrequencies: [quarter]\n"),),
    ),
    right=Example("period: month\n"),
    remedy="take one of these as 'period', write 'by_product', or add the frequency to the product",
)


@of_each_template
def check(definitions: Definitions) -> Iterator[Diagnostic]:
    """Report templates with a fixed period that is not a frequency of one of their products."""
    for _, template in definitions.templates():
        if template.period == "by_product" or not template.intact("period"):
            continue
        for name in template.products:
            file = definitions.products.get(name)
            if not file or not file.model or not file.model.intact("frequencies"):
                continue
            if template.period not in file.model.frequencies:
                offered = join_names(file.model.frequencies, "and")
                message = f"product '{name}' has no frequency '{template.period}', only {offered}"
                yield FREQUENCY.at(template.place("period"), message)
