"""Random edits of plans: any field of any struct gets another value, and items come, go and change places."""

from collections.abc import Iterator
from datetime import date
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from kantoor.data import Struct, replace
from kantoor.plan import DateRule, Expression, LiteralValue, Name, Plan, To
from kantoor.review.comparing import UNORDERED
from kantoor.review.rules.table import DERIVED

Path = tuple[str | int, ...]

WHOLE = (DateRule, To, *get_args(Expression))
"""Structs that are one value."""

TEXTS = st.text("abcdefgh ", min_size=1, max_size=8).filter(str.strip)
IDS = st.text("abcdefgh", min_size=12, max_size=12)


def list_places(part: Any, path: Path = ()) -> Iterator[tuple[Path, type, str]]:
    """Yield every field of every struct of a plan, with the struct's type."""
    if isinstance(part, tuple):
        for number, item in enumerate(part):
            yield from list_places(item, (*path, number))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from list_places(item, (*path, key))
    elif isinstance(part, Struct) and not isinstance(part, WHOLE):
        for field in part.__struct_fields__:
            if (type(part), field) not in DERIVED or field in (
                "when_closed",
                "office",
                "text",
                "closing_days",
            ):
                yield (*path, field), type(part), field
                yield from list_places(getattr(part, field), (*path, field))


def get(part: Any, path: Path) -> Any:
    for step in path:
        part = getattr(part, step) if isinstance(part, Struct) else part[step]
    return part


def put(part: Any, path: Path, value: Any) -> Any:
    """Return a part with another value at a path."""
    if not path:
        return value
    step, *rest = path
    inside = put(get(part, (step,)), tuple(rest), value)
    if isinstance(part, Struct):
        return replace(part, **{str(step): inside})
    if isinstance(part, dict):
        return {**part, step: inside}
    assert isinstance(step, int)
    return (*part[:step], inside, *part[step + 1 :])


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Return values of a type, as a plan can hold them."""
    origin, inside = get_origin(kind), get_args(kind)
    if kind in WHOLE or kind == Expression:
        return st.deferred(lambda: WHOLE_VALUES[kind if kind in (DateRule, To) else Expression])
    if origin in (Union, UnionType):
        return st.one_of([values(one) for one in inside])
    if origin is Literal:
        return st.sampled_from(inside)
    if origin is tuple:
        return st.lists(values(inside[0]), max_size=2, unique_by=_key).map(tuple)
    if origin is dict:
        return st.dictionaries(st.sampled_from(("nl", "en")), values(inside[1]), min_size=1)
    if kind is type(None):
        return st.none()
    if kind is bool:
        return st.booleans()
    if kind is int:
        return st.integers(1, 40)
    if kind is date:
        return st.dates(date(2020, 1, 1), date(2030, 1, 1))
    if kind is str:
        return TEXTS
    hints = get_type_hints(kind)
    fields = {name: values(hints[name]) if name != "id" else IDS for name in kind.__struct_fields__}
    return st.fixed_dictionaries(fields).map(lambda made: kind(**made))


def _key(item: Any) -> Any:
    return getattr(item, "id", None) or repr(item)


WHOLE_VALUES: dict[Any, st.SearchStrategy[Any]] = {
    DateRule: st.builds(
        DateRule,
        anchor=st.sampled_from(("period.start", "period.end", "filing.start")),
        days=st.integers(-20, 20),
        workdays=st.integers(-9, 9),
        months=st.integers(0, 3),
    ),
    To: st.builds(To, kind=st.sampled_from(("function", "role")), name=IDS),
    Expression: st.one_of(
        st.builds(Name, path=st.tuples(st.just("product"), IDS)),
        st.builds(LiteralValue, value=st.booleans()),
    ),
}


@st.composite
def edits(draw: st.DrawFn, plan: Any) -> Any:
    """Return the plan with one random edit, which may leave a value as it is by chance."""
    places = [one for one in list_places(plan) if one[2] != "id"]
    path, owner, field = draw(st.sampled_from(places))
    value, hint = get(plan, path), get_type_hints(owner)[field]
    if isinstance(value, tuple) and get_origin(hint) is tuple and draw(st.booleans()):
        return put(plan, path, draw(changed_lists(value, get_args(hint)[0], owner, field)))
    return put(plan, path, draw(values(hint)))


@st.composite
def changed_lists(draw: st.DrawFn, items: tuple[Any, ...], kind: Any, owner: type, field: str) -> Any:
    """Return a list with an item less, an item more, or others first; no item is in it twice."""
    ways = ["more", *(["less"] if items else []), *(["order"] if (owner, field) not in UNORDERED else [])]
    match draw(st.sampled_from(ways)):
        case "less":
            gone = draw(st.integers(0, len(items) - 1))
            return (*items[:gone], *items[gone + 1 :])
        case "order":
            return tuple(draw(st.permutations(items)))
    known = set(map(_key, items))
    new = draw(values(kind).filter(lambda one: _key(one) not in known))
    place = draw(st.integers(0, len(items)))
    return (*items[:place], new, *items[place:])


def list_leaves(part: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Yield every value of a plan by its path, items by their ids; lists without ids are one value."""
    if isinstance(part, tuple) and part and all(hasattr(item, "id") for item in part):
        yield (*path, "[order]"), tuple(item.id for item in part)
        for item in part:
            yield from list_leaves(item, (*path, item.id))
    elif isinstance(part, dict):
        for key, item in part.items():
            yield from list_leaves(item, (*path, key))
    elif isinstance(part, Struct) and not isinstance(part, WHOLE):
        yield (*path, "[type]"), type(part)
        for field in part.__struct_fields__:
            value = getattr(part, field)
            if (type(part), field) in UNORDERED and not all(hasattr(item, "id") for item in value):
                value = tuple(sorted(value, key=repr))
            yield from list_leaves(value, (*path, field))
    else:
        yield path, part


def find_different(before: Plan, after: Plan) -> set[tuple[str, ...]]:
    """Return the paths of the values that differ, found in the plainest way."""
    old, new = dict(list_leaves(before)), dict(list_leaves(after))
    different = set()
    for path in old.keys() | new.keys():
        if (*path, "[order]") in old.keys() | new.keys():
            continue  # an empty list on one side, a list of items on the other
        if path[-1] == "[order]":
            mine, theirs = old.get(path, ()), new.get(path, ())
            both = set(mine) & set(theirs)
            if [one for one in mine if one in both] != [one for one in theirs if one in both]:
                different.add(path)
        elif path not in old or path not in new or old[path] != new[path]:
            different.add(path)
    return different
