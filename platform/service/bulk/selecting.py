"""Which relations a bulk run is for: the one place where what people choose becomes numbers of relations."""

import re

from ...filing.outcome import Refusal
from ...period import PeriodKind
from ...plan import Model
from ..candidates import Selection
from ..desk import Desk

NOTHING = Refusal(
    code="nothing_selected",
    text="Kies eerst voor welke relaties: zonder keuze gebeurt er niets, en niet alles.",
)
_BETWEEN = re.compile(r"[\s,;]+")


class Chosen(Model):
    """What somebody chose: numbers of relations as typed, or a product and how often it is taken."""

    numbers: str = ""
    product: str = ""
    frequency: PeriodKind | None = None


def select_relations(desk: Desk, chosen: Chosen) -> Selection | Refusal:
    """Return whom a choice means; nothing chosen is refused, and never everybody.

    A filter of relation insights is to be plugged in here: it becomes a `Selection` of numbers.
    """
    del desk
    numbers = tuple(dict.fromkeys(one for one in _BETWEEN.split(chosen.numbers) if one))
    if numbers and chosen.product:
        text = "Kies relaties op nummer of op product, niet beide."
        return Refusal(code="two_selections", text=text)
    if numbers:
        return Selection(relations=numbers)
    if chosen.product:
        return Selection(product=chosen.product, frequency=chosen.frequency)
    return NOTHING
