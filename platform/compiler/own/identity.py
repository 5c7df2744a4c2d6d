"""What makes parts of definitions the same: the key of an entry, the id of an item, values and comments."""

from collections.abc import Hashable, Sequence

from ..format.formatting import is_same
from ..format.parts import Part
from ..language.dates import DateRule, DueChoice
from ..language.phases import GiveUp

_DATES = (DateRule, DueChoice, GiveUp)

_NAMES = ("id", "const", "year", "from", "notice")
"""The keys by which items of lists are known, in this order."""


def identify(part: Part) -> Hashable | None:
    """Return what an entry or item is known by in what it is in, or None when it has nothing of the kind."""
    if part.key is not None:
        return part.key
    value = part.node.value
    if isinstance(value, list):
        return None
    if not isinstance(value, dict):
        return "value", type(value).__name__, value
    for name in _NAMES:
        if name in value and isinstance(value[name].value, str | int):
            return name, value[name].value
    together = part.parts[0] if "together" in value else None
    inner = identify(together.parts[0]) if together is not None and together.parts else None
    return None if inner is None else ("together", inner)


def name_part(part: Part) -> str:
    """Return how people find a part in what it is in: its key, its id, or its place."""
    known = identify(part)
    if isinstance(known, str):
        return known
    if isinstance(known, tuple):
        return f"{known[1][1]}" if known[0] == "together" else f"{known[-1]}"
    assert part.parent is not None
    return f"[{part.parent.parts.index(part) + 1}]"


def index_parts(part: Part | None) -> dict[Hashable, Part] | None:
    """Return the parts of a mapping or list by what they are known by, or None when two are known alike."""
    parts = part.parts if part is not None else []
    known = {name: one for one in parts if (name := identify(one)) is not None}
    return known if len(known) == len(parts) else None


def has_same_values(one: Part, other: Part) -> bool:
    """Say whether two parts have the same values, in the same order where that has a meaning."""
    return is_same(one.node, other.node) and _list_order(one) == _list_order(other)


def is_unchanged(one: Part, other: Part) -> bool:
    """Say whether two parts have the same values and the same comments."""
    return has_same_values(one, other) and _list_comments(one) == _list_comments(other)


def is_one_value(part: Part) -> bool:
    """Say whether a part is changed as a whole: half of one date and half of another make none."""
    return not isinstance(part.node.value, dict | list) or part.model in _DATES


def list_own_comments(part: Part) -> tuple[Sequence[str], str | None, Sequence[str], Sequence[str]]:
    """Return the comments of a part itself, without empty lines."""
    kept = ([line for line in lines if line] for lines in (part.above, part.below, part.end))
    above, below, end = kept
    return above, part.beside, below, end


def _list_order(part: Part) -> list[str]:
    """Return the keys of the mappings in it whose order is the author's."""
    own = [str(one.key) for one in part.parts] if isinstance(part.node.value, dict) and not part.model else []
    return own + [key for below in sorted(part.parts, key=_by_key) for key in _list_order(below)]


def _list_comments(part: Part) -> list[object]:
    parts = sorted(part.parts, key=_by_key)
    return [list_own_comments(part), *(_list_comments(below) for below in parts)]


def _by_key(part: Part) -> str:
    return part.key or ""
