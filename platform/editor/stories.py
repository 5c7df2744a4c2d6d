"""Stories: what each key of a scenario names in the template whose folder it lies in."""

from collections.abc import Iterator

from ..compiler.checks.scenarios import CLIENT
from ..compiler.nodes import Node

_ACTS = {
    "phase": ("finish", "complete", "release", "delivered", "retry", "phase"),
    "checkpoint": ("check", "uncheck"),
    "document": ("attach",),
    "fact": ("fact",),
    "automation": ("task",),
    "asked": ("answer", "accept", "send_back", "not_applicable"),
    "outcome": ("outcome",),
    "role": ("reassign",),
    "notice": ("notice",),
    "person": ("by", "approve", "sign", "contact", "person"),
}
_EXPECTED = {
    "phase": ("phase", "target", "begins"),
    "message": ("message",),
    "automation": ("task",),
    "item": ("item",),
    "fact": ("fact",),
    "deadline": ("deadline",),
    "template": ("started",),
    "role": ("work",),
    "end": ("ended",),
    "receiver": ("to",),
    "policy": ("policy",),
}
TOLD: dict[tuple[str, str], str] = {
    ("Step", "reach"): "phase",
    ("OfficeHabits", "leaves"): "phase",
    ("Scenario", "automations_off"): "automation",
    ("World", "unreachable"): "person",
}
"""What the values of a scenario's keys name. A notice has no definition."""
TOLD |= {("Do", key): kind for kind, keys in _ACTS.items() for key in keys}
TOLD |= {("Expect", key): kind for kind, keys in _EXPECTED.items() for key in keys}

ASKED = {"asked": ("automation", "item", "form")}
"""The kinds of what a client is asked."""

ACTORS: dict[str, tuple[str, ...]] = {"person": (), "receiver": ("template",)}
"""People, with what else may stand where they are named."""

MAPPED = {
    ("OfficeHabits", "takes"): "phase",
    ("OfficeHabits", "outcomes"): "phase",
    ("OfficeHabits", "facts"): "fact",
    ("Habits", "answers"): "form",
    ("World", "others"): "template",
    ("World", "notices"): "notice",
    ("World", "linked"): "link",
    ("RelationGiven", "fields"): "field",
    ("Habits", "answers.*"): "answer",
    ("Do", "values"): "answer",
}
"""What the keys of a mapping name."""

CHOSEN = {("OfficeHabits", "outcomes.*"): "outcome", ("OfficeHabits", "facts.*"): "option"}
"""What the values of a mapping name, each of the part that its key names."""


def list_mapped(where: tuple[str, str], mapping: Node) -> Iterator[tuple[str, str, Node | None, str]]:
    """Yield what a mapping names: its kind and id, the value that names it (None: its key), and its part."""
    kind = MAPPED.get(where)
    if kind is None or not isinstance(mapping.value, dict):
        return
    for name, node in mapping.value.items():
        yield kind, name, None, ""
        chosen = CHOSEN.get((where[0], f"{where[1]}.*"))
        if chosen and isinstance(node.value, str):
            yield chosen, node.value, node, name


def list_contacts(scenario: Node) -> set[str]:
    """Return what a scenario calls its contacts."""
    written = scenario.child("contacts")
    items = written.value if written and isinstance(written.value, list) else []
    ids = {node.value for item in items if (node := item.child("id")) and isinstance(node.value, str)}
    return ids or {CLIENT}
