"""Which relations a bulk run is for: the one place where what people choose becomes numbers of relations."""

import re

from sqlalchemy import Connection

from ...filing.outcome import Refusal
from ...office.filings.filing import list_filings
from ...office.plans import latest_plan
from ...office.relations.changes import list_changed
from ...plan import Model
from ..desk import Desk
from ..overviews.insights import pick_relations
from ..unknown import refuse_template

NOTHING = Refusal(
    code="nothing_selected",
    text="Kies eerst voor welke relaties: zonder keuze gebeurt er niets, en niet alles.",
)
_BETWEEN = re.compile(r"[\s,;]+")


class Chosen(Model):
    """What somebody chose: numbers of relations as typed, or a filter of insights (docs/filters.md).

    Or the relations of which a bulk `run` changed something, or all that have a filing of a `template` that
    runs.
    """

    numbers: str = ""
    filter: str = ""
    run: int = 0
    template: str = ""


def select_relations(desk: Desk, chosen: Chosen) -> tuple[str, ...] | Refusal:
    """Return the numbers of the relations that a choice means. Nothing chosen is refused, never everybody.

    Of a `run` there may be none: whether it can be undone at all is told where that is asked
    (`edits/undoing.py`). Raises DatabaseError.
    """
    numbers = tuple(dict.fromkeys(one for one in _BETWEEN.split(chosen.numbers) if one))
    filter = chosen.filter.strip()
    if chosen.template and (numbers or filter):
        return Refusal(code="two_selections", text="Kies alle opdrachten of bepaalde relaties, niet beide.")
    if numbers and filter:
        text = "Kies relaties op nummer of met een filter, niet beide."
        return Refusal(code="two_selections", text=text)
    if chosen.run:
        return desk.read(lambda connection: list_changed(connection, chosen.run))
    if chosen.template:
        return desk.read(lambda connection: _list_running(connection, chosen.template))
    if filter:
        numbers_found = pick_relations(desk, filter)
        none = Refusal(code="nobody", text="Het filter vindt geen enkele relatie.")
        return numbers_found or none
    return numbers or NOTHING


def _list_running(connection: Connection, template: str) -> tuple[str, ...] | Refusal:
    """Return the relations that have a filing of a template that runs."""
    if latest_plan(connection, template) is None:
        return refuse_template(connection, template)
    running = list_filings(connection, template=template, status="loopt")
    none = Refusal(code="nobody", text="Er lopen geen opdrachten van dit werkproces.")
    return tuple(dict.fromkeys(one.relation for one in running)) or none
