"""Which parts of a plan name another by its id, and a plan with other ids in it.

A phase that got another id is named in dates, conditions and other phases: what follows from its new name
changes nothing of those.
"""

from collections.abc import Mapping
from typing import Any

from ..data import Struct
from ..plan import (
    Chat,
    DateRule,
    Deliver,
    Document,
    Escalate,
    FactDefinition,
    GiveUp,
    LeaveNote,
    Name,
    NoticeAwaited,
    Offer,
    Outcome,
    Phase,
    Plan,
    Remind,
    Request,
    Role,
    SendMessage,
)

NAMED: dict[tuple[type, str], str] = {
    (Plan, "products"): "products",
    (FactDefinition, "set_in"): "phases",
    (SendMessage, "message"): "messages",
    (LeaveNote, "message"): "messages",
    (Remind, "message"): "messages",
    (Escalate, "message"): "messages",
    (Escalate, "role"): "roles",
    (GiveUp, "then"): "phases",
    (GiveUp, "end"): "ends",
    (Request, "form"): "forms",
    (Request, "message"): "messages",
    (NoticeAwaited, "fact"): "facts",
    (Offer, "documents"): "documents",
    (Offer, "on_behalf_of"): "roles",
    (Offer, "message"): "messages",
    (Offer, "may_end"): "ends",
    (Deliver, "document"): "documents",
    (Deliver, "deadline"): "deadlines",
    (Deliver, "on_behalf_of"): "roles",
    (Outcome, "then"): "phases",
    (Outcome, "end"): "ends",
    (Phase, "role"): "roles",
    (Phase, "group"): "phases",
    (Phase, "reviews"): "documents",
    (Phase, "signs"): "documents",
    (Phase, "four_eyes"): "phases",
    (Phase, "four_eyes_exception"): "roles",
    (Phase, "back_to"): "phases",
    (Document, "made_in"): "phases",
    (Document, "source"): "documents",
    (Role, "fallback"): "roles",
    (Chat, "after_closing"): "roles",
    (Chat, "to_client"): "messages",
    (Chat, "to_colleague"): "messages",
}
"""By struct and field: the list of the plan in which the id is found that it holds."""

ANCHORS = {"deadlines": "deadlines", "facts": "facts", "phases": "phases", "targets": "phases"}
_VALUES = {"facts": "facts", "answers": "fields"}

Renamed = Mapping[str, Mapping[str, str]]
"""By list of the plan: the new id of each item that got one, by the old one."""


def rename(part: Any, renamed: Renamed) -> Any:
    """Return a part of a plan in which what names a renamed item names it by its new id."""
    if not any(renamed.values()):
        return part
    if isinstance(part, tuple):
        return tuple(rename(item, renamed) for item in part)
    if isinstance(part, dict):
        return {key: rename(item, renamed) for key, item in part.items()}
    if not isinstance(part, Struct):
        return part
    fields = {name: _rename_field(part, name, renamed) for name in part.__struct_fields__}
    return type(part)(**fields)


def _rename_field(part: Struct, name: str, renamed: Renamed) -> Any:
    value = getattr(part, name)
    known: Mapping[str, str] = {}
    if (type(part), name) in NAMED:
        known = renamed.get(NAMED[type(part), name], {})
    elif isinstance(part, DateRule) and name == "anchor":
        group, _, item = value.partition(".")
        new = renamed.get(ANCHORS.get(group, ""), {}).get(item, item)
        return f"{group}.{new}" if item else value
    elif isinstance(part, Name) and name == "path" and len(value) > 1:
        group, item, *rest = value
        return (group, renamed.get(_VALUES.get(group, ""), {}).get(item, item), *rest)
    if isinstance(value, str):
        return known.get(value, value)
    if isinstance(value, tuple) and value and isinstance(value[0], str):
        return tuple(known.get(item, item) for item in value)
    return rename(value, renamed)
