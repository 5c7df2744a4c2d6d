"""Expressions of conditions, looked through: which variables they name, and how."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from ..data import replace
from ..plan import Compare, Expression, LiteralValue, Logic, Name
from ..reasoning import list_paths


def walk(part: Expression) -> Iterator[Expression]:
    """Yield an expression and every one in it."""
    yield part
    for field in part.__struct_fields__:
        below = getattr(part, field)
        for one in below if isinstance(below, tuple) else (below,):
            if hasattr(one, "__struct_fields__"):
                yield from walk(one)


def list_names(expression: Expression | None, group: str) -> list[str]:
    """Return the variables of a group that an expression names, each once."""
    paths = list_paths(expression) if expression else ()
    return [path.removeprefix(f"{group}.") for path in paths if path.startswith(f"{group}.")]


def list_unguarded(expression: Expression | None, group: str) -> list[str]:
    """Return the variables of a group that an expression names and does not compare with none."""
    names = list_names(expression, group)
    if expression is None or not names:
        return []
    compared = _list_compared(expression)
    return [name for name in names if Name(path=(group, name)) not in compared]


@lru_cache(maxsize=4096)
def _list_compared(expression: Expression) -> frozenset[Expression]:
    """Return what an expression compares with none."""
    return frozenset(
        side
        for part in walk(expression)
        if isinstance(part, Compare) and LiteralValue(value=None) in (part.left, part.right)
        for side in (part.left, part.right)
    )


def negate(expression: Expression) -> Expression:
    """Return the expression that holds where this one does not."""
    return Logic(by="not", of=(expression,))


@lru_cache(maxsize=4096)
def replace_name(expression: Expression, name: Name, other: Name) -> Expression:
    """Return the expression with another variable instead of one; itself where it does not name that."""
    if ".".join(name.path) not in list_paths(expression):
        return expression
    changed: Expression = _replace(expression, name, other)
    return changed


def _replace(part: Any, name: Name, other: Name) -> Any:
    if part == name:
        return other
    if isinstance(part, tuple):
        return tuple(_replace(one, name, other) for one in part)
    if not hasattr(part, "__struct_fields__"):
        return part
    return replace(part, **{key: _replace(getattr(part, key), name, other) for key in part.__struct_fields__})
