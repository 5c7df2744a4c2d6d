"""Giving a field of many relations one value: the switches, the group, and the office's own fields.

Names, numbers and the legal form are of one relation. A status is given on its page: what that stops, and who
acts then, is looked at one by one.
"""

from collections.abc import Collection, Mapping

from ....filing.outcome import Refusal
from ....office.exchange import Edit, Entry, find_unreadable
from ....plan import Office
from ...relations.editing.sheets import LABELS
from ..asking import Asked
from .drafting import Draft, Place, find_named

SWITCHES = ("sbr_enabled", "ideal_enabled")
FILE = "relations.csv"


def name_fields(office: Office) -> dict[str, str]:
    """Return what can be set in bulk, by id what it is called."""
    return {name: LABELS[name] for name in (*SWITCHES, "group")} | {
        one.id: one.title for one in office.fields
    }


class Fields:
    """Setting one field."""

    def complete(self, place: Place, asked: Asked) -> Asked | Refusal:
        """Return what is asked with the field's title; refuse another field, and a value it cannot have."""
        titles = name_fields(place.office)
        field = find_named(titles, asked.field)
        if field is None:
            return Refusal(code="no_field", text=f"Kies een gegeven: {', '.join(titles.values())}.")
        asked, title = asked.model_copy(update={"field": field}), titles[field]
        if field in SWITCHES and not asked.value.strip():
            return Refusal(code="no_value", text=f"{title}: vul ja of nee in.")
        mistakes = find_unreadable(_enter("0", asked, title), place.office)
        if mistakes:
            return Refusal(code="not_read", text=f"{title}: {mistakes[0].text}")
        return asked.model_copy(update={"title": title, "value": asked.value.strip()})

    def draft(self, place: Place, asked: Asked, numbers: Collection[str]) -> Mapping[str, Draft]:
        """Return the edit of each relation."""
        return {number: Draft(Edit(number, [_enter(number, asked, asked.title)])) for number in numbers}


def _enter(number: str, asked: Asked, title: str) -> Entry:
    return Entry(FILE, {"number": number, asked.field: asked.value}, {**LABELS, asked.field: title})
