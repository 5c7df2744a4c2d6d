"""The form of a new bulk run, read: which action, and of all that can be typed what that action takes."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar, get_args

from ...service.bulk.asking import EDITS, Action, Asked
from ...service.filings.move_verdicts import MoveWish
from ...service.overviews.insights import FilterRefusal
from ...service.results import Refusal
from ...typed import TypedError, read_day, read_period

T = TypeVar("T")

FIELDS = (
    *("actie", "werkproces", "periode", "startdatum", "herhalen", "zonder", "toch", "tot", "van", "aan"),
    "zodra",
    *("gegeven", "waarde", "rol", "medewerker", "procesteam", "product", "frequentie", "subnummer"),
    *("laatste", "reden", "filter", "relaties"),
)
_EDITS: Mapping[str, Mapping[str, str]] = {
    "set": {"field": "gegeven", "value": "waarde"},
    "role": {"role": "rol", "to": "medewerker"},
    "team": {"process_team": "procesteam"},
    "add": {"product": "product", "frequency": "frequentie", "sub_number": "subnummer"},
    "end": {"product": "product"},
}
"""By edit the values that it takes, and the fields that they are typed in."""


def read_asked(given: Mapping[str, str]) -> tuple[Asked | None, list[Refusal]]:
    """Return what a form asks for, with what of it cannot be read; nothing where it names no action."""
    wrong: list[Refusal] = []

    def read(field: str, reader: Callable[[str], T]) -> T | None:
        try:
            return reader(given[field]) if given[field] else None
        except TypedError as error:
            wrong.append(Refusal(code="not_read", text=error.sentence, field=field))
        return None

    found = read("periode", read_period)
    days = {field: read(field, read_day) for field in ("startdatum", "tot", "laatste")}
    period = found.code if found else ""
    action = next((one for one in get_args(Action) if one == given["actie"] and one != "undo"), None)
    if action is None:
        return None, [Refusal(code="no_action", text="Kies wat er moet gebeuren.", field="actie"), *wrong]
    if action in EDITS:
        return _read_edit(action, given, period, days["laatste"]), wrong
    starts, gives = action == "start", action == "reassign"
    asked = Asked(
        action=action,
        template=given["werkproces"],
        period="" if action == "move" else period,
        start_date=days["startdatum"] if action in ("start", "set_start") else None,
        recurring=starts and given["herhalen"] == "ja",
        without_automations=starts and given["zonder"] == "ja",
        anyway=given["toch"] == "ja",
        until=days["tot"] if action == "hold" else None,
        person=given["van"] if gives else "",
        to=given["aan"] if gives else "",
        reason=given["reden"] if action in ("hold", "reassign", "move") else "",
        how=MoveWish() if action == "move" else None,
        when_safe=action == "move" and given["zodra"] == "ja",
    )
    return asked, wrong


def name_fields(asked: Asked | None, given: Mapping[str, str], refusal: Refusal | None) -> list[Refusal]:
    """Return all that was refused of what was asked, each with the field of the form that it is about."""
    return [_name_field(asked, given, one) for one in refusal.all] if refusal else []


def _name_field(asked: Asked | None, given: Mapping[str, str], refusal: Refusal) -> Refusal:
    field, action = _OF_CODE.get(refusal.code), asked.action if asked else None
    if isinstance(refusal, FilterRefusal):
        field = "filter"
    elif refusal.field == "start_date":
        field = "startdatum"
    elif refusal.code == "no_day":
        field = "laatste" if action in EDITS else "startdatum"
    elif refusal.code == "not_read":
        field = "periode" if action == "add" else "waarde"
    elif refusal.code == "nobody" and given["filter"].strip():
        field = "filter"
    return Refusal(code=refusal.code, text=refusal.text, field=field)


_OF_CODE = {
    "no_template": "werkproces",
    "unknown_template": "werkproces",
    "no_plan": "werkproces",
    "no_period": "periode",
    "no_date": "startdatum",
    "holds_up": "startdatum",
    "by_hand": "herhalen",
    "no_next_period": "herhalen",
    "reason_missing": "reden",
    "nobody_from": "van",
    "nobody_to": "aan",
    "no_member": "medewerker",
    "no_frequency": "frequentie",
    "no_product": "product",
    "no_field": "gegeven",
    "no_value": "waarde",
    "no_role": "rol",
    "no_process_team": "procesteam",
    "nobody": "relaties",
    "nothing_selected": "relaties",
    "unusual": "periode",
    "far_day": "tot",
    "two_selections": "filter",
}
"""By the code of a refusal the field of the form that it is about."""


def _read_edit(action: Action, given: Mapping[str, str], period: str, last: date | None) -> Asked:
    values: dict[str, Any] = {name: given[field].strip() for name, field in _EDITS[action].items()}
    if action == "add":
        values["period"] = period
    if action == "end":
        values["until"] = last
    return Asked(action=action, **values)
