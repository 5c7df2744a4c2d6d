"""What a scenario says, whatever its layout and comments, and how much it tries."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from ..compiler.nodes import Node
from ..compiler.source import read_bytes
from .aligning import align
from .saying import count, join, quote

_MOST = 4
"""So many of the places where a scenario says otherwise are told, and so many lines of each."""


def read(text: str) -> Any:
    """Return what a scenario says as data, in one order of keys; None where it cannot be read as YAML."""
    reading = read_bytes(text.encode(), "")
    return _to_data(reading.node) if reading.node is not None else None


def expects_as_much(before: Any, after: Any) -> bool:
    """Say whether a scenario still tries as much: steps, acts, and of each kind what is expected.

    What is expected may be something else. One that cannot be read tries nothing.
    """
    return after is not None and _count(before) <= _count(after)


def say_otherwise(before: Any, after: Any) -> str:
    """Return what a scenario no longer says and what it says instead, in the order of its steps."""
    old, new = list(_list_lines(before)), list(_list_lines(after))
    said = []
    for is_same, a, b, c, d in align(old, new):
        if not is_same:
            goes, comes = _quote_some(old[a:b]), _quote_some(new[c:d])
            said.append(f"{comes} instead of {goes}" if goes and comes else comes or f"no longer {goes}")
    more = [f"{count(len(said) - _MOST, 'place')} more"] if len(said) > _MOST else []
    return "; ".join((*said[:_MOST], *more))


def _quote_some(lines: list[str]) -> str:
    more = [f"{count(len(lines) - _MOST, 'line')} more"] if len(lines) > _MOST else []
    return join((*map(quote, lines[:_MOST]), *more))


def _list_lines(said: Any, of: str = "") -> Iterator[str]:
    """Yield a line for each value, act and key of what is expected, each with the keys around it."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from _list_lines(value, f"{of} {key}".removeprefix("steps ").strip())
    elif isinstance(said, list):
        for value in said:
            yield from _list_lines(value, of)
    elif said is not None:
        yield f"{of}: {said}" if of else f"{said}"


def _to_data(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _to_data(value) for key, value in sorted(node.value.items())}
    if isinstance(node.value, list):
        return [_to_data(value) for value in node.value]
    return node.value


def _count(said: Any) -> Counter[str]:
    steps = said.get("steps") if isinstance(said, dict) else None
    return Counter(_list_tried(steps if isinstance(steps, list) else []))


def _list_tried(steps: list[Any]) -> Iterator[str]:
    """Yield a word for each step, each act, and each key of what is expected."""
    for step in steps:
        yield "step"
        for part in ("do", "expect"):
            listed = step.get(part) if isinstance(step, dict) else None
            for one in listed if isinstance(listed, list) else ():
                yield part
                if part == "expect" and isinstance(one, dict):
                    yield from (f"expect {key}" for key in one if key != "ever")
