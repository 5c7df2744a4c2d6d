"""Two plans, or two offices, as the list of what differs between them; nothing of what it means.

Items are compared with the item of their own id. An item whose id is new and that says what another said
which is gone, is that one under another name. Each difference is told once, at the outermost place where it
is one: an item that was added is one difference, whatever it holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from ..data import Struct, replace
from ..plan import Form, Office, Plan
from ..plan_parts import VALUES
from .matching import Pair, match_items, name_item
from .references import Renamed, rename

Kind = Literal["changed", "added", "removed", "renamed", "moved"]

UNORDERED = frozenset(
    {
        (Plan, "roles"),
        (Plan, "messages"),
        (Plan, "forms"),
        (Office, "roles"),
        (Office, "products"),
        (Office, "entry_points"),
        (Office, "tax_accounts"),
        (Office, "vat_rates"),
    }
)
"""Lists whose order the compiler makes, and that nothing reads by their order."""


class Item(NamedTuple):
    """A step of a path to an item of a list, by what the item is known by on each side."""

    before: str | None
    after: str | None


Step = str | Item


class Two(NamedTuple):
    """The same struct before and after."""

    before: Any
    after: Any


@dataclass(frozen=True)
class Difference:
    """One thing that differs.

    `owner` and `field` say which part of a plan it is of. For an item of a list, `field` is that of the list;
    `before` and `after` are the item, or None. `moved` has the ids in their order on each side; `renamed` the
    two items. `chain` has the structs around it, from the outermost to the owner; `meant` is `before` with
    the ids that renamed items have after.
    """

    path: tuple[Step, ...]
    kind: Kind
    before: Any
    after: Any
    chain: tuple[Two, ...]
    owner: type[Struct]
    field: str
    meant: Any = None

    @property
    def place(self) -> str:
        """Return where it is, by the ids of after, and of before for what was removed."""
        return _write_path(self.path, later=True)

    @property
    def place_before(self) -> str:
        """Return where it was, by the ids of before, and of after for what was added."""
        return _write_path(self.path, later=False)


def _write_path(path: tuple[Step, ...], *, later: bool) -> str:
    words = []
    for step in path:
        if isinstance(step, str):
            words.append(step)
        else:
            words.append((step.after or step.before if later else step.before or step.after) or "")
    return ".".join(words)


def compare(before: Struct, after: Struct) -> list[Difference]:
    """Return what differs between two structs of one type, in the order of their fields."""
    renamed = find_renamed(before, after) if isinstance(before, Plan | Office) else {}
    meant = rename(before, renamed)
    if isinstance(meant, Plan) and isinstance(after, Plan):
        meant = _rename_groups(meant, after)
    return list(_Walk(renamed).walk_struct(Two(before, after), meant, (), ()))


def _rename_groups(before: Plan, after: Plan) -> Plan:
    """Return a plan in which phases that run side by side have the name that the same have after.

    A group has the name of the phase that is written first in it.
    """
    names = {frozenset(members): members[0] for members in _list_groups(after)}
    given = {
        members[0]: names[frozenset(members)]
        for members in _list_groups(before)
        if frozenset(members) in names
    }
    phases = (replace(one, group=given[one.group]) if one.group in given else one for one in before.phases)
    return replace(before, phases=tuple(phases))


def _list_groups(plan: Plan) -> Iterator[list[str]]:
    """Yield the ids of phases that run side by side, where these have the name of the first."""
    grouped: dict[str, list[str]] = {}
    for one in plan.phases:
        if one.group is not None:
            grouped.setdefault(one.group, []).append(one.id)
    yield from (members for group, members in grouped.items() if group == members[0])


def find_renamed(before: Any, after: Any) -> Renamed:
    """Return the new ids of what got one, by list."""
    lists = {
        name: (getattr(before, name), getattr(after, name))
        for name in before.__struct_fields__
        if isinstance(getattr(before, name), tuple)
    }
    found = {
        name: {
            old[pair.before].id: new[pair.after].id
            for pair in match_items(old, new)
            if _is_new(pair, old, new)
        }
        for name, (old, new) in lists.items()
        if all(hasattr(item, "id") for item in (*old, *new))
    }
    if isinstance(before, Plan):
        found["fields"] = {
            old: new for one, other in _pair_forms(before, after) for old, new in _pair_fields(one, other)
        }
    return found


def _is_new(pair: Pair, old: Any, new: Any) -> bool:
    return pair.before is not None and pair.after is not None and old[pair.before].id != new[pair.after].id


def _pair_forms(before: Plan, after: Plan) -> Iterator[tuple[Form, Form]]:
    for pair in match_items(before.forms, after.forms):
        if pair.before is not None and pair.after is not None:
            yield before.forms[pair.before], after.forms[pair.after]


def _pair_fields(before: Form, after: Form) -> Iterator[tuple[str, str]]:
    for pair in match_items(before.fields, after.fields):
        if _is_new(pair, before.fields, after.fields):
            assert pair.before is not None
            assert pair.after is not None
            yield before.fields[pair.before].id, after.fields[pair.after].id


class _Walk:
    """Goes through three trees at once: before, the same with the ids of after, and after."""

    def __init__(self, renamed: Renamed) -> None:
        self._renamed = renamed

    def walk_struct(
        self, two: Two, meant: Any, path: tuple[Step, ...], chain: tuple[Two, ...]
    ) -> Iterator[Difference]:
        inside = (*chain, two)
        for field in type(two.after).__struct_fields__:
            old, said, new = (getattr(one, field) for one in (two.before, meant, two.after))
            if field == "id" and path:
                continue
            yield from self._walk_value(Two(old, new), said, (*path, field), inside, field)

    def _walk_value(
        self, two: Two, meant: Any, path: tuple[Step, ...], chain: tuple[Two, ...], field: str
    ) -> Iterator[Difference]:
        if meant == two.after:
            return
        one_type = type(meant) is type(two.after)
        if one_type and isinstance(meant, Struct) and not isinstance(meant, VALUES):
            yield from self.walk_struct(two, meant, path, chain)
        elif one_type and isinstance(meant, tuple) and _holds_structs(meant, two.after):
            yield from self._walk_items(two, meant, path, chain, field)
        elif one_type and isinstance(meant, dict):
            yield from self._walk_entries(two, meant, path, chain, field)
        else:
            yield _make(path, chain, field, two, meant=meant)

    def _walk_entries(
        self, two: Two, meant: Any, path: tuple[Step, ...], chain: tuple[Two, ...], field: str
    ) -> Iterator[Difference]:
        for key in dict.fromkeys((*two.after, *two.before)):
            old, new = two.before.get(key), two.after.get(key)
            inside = (*path, Item(key if old is not None else None, key if new is not None else None))
            if old is None or new is None:
                yield _make(inside, chain, field, Two(old, new))
            else:
                yield from self._walk_value(Two(old, new), meant[key], inside, chain, field)

    def _walk_items(
        self, two: Two, meant: Any, path: tuple[Step, ...], chain: tuple[Two, ...], field: str
    ) -> Iterator[Difference]:
        pairs = match_items(meant, two.after)
        for pair in pairs:
            step = Item(name_item(two.before, pair.before), name_item(two.after, pair.after))
            inside = (*path, step)
            old = None if pair.before is None else two.before[pair.before]
            new = None if pair.after is None else two.after[pair.after]
            if pair.before is None or pair.after is None:
                yield _make(inside, chain, field, Two(old, new))
                continue
            if getattr(old, "id", None) != getattr(new, "id", None):
                yield _make(inside, chain, field, Two(old, new), "renamed")
            if type(old) is type(new):
                yield from self.walk_struct(Two(old, new), meant[pair.before], inside, chain)
        kept = [pair for pair in pairs if pair.before is not None and pair.after is not None]
        in_order = sorted(kept, key=lambda pair: pair.before or 0)
        if in_order != kept and (type(chain[-1].after), field) not in UNORDERED:
            was = tuple(name_item(two.before, pair.before) for pair in in_order)
            meant_now = tuple(name_item(two.after, pair.after) for pair in in_order)
            now = tuple(name_item(two.after, pair.after) for pair in kept)
            yield _make(path, chain, field, Two(was, now), "moved", meant_now)


def _holds_structs(before: tuple[Any, ...], after: tuple[Any, ...]) -> bool:
    return all(isinstance(item, Struct) for item in (*before, *after))


def _make(
    path: tuple[Step, ...],
    chain: tuple[Two, ...],
    field: str,
    two: Two,
    kind: Kind | None = None,
    meant: Any = None,
) -> Difference:
    if kind is None:
        kind = "added" if two.before is None else "removed" if two.after is None else "changed"
    return Difference(path, kind, two.before, two.after, chain, type(chain[-1].after), field, meant)
