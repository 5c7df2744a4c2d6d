"""The form of a new bulk run, read: which action, and of all that can be typed what that action takes."""

from collections.abc import Mapping
from datetime import date
from typing import Any, get_args

from ...service.bulk.asking import EDITS, Action, Asked
from ...service.filings.move_verdicts import MoveWish
from ...service.overviews.insights import FilterRefusal
from ...service.results import Refusal
from ...typed import TypedError, read_day, read_period

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


def read_asked(given: Mapping[str, str]) -> Asked | Refusal:
    """Return what a form asks for, or what of it cannot be read."""
    action = next((one for one in get_args(Action) if one == given["actie"] and one != "undo"), None)
    if action is None:
        return Refusal(code="no_action", text="Kies wat er moet gebeuren.", field="actie")
    field, days = "periode", dict[str, date | None]()
    try:
        period = read_period(given["periode"]).code if given["periode"] else ""
        for field in ("startdatum", "tot", "laatste"):
            days[field] = _read_day(given[field])
    except TypedError as error:
        return Refusal(code="not_read", text=f"{str(error)[:1].upper()}{str(error)[1:]}.", field=field)
    if action in EDITS:
        return _read_edit(action, given, period, days["laatste"])
    starts, gives = action == "start", action == "reassign"
    return Asked(
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


def name_field(asked: Asked, given: Mapping[str, str], refusal: Refusal) -> Refusal:
    """Return a refusal of what was asked with the field of the form that it is about, if any."""
    field = _OF_CODE.get(refusal.code)
    if isinstance(refusal, FilterRefusal):
        field = "filter"
    elif refusal.field == "start_date":
        field = "startdatum"
    elif refusal.code == "no_day":
        field = "laatste" if asked.action in EDITS else "startdatum"
    elif refusal.code == "not_read":
        field = "periode" if asked.action == "add" else "waarde"
    elif refusal.code == "nobody_to":
        field = "aan" if asked.person else "van"
    elif refusal.code == "nobody" and given["filter"].strip():
        field = "filter"
    return Refusal(code=refusal.code, text=refusal.text, field=field)


_OF_CODE = {
    "no_template": "werkproces",
    "unknown_template": "werkproces",
    "no_plan": "werkproces",
    "reason_missing": "reden",
    "nobody_to": "aan",
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


def _read_day(typed: str) -> date | None:
    return read_day(typed) if typed else None
