"""Small changes to definitions, as hypothesis strategies: what an author, or chance, may do to a file."""

import copy
from typing import Any

from hypothesis import strategies as st

JUNK: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2.0,
    2.5,
    10**12,
    "",
    " ",
    "x",
    "last",
    "aangifte",
    "opstellen",
    "period.kind == 'year'",
    "2026-02-30",
    "2026-02-28",
    "accountant",
    "primary_contact",
    [],
    {},
    [None],
    ["x", "x"],
    [{}],
    [[]],
    {"x": 1},
    {"function": "directeur"},
    {"role": "accountant"},
    {"after": "period.end", "days": 1},
    {"title": "x", "if": "x"},
]


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of every value in plain data, the top aside."""
    known = []
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        known.append((*here, key))
        known += paths(value, (*here, key))
    return known


@st.composite
def mutate(draw: st.DrawFn, data: Any, most: int = 4) -> Any:
    """Draw the data with a few values replaced, taken away, doubled, or put under another key."""
    data = copy.deepcopy(data)
    for _ in range(draw(st.integers(1, most))):
        known = paths(data)
        if not known:
            return data
        *way, key = draw(st.sampled_from(known))
        holder = data
        for part in way:
            holder = holder[part]
        action = draw(st.sampled_from(["replace", "replace", "remove", "rename", "double", "move"]))
        _change(draw, data, holder, key, action)
    return data


def _change(draw: st.DrawFn, data: Any, holder: Any, key: Any, action: str) -> None:
    if action == "replace":
        holder[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))
    elif action == "remove":
        del holder[key]
    elif action == "rename" and isinstance(holder, dict):
        holder[draw(st.sampled_from([f"{key}x", "id", "title", "from", "if", "x"]))] = holder.pop(key)
    elif action == "double" and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[key]))
    elif action == "move":
        way = draw(st.sampled_from(paths(data)))
        value: Any = data
        for part in way:
            value = value[part]
        holder[key] = copy.deepcopy(value)
