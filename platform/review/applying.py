"""Some of the differences between two plans carried out alone: the plan that has these and no others.

The plans of a proof have the same ids: what got another id is under its new one on both sides.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..data import Struct, replace
from ..plan import DateRule, Name, Plan, To
from .comparing import Difference, Item, Step
from .matching import name_item
from .references import ANCHORS, NAMED, Renamed, rename


def take_new_ids(plan: Plan, renamed: Renamed) -> Plan:
    """Return a plan in which what got another id has that, with all that names it."""
    plan = rename(plan, renamed)
    changes: dict[str, Any] = {}
    for name, ids in renamed.items():
        if name == "fields":
            changes["forms"] = tuple(
                replace(form, fields=_name_items(form.fields, ids))
                for form in changes.get("forms", plan.forms)
            )
        else:
            changes[name] = _name_items(changes.get(name, getattr(plan, name)), ids)
    return replace(plan, **changes)


def _name_items(items: tuple[Any, ...], ids: Mapping[str, str]) -> tuple[Any, ...]:
    return tuple(replace(one, id=ids.get(one.id, one.id)) for one in items)


def apply(plan: Plan, after: Plan, differences: Iterable[Difference]) -> Plan:
    """Return a plan with these of the differences from it to another carried out, and no others."""
    for one in differences:
        plan = _put(plan, after, one.path, one)
    return plan


def _put(part: Any, after: Any, path: tuple[Step, ...], one: Difference) -> Any:
    """Return a part in which the value at a path is as it is after."""
    field, rest = path[0], path[1:]
    assert isinstance(field, str)
    old, new = getattr(part, field), getattr(after, field)
    if not rest:
        return replace(part, **{field: _order(old, new) if one.kind == "moved" else new})
    if isinstance(rest[0], str):
        if type(old) is not type(new):
            return replace(part, **{field: new})
        return replace(part, **{field: _put(old, new, rest, one)})
    return replace(part, **{field: _put_item(old, new, rest[0], rest[1:], one)})


def _put_item(old: Any, new: Any, item: Item, rest: tuple[Step, ...], one: Difference) -> Any:
    """Return a list with one of its items as it is after; the whole list where the item has no name."""
    if isinstance(old, dict):
        kept = {key: value for key, value in old.items() if key != item.before}
        return kept | ({item.after: new[item.after]} if item.after in new else {})
    names = [name_item(old, place) for place in range(len(old))]
    later = [name_item(new, place) for place in range(len(new))]
    if not all(hasattr(each, "id") for each in (*old, *new)):
        return new
    if item.after is None:
        return tuple(each for each, name in zip(old, names, strict=True) if name != item.before)
    there = new[later.index(item.after)]
    if not rest:
        if item.after in names:
            return tuple(there if name == item.after else each for each, name in zip(old, names, strict=True))
        before = [name for name in later[: later.index(item.after)] if name in names]
        place = names.index(before[-1]) + 1 if before else 0
        return (*old[:place], there, *old[place:])
    if item.after not in names:
        return old
    here = old[names.index(item.after)]
    changed = _put(here, there, rest, one)
    return tuple(changed if name == item.after else each for each, name in zip(old, names, strict=True))


def _order(old: tuple[Any, ...], new: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return the items of a list in the order that those which stay have after."""
    places = {name_item(new, place): place for place in range(len(new))}
    names = [name_item(old, place) for place in range(len(old))]
    staying = sorted((n for n in range(len(old)) if names[n] in places), key=lambda n: places[names[n]])
    chosen = iter(staying)
    return tuple(old[next(chosen)] if names[n] in places else old[n] for n in range(len(old)))


def stands(plan: Plan) -> bool:
    """Say whether all that a plan names is in it, and whether what comes later lies after what it names."""
    lists = {
        name: {one.id for one in getattr(plan, name)}
        for name in ("phases", "documents", "deadlines", "facts", "roles", "messages", "forms", "ends")
    }
    places = {phase.id: place for place, phase in enumerate(plan.phases)}
    known = all(item in lists[kind] for kind, item in _list_named(plan) if kind in lists)
    back = all(p.back_to is None or places.get(p.back_to, -1) < places[p.id] for p in plan.phases)
    on = all(o.then is None or places.get(o.then, -1) > places[p.id] for p in plan.phases for o in p.outcomes)
    return known and back and on and bool(plan.phases)


def _list_named(part: Any) -> Iterator[tuple[str, str]]:
    """Yield what a part of a plan names: the list, and the id."""
    if isinstance(part, tuple):
        for item in part:
            yield from _list_named(item)
    if not isinstance(part, Struct):
        return
    if isinstance(part, DateRule):
        group, _, item = part.anchor.partition(".")
        if group in ANCHORS:
            yield ANCHORS[group], item
    elif isinstance(part, Name) and part.path[0] == "facts":
        yield "facts", part.path[1]
    elif isinstance(part, To) and part.kind == "role" and part.name:
        yield "roles", part.name
    for name in part.__struct_fields__:
        value, kind = getattr(part, name), NAMED.get((type(part), name))
        if kind is None or name == "group":
            yield from _list_named(value)
        else:
            items = value if isinstance(value, tuple) else (value,)
            yield from ((kind, item) for item in items if isinstance(item, str))
