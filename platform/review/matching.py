"""Which item of a list before is which item after: by id, and by likeness where an id is gone.

The pairs of a list and those of the lists swapped are the same pairs.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from ..data import Struct, canonical
from ..plan import (
    DayAwaited,
    DueChoice,
    EntryPoint,
    FilingAwaited,
    NoticeAwaited,
    Phase,
    Role,
    TaxAccount,
    VatRates,
)
from ..plan_parts import VALUES

LIKE = 0.6
"""So much of what two items with one title say has to be the same for one to be the other under a new id."""
VERY_LIKE = 0.8
"""So much where the title differs too, of at least so many things said:"""
MANY = 6


class Pair(NamedTuple):
    """An item before and the same after, by their places; None where there is none."""

    before: int | None
    after: int | None


def match_items(before: Sequence[Any], after: Sequence[Any]) -> list[Pair]:
    """Return the pairs of two lists of structs, in the order of the later list, then what was removed."""
    known = {key: place for place, key in enumerate(list_keys(before))}
    pairs: dict[int, int] = {}
    for place, key in enumerate(list_keys(after)):
        if key in known:
            pairs[place] = known.pop(key)
    for pair_rest in (_pair_declared, _pair_alike):
        taken = set(pairs.values())
        old = [place for place in sorted(known.values()) if place not in taken]
        new = [place for place in range(len(after)) if place not in pairs]
        pairs |= {there: here for here, there in pair_rest(before, after, old, new)}
    paired = [Pair(pairs.get(place), place) for place in range(len(after))]
    taken = set(pairs.values())
    return paired + [Pair(place, None) for place in range(len(before)) if place not in taken]


def _pair_declared(
    before: Sequence[Any], after: Sequence[Any], old: Sequence[int], new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield pairs of places of phases where the definitions say that one was the other and no third."""
    said = [(i, j) for i in old for j in new if _is_declared(before[i], after[j])]
    for i, j in said:
        if [one for one in said if i == one[0] or j == one[1]] == [(i, j)]:
            yield i, j


def _is_declared(one: Any, other: Any) -> bool:
    return isinstance(one, Phase) and isinstance(other, Phase) and one.is_same_work(other)


def _pair_alike(
    before: Sequence[Any], after: Sequence[Any], old: Sequence[int], new: Sequence[int]
) -> Iterator[tuple[int, int]]:
    """Yield pairs of places that are alike, the most alike first; of equals those that come first."""
    scored = [(measure_likeness(before[i], after[j]), i, j) for i in old for j in new]
    scored = [one for one in scored if one[0]]
    used_old: set[int] = set()
    used_new: set[int] = set()
    for _, i, j in sorted(scored, key=lambda one: (-one[0], one[1] + one[2])):
        if i not in used_old and j not in used_new:
            used_old.add(i)
            used_new.add(j)
            yield i, j


def measure_likeness(one: Struct, other: Struct) -> float:
    """Return from 0 to 1 how much of what either says the other says too, their ids aside.

    0 where that is too little for one to be the other. Two roles are two, as relations and colleagues have
    them by id: who has the one does not have the other. Two mandatory checkpoints with titles of their own
    are two checkpoints, however much else they have in common.
    """
    if type(one) is not type(other) or isinstance(one, Role):
        return 0.0
    if isinstance(one, DueChoice) and isinstance(other, DueChoice):
        return float(one.rule == other.rule)  # the same last day, for others
    mine, theirs = dict(_list_said(one)), dict(_list_said(other))
    said = mine.keys() | theirs.keys()
    same = sum(1 for path in said if mine.get(path) == theirs.get(path))
    likeness = same / len(said) if said else 1.0
    alike = likeness >= LIKE
    if getattr(one, "title", None) != getattr(other, "title", None):
        alike = likeness >= VERY_LIKE and len(said) >= MANY
    return likeness if alike else 0.0


def _list_said(part: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield the leaves of a part other than defaults, by path, without the id of the part itself."""
    if isinstance(part, VALUES):
        yield path, part
    elif isinstance(part, Struct):
        if path:
            yield (*path, "kind"), type(part)
        defaults = dict(zip(part.__struct_fields__[::-1], part.__struct_defaults__[::-1], strict=False))
        for name in part.__struct_fields__:
            value = getattr(part, name)
            is_default = name in defaults and defaults[name] == value
            if not is_default and not (name == "id" and not path):
                yield from _list_said(value, (*path, name))
    elif isinstance(part, tuple) and part and isinstance(part[0], Struct):
        for key, item in zip(list_keys(part), part, strict=True):
            yield from _list_said(item, (*path, key))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from _list_said(item, (*path, key))
    else:
        yield path, part


def list_keys(items: Sequence[Any]) -> list[tuple[object, int]]:
    """Return what each item of a list is known by; of those that are known by the same, by their number."""
    seen: dict[object, int] = {}
    keys = []
    for item in items:
        key = key_of(item)
        seen[key] = seen.get(key, 0) + 1
        keys.append((key, seen[key]))
    return keys


def key_of(item: Any) -> object:
    """Return what an item is known by: its id, or what stands for it."""
    match item:
        case DueChoice():
            return canonical(item.condition)
        case EntryPoint():
            return f"{item.report} {item.year}"
        case TaxAccount() | VatRates():
            return item.since.isoformat()
        case NoticeAwaited():
            return f"notice {item.notice}"
        case FilingAwaited():
            return f"filing {item.template}"
        case DayAwaited():
            return "day"
        case _:
            return item.id


def name_item(items: Sequence[Any], place: int | None) -> str | None:
    """Return how a path names an item: its id or key; of what has neither its number, from 1."""
    if place is None:
        return None
    item = items[place]
    if isinstance(item, DueChoice):
        return str(place + 1)
    key, number = list_keys(items)[place]
    return f"{key}" if number == 1 else f"{key} {number}"
