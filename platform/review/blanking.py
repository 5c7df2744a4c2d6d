"""A plan without its texts: two plans that are the same then differ in wording alone."""

from functools import cache
from typing import Any

from ..data import Struct, canonical, replace
from ..plan import OfficeText, Plan, Text
from ..plan_parts import get_types, list_structs
from .rules.naming import OF_TEXT
from .rules.table import RULES


@cache
def list_texts(kind: type[Struct]) -> tuple[str, ...]:
    """Return the fields of a struct that hold a text: wording by the table of rules, and a string."""
    types = get_types(kind)
    rules = [rule for rule in RULES if rule.owner is kind]
    fields = [one.field for one in rules if one.cls == "wording" or (kind, one.field) in OF_TEXT]
    return tuple(name for name in fields if types[name] in (str, str | None))


def blank(plan: Plan) -> Plan:
    """Return a plan in which every title is the id of what it names, and every other text is empty.

    In which languages a message is written is wording too. The name of the office stays where a condition
    asks for it: there it decides something.
    """
    blanked: Plan = _blank(plan)
    if b'["office","name"]' in canonical(plan):
        kept = OfficeText(name=plan.office.name, phone="", email="")
        return replace(blanked, office=kept)
    return blanked


def _blank(part: Any) -> Any:
    if isinstance(part, tuple):
        return tuple(_blank(item) for item in part)
    if not isinstance(part, Struct):
        return part
    empty, inside = _list_blanked(type(part))
    changes = empty | {name: _blank(getattr(part, name)) for name in inside}
    if empty.get("title") == "":
        changes["title"] = getattr(part, "id", "")
    return replace(part, **changes) if changes else part


@cache
def _list_blanked(kind: type[Struct]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what each text of a struct becomes, and the fields that have texts inside."""
    texts, types = list_texts(kind), get_types(kind)
    empty: dict[str, Any] = {name: "" if types[name] is str else None for name in texts}
    if "texts" in types:
        empty["texts"] = {"nl": Text(subject="", body="")}
    wordy = [name for name, hint in types.items() if any(map(_has_texts, list_structs(hint)))]
    return empty, tuple(name for name in wordy if name not in empty)


def _has_texts(kind: type[Struct]) -> bool:
    return bool(list_texts(kind)) or "texts" in get_types(kind)


def dress(part: Any, other: Any) -> Any:
    """Return a plan with the texts of another where that has the same item, so that both say things alike."""
    if isinstance(part, tuple) and isinstance(other, tuple):
        known = {getattr(one, "id", None): one for one in other}
        return tuple(dress(one, known.get(getattr(one, "id", None))) for one in part)
    if not isinstance(part, Struct) or type(part) is not type(other):
        return part
    texts = (*list_texts(type(part)), *(("texts",) if hasattr(part, "texts") else ()))
    changes = {
        name: getattr(other, name) if name in texts else dress(getattr(part, name), getattr(other, name))
        for name in part.__struct_fields__
    }
    return replace(part, **changes)
